/** A number that grows with every change of the registry, and who wants to hear of it. */
import { type Kysely, sql } from 'kysely';
import type { Log } from '../base/log.ts';
import type { Tables } from './schema.ts';

export interface Revision {
  current(): number;
  /** Called after the change is committed. Returns how to stop listening. */
  onChange(listener: (revision: number) => void): () => void;
  /** For the store: the change with this number is committed. */
  announce(revision: number): void;
}

const REVISION_KEY = 'revision';

export async function loadRevision(kysely: Kysely<Tables>, log: Log): Promise<Revision> {
  const row = await kysely
    .selectFrom('settings')
    .select('value')
    .where('key', '=', REVISION_KEY)
    .executeTakeFirst();
  const listeners = new Set<(revision: number) => void>();
  let current = Number(row?.value ?? 0);
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce(revision) {
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

/** The statement that goes into the same transaction as the change; it returns the new number as `value`. */
export function bumpRevision(kysely: Kysely<Tables>) {
  return kysely
    .insertInto('settings')
    .values({ key: REVISION_KEY, value: '1' })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ value: sql<string>`cast(cast(settings.value as integer) + 1 as text)` }),
    )
    .returning('value');
}
