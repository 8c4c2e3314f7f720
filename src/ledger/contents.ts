/** Contents of exchanges as they lie in the database: sealed, found by exchange, and taken away by age, member or workspace. */
import { type Compilable, type Selectable, sql } from 'kysely';
import type { ExchangeId, Id, KeyId, WorkspaceId } from '../base/ids.ts';
import type { ContentsTable } from '../store/schema-contents.ts';
import type { Store } from '../store/store.ts';

export interface ContentRow {
  readonly exchangeId: ExchangeId;
  readonly workspaceId: WorkspaceId;
  readonly memberId?: string;
  readonly keyId: KeyId;
  readonly contentKeyId: Id<'ckey'>;
  readonly mode: 'redacted' | 'full';
  readonly sealed: string;
  readonly createdAtMs: number;
}

/**
 * Writes them in one transaction. False, at its place: its content key is gone, so that nobody could read it, and it was
 * not written.
 */
export async function insertContents(store: Store, rows: readonly ContentRow[]): Promise<readonly boolean[]> {
  if (rows.length === 0) return [];
  const written = await store.write(rows.map((row) => insertQuery(store, row)));
  return written.map((count) => count > 0);
}

/** Parameters of a list to select are texts to PostgreSQL, unless they say what they are. */
function insertQuery({ kysely }: Store, row: ContentRow): Compilable {
  const query = sql`
    insert into contents
      (exchange_id, workspace_id, member_id, key_id, content_key_id, mode, sealed, created_at)
    select ${row.exchangeId}, ${row.workspaceId}, cast(${row.memberId ?? null} as text), ${row.keyId}, id,
      ${row.mode}, ${row.sealed}, cast(${row.createdAtMs} as bigint)
    from content_keys where id = ${row.contentKeyId}
    on conflict (exchange_id) do nothing`;
  return { compile: () => query.compile(kysely) };
}

/** undefined = nothing is kept of it, or what was is older than `sinceMs`. */
export async function findContent(
  { reader }: Store,
  workspaceId: WorkspaceId,
  exchangeId: ExchangeId,
  sinceMs: number,
): Promise<ContentRow | undefined> {
  const row = await reader
    .selectFrom('contents')
    .selectAll()
    .where('exchange_id', '=', exchangeId)
    .where('workspace_id', '=', workspaceId)
    .where('created_at', '>=', sinceMs)
    .executeTakeFirst();
  return row && readRow(row);
}

/** Those of a member in the order of their exchanges, `limit` after `after`. */
export async function listContents(
  { reader }: Store,
  { workspaceId, memberId, sinceMs }: MemberContents,
  after: string,
  limit: number,
): Promise<readonly ContentRow[]> {
  const rows = await reader
    .selectFrom('contents')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('member_id', '=', memberId)
    .where('created_at', '>=', sinceMs)
    .where('exchange_id', '>', after as ExchangeId)
    .orderBy('exchange_id')
    .limit(limit)
    .execute();
  return rows.map(readRow);
}

export interface MemberContents {
  readonly workspaceId: WorkspaceId;
  readonly memberId: string;
  readonly sinceMs: number;
}

export interface ContentSums {
  readonly exchanges: number;
  /** Of the oldest; absent = there is none. */
  readonly oldestAtMs?: number;
}

export async function countContents({ reader }: Store, workspaceId: WorkspaceId): Promise<ContentSums> {
  const row = await reader
    .selectFrom('contents')
    .select((select) => [
      select.fn.countAll<number>().as('exchanges'),
      select.fn.min('created_at').as('oldest'),
    ])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  const exchanges = Number(row.exchanges);
  return exchanges === 0 ? { exchanges } : { exchanges, oldestAtMs: Number(row.oldest) };
}

/** What of a workspace goes: what began before a time, of one member, or both. Neither = all of it. */
export interface OldContents {
  readonly workspaceId: WorkspaceId;
  readonly beforeMs?: number;
  readonly memberId?: string;
}

/**
 * Removes up to `limit` of them; how many. In SQLite they are written over before, in a transaction of its own: the pages
 * of what is only deleted stay in the file as they were until something else needs them.
 */
export async function removeContents(store: Store, old: OldContents, limit: number): Promise<number> {
  let select = store.kysely
    .selectFrom('contents')
    .select('exchange_id')
    .where('workspace_id', '=', old.workspaceId)
    .limit(limit);
  if (old.beforeMs !== undefined) select = select.where('created_at', '<', old.beforeMs);
  if (old.memberId !== undefined) select = select.where('member_id', '=', old.memberId);
  const ids = (await select.execute()).map((row) => row.exchange_id);
  if (ids.length === 0) return 0;
  if (store.dialect === 'sqlite') {
    const zeros = sql<string>`substr(hex(zeroblob(length(sealed) / 2 + 1)), 1, length(sealed))`;
    const overwrite = store.kysely.updateTable('contents').set({ sealed: zeros });
    await store.write([overwrite.where('exchange_id', 'in', ids)]);
  }
  await store.write([store.kysely.deleteFrom('contents').where('exchange_id', 'in', ids)]);
  return ids.length;
}

/** Workspaces that anything is kept of, also those that are none any more. */
export async function workspacesWithContents({ kysely }: Store): Promise<readonly WorkspaceId[]> {
  const found: WorkspaceId[] = [];
  for (;;) {
    // One step down the index for each, however many rows it has.
    const row = await kysely
      .selectFrom('contents')
      .select((select) => select.fn.min('workspace_id').as('id'))
      .where('workspace_id', '>', found.at(-1) ?? ('' as WorkspaceId))
      .executeTakeFirst();
    if (!row?.id) return found;
    found.push(row.id);
  }
}

function readRow(row: Selectable<ContentsTable>): ContentRow {
  return {
    exchangeId: row.exchange_id,
    workspaceId: row.workspace_id,
    keyId: row.key_id,
    contentKeyId: row.content_key_id,
    mode: row.mode,
    sealed: row.sealed,
    createdAtMs: row.created_at,
    ...(row.member_id !== null && { memberId: row.member_id }),
  };
}
