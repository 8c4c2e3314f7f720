/** What an attempt may spend: as it is asked of the ledger, and as it was granted. */
import type { NanoUsd } from '../base/money.ts';
import type { Price } from '../catalog/price.ts';
import type { Bound } from '../ledger/bound.ts';
import type { Claim, Owner } from '../ledger/budget.ts';
import type { RateClaim, RateLeft } from '../ledger/rate.ts';

/** Output that is reserved at a time of streams that reserve as they go. */
export const INCREMENT_TOKENS = 1_024;

/** What is held for an attempt, and how far it may go. */
export interface Spending {
  readonly owner: Owner;
  readonly claims: readonly Claim[];
  claimsAt(atMs: number): readonly Claim[];
  readonly rates: readonly RateClaim[];
  /** undefined = nobody knows; then nothing here may refuse it. */
  readonly bound: Bound | undefined;
  /** Of every price that the attempt itself may be settled by. */
  readonly prices: readonly Price[];
  /** Output below which it is not clamped but waits. */
  readonly minOutput: number;
  /** The limit is ours to hold, so it must stand in the forwarded body. */
  readonly isLimited: boolean;
  /** Reserved as it goes: what is reserved first is for `bound`, what is forwarded is this. */
  readonly incrementalOutput: number | undefined;
}

/** What an attempt may spend, as it was granted. */
export interface HeldSpend {
  readonly spending: Spending;
  /** Output tokens it may have; 0 = none, or nobody limits them. */
  readonly maxOutput: number;
  /** Output limit before it was lowered or made up. */
  readonly asked: number | undefined;
  /** Reserved in each of its budget windows; undefined = in none. */
  readonly amount: NanoUsd | undefined;
  readonly rates: readonly RateLeft[];
}
