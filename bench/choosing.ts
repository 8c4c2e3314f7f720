/**
 * `npx tsx bench/choosing.ts`: what choosing costs, and taking changed files while serving, with 10,000 models, 1,000 routes and 500
 * prompt files. Choosing is the layers, the plan and its order, of one request, in one process. A pause is the longest time
 * in which the event loop did nothing else. `--check` ends with 1 where a bar is missed.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import type { WorkspaceId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/log.ts';
import type { PromptId } from '../src/base/prompt-id.ts';
import { loadConfig } from '../src/config.ts';
import type { Snapshot } from '../src/gateway/snapshot.ts';
import { choose } from '../src/route/precedence.ts';
import { orderCompiled } from '../src/route/strategies.ts';
import { openDefinitions } from '../src/server-agents.ts';
import { openBooks } from '../src/server-books.ts';
import { declareAll } from '../src/server-declared.ts';
import { type Live, openLive } from '../src/server-live.ts';
import { openPrices } from '../src/server-prices.ts';
import { openReload, type Reload } from '../src/server-reload.ts';
import type { Store } from '../src/store/store.ts';
import type { Transport } from '../src/upstream/transport.ts';
import { freshFolder } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '15' },
    check: { type: 'boolean', default: false },
  },
});

const MODELS = 10_000;
const PROVIDERS = 10;
const ROUTES = 1_000;
const PROMPTS = 500;
/** Of the registry: as many as a workspace may have. */
const AGENTS = 1_000;
const WORKSPACE = 'ws_bench' as WorkspaceId;
/** Of choices; a reload has its own number. */
/** Microseconds of one choice, and milliseconds of one reload. */
const ROUNDS = 10;
const BARS = { choiceP99: 20, reload: 100 } as const;

const model = (at: number) => `vendor-${at % 50}/model-${at}-instruct`;
const refOf = (at: number) => `house-${at % PROVIDERS}/${model(at)}`;
const STRATEGIES = ['ordered', 'weighted', 'cheapest', 'fastest', 'sticky'] as const;

function configText({ alias, withModels }: { alias: string; withModels: boolean }): string {
  const providers = Array.from({ length: PROVIDERS }, (_, provider) => {
    const own = Array.from({ length: MODELS / PROVIDERS }, (_, at) => model(at * PROVIDERS + provider));
    const models = withModels ? `\n    models:\n${own.map((id) => `      - ${id}`).join('\n')}` : '';
    return `  house-${provider}:\n    kind: openai-compatible\n    base_url: http://127.0.0.1:9/v1\n    api_key: k${models}`;
  });
  const routes = Array.from({ length: ROUTES }, (_, at) => {
    const members = Array.from({ length: 4 }, (_, step) => refOf((at * 7 + step * 13) % MODELS)).join(', ');
    return `  route-${at}:\n    strategy: ${STRATEGIES[at % STRATEGIES.length]}\n    models: [${members}]`;
  });
  return `providers:\n${providers.join('\n')}\nroutes:\n${routes.join('\n')}\naliases:\n  fast: ${alias}\n`;
}

function promptText(at: number, more: string): string {
  const rules = Array.from(
    { length: 60 },
    (_, line) => `- Rule ${line} of prompt ${at}: say what you do, then do it.`,
  );
  return `---\nname: prompt-${at}\nmodel: route-${at % ROUTES}\n---\nYou are number ${at} of many. ${more}\n${rules.join('\n')}\n`;
}

const nowhere: Transport = {
  send() {
    throw new Error('nothing is sent');
  },
  close: async () => undefined,
};

interface Bench {
  readonly live: Live;
  readonly reload: Reload;
  write(name: string, text: string): void;
  close(): Promise<void>;
}

