/**
 * What was spent, summed by one dimension over a stretch of time. Whole days come from the day rollups, whole
 * hours from the hour rollups, and what is left at the two ends from the entries, so that any range is exact.
 */
import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import { addHistograms, DAY_MS, errorStatuses, HOUR_MS } from './rollup.ts';

export type UsageDimension = 'model' | 'provider' | 'key' | 'agent' | 'day' | 'session';

/** Half-open, epoch milliseconds. */
export interface TimeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

export interface UsageSum {
  /** The value of the dimension (`provider/model`, key id, ISO day); empty where the entries have none. */
  readonly value: string;
  /** Name of the key, where the dimension is `key`. */
  readonly label?: string;
  /** One per attempt. */
  readonly entries: number;
  readonly errors: number;
  /** Entries whose counts are our estimate. */
  readonly estimated: number;
  /** Entries of unknown price; they are not in `cost`. */
  readonly unpriced: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly cost: NanoUsd;
}

export interface UsageQuery extends TimeRange {
  readonly by: UsageDimension;
  readonly limit: number;
  readonly workspaceId?: WorkspaceId;
}

/** Dearest first; days newest first. Sessions are summed from the entries, which is slow over long ranges. */
export async function sumUsage(store: Store, query: UsageQuery): Promise<readonly UsageSum[]> {
  const parts = spansOf(query, query.by).map((span) => selectSpan(span, query));
  if (parts.length === 0) return [];
  const order = query.by === 'day' ? sql`value desc` : sql`cost_nano desc, entries desc, value`;
  const sums = sumColumns.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`);
  const { rows } = await sql<UsageRow>`
    select value, ${sql.join(sums)} from (${sql.join(parts, sql` union all `)}) as spans
    group by value order by ${order} limit ${query.limit}`.execute(store.kysely);
  const labels = query.by === 'key' ? await loadKeyNames(store) : undefined;
  return rows.map((row) => readSum(row, query.by, labels));
}

/** Latencies of a range, hour by hour, as counts of log2 milliseconds. */
export async function sumLatencies(store: Store, range: TimeRange): Promise<readonly number[]> {
  const rows = await store.kysely
    .selectFrom('usage_hours')
    .select('latency_histogram')
    .where('hour', '>=', floorTo(range.sinceMs, HOUR_MS))
    .where('hour', '<', range.untilMs)
    .execute();
  return rows.reduce<number[]>(
    (sum, row) => addHistograms(sum, JSON.parse(row.latency_histogram) as number[]),
    [],
  );
}

/** Upper edge, in milliseconds, of the bucket that holds the given share (0-1) of the latencies. */
export function percentileOf(histogram: readonly number[], share: number): number | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  const bucket = histogram.findIndex((count) => {
    seen += count;
    return seen >= total * share;
  });
  return 2 ** bucket - 1;
}

type Source = 'days' | 'hours' | 'entries';
interface Span extends TimeRange {
  readonly source: Source;
}

/** The fewest rows that cover the range exactly. Sessions are in no rollup. */
function spansOf(range: TimeRange, by: UsageDimension): readonly Span[] {
  const { sinceMs, untilMs } = range;
  if (by === 'session') return keepWhole([{ source: 'entries', sinceMs, untilMs }]);
  const firstHour = Math.min(ceilTo(sinceMs, HOUR_MS), untilMs);
  const lastHour = Math.max(floorTo(untilMs, HOUR_MS), firstHour);
  const firstDay = Math.min(ceilTo(firstHour, DAY_MS), lastHour);
  const lastDay = Math.max(floorTo(lastHour, DAY_MS), firstDay);
  return keepWhole([
    { source: 'entries', sinceMs, untilMs: firstHour },
    { source: 'hours', sinceMs: firstHour, untilMs: firstDay },
    { source: 'days', sinceMs: firstDay, untilMs: lastDay },
    { source: 'hours', sinceMs: lastDay, untilMs: lastHour },
    { source: 'entries', sinceMs: lastHour, untilMs },
  ]);
}

function keepWhole(spans: readonly Span[]): readonly Span[] {
  return spans.filter((span) => span.sinceMs < span.untilMs);
}

function floorTo(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}

function ceilTo(timeMs: number, stepMs: number): number {
  return Math.ceil(timeMs / stepMs) * stepMs;
}

const tokenColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
] as const;
const sumColumns = ['entries', 'errors', 'estimated', 'unpriced', ...tokenColumns, 'cost_nano'] as const;
type UsageRow = Record<Exclude<(typeof sumColumns)[number], 'cost_nano'>, number> & {
  readonly value: string | number;
  readonly cost_nano: bigint;
};

/** How a source names its time, and its rows. */
const sources = {
  days: { table: 'usage_days', time: 'day' },
  hours: { table: 'usage_hours', time: 'hour' },
  entries: { table: 'ledger_entries', time: 'created_at' },
} as const;

function selectSpan(span: Span, query: UsageQuery): RawBuilder<unknown> {
  const { table, time } = sources[span.source];
  const columns = sumColumns.map((column) => {
    const sum = span.source === 'entries' ? countEntries(column) : sql`sum(${sql.ref(column)})`;
    return sql`${sum} as ${sql.ref(column)}`;
  });
  // Naming the workspaces lets the index on (workspace, time) do the work.
  const owner = query.workspaceId
    ? sql`workspace_id = ${query.workspaceId}`
    : sql`workspace_id in (select id from workspaces)`;
  return sql`
    select ${dimensionOf(query.by, time)} as value, ${sql.join(columns)} from ${sql.table(table)}
    where ${owner} and ${sql.ref(time)} >= ${span.sinceMs} and ${sql.ref(time)} < ${span.untilMs}
    group by 1`;
}

function dimensionOf(by: UsageDimension, time: string): RawBuilder<unknown> {
  switch (by) {
    case 'model':
      return sql`provider || '/' || model`;
    case 'provider':
      return sql`provider`;
    case 'key':
      return sql`key_id`;
    case 'agent':
      return sql`coalesce(agent_id, '')`;
    case 'session':
      return sql`coalesce(session_id, '')`;
    case 'day':
      return sql`${sql.ref(time)} - ${sql.ref(time)} % ${sql.lit(DAY_MS)}`;
    default:
      return by satisfies never;
  }
}

/** The sums a rollup keeps, made from entries: corrections change tokens and cost, but are no attempts. */
function countEntries(column: (typeof sumColumns)[number]): RawBuilder<unknown> {
  const count = (condition: RawBuilder<unknown>) =>
    sql`sum(case when sequence = 0 and ${condition} then 1 else 0 end)`;
  switch (column) {
    case 'entries':
      return count(sql`1 = 1`);
    case 'errors':
      return count(sql`status in (${sql.join(errorStatuses.map((status) => sql.lit(status)))})`);
    case 'estimated':
      return count(sql`is_estimated = 1`);
    case 'unpriced':
      return count(sql`price_state = 'unknown'`);
    default:
      return sql`sum(${sql.ref(column)})`;
  }
}

async function loadKeyNames(store: Store): Promise<ReadonlyMap<string, string>> {
  const rows = await store.kysely.selectFrom('keys').select(['id', 'name']).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

function readSum(
  row: UsageRow,
  by: UsageDimension,
  labels: ReadonlyMap<string, string> | undefined,
): UsageSum {
  const value = by === 'day' ? new Date(Number(row.value)).toISOString().slice(0, 10) : String(row.value);
  const label = labels?.get(value);
  return {
    value,
    ...(label !== undefined && { label }),
    entries: row.entries,
    errors: row.errors,
    estimated: row.estimated,
    unpriced: row.unpriced,
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite: row.cache_write_5m_tokens + row.cache_write_1h_tokens,
    output: row.output_tokens,
    reasoning: row.reasoning_tokens,
    audioInput: row.audio_input_tokens,
    audioOutput: row.audio_output_tokens,
    cost: row.cost_nano as NanoUsd,
  };
}
