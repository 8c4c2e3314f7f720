/** One admitted attempt and its report: what it showed is told once, whatever it is called how often. */
import type { Observation, Trial } from './health.ts';
import type { PlaceRecord } from './place-record.ts';

/** What an attempt was let through as, and what held then. */
export interface Admission {
  readonly record: PlaceRecord;
  /** It decides on the half-open breaker. */
  readonly isTrial: boolean;
  /** It decides on the credential. */
  readonly isCredentialTrial: boolean;
  readonly isPanic: boolean;
  readonly turns: number;
  readonly credentialChanges: number;
}

/** Its end, for good or ill. */
export type Outcome = Exclude<Observation, { kind: 'first-byte' }>;

export interface TrialMeans {
  firstByte(admission: Admission, firstByteMs: number): void;
  outcome(admission: Admission, outcome: Outcome): void;
  /** What it held is free: its place in flight. */
  left(admission: Admission): void;
}

const nothingLearnt: Outcome = { kind: 'neutral' };

export function createTrial(admission: Admission, means: TrialMeans): Trial {
  let hasFirstByte = false;
  let hasOutcome = false;
  let isOver = false;
  const conclude = (outcome: Outcome): void => {
    if (hasOutcome) return;
    hasOutcome = true;
    means.outcome(admission, outcome);
  };
  return {
    observe(observation) {
      // What comes after the outcome, such as the first byte of an answer that was read as a whole, is no measure.
      if (isOver || hasOutcome) return;
      if (observation.kind !== 'first-byte') return conclude(observation);
      if (hasFirstByte) return;
      hasFirstByte = true;
      means.firstByte(admission, observation.firstByteMs);
    },
    end() {
      if (isOver) return;
      isOver = true;
      conclude(nothingLearnt);
      means.left(admission);
    },
  };
}
