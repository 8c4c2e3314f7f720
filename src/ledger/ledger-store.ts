/**
 * What the ledger needs of a database. SQLite answers it with one transaction on this thread, PostgreSQL will
 * with one function call; the conformance tests are the same for all.
 */
import type { PriceId } from '../base/ids.ts';
import type { Entry, Reservation } from './book.ts';
import type { AttemptKey } from './ledger.ts';
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
  | { readonly ok: true; readonly duplicates: readonly AttemptKey[] }
  | { readonly ok: false; readonly fault: Fault; readonly message: string };

export interface LedgerStore {
  /** All or nothing, committed when it resolves. Never rejects. Calls do not overlap. */
  applyBatch(batch: Batch): Promise<BatchResult>;
  /** Resolves when all that was committed before the call survives what the durability promises. */
  makeDurable(): Promise<void>;
  /** Reservations in key order, for recovery. */
  listReservations(limit: number): Promise<readonly Reservation[]>;
  findPrice(id: PriceId): Promise<PriceSnapshot | undefined>;
}
