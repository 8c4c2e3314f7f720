/**
 * The outbox and its deliveries in the database. A message that is new is addressed first: one delivery for each sink.
 * A delivery is claimed by moving its `next_at` on from the value that was seen: of two who saw the same, one changes a
 * row. Whoever claimed it and died has lost it when the lease is over.
 */
import type { Store } from '../store/store.ts';
import { topics } from './alert.ts';

/** Messages addressed in one transaction. */
const ADDRESSED_ROWS = 200;

/** Makes the deliveries of messages that are new. Sinks that are declared later are not told of these. */
export async function addressNew(store: Store, sinks: readonly string[], nowMs: number): Promise<void> {
  const { kysely } = store;
  const found = await kysely
    .selectFrom('outbox')
    .select(['id', 'next_at'])
    .where('addressed_at', 'is', null)
    .where('done_at', 'is', null)
    .where('topic', 'in', topics)
    .where('next_at', '<=', nowMs)
    .orderBy('next_at')
    .limit(ADDRESSED_ROWS)
    .execute();
  if (found.length === 0) return;
  const rows = found.flatMap(({ id, next_at }) => sinks.map((sink) => ({ outbox_id: id, sink, next_at })));
  const ids = found.map(({ id }) => id);
  await store.write([
    // Another replica may have found the same.
    kysely
      .insertInto('outbox_deliveries')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing()),
    kysely.updateTable('outbox').set({ addressed_at: nowMs }).where('id', 'in', ids),
  ]);
}

/** Whether anything is due for any of the sinks: what is asked most often, and mostly in vain. */
export async function hasDue({ kysely }: Store, sinks: readonly string[], nowMs: number): Promise<boolean> {
  const row = await kysely
    .selectFrom('outbox_deliveries')
    .select('sink')
    .where('sink', 'in', sinks)
    .where('done_at', 'is', null)
    .where('given_up_at', 'is', null)
    .where('next_at', '<=', nowMs)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** One message that one sink may be sent now. */
export interface Due {
  readonly id: string;
  readonly topic: string;
  /** JSON. */
  readonly payload: string;
  /** When it happened. */
  readonly atMs: number;
  /** Deliveries begun before. */
  readonly attempts: number;
  /** What the claim goes by. */
  readonly nextAtMs: number;
}

/** Longest due first. */
export async function findDue(
  { kysely }: Store,
  sink: string,
  nowMs: number,
  limit: number,
): Promise<readonly Due[]> {
  const rows = await kysely
    .selectFrom('outbox_deliveries as sent')
    .innerJoin('outbox', 'outbox.id', 'sent.outbox_id')
    .select([
      'outbox.id',
      'outbox.topic',
      'outbox.payload',
      'outbox.next_at as at',
      'sent.attempts',
      'sent.next_at',
    ])
    .where('sent.sink', '=', sink)
    .where('sent.done_at', 'is', null)
    .where('sent.given_up_at', 'is', null)
    .where('sent.next_at', '<=', nowMs)
    .orderBy('sent.next_at')
    .limit(limit)
    .execute();
  return rows.map(({ id, topic, payload, at, attempts, next_at }) => ({
    ...{ id, topic, payload, attempts },
    atMs: at,
    nextAtMs: next_at,
  }));
}

/** Whether it is ours until `untilMs`. Counts as an attempt: what kills the process is counted too. */
export async function claimDelivery(store: Store, due: Due, sink: string, untilMs: number): Promise<boolean> {
  const claim = store.kysely
    .updateTable('outbox_deliveries')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_at: untilMs }))
    .where('outbox_id', '=', due.id)
    .where('sink', '=', sink)
    .where('next_at', '=', due.nextAtMs)
    .where('done_at', 'is', null)
    .where('given_up_at', 'is', null);
  const [changed] = await store.write([claim]);
  return changed === 1;
}

export type Outcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly error: string; readonly nextAtMs: number }
  | { readonly kind: 'given_up'; readonly error: string };

/** Notes what became of it; a message that no sink of `sinks` waits for any more is done. */
export async function noteOutcome(
  store: Store,
  { id, sink, sinks, nowMs }: { id: string; sink: string; sinks: readonly string[]; nowMs: number },
  outcome: Outcome,
): Promise<void> {
  const { kysely } = store;
  // Of two sinks that answer at once each would not see the other: the row of the message is their turn.
  const take = kysely
    .updateTable('outbox')
    .set((eb) => ({ addressed_at: eb.ref('addressed_at') }))
    .where('id', '=', id);
  const note = kysely
    .updateTable('outbox_deliveries')
    .set(columnsOf(outcome, nowMs))
    .where('outbox_id', '=', id)
    .where('sink', '=', sink)
    .where('done_at', 'is', null);
  await store.write([take, note, closeFinished(store, sinks, nowMs).where('id', '=', id)]);
}

function columnsOf(outcome: Outcome, nowMs: number) {
  switch (outcome.kind) {
    case 'taken':
      return { done_at: nowMs, last_error: null };
    case 'failed':
      return { next_at: outcome.nextAtMs, last_error: outcome.error };
    case 'given_up':
      return { given_up_at: nowMs, last_error: outcome.error };
    default:
      return outcome satisfies never;
  }
}

/** Messages that wait only for sinks that are declared no more are done by this. Looks at all that are open. */
export async function closeAllFinished(store: Store, sinks: readonly string[], nowMs: number): Promise<void> {
  await store.write([closeFinished(store, sinks, nowMs)]);
}

function closeFinished({ kysely }: Store, sinks: readonly string[], nowMs: number) {
  return kysely
    .updateTable('outbox')
    .set({ done_at: nowMs })
    .where('done_at', 'is', null)
    .where('addressed_at', 'is not', null)
    .where('topic', 'in', topics)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox_deliveries as sent')
            .select('sent.sink')
            .whereRef('sent.outbox_id', '=', 'outbox.id')
            .where('sent.sink', 'in', sinks)
            .where('sent.done_at', 'is', null)
            .where('sent.given_up_at', 'is', null),
        ),
      ),
    );
}

/** Deletes at most `limit` messages that were done before `beforeMs`, oldest first. How many there were. */
export async function deleteDone(store: Store, beforeMs: number, limit: number): Promise<number> {
  const rows = await store.kysely
    .selectFrom('outbox')
    .select('id')
    .where('topic', 'in', topics)
    .where('done_at', '<', beforeMs)
    // Says no more than the line before, but there is an index of it.
    .where('next_at', '<', beforeMs)
    .orderBy('next_at')
    .limit(limit)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await store.write([
    store.kysely.deleteFrom('outbox_deliveries').where('outbox_id', 'in', ids),
    store.kysely.deleteFrom('outbox').where('id', 'in', ids),
  ]);
  return ids.length;
}
