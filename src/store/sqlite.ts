/** Opens the SQLite database: one process, one connection, everything acknowledged is on disk. */
import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite, { type Database } from 'better-sqlite3';
import { type Compilable, Kysely } from 'kysely';
import type { Log } from '../base/log.ts';
import { lockDatabase, type ProcessLock } from './lock.ts';
import { migrateUp } from './migrate.ts';
import { createReader, type Reader } from './reader.ts';
import { bumpRevision, loadRevision, type Revision } from './revision.ts';
import type { Tables } from './schema.ts';
import { createSqliteDialect, runCompiled } from './sqlite-dialect.ts';
import type { Durability, Store, TransactionGate } from './store.ts';
import { StoreError } from './store-error.ts';
import { createWalKeeper, type Flush, type WalKeeper } from './wal.ts';

export type SqliteDatabase = Database;

/** How long opening and migrating wait for a foreign writer, such as a sqlite3 shell, before they give up. */
const BUSY_TIMEOUT_MS = 5_000;
/** As long as serving goes on, a statement may hold the event loop only this long; who asked tries again later. */
const SERVING_BUSY_TIMEOUT_MS = 50;
/** Tries of a registry change, with a pause of its own between them: about five seconds. */
const BUSY_TRIES = 50;
const BUSY_PAUSE_MS = 50;
/** The log file is cut back to this after a busy spell. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** Pages kept in memory, in KiB: the newest end of every index, with room to spare. */
const CACHE_KIB = 32 * 1024;

export interface SqliteOptions {
  readonly durability: Durability;
  readonly log: Log;
  /** How the log file is flushed; tests put a failing disk here. */
  readonly flush?: Flush;
}

export interface SqliteStore extends Store {
  readonly dialect: 'sqlite';
  /** The raw connection, for prepared statements on the path of requests. Synchronous; never hold a cursor. */
  readonly database: SqliteDatabase;
  /** Resolves when every commit made before the call is on disk. */
  syncWal(): Promise<void>;
  /** Tells of the rows of one transaction made through `database`; see wal.ts. */
  noteWrites(rows: number): void;
}

/** `file:` URL, path or `:memory:` to what SQLite opens. Throws `StoreError` for anything else. */
export function readLocation(location: string): string {
  if (location === ':memory:' || location === 'file::memory:') return ':memory:';
  if (location.startsWith('file://')) return fileURLToPath(location);
  if (location.startsWith('file:')) return resolve(location.slice('file:'.length));
  if (/^[a-z][a-z0-9+.-]+:/i.test(location)) {
    const scheme = location.slice(0, location.indexOf(':'));
    throw new StoreError('location', `databases of the kind "${scheme}:" are not supported; use file:/path`);
  }
  return resolve(location);
}

/** Opens, locks and migrates. Throws `StoreError` for what the operator can mend, else what SQLite throws. */
export async function openSqlite(location: string, options: SqliteOptions): Promise<SqliteStore> {
  const named = readLocation(location);
  const isFile = named !== ':memory:';
  const path = isFile ? createFile(named) : named;
  const lock = isFile ? lockDatabase(path) : undefined;
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
    tune(database, isFile);
    const gate: TransactionGate = { isOpen: true };
    const kysely = new Kysely<Tables>({ dialect: createSqliteDialect(database, gate) });
    const applied = await migrateUp(kysely, 'sqlite');
    gate.isOpen = false;
    database.pragma(`busy_timeout = ${SERVING_BUSY_TIMEOUT_MS}`);
    if (applied.length > 0) options.log.info({ path, applied }, 'database schema is up to date');
    const revision = await loadRevision(kysely, options.log);
    const wal = isFile ? createWalKeeper(database, options.log, options.flush) : memoryWal;
    // Nobody else can open what is only in memory.
    const reader = isFile ? createReader(path) : undefined;
    return assemble({ database, kysely, reader, revision, wal, lock, durability: options.durability });
  } catch (error) {
    database?.close();
    lock?.release();
    throw error;
  }
}

/** Nothing of a database in memory can be flushed. */
const memoryWal: WalKeeper = { sync: async () => undefined, noteWrites() {}, close() {} };

/**
 * Readable by its owner only; SQLite gives its side files the mode of the database. Returns the path without
 * symbolic links: it is beside that file that SQLite puts the log, and there the lock must be.
 */
function createFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Never opened when it exists: closing a file drops the locks this process has on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  return realpathSync(path);
}

function tune(database: Database, isFile: boolean): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  if (isFile && mode !== 'wal') {
    throw new StoreError('no_wal', `${database.name}: this file system cannot hold a write-ahead log`);
  }
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
  // Folding the log back is ours to time: see wal.ts.
  database.pragma('wal_autocheckpoint = 0');
  database.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  database.pragma(`cache_size = -${CACHE_KIB}`);
  database.pragma('temp_store = MEMORY');
}

interface Parts {
  readonly database: Database;
  readonly kysely: Kysely<Tables>;
  readonly reader: Reader | undefined;
  readonly revision: Revision;
  readonly wal: WalKeeper;
  readonly lock: ProcessLock | undefined;
  readonly durability: Durability;
}

function assemble({ database, kysely, reader, revision, wal, lock, durability }: Parts): SqliteStore {
  const runAll = database.transaction((queries: readonly Compilable[]) =>
    queries.map((query) => runCompiled<{ value?: unknown }>(database, query.compile())),
  );
  const makeDurable = async (rows: number) => {
    wal.noteWrites(rows);
    if (durability === 'power') await wal.sync();
  };
  return {
    dialect: 'sqlite',
    database,
    kysely,
    reader: reader?.kysely ?? kysely,
    revision,
    durability,
    async write(queries) {
      const results = await tryOften(() => runAll.immediate(queries));
      await makeDurable(queries.length);
      return results.map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
    },
    async change(queries) {
      const results = await tryOften(() => runAll.immediate([...queries, bumpRevision(kysely)]));
      // Announced before the flush: who revokes a key must not wait for a slow disk to be obeyed.
      revision.announce(Number(results.pop()?.rows[0]?.value));
      await makeDurable(queries.length + 1);
      return results.map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
    },
    syncWal: () => wal.sync(),
    noteWrites: (rows) => wal.noteWrites(rows),
    // One process has the database.
    alone: (work) => work(),
    async close() {
      if (!database.open) return;
      wal.close();
      const ended = reader?.close();
      if (ended) await ended;
      database.close();
      lock?.release();
    },
  };
}

/** Tries again while somebody else holds the write lock, without holding the event loop meanwhile. */
async function tryOften<T>(work: () => T): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return work();
    } catch (error) {
      const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!isBusy || tries === BUSY_TRIES) throw error;
      await delay(BUSY_PAUSE_MS);
    }
  }
}
