/** The running ledger: answers the road at once from memory, and writes behind it in batches. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { NanoUsd } from '../base/money.ts';
import type { Price } from '../catalog/price.ts';
import { bookSettle, makeReservation, type ResolvePrice } from './book.ts';
import { MIN_CLAMPED_OUTPUT } from './bound.ts';
import { renderDecision } from './decision.ts';
import { judgeUsage, noCounts } from './judge-usage.ts';
import type {
  AttemptKey,
  Grant,
  Ledger,
  LedgerHealth,
  ReserveRequest,
  Settled,
  SettleRequest,
} from './ledger.ts';
import {
  disarm,
  type LedgerState,
  MAX_PENDING_POSTS,
  MAX_WAITING_RESERVES,
  nameOf,
  type OpenAttempt,
  pendingPosts,
  remember,
  reservationOf,
} from './ledger-state.ts';
import type { LedgerStore } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { keepBeating, waitUntilIdle, writeProgressLater, writeSoon, writeThisTurn } from './writer.ts';

const NONE: readonly never[] = [];

export interface LedgerOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Finds the price of another service tier than the one reserved with. */
  readonly resolvePrice?: ResolvePrice;
}

export interface RunningLedger extends Ledger {
  /** Refuses every further reserve as `draining`. What is queued can still be drained. */
  refuseNew(): void;
  /** Ends every timer: nothing is written any more. For the end of the process, after `drain`. */
  stop(): void;
}

/** Recover first (see recover.ts): rows that an earlier process left are unknown to this ledger. */
export function createLedger(options: LedgerOptions): RunningLedger {
  const state = emptyState(options);
  keepBeating(state);
  let isDraining = false;
  return {
    reserve: (request) =>
      isDraining ? Promise.resolve({ ok: false, reason: 'draining' }) : reserve(state, request),
    settle: (request) => settle(state, request),
    checkpoint: (key, outputEstimate) => checkpoint(state, key, outputEstimate),
    hold: (key, amount) => hold(state, key, amount),
    now: () => state.clock.now() + state.skewMs,
    health: () => healthOf(state),
    drain: (timeoutMs) => waitUntilIdle(state, timeoutMs),
    refuseNew() {
      isDraining = true;
      refuseWaiting(state);
    },
    stop() {
      isDraining = true;
      state.isStopped = true;
      for (const name of [...state.timers.keys()]) disarm(state, name);
    },
  };
}

function emptyState({ store, clock, log, resolvePrice }: LedgerOptions): LedgerState {
  return {
    store,
    clock,
    log,
    resolvePrice,
    open: new Map(),
    remembered: new Map(),
    reserves: [],
    waiting: [],
    isWaitDue: false,
    holds: [],
    refusals: [],
    skewMs: 0,
    posts: [],
    releases: [],
    progress: new Map(),
    isProgressDue: false,
    inFlight: { posts: 0, reserves: 0 },
    unflushed: [],
    flushing: 0,
    grantsFlushing: 0,
    trouble: undefined,
    lastError: undefined,
    isApplying: false,
    isStopped: false,
    timers: new Map(),
    watchers: new Set(),
  };
}

function reserve(state: LedgerState, request: ReserveRequest): Promise<Grant> {
  const name = nameOf(request);
  const known = state.open.get(name);
  if (known) return known.granted;
  const refusal = refuseReserve(state, name);
  if (refusal) return Promise.resolve(refusal);
  const attempt = openAttempt(state, request, name);
  state.open.set(name, attempt);
  state.reserves.push(attempt);
  writeThisTurn(state);
  return attempt.granted;
}

function refuseReserve(state: LedgerState, name: string): Grant | undefined {
  // It has had its entry; a second one would be refused by the store anyway.
  if (state.remembered.has(name)) return { ok: false, reason: 'store_failed' };
  if (state.trouble && state.trouble.fault !== 'busy') return { ok: false, reason: 'store_failed' };
  const waiting = state.reserves.length + state.waiting.length;
  if (waiting >= MAX_WAITING_RESERVES || pendingPosts(state) >= MAX_PENDING_POSTS) {
    return { ok: false, reason: 'store_full' };
  }
  return undefined;
}

