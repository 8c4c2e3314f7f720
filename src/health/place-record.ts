/** What the board remembers of one place, and what that makes of it at a moment. */
import type { Breaker } from './breaker.ts';
import { newBreaker } from './breaker.ts';
import type { CredentialState } from './credential.ts';
import type { HealthState, Place, Standing } from './health.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import type { HealthSettings } from './settings.ts';
import { createFirstByteWindow, type FirstByteWindow } from './window.ts';

/** Shared by the places of a provider. */
export interface ProviderRecord {
  isDraining: boolean;
  readonly places: Set<PlaceRecord>;
}

/** Shared by the places of a credential. */
export interface CredentialRecord {
  state: CredentialState;
  /** Grows with each change of state: what was sent before it says nothing of the new one. */
  changes: number;
  isTrialOut: boolean;
  readonly places: Set<PlaceRecord>;
}

/** Places that serve the same model. */
export type Peers = Set<PlaceRecord>;

export interface PlaceRecord {
  readonly place: Place;
  readonly key: string;
  readonly provider: ProviderRecord;
  readonly credential: CredentialRecord;
  readonly peers: Peers;
  readonly outcomes: Outcomes;
  readonly firstBytes: FirstByteWindow;
  breaker: Breaker;
  /** Grows whenever the breaker changes its kind: late outcomes of what was sent before are not its. */
  turns: number;
  isTrialOut: boolean;
  /** It was put out because its peers do better. */
  isOutlier: boolean;
  /** Why it is slower than its peers, as far as its first bytes are fresh; undefined = it is not. */
  slow: string | undefined;
  comparedMono: number;
  /** 0 = never. */
  limitedUntilMono: number;
  lastFailedMono: number | undefined;
  /** Why its breaker opened. */
  reason: string | undefined;
  inFlight: number;
  inPanic: number;
  usedMono: number;
  /** The state that was last told. */
  told: HealthState;
  /** It is remembered no more; whoever still has it looks again. */
  isForgotten: boolean;
}

export function createPlaceRecord(
  place: Place,
  key: string,
  shared: Pick<PlaceRecord, 'provider' | 'credential' | 'peers'>,
  settings: HealthSettings,
): PlaceRecord {
  return {
    place,
    key,
    provider: shared.provider,
    credential: shared.credential,
    peers: shared.peers,
    outcomes: createOutcomes(settings.windowMs),
    firstBytes: createFirstByteWindow({
      most: settings.firstBytes,
      least: settings.minFirstBytes,
      ageMs: settings.firstByteAgeMs,
    }),
    breaker: newBreaker,
    turns: 0,
    isTrialOut: false,
    isOutlier: false,
    slow: undefined,
    comparedMono: Number.NEGATIVE_INFINITY,
    limitedUntilMono: 0,
    lastFailedMono: undefined,
    reason: undefined,
    inFlight: 0,
    inPanic: 0,
    usedMono: 0,
    told: 'healthy',
    isForgotten: false,
  };
}

/** What bars it most comes first. */
export function stateOf(record: PlaceRecord, nowMono: number): HealthState {
  const { breaker, credential } = record;
  if (record.provider.isDraining) return 'draining';
  if (isDisabled(credential.state, nowMono)) return 'disabled';
  if (nowMono < record.limitedUntilMono) return 'limited';
  if (breaker.kind === 'open' && nowMono < breaker.untilMono) return 'open';
  if (breaker.kind !== 'closed' || credential.state.kind !== 'good') return 'half-open';
  return record.slow !== undefined && record.firstBytes.p95(nowMono) !== undefined ? 'degraded' : 'healthy';
}

export function isDisabled(state: CredentialState, nowMono: number): boolean {
  return state.kind === 'disabled' && nowMono < state.untilMono;
}

export function standingOf(record: PlaceRecord, nowMono: number): Standing {
  const state = stateOf(record, nowMono);
  return {
    state,
    untilMono: untilOf(record, state),
    reason: reasonOf(record, state),
    p95FirstByteMs: record.firstBytes.p95(nowMono),
    firstByteMs: record.firstBytes.smoothed(nowMono),
    lastFailedMono: record.lastFailedMono,
    inFlight: record.inFlight,
  };
}

/** When the state ends by itself; undefined = it does not, or it may end any time. */
export function untilOf({ breaker, credential, limitedUntilMono }: PlaceRecord, state: HealthState) {
  switch (state) {
    case 'open':
      return breaker.kind === 'open' ? breaker.untilMono : undefined;
    case 'limited':
      return limitedUntilMono;
    case 'disabled':
      return credential.state.kind === 'disabled' ? credential.state.untilMono : undefined;
    case 'healthy':
    case 'degraded':
    case 'half-open':
    case 'draining':
      return undefined;
    default:
      return state satisfies never;
  }
}

function reasonOf({ credential, reason, slow }: PlaceRecord, state: HealthState): string | undefined {
  switch (state) {
    case 'healthy':
      return undefined;
    case 'limited':
      return 'the provider limits its rate';
    case 'draining':
      return 'it was taken out of use';
    case 'disabled':
      return credential.state.kind === 'good' ? undefined : credential.state.reason;
    case 'half-open':
      return credential.state.kind === 'good' ? reason : credential.state.reason;
    case 'open':
      return reason;
    case 'degraded':
      return slow;
    default:
      return state satisfies never;
  }
}
