/** How long attempts took: the histograms of the rollups added up, and what percentiles they tell. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Dialect, Store } from '../../store/store.ts';
import { addHistograms } from '../rollup.ts';
import { loadKept, type Span, spansOf, type TimeRange } from './spans.ts';
import { conditionsOf, sources, type UsageScope } from './sums.ts';

/** Counts by the number of bits of the milliseconds; see rollup.ts. */
export type Histogram = readonly number[];

export interface Latency {
  /** Milliseconds; undefined = nothing was measured. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export function latencyOf(histogram: Histogram): Latency {
  return {
    p50Ms: percentileOf(histogram, 0.5),
    p95Ms: percentileOf(histogram, 0.95),
    p99Ms: percentileOf(histogram, 0.99),
  };
}

/**
 * Milliseconds below which the given share (0-1) of the latencies lies, never further off than the width of its
 * bucket: within it they are taken to be spread evenly. undefined = there are none.
 */
export function percentileOf(histogram: Histogram, share: number): number | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(total * share));
  let below = 0;
  const bucket = histogram.findIndex((count) => {
    below += count;
    return below >= rank;
  });
  const count = histogram[bucket]!;
  const first = bucket === 0 ? 0 : 2 ** (bucket - 1);
  const last = 2 ** bucket - 1;
  const place = (rank - (below - count) - 0.5) / count;
  return Math.round(first + (last - first) * place);
}

/** All latencies of the range by a value of the rows; one histogram under `''` where none is named. */
export async function sumLatencies(
  store: Store,
  range: TimeRange & UsageScope,
  value: RawBuilder<unknown> = sql`''`,
): Promise<ReadonlyMap<string, Histogram>> {
  const histograms = new Map<string, Histogram>();
  const add = (name: string, histogram: Histogram) =>
    histograms.set(name, addHistograms(histograms.get(name) ?? [], histogram));
  for (const span of spansOf(range, await loadKept(store, range.workspaceId))) {
    if (span.source === 'entries') {
      for (const { name, bucket, count } of await countBuckets(store, span, value, range))
        add(name, [...new Array<number>(bucket).fill(0), count]);
      continue;
    }
    for (const { name, texts } of await loadTexts(store, span, value, range)) {
      add(name, addTexts(texts));
      // A piece is some hundred kilobytes of numbers.
      await nextTurn();
    }
  }
  return histograms;
}

const joined: Readonly<Record<Dialect, RawBuilder<unknown>>> = {
  sqlite: sql`group_concat(latency_histogram, '')`,
  postgres: sql`string_agg(latency_histogram, '')`,
};

/** The histograms of each period as one text: the database only strings them together, which is all it does fast. */
async function loadTexts(store: Store, span: Span, value: RawBuilder<unknown>, scope: UsageScope) {
  const { table, time } = sources[span.source];
  const { rows } = await sql<{ name: string; texts: string }>`
    select ${value} as name, ${joined[store.dialect]} as texts from ${sql.table(table)}
    where ${sql.join(conditionsOf(span, scope), sql` and `)} group by ${sql.ref(time)}, 1`.execute(
    store.kysely,
  );
  return rows;
}

/** Adds up `[1,2][0,3]`, as the tables keep histograms, one behind the other. */
export function addTexts(texts: string): Histogram {
  const sums: number[] = [];
  let bucket = 0;
  let count = 0;
  for (let at = 0; at < texts.length; at += 1) {
    const code = texts.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      count = count * 10 + (code - ZERO);
      continue;
    }
    // Of `[]` nothing is counted.
    if (code === OPEN) bucket = 0;
    else {
      sums[bucket] = (sums[bucket] ?? 0) + count;
      bucket += 1;
    }
    count = 0;
  }
  return sums;
}

const ZERO = 48;
const NINE = 57;
const OPEN = 91;

const MOST_BITS = 31;

/** Entries that no rollup of the range holds alone: at most an hour of them at each end. */
async function countBuckets(store: Store, span: Span, value: RawBuilder<unknown>, scope: UsageScope) {
  const cases = Array.from({ length: MOST_BITS }, (_, bits) => {
    return sql`when latency_ms < ${sql.lit(2 ** bits)} then ${sql.lit(bits)}`;
  });
  const { rows } = await sql<{ name: string; bucket: number; count: number }>`
    select ${value} as name, case ${sql.join(cases, sql` `)} else ${sql.lit(MOST_BITS)} end as bucket,
      count(*) as count
    from ledger_entries where ${sql.join(conditionsOf(span, scope), sql` and `)} and latency_ms is not null
    group by 1, 2`.execute(store.kysely);
  return rows;
}
