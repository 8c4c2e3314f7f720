/**
 * Random lives of a ledger store under budgets and rates, as data: many attempts that reserve, wait, change what they
 * hold, settle, settle again, are never heard of, while operators change limits and clocks jump. Driven against any
 * store; the model of budget-oracle.ts judges every batch.
 */
import { expect } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { nanoUsd } from '../../src/base/money.ts';
import { type Budget, type Claim, compileBudgets, matchBudgets } from '../../src/ledger/budget.ts';
import type { AttemptKey, ReserveRequest } from '../../src/ledger/ledger.ts';
import { type Batch, emptyBatch, type LedgerStore } from '../../src/ledger/ledger-store.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { ownerOf, postOf, reserveOf } from './budget-attempts.ts';
import { watchBatches } from './budget-compare.ts';
import { type BudgetModel, emptyModel } from './budget-model.ts';
import { nameOf } from './budget-oracle.ts';
import { type BudgetLife, type BudgetStep, kinds, type Terms } from './budget-steps.ts';
import type { Opened } from './ledger-lives.ts';

const HOUR_MS = 3_600_000;
/** Ten minutes before midnight of a month's last day. */
const START_MS = Date.UTC(2030, 0, 31, 23, 50);
const CENT = 10_000_000n;

interface Attempt {
  readonly request: ReserveRequest;
  state: 'running' | 'interrupted' | 'ended';
}

export interface BudgetWorld {
  at: Opened;
  /** `at.ledgerStore`, every batch of it judged. */
  ledgerStore: LedgerStore;
  readonly model: BudgetModel;
  readonly versions: Map<string, Budget>;
  /** As this replica sees them, which may be late. */
  seen: readonly Budget[];
  nowMs: number;
  /** How many attempts there ever were. */
  asked: number;
  readonly attempts: Attempt[];
  /** Until the next commit. */
  readonly waiting: Exclude<BudgetStep, { kind: 'commit' }>[];
  /** What happened, so that a suite can show that it met what it is for. */
  readonly met: Map<string, number>;
}

/** Lives the life to its end, where all that still runs is recovered. Throws where store and model part. */
export async function liveUnderBudgets(open: () => Promise<Opened>, life: BudgetLife): Promise<BudgetWorld> {
  const world = await beginWorld(open, life.terms);
  for (const one of life.steps) await takeStep(world, one);
  await commit(world);
  await die(world);
  const report = await verifyLedger(world.at.store);
  expect(report.problems).toEqual([]);
  for (const window of world.model.windows.values()) expect(window.reserved).toBe(0n);
  for (const rate of world.model.rates.values()) expect(rate.inFlight).toBe(0);
  return world;
}

async function beginWorld(open: () => Promise<Opened>, all: readonly Terms[]): Promise<BudgetWorld> {
  const at = await open();
  await at.setTime(START_MS);
  const { store } = at;
  await store.write([store.kysely.insertInto('workspaces').values({ id: 'ws_1', name: 'w', created_at: 0 })]);
  const model = emptyModel();
  const world: BudgetWorld = {
    at,
    ledgerStore: at.ledgerStore,
    model,
    versions: new Map(),
    seen: [],
    nowMs: START_MS,
    asked: 0,
    attempts: [],
    waiting: [],
    met: new Map(),
  };
  world.ledgerStore = watch(world);
  for (const [which, one] of all.entries()) await declare(world, which, one, 1);
  world.seen = [...model.budgets.values()];
  return world;
}

function watch(world: BudgetWorld): LedgerStore {
  const { store, ledgerStore } = world.at;
  return watchBatches(ledgerStore, {
    store,
    model: world.model,
    versions: world.versions,
    now: () => world.nowMs,
  });
}

async function declare(world: BudgetWorld, which: number, of: Terms, version: number): Promise<void> {
  const { store } = world.at;
  const id = `bud_${which}` as const;
  const { scope, period } = kinds[which]!;
  const limit = nanoUsd(BigInt(of.limit) * CENT + BigInt(which));
  const enforcement = of.isHard ? 'hard' : 'soft';
  const budget: Budget = {
    id,
    workspaceId: 'ws_1',
    name: `budget ${which}, "the" ${version}.`,
    scope,
    period,
    limit,
    enforcement,
    version,
    timeZone: 'UTC',
    anchorDay: 1,
    queueMs: which % 3 === 2 ? 0 : 1_000,
    thresholds: of.thresholds,
    mode: 'worst-case',
  };
  const changing = {
    name: budget.name,
    limit_nano: limit,
    enforcement,
    thresholds: JSON.stringify(of.thresholds),
    version,
  } as const;
  const row = {
    ...changing,
    id,
    workspace_id: 'ws_1',
    scope_kind: scope.kind,
    scope_id: scope.id,
    period,
    time_zone: 'UTC',
    anchor_day: 1,
    output_cap: null,
    queue_ms: 0,
    mode: 'worst-case',
    before_time_zone: null,
    before_anchor_day: null,
    before_until: null,
    source: 'api',
    created_at: 0,
    archived_at: null,
  } as const;
  await store.write([
    version === 1
      ? store.kysely.insertInto('budgets').values(row)
      : store.kysely.updateTable('budgets').set(changing).where('id', '=', id),
  ]);
  world.model.budgets.set(id, budget);
  world.versions.set(`${id}/${version}`, budget);
}

