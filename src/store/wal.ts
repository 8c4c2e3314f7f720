/**
 * The write-ahead log of SQLite: flushed in the thread pool, and folded back into the database when nobody waits.
 *
 * SQLite runs with `synchronous = NORMAL`, so a commit survives the process but not a power cut. Flushing the
 * `-wal` file after the commit adds the power cut: a commit is whole when its frames are on disk, and frames are
 * only ever appended behind those of earlier commits. One flush covers every commit made before it began.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Log } from '../base/log.ts';
import { shareFlush } from './shared-flush.ts';

/** Pages of log (4 KiB each) after which it is folded back even under load; about what the log is cut back to. */
const CHECKPOINT_PAGES = 12_000;
/** Pages a transaction of one row writes; every further row adds about one. Measured, rounded up. */
const TRANSACTION_PAGES = 6;
/** The log is folded back after this long without a write. */
const IDLE_MS = 500;

export type Flush = (file: number, done: (error: Error | null) => void) => void;

export interface WalKeeper {
  /** Resolves when every commit made before the call is on disk; rejects when that cannot be said. */
  sync(): Promise<void>;
  /** Tells of the rows of one transaction, so that the log is folded back in time. */
  noteWrites(rows: number): void;
  close(): void;
}

interface WalState {
  readonly database: Database;
  readonly path: string;
  readonly flush: Flush;
  readonly log: Log;
  file: number | undefined;
  /** One flush at a time, shared by all who wait. */
  readonly sync: () => Promise<void>;
  isFlushing: boolean;
  /** A flush failed: the kernel may have dropped the pages, so a later flush proves nothing. */
  isSuspect: boolean;
  /** Written since the log was folded back, by estimate. */
  pages: number;
  hasRecentWrites: boolean;
  timer: NodeJS.Timeout | undefined;
  isClosed: boolean;
}

export function createWalKeeper(database: Database, log: Log, flush: Flush = fdatasync): WalKeeper {
  const state: WalState = {
    database,
    path: `${database.name}-wal`,
    flush,
    log,
    file: undefined,
    sync: shareFlush(() => flushOnce(state)),
    isFlushing: false,
    isSuspect: false,
    pages: 0,
    hasRecentWrites: false,
    timer: undefined,
    isClosed: false,
  };
  return {
    sync: state.sync,
    noteWrites: (rows) => noteWrites(state, rows),
    close: () => closeKeeper(state),
  };
}

function flushOnce(state: WalState): Promise<void> {
  return new Promise((resolve, reject) => {
    try {
      if (state.isClosed) throw new Error('the database is closed');
      if (state.isSuspect) {
        mend(state);
        resolve();
        return;
      }
      state.file ??= openSync(state.path, 'r+');
      state.isFlushing = true;
      state.flush(state.file, (error) => {
        state.isFlushing = false;
        if (state.isClosed) closeFile(state);
        if (!error) return resolve();
        state.isSuspect = true;
        reject(error);
      });
    } catch (error) {
      reject(error);
    }
  });
}

/** Copies every frame into the database file and flushes that: true again, whatever became of the log's pages. */
function mend(state: WalState): void {
  if (!checkpoint(state, 'FULL')) throw new Error('the write-ahead log could not be folded back');
  state.isSuspect = false;
}

function noteWrites(state: WalState, rows: number): void {
  state.pages += TRANSACTION_PAGES + rows;
  state.hasRecentWrites = true;
  if (state.pages >= CHECKPOINT_PAGES) {
    state.pages = 0;
    // The log is flushed in the thread pool first, so that less is left to do on this thread.
    state.sync().then(
      () => foldBack(state),
      () => undefined,
    );
  }
  if (!state.timer && !state.isClosed) state.timer = armTimer(state);
}

function armTimer(state: WalState): NodeJS.Timeout {
  return setTimeout(() => {
    state.timer = undefined;
    if (state.isClosed) return;
    if (state.hasRecentWrites) {
      state.hasRecentWrites = false;
      state.timer = armTimer(state);
    } else {
      state.pages = 0;
      foldBack(state);
    }
  }, IDLE_MS).unref();
}

function foldBack(state: WalState): void {
  if (state.isClosed) return;
  try {
    checkpoint(state, 'PASSIVE');
  } catch (error) {
    // Nothing is lost: the log only stays longer. A disk that is full or broken shows itself at the next commit.
    state.log.warn({ error: String(error) }, 'the write-ahead log could not be folded back');
  }
}

/** False when a reader or writer was in the way. */
function checkpoint(state: WalState, mode: 'PASSIVE' | 'FULL'): boolean {
  const [row] = state.database.pragma(`wal_checkpoint(${mode})`) as { busy: number }[];
  return row?.busy === 0;
}

function closeKeeper(state: WalState): void {
  state.isClosed = true;
  clearTimeout(state.timer);
  // A flush under way still holds the number of the file.
  if (!state.isFlushing) closeFile(state);
}

function closeFile(state: WalState): void {
  if (state.file !== undefined) closeSync(state.file);
  state.file = undefined;
}
