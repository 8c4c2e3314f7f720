/**
 * The ledger on PostgreSQL, which many replicas share: a batch is one function call that commits without waiting for
 * the disk, and the heartbeat that follows is the barrier. Its commit flushes every commit before it, and it counts
 * only if this replica has not been fenced. Both go over one connection: a barrier on another one would say nothing
 * of a batch that was lost with the server in between.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { PriceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { PostgresStore } from '../store/postgres.ts';
import { describePostgresError, judgePostgresError } from '../store/postgres-error.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import { shareFlush } from '../store/shared-flush.ts';
import { StoreError } from '../store/store-error.ts';
import type { Reservation } from './book.ts';
import type { AttemptKey } from './ledger.ts';
import {
  type Batch,
  type BatchResult,
  emptyBatch,
  type LedgerStore,
  type Post,
  type Reserve,
} from './ledger-store.ts';
import { bookNeverSent } from './never-sent.ts';
import { type Applied, batchValues, callBatch, readGrants } from './postgres-batch.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { listOwn, reservationColumns } from './reservations.ts';
import { rowsToJson } from './rows-to-json.ts';

/** Heartbeats come at least this often; a third of what is still fresh. */
const BEAT_MS = 5_000;
/** A heartbeat older than this, on the monotonic clock of the replica, is no leave to send any more. */
export const FRESH_MS = 15_000;
/** Silence after which others fence a replica, by the clock of the database. Twice what a replica trusts itself. */
export const SILENT_MS = 30_000;
/** Replicas that were stopped or fenced are forgotten after this, when they hold nothing. */
const FORGET_MS = 7 * 86_400_000;
/** A restarted process waits this long for the server to notice that its predecessor is gone. */
const CLAIM_PATIENCE_MS = 5_000;
const CLAIM_PAUSE_MS = 20;
/** A batch that took longer was held up somewhere. As far as clocks may be apart and still count as one. */
const QUICK_MS = 2_000;
/** Names of windows and rates that are kept, some ten megabytes: what is not known is only made once more. */
const MAX_KNOWN_ROWS = 50_000;

