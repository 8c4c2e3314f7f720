/**
 * Random lives of a ledger, and a model in memory that knows what must come out of them. For the conformance tests
 * of stores; nothing here knows which store it is.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ExchangeId } from '../../src/base/ids.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Price } from '../../src/catalog/price.ts';
import { createLedger, type RunningLedger } from '../../src/ledger/create-ledger.ts';
import { entriesOf, type LedgerEntry } from '../../src/ledger/entries.ts';
import type { EntryStatus, ReserveRequest, Settled, SettleRequest } from '../../src/ledger/ledger.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { sumUsage } from '../../src/ledger/usage.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Store } from '../../src/store/store.ts';

/** A store that was opened for a test. */
export interface Opened {
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
  /** From now on the store's clock stands at this epoch millisecond, also after `die`. */
  setTime(ms: number): Promise<void>;
  /** The store as the next process finds it when this one dies now. */
  die(): Promise<Opened>;
}

/** What may happen, as data. Attempts are named by their number modulo those there are. */
export type Step =
  | { readonly kind: 'reserve'; readonly model: number; readonly waits: boolean; readonly again: boolean }
  | { readonly kind: 'settle'; readonly which: number; readonly status: EntryStatus; readonly tokens: number }
  | { readonly kind: 'progress'; readonly which: number; readonly tokens: number }
  | { readonly kind: 'drain' }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'die'; readonly twice: boolean };

