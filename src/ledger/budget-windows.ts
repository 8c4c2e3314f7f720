/** What is spent and held of budgets now: their open windows, for people to look at. Admission reads its own rows. */
import { sql } from 'kysely';
import { type BudgetId, EACH } from '../base/budget.ts';
import { type NanoUsd, nanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import { type Budget, budgetWindowAt } from './budget.ts';
import { countedFrom, type Window } from './period.ts';

export interface BudgetWindow extends Window {
  /** The value it is counted for. */
  readonly subject: string;
  readonly limit: NanoUsd;
  readonly settled: NanoUsd;
  readonly reserved: NanoUsd;
  readonly requests: number;
  readonly refusals: number;
  /** Attempts that cost more than was reserved for them. */
  readonly overruns: number;
  /** When the first request was refused for it; undefined = none was. */
  readonly blockedAtMs: number | undefined;
}

export interface OpenWindows {
  /** Those with the most spent and reserved first. */
  readonly windows: readonly BudgetWindow[];
  /** How many values there are, shown or not. */
  readonly count: number;
}

/**
 * The window each budget has open at `atMs`, for at most `limit` values of each. Of a rolling period the sum of the
 * hours that count, from the first of them to the end of this one. A value nothing was spent for has no window.
 */
export async function openWindows(
  store: Store,
  budgets: readonly Budget[],
  atMs: number,
  limit: number,
): Promise<ReadonlyMap<BudgetId, OpenWindows>> {
  const found = await Promise.all(
    budgets.map(async (budget) => [budget.id, await windowsOf(store, budget, atMs, limit)] as const),
  );
  return new Map(found);
}

async function windowsOf(store: Store, budget: Budget, atMs: number, limit: number): Promise<OpenWindows> {
  const window = budgetWindowAt(budget, atMs);
  const fromMs = countedFrom(budget, window);
  const rows = await store.kysely
    .selectFrom('budget_windows')
    .select(({ fn }) => [
      'subject',
      sql<bigint>`cast(sum(settled_nano) as bigint)`.as('settled_nano'),
      sql<bigint>`cast(sum(reserved_nano) as bigint)`.as('reserved_nano'),
      fn.min('blocked_at').as('blocked_at'),
      sql<number>`cast(sum(requests) as bigint)`.as('requests'),
      sql<number>`cast(sum(refusals) as bigint)`.as('refusals'),
      sql<number>`cast(sum(overruns) as bigint)`.as('overruns'),
      sql<number>`count(*) over ()`.as('subjects'),
    ])
    .where('budget_id', '=', budget.id)
    .where('start_at', '>=', fromMs)
    // Says no more than the line before, but there is an index of ends.
    .where('end_at', '>', fromMs)
    .where('start_at', '<=', window.startMs)
    .groupBy('subject')
    .orderBy(sql`sum(settled_nano) + sum(reserved_nano)`, 'desc')
    .orderBy('subject')
    .limit(limit)
    .execute();
  const windows = rows.map((row) => ({
    subject: row.subject,
    startMs: fromMs,
    endMs: window.endMs,
    limit: budget.limit,
    settled: nanoUsd(row.settled_nano),
    reserved: nanoUsd(row.reserved_nano),
    requests: row.requests,
    refusals: row.refusals,
    overruns: row.overruns,
    blockedAtMs: row.blocked_at ?? undefined,
  }));
  if (windows.length > 0) return { windows, count: rows[0]!.subjects };
  const subject = onlySubject(budget);
  if (subject === undefined) return { windows: [], count: 0 };
  return { windows: [untouched(budget, subject, { startMs: fromMs, endMs: window.endMs })], count: 1 };
}

/** Of budgets that count one value; undefined = the values are what comes. */
function onlySubject({ scope, workspaceId }: Budget): string | undefined {
  if (scope.kind === 'workspace') return workspaceId;
  return scope.id === EACH ? undefined : scope.id;
}

function untouched({ limit }: Budget, subject: string, window: Window): BudgetWindow {
  const none = nanoUsd(0n);
  const counts = { requests: 0, refusals: 0, overruns: 0, blockedAtMs: undefined };
  return { subject, ...window, limit, settled: none, reserved: none, ...counts };
}

/** What may still be reserved; below 0 where more was spent than the limit is now. */
export function remainingOf({ limit, settled, reserved }: BudgetWindow): NanoUsd {
  return nanoUsd(limit - settled - reserved);
}

/** When some of it comes back, in epoch milliseconds: for rolling periods the end of the hour. undefined = never. */
export function resetOf({ period }: Pick<Budget, 'period'>, { endMs }: Window): number | undefined {
  return period === 'total' ? undefined : endMs;
}
