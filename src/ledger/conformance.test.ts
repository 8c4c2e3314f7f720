/**
 * What every store must do, found out by random lives of a ledger against a model in memory: reserves, settles,
 * settles again, progress, time, and processes that die and start again. Each store is one line in `stores`.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import type { Price } from '../catalog/price.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Durability, Store } from '../store/store.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import { entriesOf, type LedgerEntry } from './entries.ts';
import type { EntryStatus, ReserveRequest, Settled, SettleRequest } from './ledger.ts';
import type { LedgerStore } from './ledger-store.ts';
import { recoverLedger } from './recover.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';
import { sumUsage } from './usage.ts';
import { verifyLedger } from './verify.ts';

interface Opened {
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
  /** The store as the next process finds it when this one dies now. */
  die(): Promise<Opened>;
}

interface StoreUnderTest {
  readonly name: string;
  readonly open: () => Promise<Opened>;
}

let folder: string;
let opened = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openSqliteAt(path: string, durability: Durability): Promise<Opened> {
  const store = await openSqlite(path, { durability, log: silentLog });
  return {
    store,
    ledgerStore: createSqliteLedgerStore(store),
    async die() {
      // What the kernel has of the files is what is left of a killed process.
      const next = join(folder, `${++opened}.db`);
      for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, next + end);
      store.close();
      return openSqliteAt(next, durability);
    },
  };
}

const stores: readonly StoreUnderTest[] = [
  { name: 'sqlite, process', open: () => openSqliteAt(join(folder, `${++opened}.db`), 'process') },
  { name: 'sqlite, power', open: () => openSqliteAt(join(folder, `${++opened}.db`), 'power') },
];

/** What may happen, as data. Attempts are named by their number modulo those there are. */
type Step =
  | { readonly kind: 'reserve'; readonly model: number; readonly waits: boolean; readonly again: boolean }
  | { readonly kind: 'settle'; readonly which: number; readonly status: EntryStatus; readonly tokens: number }
  | { readonly kind: 'progress'; readonly which: number; readonly tokens: number }
  | { readonly kind: 'drain' }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'die'; readonly twice: boolean };

const statuses = ['ok', 'client_abort', 'upstream_error', 'truncated', 'not_sent'] as const;
const steps = fc.array(
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

interface World {
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

async function live(open: StoreUnderTest['open'], life: readonly Step[]): Promise<World> {
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
      listReservations: async () => ledgerStore.listReservations(1),
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

async function judgeWorld({ at, attempts, nowMs }: World): Promise<void> {
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

describe.each(stores)('a ledger on $name', ({ open }) => {
  it('books every attempt that was granted exactly once, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        const world = await live(open, life);
        await judgeWorld(world);
        world.ledger.stop();
        world.at.store.close();
      }),
      { numRuns: 25 },
    );
  });

  it('takes a post again for nothing', async () => {
    const world = await live(open, [
      { kind: 'reserve', model: 0, waits: true, again: false },
      { kind: 'settle', which: 0, status: 'ok', tokens: 10 },
      { kind: 'drain' },
    ]);
    const row = await world.at.store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .executeTakeFirstOrThrow();
    const { seq: _, ...entry } = row;
    const posts = [{ entry: { ...entry, cost_nano: 1n }, price: undefined }];
    const before = await verifyLedger(world.at.store);
    expect(
      await world.at.ledgerStore.applyBatch({ releases: [], posts, reserves: [], progress: [] }),
    ).toEqual({
      ok: true,
      duplicates: [{ exchangeId: 'exc_0000', attempt: 1 }],
    });
    expect(await verifyLedger(world.at.store)).toEqual(before);
    world.at.store.close();
  });

  it('applies all of a batch or nothing', async () => {
    const { store, ledgerStore } = await open();
    const reserve = (model: string | null) => ({
      reservation: {
        exchange_id: `exc_${model}`,
        attempt: 1,
        workspace_id: 'ws_1',
        key_id: 'key_1',
        member_id: null,
        agent_id: null,
        session_id: null,
        end_user: null,
        provider: 'p',
        // A column that must not be null: a mistake no type would let through.
        model: model as string,
        client_format: 'openai-chat',
        lane: 'relay',
        price_id: null,
        input_estimate: 1,
        max_output_tokens: null,
        observed_output: 0,
        created_at: 0,
        deadline_at: 1,
      } as const,
      price: undefined,
    });
    const batch = { releases: [], posts: [], progress: [] };
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve(null)] })).toMatchObject(
      {
        ok: false,
        fault: 'rejected',
      },
    );
    expect(await ledgerStore.listReservations(10)).toEqual([]);
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve('b')] })).toMatchObject({
      ok: true,
    });
    expect(await ledgerStore.listReservations(10)).toEqual([
      reserve('a').reservation,
      reserve('b').reservation,
    ]);
    expect(await ledgerStore.listReservations(1)).toHaveLength(1);
    store.close();
  });
});
