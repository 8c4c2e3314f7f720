/** A store with budgets declared in it, and attempts that cost a thousand nano-dollars a token, for tests of one case. */
import type { Selectable } from 'kysely';
import { nanoUsd } from '../../src/base/money.ts';
import { bookSettle, makeReservation } from '../../src/ledger/book.ts';
import { type Bound, withOutput } from '../../src/ledger/bound.ts';
import {
  type Budget,
  type Claim,
  compileBudgets,
  matchBudgets,
  type Owner,
} from '../../src/ledger/budget.ts';
import type { Grant, ReserveRequest } from '../../src/ledger/ledger.ts';
import {
  type Batch,
  type BatchResult,
  emptyBatch,
  type Post,
  type Reserve,
} from '../../src/ledger/ledger-store.ts';
import { snapshotPrice } from '../../src/ledger/price-snapshot.ts';
import type { RateClaim } from '../../src/ledger/rate.ts';
import type { BudgetWindowsTable } from '../../src/store/schema.ts';
import type { Opened } from './ledger-lives.ts';

export const TOKEN_NANO = 1_000n;

export const deskPrice = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 1_000_000 } }],
};
const snapshot = snapshotPrice(deskPrice);

/** What a test says of a budget; the limit in tokens. */
export type Terms = Partial<Omit<Budget, 'limit' | 'id'>> & { readonly limit: number };

export interface Asked {
  /** Tokens; of output at most. */
  readonly input?: number;
  readonly output?: number;
  readonly floor?: number;
  readonly owner?: Partial<Owner>;
  readonly rates?: readonly RateClaim[];
}

export interface Attempt {
  readonly request: ReserveRequest;
  readonly reserve: Reserve;
}

export interface Desk {
  readonly at: Opened;
  /** As they are now, in the order in which they were declared. */
  readonly budgets: Budget[];
  nowMs: number;
  asked: number;
}

const NOON_MS = Date.UTC(2030, 4, 15, 12);

export async function openDesk(open: () => Promise<Opened>, all: readonly Terms[]): Promise<Desk> {
  const at = await open();
  const { store } = at;
  await store.write([store.kysely.insertInto('workspaces').values({ id: 'ws_1', name: 'w', created_at: 0 })]);
  const desk: Desk = { at, budgets: [], nowMs: NOON_MS, asked: 0 };
  await setTime(desk, NOON_MS);
  for (const terms of all) await declare(desk, terms);
  return desk;
}

export async function setTime(desk: Desk, ms: number): Promise<void> {
  desk.nowMs = ms;
  await desk.at.setTime(ms);
}

async function declare({ at: { store }, budgets }: Desk, { limit, ...terms }: Terms): Promise<void> {
  const budget: Budget = {
    id: `bud_${budgets.length}`,
    workspaceId: 'ws_1',
    name: `budget ${budgets.length}`,
    scope: { kind: 'workspace', id: '*' },
    period: 'day',
    enforcement: 'hard',
    version: 1,
    timeZone: 'UTC',
    anchorDay: 1,
    queueMs: 0,
    thresholds: [50, 80, 100],
    mode: 'worst-case',
    ...terms,
    limit: nanoUsd(BigInt(limit) * TOKEN_NANO),
  };
  budgets.push(budget);
  const row = {
    id: budget.id,
    workspace_id: budget.workspaceId,
    name: budget.name,
    scope_kind: budget.scope.kind,
    scope_id: budget.scope.id,
    limit_nano: budget.limit,
    enforcement: budget.enforcement,
    period: budget.period,
    time_zone: budget.timeZone,
    anchor_day: budget.anchorDay,
    output_cap: null,
    queue_ms: budget.queueMs,
    thresholds: JSON.stringify(budget.thresholds),
    mode: budget.mode,
    version: budget.version,
    before_time_zone: null,
    before_anchor_day: null,
    before_until: null,
    source: 'api',
    created_at: 0,
    archived_at: null,
  } as const;
  await store.write([store.kysely.insertInto('budgets').values(row)]);
}

