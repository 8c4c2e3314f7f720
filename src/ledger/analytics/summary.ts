/** Today, this week and this month, each beside as much of the one before, and what led them. */
import type { Store } from '../../store/store.ts';
import { sumUsage } from '../usage.ts';
import { sumTotal } from './overview.ts';
import type { TimeRange } from './spans.ts';
import { addSums, noSums, type Sums, type UsageScope } from './sums.ts';
import { type ComparedPeriod, type Comparison, comparePeriod } from './trends.ts';

export interface Leader {
  readonly value: string;
  readonly sums: Sums;
}

export interface PeriodSummary extends Comparison {
  readonly period: ComparedPeriod;
  readonly sums: Sums;
  readonly before: Sums;
  /** By cost, then by attempts; undefined = nothing was sent. */
  readonly topModel: Leader | undefined;
  readonly topProvider: Leader | undefined;
}

const periods: readonly ComparedPeriod[] = ['day', 'week', 'month'];
/** More models than anybody has. */
const MAX_MODELS = 10_000;

export async function loadSummary(
  store: Store,
  scope: UsageScope,
  timeZone: string,
  untilMs: number,
): Promise<readonly PeriodSummary[]> {
  const summaries: PeriodSummary[] = [];
  for (const period of periods) {
    const compared = comparePeriod(period, timeZone, untilMs);
    summaries.push({
      period,
      ...compared,
      ...(await summarize(store, scope, compared.current)),
      before: await sumTotal(store, { ...scope, ...compared.previous }),
    });
  }
  return summaries;
}

/** Of one reading: who leads and what it is a share of belong together. */
async function summarize(store: Store, scope: UsageScope, range: TimeRange) {
  const models = await sumUsage(store, { ...scope, ...range, by: 'model', limit: MAX_MODELS });
  const providers = new Map<string, Sums>();
  for (const { value, ...sums } of models) {
    // No provider has a slash in its name.
    const provider = value.slice(0, value.indexOf('/'));
    providers.set(provider, addSums(providers.get(provider) ?? noSums, sums));
  }
  return {
    sums: [...providers.values()].reduce(addSums, noSums),
    topModel: leaderOf(models.map(({ value, ...sums }) => [value, sums])),
    topProvider: leaderOf([...providers]),
  };
}

function leaderOf(rows: readonly (readonly [string, Sums])[]): Leader | undefined {
  const [first] = rows.toSorted(([, a], [, b]) =>
    a.cost === b.cost ? b.entries - a.entries : a.cost < b.cost ? 1 : -1,
  );
  return first && { value: first[0], sums: first[1] };
}
