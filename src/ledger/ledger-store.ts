/**
 * What the ledger needs of a database. SQLite answers it with one transaction on this thread, PostgreSQL with one
 * function call; the conformance tests are the same for all.
 */
import type { PriceId } from '../base/ids.ts';
import type { Entry, Reservation } from './book.ts';
import type { AttemptKey, Grant } from './ledger.ts';
import type { PriceSnapshot } from './price-snapshot.ts';

export interface Reserve {
  readonly reservation: Reservation;
  readonly price: PriceSnapshot | undefined;
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
  /** Reservations that were never granted: taken back without an entry. */
  readonly releases: readonly AttemptKey[];
  /** An entry takes the place of its reservation. One that is there already changes nothing. */
  readonly posts: readonly Post[];
  readonly reserves: readonly Reserve[];
  readonly progress: readonly Progress[];
  /** Also write something harmless, to find out whether writing works again. */
  readonly isProbe?: boolean;
}

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
