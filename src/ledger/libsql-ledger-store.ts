/**
 * The ledger on a libSQL server: what a batch touches is read in one round trip, judged here by SQLite's own ledger
 * store, and written in a second one that does nothing if anybody has written in between or this process has lost
 * its lease. A commit that the server has acknowledged is as durable as it makes it.
 */
import type { Clock } from '../base/clock.ts';
import type { PriceId } from '../base/ids.ts';
import type { LibsqlStore } from '../store/libsql.ts';
import { describeLibsqlError, judgeLibsqlError, type Statement } from '../store/libsql-client.ts';
import { fence, isFencedOff, type LeaseRow, readLease } from '../store/libsql-lease.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Reservation } from './book.ts';
import type { Batch, BatchResult, LedgerStore, Post } from './ledger-store.ts';
import { type Bench, openBench } from './libsql-bench.ts';
import { readingOf } from './libsql-reading.ts';
import { bookNeverSent, findBooked } from './never-sent.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { listOwn, reservationColumns } from './reservations.ts';
import { rowsToJson } from './rows-to-json.ts';

/** Renewals come at least this often; a third of what is still fresh. */
const BEAT_MS = 5_000;

interface LedgerState {
  readonly store: LibsqlStore;
  readonly clock: Clock;
  readonly bench: Bench;
  /** Those that the database is known to have. */
  readonly prices: Set<PriceId>;
  hasJoined: boolean;
}

export async function openLibsqlLedgerStore(store: LibsqlStore, clock: Clock): Promise<LedgerStore> {
  const bench = await openBench(clock);
  const state: LedgerState = { store, clock, bench, prices: new Set(), hasJoined: false };
  return {
    beatMs: BEAT_MS,
    async join() {
      // The lease was taken when the database was opened; a second life takes it again.
      if (state.hasJoined || store.isLost()) await store.beginLife();
      state.hasJoined = true;
    },
    leave: () => store.giveUp(),
    applyBatch: (batch) => store.inTurn(() => applyBatch(state, batch)),
    makeDurable: () => store.holdLease(),
    listAbandoned: (limit) => listOwn(store.kysely, store.lease().id, store.lease().epoch, limit),
    sweep: (limit) => sweep(state, limit),
    findPrice: (id) =>
      store.kysely.selectFrom('price_snapshots').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}

async function applyBatch(state: LedgerState, batch: Batch): Promise<BatchResult> {
  const { store, bench } = state;
  try {
    // It may go on if who had taken over is gone again: what it had reserved then is held until its deadline.
    if (store.isLost()) await store.beginLife();
    const lease = store.lease();
    const laid = await lay(state, batch);
    if (laid === undefined) return lost(state);
    const { seq, posts } = laid;
    const result = await bench.apply(
      posts.length === 0 ? batch : { ...batch, posts: [...batch.posts, ...posts] },
    );
    if (!result.ok) return result;
    const prices = newPrices(state, batch);
    const owner = { replica_id: lease.id, replica_epoch: lease.epoch };
    const statements = [...writePrices(prices), ...bench.readOff(owner)];
    if (statements.length > 0 || batch.isProbe) {
      const askedAtMs = state.clock.monotonic();
      await store.client.runAll([...fence(lease, seq), ...statements]);
      store.noteHeld(askedAtMs);
      for (const { id } of prices) state.prices.add(id);
    }
    return result;
  } catch (error) {
    // Somebody has written since we read, or has the lease; the next read tells which.
    const fault = isFencedOff(error) ? 'busy' : judgeLibsqlError(error);
    return { ok: false, fault, message: describeLibsqlError(error) };
  }
}

interface Laid {
  /** The number that the next write must find. */
  readonly seq: number;
  /** What makes good that others have booked what this batch takes back. */
  readonly posts: readonly Post[];
}

/** Reads what the batch touches onto the bench; undefined = the database is not ours any more. */
async function lay({ store, bench }: LedgerState, batch: Batch): Promise<Laid | undefined> {
  const lease = store.lease();
  const reading = readingOf(batch);
  const [held, ...results] = await store.client.runAll([readLease(lease), ...reading.values()]);
  const row = held!.rows[0] as unknown as LeaseRow | undefined;
  if (row?.epoch !== lease.epoch || row.state !== 'live') return undefined;
  const rows = new Map([...reading.keys()].map((table, at) => [table, results[at]!.rows]));
  bench.lay(rows);
  const entries = (rows.get('ledger_entries') ?? []) as unknown as readonly LedgerEntriesTable[];
  const booked = batch.releases.length === 0 ? [] : findBooked(batch.releases, entries);
  return { seq: row.seq, posts: booked.map(({ seq: _, ...entry }) => bookNeverSent(entry)) };
}

function lost({ store }: LedgerState): BatchResult {
  store.noteLost();
  const message = 'another Turnpike process has taken over this database';
  return { ok: false, fault: 'unavailable', message };
}

function newPrices({ prices }: LedgerState, { posts, reserves }: Batch): readonly PriceSnapshot[] {
  const found = new Map<PriceId, PriceSnapshot>();
  for (const { price } of [...posts, ...reserves]) {
    if (price && !prices.has(price.id)) found.set(price.id, price);
  }
  return [...found.values()];
}

const priceColumns = [
  'id',
  'content_hash',
  'provider',
  'model',
  'service_tier',
  'source',
  'effective_from',
  'tiers',
] as const satisfies readonly (keyof PriceSnapshot)[];

function writePrices(prices: readonly PriceSnapshot[]): Statement[] {
  if (prices.length === 0) return [];
  const fields = priceColumns.map((column) => `value ->> '$.${column}'`).join(', ');
  const sql = `insert into price_snapshots (${priceColumns.join(', ')}) select ${fields} from json_each(?)
    where true on conflict do nothing`;
  return [{ sql, parameters: [rowsToJson(prices)] }];
}

/** Those that had the database before, under another name: gone for certain, but what they sent may still go on. */
async function sweep({ store, clock }: LedgerState, limit: number): Promise<readonly Reservation[]> {
  const lease = store.lease();
  if (store.isLost()) return [];
  return store.kysely
    .selectFrom('reservations')
    .select(reservationColumns)
    .where('replica_id', '<>', lease.id)
    .where('deadline_at', '<=', clock.now())
    .orderBy('exchange_id')
    .orderBy('attempt')
    .limit(limit)
    .execute();
}
