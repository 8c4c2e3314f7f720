/**
 * Carries the queues of the ledger to the store: one batch per turn, flushed, tried again when it fails.
 *
 * A reserve is answered once its batch is durable. A post is kept until then and offered again after a failure;
 * the store takes a second offer for nothing. What cannot be written makes the ledger refuse new reserves.
 */
import type { NanoUsd } from '../base/money.ts';
import type { Grant } from './ledger.ts';
import {
  arm,
  armTurn,
  BUSY_PATIENCE_MS,
  isIdle,
  type LedgerState,
  MAX_BATCH_POSTS,
  MAX_NOTED_REFUSALS,
  notify,
  type OpenAttempt,
  type PendingHold,
  POST_DELAY_MS,
  POST_FLUSH_MS,
  PROGRESS_MS,
  WAIT_RETRY_MS,
} from './ledger-state.ts';
import { type Batch, type BatchResult, emptyBatch, type Fault, type Post } from './ledger-store.ts';
import { maySpendWaiting, noteRefusal, takeReserves, waitOn } from './wait.ts';

/** First pause after a failure; it doubles up to the longest. */
const RETRY_MS = 50;
const MAX_RETRY_MS = 5_000;
/** Somebody else's transaction is over soon. */
const BUSY_RETRY_MS = 20;

export function writeThisTurn(state: LedgerState): void {
  if (state.trouble === undefined) armTurn(state, () => void writeBatch(state));
}

export function writeSoon(state: LedgerState): void {
  if (state.posts.length >= MAX_BATCH_POSTS) writeThisTurn(state);
  else arm(state, 'post', POST_DELAY_MS, () => writeThisTurn(state));
}

export function writeProgressLater(state: LedgerState): void {
  arm(state, 'progress', PROGRESS_MS, () => {
    state.isProgressDue = true;
    writeThisTurn(state);
  });
}

/**
 * One batch, unless one is being applied or its grants are being flushed: then the end of that begins the next.
 * A reserve that came meanwhile would wait for the next flush anyway; so it shares one commit with all that do.
 */
async function writeBatch(state: LedgerState): Promise<void> {
  if (state.isApplying || state.isStopped || state.grantsFlushing > 0) return;
  const taken = takeBatch(state);
  if (!taken) return notify(state);
  state.isApplying = true;
  state.inFlight = { posts: taken.batch.posts.length, reserves: taken.attempts.length };
  const result = await state.store.applyBatch(taken.batch);
  state.inFlight = { posts: 0, reserves: 0 };
  if (result.ok) settleIn(state, taken, result);
  else if (result.fault === 'rejected') await writeOneByOne(state, taken);
  else fail(state, taken, result);
  state.isApplying = false;
  if (hasWork(state)) writeThisTurn(state);
  if (state.waiting.length > 0) retryWaiting(state);
  notify(state);
}

/** Those who wait for room in a budget are judged again when we give something back; and now and then, as others do too. */
function retryWaiting(state: LedgerState): void {
  arm(state, 'wait', WAIT_RETRY_MS, () => {
    if (state.waiting.length === 0) return;
    state.isWaitDue = true;
    writeThisTurn(state);
  });
}

interface Taken {
  readonly batch: Batch;
  readonly attempts: readonly OpenAttempt[];
  readonly holds: readonly PendingHold[];
}

function hasWork(state: LedgerState): boolean {
  return (
    state.reserves.length > 0 ||
    state.releases.length > 0 ||
    state.posts.length > 0 ||
    state.holds.length > 0 ||
    state.refusals.length > 0 ||
    state.isProgressDue
  );
}

function takeBatch(state: LedgerState): Taken | undefined {
  // A release that is left over could otherwise take back the same attempt's new reservation.
  const attempts = state.releases.length > MAX_BATCH_POSTS ? [] : takeReserves(state);
  const holds = state.holds.splice(0, MAX_BATCH_POSTS);
  const batch: Batch = {
    releases: state.releases.splice(0, MAX_BATCH_POSTS),
    posts: state.posts.splice(0, MAX_BATCH_POSTS),
    holds: holds.map(({ change }) => change),
    refusals: state.refusals.splice(0, MAX_BATCH_POSTS),
    reserves: attempts.map(({ reserve }) => reserve),
    progress: takeProgress(state),
    ...(state.trouble && { isProbe: true }),
  };
  return isEmpty(batch) && !batch.isProbe ? undefined : { batch, attempts, holds };
}

function isEmpty({ releases, posts, holds, refusals, reserves, progress }: Batch): boolean {
  const parts = [releases, posts, holds, refusals, reserves, progress];
  return parts.every(({ length }) => length === 0);
}

function takeProgress(state: LedgerState): Batch['progress'] {
  if (!state.isProgressDue) return [];
  const taken = [...state.progress].slice(0, MAX_BATCH_POSTS);
  for (const [name] of taken) state.progress.delete(name);
  state.isProgressDue = state.progress.size > 0;
  return taken.map(([, progress]) => progress);
}

