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
      /** From then on a probe counts. */
      readonly probedFromMono: number;
    }
  | { readonly kind: 'trial'; readonly reason: string; readonly times: number };

export const goodCredential: CredentialState = { kind: 'good' };

/**
 * Refused: of no use. Each refusal since it was last good makes the wait twice as long. Of a second one it is known
 * that a probe was let in for nothing (an account without money still lists its models): the next counts only after
 * half of the wait.
 */
export function refused(state: CredentialState, reason: string, means: StepMeans): CredentialState {
  const { nowMono, random, settings } = means;
  const before = state.kind === 'good' ? 0 : state.times;
  const wait = doubled(settings.credentialMs, before, settings.maxCredentialMs);
  const jitter = 1 + (2 * random() - 1) * settings.openJitter;
  const untilMono = nowMono + wait * jitter;
  const probedFromMono = before === 0 ? nowMono : (nowMono + untilMono) / 2;
  return { kind: 'disabled', reason, times: before + 1, untilMono, probedFromMono };
}

/** A probe was let in with it: one request may try it. A good one, or one on trial, stays what it is. */
export function afterProbe(state: CredentialState, nowMono: number): CredentialState {
  return state.kind === 'disabled' && nowMono >= state.probedFromMono ? onTrial(state) : state;
}

/** Once its wait is over it may be tried. */
export function credentialAfterTime(state: CredentialState, nowMono: number): CredentialState {
  return state.kind === 'disabled' && nowMono >= state.untilMono ? onTrial(state) : state;
}

function onTrial({ reason, times }: CredentialState & { kind: 'disabled' }): CredentialState {
  return { kind: 'trial', reason, times };
}
