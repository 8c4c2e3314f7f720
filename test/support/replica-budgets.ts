/** Hard budgets and a limit on streams that all replicas of random lives share, and what must always be true of them. */
import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import { nanoUsd } from '../../src/base/money.ts';
import type { Price } from '../../src/catalog/price.ts';
import { type Bound, boundOf } from '../../src/ledger/bound.ts';
import { type Budget, type Claim, compileBudgets, matchBudgets } from '../../src/ledger/budget.ts';
import type { RateClaim } from '../../src/ledger/rate.ts';
import type { Tables } from '../../src/store/schema.ts';

const HOUR_MS = 3_600_000;
const ROLLING_HOURS = 2;

/** An attempt is held at some 600,000: two at once of one key are too many, and forty in a day. */
const limits = [
  { id: 'bud_day', scope: { kind: 'workspace', id: '*' }, period: 'day', nano: 20_000_000n },
  { id: 'bud_hours', scope: { kind: 'key', id: '*' }, period: `rolling:${ROLLING_HOURS}`, nano: 800_000n },
  { id: 'bud_all', scope: { kind: 'model', id: 'p/m' }, period: 'total', nano: 150_000_000n },
] as const;
const STREAMS = 9;

const budgets: readonly Budget[] = limits.map(({ nano, ...budget }) => ({
  ...budget,
  workspaceId: 'ws_1',
  name: budget.id,
  limit: nanoUsd(nano),
  enforcement: 'hard',
  timeZone: 'Europe/Berlin',
  anchorDay: 1,
  queueMs: 0,
  thresholds: [20, 50, 100],
  mode: 'worst-case',
  version: 1,
}));
const compiled = compileBudgets(budgets);

export function claimsAt(keyId: string, atMs: number): readonly Claim[] {
  return matchBudgets(compiled, { workspaceId: 'ws_1', keyId, provider: 'p', model: 'm' }, atMs);
}

export function streamOf(keyId: string): readonly RateClaim[] {
  return [{ subject: `key:${keyId}`, metric: 'streams', limit: STREAMS, burstMs: 60_000, amount: 1 }];
}

export function boundFor(price: Price, inputTokens: number, maxOutput: number): Bound {
  const facts = { inputTokens, isInputOpen: false, cacheWrite: 'none', hasAudioInput: false } as const;
  const result = boundOf({
    prices: [price],
    facts: { ...facts, asksAudio: false, toolCalls: 0, choices: 1 },
    contextWindow: undefined,
    maxOutput,
    isStrict: false,
  });
  if (!result.ok) throw new Error(result.reason);
  return result.bound;
}

export async function declareBudgets(kysely: Kysely<Tables>): Promise<void> {
  const rows = budgets.map(({ scope, limit, ...budget }) => ({
    id: budget.id,
    workspace_id: budget.workspaceId,
    name: budget.name,
    scope_kind: scope.kind,
    scope_id: scope.id,
    limit_nano: limit,
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
    source: 'api' as const,
    created_at: 0,
    archived_at: null,
  }));
  await kysely.insertInto('budgets').values(rows).execute();
}

/**
 * Nothing is ever above its limit, of a rolling period over all hours that count. Only where an attempt cost more than
 * was held for it may it be: a process that died was booked at what had been noted, and what it had settled came late.
 */
export async function expectWithinLimits(kysely: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ over: unknown }>`
    select w as over from budget_windows w
    cross join lateral (
      select sum(o.settled_nano + o.reserved_nano) as nano, sum(o.overruns) as overruns from budget_windows o
      where o.budget_id = w.budget_id and o.subject = w.subject and o.start_at <= w.start_at
        and o.start_at >= w.start_at - case w.budget_id when 'bud_hours' then ${ROLLING_HOURS * HOUR_MS} else 0 end
    ) counted
    where counted.nano > w.limit_nano and counted.overruns = 0
      or w.reserved_nano < 0 or w.settled_nano < 0`.execute(kysely);
  expect(rows).toEqual([]);
  const { rows: streams } = await sql<{ subject: string }>`
    select subject from rate_limits where in_flight > ${STREAMS} or in_flight < 0`.execute(kysely);
  expect(streams).toEqual([]);
}

export interface BudgetTally {
  readonly alerts: number;
  readonly messages: number;
}

/** After all has ended: nothing is held, every threshold that was passed was told, and once. */
export async function judgeBudgets(kysely: Kysely<Tables>): Promise<BudgetTally> {
  const held = await kysely
    .selectFrom('budget_windows')
    .select('subject')
    .where('reserved_nano', '<>', 0n)
    .execute();
  expect(held).toEqual([]);
  const streams = await kysely.selectFrom('rate_limits').select('in_flight').execute();
  expect(streams.every(({ in_flight: count }) => count === 0)).toBe(true);
  const { rows: untold } = await sql`
    select w.budget_id, w.start_at, percent from budget_windows w, unnest(array[20, 50, 100]) percent
    where w.budget_id <> 'bud_hours' and w.settled_nano * 100 >= w.limit_nano * percent and not exists (
      select from budget_alerts a where a.budget_id = w.budget_id and a.subject = w.subject
        and a.start_at = w.start_at and a.threshold = percent
    )`.execute(kysely);
  expect(untold).toEqual([]);
  const alerts = await kysely.selectFrom('budget_alerts').select('threshold').execute();
  const messages = await kysely.selectFrom('outbox').select('topic').execute();
  return { alerts: alerts.length, messages: messages.length };
}
