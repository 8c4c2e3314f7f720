/**
 * The outbox and its deliveries in the database. A delivery is claimed by moving its `next_at` on from the value that
 * was seen: of two who saw the same, one changes a row. Whoever claimed it and died has lost it when the lease is over.
 */
import { sql } from 'kysely';
import type { Store } from '../store/store.ts';
import { topics } from './alert.ts';

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
  /** What the claim goes by; undefined = it was never tried. */
  readonly nextAtMs: number | undefined;
}

/** Whether there is anything that some sink has not taken: what is asked most often, and mostly in vain. */
export async function hasOpen({ kysely }: Store, nowMs: number): Promise<boolean> {
  const row = await kysely
    .selectFrom('outbox')
    .select('id')
    .where('done_at', 'is', null)
    .where('topic', 'in', topics)
    .where('next_at', '<=', nowMs)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Longest due first. */
export async function findDue(
  { kysely }: Store,
  sink: string,
  nowMs: number,
  limit: number,
): Promise<readonly Due[]> {
  const rows = await kysely
    .selectFrom('outbox')
    .leftJoin('outbox_deliveries as sent', (join) =>
      join.onRef('sent.outbox_id', '=', 'outbox.id').on('sent.sink', '=', sink),
    )
    .select([
      'outbox.id',
      'outbox.topic',
      'outbox.payload',
      'outbox.next_at as at',
      'sent.attempts',
      'sent.next_at',
    ])
    .where('outbox.done_at', 'is', null)
    .where('outbox.topic', 'in', topics)
    .where('outbox.next_at', '<=', nowMs)
    .where('sent.done_at', 'is', null)
    .where('sent.given_up_at', 'is', null)
    .where(({ or, eb }) => or([eb('sent.next_at', 'is', null), eb('sent.next_at', '<=', nowMs)]))
    .orderBy(sql`coalesce(sent.next_at, outbox.next_at)`)
    .orderBy('outbox.id')
    .limit(limit)
    .execute();
  return rows.map(({ id, topic, payload, at, attempts, next_at }) => ({
    id,
    topic,
    payload,
    atMs: at,
    attempts: attempts ?? 0,
    nextAtMs: next_at ?? undefined,
  }));
}

/** Whether it is ours until `untilMs`. Counts as an attempt: what kills the process is counted too. */
export async function claimDelivery(store: Store, due: Due, sink: string, untilMs: number): Promise<boolean> {
  const { id, nextAtMs } = due;
  const claim =
    nextAtMs === undefined
      ? store.kysely
          .insertInto('outbox_deliveries')
          .values({ outbox_id: id, sink, attempts: 1, next_at: untilMs })
          .onConflict((conflict) => conflict.doNothing())
      : store.kysely
          .updateTable('outbox_deliveries')
          .set((eb) => ({ attempts: eb('attempts', '+', 1), next_at: untilMs }))
          .where('outbox_id', '=', id)
          .where('sink', '=', sink)
          .where('next_at', '=', nextAtMs)
          .where('done_at', 'is', null);
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
  const note = store.kysely
    .updateTable('outbox_deliveries')
    .set(columnsOf(outcome, nowMs))
    .where('outbox_id', '=', id)
    .where('sink', '=', sink)
    .where('done_at', 'is', null);
  await store.write([note, closeFinished(store, sinks, nowMs)]);
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

/** Messages that waited only for sinks that are declared no more, or for two at once, are done by this. */
export async function closeAllFinished(store: Store, sinks: readonly string[], nowMs: number): Promise<void> {
  await store.write([closeFinished(store, sinks, nowMs)]);
}

function closeFinished({ kysely }: Store, sinks: readonly string[], nowMs: number) {
  return kysely
    .updateTable('outbox')
    .set({ done_at: nowMs })
    .where('done_at', 'is', null)
    .where('topic', 'in', topics)
    .where(
      ({ selectFrom, fn }) =>
        selectFrom('outbox_deliveries as sent')
          .select(fn.countAll<number>().as('ended'))
          .whereRef('sent.outbox_id', '=', 'outbox.id')
          .where('sent.sink', 'in', sinks)
          .where(({ or, eb }) =>
            or([eb('sent.done_at', 'is not', null), eb('sent.given_up_at', 'is not', null)]),
          ),
      '=',
      sinks.length,
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
