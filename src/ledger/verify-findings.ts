/** What a verification gathers on its way. */
import type { Store } from '../store/store.ts';
import type { Kept } from './analytics/spans.ts';

/** More than anybody reads; the first tells enough. */
export const MAX_PROBLEMS = 100;

export interface Findings {
  readonly store: Store;
  /** What retention has left: only that can be compared. */
  readonly kept: Kept;
  readonly problems: string[];
  entries: number;
  cost: bigint;
  /** Hours and days compared. */
  periods: number;
}
