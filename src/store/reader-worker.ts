/** The thread of reader.ts: a read-only connection that answers one statement at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { widen } from './integers.ts';

export interface ReaderSetup {
  readonly path: string;
  readonly maxRows: number;
}

export interface Question {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly Record<string, unknown>[] }
  | { readonly kind: 'too_many_rows' }
  | { readonly kind: 'error'; readonly message: string; readonly code: string };

/** Pages kept in memory, in KiB: the day rollups of a busy year. */
const CACHE_KIB = 64 * 1024;
/** Readers of a write-ahead log wait for nobody, but for the moment in which it is begun anew. */
const BUSY_TIMEOUT_MS = 5_000;

const { path, maxRows } = workerData as ReaderSetup;
const database = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
database.pragma(`cache_size = -${CACHE_KIB}`);
database.pragma('temp_store = MEMORY');

parentPort!.on('message', (question: Question) => parentPort!.postMessage(answer(question)));

function answer({ sql, parameters }: Question): Answer {
  try {
    const rows: Record<string, unknown>[] = [];
    for (const row of database.prepare(sql).safeIntegers(true).iterate(parameters)) {
      if (rows.length === maxRows) return { kind: 'too_many_rows' };
      widen(row as Record<string, unknown>);
      rows.push(row as Record<string, unknown>);
    }
    return { kind: 'rows', rows };
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '');
    return { kind: 'error', message: error instanceof Error ? error.message : String(error), code };
  }
}
