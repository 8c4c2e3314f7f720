/** Rollups against what they sum: hours against entries, days against hours. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Dialect, Store } from '../store/store.ts';
import type { Kept } from './analytics/spans.ts';
import { DAY_MS, errorStatuses, HOUR_MS } from './rollup.ts';
import { type Findings, MAX_PROBLEMS } from './verify-findings.ts';

export async function verifyRollups(findings: Findings): Promise<void> {
  for (let workspace = ''; ; ) {
    const next = await nextWorkspace(findings.store, workspace);
    if (next === undefined) break;
    workspace = next;
    await verifyPeriods(findings, workspace, hours);
    await verifyPeriods(findings, workspace, days);
  }
}

/** In order, each found by its index. */
async function nextWorkspace({ kysely }: Store, after: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`
    select min(id) as id from (
      select min(workspace_id) as id from ledger_entries where workspace_id > ${after}
      union all select min(workspace_id) from usage_hours where workspace_id > ${after}
      union all select min(workspace_id) from usage_days where workspace_id > ${after}) as found`.execute(
    kysely,
  );
  return rows[0]?.id ?? undefined;
}

const dimensions = ['key_id', 'member_id', 'agent_id', 'provider', 'model'] as const;
const plainSums = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'cost_nano',
] as const;
const sums = [
  'entries',
  'errors',
  'estimated',
  'unpriced',
  ...plainSums,
  'latency_ms',
  'ttft_ms',
  'ttft_entries',
];
/** The total of a histogram must be the number of entries that have a latency. */
const latencies = 'latencies';

/** A period length: whose sums are compared with whose. */
interface Periods {
  readonly name: string;
  readonly lengthMs: number;
  readonly table: 'usage_hours' | 'usage_days';
  readonly time: 'hour' | 'day';
  /** Start of the first period at or after the time that has rows in the finer source. */
  readonly finer: {
    readonly table: 'ledger_entries' | 'usage_hours';
    readonly time: 'created_at' | 'hour';
    readonly keptFrom: keyof Kept;
  };
  readonly sumFiner: (dialect: Dialect) => RawBuilder<unknown>;
}

const hours: Periods = {
  name: 'hour',
  lengthMs: HOUR_MS,
  table: 'usage_hours',
  time: 'hour',
  finer: { table: 'ledger_entries', time: 'created_at', keptFrom: 'entriesFromMs' },
  sumFiner: () =>
    sql.join([
      ...dimensions.map((column) => sql`coalesce(${sql.ref(column)}, '') as ${sql.ref(column)}`),
      sql`case when sequence = 0 then 1 else 0 end as entries`,
      sql`case when sequence = 0 and status in (${sql.join(errorStatuses.map((s) => sql.lit(s)))}) then 1 else 0 end as errors`,
      sql`case when sequence = 0 then is_estimated else 0 end as estimated`,
      sql`case when sequence = 0 and price_state = 'unknown' then 1 else 0 end as unpriced`,
      ...plainSums.map((column) => sql.ref(column)),
      sql`coalesce(latency_ms, 0) as latency_ms`,
      sql`coalesce(ttft_ms, 0) as ttft_ms`,
      sql`case when ttft_ms is null then 0 else 1 end as ttft_entries`,
      sql`case when latency_ms is null then 0 else 1 end as latencies`,
    ]),
};

const histogramTotal: Readonly<Record<Dialect, RawBuilder<unknown>>> = {
  sqlite: sql`(select coalesce(sum(value), 0) from json_each(latency_histogram))`,
  postgres: sql`
    (select coalesce(sum(value::bigint), 0) from json_array_elements_text(latency_histogram::json) as counts(value))`,
};

/** Days are compared with hours, which are compared with entries: the sum of sums is the sum. */
const days: Periods = {
  name: 'day',
  lengthMs: DAY_MS,
  table: 'usage_days',
  time: 'day',
  finer: { table: 'usage_hours', time: 'hour', keptFrom: 'hoursFromMs' },
  sumFiner: (dialect) =>
    sql.join([
      ...[...dimensions, ...sums].map((column) => sql.ref(column)),
      sql`${histogramTotal[dialect]} as latencies`,
    ]),
};

async function verifyPeriods(findings: Findings, workspace: string, periods: Periods): Promise<void> {
  for (let fromMs = findings.kept[periods.finer.keptFrom]; ; ) {
    const startMs = await nextPeriod(findings.store, workspace, periods, fromMs);
    if (startMs === undefined) return;
    await comparePeriod(findings, workspace, periods, startMs);
    findings.periods += 1;
    fromMs = startMs + periods.lengthMs;
    await nextTurn();
  }
}

async function nextPeriod(
  { kysely }: Store,
  workspace: string,
  { table, time, finer, lengthMs }: Periods,
  fromMs: number,
): Promise<number | undefined> {
  const first = (from: string, column: string) => sql`
    select min(${sql.ref(column)}) as at from ${sql.table(from)}
    where workspace_id = ${workspace} and ${sql.ref(column)} >= ${fromMs}`;
  const { rows } = await sql<{ at: number | null }>`
    select min(at) as at from (${first(table, time)} union all ${first(finer.table, finer.time)}) as found`.execute(
    kysely,
  );
  const at = rows[0]?.at;
  return at === null || at === undefined ? undefined : at - (at % lengthMs);
}

/** Adds the finer rows and takes the rollup away: whatever does not come to zero is wrong. */
async function comparePeriod(
  { store, problems }: Findings,
  workspace: string,
  { name, table, time, finer, sumFiner, lengthMs }: Periods,
  startMs: number,
): Promise<void> {
  const all = [...sums, latencies];
  const keys = sql.join(dimensions.map((column) => sql.ref(column)));
  const negated = [...sums.map((column) => sql`-${sql.ref(column)}`), sql`-${histogramTotal[store.dialect]}`];
  const differs = all.map((column) => sql`sum(${sql.ref(column)}) <> 0`);
  const { rows } = await sql<Record<string, string | number>>`
    select ${keys}, ${sql.join(all.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`))} from (
      select ${sumFiner(store.dialect)} from ${sql.table(finer.table)} where workspace_id = ${workspace}
        and ${sql.ref(finer.time)} >= ${startMs} and ${sql.ref(finer.time)} < ${startMs + lengthMs}
      union all select ${keys}, ${sql.join(negated)} from ${sql.table(table)}
        where workspace_id = ${workspace} and ${sql.ref(time)} = ${startMs}) as sides
    group by ${keys} having ${sql.join(differs, sql` or `)} limit ${MAX_PROBLEMS}`.execute(store.kysely);
  for (const row of rows) {
    const off = all
      .filter((column) => Number(row[column]) !== 0)
      .map((column) => `${column} by ${row[column]}`);
    const where = `${name} ${new Date(startMs).toISOString()}, ${row.key_id} on ${row.provider}/${row.model}`;
    problems.push(`rollup of ${where}: ${finer.table} differ in ${off.join(', ')}`);
  }
}
