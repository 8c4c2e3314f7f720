/**
 * `npx tsx bench/admit.ts`: what admission costs with 100,000 keys, and how long a change of one key stops the process.
 * Before and after are measured in one run, in turn: admission as it was (a `Map` of the snapshot, headers as Node joins
 * them) beside the live book with and without scopes; loading every key anew beside reading what changed. `--check` ends
 * with 1 where a bar is missed.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { type KeyId, newId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/log.ts';
import { loadConfig } from '../src/config.ts';
import { type Admission, admit } from '../src/gateway/admit.ts';
import { type KeyBook, type KeyLookup, openKeyBook } from '../src/registry/key-book.ts';
import { type KeyRecord, readKey } from '../src/registry/key-record.ts';
import { changeKey } from '../src/registry/keys.ts';
import { hashToken, makeToken } from '../src/registry/token.ts';
import { ensureFirstWorkspace } from '../src/registry/workspaces.ts';
import { openDefinitions } from '../src/server-agents.ts';
import { openLive } from '../src/server-live.ts';
import { openPrices } from '../src/server-prices.ts';
import { openSqlite, type SqliteStore } from '../src/store/sqlite.ts';
import { sandboxModels } from '../src/upstream/sandbox/index.ts';
import { freshFolder } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    keys: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '10' },
    check: { type: 'boolean', default: false },
  },
});

/** Microseconds of one admission; milliseconds in which the event loop does nothing but take a change of one key, or of the registry. */
const BARS = { admissionP99: 30, changeMs: 5, registryMs: 50 } as const;
const KEYS = Number(options.keys);
const REQUESTS = Number(options.requests);
const ROUNDS = Number(options.rounds);
const INSERTED = 1_000;

interface Filled {
  readonly store: SqliteStore;
  readonly workspaceId: KeyRecord['workspaceId'];
  /** Without scopes, then with them, in turn. */
  readonly tokens: readonly string[];
  readonly ids: readonly KeyId[];
}

/** Every second key is bound to formats and ranges. */
async function fill(path: string): Promise<Filled> {
  const store = await openSqlite(path, { durability: 'process', log: silentLog });
  const { id: workspaceId } = await ensureFirstWorkspace(store, 1);
  const tokens = Array.from({ length: KEYS }, () => makeToken(randomBytes));
  const ids: KeyId[] = [];
  const insert = store.database.prepare(
    `insert into keys (id, workspace_id, name, token_hash, preview, created_at, allowed_formats, allowed_ranges)
      values (?, ?, ?, ?, ?, 1, ?, ?)`,
  );
  const formats = JSON.stringify(['anthropic-messages', 'embeddings', 'openai-chat']);
  const ranges = JSON.stringify(['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', '203.0.113.7/32']);
  for (let at = 0; at < KEYS; at += INSERTED) {
    store.database.transaction(() => {
      for (const [offset, token] of tokens.slice(at, at + INSERTED).entries()) {
        const id = newId('key');
        const isBound = (at + offset) % 2 === 1;
        ids.push(id);
        const scopes = isBound ? [formats, ranges] : [null, null];
        insert.run(id, workspaceId, `key ${at + offset}`, hashToken(token), 'tp-…', ...scopes);
      }
    })();
  }
  return { store, workspaceId, tokens, ids };
}

/** As it was: every key of the database, read and put into a new map. */
async function loadAll({ store }: Filled): Promise<ReadonlyMap<string, KeyRecord>> {
  const rows = await store.kysely.selectFrom('keys').selectAll().where('revoked_at', 'is', null).execute();
  return new Map(rows.map((row) => [row.token_hash, readKey(row)]));
}

