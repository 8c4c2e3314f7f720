/**
 * `npm run bench:budget`: many clients on one hard budget, streaming from the sandbox, beside check-then-add: the same
 * requests in the same order against a budget that only counts, with a gate in front that lets a request pass as
 * long as what has been booked is below the limit.
 *
 * Time runs four times faster than with real models: replies, and how long a request may wait for room.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './places.ts';
import { findPort, type Running, start, waitUntilReady } from './processes.ts';
import { freshFolder } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    'limit-usd': { type: 'string', default: '25' },
    load: { type: 'string' },
    seed: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
  },
});

const CLIENTS = Number(options.clients);
const LIMIT_USD = Number(options['limit-usd']);
/** 30 s, as everything else, in a quarter. */
const QUEUE_MS = 7_500;
/** Of a stream; its tokens are spread over them. */
const PIECES = 40;
/** Tokens a second of a real model, four times. */
const TOKENS_PER_SECOND = 240;
/** A budget this much used up is not waited for any longer. */
const PATIENCE_MS = 400_000;

/** What a reply really costs and how long it takes. */
interface Ask {
  readonly body: string;
  readonly maxTokens: number;
}

interface Load {
  readonly name: string;
  /** Of the limit, when the first request is refused. */
  readonly bar: number;
  ask(random: () => number): Ask;
}

/** Rates of a model as coding agents use it; the sandbox's own are those of a small one. */
const RATES = { input: '3', output: '15', cache_read: '0.3', cache_write_5m: '3.75', cache_write_1h: '6' };

const PROSE = readFileSync(join(ROOT, 'docs/guide/ledger.md'), 'utf8');

function textOf(tokens: number): string {
  const wanted = tokens * 4;
  return PROSE.repeat(Math.ceil(wanted / PROSE.length)).slice(0, wanted);
}

/** Mean and spread of a logarithmic normal distribution: most are short, a few are long. */
function around(random: () => number, mean: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(Math.log(mean) - spread ** 2 / 2 + spread * normal);
}

const agentContext = textOf(60_000);
const chatContext = textOf(1_500);

const loads: readonly Load[] = [
  {
    name: 'chat',
    bar: 0.8,
    ask: (random) => {
      const output = Math.min(4_000, Math.ceil(around(random, 400, 0.8)));
      return askOf(random, { context: chatContext, maxTokens: 4_096, output, cached: 0, fresh: 1_500 });
    },
  },
  {
    name: 'agent',
    bar: 0.4,
    ask: (random) => {
      const output = Math.min(60_000, Math.ceil(around(random, 2_000, 1.2)));
      const written = Math.ceil(around(random, 6_000, 1));
      return askOf(random, {
        context: agentContext,
        maxTokens: 64_000,
        output,
        cached: 54_000,
        fresh: written,
      });
    },
  },
];

interface Shape {
  readonly context: string;
  readonly maxTokens: number;
  readonly output: number;
  readonly cached: number;
  readonly fresh: number;
}

function askOf(random: () => number, { context, maxTokens, output, cached, fresh }: Shape): Ask {
  const paceMs = Math.max(1, Math.round((output * 1_000) / TOKENS_PER_SECOND / PIECES));
  const seed = Math.floor(random() * 1e9);
  const counts = `output-tokens=${output} cache-read-tokens=${cached} input-tokens=${fresh}`;
  const order = `[[sandbox words=${PIECES} pace=${paceMs} ttfb=100 seed=${seed} ${counts}]] Go on.`;
  const marked = cached > 0 ? { cache_control: { type: 'ephemeral' } } : {};
  const body = {
    model: 'sandbox/scribe',
    max_tokens: maxTokens,
    stream: true,
    system: [{ type: 'text', text: context, ...marked }],
    messages: [{ role: 'user', content: order }],
  };
  return { body: JSON.stringify(body), maxTokens };
}

/** Mulberry32: the same trace from the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface House {
  readonly url: string;
  readonly key: string;
  readonly running: Running;
  admin<T>(path: string): Promise<T>;
}

async function openServer(name: string, action: 'block' | 'warn'): Promise<House> {
  const home = freshFolder(name);
  const port = await findPort();
  const key = 'tp-bench-budget-key';
  const rates = Object.entries(RATES).map(([kind, usd]) => `${kind}_usd_per_mtok: "${usd}"`);
  writeFileSync(
    join(home, 'config.yaml'),
    `budgets: [ { name: team, scope: workspace, period: total, limit_usd: ${LIMIT_USD}, action: ${action}, queue_ms: ${QUEUE_MS} } ]
prices: { overrides: [ { provider: sandbox, model: scribe, ${rates.join(', ')} } ] }
`,
  );
  const logFile = join(home, 'output.log');
  const running = start({
    command: process.execPath,
    args: [join(ROOT, 'dist/cli/main.js'), 'serve', '--port', String(port)],
    env: { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: key, LOG_LEVEL: 'warn' },
    cwd: home,
    logFile,
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(`${url}/ready`, running, name, logFile);
  const { operatorToken } = JSON.parse(readFileSync(join(home, 'client.json'), 'utf8'));
  return {
    url,
    key,
    running,
    async admin(path) {
      const reply = await fetch(`${url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${operatorToken}` },
      });
      if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
      return reply.json() as never;
    },
  };
}

type Outcome = 'ok' | 'clamped' | 'refused';

interface Answer {
  readonly outcome: Outcome;
  /** By the reply's own usage, in dollars: what a gateway that adds afterwards would add. */
  readonly costUsd: number;
}

