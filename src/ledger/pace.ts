/** What was spent of late, from the rollups: the pace that projections go by. */
import { sql } from 'kysely';
import { rollingHours, type ScopeKind } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { nanoUsd, ZERO_USD } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import type { Budget } from './budget.ts';
import type { BudgetWindow } from './budget-windows.ts';
import { type Pace, type Projection, projectSpend } from './projection.ts';
import { DAY_MS, HOUR_MS } from './rollup.ts';

/** Whose pace it is. */
export type Paced = Pick<Budget, 'period'> & {
  readonly workspaceId: WorkspaceId;
  readonly scopeKind: ScopeKind;
};

/** What a rollup knows of whose an entry is; of the other scopes it knows nothing. */
const columns = {
  workspace: sql<string>`workspace_id`,
  member: sql<string>`member_id`,
  agent: sql<string>`agent_id`,
  key: sql<string>`key_id`,
  provider: sql<string>`provider`,
  model: sql<string>`provider || '/' || model`,
} as const satisfies Partial<Record<ScopeKind, unknown>>;

/** How far back the pace of a period is taken from: long enough for its rhythm, short enough for news. */
function stretchOf(period: Budget['period']): number {
  const hours = rollingHours(period);
  if (hours !== undefined) return Math.min(Math.max(Math.ceil(hours / 4), 3) * HOUR_MS, 7 * DAY_MS);
  if (period === 'day') return 6 * HOUR_MS;
  return period === 'week' ? 2 * DAY_MS : 7 * DAY_MS;
}

/** From here on the days' table is read: a week of hours may be a hundred thousand rows. */
const DAYS_FROM_MS = 2 * DAY_MS;

/**
 * The pace of each of the subjects, by subject: from the first hour (of long stretches: day of UTC) in which it
 * spent anything, and where there is none of nothing. Empty = the rollups do not know whose spend it was.
 */
export async function recentPaces(
  store: Store,
  { workspaceId, scopeKind, period }: Paced,
  subjects: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, Pace>> {
  const column = columns[scopeKind as keyof typeof columns];
  if (column === undefined || subjects.length === 0) return new Map();
  const stretchMs = stretchOf(period);
  const isByDay = stretchMs >= DAYS_FROM_MS;
  const unitMs = isByDay ? DAY_MS : HOUR_MS;
  const fromMs = Math.floor((nowMs - stretchMs) / unitMs) * unitMs;
  const table = isByDay ? 'usage_days' : 'usage_hours';
  const start = sql.ref(isByDay ? 'day' : 'hour');
  const { rows } = await sql<{ subject: string; since: number; cost_nano: bigint }>`
    select ${column} as subject, cast(min(${start}) as bigint) as since, cast(sum(cost_nano) as bigint) as cost_nano
    from ${sql.table(table)}
    where workspace_id = ${workspaceId} and ${start} >= ${fromMs} and ${start} <= ${nowMs}
      and cost_nano > 0 and ${column} in (${sql.join(subjects)})
    group by 1`.execute(store.kysely);
  const idle = subjects.map((subject) => [subject, { sinceMs: fromMs, spent: ZERO_USD }] as const);
  const spent = rows.map(
    (row) => [row.subject, { sinceMs: row.since, spent: nanoUsd(row.cost_nano) }] as const,
  );
  return new Map<string, Pace>([...idle, ...spent]);
}

/** Where each window of a budget is going, by subject; absent = nothing can be said. */
export async function projectWindows(
  store: Store,
  budget: Budget,
  windows: readonly BudgetWindow[],
  nowMs: number,
): Promise<ReadonlyMap<string, Projection>> {
  const paced = { workspaceId: budget.workspaceId, scopeKind: budget.scope.kind, period: budget.period };
  const touched = windows.filter(({ settled }) => settled > 0n);
  const subjects = touched.map(({ subject }) => subject);
  const paces = await recentPaces(store, paced, subjects, nowMs);
  const found = new Map<string, Projection>();
  for (const { subject, startMs, endMs, settled, limit } of touched) {
    const recent = paces.get(subject);
    const projection = projectSpend({
      period: budget.period,
      ...{ startMs, endMs, nowMs, limit, recent },
      spent: settled,
    });
    if (projection) found.set(subject, projection);
  }
  return found;
}
