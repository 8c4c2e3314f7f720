/** One stretch of time at a glance, and how well each provider or model served in it. */
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { groupings, sumUsage } from '../usage.ts';
import { type Latency, latencyOf, sumLatencies } from './latency.ts';
import { loadKept, spansOf, type TimeRange } from './spans.ts';
import { addSums, noSums, readSums, type SumRow, type Sums, selectWhole, type UsageScope } from './sums.ts';

export interface Overview extends Sums, Latency {}

export async function loadOverview(store: Store, query: TimeRange & UsageScope): Promise<Overview> {
  const sums = await sumTotal(store, query);
  const histograms = await sumLatencies(store, query);
  return { ...sums, ...latencyOf(histograms.get('') ?? []) };
}

/** Everything in scope as one sum. */
export async function sumTotal(store: Store, query: TimeRange & UsageScope): Promise<Sums> {
  const spans = spansOf(query, await loadKept(store, query.workspaceId));
  if (spans.length === 0) return noSums;
  const parts = spans.map((span) => selectWhole(span, sql`0`, query));
  const { rows } = await sql<SumRow>`${sql.join(parts, sql` union all `)}`.execute(store.kysely);
  return rows.map(readSums).reduce(addSums, noSums);
}

export interface ServiceSum extends Sums, Latency {
  /** `provider` or `provider/model`. */
  readonly value: string;
}

export interface ServiceQuery extends TimeRange, UsageScope {
  readonly by: 'provider' | 'model';
  readonly limit: number;
}

/** More models than anybody has. */
const MAX_VALUES = 10_000;

/** Those with the most errors first. */
export async function sumServices(store: Store, query: ServiceQuery): Promise<readonly ServiceSum[]> {
  const sums = await sumUsage(store, { ...query, limit: MAX_VALUES });
  const histograms = await sumLatencies(store, query, groupings[query.by]);
  return sums
    .map((sum) => ({ ...sum, ...latencyOf(histograms.get(sum.value) ?? []) }))
    .toSorted((a, b) => b.errors - a.errors || b.entries - a.entries)
    .slice(0, query.limit);
}
