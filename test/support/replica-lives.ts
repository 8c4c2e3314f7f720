/**
 * Random lives of several replicas on one PostgreSQL database: they are killed, paused and started again, their wall
 * clocks jump, time passes for the database, and they look after each other. A model in memory knows what must come
 * of every attempt. Time is the test's own, for the database too.
 */
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { ExchangeId } from '../../src/base/ids.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Price } from '../../src/catalog/price.ts';
import { createLedger, type RunningLedger } from '../../src/ledger/create-ledger.ts';
import { entriesOf, type LedgerEntry } from '../../src/ledger/entries.ts';
import type { ReserveRequest, Settled, SettleRequest } from '../../src/ledger/ledger.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { createPostgresLedgerStore } from '../../src/ledger/postgres-ledger-store.ts';
import { recoverLedger, sweepLedger } from '../../src/ledger/recover.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { openPostgres, type PostgresStore } from '../../src/store/postgres.ts';
import type { Tables } from '../../src/store/schema.ts';
import { createGate, type Gate } from './gated-session.ts';
import {
  type BudgetTally,
  boundFor,
  claimsAt,
  declareBudgets,
  expectWithinLimits,
  judgeBudgets,
  streamOf,
} from './replica-budgets.ts';

export const REPLICAS = 3;
/** As the road's own limit of one attempt. */
const DEADLINE_MS = 15 * 60_000;
const START_MS = Date.UTC(2030, 0, 31, 22, 10);

/** What may happen, as data. `at` is a replica, `which` an attempt, modulo those there are. */
export type ReplicaStep =
  | { readonly kind: 'reserve'; readonly at: number; readonly waits: boolean }
  | { readonly kind: 'settle'; readonly which: number; readonly tokens: number }
  | { readonly kind: 'progress'; readonly which: number; readonly tokens: number }
  | { readonly kind: 'drain'; readonly at: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'sweep'; readonly at: number }
  | { readonly kind: 'kill'; readonly at: number }
  | { readonly kind: 'boot'; readonly at: number }
  | { readonly kind: 'pause'; readonly at: number }
  | { readonly kind: 'resume'; readonly at: number }
  | { readonly kind: 'jump'; readonly at: number; readonly minutes: number };

const at = fc.nat(REPLICAS - 1);
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

/** Lives of a night are all as long as they may be. */
const LONG = 1_000;

/** @param maxLength steps of one life */
export function replicaSteps(maxLength: number): fc.Arbitrary<ReplicaStep[]> {
  const only = <K extends ReplicaStep['kind']>(kind: K) => fc.record({ kind: fc.constant(kind), at });
  const one = fc.oneof(
    weighted(8, fc.record({ kind: fc.constant('reserve' as const), at, waits: fc.boolean() })),
    weighted(8, fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), tokens: fc.nat(5_000) })),
    weighted(
      2,
      fc.record({
        kind: fc.constant('progress' as const),
        which: fc.nat(),
        tokens: fc.integer({ min: 1, max: 90 }),
      }),
    ),
    weighted(2, only('drain')),
    weighted(
      3,
      fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(1, 10, 20, 40, 300, 1_000) }),
    ),
    weighted(3, only('sweep')),
    weighted(1, only('kill')),
    weighted(2, only('boot')),
    weighted(2, only('pause')),
    weighted(2, only('resume')),
    weighted(1, fc.record({ kind: fc.constant('jump' as const), at, minutes: fc.constantFrom(-60, 5, 60) })),
  );
  return fc.array(one, {
    minLength: maxLength < LONG ? 10 : maxLength,
    maxLength,
    size: 'max',
  }) as fc.Arbitrary<ReplicaStep[]>;
}

const price: Price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 5_000_000 } }],
};
const MAX_OUTPUT = 100;

interface Known {
  readonly request: ReserveRequest;
  readonly owner: Process;
  isGranted: boolean;
  /** The road would have nothing to settle. */
  isRefused: boolean;
  /** As granted. */
  maxOutput: number;
  noted: number;
  settled: { readonly request: SettleRequest; readonly answer: Settled; isDurable: boolean } | undefined;
}

/** One life of a process. */
interface Process {
  readonly store: PostgresStore;
  readonly ledgerStore: LedgerStore;
  readonly ledger: RunningLedger;
  readonly gate: Gate;
  readonly options: { readonly store: LedgerStore; readonly clock: Clock; readonly log: typeof silentLog };
  isPaused: boolean;
}

export interface ReplicaWorld {
  readonly url: string;
  readonly watcher: PostgresStore;
  readonly attempts: Known[];
  /** How many reserves were refused, by reason. */
  readonly refusals: Map<string, number>;
  readonly slots: (Process | undefined)[];
  readonly walls: number[];
  nowMs: number;
}

/** Makes the clock of the database the test's own. Once for a database. */
export async function takeTime(kysely: Kysely<Tables>): Promise<void> {
  await sql`create table if not exists test_clock (at bigint)`.execute(kysely);
  await sql`create or replace function turnpike_now() returns bigint language sql volatile as
    'select at from test_clock'`.execute(kysely);
}

