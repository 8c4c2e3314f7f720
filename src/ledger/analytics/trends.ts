/** A stretch of time beside the one before it. */
import type { Store } from '../../store/store.ts';
import { windowAt } from '../period.ts';
import { sumUsage, type UsageDimension, type UsageQuery, type UsageSum } from '../usage.ts';
import { sumTotal } from './overview.ts';
import type { TimeRange } from './spans.ts';
import { noSums, type Sums, type UsageScope } from './sums.ts';

/** A stretch and the one that it is compared with. */
export interface Comparison {
  readonly current: TimeRange;
  readonly previous: TimeRange;
}

export type ComparedPeriod = 'day' | 'week' | 'month';

/** The same length just before. */
export function compareRange(current: TimeRange): Comparison {
  const lengthMs = current.untilMs - current.sinceMs;
  return { current, previous: { sinceMs: current.sinceMs - lengthMs, untilMs: current.sinceMs } };
}

/**
 * The period that `untilMs` is in, as far as it has gone, and as much of the period before. Of a period before that
 * was shorter all of it: on the 31st, all of February.
 */
export function comparePeriod(period: ComparedPeriod, timeZone: string, untilMs: number): Comparison {
  const calendar = { period, timeZone, anchorDay: 1 };
  // A stretch that ends with the period is of that period, not the first moment of the next.
  const window = windowAt(calendar, untilMs - 1);
  const before = windowAt(calendar, window.startMs - 1);
  const elapsedMs = untilMs - window.startMs;
  return {
    current: { sinceMs: window.startMs, untilMs },
    previous: { sinceMs: before.startMs, untilMs: Math.min(before.startMs + elapsedMs, before.endMs) },
  };
}

export interface Trend {
  readonly value: string;
  readonly label?: string;
  readonly current: Sums;
  readonly previous: Sums;
}

export type TrendDimension = Exclude<UsageDimension, 'day' | 'session'>;

/** More values than any dimension of an installation has; those beyond are compared with nothing. */
const MAX_VALUES = 10_000;

export interface TrendQuery extends Comparison, UsageScope {
  readonly by: TrendDimension;
  readonly limit: number;
}

/** Those whose cost has changed most come first, up or down. */
export async function loadTrends(store: Store, query: TrendQuery): Promise<readonly Trend[]> {
  const select = (range: TimeRange): UsageQuery => ({ ...query, ...range, limit: MAX_VALUES });
  const current = await sumUsage(store, select(query.current));
  const previous = await sumUsage(store, select(query.previous));
  const before = new Map(previous.map((sum) => [sum.value, sum]));
  const trends = current.map((sum) => trendOf(sum, sum, before.get(sum.value) ?? noSums));
  const names = new Set(current.map((sum) => sum.value));
  const gone = previous.filter((sum) => !names.has(sum.value)).map((sum) => trendOf(sum, noSums, sum));
  return [...trends, ...gone].toSorted((a, b) => compare(changeOf(b), changeOf(a))).slice(0, query.limit);
}

export async function loadTotalTrend(store: Store, query: Comparison & UsageScope): Promise<Trend> {
  const current = await sumTotal(store, { ...query, ...query.current });
  return { value: '', current, previous: await sumTotal(store, { ...query, ...query.previous }) };
}

function trendOf({ value, label }: UsageSum, current: Sums, previous: Sums): Trend {
  return { value, ...(label !== undefined && { label }), current, previous };
}

function changeOf({ current, previous }: Trend): bigint {
  const change = current.cost - previous.cost;
  return change < 0n ? -change : change;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** Change in per cent, to a tenth; undefined = there was nothing before, so that no share says it. */
export function percentChange(current: bigint, previous: bigint): number | undefined {
  if (previous === 0n) return undefined;
  return Number(((current - previous) * 1000n) / (previous < 0n ? -previous : previous)) / 10;
}
