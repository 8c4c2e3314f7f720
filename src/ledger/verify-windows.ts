/**
 * Budget windows against the entries and reservations that name them, and limits on streams against what runs.
 *
 * Entries are read once, page by page; what traffic adds meanwhile is added by the statement that compares, which
 * sees one state of the database.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Dialect, Store } from '../store/store.ts';
import { readWindows, type WindowKey } from './claims.ts';
import { type Findings, MAX_PROBLEMS } from './verify-findings.ts';

/** Windows whose sums are kept in memory at once: some ten megabytes. More take another reading of the entries. */
const SLICE = 50_000;
/** Rows looked at in one turn of the event loop. */
const PAGE = 500;

/** Every window: what is settled is what its entries cost, what is reserved is what its reservations hold. */
export async function verifyWindows(findings: Findings): Promise<void> {
  const { store } = findings;
  for (let after: WindowKey | undefined; ; ) {
    const keys: WindowKey[] = await listKeys(store, after);
    if (keys.length === 0) break;
    const suspects = await findOff(findings, keys);
    // On PostgreSQL an entry may be committed after one that came later: what is wrong is still wrong the second time.
    const problems =
      suspects.size === 0 ? suspects : await findOff(findings, [...suspects.values()].map(keyOf));
    findings.problems.push(...[...problems.values()].map(({ problem }) => problem));
    after = keys.at(-1)!;
  }
  await findUnmade(findings);
}

interface Off {
  readonly key: WindowKey;
  readonly problem: string;
}

function keyOf({ key }: Off): WindowKey {
  return key;
}

function nameOf([budgetId, subject, startAt]: WindowKey): string {
  return `${startAt} ${budgetId} ${subject}`;
}

const inOrder = sql`order by w.budget_id, w.subject, w.start_at`;

function isAfter(key: WindowKey | undefined): RawBuilder<unknown> {
  if (!key) return sql`1 = 1`;
  return sql`(w.budget_id, w.subject, w.start_at) > (${key[0]}, ${key[1]}, ${key[2]})`;
}

async function listKeys({ kysely }: Store, from: WindowKey | undefined): Promise<WindowKey[]> {
  const keys: WindowKey[] = [];
  for (let after = from; keys.length < SLICE; ) {
    const { rows } = await sql<{ budget_id: WindowKey[0]; subject: string; start_at: number }>`
      select w.budget_id, w.subject, w.start_at from budget_windows w
      where ${isAfter(after)} ${inOrder} limit ${PAGE}`.execute(kysely);
    for (const row of rows) keys.push([row.budget_id, row.subject, row.start_at]);
    if (rows.length < PAGE) break;
    after = keys.at(-1)!;
    await nextTurn();
  }
  return keys;
}

/** Those that do not add up, by name. */
async function findOff({ store, kept }: Findings, keys: readonly WindowKey[]): Promise<Map<string, Off>> {
  const costs = new Map(keys.map((key) => [nameOf(key), 0n]));
  const lastSeq = await addCosts(store, costs);
  const found = new Map<string, Off>();
  for (let at = 0; at < keys.length && found.size < MAX_PROBLEMS; at += PAGE) {
    const page = keys.slice(at, at + PAGE);
    for (const row of await readWindowRows(store, page, lastSeq)) {
      const key: WindowKey = [row.budget_id, row.subject, row.start_at];
      // Of a window that began before, some entries are gone.
      const isWhole = row.start_at >= kept.entriesFromMs;
      const cost = isWhole ? costs.get(nameOf(key))! + row.late_nano : row.settled_nano;
      const problem = judgeWindow(row, cost);
      if (problem) found.set(nameOf(key), { key, problem: `${describe(key)}: ${problem}` });
    }
    await nextTurn();
  }
  return found;
}

function describe([budgetId, subject, startAt]: WindowKey): string {
  return `budget window ${budgetId} of ${subject} from ${new Date(startAt).toISOString()}`;
}

