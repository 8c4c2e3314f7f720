/** What the running ledger keeps in memory: open attempts, and the queues between them and the store. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Price } from '../catalog/price.ts';
import type { Reservation, ResolvePrice } from './book.ts';
import type { Claim } from './budget.ts';
import type { AttemptKey, Grant, Settled } from './ledger.ts';
import type { Fault, HoldChange, LedgerStore, Post, Progress, Reserve } from './ledger-store.ts';

/** Reserves of one transaction: beyond, a batch holds the event loop too long. */
export const MAX_BATCH_RESERVES = 256;
/** Posts, releases and progress notes of one transaction, each. */
export const MAX_BATCH_POSTS = 1_024;
/** Reserves that may wait. At the slowest measured write rate this is about a second of waiting. */
export const MAX_WAITING_RESERVES = 4_096;
/** Settles in memory that are not durable yet. With more, nothing new is let in until they are written. */
export const MAX_PENDING_POSTS = 10_000;
/** Settled attempts that are remembered, to answer a second settle as the first. */
export const MAX_REMEMBERED = 512;
/** A settle waits this long for a reserve to share its transaction with; at low load this halves the commits. */
export const POST_DELAY_MS = 10;
/** A committed settle is flushed to disk at the latest after this; until then its reservation covers a power cut. */
export const POST_FLUSH_MS = 200;
/** Progress of a stream is written at most this often. */
export const PROGRESS_MS = 250;
/** How long a reserve waits for somebody else's write lock. */
export const BUSY_PATIENCE_MS = 5_000;
/** Waiting for room in a budget is tried again at least this often: other replicas give back too. */
export const WAIT_RETRY_MS = 100;
/** Refusals that are counted with the next batch; more than that at once are told by the first. */
export const MAX_NOTED_REFUSALS = 1_024;

/** One attempt between `reserve` and `settle`. */
export interface OpenAttempt {
  readonly key: AttemptKey;
  readonly name: string;
  /** What is asked of the store; once granted, with what was granted. */
  reserve: Reserve;
  readonly price: Price | undefined;
  /** The claim it found no room for. */
  waitsFor: Claim | undefined;
  readonly claimsAt: ((atMs: number) => readonly Claim[]) | undefined;
  readonly contextWindow: number | undefined;
  /** Monotonic. */
  readonly queuedAtMs: number;
  readonly granted: Promise<Grant>;
  readonly answer: (grant: Grant) => void;
  /** It ended before its reservation was written; there is nothing left to hold. */
  isSettled: boolean;
}

/** A change of what an attempt holds, on its way to the store. */
export interface PendingHold {
  readonly attempt: OpenAttempt;
  readonly change: HoldChange;
  readonly answer: (isHeld: boolean) => void;
}

/** Why writing does not work now, and when it is tried again. */
export interface Trouble {
  readonly fault: Fault;
  readonly message: string;
  readonly failures: number;
}

export interface LedgerState {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolvePrice: ResolvePrice | undefined;
  readonly open: Map<string, OpenAttempt>;
  readonly remembered: Map<string, Settled>;
  reserves: OpenAttempt[];
  /** They wait for room in a budget; who came first is judged first. */
  waiting: OpenAttempt[];
  /** Something was given back, or time went by: those who wait are judged again. */
  isWaitDue: boolean;
  holds: PendingHold[];
  refusals: Claim[];
  /** What the store's clock is ahead of ours. */
  skewMs: number;
  posts: Post[];
  releases: AttemptKey[];
  readonly progress: Map<string, Progress>;
  isProgressDue: boolean;
  /** Taken by the batch that is being applied. */
  inFlight: { readonly posts: number; readonly reserves: number };
  /** Committed, not yet known to be on disk. */
  unflushed: Post[];
  /** Posts covered by a flush under way. */
  flushing: number;
  /** Grants that wait for a flush under way. */
  grantsFlushing: number;
  trouble: Trouble | undefined;
  lastError: string | undefined;
  isApplying: boolean;
  isStopped: boolean;
  readonly timers: Map<TimerName, NodeJS.Timeout | NodeJS.Immediate>;
  /** Called whenever something became durable or failed. */
  readonly watchers: Set<() => void>;
}

export type TimerName = 'turn' | 'post' | 'flush' | 'progress' | 'retry' | 'beat' | 'wait';

export function nameOf({ exchangeId, attempt }: AttemptKey): string {
  return `${exchangeId}/${attempt}`;
}

export function reservationOf(attempt: OpenAttempt): Reservation {
  return attempt.reserve.reservation;
}

export function pendingPosts(state: LedgerState): number {
  return state.posts.length + state.inFlight.posts + state.unflushed.length + state.flushing;
}

/** Nothing that was asked for is still on its way to the disk. */
export function isIdle(state: LedgerState): boolean {
  return (
    pendingPosts(state) === 0 &&
    state.reserves.length === 0 &&
    state.waiting.length === 0 &&
    state.holds.length === 0 &&
    state.inFlight.reserves === 0 &&
    state.grantsFlushing === 0 &&
    state.releases.length === 0 &&
    !state.isApplying
  );
}

export function notify(state: LedgerState): void {
  for (const watcher of state.watchers) watcher();
}

export function remember(state: LedgerState, name: string, settled: Settled): void {
  state.remembered.set(name, settled);
  if (state.remembered.size > MAX_REMEMBERED) {
    state.remembered.delete(state.remembered.keys().next().value!);
  }
}

/** Runs `work` after the delay, once, however often it is asked for. */
export function arm(state: LedgerState, name: TimerName, delayMs: number, work: () => void): void {
  if (state.isStopped || state.timers.has(name)) return;
  const timer = setTimeout(() => {
    state.timers.delete(name);
    work();
  }, delayMs);
  state.timers.set(name, timer);
}

/** As `arm`, at the end of this turn of the event loop. */
export function armTurn(state: LedgerState, work: () => void): void {
  if (state.isStopped || state.timers.has('turn')) return;
  const timer = setImmediate(() => {
    state.timers.delete('turn');
    work();
  });
  state.timers.set('turn', timer);
}

export function disarm(state: LedgerState, name: TimerName): void {
  const timer = state.timers.get(name);
  if (timer === undefined) return;
  state.timers.delete(name);
  if (name === 'turn') clearImmediate(timer as NodeJS.Immediate);
  else clearTimeout(timer as NodeJS.Timeout);
}
