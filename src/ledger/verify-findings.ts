/** What a verification gathers on its way. */
import type { Store } from '../store/store.ts';

/** More than anybody reads; the first tells enough. */
export const MAX_PROBLEMS = 100;

export interface Findings {
  readonly store: Store;
  readonly problems: string[];
  entries: number;
  cost: bigint;
  /** Hours and days compared. */
  periods: number;
}