type Applied = Extract<BatchResult, { ok: true }>;

/** The batch is committed: flush, then answer. */
function settleIn(state: LedgerState, taken: Taken, applied: Applied): void {
  for (const key of applied.duplicates)
    state.log.warn({ ...key }, 'this attempt already had an entry; kept the first');
  for (const key of applied.late)
    state.log.warn({ ...key }, 'this attempt had been booked as interrupted; booked the difference');
  state.unflushed.push(...taken.batch.posts);
  state.skewMs = applied.skewMs;
  const granted = [
    ...takeGranted(state, taken.attempts, applied.grants),
    ...takeHeld(taken.holds, applied.holds),
  ];
  const isWaitedFor = granted.length > 0 || state.watchers.size > 0 || state.trouble !== undefined;
  if (isWaitedFor) flush(state, granted);
  else if (state.unflushed.length > 0) arm(state, 'flush', POST_FLUSH_MS, () => flushNow(state));
}

/** What is answered when the flush is over, one way or the other. */
interface Waiter {
  done(): void;
  failed(): void;
}

const NO_WAITERS: readonly Waiter[] = [];

/** Those that wait for the flush. Refused ones are answered, or wait for room: of them nothing was written. */
function takeGranted(
  state: LedgerState,
  attempts: readonly OpenAttempt[],
  grants: readonly Grant[],
): readonly Waiter[] {
  if (attempts.length === 0) return NO_WAITERS;
  const granted: Waiter[] = [];
  const waiting: OpenAttempt[] = [];
  attempts.forEach((attempt, at) => {
    const grant = grants[at]!;
    if (grant.ok) granted.push(waiterOf(state, attempt, grant));
    else if (grant.reason === 'over_budget' && maySpendWaiting(state, attempt, grant)) waiting.push(attempt);
    else {
      if (grant.reason === 'over_budget') noteRefusal(state, grant);
      if (state.open.get(attempt.name) === attempt) state.open.delete(attempt.name);
      attempt.answer(grant);
    }
  });
  waitOn(state, waiting);
  return granted;
}

function waiterOf(state: LedgerState, attempt: OpenAttempt, grant: Grant & { ok: true }): Waiter {
  const { reserve } = attempt;
  if (grant.amount !== undefined) {
    const output = grant.maxOutput ?? reserve.reservation.max_output_tokens;
    const reservation = { ...reserve.reservation, amount_nano: grant.amount, max_output_tokens: output };
    attempt.reserve = { ...reserve, reservation };
  }
  return { done: () => attempt.answer(grant), failed: () => refuseAll(state, [attempt]) };
}

/** More may be used only once it is known to be held; less is no news. */
function takeHeld(holds: readonly PendingHold[], isHeld: readonly boolean[]): readonly Waiter[] {
  const raised: Waiter[] = [];
  for (const [at, hold] of holds.entries()) {
    const { attempt, change } = hold;
    const isMore = change.amount > attempt.reserve.reservation.amount_nano;
    if (isHeld[at]) attempt.reserve = withAmount(attempt.reserve, change.amount);
    if (isHeld[at] && isMore)
      raised.push({ done: () => hold.answer(true), failed: () => hold.answer(false) });
    else hold.answer(isHeld[at] === true);
  }
  return raised;
}

function withAmount(reserve: OpenAttempt['reserve'], amount: NanoUsd): OpenAttempt['reserve'] {
  return { ...reserve, reservation: { ...reserve.reservation, amount_nano: amount } };
}

/** Several may be under way; each covers what was committed before it began. */
function flush(state: LedgerState, waiters: readonly Waiter[]): void {
  const { trouble, unflushed: covered } = state;
  state.unflushed = [];
  state.flushing += covered.length;
  state.grantsFlushing += waiters.length;
  const end = () => {
    state.flushing -= covered.length;
    state.grantsFlushing -= waiters.length;
  };
  state.store.makeDurable().then(
    () => {
      end();
      for (const waiter of waiters) waiter.done();
      // Trouble that came after this flush began is not over.
      if (trouble && trouble === state.trouble) leaveTrouble(state);
      if (hasWork(state)) writeThisTurn(state);
      notify(state);
    },
    (error: unknown) => {
      end();
      state.posts.unshift(...covered);
      for (const waiter of waiters) waiter.failed();
      enterTrouble(state, 'unavailable', `flushing failed: ${String(error)}`);
      notify(state);
    },
  );
}

function leaveTrouble(state: LedgerState): void {
  state.log.info({ failures: state.trouble?.failures }, 'the ledger can be written again');
  state.trouble = undefined;
  if (hasWork(state)) writeThisTurn(state);
}

/** Keeps this replica alive where the store wants to hear of it. Trouble is over when a flush works, so it has beats of its own. */
export function keepBeating(state: LedgerState): void {
  const { beatMs } = state.store;
  if (beatMs === undefined) return;
  arm(state, 'beat', beatMs, () => {
    if (state.flushing === 0 && state.grantsFlushing === 0 && !state.trouble) flush(state, NO_WAITERS);
    keepBeating(state);
  });
}

