/**
 * The ledger's face to the road: hold before the first upstream byte, settle once after it.
 *
 * The store takes all of an event-loop turn in one `applyBatch(posts, reserves)`: one transaction. A hold is
 * granted when that transaction is durable; nothing may be forwarded before. A settle is kept in memory and
 * offered again until it is durable; replays are no-ops (unique per exchange, attempt and kind).
 */
import type { ExchangeId, KeyId, WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { Price, TokenCounts } from '../catalog/price.ts';
import type { Bound } from './bound.ts';
import type { Claim } from './budget.ts';
import type { DecisionFacts } from './decision.ts';
import type { ReportedUsage } from './normalise.ts';
import type { RateClaim, RateLeft } from './rate.ts';

/** How one attempt ended, for the entry. */
export type EntryStatus =
  | 'ok'
  | 'client_abort'
  | 'upstream_error'
  | 'truncated'
  | 'timeout'
  | 'interrupted'
  | 'not_sent';

/** Why a usage figure is not simply what the upstream reported. */
export type UsageFlag =
  | 'missing'
  | 'suspect_zero'
  | 'absurd'
  | 'unpriced'
  | 'price_gap'
  | 'interrupted'
  /** Booked at the most it may have cost: its replica was never heard of again. */
  | 'worst_case'
  /** A correction: the truth came after the attempt had been booked as interrupted. */
  | 'late_settle'
  /** It cost more than was reserved for it. */
  | 'overrun'
  /** Answered from the cache of answers: nothing was sent, and it costs nothing. */
  | 'cached';

export interface AttemptKey {
  readonly exchangeId: ExchangeId;
  /** From 1. */
  readonly attempt: number;
}

/** What is known before the attempt is sent. */
export interface ReserveRequest extends AttemptKey {
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  readonly memberId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly endUser?: string | undefined;
  readonly provider: string;
  readonly model: string;
  readonly clientFormat: string;
  readonly lane: 'relay' | 'translate';
  /** undefined = price unknown: recorded as a state, never as 0. */
  readonly price: Price | undefined;
  /** Estimated input tokens (upper estimate), for recovery and for streams that end without usage. */
  readonly inputEstimate: number;
  readonly maxOutputTokens?: number | undefined;
  /** Of the model, where known: usage far beyond it is not believed. */
  readonly contextWindow?: number | undefined;
  readonly createdAtMs: number;
  /** When this attempt must have ended; orphans are held until then. */
  readonly deadlineAtMs: number;
  /** Budget windows it counts against, in lock order; absent = none. All must have room for it, or none is touched. */
  readonly claims?: readonly Claim[] | undefined;
  /** The same at another moment: a window may end while a request waits for room in it. */
  readonly claimsAt?: ((atMs: number) => readonly Claim[]) | undefined;
  /** The most it may cost; with hard claims always, absent where only soft ones are and nobody knows. */
  readonly bound?: Bound | undefined;
  /** Output below which it is not clamped but waits; absent = `MIN_CLAMPED_OUTPUT`. */
  readonly minOutput?: number | undefined;
  /** Rate limits, in lock order; absent = none. */
  readonly rates?: readonly RateClaim[] | undefined;
}

export type Grant =
  | {
      readonly ok: true;
      /** What was reserved. */
      readonly amount?: NanoUsd;
      /** Output tokens it may be sent with: less than the bound's where a budget had room for no more. */
      readonly maxOutput?: number;
      readonly rates?: readonly RateLeft[];
    }
  | { readonly ok: false; readonly reason: 'store_failed' | 'store_full' | 'draining' }
  | { readonly ok: false; readonly reason: 'over_budget'; readonly shortfall: Shortfall }
  | {
      readonly ok: false;
      readonly reason: 'rate_limited';
      readonly rate: RateClaim;
      readonly retryMs: number;
    };

/** The first hard claim, in lock order, that had no room. */
export interface Shortfall {
  readonly claim: Claim;
  /** Of the limit that held, which a newer version of the budget may have set. */
  readonly limit: NanoUsd;
  readonly settled: NanoUsd;
  /** By attempts that run: it comes back, but for what they cost. */
  readonly reserved: NanoUsd;
  /** The least it would have taken: the bound at `minOutput`. */
  readonly needed: NanoUsd;
}

/** Usage as the road saw it, before judgement. Counts may be absent or absurd; see ledger/normalise. */
export interface ObservedUsage {
  readonly reported: ReportedUsage | undefined;
  /** Output tokens counted or estimated from what went by. */
  readonly outputEstimate: number;
  readonly hasContent: boolean;
}

export interface SettleRequest extends AttemptKey {
  readonly status: EntryStatus;
  /** False: nothing reached the upstream, or it refused before any work: the attempt costs 0 (`void`). */
  readonly isCharged: boolean;
  /** It was answered from the cache of answers. */
  readonly isCached?: boolean | undefined;
  readonly usage: ObservedUsage;
  /** The price, where only the answer could tell that it applies (it was reserved without one). */
  readonly price?: Price | undefined;
  readonly httpStatus?: number | undefined;
  readonly stop?: string | undefined;
  readonly errorClass?: string | undefined;
  readonly upstreamRequestId?: string | undefined;
  readonly ttftMs?: number | undefined;
  readonly latencyMs: number;
  readonly settledAtMs: number;
  /** Kept beside the entry, in its transaction; absent where the entry says all there is to say. */
  readonly decision?: DecisionFacts | undefined;
}

/** What was booked, for headers and logs. */
export interface Settled {
  readonly counts: TokenCounts;
  /** undefined = the price is unknown. */
  readonly cost: NanoUsd | undefined;
  readonly isEstimated: boolean;
  readonly flags: readonly UsageFlag[];
}

export interface LedgerHealth {
  readonly isWritable: boolean;
  readonly pendingSettles: number;
  readonly openReservations: number;
  /** Requests that wait for room in a budget. */
  readonly waitingForBudget: number;
  readonly lastError?: string;
}

export interface Ledger {
  /** Resolves when the hold is durable or has been refused. Never rejects. */
  reserve(request: ReserveRequest): Promise<Grant>;
  /**
   * Prices the attempt and queues its entry; returns what will be booked. Settling the same attempt again
   * changes nothing.
   */
  settle(request: SettleRequest): Settled;
  /** Notes progress of a running stream, so that a crash is booked near the truth. Cheap; batched. */
  checkpoint(key: AttemptKey, outputEstimate: number): void;
  /**
   * Changes what a running attempt holds. Less is given back at once and always true; more resolves when it is
   * durable, or false where its budgets have no room for it. Never rejects.
   */
  hold(key: AttemptKey, amount: NanoUsd): Promise<boolean>;
  /** Epoch milliseconds by the clock that windows and rates go by: the database's, where replicas share one. */
  now(): number;
  health(): LedgerHealth;
  /** Waits until everything queued is durable, or the time is up (then false). */
  drain(timeoutMs: number): Promise<boolean>;
}