export interface PostgresLedgerOptions {
  readonly store: PostgresStore;
  /** One of its own for each process that serves at the same time, and the same after a restart. */
  readonly replicaId: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface ReplicaState extends PostgresLedgerOptions {
  /** Of this life; undefined = not begun. */
  epoch: number | undefined;
  isFenced: boolean;
  /** Under way. */
  beginning: Promise<void> | undefined;
  readonly knownPrices: Set<PriceId>;
  /** Windows and rates that are there. */
  readonly knownRows: Set<string>;
  /** Connections that wrote batches which no barrier has covered. */
  uncovered: Set<number>;
  /** What the database's clock is ahead of ours, by the last batch that was quick. */
  skewMs: number;
}

export function createPostgresLedgerStore(options: PostgresLedgerOptions): LedgerStore {
  const { store, replicaId } = options;
  const state: ReplicaState = {
    ...options,
    epoch: undefined,
    isFenced: false,
    beginning: undefined,
    knownPrices: new Set(),
    knownRows: new Set(),
    uncovered: new Set(),
    skewMs: 0,
  };
  return {
    get beatMs() {
      return state.epoch === undefined ? undefined : BEAT_MS;
    },
    join: () => join(state),
    leave: () => leave(state),
    applyBatch: (batch) => applyBatch(state, batch),
    makeDurable: shareFlush(() => passBarrier(state)),
    listAbandoned: async (limit) => listOwn(store.kysely, replicaId, state.epoch ?? 0, limit),
    sweep: (limit) => sweep(state, limit),
    findPrice: (id) =>
      store.kysely.selectFrom('price_snapshots').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}

const beginLife = `
  insert into replicas (id, epoch, state, heartbeat_at, seq, version)
  values ($1, 1, 'live', turnpike_now(), 0, $2)
  on conflict (id) do update set epoch = replicas.epoch + 1, state = 'live', heartbeat_at = turnpike_now(),
    seq = 0, version = excluded.version
  returning epoch`;

async function join(state: ReplicaState): Promise<void> {
  await claimName(state);
  await begin(state);
}

function begin(state: ReplicaState): Promise<void> {
  state.beginning ??= beginAnew(state).finally(() => {
    state.beginning = undefined;
  });
  return state.beginning;
}

async function beginAnew(state: ReplicaState): Promise<void> {
  const { store, replicaId, version } = state;
  const { rows } = await store.ledgerSession.ask<{ epoch: number }>(beginLife, [replicaId, version]);
  state.epoch = rows[0]!.epoch;
  state.isFenced = false;
}

/** Of two processes of one id each would fence the other, over and over. */
async function claimName({ store, replicaId, clock }: ReplicaState): Promise<void> {
  const until = clock.monotonic() + CLAIM_PATIENCE_MS;
  while (!(await store.claim(`replica ${replicaId}`))) {
    if (await isSilent(store, replicaId)) return;
    if (clock.monotonic() >= until) {
      throw new StoreError(
        'locked',
        `another Turnpike process is running as replica "${replicaId}" of this database. Stop it, or give this one ` +
          'a TURNPIKE_REPLICA_ID or TURNPIKE_HOME of its own.',
      );
    }
    await delay(CLAIM_PAUSE_MS);
  }
}

/** Connected, but not alive: a process that was paused for good, or a connection whose machine is gone. */
async function isSilent({ ledgerSession }: PostgresStore, replicaId: string): Promise<boolean> {
  const { count } = await ledgerSession.ask(
    `select from replicas where id = $1 and state = 'live' and heartbeat_at >= turnpike_now() - $2`,
    [replicaId, SILENT_MS],
  );
  return count === 0;
}

async function leave({ store, replicaId, epoch }: ReplicaState): Promise<void> {
  if (epoch === undefined) return;
  await store.ledgerSession.ask(
    `update replicas set state = 'stopped' where id = $1 and epoch = $2 and state = 'live'`,
    [replicaId, epoch],
  );
}

async function applyBatch(state: ReplicaState, batch: Batch): Promise<BatchResult> {
  try {
    if (state.epoch === undefined) throw new Error('this process has not joined the replicas');
    // It may go on under a new epoch: what it had reserved is the old one's, and is held until its deadline.
    if (state.isFenced) await begin(state);
    const { replicaId, epoch, clock } = state;
    const prices = newPrices(state.knownPrices, batch);
    const askedAtMs = clock.monotonic();
    const caller = { replicaId, epoch, nowMs: clock.now() };
    const { values, touched } = batchValues(caller, batch, prices, state.knownRows);
    const { rows, connection } = await state.store.ledgerSession.ask<{ applied: Applied }>(callBatch, values);
    state.uncovered.add(connection);
    for (const { id } of prices) state.knownPrices.add(id);
    remember(state.knownRows, touched);
    await makeGood(state, batch.releases);
    const { duplicates, late, skewMs, judged } = rows[0]!.applied;
    // What waited on its way says as little of clocks as a letter.
    if (clock.monotonic() - askedAtMs <= QUICK_MS) state.skewMs = skewMs;
    const grants = readGrants(batch, judged);
    return { ok: true, duplicates, late, grants, holds: judged?.holds ?? [], skewMs: state.skewMs };
  } catch (error) {
    forget(state);
    return { ok: false, fault: judgePostgresError(error), message: describePostgresError(error) };
  }
}

function remember(known: Set<string>, names: readonly string[]): void {
  if (known.size > MAX_KNOWN_ROWS) known.clear();
  for (const name of names) known.add(name);
}

/** Taken back with a crash of the server, a price would be missing for good, and a window for as long as it is open. */
function forget({ knownPrices, knownRows }: ReplicaState): void {
  knownPrices.clear();
  knownRows.clear();
}

/** Rare: only after trouble is anything taken back. It is gone by now, so that nobody can book it any more. */
async function makeGood(state: ReplicaState, releases: readonly AttemptKey[]): Promise<void> {
  if (releases.length === 0) return;
  const { store, replicaId, epoch, clock } = state;
  const { rows } = await store.ledgerSession.ask<LedgerEntriesTable>(
    `select e.* from ledger_entries e
     join json_populate_recordset(null::reservations, $1) r using (exchange_id, attempt)
     where e.sequence = 0 and e.status = 'interrupted'`,
    [rowsToJson(releases.map(({ exchangeId, attempt }) => ({ exchange_id: exchangeId, attempt })))],
  );
  if (rows.length === 0) return;
  const posts = rows.map(({ seq: _, ...booked }) => bookNeverSent(booked));
  const caller = { replicaId, epoch, nowMs: clock.now() };
  const { connection } = await store.ledgerSession.ask(
    callBatch,
    batchValues(caller, { ...emptyBatch, posts }, [], state.knownRows).values,
  );
  state.uncovered.add(connection);
  state.log.warn({ attempts: posts.length }, 'what was booked of attempts that were never sent is made good');
}

function newPrices(known: ReadonlySet<PriceId>, { posts, reserves }: Batch): readonly PriceSnapshot[] {
  const found = new Map<PriceId, PriceSnapshot>();
  const look = ({ price }: Post | Reserve) => {
    if (price && !known.has(price.id)) found.set(price.id, price);
  };
  posts.forEach(look);
  reserves.forEach(look);
  return [...found.values()];
}

async function passBarrier(state: ReplicaState): Promise<void> {
  const { store, replicaId, epoch, clock } = state;
  const covered = state.uncovered;
  state.uncovered = new Set();
  const askedAtMs = clock.monotonic();
  try {
    const { rows, connection } = await store.ledgerSession.ask<{ is_live: boolean }>(
      'select turnpike_beat($1, $2) as is_live',
      [replicaId, epoch ?? 0],
    );
    if ([...covered].some((other) => other !== connection))
      throw new Error('the connection was lost before what had been written was known to be on disk');
    if (!rows[0]!.is_live) {
      state.isFenced = true;
      throw new Error('this replica was silent for too long and has been fenced');
    }
    if (clock.monotonic() - askedAtMs >= FRESH_MS)
      throw new Error('the heartbeat was answered too late to send anything by it');
  } catch (error) {
    forget(state);
    throw new Error(describePostgresError(error), { cause: error });
  }
}

async function sweep(state: ReplicaState, limit: number): Promise<readonly Reservation[]> {
  const { store, epoch, isFenced } = state;
  if (epoch === undefined || isFenced) return [];
  const { rows } = await store.ledgerSession.ask<Reservation>(
    `select ${reservationColumns.join(', ')} from turnpike_sweep($1, $2, $3)`,
    [SILENT_MS, FORGET_MS, limit],
  );
  return rows;
}