/** Adds what entries cost to those of the windows that are asked for. @returns the last entry that is in it */
async function addCosts({ kysely }: Store, costs: Map<string, bigint>): Promise<number> {
  for (let after = 0; ; ) {
    const rows = await kysely
      .selectFrom('ledger_entries')
      .select(['seq', 'cost_nano', 'windows'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    for (const { cost_nano: cost, windows } of rows) {
      for (const key of readWindows(windows)) {
        const name = nameOf(key);
        const sum = costs.get(name);
        if (sum !== undefined) costs.set(name, sum + cost);
      }
    }
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < PAGE) return after;
    await nextTurn();
  }
}

interface WindowRow {
  readonly budget_id: WindowKey[0];
  readonly subject: string;
  readonly start_at: number;
  readonly limit_nano: bigint;
  readonly settled_nano: bigint;
  readonly reserved_nano: bigint;
  readonly overruns: number;
  /** Of entries that came after those that were read. */
  readonly late_nano: bigint;
  readonly held_nano: bigint;
  /** Hard since it was made, and its limit was never another one. */
  readonly is_plain: number;
  /** Of a rolling period: what counted towards the limit in its last hour, and overruns of it. */
  readonly counted_nano: bigint | null;
  readonly counted_overruns: number | null;
}

function judgeWindow(row: WindowRow, cost: bigint): string | undefined {
  if (row.settled_nano !== cost)
    return `its entries cost ${cost}, it has ${row.settled_nano} nano-dollars settled`;
  if (row.reserved_nano !== row.held_nano)
    return `its reservations hold ${row.held_nano}, it has ${row.reserved_nano} nano-dollars reserved`;
  // Limits that were changed, and attempts that cost more than was reserved for them, may leave it above its limit.
  if (row.is_plain !== 1 || (row.counted_overruns ?? row.overruns) > 0) return undefined;
  const counted = row.counted_nano ?? row.settled_nano + row.reserved_nano;
  if (counted <= row.limit_nano) return undefined;
  return `${counted} nano-dollars are spent and reserved, above its limit of ${row.limit_nano}`;
}

/** Elements of a JSON array of arrays, one row each, as `element`. */
const elementsOf: Readonly<Record<Dialect, (column: string) => RawBuilder<unknown>>> = {
  sqlite: (column) => sql`cross join json_each(${sql.ref(column)}) as element`,
  postgres: (column) =>
    sql`cross join lateral json_array_elements(${sql.ref(column)}::json) as element(value)`,
};

/** Both databases spell it so. */
function partOf(place: 0 | 1 | 2): RawBuilder<unknown> {
  return sql`(element.value ->> ${sql.lit(place)})`;
}

/** By window, the sum of a column over the rows of a table that name it. */
function sumByWindow(
  dialect: Dialect,
  table: 'ledger_entries' | 'reservations',
  column: 'cost_nano' | 'amount_nano',
  where: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    select ${partOf(0)} as budget_id, ${partOf(1)} as subject, cast(${partOf(2)} as bigint) as start_at,
      cast(sum(${sql.ref(column)}) as bigint) as total_nano
    from ${sql.table(table)} ${elementsOf[dialect]('windows')}
    where windows is not null and ${where} group by 1, 2, 3`;
}

const ofWindow = (table: string) => sql`
  ${sql.ref(`${table}.budget_id`)} = w.budget_id and ${sql.ref(`${table}.subject`)} = w.subject
  and ${sql.ref(`${table}.start_at`)} = w.start_at`;

/** Rows of the windows from the first to the last key of the page. */
async function readWindowRows(
  { kysely, dialect }: Store,
  page: readonly WindowKey[],
  lastSeq: number,
): Promise<readonly WindowRow[]> {
  const hours = sql`cast(substr(b.period, 9) as bigint)`;
  const counted = (what: RawBuilder<unknown>) => sql`
    case when b.period like 'rolling:%' then (
      select cast(sum(${what}) as bigint) from budget_windows o
      where o.budget_id = w.budget_id and o.subject = w.subject and o.start_at <= w.start_at
        and o.start_at >= w.start_at - ${hours} * 3600000) end`;
  const [first, last] = [page[0]!, page.at(-1)!];
  const wanted = new Set(page.map(nameOf));
  const { rows } = await sql<WindowRow>`
    with late as (${sumByWindow(dialect, 'ledger_entries', 'cost_nano', sql`seq > ${lastSeq}`)}),
      held as (${sumByWindow(dialect, 'reservations', 'amount_nano', sql`1 = 1`)})
    select w.budget_id, w.subject, w.start_at, w.limit_nano, w.settled_nano, w.reserved_nano, w.overruns,
      coalesce(late.total_nano, 0) as late_nano, coalesce(held.total_nano, 0) as held_nano,
      case when b.enforcement = 'hard' and b.version = 1 then 1 else 0 end as is_plain,
      ${counted(sql`o.settled_nano + o.reserved_nano`)} as counted_nano,
      ${counted(sql`o.overruns`)} as counted_overruns
    from budget_windows w
    left join late on ${ofWindow('late')} left join held on ${ofWindow('held')}
    left join budgets b on b.id = w.budget_id
    where (w.budget_id, w.subject, w.start_at) >= (${first[0]}, ${first[1]}, ${first[2]})
      and (w.budget_id, w.subject, w.start_at) <= (${last[0]}, ${last[1]}, ${last[2]})
    ${inOrder}`.execute(kysely);
  return rows.filter((row) => wanted.has(nameOf([row.budget_id, row.subject, row.start_at])));
}

/** Reservations are counted in windows that are there. */
async function findUnmade({ store, problems }: Findings): Promise<void> {
  const { kysely, dialect } = store;
  const { rows } = await sql<{ budget_id: WindowKey[0]; subject: string; start_at: number }>`
    with held as (${sumByWindow(dialect, 'reservations', 'amount_nano', sql`1 = 1`)})
    select held.budget_id, held.subject, held.start_at from held
    left join budget_windows w on ${ofWindow('held')}
    where w.budget_id is null limit ${MAX_PROBLEMS}`.execute(kysely);
  for (const row of rows)
    problems.push(
      `${describe([row.budget_id, row.subject, row.start_at])}: is missing, and reservations name it`,
    );
}

/** What runs of every limit on streams is what is reserved of it. */
export async function verifyStreams({ store, problems }: Findings): Promise<void> {
  const { kysely, dialect } = store;
  for (let after = ''; ; ) {
    const { rows } = await sql<{ subject: string; in_flight: number; held: number }>`
      with held as (
        select ${partOf(0)} as subject, count(*) as streams
        from reservations ${elementsOf[dialect]('rates')}
        where rates is not null and ${partOf(1)} = 'streams' group by 1)
      select l.subject, l.in_flight, coalesce(held.streams, 0) as held
      from rate_limits l left join held on held.subject = l.subject
      where l.metric = 'streams' and l.subject > ${after} order by l.subject limit ${PAGE}`.execute(kysely);
    for (const { subject, in_flight: inFlight, held } of rows)
      if (inFlight !== held)
        problems.push(`streams of ${subject}: ${held} are reserved, ${inFlight} are counted`);
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.subject;
    await nextTurn();
  }
}
