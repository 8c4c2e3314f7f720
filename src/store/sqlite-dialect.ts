/** Kysely on a better-sqlite3 connection that others use too: exact integers, and no transaction across turns. */
import type { Database } from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { widen } from './integers.ts';
import type { TransactionGate } from './store.ts';

export function createSqliteDialect(database: Database, gate: TransactionGate): Dialect {
  return createDialectOver(async (query) => runCompiled(database, query), gate);
}

/** Runs one statement to its end. */
export type RunQuery = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** SQLite's words over any way to have a statement run. */
export function createDialectOver(run: RunQuery, gate: TransactionGate): Dialect {
  return {
    createDriver: () => createDriver(run, gate),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
}

function createDriver(run: RunQuery, gate: TransactionGate): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery) => (await run(query)) as QueryResult<R>,
    // biome-ignore lint/correctness/useYield: refusing is all there is to do
    async *streamQuery() {
      // An open cursor would lock the connection for the ledger until the reader is done.
      throw new Error('reading row by row is not possible on the serving connection: read in pages');
    },
  };
  const execute = (text: string) => connection.executeQuery(CompiledQuery.raw(text));
  return {
    async init() {},
    acquireConnection: async () => connection,
    async beginTransaction() {
      // It would stay open over event-loop turns, and the ledger's own transactions would fall into it.
      if (!gate.isOpen) throw new Error('use store.write or store.change: a transaction may not span turns');
      await execute('begin immediate');
    },
    async commitTransaction() {
      await execute('commit');
    },
    async rollbackTransaction() {
      await execute('rollback');
    },
    async releaseConnection() {},
    async destroy() {},
  };
}

/** One statement, to its end. Integers are read exactly; see integers.ts. */
export function runCompiled<R>(database: Database, query: CompiledQuery): QueryResult<R> {
  const statement = database.prepare(query.sql);
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }
  const rows = statement.safeIntegers(true).all(query.parameters) as Record<string, unknown>[];
  for (const row of rows) widen(row);
  return { rows: rows as R[] };
}
