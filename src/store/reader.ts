/**
 * Reads of operators on SQLite: a thread with a read-only connection of its own, behind the same face as the
 * serving connection. The write-ahead log lets it read while the ledger writes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { type CompiledQuery, Kysely } from 'kysely';
import type { Answer, Question, ReaderSetup } from './reader-worker.ts';
import type { Tables } from './schema.ts';
import { createDialectOver } from './sqlite-dialect.ts';
import { StoreError } from './store-error.ts';

export interface ReaderLimits {
  /** Questions that may wait for the one that is being answered. */
  readonly waiting: number;
  /** From the question to its answer, waiting included. */
  readonly timeoutMs: number;
  /** Rows of one answer: more would fill the memory of this thread too. */
  readonly rows: number;
}

/** As patient as PostgreSQL is told to be. What people look at has far fewer rows. */
const LIMITS: ReaderLimits = { waiting: 200, timeoutMs: 30_000, rows: 50_000 };
/** Memory of the thread's own heap; beyond it the thread ends, and not the process. */
const HEAP_MB = 512;
/** How long closing waits for a statement that is under way: SQLite hears of the end only between two rows. */
const CLOSE_MS = 5_000;

export interface Reader {
  readonly kysely: Kysely<Tables>;
  /** Ends the thread; what waits is refused. undefined = there never was one. */
  close(): Promise<void> | undefined;
}

interface Job {
  readonly question: Question;
  readonly resolve: (rows: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface ReaderState {
  readonly setup: ReaderSetup;
  readonly limits: ReaderLimits;
  readonly waiting: Job[];
  running: Job | undefined;
  /** Started by the first question, and again after it was ended or died. */
  worker: Worker | undefined;
  /** A thread that was told to end and has not yet: no second one works beside it. */
  ending: Promise<unknown> | undefined;
  isClosed: boolean;
}

/** @param path of a database file that this process has open */
export function createReader(path: string, limits: ReaderLimits = LIMITS): Reader {
  const state: ReaderState = {
    setup: { path, maxRows: limits.rows },
    limits,
    waiting: [],
    running: undefined,
    worker: undefined,
    ending: undefined,
    isClosed: false,
  };
  const run = async (query: CompiledQuery) => ({ rows: [...(await ask(state, query))] });
  return {
    kysely: new Kysely<Tables>({ dialect: createDialectOver(run, { isOpen: false }) }),
    close: () => close(state),
  };
}

function ask(state: ReaderState, { sql, parameters }: CompiledQuery): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    if (state.isClosed) return reject(new Error('the database is closed'));
    if (state.waiting.length >= state.limits.waiting)
      return reject(limitError(`${state.limits.waiting} other questions wait for the database`));
    const timer = setTimeout(() => giveUp(state, job), state.limits.timeoutMs);
    const job: Job = { question: { sql, parameters }, resolve, reject, timer };
    state.waiting.push(job);
    next(state);
  });
}

function limitError(message: string): StoreError {
  return new StoreError('read_limit', message);
}

function next(state: ReaderState): void {
  if (state.running || state.ending || state.isClosed) return;
  const job = state.waiting.shift();
  if (!job) return;
  state.running = job;
  state.worker ??= start(state);
  state.worker.ref();
  state.worker.postMessage(job.question);
}

/** Beside this file, compiled or not. */
const isBuilt = import.meta.url.endsWith('.js');
const entry = new URL(isBuilt ? './reader-worker.js' : './reader-from-source.mjs', import.meta.url);

function start(state: ReaderState): Worker {
  const worker = new Worker(entry, {
    workerData: state.setup,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  worker.on('message', (answer: Answer) => finish(state, worker, (job) => settle(state, job, answer)));
  const fail = (error: Error) => {
    if (state.worker === worker) state.worker = undefined;
    finish(state, worker, (job) => job.reject(error));
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`the reading thread ended by itself (${code})`)));
  return worker;
}

/** Only what the thread of now says counts. */
function finish(state: ReaderState, worker: Worker, end: (job: Job) => void): void {
  const job = state.running;
  if (!job || (state.worker !== undefined && state.worker !== worker)) return;
  state.running = undefined;
  clearTimeout(job.timer);
  // Idle, it keeps no process alive.
  worker.unref();
  end(job);
  next(state);
}

function settle(state: ReaderState, job: Job, answer: Answer): void {
  switch (answer.kind) {
    case 'rows':
      return job.resolve(answer.rows);
    case 'too_many_rows':
      return job.reject(limitError(`the answer has more than ${state.limits.rows} rows`));
    case 'error':
      return job.reject(new Sqlite.SqliteError(answer.message, answer.code));
    default:
      return answer satisfies never;
  }
}

function giveUp(state: ReaderState, job: Job): void {
  const at = state.waiting.indexOf(job);
  if (at >= 0) state.waiting.splice(at, 1);
  job.reject(limitError(`the answer took longer than ${state.limits.timeoutMs / 1000} s`));
  if (state.running !== job) return;
  state.running = undefined;
  void end(state).then(() => next(state));
}

/** What is under way ends at its next row, or with its statement. */
function end(state: ReaderState): Promise<unknown> {
  const { worker } = state;
  state.worker = undefined;
  worker?.removeAllListeners();
  worker?.unref();
  state.ending = Promise.resolve(worker?.terminate()).finally(() => {
    state.ending = undefined;
  });
  return state.ending;
}

function close(state: ReaderState): Promise<void> | undefined {
  state.isClosed = true;
  for (const job of [...state.waiting.splice(0), ...(state.running ? [state.running] : [])]) {
    clearTimeout(job.timer);
    job.reject(new Error('the database is closed'));
  }
  state.running = undefined;
  if (!state.worker && !state.ending) return undefined;
  const ended = state.ending ?? end(state);
  return Promise.race([ended, delay(CLOSE_MS, undefined, { ref: false })]).then(() => undefined);
}
