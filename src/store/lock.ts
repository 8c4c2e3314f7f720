/** One process per database: a lock the operating system takes back when the process dies, however it dies. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { StoreError } from './store-error.ts';

export interface ProcessLock {
  release(): void;
}

/**
 * Holds an exclusive transaction on a database of its own beside the data. The data file itself stays free for
 * readers such as the sqlite3 shell. Throws `StoreError` when another process, or this one, already holds it.
 * @param what lies at the path, for that error
 */
export function lockDatabase(path: string, what = 'SQLite database'): ProcessLock {
  const lockPath = `${path}.lock`;
  const pidPath = `${path}.pid`;
  const holder = new Sqlite(lockPath, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (!isBusy(error)) throw error;
    throw new StoreError('locked', describeHolder(path, pidPath, what), { cause: error });
  }
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => release(holder, pidPath) };
}

function release(holder: Database, pidPath: string): void {
  if (!holder.open) return;
  rmSync(pidPath, { force: true });
  holder.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function describeHolder(path: string, pidPath: string, what: string): string {
  let who = 'another Turnpike process';
  try {
    const pid = readFileSync(pidPath, 'utf8').trim();
    if (/^\d+$/.test(pid)) who += ` (pid ${pid})`;
  } catch {
    // It has just come or is just going; the lock is what counts.
  }
  return (
    `${who} is using ${path}: one ${what} serves one process. ` +
    'Stop that process, or give this one a database of its own (DATABASE_URL or TURNPIKE_HOME).'
  );
}
