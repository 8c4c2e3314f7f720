/** Asks the health board before something is sent, and tells it how that went. */
import type { Observation, Standing, Trial } from '../health/health.ts';
import type { EntryStatus } from '../ledger/ledger.ts';
import type { Classification } from '../upstream/classify.ts';
import { pickCredential } from '../upstream/credential-choice.ts';
import type { Gateway } from './exchange.ts';
import type { Deployment } from './plan.ts';

export type Attended =
  | { readonly ok: true; readonly deployment: Deployment; readonly trial: Trial }
  /** With the standing of the credential that comes back first. */
  | { readonly ok: false; readonly standing: Standing };

/** @param isPanic every candidate is unwell, and one of them has to be asked all the same */
export function attend(gateway: Gateway, candidate: Deployment, isPanic = false): Attended {
  const { health } = gateway;
  if (candidate.siblings.length === 1) {
    const trial = health.admit(candidate.place, isPanic);
    return trial ? { ok: true, deployment: candidate, trial } : refusedBy(gateway, candidate);
  }
  const credentials = candidate.siblings.flatMap(({ provider }) => provider.credentials);
  const tried = new Set<string>();
  for (;;) {
    const isUsable = (id: string) => !tried.has(id) && mayAsk(gateway, candidate, id, isPanic);
    const picked = pickCredential(credentials, isUsable, () => gateway.random());
    if (!picked) return refusedBy(gateway, candidate);
    const deployment = candidate.siblings.find(({ place }) => place.credential === picked.id)!;
    const trial = health.admit(deployment.place, isPanic);
    if (trial) return { ok: true, deployment, trial };
    // Its one trial is taken: another credential may be free.
    tried.add(picked.id);
  }
}

function mayAsk({ health }: Gateway, { siblings }: Deployment, id: string, isPanic: boolean): boolean {
  const sibling = siblings.find(({ place }) => place.credential === id);
  return sibling !== undefined && isAvailable(health.standing(sibling.place), isPanic);
}

function isAvailable({ state }: Standing, isPanic: boolean): boolean {
  if (state === 'limited' || state === 'disabled' || state === 'draining') return false;
  return isPanic || state !== 'open';
}

/** Nothing speaks against asking it with one of its credentials. */
export function isWell({ health }: Gateway, { siblings }: Deployment): boolean {
  return siblings.some(({ place }) => isAvailable(health.standing(place), false));
}

/** Smoothed time to the first byte with whichever credential was quickest, in milliseconds; undefined = never seen. */
export function firstByteMsOf({ health }: Gateway, { siblings }: Deployment): number | undefined {
  let best: number | undefined;
  for (const { place } of siblings) {
    const { firstByteMs } = health.standing(place);
    if (firstByteMs !== undefined && !(best !== undefined && best <= firstByteMs)) best = firstByteMs;
  }
  return best;
}

function refusedBy({ health }: Gateway, { siblings }: Deployment): Attended {
  const standings = siblings.map(({ place }) => health.standing(place));
  const [soonest] = standings.toSorted((a, b) => (a.untilMono ?? 0) - (b.untilMono ?? 0));
  // A disabled credential has no end that is known: one that is only limited says more.
  const standing = standings.find(({ state }) => state === 'limited' || state === 'open') ?? soonest!;
  return { ok: false, standing };
}

const FORBIDDEN = 403;

/** How an attempt ended, as far as it says something of the deployment. */
interface TrialEnd {
  readonly status: EntryStatus;
  readonly verdict?: Classification | undefined;
  readonly errorClass?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The attempt is over: what it showed, as far as it shows anything. */
export function concludeTrial(trial: Trial, end: TrialEnd): void {
  trial.observe(observationOf(end));
  trial.end();
}

function observationOf({ status, verdict, errorClass, httpStatus, retryAfterMs }: TrialEnd): Observation {
  const reason = errorClass ?? status;
  switch (status) {
    case 'ok':
      return { kind: 'ok' };
    case 'timeout':
    case 'truncated':
      return { kind: 'down', reason };
    case 'upstream_error':
    case 'not_sent':
      break;
    default:
      return { kind: 'neutral' };
  }
  // Without a verdict nothing was sent for a reason of our own.
  if (!verdict) return status === 'not_sent' ? { kind: 'neutral' } : { kind: 'down', reason };
  // Forbidden may be this one model: what other models it opens is not known by that.
  if (verdict.isCredentialAtFault) return { kind: 'credential', reason, isOfModel: httpStatus === FORBIDDEN };
  if (verdict.outcome === 'limited') return { kind: 'limited', retryAfterMs };
  return verdict.outcome === 'down' ? { kind: 'down', reason } : { kind: 'neutral' };
}
