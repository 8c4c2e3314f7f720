/** What dead and lost processes left open: every reservation becomes the entry of an interrupted attempt. */
import type { Clock } from '../base/clock.ts';
import type { PriceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Price } from '../catalog/price.ts';
import { bookInterrupted, type InterruptedAs, type Reservation } from './book.ts';
import { emptyBatch, type LedgerStore, type Post } from './ledger-store.ts';
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
 * Run once at the start, before anything is served: begins a life of this replica and books what its earlier ones
 * left. A reservation and its entry change places in one transaction, so being killed in between and starting
 * again changes nothing. Throws when the store cannot be written: a process that cannot book may not serve.
 */
export async function recoverLedger(options: RecoverOptions): Promise<Recovered> {
  await options.store.join();
  const recovered = await bookAll(options, (limit) => options.store.listAbandoned(limit), 'noted');
  await options.store.makeDurable();
  const { interrupted } = recovered;
  if (interrupted > 0)
    options.log.warn({ interrupted }, 'booked the attempts the last process left open, by estimate');
  return recovered;
}

/**
 * Looks after the other replicas of the database once: see `LedgerStore.sweep`. Orphans whose deadline has passed
 * are booked at the most they may have cost; should their replica live after all, its settle books the difference.
 */
export async function sweepLedger(options: RecoverOptions): Promise<Recovered> {
  const swept = await bookAll(options, (limit) => options.store.sweep(limit), 'worst_case');
  if (swept.interrupted > 0)
    options.log.warn(
      { ...swept },
      'booked attempts of a replica that was not heard of again, at their worst',
    );
  return swept;
}

/** Twice within the time after which a silent replica is fenced, with room for one that fails. */
const SWEEP_MS = 10_000;

/** Sweeps now and then where other replicas may need it. Returns how to end it; it resolves when the last one is over. */
export function keepSwept(options: RecoverOptions): () => Promise<void> {
  // A store that need not hear of its replicas has only one.
  if (options.store.beatMs === undefined) return async () => undefined;
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= sweepLedger(options)
      .catch((error: unknown) =>
        options.log.warn({ error: String(error) }, 'other replicas could not be looked after'),
      )
      .finally(() => {
        running = undefined;
      });
  }, SWEEP_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function bookAll(
  options: RecoverOptions,
  list: (limit: number) => Promise<readonly Reservation[]>,
  as: InterruptedAs,
): Promise<Recovered> {
  const { store, clock } = options;
  let interrupted = 0;
  let settled = 0;
  let last = '';
  const prices = new Map<PriceId, Price | undefined>();
  for (;;) {
    const abandoned = await list(CHUNK);
    if (abandoned.length === 0) break;
    const posts: Post[] = [];
    for (const reservation of abandoned) {
      const price = await findPrice(options, prices, reservation.price_id);
      const booking = bookInterrupted(reservation, price, clock.now(), as);
      posts.push({ entry: booking.entry, price: booking.price });
    }
    const result = await store.applyBatch({ ...emptyBatch, posts });
    if (!result.ok) {
      throw new Error(
        `attempts that were interrupted cannot be booked: ${result.message}. Nothing is served before they are; make ` +
          'the database writable and start again.',
      );
    }
    settled += result.duplicates.length;
    if (nameOf(abandoned[0]!) === last) throw new Error(`reservation ${last} cannot be taken away`);
    last = nameOf(abandoned[0]!);
    interrupted += posts.length - result.duplicates.length;
  }
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
