/**
 * What the ledger needs of a database. SQLite answers it with one transaction on this thread, PostgreSQL with one
 * function call; the conformance tests are the same for all.
 */
import type { PriceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { Entry, Reservation } from './book.ts';
import type { Bound } from './bound.ts';
import type { Claim } from './budget.ts';
import type { AttemptKey, Grant } from './ledger.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import type { RateClaim } from './rate.ts';

/**
 * Judged one after the other, in their order, after the posts of the batch. Of each, all or nothing:
 *
 * 1. Each rate of `rates` must have room (`takeRate`; of `streams`: in flight + 1 <= limit).
 * 2. Each claim's window is made on first touch; a newer version of the budget than the row's brings its limit with
 *    it, an older one leaves the row's. Headroom of a hard claim = limit - (settled + reserved) over the windows of
 *    its budget and subject that start at `countedFrom` or later.
 * 3. Where what runs holds more than a quarter of what is not spent of a hard claim (reserved x 4 > limit - settled),
 *    no more than `modestBound` is asked for instead of the bound. Where that fits into the headroom of every hard
 *    claim, it is reserved. Else the most output that fits all of them (`affordableOutput(headroom, bound, minOutput)`)
 *    is granted, and its amount reserved. Else it is refused with the first claim (in their order) that no waiting can
 *    help (`settled + needed > limit`), or where there is none, the first that had no room. In that case, and where
 *    this claim lets it wait (`queueMs` above 0), the windows that had no room are closed for the rest of the batch:
 *    what came later may not overtake it there. What cannot be helped stands in nobody's way.
 * 4. Soft claims never refuse; what is reserved is counted in their windows too.
 *
 * Whatever the verdict on the money is, the windows stay made and the limits brought: they are facts of the budget,
 * not of the attempt. A window that is closed has no room for a hard claim, whatever its headroom; who is refused for
 * it closes its own windows in turn. A refusal by a rate touches no window and closes none.
 *
 * The amount stands on the reservation (`amount_nano`), and so in each of its windows (`reserved_nano`), `requests`
 * of each grows by one, and the rates move on.
 */
export interface Reserve {
  /** `amount_nano` and `max_output_tokens` are written as granted. */
  readonly reservation: Reservation;
  readonly price: PriceSnapshot | undefined;
  readonly claims: readonly Claim[];
  readonly bound: Bound | undefined;
  readonly minOutput: number;
  readonly rates: readonly RateClaim[];
}

/**
 * A change of what a reservation holds. Less always succeeds; more only where every hard claim has room for the
 * difference (closed windows are of reserves only). A reservation that is gone: false.
 */
export interface HoldChange extends AttemptKey {
  readonly amount: NanoUsd;
  readonly claims: readonly Claim[];
}

export interface Post {
  readonly entry: Entry;
  readonly price: PriceSnapshot | undefined;
  /** JSON, written with the entry and never without it. */
  readonly decision?: string | undefined;
}

export interface Progress extends AttemptKey {
  readonly outputEstimate: number;
}

/** Everything of one event-loop turn; applied in the order of the fields. */
export interface Batch {
  /** Reservations that were never granted: taken back without an entry, and with what they held. */
  readonly releases: readonly AttemptKey[];
  /**
   * An entry takes the place of its reservation. One that is there already changes nothing. What the reservation
   * held is given back to its windows and rates; the cost is added to the windows of the entry, corrections too;
   * thresholds that are crossed by it become alerts and a message in the outbox, in the same transaction.
   *
   * - One that adds more than is given back for it (a correction: more than nothing) is an overrun of its windows.
   * - `alert_nano` of a calendar window is its lowest threshold amount above `settled_nano`. A newer version sets it
   *   to the lowest that is above `settled_nano` by its limit or by the limit before it: lowered past thresholds, it
   *   tells of them at the next post. A post that reaches it (after bringing the limit of the budget's row, where that
   *   is newer) keeps each threshold from there to what is settled now as an alert, and sets it anew.
   * - Of rolling periods a post keeps the thresholds that are above the sum from `countedFrom` of the entry's window
   *   on before it, and not above that sum after it.
   * - Of the thresholds a post keeps, and that had not been kept for this version before, the highest is told.
   * - Of rates, `full_at_us` moves back by `costUs(amount, limit)` and forward by `costUs(used, limit)`: of tokens
   *   what the entry says, of requests 1 but for attempts that were `free` or `not_sent`. A release has used nothing.
   */
  readonly posts: readonly Post[];
  readonly holds: readonly HoldChange[];
  /** Claims that requests were refused for, after all waiting: counted, and the first of a window is told. */
  readonly refusals: readonly Claim[];
  readonly reserves: readonly Reserve[];
  readonly progress: readonly Progress[];
  /** Also write something harmless, to find out whether writing works again. */
  readonly isProbe?: boolean;
}

export const emptyBatch: Batch = {
  releases: [],
  posts: [],
  holds: [],
  refusals: [],
  reserves: [],
  progress: [],
};

export type Fault =
  /** Somebody else holds the write lock; soon it will work. */
  | 'busy'
  /** The disk is full or broken, or the database is gone. */
  | 'unavailable'
  /** Something in this batch can never be stored; the rest can. */
  | 'rejected';

export type BatchResult =
  | {
      readonly ok: true;
      /** Posts whose attempt had its entry already. */
      readonly duplicates: readonly AttemptKey[];
      /**
       * Those of them that settle what had been booked as interrupted while nobody heard of its owner: the
       * difference was booked as a correction.
       */
      readonly late: readonly AttemptKey[];
      /** One for each reserve, in their order. Of one that is not ok nothing was written. */
      readonly grants: readonly Grant[];
      /** One for each change of a hold, in their order. */
      readonly holds: readonly boolean[];
      /** What the store's clock is ahead of the caller's, in milliseconds; 0 where they are one. */
      readonly skewMs: number;
    }
  | { readonly ok: false; readonly fault: Fault; readonly message: string };

/** A process that serves from the database is a replica, and each of its lives has a number: its epoch. */
export interface LedgerStore {
  /**
   * Begins a life of this replica: what is reserved from now on is its own. Rejects when the store cannot be
   * written, or another process lives under the same id.
   */
  join(): Promise<void>;
  /** Ends it: nothing more is written, and nobody need wait for what is left. */
  leave(): Promise<void>;
  /** All or nothing, committed when it resolves. Never rejects. Calls do not overlap. */
  applyBatch(batch: Batch): Promise<BatchResult>;
  /**
   * Resolves when all that was committed before the call survives what the durability promises, and this replica
   * may send. Rejects when that cannot be said; then what was committed since the last success may be lost.
   */
  makeDurable(): Promise<void>;
  /** `makeDurable` must be called this often, in milliseconds, also when nothing was written; undefined = need not. */
  readonly beatMs: number | undefined;
  /** What earlier lives of this replica, which are certainly over, have left. In key order. */
  listAbandoned(limit: number): Promise<readonly Reservation[]>;
  /**
   * Looks after other replicas: those that have been silent for too long are fenced and what they hold is orphaned.
   * Answers the orphans whose deadline has passed, in key order.
   */
  sweep(limit: number): Promise<readonly Reservation[]>;
  findPrice(id: PriceId): Promise<PriceSnapshot | undefined>;
}

/** A reserve that counts against nothing. */
export function plainReserve(reservation: Reservation, price?: PriceSnapshot): Reserve {
  return { reservation, price, claims: [], bound: undefined, minOutput: 0, rates: [] };
}
