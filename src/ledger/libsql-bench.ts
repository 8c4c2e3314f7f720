/**
 * A workbench in memory: the rows that a batch touches are laid on it, SQLite's own ledger store works on them, and
 * what has changed is read off as statements. So a database that is far away is judged by the same code as one that
 * is near, to the last rule, in two round trips.
 */
import type { Clock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { Statement } from '../store/libsql-client.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Batch, BatchResult } from './ledger-store.ts';
import { rowsToJson } from './rows-to-json.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

type Row = Readonly<Record<string, unknown>>;

/** What of a table goes back to the database. */
interface TablePlan {
  readonly name: string;
  readonly key: readonly string[];
  /** `replace`: as the row now is. `once`: where it is not there yet. `add`: its sums are added to those there. */
  readonly writes: 'replace' | 'once' | 'add';
}

const rollupKey = ['workspace_id', 'key_id', 'member_id', 'agent_id', 'provider', 'model'];
const tables: readonly TablePlan[] = [
  { name: 'reservations', key: ['exchange_id', 'attempt'], writes: 'replace' },
  { name: 'ledger_entries', key: ['exchange_id', 'attempt', 'sequence'], writes: 'once' },
  { name: 'decisions', key: ['exchange_id', 'attempt'], writes: 'once' },
  { name: 'budget_windows', key: ['budget_id', 'subject', 'start_at'], writes: 'replace' },
  { name: 'rate_limits', key: ['subject', 'metric'], writes: 'replace' },
  {
    name: 'budget_alerts',
    key: ['budget_id', 'subject', 'start_at', 'threshold', 'limit_version'],
    writes: 'once',
  },
  { name: 'outbox', key: ['id'], writes: 'once' },
  { name: 'usage_hours', key: [...rollupKey, 'hour'], writes: 'add' },
  { name: 'usage_days', key: [...rollupKey, 'day'], writes: 'add' },
];
/** Laid on it to be read, and never written from here. */
const readTables = ['budgets', 'price_snapshots'] as const;

export interface Bench {
  /** Rows by the name of their table, as they lie in the database. */
  lay(rows: ReadonlyMap<string, readonly Row[]>): void;
  apply(batch: Batch): Promise<BatchResult>;
  /** What has changed since `lay`; new reservations with this owner. */
  readOff(owner: { readonly replica_id: string; readonly replica_epoch: number }): Statement[];
  close(): Promise<void>;
}

interface Table extends TablePlan {
  /** All but the number that the database gives. */
  readonly columns: readonly string[];
  /** As laid, by key. */
  laid: ReadonlyMap<string, Row>;
}

export async function openBench(clock: Pick<Clock, 'now'>): Promise<Bench> {
  const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  const { database } = store;
  // Rows lie here without those they belong to.
  database.pragma('foreign_keys = off');
  const ledgerStore = createSqliteLedgerStore(store, clock);
  await ledgerStore.join();
  const columnsOf = (name: string) =>
    (database.pragma(`table_info(${name})`) as { name: string }[])
      .map((column) => column.name)
      .filter((column) => column !== 'seq');
  const planned: Table[] = tables.map((table) => ({
    ...table,
    columns: columnsOf(table.name),
    laid: new Map(),
  }));
  const rowsOf = ({ name, columns, key }: Table) => {
    const rows = database
      .prepare(`select ${columns.join(', ')} from ${name}`)
      .safeIntegers(true)
      .all();
    return new Map(
      (rows as Row[]).map((row) => [JSON.stringify(key.map((column) => String(row[column]))), row]),
    );
  };
  const layAll = database.transaction((rows: ReadonlyMap<string, readonly Row[]>) => {
    for (const name of [...tables.map((table) => table.name), ...readTables]) {
      database.exec(`delete from ${name}`);
      for (const row of rows.get(name) ?? []) {
        const columns = Object.keys(row);
        const marks = columns.map(() => '?').join(', ');
        database
          .prepare(`insert into ${name} (${columns.join(', ')}) values (${marks})`)
          .run(Object.values(row));
      }
    }
  });
  return {
    lay(rows) {
      layAll(rows);
      for (const table of planned) table.laid = rowsOf(table);
    },
    apply: (batch) => ledgerStore.applyBatch(batch),
    readOff: (owner) => planned.flatMap((table) => readOffTable(table, rowsOf(table), owner)),
    close: () => store.close(),
  };
}

function readOffTable(table: Table, now: ReadonlyMap<string, Row>, owner: Row): Statement[] {
  const { name, key, laid } = table;
  const gone = [...laid].filter(([at]) => !now.has(at)).map(([, row]) => pick(row, key));
  const changed: Row[] = [];
  for (const [at, row] of now) {
    const before = laid.get(at);
    if (!before) changed.push(name === 'reservations' ? { ...row, ...owner } : row);
    else if (table.columns.some((column) => before[column] !== row[column])) changed.push(row);
  }
  const statements: Statement[] = [];
  if (gone.length > 0) {
    const picked = key.map((column) => fieldOf(column)).join(', ');
    const sql = `delete from ${name} where (${key.join(', ')}) in (select ${picked} from json_each(?))`;
    statements.push({ sql, parameters: [rowsToJson(gone)] });
  }
  if (changed.length > 0) statements.push(writeRows(table, changed));
  return statements;
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

/** Of a row in JSON. Whole numbers come as text, so that none is rounded; a column of whole numbers reads them exactly. */
function fieldOf(column: string): string {
  const field = `value ->> '$.${column}'`;
  return /^(attempt|sequence|start_at)$/.test(column) ? `cast(${field} as integer)` : field;
}

/** Rows of one table in one statement, however many: what crosses the network is the rows. */
function writeRows({ name, key, columns, writes }: Table, rows: readonly Row[]): Statement {
  const others = columns.filter((column) => !key.includes(column));
  const updates = {
    replace: `update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    once: 'nothing',
    add: `update set ${others.map((column) => addTo(name, column)).join(', ')}`,
  };
  const target = writes === 'once' ? '' : ` (${key.join(', ')})`;
  return {
    sql: `insert into ${name} (${columns.join(', ')}) select ${columns.map(fieldOf).join(', ')}
      from json_each(?) where true on conflict${target} do ${updates[writes]}`,
    parameters: [rowsToJson(rows)],
  };
}

/** Buckets of histograms are added place by place, with what every SQLite can do. */
function addTo(table: string, column: string): string {
  if (column !== 'latency_histogram') return `${column} = ${table}.${column} + excluded.${column}`;
  const each = (source: string) => `select key, value from json_each(${source}.${column})`;
  return `${column} = (select json_group_array(count) from (select sum(value) as count
    from (${each(table)} union all ${each('excluded')}) group by key order by key))`;
}