export async function liveReplicas(
  url: string,
  watcher: PostgresStore,
  life: readonly ReplicaStep[],
): Promise<ReplicaWorld> {
  const { kysely } = watcher;
  await sql`truncate workspaces, keys, reservations, replicas, ledger_entries, decisions, usage_hours, usage_days,
    price_snapshots, budgets, budget_windows, budget_alerts, outbox, rate_limits, test_clock
    restart identity cascade`.execute(kysely);
  const world: ReplicaWorld = {
    url,
    watcher,
    attempts: [],
    refusals: new Map(),
    slots: [],
    walls: new Array<number>(REPLICAS).fill(0),
    nowMs: START_MS,
  };
  await sql`insert into test_clock values (${START_MS})`.execute(kysely);
  await kysely.insertInto('workspaces').values({ id: 'ws_1', name: 'w', created_at: 0 }).execute();
  await declareBudgets(kysely);
  try {
    for (let slot = 0; slot < REPLICAS; slot += 1) await boot(world, slot);
    for (const step of life) {
      await take(world, step);
      await expectWithinLimits(kysely);
    }
    await endWell(world);
    return world;
  } finally {
    for (let slot = 0; slot < REPLICAS; slot += 1) await kill(world, slot);
  }
}

async function take(world: ReplicaWorld, step: ReplicaStep): Promise<void> {
  switch (step.kind) {
    case 'reserve':
      return reserve(world, step);
    case 'settle':
      return settle(world, step);
    case 'progress': {
      const known = world.attempts[step.which % world.attempts.length];
      if (!known || known.settled || !isAlive(world, known.owner)) return;
      const noted = Math.min(step.tokens, known.maxOutput);
      known.noted = Math.max(known.noted, noted);
      return known.owner.ledger.checkpoint(known.request, noted);
    }
    case 'drain':
      return drain(world, world.slots[step.at]);
    case 'pass':
      return pass(world, step.seconds);
    case 'sweep': {
      const process = world.slots[step.at];
      if (process && !process.isPaused) await sweepLedger(process.options);
      return;
    }
    case 'kill':
      return kill(world, step.at);
    case 'boot':
      return boot(world, step.at);
    case 'pause':
    case 'resume':
      return pause(world.slots[step.at], step.kind === 'pause');
    case 'jump':
      world.walls[step.at] = step.minutes * 60_000;
      return;
    default:
      step satisfies never;
  }
}

function isAlive(world: ReplicaWorld, process: Process): boolean {
  return world.slots.includes(process);
}

async function boot(world: ReplicaWorld, slot: number): Promise<void> {
  if (world.slots[slot]) return;
  const clock: Clock = {
    now: () => world.nowMs + world.walls[slot]!,
    monotonic: () => world.nowMs - START_MS,
  };
  const store = await openPostgres(world.url, { durability: 'power', log: silentLog });
  const gate = createGate(store.ledgerSession);
  const ledgerStore = createPostgresLedgerStore({
    store: { ...store, ledgerSession: gate.session },
    replicaId: `replica-${slot}`,
    version: 'test',
    clock,
    log: silentLog,
  });
  const options = { store: ledgerStore, clock, log: silentLog };
  await recoverLedger(options);
  const ledger = createLedger(options);
  world.slots[slot] = { store, ledgerStore, ledger, gate, options, isPaused: false };
}

/** What it had in memory is gone; what it had sent to the database may still arrive. */
async function kill(world: ReplicaWorld, slot: number): Promise<void> {
  const process = world.slots[slot];
  world.slots[slot] = undefined;
  if (!process) return;
  process.ledger.stop();
  process.gate.kill();
  await process.store.close();
}

function pause(process: Process | undefined, isPaused: boolean): void {
  if (!process) return;
  process.isPaused = isPaused;
  if (isPaused) process.gate.close();
  else process.gate.open();
}

/** Time passes for all; whoever is not paused has sent its heartbeats meanwhile. */
async function pass(world: ReplicaWorld, seconds: number): Promise<void> {
  world.nowMs += seconds * 1_000;
  await sql`update test_clock set at = ${world.nowMs}`.execute(world.watcher.kysely);
  const alive = world.slots.filter((process) => process && !process.isPaused);
  await Promise.all(alive.map((process) => process!.ledgerStore.makeDurable().catch(() => undefined)));
}