/** Flushes what is committed without waiting for company: for those who wait for everything. */
export function flushNow(state: LedgerState): void {
  if (state.unflushed.length > 0) flush(state, NO_WAITERS);
}

function fail(state: LedgerState, taken: Taken, result: Extract<BatchResult, { ok: false }>): void {
  state.posts.unshift(...taken.batch.posts);
  state.releases.unshift(...taken.batch.releases);
  state.refusals = [...taken.batch.refusals, ...state.refusals].slice(0, MAX_NOTED_REFUSALS);
  // What a stream holds stays as it was; it ends where that ends.
  for (const hold of taken.holds) hold.answer(false);
  for (const progress of taken.batch.progress) {
    const name = `${progress.exchangeId}/${progress.attempt}`;
    if (!state.progress.has(name) && state.open.has(name)) state.progress.set(name, progress);
  }
  const isPatient = (attempt: OpenAttempt) =>
    result.fault === 'busy' && state.clock.monotonic() - attempt.queuedAtMs < BUSY_PATIENCE_MS;
  const patient = taken.attempts.filter(isPatient);
  state.reserves.unshift(...patient);
  refuseAll(
    state,
    taken.attempts.filter((attempt) => !isPatient(attempt)),
  );
  enterTrouble(state, result.fault, result.message);
}

/**
 * Something in the batch can never be stored. Alone it is found, and the rest goes in. Values are checked before
 * they come here, so this is a fault of ours; its reservation stays, and the next start books that.
 */
async function writeOneByOne(state: LedgerState, { batch, attempts, holds }: Taken): Promise<void> {
  const none = { batch: emptyBatch, attempts: [], holds: [] };
  const alone = (batch: Partial<Batch>): Taken => ({ ...none, batch: { ...emptyBatch, ...batch } });
  const pieces: Taken[] = [
    ...batch.releases.map((release) => alone({ releases: [release] })),
    ...batch.posts.map((post) => alone({ posts: [post] })),
    ...holds.map((hold) => ({ ...alone({ holds: [hold.change] }), holds: [hold] })),
    ...batch.refusals.map((refusal) => alone({ refusals: [refusal] })),
    ...attempts.map((attempt) => ({ ...alone({ reserves: [attempt.reserve] }), attempts: [attempt] })),
    ...batch.progress.map((progress) => alone({ progress: [progress] })),
  ];
  for (const piece of pieces) {
    const result = await state.store.applyBatch(piece.batch);
    if (result.ok) settleIn(state, piece, result);
    else if (result.fault === 'rejected') reject(state, piece, result.message);
    else fail(state, piece, result);
  }
}

function reject(state: LedgerState, { batch, attempts, holds }: Taken, message: string): void {
  state.lastError = message;
  for (const hold of holds) hold.answer(false);
  const what = batch.posts[0] ? describePost(batch.posts[0]) : { attempts: attempts.map(({ name }) => name) };
  state.log.error({ ...what, error: message }, 'the store cannot take this; it is left out');
  refuseAll(state, attempts);
}

/** Money is a bigint, which a log cannot write. */
function describePost({ entry }: Post): object {
  const { raw_usage: _, ...kept } = entry;
  return Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  );
}

/** They may be in the database all the same, so they are taken back there too. */
function refuseAll(state: LedgerState, attempts: readonly OpenAttempt[]): void {
  for (const attempt of attempts) {
    if (state.open.get(attempt.name) === attempt) {
      state.open.delete(attempt.name);
      state.releases.push(attempt.key);
    }
    attempt.answer({ ok: false, reason: 'store_failed' });
  }
}

function enterTrouble(state: LedgerState, fault: Fault, message: string): void {
  const failures = (state.trouble?.failures ?? 0) + 1;
  if (failures === 1) state.log.error({ fault, error: message }, 'the ledger cannot be written');
  state.trouble = { fault, message, failures };
  state.lastError = message;
  // Waiting for a lock is worth it; waiting for a broken disk is not.
  if (fault !== 'busy') {
    const waiting = [...state.waiting, ...state.reserves];
    state.waiting = [];
    state.reserves = [];
    refuseAll(state, waiting);
  }
  const delayMs =
    fault === 'busy' ? BUSY_RETRY_MS : Math.min(RETRY_MS * 2 ** Math.min(failures - 1, 10), MAX_RETRY_MS);
  arm(state, 'retry', delayMs, () => void writeBatch(state));
}

/** Resolves true when everything is durable, false when the time is up. */
export function waitUntilIdle(state: LedgerState, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isDone: boolean) => {
      clearTimeout(timer);
      state.watchers.delete(look);
      resolve(isDone);
    };
    const look = () => {
      if (isIdle(state)) finish(true);
    };
    const timer = setTimeout(() => finish(isIdle(state)), timeoutMs);
    state.watchers.add(look);
    flushNow(state);
    if (hasWork(state)) writeThisTurn(state);
    look();
  });
}
