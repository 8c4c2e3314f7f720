/** Kysely on a pool of PostgreSQL connections: exact integers, and no transaction across turns but ours. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import { widen } from './integers.ts';
import { breaksConnection } from './postgres-error.ts';
import type { TransactionGate } from './store.ts';

const INT8 = 20;
const NUMERIC = 1700;

/** Whole numbers of 64 bits and sums of them come as text by themselves: here as bigints. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8 || oid === NUMERIC) return readWhole;
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
} as pg.CustomTypesConfig;

function readWhole(text: string): bigint | number {
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

export function createPostgresDialect(pool: pg.Pool, gate: TransactionGate): Dialect {
  return {
    createDriver: () => createDriver(pool, gate),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
  };
}

interface Connection extends DatabaseConnection {
  /** Gives it back; a broken one is closed. */
  release(): void;
}

function createDriver(pool: pg.Pool, gate: TransactionGate): Driver {
  const execute = (connection: DatabaseConnection, text: string) =>
    connection.executeQuery(CompiledQuery.raw(text));
  return {
    async init() {},
    acquireConnection: async () => wrap(await pool.connect()),
    async beginTransaction(connection) {
      if (!gate.isOpen) throw new Error('use store.write or store.change: a transaction may not span turns');
      await execute(connection, 'begin');
    },
    async commitTransaction(connection) {
      await execute(connection, 'commit');
    },
    async rollbackTransaction(connection) {
      await execute(connection, 'rollback');
    },
    async releaseConnection(connection) {
      (connection as Connection).release();
    },
    async destroy() {},
  };
}

function wrap(client: pg.PoolClient): Connection {
  let isBroken = false;
  return {
    async executeQuery<R>(query: CompiledQuery) {
      try {
        return await runCompiled<R>(client, query);
      } catch (error) {
        isBroken ||= breaksConnection(error);
        throw error;
      }
    },
    // biome-ignore lint/correctness/useYield: refusing is all there is to do
    async *streamQuery() {
      throw new Error('reading row by row is not possible: read in pages');
    },
    release: () => client.release(isBroken),
  };
}

/** One statement, to its end. Integers are read exactly; see integers.ts. */
export async function runCompiled<R>(client: pg.ClientBase, query: CompiledQuery): Promise<QueryResult<R>> {
  const { rows, rowCount } = await client.query<Record<string, unknown>>(query.sql, [...query.parameters]);
  for (const row of rows) widen(row);
  return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
}
