/** What a period will have cost at its end, if it goes on as it went: the arithmetic is that of budgets. */
import { type NanoUsd, ZERO_USD } from '../../base/money.ts';
import type { Store } from '../../store/store.ts';
import { windowAt } from '../period.ts';
import { projectSpend } from '../projection.ts';
import { DAY_MS } from '../rollup.ts';
import { loadFirstDay } from './days.ts';
import { sumTotal } from './overview.ts';
import { floorTo } from './spans.ts';
import type { UsageScope } from './sums.ts';
import type { ComparedPeriod } from './trends.ts';

export interface PeriodProjection {
  readonly period: ComparedPeriod;
  readonly startMs: number;
  readonly endMs: number;
  readonly spent: NanoUsd;
  /** Spend of a day, by the days that pace is taken of. */
  readonly pace: NanoUsd;
  /** The stretch before now that pace is taken of. */
  readonly paceSinceMs: number;
  /** At the end: what is spent and, for the time that is left, the pace. */
  readonly projected: NanoUsd;
  /** All of the period before. */
  readonly previous: NanoUsd;
}

/** A week has every weekday once: of fewer days a quiet weekend would be taken for a trend. */
const PACE_MS = 7 * DAY_MS;
/** The first requests of an installation are no pace yet: they count as those of a whole day. */
const MIN_PACE_MS = DAY_MS;

const periods: readonly ComparedPeriod[] = ['day', 'week', 'month'];

export async function loadProjections(
  store: Store,
  scope: UsageScope,
  timeZone: string,
  nowMs: number,
): Promise<readonly PeriodProjection[]> {
  const costOf = async (sinceMs: number, untilMs: number) =>
    (await sumTotal(store, { ...scope, sinceMs, untilMs })).cost;
  const firstMs = (await loadFirstDay(store, scope)) ?? nowMs;
  // From a midnight on, so that it is read from the sums of days.
  const weekMs = floorTo(nowMs - PACE_MS, DAY_MS);
  const paceSinceMs = Math.max(weekMs, Math.min(firstMs, nowMs - MIN_PACE_MS));
  const paceMs = BigInt(nowMs - paceSinceMs);
  const recent = await costOf(paceSinceMs, nowMs);
  // There is no limit to cross here.
  const input = { nowMs, limit: ZERO_USD, recent: { sinceMs: paceSinceMs, spent: recent } };
  const projections: PeriodProjection[] = [];
  for (const period of periods) {
    const calendar = { period, timeZone, anchorDay: 1 };
    const { startMs, endMs } = windowAt(calendar, nowMs - 1);
    const before = windowAt(calendar, startMs - 1);
    const spent = await costOf(startMs, nowMs);
    projections.push({
      period,
      startMs,
      endMs,
      spent,
      pace: ((recent * BigInt(DAY_MS)) / paceMs) as NanoUsd,
      paceSinceMs,
      projected: projectSpend({ ...input, period, startMs, endMs, spent })?.projected ?? spent,
      previous: await costOf(before.startMs, before.endMs),
    });
  }
  return projections;
}
