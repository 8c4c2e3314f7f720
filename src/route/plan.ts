/** How far a plan goes. Pure. */
import type { Target } from './ref.ts';

export interface RoutePlan {
  readonly attempts: readonly Target[];
  /** Targets beyond the limit, never tried. */
  readonly left: readonly Target[];
}

/** A client waits for three providers at most; every further one would answer a client long gone. */
export const MAX_ATTEMPTS = 3;
/** Those nothing is sent to (out of use, without room in a budget) cost nothing; more of them than this help nobody. */
export const MAX_PLANNED = 12;

export function makePlan(targets: readonly Target[]): RoutePlan {
  const seen = new Set<string>();
  const distinct = targets.filter(({ provider, model }) => {
    const ref = `${provider}/${model}`;
    if (seen.has(ref)) return false;
    seen.add(ref);
    return true;
  });
  return { attempts: distinct.slice(0, MAX_PLANNED), left: distinct.slice(MAX_PLANNED) };
}
