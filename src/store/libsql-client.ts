/**
 * Statements to a libSQL server over HTTP, each call one round trip. The driver is loaded only here and only when a
 * database asks for it: it is an optional package. Its HTTP half is plain JavaScript; its native half stays unloaded.
 */
import type { Client, InValue, ResultSet } from '@libsql/client';
import type { CompiledQuery, QueryResult } from 'kysely';
import { widen } from './integers.ts';
import { StoreError } from './store-error.ts';

/** What waits for an answer are requests; well under the time after which a silent holder of the lease may not send. */
const ANSWER_TIMEOUT_MS = 8_000;
/** Requests at once. The ledger has one; the rest are queries of operators. */
const MAX_CONCURRENT = 8;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface LibsqlClient {
  /** One statement of its own. */
  run<R>(statement: Statement): Promise<QueryResult<R>>;
  /** All or none, in one transaction that begins with the write lock. */
  runAll(statements: readonly Statement[]): Promise<QueryResult<Record<string, unknown>>[]>;
  isClosed(): boolean;
  close(): void;
}

export interface LibsqlAddress {
  /** `libsql://host`, with `?tls=0` for a server on this machine. */
  readonly url: string;
  readonly authToken: string | undefined;
}

/**
 * Throws `StoreError` where the package is missing or the address is none. Connects only when asked something.
 * @param load how the driver comes; tests put a missing package here
 */
export async function openLibsqlClient(
  { url, authToken }: LibsqlAddress,
  load = importDriver,
): Promise<LibsqlClient> {
  const { createClient } = await loadDriver(load);
  let client: Client;
  try {
    client = createClient({
      url,
      ...(authToken !== undefined && { authToken }),
      intMode: 'bigint',
      concurrency: MAX_CONCURRENT,
      fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }),
    });
  } catch (error) {
    throw new StoreError('location', `this is no address of a libSQL server: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return {
    run: async <R>(statement: Statement) => resultOf<R>(await client.execute(toDriver(statement))),
    async runAll(statements) {
      const results = await client.batch(statements.map(toDriver), 'write');
      return results.map((result) => resultOf<Record<string, unknown>>(result));
    },
    isClosed: () => client.closed,
    close: () => client.close(),
  };
}

const importDriver = () => import('@libsql/client/http');

async function loadDriver(load: typeof importDriver): ReturnType<typeof importDriver> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StoreError(
      'unsuitable',
      'a libsql:// database needs the package @libsql/client, which is not installed. Run: npm install @libsql/client',
      { cause: error },
    );
  }
}

function toDriver({ sql, parameters }: Statement): { sql: string; args: InValue[] } {
  return { sql, args: parameters.map(toValue) };
}

/** Every whole number goes as an integer: the driver would send a float, which columns of whole numbers refuse. */
function toValue(value: unknown): InValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'bigint' || value === null) return value;
  if (value === undefined) return null;
  throw new TypeError(`a ${typeof value} cannot be a value in a database`);
}

function resultOf<R>({ columns, rows, rowsAffected }: ResultSet): QueryResult<R> {
  const read = rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (const [at, column] of columns.entries()) row[column] = values[at];
    widen(row);
    return row as R;
  });
  return { rows: read, numAffectedRows: BigInt(rowsAffected) };
}

/** For queries as Kysely compiles them. */
export function statementOf({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Statement {
  return { sql, parameters };
}

/** As of the ledger's faults: `busy` is over soon, `rejected` can never be stored, anything else is `unavailable`. */
export function judgeLibsqlError(error: unknown): 'busy' | 'rejected' | 'unavailable' {
  const code = codeOf(error);
  if (/^(SQLITE_(BUSY|LOCKED)|TRANSACTION_TIMEOUT|STREAM_EXPIRED)/.test(code)) return 'busy';
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code) ? 'rejected' : 'unavailable';
}

export function describeLibsqlError(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const { cause } = (error ?? {}) as { cause?: unknown };
  // "fetch failed" alone says nothing.
  const why = cause instanceof Error && !message.includes(cause.message) ? `: ${cause.message}` : '';
  return `${message.includes(code) ? '' : `${code} `}${message}${why}`;
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