/** A newer version of a budget; requests see it at once. */
export async function changeBudget(desk: Desk, which: number, limit: number): Promise<void> {
  const old = desk.budgets[which]!;
  const budget = { ...old, limit: nanoUsd(BigInt(limit) * TOKEN_NANO), version: old.version + 1 };
  desk.budgets[which] = budget;
  const { store } = desk.at;
  await store.write([
    store.kysely
      .updateTable('budgets')
      .set({ limit_nano: budget.limit, version: budget.version })
      .where('id', '=', budget.id),
  ]);
}

export function claimsOf({ budgets, nowMs }: Desk, owner: Partial<Owner> = {}): readonly Claim[] {
  const whole = { workspaceId: 'ws_1', keyId: 'key_1', provider: 'p', model: 'm', ...owner } as const;
  return matchBudgets(compileBudgets(budgets), whole, nowMs);
}

/** An attempt that was not made yet. */
export function ask(desk: Desk, asked: Asked): Attempt {
  const { input = 0, output = 0, floor = 0, owner = {}, rates = [] } = asked;
  desk.asked += 1;
  const claims = claimsOf(desk, owner);
  const bound = boundOf(input, output);
  const request: ReserveRequest = {
    exchangeId: `exc_${String(desk.asked).padStart(6, '0')}`,
    attempt: 1,
    workspaceId: 'ws_1',
    keyId: 'key_1',
    provider: 'p',
    model: 'm',
    clientFormat: 'openai-chat',
    lane: 'relay',
    price: deskPrice,
    inputEstimate: input,
    maxOutputTokens: output,
    createdAtMs: desk.nowMs,
    deadlineAtMs: desk.nowMs + 900_000,
    minOutput: floor,
    claims,
    bound,
    rates,
  };
  const reservation = makeReservation(request, snapshot);
  return { request, reserve: { reservation, price: snapshot, claims, bound, minOutput: floor, rates } };
}

export function boundOf(input: number, output: number): Bound {
  const inputNano = nanoUsd(BigInt(input) * TOKEN_NANO);
  const whole = { inputTokens: input, maxOutput: output, inputNano, fixedNano: nanoUsd(0n) };
  const basePico = BigInt(input) * 1_000_000n;
  return withOutput({ ...whole, basePico, outputRatePico: 1_000_000n, amountNano: nanoUsd(0n) }, output);
}

/** Its end, with so many output tokens and all of its input. */
export function settled(desk: Desk, { request, reserve }: Attempt, output: number): Post {
  return bookSettle(
    { reservation: reserve.reservation, price: deskPrice },
    {
      exchangeId: request.exchangeId,
      attempt: request.attempt,
      status: 'ok',
      isCharged: true,
      usage: {
        reported: { input: request.inputEstimate, output, raw: 0 },
        outputEstimate: 0,
        hasContent: true,
      },
      latencyMs: 1,
      settledAtMs: desk.nowMs,
    },
  );
}

export async function apply(
  { at }: Desk,
  batch: Partial<Batch>,
): Promise<Extract<BatchResult, { ok: true }>> {
  const result = await at.ledgerStore.applyBatch({ ...emptyBatch, ...batch });
  if (!result.ok) throw new Error(result.message);
  return result;
}

/** What was granted, in tokens; false = refused. */
export function tokensOf(grant: Grant): number | false {
  return grant.ok && Number((grant.amount ?? 0n) / TOKEN_NANO);
}

/** Makes them all in one batch. */
export async function reserveAll(desk: Desk, attempts: readonly Attempt[]): Promise<readonly Grant[]> {
  return (await apply(desk, { reserves: attempts.map(({ reserve }) => reserve) })).grants;
}

/** Windows in lock order, money in tokens. */
export async function windowsOf({ at }: Desk): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await at.store.kysely
    .selectFrom('budget_windows')
    .selectAll()
    .orderBy('budget_id')
    .orderBy('subject')
    .orderBy('start_at')
    .execute();
  return rows.map(plainWindow);
}

const tokens = (nano: bigint) => Number(nano / TOKEN_NANO);

function plainWindow(row: Selectable<BudgetWindowsTable>): Readonly<Record<string, unknown>> {
  return {
    budget: Number(row.budget_id.slice('bud_'.length)),
    subject: row.subject,
    start: row.start_at,
    end: row.end_at,
    limit: tokens(row.limit_nano),
    settled: tokens(row.settled_nano),
    reserved: tokens(row.reserved_nano),
    requests: row.requests,
    refusals: row.refusals,
    overruns: row.overruns,
  };
}
