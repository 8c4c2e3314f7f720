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
  running: Promise<void> | undefined;
  next: Promise<void> | undefined;
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
    running: undefined,
    next: undefined,
    isSuspect: false,
    pages: 0,
    hasRecentWrites: false,
    timer: undefined,
    isClosed: false,
  };
  return {
    sync: () => joinFlush(state),
    noteWrites: (rows) => noteWrites(state, rows),
    close: () => closeKeeper(state),
  };
}

/** A flush under way does not cover this caller's commit; the one after it does, and is shared by all who wait. */
function joinFlush(state: WalState): Promise<void> {
  if (!state.running) return startFlush(state);
  state.next ??= state.running
    .catch(() => undefined)
    .then(() => {
      state.next = undefined;
      return startFlush(state);
    });
  return state.next;
}

function startFlush(state: WalState): Promise<void> {
  const running = flushOnce(state).finally(() => {
    if (state.running === running) state.running = undefined;
  });
  state.running = running;
  return running;
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
      state.flush(state.file, (error) => {
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
    joinFlush(state).then(
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
  const { file } = state;
  if (file === undefined) return;
  state.file = undefined;
  // A flush under way still holds the number of this file.
  if (state.running) state.running.catch(() => undefined).finally(() => closeSync(file));
  else closeSync(file);
}