/** As it was: no scopes, headers by name. */
function admitBefore(keys: ReadonlyMap<string, KeyRecord>, token: string): boolean {
  const headers = headersOf(token);
  const tokens = new Set<string>();
  const { authorization } = headers;
  const space = authorization.indexOf(' ');
  if (space > 0 && authorization.slice(0, space).toLowerCase() === 'bearer')
    tokens.add(authorization.slice(space + 1).trim());
  for (const name of ['x-api-key', 'x-goog-api-key', 'api-key'] as const) {
    const value = (headers as Record<string, string>)[name];
    if (typeof value === 'string') tokens.add(value.trim());
  }
  const [first] = tokens;
  return first !== undefined && keys.has(hash('sha256', first, 'hex'));
}

const others = {
  host: '127.0.0.1:8642',
  'user-agent': 'OpenAI/JS 5.0.0',
  accept: 'application/json',
  'content-type': 'application/json',
  'content-length': '1234',
  'x-stainless-lang': 'js',
  'x-stainless-os': 'Linux',
  connection: 'keep-alive',
};
const rawOthers = Object.entries(others).flat();
const headersOf = (token: string) => ({ ...others, authorization: `Bearer ${token}` });
const address = () => '203.0.113.7';

function admitNow(keys: KeyLookup, token: string): Admission {
  const request = { rawHeaders: [...rawOthers, 'Authorization', `Bearer ${token}`] };
  return admit(keys, { request, query: '', callName: 'openai-chat', address }, 10);
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** In microseconds; of the quickest of the rounds, as what other programs of the machine take is not ours. */
function timeEach(work: (token: string) => boolean, tokens: readonly string[]): Figures {
  const times = new Float64Array(REQUESTS);
  for (let n = 0; n < REQUESTS; n += 1) {
    const token = tokens[Math.floor(Math.random() * tokens.length)]!;
    const begun = performance.now();
    const isAsWanted = work(token);
    times[n] = (performance.now() - begun) * 1_000;
    if (!isAsWanted) throw new Error('a key was judged wrongly');
  }
  times.sort();
  const at = (share: number) => times[Math.min(REQUESTS - 1, Math.floor(REQUESTS * share))]!;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** The longest time between two turns of the event loop while `work` goes on, in milliseconds. */
async function withPause(work: () => Promise<unknown>): Promise<{ ms: number; pauseMs: number }> {
  let isOver = false;
  let pauseMs = 0;
  const ticking = new Promise<void>((done) => {
    let last = performance.now();
    const tick = (): void => {
      const now = performance.now();
      pauseMs = Math.max(pauseMs, now - last);
      last = now;
      if (isOver) done();
      else setImmediate(tick);
    };
    setImmediate(tick);
  });
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  isOver = true;
  await ticking;
  return { ms, pauseMs };
}

let isMissed = false;
function print(name: string, figures: Readonly<Record<string, number>>, bar?: readonly [string, number]) {
  const texts = Object.entries(figures).map(([label, value]) => {
    const isOver = bar?.[0] === label && value > bar[1];
    if (isOver) isMissed = true;
    return `${label} ${value.toFixed(value < 100 ? 2 : 0)}${isOver ? ` (over ${bar[1]})` : ''}`;
  });
  console.log(`${name.padEnd(52)} ${texts.join('  ')}`);
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function admissions(filled: Filled, map: ReadonlyMap<string, KeyRecord>, { keys }: KeyBook): void {
  const plain = filled.tokens.filter((_, at) => at % 2 === 0);
  const bound = filled.tokens.filter((_, at) => at % 2 === 1);
  const unknown = Array.from({ length: 10_000 }, () => makeToken(randomBytes));
  const alike = nearMisses(plain);
  const rows: readonly (readonly [string, (token: string) => boolean, readonly string[]])[] = [
    ['as it was', (token) => admitBefore(map, token), plain],
    ['now, no scopes', (token) => admitNow(keys, token).ok, plain],
    ['now, formats and ranges', (token) => admitNow(keys, token).ok, bound],
    ['now, unknown keys', (token) => !admitNow(keys, token).ok, unknown],
    ['now, unknown, 48 of 52 characters as a known one', (token) => !admitNow(keys, token).ok, alike],
    ['now, no key could be so', (token) => !admitNow(keys, token).ok, ["' OR 1=1 --", '\u0000', 'tp-é']],
  ];
  const rounds = rows.map((): Figures[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [at, [, work, tokens]] of rows.entries()) rounds[at]!.push(timeEach(work, tokens));
  console.log(`admission with ${KEYS.toLocaleString('en')} keys, in microseconds`);
  const least = (at: number, of: keyof Figures) => Math.min(...rounds[at]!.map((one) => one[of]));
  for (const [at, [name]] of rows.entries()) {
    const ratio = median(rounds[at]!.map(({ p50 }, round) => p50 / rounds[0]![round]!.p50));
    const figures = { p50: least(at, 'p50'), p99: least(at, 'p99'), max: least(at, 'max'), ratio };
    print(name, figures, ['p99', BARS.admissionP99]);
  }
}

/** KEY-01: what is sent shares all but its end with keys that are known. */
function nearMisses(tokens: readonly string[]): string[] {
  return tokens.slice(0, 10_000).map((token) => `${token.slice(0, 48)}zzzz`);
}

async function changes(filled: Filled, book: KeyBook): Promise<void> {
  const { store, workspaceId, ids } = filled;
  const before: { ms: number; pauseMs: number }[] = [];
  const after: { ms: number; pauseMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const change = { name: `changed ${round}` };
    await changeKey(store, ids[round]!, change, { workspaceId });
    after.push(await withPause(() => book.refresh()));
    before.push(await withPause(() => loadAll(filled)));
  }
  const of = (rounds: typeof before) => ({
    ms: median(rounds.map(({ ms }) => ms)),
    pause: median(rounds.map(({ pauseMs }) => pauseMs)),
  });
  const [was, now] = [of(before), of(after)];
  console.log('taking a change of one key, in milliseconds');
  print('as it was: every key loaded anew', { ...was });
  print('now: what changed', { ...now, ratio: now.ms / was.ms }, ['pause', BARS.changeMs]);
}

/** All that a change of the registry makes a process do, of an installation that has little but keys. */
async function wholeChanges({ store, workspaceId, ids }: Filled): Promise<void> {
  const config = loadConfig({ flags: {}, env: { TURNPIKE_HOME: folder, HOME: folder }, cwd: folder });
  const base = { store, clock: systemClock, log: silentLog };
  const prices = openPrices({ ...base, config, extra: sandboxModels, isServing: false });
  const live = await openLive({
    ...{ ...base, prices, workspaceId },
    files: { config, definitions: await openDefinitions(silentLog).load(config) },
    loadHeld: async () => ({ workspaces: new Map(), members: new Map(), isPreferred: false }),
    transportOf: () => {
      throw new Error('nothing is sent');
    },
  });
  const rounds: { ms: number; pauseMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await changeKey(store, ids[round]!, { name: `again ${round}` }, { workspaceId });
    rounds.push(await withPause(live.recompile));
  }
  live.stop();
  prices.stop();
  const figures = {
    ms: median(rounds.map(({ ms }) => ms)),
    pause: median(rounds.map(({ pauseMs }) => pauseMs)),
  };
  print('now, with all else that a change of the registry does', figures, ['pause', BARS.registryMs]);
}

const folder = freshFolder('admit');
mkdirSync(folder, { recursive: true });
const filled = await fill(join(folder, 'bench.db'));
const wait = () => () => undefined;
const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const heapBefore = heap();
const opened: KeyBook[] = [];
const opening = await withPause(async () => {
  opened.push(await openKeyBook({ store: filled.store, clock: systemClock, log: silentLog, wait }));
});
const book = opened[0]!;
console.log(
  `filling the book: ${opening.ms.toFixed(0)} ms, longest pause ${opening.pauseMs.toFixed(1)} ms, ` +
    `${((heap() - heapBefore) / 2 ** 20).toFixed(0)} MiB`,
);
admissions(filled, await loadAll(filled), book);
await changes(filled, book);
await wholeChanges(filled);
book.stop();
await filled.store.close();
rmSync(folder, { recursive: true, force: true });
if (options.check && isMissed) process.exitCode = 1;