async function reserve(
  world: ReplicaWorld,
  { at: slot, waits }: Extract<ReplicaStep, { kind: 'reserve' }>,
): Promise<void> {
  const owner = world.slots[slot];
  if (!owner) return;
  const n = world.attempts.length;
  const wall = owner.options.clock.now();
  const keyId = `key_${n % 3}` as const;
  const request: ReserveRequest = {
    exchangeId: `exc_${String(n).padStart(5, '0')}`,
    attempt: 1,
    workspaceId: 'ws_1',
    keyId,
    provider: 'p',
    model: 'm',
    clientFormat: 'openai-chat',
    lane: 'relay',
    price,
    inputEstimate: 50 + n,
    maxOutputTokens: MAX_OUTPUT,
    createdAtMs: wall,
    deadlineAtMs: wall + DEADLINE_MS,
    claims: claimsAt(keyId, owner.ledger.now()),
    bound: boundFor(price, 50 + n, MAX_OUTPUT),
    minOutput: 50,
    rates: streamOf(keyId),
  };
  const known: Known = {
    request,
    owner,
    isGranted: false,
    isRefused: false,
    maxOutput: MAX_OUTPUT,
    noted: 0,
    settled: undefined,
  };
  world.attempts.push(known);
  const grant = owner.ledger.reserve(request).then((answer) => {
    known.isGranted = answer.ok;
    known.isRefused = !answer.ok;
    if (answer.ok) known.maxOutput = answer.maxOutput!;
    else world.refusals.set(answer.reason, (world.refusals.get(answer.reason) ?? 0) + 1);
  });
  if (!waits || owner.isPaused) return;
  await grant;
  if (!known.isGranted || known.settled) return;
  const held = await world.watcher.kysely
    .selectFrom('reservations')
    .select(['state', 'deadline_at'])
    .where('exchange_id', '=', request.exchangeId as ExchangeId)
    .executeTakeFirst();
  // Nobody else has had a turn meanwhile: it is there, and due by the clock of the database whatever ours shows.
  expect(held).toEqual({ state: 'pending', deadline_at: world.nowMs + DEADLINE_MS });
}

function settle(world: ReplicaWorld, { which, tokens }: Extract<ReplicaStep, { kind: 'settle' }>): void {
  const known = world.attempts[which % world.attempts.length];
  if (!known || known.isRefused || !isAlive(world, known.owner)) return;
  const { exchangeId, inputEstimate } = known.request;
  const request: SettleRequest = {
    exchangeId,
    attempt: 1,
    // Before its grant is heard of, nothing may be sent.
    status: known.isGranted ? 'ok' : 'not_sent',
    isCharged: known.isGranted,
    usage: {
      // No more than was reserved.
      reported: { input: tokens % (inputEstimate + 1), output: tokens % (known.maxOutput + 1), raw: tokens },
      outputEstimate: 3,
      hasContent: true,
    },
    latencyMs: tokens,
    settledAtMs: known.owner.options.clock.now(),
  };
  const answer = known.owner.ledger.settle(request);
  known.settled ??= { request, answer, isDurable: false };
}

async function drain(world: ReplicaWorld, process: Process | undefined): Promise<void> {
  if (!process || process.isPaused) return;
  // Fenced or not: in the end all is written.
  expect(await process.ledger.drain(5_000)).toBe(true);
  for (const { owner, settled } of world.attempts) if (owner === process && settled) settled.isDurable = true;
}

/** Everybody finishes what can be finished and dies; one starts again and clears up. */
async function endWell(world: ReplicaWorld): Promise<void> {
  for (const process of world.slots) {
    pause(process, false);
    await drain(world, process);
  }
  for (let slot = 0; slot < REPLICAS; slot += 1) await kill(world, slot);
  await boot(world, 0);
  await pass(world, 40);
  await sweepLedger(world.slots[0]!.options);
  await pass(world, DEADLINE_MS / 1_000);
  await sweepLedger(world.slots[0]!.options);
  expect(await world.watcher.kysely.selectFrom('reservations').selectAll().execute()).toEqual([]);
}

/** Each attempt has the one entry it must have, or may have, and late truths are booked as differences. */
export async function judgeReplicas({ watcher, attempts }: ReplicaWorld): Promise<BudgetTally> {
  let entries = 0;
  for (const known of attempts) {
    const mine = await entriesOf(watcher, known.request.exchangeId);
    entries += mine.length;
    judgeAttempt(known, mine);
  }
  expect(await verifyLedger(watcher)).toMatchObject({ isSound: true, problems: [], entries });
  return judgeBudgets(watcher.kysely);
}

function judgeAttempt({ isGranted, settled, noted, request }: Known, mine: readonly LedgerEntry[]): void {
  const [first, late, ...more] = mine;
  expect(more).toEqual([]);
  if (isGranted || settled?.isDurable) expect(first).toBeDefined();
  if (!first) return;
  if (late) expect([first.kind, late.kind]).toEqual(['interrupted', 'late_settle']);
  if (first.kind === 'interrupted') {
    expect(first).toMatchObject({ isEstimated: true, input: request.inputEstimate });
    expect(first.output).toBeLessThanOrEqual(first.flags.includes('worst_case') ? MAX_OUTPUT : noted);
    // What was settled for good has replaced the estimate.
    if (settled?.isDurable) expect(late).toBeDefined();
  }
  if (first.kind === 'interrupted' && !late) return;
  const sum = (pick: (entry: LedgerEntry) => number) => mine.reduce((total, entry) => total + pick(entry), 0);
  // Of what was never granted nothing was sent: whatever others booked of it has been made good.
  if (!settled) expect(isGranted).toBe(false);
  const { counts, cost } = settled?.answer ?? { counts: { input: 0, output: 0 }, cost: 0n };
  expect(sum(({ input }) => input)).toBe(counts.input);
  expect(sum(({ output }) => output)).toBe(counts.output);
  expect(mine.reduce((total, entry) => total + entry.cost!, 0n)).toBe(cost);
}