const statuses = ['ok', 'client_abort', 'upstream_error', 'truncated', 'not_sent'] as const;
export const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('reserve' as const),
        model: fc.nat(2),
        waits: fc.boolean(),
        again: fc.boolean(),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(),
        status: fc.constantFrom(...statuses),
        tokens: fc.nat(5_000),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('progress' as const),
        which: fc.nat(),
        tokens: fc.integer({ min: 1, max: 5_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        minutes: fc.integer({ min: 1, max: 3_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), twice: fc.boolean() }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** Models 0 and 1 have prices, 2 has none. */
const prices: readonly (Price | undefined)[] = [1_000_000, 7_777, undefined].map((input, model) =>
  input === undefined
    ? undefined
    : {
        provider: 'p',
        model: `m${model}`,
        serviceTier: 'standard',
        source: 'catalog',
        effectiveFromMs: 0,
        tiers: [{ aboveInputTokens: 0, rates: { input, output: input * 5 } }],
      },
);

interface Known {
  readonly request: ReserveRequest;
  /** It was granted, so the road may have sent it. */
  isGranted: boolean;
  /** The most that was noted of its output. */
  noted: number;
  settled: { readonly request: SettleRequest; readonly answer: Settled; isDurable: boolean } | undefined;
  /** Its process died before the attempt ended, as far as is known. */
  mayBeInterrupted: boolean;
}

export interface World {
  at: Opened;
  ledger: RunningLedger;
  nowMs: number;
  readonly attempts: Known[];
  /** Attempts of processes that died cannot be reached any more. */
  firstLive: number;
}

const START_MS = Date.UTC(2030, 0, 31, 22, 10);

function startLedger(at: Opened, now: () => number): RunningLedger {
  return createLedger({ store: at.ledgerStore, clock: { now, monotonic: now }, log: silentLog });
}

/** Lives the life, dies, recovers. */
export async function live(open: () => Promise<Opened>, life: readonly Step[]): Promise<World> {
  const at = await open();
  await at.store.write([
    at.store.kysely.insertInto('workspaces').values({ id: 'ws_1', name: 'w', created_at: 0 }),
  ]);
  const world: World = {
    at,
    ledger: startLedger(at, () => world.nowMs),
    nowMs: START_MS,
    attempts: [],
    firstLive: 0,
  };
  for (const step of life) await take(world, step);
  await dieAndRecover(world, false);
  return world;
}

async function take(world: World, step: Step): Promise<void> {
  world.nowMs += 7;
  switch (step.kind) {
    case 'reserve':
      return reserve(world, step);
    case 'settle':
      return settle(world, step);
    case 'progress': {
      const known = liveAttempt(world, step.which);
      if (!known) return;
      known.noted = Math.max(known.noted, step.tokens);
      return world.ledger.checkpoint(known.request, step.tokens);
    }
    case 'drain': {
      expect(await world.ledger.drain(5_000)).toBe(true);
      for (const { settled } of world.attempts.slice(world.firstLive)) if (settled) settled.isDurable = true;
      return;
    }
    case 'pass':
      world.nowMs += step.minutes * 60_000;
      return;
    case 'die':
      return dieAndRecover(world, step.twice);
    default:
      step satisfies never;
  }
}

async function reserve(world: World, step: Extract<Step, { kind: 'reserve' }>): Promise<void> {
  const n = world.attempts.length;
  const request: ReserveRequest = {
    exchangeId: `exc_${String(n >> 1).padStart(4, '0')}`,
    attempt: (n & 1) + 1,
    workspaceId: 'ws_1',
    keyId: `key_${n % 3}`,
    provider: 'p',
    model: `m${step.model}`,
    clientFormat: 'openai-chat',
    lane: 'relay',
    price: prices[step.model],
    inputEstimate: 50 + n,
    createdAtMs: world.nowMs,
    deadlineAtMs: world.nowMs + 1_000,
    ...(n % 2 === 0 && { agentId: 'coder', sessionId: `s${n % 5}` }),
  };
  const known: Known = { request, isGranted: false, noted: 0, settled: undefined, mayBeInterrupted: false };
  world.attempts.push(known);
  const grant = world.ledger.reserve(request).then(({ ok }) => {
    known.isGranted = ok;
  });
  if (step.again) void world.ledger.reserve(request);
  if (step.waits) await grant;
}

function liveAttempt(world: World, which: number): Known | undefined {
  const count = world.attempts.length - world.firstLive;
  return count === 0 ? undefined : world.attempts[world.firstLive + (which % count)];
}

function settle(world: World, { which, status, tokens }: Extract<Step, { kind: 'settle' }>): void {
  const known = liveAttempt(world, which);
  if (!known) return;
  const request: SettleRequest = {
    exchangeId: known.request.exchangeId,
    attempt: known.request.attempt,
    status,
    isCharged: status !== 'not_sent',
    usage: {
      reported: tokens % 7 === 0 ? undefined : { input: tokens, output: tokens % 100, raw: tokens },
      outputEstimate: 33,
      hasContent: true,
    },
    latencyMs: tokens,
    settledAtMs: world.nowMs,
    ...(tokens % 2 === 0 && { ttftMs: tokens >> 1 }),
  };
  const answer = world.ledger.settle(request);
  if (known.settled) expect(answer).toEqual(known.settled.answer);
  else known.settled = { request, answer, isDurable: false };
}

/** `twice`: the process that recovers is killed half-way too. */
async function dieAndRecover(world: World, twice: boolean): Promise<void> {
  world.ledger.stop();
  for (const known of world.attempts.slice(world.firstLive)) {
    if (!known.settled?.isDurable) known.mayBeInterrupted = true;
  }
  world.firstLive = world.attempts.length;
  world.at = await world.at.die();
  const options = { clock: { now: () => world.nowMs, monotonic: () => 0 }, log: silentLog };
  if (twice) {
    const { ledgerStore } = world.at;
    const halfWay: LedgerStore = {
      ...ledgerStore,
      listAbandoned: async () => ledgerStore.listAbandoned(1),
    };
    let batches = 0;
    const killed: LedgerStore = {
      ...halfWay,
      applyBatch: async (batch) =>
        ++batches > 1
          ? { ok: false, fault: 'unavailable', message: 'killed' }
          : ledgerStore.applyBatch(batch),
    };
    await recoverLedger({ store: killed, ...options }).catch(() => undefined);
    world.at = await world.at.die();
  }
  await recoverLedger({ store: world.at.ledgerStore, ...options });
  expect(await recoverLedger({ store: world.at.ledgerStore, ...options })).toEqual({
    interrupted: 0,
    settled: 0,
  });
  world.ledger = startLedger(world.at, () => world.nowMs);
}

/** The one entry an attempt must have, or may have. */
function judgeAttempt(known: Known, entries: readonly LedgerEntry[]): void {
  const { request, settled } = known;
  const mine = entries.filter((entry) => entry.attempt === request.attempt);
  const mustHave = known.isGranted || settled?.isDurable === true;
  expect(mine.length).toBeLessThanOrEqual(1);
  if (mustHave) expect(mine).toHaveLength(1);
  const [entry] = mine;
  if (!entry) return;
  if (entry.status === 'interrupted') {
    expect(known.mayBeInterrupted).toBe(true);
    expect(entry).toMatchObject({ isEstimated: true, input: request.inputEstimate, kind: 'interrupted' });
    expect(entry.output).toBeLessThanOrEqual(known.noted);
    return;
  }
  expect(entry).toMatchObject({
    status: settled!.request.status,
    input: settled!.answer.counts.input,
    output: settled!.answer.counts.output,
    cost: settled!.answer.cost,
    isEstimated: settled!.answer.isEstimated,
    flags: settled!.answer.flags,
    createdAtMs: settled!.request.settledAtMs,
  });
}

/** Every attempt has the entry it must have, the books are sound, and the sums are the sums. */
export async function judgeWorld({ at, attempts, nowMs }: World): Promise<void> {
  const entries: LedgerEntry[] = [];
  for (const id of new Set(attempts.map(({ request }) => request.exchangeId))) {
    const found = await entriesOf(at.store, id as ExchangeId);
    entries.push(...found);
    for (const known of attempts) if (known.request.exchangeId === id) judgeAttempt(known, found);
  }
  const report = await verifyLedger(at.store);
  expect(report.problems).toEqual([]);
  const cost = entries.reduce((sum, entry) => sum + (entry.cost ?? 0n), 0n);
  expect(report).toMatchObject({ isSound: true, entries: entries.length, cost });
  const range = { sinceMs: 0, untilMs: nowMs + 1, limit: 100 };
  const [total] = (await sumUsage(at.store, { by: 'provider', ...range })) ?? [];
  expect(total?.entries ?? 0).toBe(entries.length);
  expect(total?.cost ?? 0n).toBe(cost);
  expect(total?.unpriced ?? 0).toBe(entries.filter((entry) => entry.cost === undefined).length);
}
