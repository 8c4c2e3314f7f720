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

async function summarize(store: Store, scope: UsageScope, range: TimeRange) {
  const query = { ...scope, ...range, limit: MAX_MODELS };
  const models = await sumUsage(store, { ...query, by: 'model' });
  const [provider] = await sumUsage(store, { ...query, by: 'provider', limit: 1 });
  const [model] = models;
  return {
    sums: models.reduce<Sums>((sum, { value: _value, label: _label, ...sums }) => addSums(sum, sums), noSums),
    topModel: model && leaderOf(model),
    topProvider: provider && leaderOf(provider),
  };
}

function leaderOf({ value, ...sums }: Sums & { readonly value: string }): Leader {
  return { value, sums };
}
