/**
 * What attempts may use is counted, and what they did not use comes back: a limit of tokens lets through what it says.
 * On one store; that the others calculate like it is for budget-conformance.test.ts.
 */
import { expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import type { RateLimit } from '../base/rate-limit.ts';
import { openSqlite } from '../store/sqlite.ts';
import { bookSettle, makeReservation } from './book.ts';
import type { Owner } from './budget.ts';
import type { ReserveRequest } from './ledger.ts';
import { emptyBatch, type Post, plainReserve, type Reserve } from './ledger-store.ts';
import { compileRateLimits, matchRates } from './rate-limits.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

const START_MS = Date.UTC(2030, 0, 1);
const SECOND_MS = 1_000;
const MINUTE_S = 60;
const MINUTES = 12;
const TOKENS_A_MINUTE = 60_000;
const MEAN_TOKENS = 1_000;
/** What is expected of a reply is three times what comes. */
const TOO_HIGH = 3;

const owner: Owner = { workspaceId: 'ws_1', keyId: 'key_1', provider: 'p', model: 'm' };
const limitOf = (burstSeconds: number): RateLimit => ({
  id: 'lim_1',
  workspaceId: 'ws_1',
  scope: { kind: 'key', id: '*' },
  outputTokensPerMinute: TOKENS_A_MINUTE,
  concurrent: 1_000,
  burstSeconds,
  version: 1,
});

/** The same numbers every time. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Running {
  readonly request: ReserveRequest;
  readonly tokens: number;
  readonly endMs: number;
}

interface Load {
  readonly seed: number;
  readonly burstSeconds: number;
  /** Of what the limit lets through. */
  readonly times: number;
  readonly meanSeconds: number;
}

function requestAt(nowMs: number, serial: number, most: number, load: Load): ReserveRequest {
  const need = { inputTokens: 10, outputTokens: most };
  return {
    exchangeId: `exc_${nowMs}_${serial}`,
    attempt: 1,
    ...owner,
    workspaceId: 'ws_1',
    keyId: 'key_1',
    clientFormat: 'openai-chat',
    lane: 'relay',
    price: undefined,
    inputEstimate: 10,
    maxOutputTokens: most,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 900_000,
    rates: matchRates(compileRateLimits([limitOf(load.burstSeconds)]), owner, need),
  };
}

function endOf({ request, tokens, endMs }: Running): Post {
  const reservation = makeReservation(request, undefined);
  return bookSettle(
    { reservation, price: undefined },
    {
      exchangeId: request.exchangeId,
      attempt: 1,
      status: 'ok',
      isCharged: true,
      usage: {
        reported: { input: 10, output: tokens, raw: null },
        outputEstimate: tokens,
        hasContent: true,
      },
      latencyMs: 1,
      settledAtMs: endMs,
    },
  );
}

function arrivalsAt(nowMs: number, load: Load, chance: () => number): Running[] {
  const arrived: Running[] = [];
  const mean = (load.times * TOKENS_A_MINUTE) / MINUTE_S / MEAN_TOKENS;
  for (let room = mean; chance() < room; room -= 1) {
    const tokens = 1 + Math.floor(2 * MEAN_TOKENS * chance());
    const seconds = 1 + Math.floor(2 * load.meanSeconds * chance());
    const request = requestAt(nowMs, arrived.length, tokens * TOO_HIGH, load);
    arrived.push({ request, tokens, endMs: nowMs + seconds * SECOND_MS });
  }
  return arrived;
}

function reserveOf({ request }: Running): Reserve {
  return { ...plainReserve(makeReservation(request, undefined)), rates: request.rates! };
}

/** Tokens used in each second, by when they were asked for. */
async function use(load: Load): Promise<number[]> {
  const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  let nowMs = START_MS;
  const ledgerStore = createSqliteLedgerStore(store, { now: () => nowMs });
  await ledgerStore.join();
  const chance = chances(load.seed);
  const used: number[] = [];
  let running: Running[] = [];
  for (; nowMs < START_MS + MINUTES * MINUTE_S * SECOND_MS; nowMs += SECOND_MS) {
    const asked = arrivalsAt(nowMs, load, chance);
    const ended = running.filter(({ endMs }) => endMs <= nowMs);
    const batch = { ...emptyBatch, posts: ended.map(endOf), reserves: asked.map(reserveOf) };
    const result = await ledgerStore.applyBatch(batch);
    if (!result.ok) throw new Error(result.message);
    const granted = asked.filter((_, at) => result.grants[at]!.ok);
    used.push(granted.reduce((sum, { tokens }) => sum + tokens, 0));
    running = [...running.filter(({ endMs }) => endMs > nowMs), ...granted];
  }
  await ledgerStore.applyBatch({ ...emptyBatch, posts: running.map(endOf) });
  const rows = await store.kysely.selectFrom('rate_limits').selectAll().execute();
  expect(rows.map(({ metric, in_flight }) => [metric, in_flight])).toEqual([
    ['output-tokens', 0],
    ['streams', 0],
  ]);
  await store.close();
  return used;
}

interface Outcome extends Load {
  readonly least: number;
  readonly most: number;
}

/** What docs/guide/rate-limits.md says of bursts. */
it.each<Outcome>([
  { seed: 1, burstSeconds: 60, times: 2, meanSeconds: 3, least: 0.9, most: 2 },
  { seed: 2, burstSeconds: 60, times: 2, meanSeconds: 20, least: 0.9, most: 2 },
  { seed: 3, burstSeconds: 60, times: 4, meanSeconds: 40, least: 0.9, most: 2 },
  { seed: 4, burstSeconds: 60, times: 1.5, meanSeconds: 60, least: 0.9, most: 2 },
  { seed: 5, burstSeconds: 6, times: 2, meanSeconds: 3, least: 0.7, most: 1.1 },
  { seed: 6, burstSeconds: 6, times: 2, meanSeconds: 20, least: 0.7, most: 1.1 },
])('a limit that is asked for too much is used, and kept: %j', async ({ least, most, ...load }) => {
  const used = await use(load);
  // The first minute has what may come at once besides.
  const later = used.slice(MINUTE_S);
  const sum = later.reduce((total, tokens) => total + tokens, 0);
  expect(sum / (TOKENS_A_MINUTE * (later.length / MINUTE_S))).toBeGreaterThan(least);
  const minutes = used.map((_, at) => used.slice(at, at + MINUTE_S).reduce((total, one) => total + one, 0));
  expect(Math.max(...minutes) / TOKENS_A_MINUTE).toBeLessThanOrEqual(most);
});
