/** Sums of entries by hour and by day, made per batch and added to the tables in the transaction of the entries. */
import type { UsageDaysTable, UsageHoursTable } from '../store/schema.ts';
import type { Entry } from './book.ts';
import type { EntryStatus } from './ledger.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** One row of a rollup, whatever its period; the histogram as numbers. */
export type Rollup = Writable<
  Omit<UsageHoursTable & UsageDaysTable, 'hour' | 'day' | 'latency_histogram'>
> & {
  /** Epoch milliseconds of the start of the hour or day. */
  readonly period: number;
  readonly histogram: number[];
};

/** How an attempt must end to count as an error: not by the client's own doing. */
export const errorStatuses: readonly string[] = [
  'upstream_error',
  'truncated',
  'timeout',
  'interrupted',
  'not_sent',
] satisfies EntryStatus[];

/** Rollups of one period length (`HOUR_MS` or `DAY_MS`; UTC). */
export function rollUp(entries: readonly Entry[], periodMs: number): readonly Rollup[] {
  const rollups = new Map<string, Rollup>();
  for (const entry of entries) {
    const period = entry.created_at - (entry.created_at % periodMs);
    const key = `${period}\n${entry.key_id}\n${entry.provider}\n${entry.model}\n${entry.agent_id ?? ''}\n${entry.member_id ?? ''}\n${entry.workspace_id}`;
    let rollup = rollups.get(key);
    if (!rollup) {
      rollup = emptyRollup(entry, period);
      rollups.set(key, rollup);
    }
    add(rollup, entry);
  }
  return [...rollups.values()];
}

function emptyRollup(entry: Entry, period: number): Rollup {
  return {
    period,
    workspace_id: entry.workspace_id,
    key_id: entry.key_id,
    member_id: entry.member_id ?? '',
    agent_id: entry.agent_id ?? '',
    provider: entry.provider,
    model: entry.model,
    entries: 0,
    errors: 0,
    estimated: 0,
    unpriced: 0,
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    cost_nano: 0n,
    latency_ms: 0,
    ttft_ms: 0,
    ttft_entries: 0,
    histogram: [],
  };
}

function add(rollup: Rollup, entry: Entry): void {
  // A correction changes the sums of its attempt; it is no attempt of its own.
  if (entry.sequence === 0) {
    rollup.entries += 1;
    if (errorStatuses.includes(entry.status)) rollup.errors += 1;
    if (entry.is_estimated) rollup.estimated += 1;
    if (entry.price_state === 'unknown') rollup.unpriced += 1;
  }
  rollup.input_tokens += entry.input_tokens;
  rollup.cache_read_tokens += entry.cache_read_tokens;
  rollup.cache_write_5m_tokens += entry.cache_write_5m_tokens;
  rollup.cache_write_1h_tokens += entry.cache_write_1h_tokens;
  rollup.output_tokens += entry.output_tokens;
  rollup.reasoning_tokens += entry.reasoning_tokens;
  rollup.audio_input_tokens += entry.audio_input_tokens;
  rollup.audio_output_tokens += entry.audio_output_tokens;
  rollup.cost_nano += entry.cost_nano;
  if (entry.ttft_ms !== null) {
    rollup.ttft_ms += entry.ttft_ms;
    rollup.ttft_entries += 1;
  }
  if (entry.latency_ms !== null) {
    rollup.latency_ms += entry.latency_ms;
    countLatency(rollup.histogram, entry.latency_ms);
  }
}

/** Number of bits of the latency: 0 for less than a millisecond, 1 for 1 ms, 10 for 512-1023 ms, 31 at most. */
export function bucketOf(latencyMs: number): number {
  return latencyMs >= 2 ** 31 ? 31 : 32 - Math.clz32(latencyMs);
}

function countLatency(histogram: number[], latencyMs: number): void {
  const bucket = bucketOf(latencyMs);
  while (histogram.length <= bucket) histogram.push(0);
  histogram[bucket] = histogram[bucket]! + 1;
}

export function addHistograms(a: readonly number[], b: readonly number[]): number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return long.map((count, bucket) => count + (short[bucket] ?? 0));
}

/** Histograms as the tables keep them: JSON. */
export function mergeHistograms(a: string, b: string): string {
  return JSON.stringify(addHistograms(JSON.parse(a) as number[], JSON.parse(b) as number[]));
}
