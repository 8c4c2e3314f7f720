/** One credential: good, of no use for a while, or on trial. What is learnt at one model holds for all of its provider. */
import { doubled, type StepMeans } from './breaker.ts';

export type CredentialState =
  | { readonly kind: 'good' }
  | {
      readonly kind: 'disabled';
      readonly reason: string;
      /** How often it was refused since it was last good. */
      readonly times: number;
      /** When one request tries it, if no probe did before. */
      readonly untilMono: number;
    }
  | { readonly kind: 'trial'; readonly reason: string; readonly times: number };

export const goodCredential: CredentialState = { kind: 'good' };

/** Refused: of no use. Each refusal since it was last good makes the wait twice as long. */
export function refused(state: CredentialState, reason: string, means: StepMeans): CredentialState {
  const { nowMono, random, settings } = means;
  const before = state.kind === 'good' ? 0 : state.times;
  const wait = doubled(settings.credentialMs, before, settings.maxCredentialMs);
  const jitter = 1 + (2 * random() - 1) * settings.openJitter;
  return { kind: 'disabled', reason, times: before + 1, untilMono: nowMono + wait * jitter };
}

/** One request may try it. A good one, or one on trial, stays what it is. */
export function triable(state: CredentialState): CredentialState {
  return state.kind === 'disabled' ? { kind: 'trial', reason: state.reason, times: state.times } : state;
}

/** Once its wait is over it may be tried. */
export function credentialAfterTime(state: CredentialState, nowMono: number): CredentialState {
  return state.kind === 'disabled' && nowMono >= state.untilMono ? triable(state) : state;
}