async function send({ url, key }: House, { body, maxTokens }: Ask): Promise<Answer> {
  const reply = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body,
  });
  const text = await reply.text();
  if (reply.status === 429) return { outcome: 'refused', costUsd: 0 };
  if (reply.status !== 200) throw new Error(`${reply.status} ${text.slice(0, 300)}`);
  if (!text.includes('message_stop')) throw new Error(`a stream ended early: ${text.slice(-300)}`);
  const granted = Number(reply.headers.get('x-turnpike-max-tokens')?.split('>')[1] ?? maxTokens);
  return { outcome: granted < maxTokens ? 'clamped' : 'ok', costUsd: costOf(text) };
}

function costOf(stream: string): number {
  const last = (name: string) =>
    Number([...stream.matchAll(new RegExp(`"${name}":(\\d+)`, 'g'))].at(-1)?.[1] ?? 0);
  const parts = [
    last('input_tokens') * Number(RATES.input),
    last('cache_read_input_tokens') * Number(RATES.cache_read),
    last('output_tokens') * Number(RATES.output),
  ];
  return parts.reduce((sum, part) => sum + part, 0) / 1e6;
}

interface Run {
  readonly firstRefusal: number | undefined;
  readonly spentUsd: number;
  readonly asked: number;
  readonly clamped: number;
  readonly seconds: number;
}

/** Each client asks, waits for the end of the reply and asks again, until it is refused. */
async function drive(
  house: House,
  load: Load,
  gate: () => boolean,
  onAnswer: (answer: Answer) => void,
): Promise<Run> {
  const random = randomFrom(Number(options.seed));
  const startedMs = performance.now();
  let firstRefusal: number | undefined;
  let asked = 0;
  let clamped = 0;
  const noteRefusal = async (): Promise<void> => {
    if (firstRefusal !== undefined) return;
    firstRefusal = Number.NaN;
    firstRefusal = (await spentOf(house)) / LIMIT_USD;
  };
  const client = async (): Promise<void> => {
    while (performance.now() - startedMs < PATIENCE_MS) {
      if (!gate()) return noteRefusal();
      asked += 1;
      const answer = await send(house, load.ask(random));
      if (answer.outcome === 'clamped') clamped += 1;
      onAnswer(answer);
      if (answer.outcome === 'refused') return noteRefusal();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await new Promise((done) => setTimeout(done, 500));
  const seconds = (performance.now() - startedMs) / 1_000;
  return { firstRefusal, spentUsd: await spentOf(house), asked, clamped, seconds };
}

interface Usage {
  readonly budgets: readonly { readonly windows: readonly { readonly spentUsd: string }[] }[];
}

async function spentOf(house: House): Promise<number> {
  const { budgets } = await house.admin<Usage>('/budgets');
  return Number(budgets[0]?.windows[0]?.spentUsd ?? 0);
}

async function runHard(load: Load): Promise<Run> {
  const house = await openServer(`budget-hard-${load.name}`, 'block');
  try {
    return await drive(
      house,
      load,
      () => true,
      () => {},
    );
  } finally {
    await house.running.stop();
  }
}

async function runCheckThenAdd(load: Load): Promise<Run> {
  const house = await openServer(`budget-soft-${load.name}`, 'warn');
  let counter = 0;
  try {
    return await drive(
      house,
      load,
      () => counter < LIMIT_USD,
      ({ costUsd }) => {
        counter += costUsd;
      },
    );
  } finally {
    await house.running.stop();
  }
}

const percent = (share: number | undefined) =>
  share === undefined ? 'never' : `${(share * 100).toFixed(1)} %`;

function describe(name: string, { spentUsd, firstRefusal, asked, clamped, seconds }: Run): string {
  const over = Math.max(0, spentUsd - LIMIT_USD);
  return [
    name.padEnd(24),
    `spent $${spentUsd.toFixed(4)}`.padEnd(18),
    `over $${over.toFixed(4)} (${percent(over / LIMIT_USD)})`.padEnd(26),
    `first refusal at ${percent(firstRefusal)}`.padEnd(28),
    `${asked} asked, ${clamped} clamped, ${seconds.toFixed(0)} s`,
  ].join(' ');
}

let isMissed = false;
for (const load of loads.filter(({ name }) => options.load === undefined || options.load === name)) {
  const hard = await runHard(load);
  const soft = await runCheckThenAdd(load);
  console.log(`${load.name}: ${CLIENTS} clients, limit $${LIMIT_USD}`);
  console.log(describe('  turnpike', hard));
  console.log(describe('  check-then-add', soft));
  const isOver = hard.spentUsd > LIMIT_USD;
  const isEarly = hard.firstRefusal !== undefined && hard.firstRefusal < load.bar;
  if (isOver || isEarly) isMissed = true;
  console.log(
    `  bar: nothing over, first refusal at ${percent(load.bar)} or later: ${isOver || isEarly ? 'MISSED' : 'held'}`,
  );
}
if (options.check && isMissed) process.exit(1);
