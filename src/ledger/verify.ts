/**
 * Proves that the books add up: rollups against entries, entries against their prices, reservations against both.
 *
 * It may run beside traffic. Every comparison is one statement, which sees one state of the database, and covers
 * one hour, one day or one page, so that the event loop is never held for long.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { PriceId } from '../base/ids.ts';
import { type NanoUsd, ZERO_USD } from '../base/money.ts';
import type { Price, TokenCounts } from '../catalog/price.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Dialect, Store } from '../store/store.ts';
import { costColumns } from './book.ts';
import { isGenuine, restorePrice } from './price-snapshot.ts';
import { DAY_MS, errorStatuses, HOUR_MS } from './rollup.ts';

export interface VerifyReport {
  readonly isSound: boolean;
  readonly entries: number;
  /** Of all entries whose price is known. */
  readonly cost: NanoUsd;
  /** Hours and days compared, for all workspaces. */
  readonly periods: number;
  /** What does not add up, in words; cut off at 100. */
  readonly problems: readonly string[];
}

/** More than anybody reads; the first tells enough. */
const MAX_PROBLEMS = 100;
/** Entries priced anew in one turn of the event loop. */
const PAGE = 1_000;

interface Findings {
  readonly store: Store;
  readonly problems: string[];
  entries: number;
  cost: bigint;
  periods: number;
}

export async function verifyLedger(store: Store): Promise<VerifyReport> {
  const findings: Findings = { store, problems: [], entries: 0, cost: ZERO_USD, periods: 0 };
  await verifyEntries(findings);
  await verifyReservations(findings);
  for (let workspace = ''; ; ) {
    const next = await nextWorkspace(store, workspace);
    if (next === undefined) break;
    workspace = next;
    await verifyPeriods(findings, workspace, hours);
    await verifyPeriods(findings, workspace, days);
  }
  return {
    isSound: findings.problems.length === 0,
    entries: findings.entries,
    cost: findings.cost as NanoUsd,
    periods: findings.periods,
    problems: findings.problems.slice(0, MAX_PROBLEMS),
  };
}

type EntryRow = LedgerEntriesTable & { readonly seq: number };

/** Every entry: its lines add up, its counts are counts, and its stored price gives its cost again. */
async function verifyEntries(findings: Findings): Promise<void> {
  const prices = new Map<PriceId, Price | undefined>();
  for (let after = 0; ; ) {
    const rows = (await findings.store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute()) as EntryRow[];
    for (const row of rows) {
      findings.entries += 1;
      findings.cost += row.cost_nano;
      const price = row.price_id === null ? undefined : await findPrice(findings, prices, row.price_id);
      const problem = judgeEntry(row, price);
      if (problem) findings.problems.push(`entry ${row.exchange_id}/${row.attempt}: ${problem}`);
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
    await nextTurn();
  }
}

async function findPrice(
  { store, problems }: Findings,
  prices: Map<PriceId, Price | undefined>,
  id: PriceId,
): Promise<Price | undefined> {
  if (prices.has(id)) return prices.get(id);
  const row = await store.kysely
    .selectFrom('price_snapshots')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  const isSound = row !== undefined && isGenuine(row);
  if (!isSound) problems.push(`price ${id}: ${row ? 'is not what its hash was made of' : 'is missing'}`);
  prices.set(id, isSound ? restorePrice(row) : undefined);
  return prices.get(id);
}

function judgeEntry(row: EntryRow, price: Price | undefined): string | undefined {
  const lines = row.input_cost_nano + row.cache_cost_nano + row.output_cost_nano + row.other_cost_nano;
  if (lines !== row.cost_nano)
    return `its lines add up to ${lines}, its cost is ${row.cost_nano} nano-dollars`;
  // A correction is a difference and may be negative.
  if (row.sequence > 0) return undefined;
  const counts = readCounts(row);
  if (Object.values(counts).some((count) => typeof count === 'number' && count < 0))
    return 'a count is negative';
  if (counts.reasoning > counts.output) return 'it has more reasoning than output';
  if (row.price_state !== 'priced') {
    if (row.price_id !== null) return `it has a price but is ${row.price_state}`;
    if (row.price_state !== 'reported' && row.cost_nano !== 0n)
      return `it costs something but is ${row.price_state}`;
    return undefined;
  }
  if (row.price_id === null) return 'it is priced but has no price';
  if (!price) return undefined;
  const { cost_nano: expected } = costColumns(price, counts).columns;
  return expected === row.cost_nano
    ? undefined
    : `its cost is ${row.cost_nano}, its price gives ${expected} nano-dollars`;
}

function readCounts(row: EntryRow): TokenCounts {
  return {
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite5m: row.cache_write_5m_tokens,
    cacheWrite1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
    reasoning: row.reasoning_tokens,
    audioInput: row.audio_input_tokens,
    audioOutput: row.audio_output_tokens,
    calls: row.calls === null ? {} : (JSON.parse(row.calls) as Record<string, number>),
  };
}

/** An attempt is either open or booked, and what is open can be priced. */
async function verifyReservations({ store, problems }: Findings): Promise<void> {
  const booked = await sql<{ exchange_id: string; attempt: number }>`
    select r.exchange_id, r.attempt from reservations r
    join ledger_entries e on e.exchange_id = r.exchange_id and e.attempt = r.attempt and e.sequence = 0
    limit ${MAX_PROBLEMS}`.execute(store.kysely);
  for (const row of booked.rows) {
    problems.push(
      `reservation ${row.exchange_id}/${row.attempt}: it is still held although it has its entry`,
    );
  }
  const unpriced = await sql<{ exchange_id: string; attempt: number }>`
    select exchange_id, attempt from reservations
    where price_id is not null and price_id not in (select id from price_snapshots)
    limit ${MAX_PROBLEMS}`.execute(store.kysely);
  for (const row of unpriced.rows) {
    problems.push(`reservation ${row.exchange_id}/${row.attempt}: its price is missing`);
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
  readonly finer: { readonly table: 'ledger_entries' | 'usage_hours'; readonly time: 'created_at' | 'hour' };
  readonly sumFiner: (dialect: Dialect) => RawBuilder<unknown>;
}

const hours: Periods = {
  name: 'hour',
  lengthMs: HOUR_MS,
  table: 'usage_hours',
  time: 'hour',
  finer: { table: 'ledger_entries', time: 'created_at' },
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
  finer: { table: 'usage_hours', time: 'hour' },
  sumFiner: (dialect) =>
    sql.join([
      ...[...dimensions, ...sums].map((column) => sql.ref(column)),
      sql`${histogramTotal[dialect]} as latencies`,
    ]),
};

async function verifyPeriods(findings: Findings, workspace: string, periods: Periods): Promise<void> {
  for (let fromMs = 0; ; ) {
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