async function takeStep(world: BudgetWorld, one: BudgetStep): Promise<void> {
  switch (one.kind) {
    case 'commit':
      return commit(world);
    case 'pass':
      return setTime(world, world.nowMs + one.seconds * 1_000);
    case 'jump':
      return setTime(world, world.nowMs + one.hours * HOUR_MS);
    case 'change': {
      const which = one.which % kinds.length;
      const { version } = world.model.budgets.get(`bud_${which}`)!;
      await declare(world, which, one.terms, version + 1);
      if (one.isSeen) world.seen = [...world.model.budgets.values()];
      return;
    }
    case 'see':
      world.seen = [...world.model.budgets.values()];
      return;
    case 'die':
      return die(world);
    default:
      world.waiting.push(one);
  }
}

async function setTime(world: BudgetWorld, ms: number): Promise<void> {
  world.nowMs = ms;
  await world.at.setTime(ms);
}

/** What waited is lost with its process, and what ran is booked by the next one. */
async function die(world: BudgetWorld): Promise<void> {
  world.waiting.length = 0;
  world.at = await world.at.die();
  world.ledgerStore = watch(world);
  const clock = { now: () => world.nowMs, monotonic: () => 0 };
  await recoverLedger({ store: world.ledgerStore, clock, log: silentLog });
  for (const attempt of world.attempts) if (attempt.state === 'running') attempt.state = 'interrupted';
}

interface Drafts {
  readonly batch: { -readonly [K in keyof Batch]: Mutable<Batch[K]> };
  readonly used: Set<string>;
  readonly after: (() => void)[];
}
type Mutable<T> = T extends readonly (infer E)[] ? E[] : T;

async function commit(world: BudgetWorld): Promise<void> {
  const drafts: Drafts = {
    batch: { ...emptyBatch, releases: [], posts: [], holds: [], refusals: [], reserves: [], progress: [] },
    used: new Set(),
    after: [],
  };
  const compiled = compileBudgets(world.seen);
  const claimsOf = (who: number) => matchBudgets(compiled, ownerOf(who), world.nowMs);
  const asked: Attempt[] = [];
  for (const one of world.waiting.splice(0)) draft(world, drafts, one, claimsOf, asked);
  const result = await world.ledgerStore.applyBatch(drafts.batch as Batch);
  if (!result.ok) throw new Error(result.message);
  for (const done of drafts.after) done();
  for (const [at, grant] of result.grants.entries()) {
    count(world, grant.ok ? 'granted' : grant.reason);
    const attempt = asked[at]!;
    if (!grant.ok) continue;
    if (grant.maxOutput !== undefined && grant.maxOutput < attempt.request.maxOutputTokens!)
      count(world, 'clamped');
    world.attempts.push(attempt);
  }
  for (const isHeld of result.holds) count(world, isHeld ? 'held' : 'not held');
  for (const _ of result.late) count(world, 'late');
}

function count(world: BudgetWorld, what: string): void {
  world.met.set(what, (world.met.get(what) ?? 0) + 1);
}

type Waiting = BudgetWorld['waiting'][number];

function draft(
  world: BudgetWorld,
  { batch, used, after }: Drafts,
  one: Waiting,
  claimsOf: (who: number) => readonly Claim[],
  asked: Attempt[],
): void {
  const pick = (state: Attempt['state'], which: number): Attempt | undefined => {
    const found = world.attempts.filter((a) => a.state === state && !used.has(nameOf(a.request)));
    return found[which % Math.max(1, found.length)];
  };
  switch (one.kind) {
    case 'reserve': {
      world.asked += 1;
      const made = reserveOf(one, world.asked, claimsOf(one.who), world.nowMs);
      batch.reserves.push(made.reserve);
      asked.push({ request: made.request, state: 'running' });
      return;
    }
    case 'refuse': {
      const claims = claimsOf(one.who);
      if (claims.length > 0) batch.refusals.push(claims[one.which % claims.length]!);
      return;
    }
    case 'settle': {
      const attempt = pick('running', one.which);
      if (!attempt) return;
      used.add(nameOf(attempt.request));
      batch.posts.push(postOf(attempt.request, one.status, one.share, world.nowMs));
      after.push(() => {
        attempt.state = one.status === 'interrupted' ? 'interrupted' : 'ended';
      });
      return;
    }
    case 'settle again': {
      const attempt = pick(one.share % 3 === 0 ? 'ended' : 'interrupted', one.which);
      if (!attempt) return;
      used.add(nameOf(attempt.request));
      batch.posts.push(postOf(attempt.request, 'ok', one.share, world.nowMs));
      return;
    }
    case 'release': {
      const attempt = pick('running', one.which);
      if (!attempt) return;
      used.add(nameOf(attempt.request));
      batch.releases.push(keyOf(attempt));
      after.push(() => void world.attempts.splice(world.attempts.indexOf(attempt), 1));
      return;
    }
    case 'hold': {
      const attempt = pick('running', one.which);
      if (!attempt) return;
      used.add(nameOf(attempt.request));
      const { claims = [], bound } = attempt.request;
      const amount = nanoUsd((bound!.amountNano * BigInt(one.share)) / 100n);
      batch.holds.push({ ...keyOf(attempt), amount, claims });
      return;
    }
    case 'pass':
    case 'jump':
    case 'change':
    case 'see':
    case 'die':
      return;
    default:
      one satisfies never;
  }
}

function keyOf({ request: { exchangeId, attempt } }: Attempt): AttemptKey {
  return { exchangeId, attempt };
}
