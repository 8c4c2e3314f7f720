/** A number that grows with every change of the registry, and who wants to hear of it. */
import { type Kysely, sql } from 'kysely';
import type { Log } from '../base/log.ts';
import type { Tables } from './schema.ts';

export interface Revision {
  current(): number;
  /** Called after the change is committed. Returns how to stop listening. */
  onChange(listener: (revision: number) => void): () => void;
  /** For the store: the change with this number is committed. What is not newer than the current one is known. */
  announce(revision: number): void;
}

const REVISION_KEY = 'revision';

export async function loadRevision(kysely: Kysely<Tables>, log: Log): Promise<Revision> {
  const listeners = new Set<(revision: number) => void>();
  let current = await readRevision(kysely);
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce(revision) {
      // With many processes the same news comes by more than one way, and not in order.
      if (revision <= current) return;
      current = revision;
      for (const listener of listeners) {
        try {
          listener(revision);
        } catch (error) {
          log.error({ error: String(error), revision }, 'a listener of the revision failed');
        }
      }
    },
  };
}

/** As it stands in the database. */
export async function readRevision(kysely: Kysely<Tables>): Promise<number> {
  const row = await kysely
    .selectFrom('settings')
    .select('value')
    .where('key', '=', REVISION_KEY)
    .executeTakeFirst();
  return Number(row?.value ?? 0);
}

/** The statement that goes into the same transaction as the change; it returns the new number as `value`. */
export function bumpRevision(kysely: Kysely<Tables>) {
  return kysely
    .insertInto('settings')
    .values({ key: REVISION_KEY, value: '1' })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ value: sql<string>`cast(cast(settings.value as bigint) + 1 as text)` }),
    )
    .returning('value');
}
