/** The counter that numbers changes of keys, so that a reader finds what is new by a number alone. */
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { MemberId, WorkspaceId } from '../base/ids.ts';
import type { Tables } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

const KEYS_VERSION = 'keys_version';

/**
 * First statement of every transaction that changes keys. Whoever has counted holds the row until its transaction ends:
 * numbers become visible in their order, and a reader who has seen one has seen all before it.
 */
export function countKeyChange(kysely: Kysely<Tables>): Compilable {
  return kysely
    .insertInto('settings')
    .values({ key: KEYS_VERSION, value: '1' })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ value: sql<string>`cast(cast(settings.value as bigint) + 1 as text)` }),
    );
}

/** The number of the transaction it stands in, for the column `version`. */
export function keysVersion(): RawBuilder<number> {
  return sql<number>`(select cast(value as bigint) from settings where key = ${KEYS_VERSION})`;
}

/**
 * Ends every key of a workspace, or of one of its members: statements for the transaction of who ends those. With
 * `store.change`, as traffic reads it.
 */
export function endKeysOf(
  { kysely }: Store,
  { workspaceId, memberId }: { readonly workspaceId: WorkspaceId; readonly memberId?: MemberId },
  nowMs: number,
): readonly Compilable[] {
  let end = kysely
    .updateTable('keys')
    .set({ revoked_at: nowMs, version: keysVersion() })
    .where('workspace_id', '=', workspaceId)
    .where('revoked_at', 'is', null);
  if (memberId !== undefined) end = end.where('member_id', '=', memberId);
  return [countKeyChange(kysely), end];
}
