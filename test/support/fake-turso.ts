/**
 * What a libSQL server such as Turso answers to its HTTP protocol (Hrana 2, `POST /v2/pipeline`), over SQLite in
 * memory: streams that live for one request, statements and batches with conditions, typed values. It is no Turso:
 * it shows that we speak the protocol and survive its failures, not how that service behaves.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Sqlite, { type Database } from 'better-sqlite3';

export const TURSO_TOKEN = 'turso-token-for-tests';

export interface FakeTurso {
  /** `libsql://127.0.0.1:port?tls=0` */
  readonly url: string;
  /** What it holds. */
  readonly database: Database;
  /** Requests answered or lost so far: round trips. */
  roundTrips(): number;
  /** Connections are broken off before anything is read. */
  cut(): void;
  /** The next request that writes is carried out, and its answer is lost. */
  loseNextAnswer(): void;
  join(): void;
  /** It holds what it held when this was `database.serialize()`, or nothing. */
  restore(kept?: Buffer): void;
  close(): Promise<void>;
}

interface Value {
  readonly type: 'null' | 'integer' | 'float' | 'text' | 'blob';
  readonly value?: string | number;
}
interface Stmt {
  readonly sql?: string;
  readonly sql_id?: number;
  readonly args?: readonly Value[];
}
interface Condition {
  readonly type: 'ok' | 'error' | 'not' | 'and' | 'or' | 'is_autocommit';
  readonly step?: number;
  readonly cond?: Condition;
  readonly conds?: readonly Condition[];
}
interface StreamRequest {
  readonly type: string;
  readonly stmt?: Stmt;
  readonly sql?: string;
  readonly sql_id?: number;
  readonly batch?: { readonly steps: readonly { readonly condition?: Condition; readonly stmt: Stmt }[] };
}

/** @param latencyMs added to each answer: the way there and back */
export async function startFakeTurso(latencyMs = 0): Promise<FakeTurso> {
  let database = new Sqlite(':memory:');
  let line: 'whole' | 'cut' | 'deaf' = 'whole';
  let roundTrips = 0;
  const server = createServer((request, response) => {
    if (line === 'cut') return void request.socket.destroy();
    readBody(request).then(
      (text) => {
        roundTrips += 1;
        const answer = answerTo(database, request, text);
        const isLost = line === 'deaf' && /insert|update|delete/i.test(text);
        if (isLost) line = 'whole';
        if (isLost) return void request.socket.destroy();
        if (latencyMs > 0) setTimeout(() => send(response, answer), latencyMs);
        else send(response, answer);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `libsql://127.0.0.1:${(server.address() as AddressInfo).port}?tls=0`,
    get database() {
      return database;
    },
    roundTrips: () => roundTrips,
    cut() {
      line = 'cut';
      server.closeAllConnections();
    },
    loseNextAnswer() {
      line = 'deaf';
    },
    join() {
      line = 'whole';
    },
    restore(kept) {
      database.close();
      database = kept ? new Sqlite(kept) : new Sqlite(':memory:');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      database.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function answerTo(database: Database, request: IncomingMessage, text: string): Answer {
  if (request.headers.authorization !== `Bearer ${TURSO_TOKEN}`)
    return { status: 401, body: { error: 'the token is not valid' } };
  if (request.method !== 'POST' || request.url !== '/v2/pipeline')
    return { status: 404, body: { error: `nothing at ${request.method} ${request.url}` } };
  const { baton, requests } = JSON.parse(text) as { baton?: string; requests: readonly StreamRequest[] };
  if (baton) return { status: 400, body: { error: 'streams live for one request here' } };
  const stored = new Map<number, string>();
  const results = requests.map((each) => {
    try {
      return { type: 'ok', response: { type: each.type, ...carryOut(database, stored, each) } };
    } catch (error) {
      return { type: 'error', error: describe(error) };
    }
  });
  // A stream that is closed takes its transaction with it.
  if (database.inTransaction) database.exec('rollback');
  return { status: 200, body: { baton: null, base_url: null, results } };
}

function describe(error: unknown): { message: string; code: string } {
  const { code = 'UNKNOWN', message } = error as { code?: string; message: string };
  // The server names the kind of error, without what SQLite extends it by.
  const [kind] = /^SQLITE_[A-Z]+/.exec(code) ?? [code];
  return { message: `${kind}: SQLite error: ${message}`, code: kind };
}

function carryOut(database: Database, stored: Map<number, string>, request: StreamRequest): object {
  switch (request.type) {
    case 'store_sql':
      stored.set(request.sql_id!, request.sql!);
      return {};
    case 'close_sql':
      stored.delete(request.sql_id!);
      return {};
    case 'execute':
      return { result: runStatement(database, stored, request.stmt!) };
    case 'batch':
      return { result: runBatch(database, stored, request.batch!.steps) };
    case 'sequence':
      database.exec(request.sql ?? stored.get(request.sql_id!)!);
      return {};
    case 'close':
      return {};
    default:
      throw new Error(`the fake server knows no ${request.type}`);
  }
}

function runBatch(
  database: Database,
  stored: Map<number, string>,
  steps: NonNullable<StreamRequest['batch']>['steps'],
): object {
  const results: (object | null)[] = [];
  const errors: (object | null)[] = [];
  const holds = (condition: Condition): boolean => {
    switch (condition.type) {
      case 'ok':
        return results[condition.step!] != null;
      case 'error':
        return errors[condition.step!] != null;
      case 'not':
        return !holds(condition.cond!);
      case 'and':
        return condition.conds!.every(holds);
      case 'or':
        return condition.conds!.some(holds);
      case 'is_autocommit':
        return !database.inTransaction;
      default:
        return condition.type satisfies never;
    }
  };
  for (const { condition, stmt } of steps) {
    let result: object | null = null;
    let error: object | null = null;
    try {
      if (!condition || holds(condition)) result = runStatement(database, stored, stmt);
    } catch (thrown) {
      error = describe(thrown);
    }
    results.push(result);
    errors.push(error);
  }
  return { step_results: results, step_errors: errors };
}

function runStatement(database: Database, stored: Map<number, string>, stmt: Stmt): object {
  const text = stmt.sql ?? stored.get(stmt.sql_id!)!;
  // Transactions are said in words that only libSQL knows.
  const statement = database.prepare(text.replace(/^BEGIN TRANSACTION READONLY/, 'BEGIN'));
  const values = (stmt.args ?? []).map(readValue);
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(...values);
    const affected = /^\s*(insert|update|delete)/i.test(text) ? changes : 0;
    return { cols: [], rows: [], affected_row_count: affected, last_insert_rowid: String(lastInsertRowid) };
  }
  const columns = statement.columns();
  const rows = statement
    .safeIntegers(true)
    .raw(true)
    .all(...values) as unknown[][];
  return {
    cols: columns.map(({ name, type }) => ({ name, decltype: type })),
    rows: rows.map((row) => row.map(writeValue)),
    affected_row_count: /^\s*(insert|update|delete)/i.test(text) ? rows.length : 0,
    last_insert_rowid: null,
  };
}

function readValue({ type, value }: Value): unknown {
  switch (type) {
    case 'null':
      return null;
    case 'integer':
      return BigInt(value!);
    case 'float':
    case 'text':
      return value;
    default:
      throw new Error(`the fake server knows no values of type ${type}`);
  }
}

function writeValue(value: unknown): Value {
  if (value === null) return { type: 'null' };
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) };
  return typeof value === 'number' ? { type: 'float', value } : { type: 'text', value: String(value) };
}
