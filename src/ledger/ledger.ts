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
import type { DecisionFacts } from './decision.ts';
import type { ReportedUsage } from './normalise.ts';

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
  | 'late_settle';

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
}

export type Grant =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'store_failed' | 'store_full' | 'draining' };

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
  health(): LedgerHealth;
  /** Waits until everything queued is durable, or the time is up (then false). */
  drain(timeoutMs: number): Promise<boolean>;
}
