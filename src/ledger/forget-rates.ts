/**
 * Rows of rates that say no more than no row would are taken away: clients may choose the names of agents, and so how
 * many rows there are. For once in a while, off the road.
 */
import { type Compilable, sql } from 'kysely';
import type { Store } from '../store/store.ts';

/** Longer than any attempt runs: what it gives back at its end belongs to a row that is still there. */
const IDLE_MS = 24 * 3_600_000;
/** Rows of one transaction; they take some milliseconds. */
const CHUNK = 500;

export interface ForgetOptions {
  readonly nowMs: number;
  readonly chunk?: number;
  /** Waits between two chunks. */
  readonly pause: () => Promise<void>;
  /** It ends after the chunk under way. */
  readonly signal: AbortSignal;
}

/** How many rows it took away. Rejects when the store cannot be written. */
export async function forgetIdleRates(store: Store, options: ForgetOptions): Promise<number> {
  const { nowMs, pause, signal, chunk = CHUNK } = options;
  const beforeUs = (nowMs - IDLE_MS) * 1_000;
  let forgotten = 0;
  while (!signal.aborted) {
    const idle = await store.reader
      .selectFrom('rate_limits')
      .select(['subject', 'metric'])
      .where('in_flight', '=', 0)
      .where('full_at_us', '<', beforeUs)
      .limit(chunk)
      .execute();
    if (idle.length > 0) forgotten += await forget(store, idle, beforeUs);
    if (idle.length < chunk) break;
    await pause();
  }
  return forgotten;
}

async function forget(
  store: Store,
  idle: readonly { readonly subject: string; readonly metric: string }[],
  beforeUs: number,
): Promise<number> {
  const keys = sql.join(idle.map(({ subject, metric }) => sql`(${subject}, ${metric})`));
  // What was used since it was read stays.
  const remove = sql`delete from rate_limits
    where in_flight = 0 and full_at_us < ${beforeUs} and (subject, metric) in (values ${keys})`;
  const queries = store.dialect === 'postgres' ? [WHOLE_TABLE, remove] : [remove];
  const changed = await store.write(
    queries.map((query): Compilable => ({ compile: () => query.compile(store.kysely) })),
  );
  return changed.at(-1) ?? 0;
}

/** A batch makes its rows first and then locks them: none may go between the two. */
const WHOLE_TABLE = sql`lock table rate_limits in share row exclusive mode`;
