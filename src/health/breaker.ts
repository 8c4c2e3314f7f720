/** The breaker of one place as values and steps between them: closed, open for a while, half-open, closed again. */
import type { OutcomeCounts } from './outcomes.ts';
import type { HealthSettings } from './settings.ts';

export type Breaker =
  | {
      readonly kind: 'closed';
      /** How often it opened before it was last well for long. */
      readonly openings: number;
      readonly sinceMono: number;
    }
  | { readonly kind: 'open'; readonly openings: number; readonly untilMono: number }
  | {
      readonly kind: 'half-open';
      readonly openings: number;
      /** Good trials in a row so far. */
      readonly good: number;
    };

/** What a step may need beside the breaker. */
export interface StepMeans {
  readonly nowMono: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly settings: HealthSettings;
}

export const newBreaker: Breaker = { kind: 'closed', openings: 0, sinceMono: Number.NEGATIVE_INFINITY };

/** An open one whose wait is over is half-open. */
export function afterTime(breaker: Breaker, nowMono: number): Breaker {
  return breaker.kind === 'open' && nowMono >= breaker.untilMono ? halfOpened(breaker) : breaker;
}

/** Whether failures are so many that a closed breaker is to open. */
export function isTooMuch({ inRow, failed, all }: OutcomeCounts, settings: HealthSettings): boolean {
  if (inRow >= settings.failuresInRow) return true;
  return all >= settings.windowSamples && failed >= all * settings.failureShare;
}

/** Opens it, from whatever it was. The wait doubles with each opening since it was last well for the longest wait. */
export function opened(breaker: Breaker, { nowMono, random, settings }: StepMeans): Breaker {
  const wasLongWell = breaker.kind === 'closed' && nowMono - breaker.sinceMono >= settings.maxOpenMs;
  const before = wasLongWell ? 0 : breaker.openings;
  const wait = doubled(settings.openMs, before, settings.maxOpenMs);
  const jitter = 1 + (2 * random() - 1) * settings.openJitter;
  return { kind: 'open', openings: before + 1, untilMono: nowMono + wait * jitter };
}

/** `base` for 0, twice that for 1, and so on up to `most`. */
export function doubled(base: number, times: number, most: number): number {
  // 2 to the power of more than this is beyond every limit, and at last no number.
  return Math.min(most, base * 2 ** Math.min(times, 30));
}

/** Lets a trial through before its time: something showed that it can be reached. Others stay what they are. */
export function halfOpened(breaker: Breaker): Breaker {
  return breaker.kind === 'open' ? { kind: 'half-open', openings: breaker.openings, good: 0 } : breaker;
}

/** What the outcome of a half-open breaker's trial makes of it. */
export function afterTrial(breaker: Breaker, isGood: boolean, means: StepMeans): Breaker {
  if (breaker.kind !== 'half-open') return breaker;
  if (!isGood) return opened(breaker, means);
  const good = breaker.good + 1;
  return good < means.settings.goodTrials
    ? { ...breaker, good }
    : { kind: 'closed', openings: breaker.openings, sinceMono: means.nowMono };
}
