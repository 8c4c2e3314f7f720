/** What an attempt showed, and what follows from it for its place and its credential. */
import { afterTrial, halfOpened, isTooMuch, opened } from './breaker.ts';
import { goodCredential, refused } from './credential.ts';
import { slowness, strangeness } from './peers.ts';
import type { Steps } from './steps.ts';
import type { Admission, Outcome } from './trial.ts';

/** A place is compared with its peers at most so often: nothing about it changes faster. */
const COMPARE_EVERY_MS = 1_000;

/** The first byte of a good answer: how fast it is, and that its credential was let in. */
export function judgeFirstByte(steps: Steps, admission: Admission, firstByteMs: number): void {
  const { record } = admission;
  const { nowMono, settings } = steps.means();
  record.firstBytes.add(firstByteMs, nowMono);
  noteLetIn(steps, admission);
  if (nowMono - record.comparedMono < COMPARE_EVERY_MS) return;
  record.comparedMono = nowMono;
  record.slow = slowness(record, nowMono, settings);
  steps.tell(record, record.slow ?? 'it is as fast as its peers');
}

/** How an attempt ended. What was sent before a breaker or a credential changed says nothing of what it is now. */
export function judgeOutcome(steps: Steps, admission: Admission, outcome: Outcome): void {
  freeTrials(admission);
  const { record } = admission;
  switch (outcome.kind) {
    case 'ok':
      return judgeGood(steps, admission);
    case 'down':
      return judgeDown(steps, admission, outcome.reason);
    case 'limited':
      record.limitedUntilMono = Math.max(record.limitedUntilMono, limitEnd(steps, outcome.retryAfterMs));
      return steps.tell(record, 'the provider limits its rate');
    case 'credential':
      // Else one request for a model that the account may not use would take away all the others.
      if (outcome.isOfModel) return judgeBarred(steps, admission, outcome.reason);
      return judgeCredential(steps, admission, outcome.reason);
    case 'neutral':
      return;
    default:
      return outcome satisfies never;
  }
}

function freeTrials(admission: Admission): void {
  const { record, isTrial, isCredentialTrial } = admission;
  if (isTrial && isOfNow(admission)) record.isTrialOut = false;
  if (isCredentialTrial && isCredentialOfNow(admission)) record.credential.isTrialOut = false;
}

function judgeGood(steps: Steps, admission: Admission): void {
  const { record, isTrial, isPanic } = admission;
  const means = steps.means();
  noteLetIn(steps, admission);
  if (isPanic) {
    // It proves no less than a probe would.
    steps.setBreaker(record, halfOpened(record.breaker));
    return steps.tell(record, 'it answered when every other was unwell');
  }
  if (!isOfNow(admission)) return;
  if (isTrial) {
    steps.setBreaker(record, afterTrial(record.breaker, true, means));
    return steps.tell(record, 'it answers again');
  }
  if (record.breaker.kind === 'closed') record.outcomes.note(true, means.nowMono);
}

function judgeDown(steps: Steps, admission: Admission, reason: string): void {
  const { record, isTrial } = admission;
  const means = steps.means();
  record.lastFailedMono = means.nowMono;
  if (!isOfNow(admission)) return;
  if (isTrial) {
    record.reason = reason;
    steps.setBreaker(record, afterTrial(record.breaker, false, means));
    return steps.tell(record, reason);
  }
  if (record.breaker.kind !== 'closed') return;
  record.outcomes.note(false, means.nowMono);
  const isEnough = isTooMuch(record.outcomes.counts(means.nowMono), means.settings);
  const strange = isEnough ? undefined : strangeness(record, means.nowMono, means.settings);
  if (!isEnough && strange === undefined) return;
  record.isOutlier = !isEnough;
  record.reason = strange ?? reason;
  steps.setBreaker(record, opened(record.breaker, means));
  steps.tell(record, record.reason);
}

/** Its breaker opens at once: the next request for it would be told the same. */
function judgeBarred(steps: Steps, admission: Admission, reason: string): void {
  const { record, isTrial } = admission;
  record.lastFailedMono = steps.means().nowMono;
  const isItsWord = isTrial || record.breaker.kind === 'closed';
  if (!isOfNow(admission) || !isItsWord) return;
  record.reason = reason;
  steps.setBreaker(record, opened(record.breaker, steps.means()));
  steps.tell(record, reason);
}

function judgeCredential(steps: Steps, admission: Admission, reason: string): void {
  const { credential } = admission.record;
  if (!isCredentialOfNow(admission)) return;
  steps.setCredential(credential, refused(credential.state, reason, steps.means()), reason);
}

function noteLetIn(steps: Steps, admission: Admission): void {
  const { record, isCredentialTrial } = admission;
  if (!isCredentialTrial || !isCredentialOfNow(admission)) return;
  steps.setCredential(record.credential, goodCredential, 'its credential was let in');
}

function isOfNow({ record, turns }: Admission): boolean {
  return record.turns === turns;
}

function isCredentialOfNow({ record, credentialChanges }: Admission): boolean {
  return record.credential.changes === credentialChanges;
}

function limitEnd(steps: Steps, retryAfterMs: number | undefined): number {
  const { nowMono, settings } = steps.means();
  const isSaid = retryAfterMs !== undefined && retryAfterMs >= 0;
  const wait = isSaid ? Math.max(settings.minLimitMs, retryAfterMs) : settings.limitMs;
  return nowMono + Math.min(settings.maxLimitMs, wait);
}
