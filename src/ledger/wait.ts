/**
 * The queue of those whose budgets have no room yet: what runs now is reserved at its worst and gives most of it
 * back when it ends, so waiting a little is better than a refusal. First come, first judged, per window.
 */

import type { Claim } from './budget.ts';
import { renderWindows } from './claims.ts';
import type { Grant, Shortfall } from './ledger.ts';
import {
  type LedgerState,
  MAX_BATCH_RESERVES,
  MAX_NOTED_REFUSALS,
  type OpenAttempt,
} from './ledger-state.ts';

export type OverBudget = Extract<Grant, { reason: 'over_budget' }>;

/** What runs may give back enough; a limit that is spent may not. */
export function mayFitLater({ settled, needed, limit }: Shortfall): boolean {
  return settled + needed <= limit;
}

/** Whether the attempt goes on waiting after the store found no room for it. */
export function maySpendWaiting(
  state: LedgerState,
  attempt: OpenAttempt,
  { shortfall }: OverBudget,
): boolean {
  const waitedMs = state.clock.monotonic() - attempt.queuedAtMs;
  attempt.waitsFor = shortfall.claim;
  return mayFitLater(shortfall) && waitedMs < shortfall.claim.queueMs;
}

/** The reserves of the next batch: retries of an exchange that runs, then who waits, then who is new. */
export function takeReserves(state: LedgerState): OpenAttempt[] {
  const isDue =
    state.isWaitDue || state.posts.length > 0 || state.releases.length > 0 || state.holds.length > 0;
  const queue = isDue ? [...state.waiting, ...state.reserves] : state.reserves;
  const held = isDue ? NOBODY : state.waiting;
  const kept: OpenAttempt[] = [];
  const live: OpenAttempt[] = [];
  const behind: OpenAttempt[] = [];
  const taken = windowsOf(held);
  for (const attempt of queue) {
    // What has ended while it waited needs no reservation any more, and may not be sent.
    if (attempt.isSettled) attempt.answer({ ok: false, reason: 'draining' });
    else if (live.length === MAX_BATCH_RESERVES) kept.push(attempt);
    else if (taken.size > 0 && !isRetry(attempt) && goesBehind(attempt, taken)) behind.push(attempt);
    else live.push(isDue ? renewed(state, attempt) : attempt);
  }
  state.isWaitDue = false;
  state.reserves = kept;
  state.waiting = [...held, ...behind];
  return live.some(isRetry) ? live.toSorted((a, b) => Number(isRetry(b)) - Number(isRetry(a))) : live;
}

const NOBODY: readonly OpenAttempt[] = [];

/** Its exchange holds room already and gives it back in the same batch: nobody may come in between. */
function isRetry({ key }: OpenAttempt): boolean {
  return key.attempt > 1;
}

const NO_WINDOWS: ReadonlySet<string> = new Set();

function goesBehind(attempt: OpenAttempt, taken: ReadonlySet<string>): boolean {
  const claim = claimIn(attempt, taken);
  if (claim) attempt.waitsFor = claim;
  return claim !== undefined;
}

/** Those that somebody waits for: who claims one of them goes behind. */
function windowsOf(attempts: readonly OpenAttempt[]): ReadonlySet<string> {
  if (attempts.length === 0) return NO_WINDOWS;
  return new Set(attempts.flatMap(({ waitsFor }) => (waitsFor ? [nameOfWindow(waitsFor)] : [])));
}

function nameOfWindow({ budgetId, subject }: Claim): string {
  return `${budgetId}\n${subject}`;
}

function claimIn({ reserve }: OpenAttempt, windows: ReadonlySet<string>): Claim | undefined {
  return reserve.claims.find((claim) => claim.isHard && windows.has(nameOfWindow(claim)));
}

/** The window it wanted room in may have ended. */
function renewed(state: LedgerState, attempt: OpenAttempt): OpenAttempt {
  const { reserve, claimsAt } = attempt;
  const nowMs = state.clock.now() + state.skewMs;
  if (claimsAt && reserve.claims.some(({ windowEnd }) => windowEnd <= nowMs)) {
    const claims = claimsAt(nowMs);
    const reservation = { ...reserve.reservation, windows: renderWindows(claims) };
    attempt.reserve = { ...reserve, claims, reservation };
  }
  return attempt;
}

/** Those that go on waiting, in their order, before whoever came to wait meanwhile. */
export function waitOn(state: LedgerState, attempts: readonly OpenAttempt[]): void {
  if (attempts.length > 0) state.waiting = [...attempts, ...state.waiting];
}

/** What a refusal says is counted in its window, with the next batch. */
export function noteRefusal(state: LedgerState, { shortfall }: OverBudget): void {
  if (state.refusals.length < MAX_NOTED_REFUSALS) state.refusals.push(shortfall.claim);
}
