/** The board: what recent attempts of this process showed of each place, and what may be sent to it. */
import type { Clock } from '../base/clock.ts';
import { halfOpened, type StepMeans } from './breaker.ts';
import { afterProbe } from './credential.ts';
import type { HealthBoard, HealthEvent, Place, Standing } from './health.ts';
import { judgeFirstByte, judgeOutcome } from './judge.ts';
import { isDisabled, type PlaceRecord, standingOf } from './place-record.ts';
import { createPlaces, type Places } from './places.ts';
import { createRetryBudget } from './retry-budget.ts';
import { defaultHealthSettings, type HealthSettings } from './settings.ts';
import { createSteps, review, type Steps } from './steps.ts';
import { type Admission, createTrial, type TrialMeans } from './trial.ts';

export interface BoardOptions {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** What is not named has its default. */
  readonly settings?: Partial<HealthSettings>;
  /** Told of each change of state, while it happens: it must not throw, and not wait. */
  readonly onEvent?: (event: HealthEvent) => void;
}

const wellAndUnknown: Standing = Object.freeze({
  state: 'healthy',
  untilMono: undefined,
  reason: undefined,
  p95FirstByteMs: undefined,
  firstByteMs: undefined,
  lastFailedMono: undefined,
  inFlight: 0,
});
const drainingAndUnknown: Standing = Object.freeze({
  ...wellAndUnknown,
  state: 'draining',
  reason: 'it was taken out of use',
});

export function createBoard({ clock, random, settings: given, onEvent }: BoardOptions): HealthBoard {
  const settings = { ...defaultHealthSettings, ...given };
  const places = createPlaces(settings);
  const retries = createRetryBudget(() => clock.monotonic(), {
    share: settings.retryShare,
    floor: settings.retryFloor,
    windowMs: settings.retryWindowMs,
  });
  const means = (): StepMeans => ({ nowMono: clock.monotonic(), random, settings });
  const steps = createSteps(clock, means, onEvent);
  const trialMeans = trialMeansOf(steps);
  const inside: Inside = { places, steps, drained: new Set() };
  return {
    standing(place) {
      const record = places.find(place);
      return record ? standingOf(record, clock.monotonic()) : standingOfUnknown(inside, place);
    },
    admit(place, isPanic = false) {
      const nowMono = clock.monotonic();
      const record = places.findOrMake(place, nowMono);
      record.usedMono = nowMono;
      review(steps, record);
      const admission = judgeAdmission(record, isPanic, nowMono, settings);
      return admission && createTrial(taken(admission), trialMeans);
    },
    drawRetry: () => retries.draw(),
    retriesLeft: () => retries.left(),
    noteRequest: () => retries.noteRequest(),
    probed: (place, result) => takeProbe(inside, place, result),
    drain: (provider, isDraining) => drain(inside, provider, isDraining),
    list() {
      const nowMono = clock.monotonic();
      return Array.from(places.all(), (record) => ({
        place: record.place,
        standing: standingOf(record, nowMono),
        usedMono: record.usedMono,
      }));
    },
    review() {
      for (const record of places.all()) review(steps, record);
    },
    keepOnly(isKnown) {
      for (const record of [...places.all()]) if (!isKnown(record.place)) places.forget(record);
    },
  };
}

/** What the board is made of. */
interface Inside {
  readonly places: Places;
  readonly steps: Steps;
  /** Providers that are out of use. */
  readonly drained: Set<string>;
}

function trialMeansOf(steps: Steps): TrialMeans {
  return {
    firstByte(admission, firstByteMs) {
      review(steps, admission.record);
      judgeFirstByte(steps, admission, firstByteMs);
    },
    outcome(admission, outcome) {
      review(steps, admission.record);
      judgeOutcome(steps, admission, outcome);
    },
    left({ record, isPanic }) {
      record.inFlight -= 1;
      if (isPanic) record.inPanic -= 1;
    },
  };
}

function takeProbe(
  { places, steps }: Inside,
  place: Place,
  { isReachable, isCredentialGood }: Parameters<HealthBoard['probed']>[1],
): void {
  const record = places.find(place);
  if (!record) return;
  review(steps, record);
  const { credential } = record;
  if (isCredentialGood) {
    const state = afterProbe(credential.state, steps.means().nowMono);
    steps.setCredential(credential, state, 'a probe was let in');
  }
  if (isReachable && record.breaker.kind === 'open') {
    steps.setBreaker(record, halfOpened(record.breaker));
    steps.tell(record, 'a probe reached it');
  }
}

function drain({ places, steps, drained }: Inside, provider: string, isDraining: boolean): void {
  if (drained.has(provider) === isDraining) return;
  if (isDraining) drained.add(provider);
  else drained.delete(provider);
  const known = places.providerOf(provider);
  for (const record of known.places) review(steps, record);
  known.isDraining = isDraining;
  const reason = isDraining ? 'it was taken out of use' : 'it was put back into use';
  for (const record of known.places) steps.tell(record, reason);
}

/** How it is let through, if it is. */
function judgeAdmission(
  record: PlaceRecord,
  isPanic: boolean,
  nowMono: number,
  { panicAtOnce }: HealthSettings,
): Admission | undefined {
  const { breaker, credential, turns } = record;
  if (record.provider.isDraining || nowMono < record.limitedUntilMono) return undefined;
  if (credential.state.kind === 'disabled') return undefined;
  const isCredentialTrial = credential.state.kind === 'trial';
  if (isCredentialTrial && credential.isTrialOut) return undefined;
  const isTrial = breaker.kind === 'half-open' && !record.isTrialOut;
  const isBarred = breaker.kind !== 'closed' && !isTrial;
  if (isBarred && (!isPanic || record.inPanic >= panicAtOnce)) return undefined;
  return {
    record,
    isTrial,
    isCredentialTrial,
    isPanic: isBarred,
    turns,
    credentialChanges: credential.changes,
  };
}

function taken(admission: Admission): Admission {
  const { record } = admission;
  record.inFlight += 1;
  if (admission.isPanic) record.inPanic += 1;
  if (admission.isTrial) record.isTrialOut = true;
  if (admission.isCredentialTrial) record.credential.isTrialOut = true;
  return admission;
}

/** Nothing was sent there, but its provider may be drained, or its credential have been refused elsewhere. */
function standingOfUnknown({ places, steps, drained }: Inside, place: Place): Standing {
  if (drained.has(place.provider)) return drainingAndUnknown;
  const state = places.credentialOf(place)?.state;
  if (!state || state.kind === 'good') return wellAndUnknown;
  const { reason } = state;
  if (state.kind === 'disabled' && isDisabled(state, steps.means().nowMono))
    return { ...wellAndUnknown, state: 'disabled', untilMono: state.untilMono, reason };
  return { ...wellAndUnknown, state: 'half-open', reason };
}