function openAttempt(state: LedgerState, request: ReserveRequest, name: string): OpenAttempt {
  const snapshot = request.price && snapshotPrice(request.price);
  if (request.price && !snapshot) warnOfPrice(state, request.price);
  let answer: (grant: Grant) => void = () => undefined;
  const granted = new Promise<Grant>((resolve) => {
    answer = resolve;
  });
  return {
    key: { exchangeId: request.exchangeId, attempt: request.attempt },
    name,
    reserve: {
      reservation: makeReservation(request, snapshot),
      price: snapshot,
      claims: request.claims ?? NONE,
      bound: request.bound,
      minOutput: request.minOutput ?? MIN_CLAMPED_OUTPUT,
      rates: request.rates ?? NONE,
    },
    price: snapshot ? request.price : undefined,
    waitsFor: undefined,
    claimsAt: request.claimsAt,
    contextWindow: request.contextWindow,
    queuedAtMs: state.clock.monotonic(),
    granted,
    answer,
    isSettled: false,
  };
}

function warnOfPrice({ log }: LedgerState, { provider, model, source }: Price): void {
  log.error({ provider, model, source }, 'this price has rates that cannot be money; it counts as unknown');
}

function settle(state: LedgerState, request: SettleRequest): Settled {
  const name = nameOf(request);
  const attempt = state.open.get(name);
  if (!attempt) return state.remembered.get(name) ?? settleUnknown(state, request);
  const { entry, settled, price } = bookSettle(
    {
      reservation: reservationOf(attempt),
      price: attempt.price,
      ...(attempt.contextWindow !== undefined && { contextWindow: attempt.contextWindow }),
      ...(state.resolvePrice && { resolvePrice: state.resolvePrice }),
    },
    request,
  );
  attempt.isSettled = true;
  state.open.delete(name);
  state.progress.delete(name);
  remember(state, name, settled);
  const decision = request.decision && renderDecision(request.decision);
  state.posts.push({ entry, price, decision });
  writeSoon(state);
  return settled;
}

/** No reservation, so nothing may have been sent: there is nobody to book it on. */
function settleUnknown(state: LedgerState, request: SettleRequest): Settled {
  if (!request.isCharged) return { counts: noCounts, cost: undefined, isEstimated: false, flags: [] };
  state.log.error(
    { exchangeId: request.exchangeId, attempt: request.attempt, status: request.status },
    'settled without a reservation; it cannot be booked',
  );
  const { counts, isEstimated, flags } = judgeUsage(request.usage, { inputEstimate: 0 });
  return { counts, cost: undefined, isEstimated, flags };
}

function checkpoint(state: LedgerState, key: AttemptKey, outputEstimate: number): void {
  const name = nameOf(key);
  if (!state.open.has(name) || !(outputEstimate > 0)) return;
  state.progress.set(name, {
    exchangeId: key.exchangeId,
    attempt: key.attempt,
    outputEstimate: Math.ceil(outputEstimate),
  });
  writeProgressLater(state);
}

/** A lower amount goes along with what is written soon; a higher one is waited for. */
function hold(state: LedgerState, key: AttemptKey, amount: NanoUsd): Promise<boolean> {
  const attempt = state.open.get(nameOf(key));
  if (!attempt) return Promise.resolve(false);
  const { claims, reservation } = attempt.reserve;
  if (claims.length === 0 || amount === reservation.amount_nano) return Promise.resolve(true);
  const isMore = amount > reservation.amount_nano;
  if (isMore && state.trouble) return Promise.resolve(false);
  const change = { exchangeId: key.exchangeId, attempt: key.attempt, amount, claims };
  return new Promise((answer) => {
    state.holds.push({ attempt, change, answer });
    if (isMore) writeThisTurn(state);
    else writeSoon(state);
  });
}

/** Nobody will give them room any more. */
function refuseWaiting(state: LedgerState): void {
  for (const attempt of state.waiting) {
    state.open.delete(attempt.name);
    attempt.answer({ ok: false, reason: 'draining' });
  }
  state.waiting = [];
}

function healthOf(state: LedgerState): LedgerHealth {
  const { trouble, lastError } = state;
  return {
    isWritable: !trouble && pendingPosts(state) < MAX_PENDING_POSTS,
    pendingSettles: pendingPosts(state),
    openReservations: state.open.size,
    waitingForBudget: state.waiting.length,
    ...(lastError !== undefined && { lastError }),
  };
}
