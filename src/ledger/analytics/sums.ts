/** What is summed, of which rows: the same columns of entries and of both rollups. */
import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceId } from '../../base/ids.ts';
import { type NanoUsd, ZERO_USD } from '../../base/money.ts';
import type { Store } from '../../store/store.ts';
import { errorStatuses } from '../rollup.ts';
import type { Source, Span } from './spans.ts';

export interface Sums {
  /** One per attempt. */
  readonly entries: number;
  readonly errors: number;
  /** Entries whose counts are our estimate. */
  readonly estimated: number;
  /** Entries of unknown price; they are not in `cost`. */
  readonly unpriced: number;
  readonly input: number;
  readonly cacheRead: number;
  /** Of both lifetimes. */
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly cost: NanoUsd;
  /** Of all entries that have one together. */
  readonly ttftMs: number;
  readonly ttftEntries: number;
}

export const noSums: Sums = {
  entries: 0,
  errors: 0,
  estimated: 0,
  unpriced: 0,
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  cost: ZERO_USD,
  ttftMs: 0,
  ttftEntries: 0,
};

/** Whose rows. What is named must be the row's own; the empty text is "none". */
export interface UsageScope {
  readonly workspaceId?: WorkspaceId;
  readonly provider?: string;
  /** With or without its provider before it. */
  readonly model?: string;
  readonly keyId?: string;
  readonly agentId?: string;
  /** Any of these; an empty list is none. */
  readonly agentIds?: readonly string[];
  readonly memberId?: string;
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
const sumColumns = [
  'entries',
  'errors',
  'estimated',
  'unpriced',
  ...tokenColumns,
  'cost_nano',
  'ttft_ms',
  'ttft_entries',
] as const;
type SumColumn = (typeof sumColumns)[number];

export type SumRow = Record<Exclude<SumColumn, 'cost_nano'>, number> & { readonly cost_nano: bigint };

/** How a source names its time, and its rows. */
export const sources = {
  days: { table: 'usage_days', time: 'day' },
  hours: { table: 'usage_hours', time: 'hour' },
  entries: { table: 'ledger_entries', time: 'created_at' },
} as const;

/** The sums of one span by a value; the columns are `value` and the sums. */
export function selectSpan(span: Span, value: RawBuilder<unknown>, scope: UsageScope): RawBuilder<unknown> {
  return sql`
    select ${value} as value, ${sumsOf(span.source)} from ${sql.table(sources[span.source].table)}
    where ${sql.join(conditionsOf(span, scope), sql` and `)} group by 1`;
}

/** One row without a value, of zeros where there is nothing: for many spans in one statement. */
export function selectWhole(span: Span, place: RawBuilder<unknown>, scope: UsageScope): RawBuilder<unknown> {
  return sql`
    select ${place} as value, ${sumsOf(span.source)} from ${sql.table(sources[span.source].table)}
    where ${sql.join(conditionsOf(span, scope), sql` and `)}`;
}

/** The sums, of entries or of rollups, by the names of the columns. */
export function sumsOf(source: Source): RawBuilder<unknown> {
  return sql.join(
    sumColumns.map((column) => {
      const sum = source === 'entries' ? countEntries(column) : sql`sum(${sql.ref(column)})`;
      return sql`coalesce(${sum}, 0) as ${sql.ref(column)}`;
    }),
  );
}

const addedSums: RawBuilder<unknown> = sql.join(
  sumColumns.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`),
);

/** The sums of all spans together by a value, dearest first. */
export async function sumSpans(
  { kysely }: Pick<Store, 'kysely'>,
  spans: readonly Span[],
  value: RawBuilder<unknown>,
  scope: UsageScope & { readonly limit: number },
): Promise<readonly (Sums & { readonly value: string })[]> {
  if (spans.length === 0) return [];
  const parts = spans.map((span) => selectSpan(span, value, scope));
  const { rows } = await sql<SumRow & { value: string }>`
    select value, ${addedSums} from (${sql.join(parts, sql` union all `)}) as spans
    group by value order by cost_nano desc, entries desc, value limit ${scope.limit}`.execute(kysely);
  return rows.map((row) => ({ value: row.value, ...readSums(row) }));
}

export function conditionsOf({ source, sinceMs, untilMs }: Span, scope: UsageScope): RawBuilder<unknown>[] {
  const time = sql.ref(sources[source].time);
  const conditions = [
    // Naming the workspaces lets the index on (workspace, time) do the work.
    scope.workspaceId !== undefined
      ? sql`workspace_id = ${scope.workspaceId}`
      : sql`workspace_id in (select id from workspaces)`,
    sql`${time} >= ${sql.lit(sinceMs)} and ${time} < ${sql.lit(untilMs)}`,
  ];
  if (scope.keyId !== undefined) conditions.push(sql`key_id = ${scope.keyId}`);
  if (scope.agentId !== undefined) conditions.push(sql`coalesce(agent_id, '') = ${scope.agentId}`);
  if (scope.agentIds !== undefined)
    conditions.push(
      scope.agentIds.length === 0 ? sql`1 = 0` : sql`agent_id in (${sql.join(scope.agentIds)})`,
    );
  if (scope.memberId !== undefined) conditions.push(sql`coalesce(member_id, '') = ${scope.memberId}`);
  if (scope.provider !== undefined) conditions.push(sql`provider = ${scope.provider}`);
  if (scope.model !== undefined)
    conditions.push(sql`(model = ${scope.model} or provider || '/' || model = ${scope.model})`);
  return conditions;
}

/** The sums a rollup keeps, made from entries: corrections change tokens and cost, but are no attempts. */
function countEntries(column: SumColumn): RawBuilder<unknown> {
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
    case 'ttft_entries':
      return sql`count(ttft_ms)`;
    default:
      return sql`sum(${sql.ref(column)})`;
  }
}

export function readSums(row: SumRow): Sums {
  return {
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
    ttftMs: row.ttft_ms,
    ttftEntries: row.ttft_entries,
  };
}

export function addSums(a: Sums, b: Sums): Sums {
  return combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

export function subtractSums(a: Sums, b: Sums): Sums {
  return combine(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

function combine(
  a: Sums,
  b: Sums,
  counts: (x: number, y: number) => number,
  money: (x: bigint, y: bigint) => bigint,
): Sums {
  return {
    entries: counts(a.entries, b.entries),
    errors: counts(a.errors, b.errors),
    estimated: counts(a.estimated, b.estimated),
    unpriced: counts(a.unpriced, b.unpriced),
    input: counts(a.input, b.input),
    cacheRead: counts(a.cacheRead, b.cacheRead),
    cacheWrite: counts(a.cacheWrite, b.cacheWrite),
    output: counts(a.output, b.output),
    reasoning: counts(a.reasoning, b.reasoning),
    audioInput: counts(a.audioInput, b.audioInput),
    audioOutput: counts(a.audioOutput, b.audioOutput),
    cost: money(a.cost, b.cost) as NanoUsd,
    ttftMs: counts(a.ttftMs, b.ttftMs),
    ttftEntries: counts(a.ttftEntries, b.ttftEntries),
  };
}

export function isNothing(sums: Sums): boolean {
  return Object.values(sums).every((sum) => sum === 0 || sum === 0n);
}
