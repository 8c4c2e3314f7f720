/** What an earlier process left open: every reservation becomes the entry of an interrupted attempt. */
import type { Clock } from '../base/clock.ts';
import type { PriceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Price } from '../catalog/price.ts';
import { bookInterrupted, type Reservation } from './book.ts';
import type { LedgerStore, Post } from './ledger-store.ts';
import { isGenuine, restorePrice } from './price-snapshot.ts';

/** Reservations of one transaction. */
const CHUNK = 256;

export interface Recovered {
  /** Attempts booked as interrupted. */
  readonly interrupted: number;
  /** Reservations whose entry was there already. */
  readonly settled: number;
}

export interface RecoverOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Run once at the start, before anything is served: it takes every reservation for abandoned. A reservation and
 * its entry change places in one transaction, so being killed in between and starting again changes nothing.
 * Throws when the store cannot be written: a process that cannot book may not serve.
 */
export async function recoverLedger({ store, clock, log }: RecoverOptions): Promise<Recovered> {
  let interrupted = 0;
  let settled = 0;
  let last = '';
  const prices = new Map<PriceId, Price | undefined>();
  for (;;) {
    const abandoned = await store.listReservations(CHUNK);
    if (abandoned.length === 0) break;
    const posts: Post[] = [];
    for (const reservation of abandoned) {
      const price = await findPrice({ store, clock, log }, prices, reservation.price_id);
      const booking = bookInterrupted(reservation, price, clock.now());
      posts.push({ entry: booking.entry, price: booking.price });
    }
    const result = await store.applyBatch({ releases: [], posts, reserves: [], progress: [] });
    if (!result.ok) throw new Error(`attempts that were interrupted cannot be booked: ${result.message}`);
    settled += result.duplicates.length;
    if (nameOf(abandoned[0]!) === last) throw new Error(`reservation ${last} cannot be taken away`);
    last = nameOf(abandoned[0]!);
    interrupted += posts.length - result.duplicates.length;
  }
  await store.makeDurable();
  if (interrupted > 0)
    log.warn({ interrupted }, 'booked the attempts the last process left open, by estimate');
  return { interrupted, settled };
}

function nameOf({ exchange_id: id, attempt }: Reservation): string {
  return `${id}/${attempt}`;
}

async function findPrice(
  { store, log }: RecoverOptions,
  prices: Map<PriceId, Price | undefined>,
  id: PriceId | null,
): Promise<Price | undefined> {
  if (id === null) return undefined;
  if (!prices.has(id)) {
    const row = await store.findPrice(id);
    prices.set(id, row && isGenuine(row) ? restorePrice(row) : undefined);
    // Better booked without a price, and shown as such, than a process that cannot start.
    if (!prices.get(id)) log.error({ priceId: id }, 'this price snapshot is missing or damaged');
  }
  return prices.get(id);
}