async function open(name: string, withModels: boolean): Promise<Bench> {
  const home = freshFolder(name);
  const write = (file: string, text: string) => writeFileSync(join(home, file), text);
  mkdirSync(join(home, 'agents'), { recursive: true });
  write('config.yaml', configText({ alias: refOf(0), withModels }));
  for (let at = 0; at < PROMPTS; at += 1) write(`agents/prompt-${at}.md`, promptText(at, ''));
  const env = { TURNPIKE_HOME: home, HOME: home };
  const config = loadConfig({ flags: {}, env, cwd: home });
  const base = { config, clock: systemClock, log: silentLog };
  const books = await openBooks(config, silentLog, systemClock, 'bench');
  const { store } = books;
  await store.change(agentsOf(store));
  const catalogModels = Array.from({ length: withModels ? 0 : MODELS }, (_, at) => ({
    provider: 'openai',
    id: model(at),
    name: model(at),
    contextWindow: 128_000,
    capabilities: ['tools' as const],
    prices: [],
  }));
  const prices = openPrices({ ...base, store, extra: catalogModels, isServing: false });
  const definitions = openDefinitions(silentLog);
  const live = await openLive({
    ...{ store, prices, clock: systemClock, log: silentLog },
    files: { config, definitions: await definitions.load(config) },
    loadHeld: async () => ({ workspaces: new Map(), members: new Map(), isPreferred: false }),
    workspaceId: 'ws_1',
    transportOf: () => nowhere,
  });
  const context = { workspaceId: WORKSPACE, nowMs: Date.now(), log: silentLog };
  const reload = openReload({
    ...{ live, definitions, clock: systemClock, log: silentLog },
    isServing: false,
    declare: (next) => declareAll(next, store, context),
  });
  return {
    live,
    reload,
    write,
    async close() {
      await reload.stop();
      live.stop();
      prices.stop();
      await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Each prefers a model. */
function agentsOf({ kysely }: Store) {
  const base = { workspace_id: WORKSPACE, created_by: 'bench', created_at: 1 };
  const rows = Array.from({ length: AGENTS }, (_, at) => ({
    ...base,
    id: `agt_${at}` as const,
    name: `agent-${at}`,
    preferred_model: refOf(at),
  }));
  return [
    kysely.insertInto('workspaces').values({ id: WORKSPACE, name: 'bench', created_at: 1 }),
    kysely.insertInto('agents').values(rows),
  ];
}

/** What asks: an agent by its prompt, a route or a model by the request. */
interface Asked {
  readonly request: string | undefined;
  readonly prompt: PromptId | undefined;
}

const byAgent = (at: number): Asked => ({
  request: 'ignored',
  prompt: { kind: 'agent', name: `prompt-${at}` },
});
const byRegistry = (at: number): Asked => ({
  request: 'ignored',
  prompt: { kind: 'agent', name: `agent-${at}` },
});
const byName = (request: string): Asked => ({ request, prompt: undefined });
const range = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at));

const needs = { inputTokens: 20_000, outputTokens: 1_000, capabilities: ['tools' as const] };

function chooseOnce(snapshot: Snapshot, { request, prompt }: Asked, session: string): number {
  const chosen = choose(snapshot.rules, {
    workspaceId: WORKSPACE,
    explicit: undefined,
    pipeline: undefined,
    step: undefined,
    prompt,
    request,
    key: undefined,
  });
  if (!chosen.ok) throw new Error(`nothing was chosen for ${request}`);
  const plan = snapshot.plan(chosen.ref, chosen.rule.fallback);
  if (!plan.ok) throw new Error(`${chosen.ref} leads nowhere: ${plan.refusal.message}`);
  const { ordered } = orderCompiled(plan.order, {
    needs,
    session,
    random: Math.random,
    isWell: () => true,
    firstByteMs: (ref) => ref.length,
  });
  return ordered.length;
}

interface Figures {
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function figuresOf(values: ArrayLike<number>): Figures {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
}

/**
 * In microseconds, of the quickest of several rounds: what the other programs of the machine take is not the choice's.
 * @param requests of each round; undefined = each of `asked` once, in one round
 */
function timeChoices(snapshot: Snapshot, asked: readonly Asked[], requests?: number): Figures {
  const rounds = requests === undefined ? 1 : ROUNDS;
  const all = Array.from({ length: rounds }, () => {
    const times = new Float64Array(requests ?? asked.length);
    for (let n = 0; n < times.length; n += 1) {
      const one = asked[requests === undefined ? n : Math.floor(Math.random() * asked.length)]!;
      const session = `session-${n % 1_000}`;
      const begun = performance.now();
      chooseOnce(snapshot, one, session);
      times[n] = (performance.now() - begun) * 1_000;
    }
    return figuresOf(times);
  });
  const least = (of: (figures: Figures) => number) => Math.min(...all.map(of));
  return {
    min: least(({ min }) => min),
    p50: least(({ p50 }) => p50),
    p99: least(({ p99 }) => p99),
    max: least(({ max }) => max),
  };
}

/** The longest time between two turns of the event loop while `work` goes on, in milliseconds. */
async function withPause(work: () => Promise<unknown>) {
  let isOver = false;
  let pauseMs = 0;
  const ticking = new Promise<void>((done) => {
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      pauseMs = Math.max(pauseMs, now - last);
      last = now;
      if (isOver) done();
      else setTimeout(tick, 0);
    };
    tick();
  });
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  isOver = true;
  await ticking;
  return { ms, cpuMs: (user + system) / 1_000, pauseMs };
}

async function timeReloads(change: (round: number) => void, { reload }: Bench) {
  const rounds: { ms: number; cpuMs: number; pauseMs: number }[] = [];
  for (let round = 0; round < Number(options.rounds); round += 1) {
    change(round);
    rounds.push(await withPause(() => reload.reload()));
  }
  const of = (read: (round: (typeof rounds)[number]) => number) => figuresOf(rounds.map(read));
  return { ms: of(({ ms }) => ms), cpuMs: of(({ cpuMs }) => cpuMs), pauseMs: of(({ pauseMs }) => pauseMs) };
}

let isMissed = false;
const print = (name: string, ...figures: (readonly [string, number, number?])[]) => {
  const texts = figures.map(([label, value, bar]) => {
    const isOver = bar !== undefined && value > bar;
    if (isOver) isMissed = true;
    return `${label} ${value.toFixed(1)}${isOver ? ` (over ${bar})` : ''}`;
  });
  console.log(`${name.padEnd(58)} ${texts.join('  ')}`);
};

const requests = Number(options.requests);

function choices(name: string, live: Live): void {
  const usual = [
    ...range(PROMPTS, byAgent),
    ...range(ROUTES, (at) => byName(`route-${at}`)),
    ...range(500, (at) => byName(refOf(at))),
  ];
  const every = [...usual, ...range(MODELS, (at) => byName(refOf(at)))];
  console.log(`\n${name}: choosing, in microseconds`);
  const first = timeChoices(live.current(), every);
  print('each the first time', ['p50', first.p50], ['p99', first.p99], ['max', first.max]);
  for (const [what, asked] of [
    ['500 prompts, 1,000 routes, 500 models', usual],
    ['the same and 10,000 models more', every],
    ['1,000 agents of the registry', range(AGENTS, byRegistry)],
  ] as const) {
    const { p50, p99, max } = timeChoices(live.current(), asked, requests);
    print(what, ['p50', p50], ['p99', p99, BARS.choiceP99], ['max', max]);
  }
}

async function reloads(name: string, withModels: boolean, bench: Bench): Promise<void> {
  console.log(`${name}: reload, in milliseconds`);
  const alias = (round: number) => configText({ alias: refOf(round + 1), withModels });
  for (const [what, change] of [
    ['nothing', () => {}],
    ['an alias in config.yaml', (round: number) => bench.write('config.yaml', alias(round))],
    [
      'one prompt file',
      (round: number) => bench.write('agents/prompt-7.md', promptText(7, `Round ${round}.`)),
    ],
    [
      'every prompt file',
      (round: number) => {
        for (let at = 0; at < PROMPTS; at += 1)
          bench.write(`agents/prompt-${at}.md`, promptText(at, `All ${round}.`));
      },
    ],
  ] as const) {
    const { ms, cpuMs, pauseMs } = await timeReloads(change, bench);
    print(
      what,
      ['least', ms.min, BARS.reload],
      ['p50', ms.p50],
      ['processor', cpuMs.p50],
      ['pause least', pauseMs.min],
      ['p50', pauseMs.p50],
    );
  }
}

for (const [name, withModels] of [
  ['models in the catalog', false],
  ['models in the file', true],
] as const) {
  const bench = await open(name.replaceAll(' ', '-'), withModels);
  await bench.reload.reload();
  choices(name, bench.live);
  await reloads(name, withModels, bench);
  await bench.close();
}
if (options.check && isMissed) process.exitCode = 1;
