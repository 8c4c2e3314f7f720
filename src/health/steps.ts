/** The steps by which what is remembered changes: whoever takes one tells of the state that came of it. */
import type { Clock } from '../base/clock.ts';
import { afterTime, type Breaker, type StepMeans } from './breaker.ts';
import { type CredentialState, credentialAfterTime } from './credential.ts';
import type { HealthEvent } from './health.ts';
import { type CredentialRecord, type PlaceRecord, stateOf, untilOf } from './place-record.ts';

export interface Steps {
  readonly means: () => StepMeans;
  /** Tells nothing yet: more may change with it. */
  setBreaker(record: PlaceRecord, breaker: Breaker): void;
  /** Of all places that share it, which are told of. */
  setCredential(credential: CredentialRecord, state: CredentialState, reason: string): void;
  /** Tells of the state, if it is not the one that was told last. */
  tell(record: PlaceRecord, reason: string): void;
}

export function createSteps(
  clock: Clock,
  means: () => StepMeans,
  onEvent: ((event: HealthEvent) => void) | undefined,
): Steps {
  const tell = (record: PlaceRecord, reason: string): void => {
    const nowMono = clock.monotonic();
    const from = record.told;
    const to = stateOf(record, nowMono);
    if (from === to) return;
    record.told = to;
    if (!onEvent) return;
    const until = untilOf(record, to);
    const atMs = clock.now();
    const untilMs = until === undefined ? undefined : Math.round(atMs + until - nowMono);
    onEvent({ place: record.place, from, to, reason, atMs, untilMs });
  };
  return {
    means,
    tell,
    setBreaker(record, breaker) {
      if (breaker.kind !== record.breaker.kind) {
        record.turns += 1;
        record.isTrialOut = false;
        record.outcomes.clear();
      }
      record.breaker = breaker;
      if (breaker.kind === 'closed') record.isOutlier = false;
    },
    setCredential(credential, state, reason) {
      if (credential.state === state) return;
      credential.state = state;
      credential.changes += 1;
      credential.isTrialOut = false;
      for (const record of credential.places) tell(record, reason);
    },
  };
}

/** What time alone has changed since it was last looked at. */
export function review(steps: Steps, record: PlaceRecord): void {
  const { nowMono } = steps.means();
  const { credential } = record;
  const state = credentialAfterTime(credential.state, nowMono);
  if (state !== credential.state) steps.setCredential(credential, state, 'it has waited for long enough');
  const breaker = afterTime(record.breaker, nowMono);
  if (breaker !== record.breaker) steps.setBreaker(record, breaker);
  steps.tell(record, 'its wait is over');
}
