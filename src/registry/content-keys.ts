/**
 * The keys that contents are sealed with: one for each workspace and member, itself sealed by the vault. Who deletes one
 * has shredded all that was sealed with it, wherever copies of it lie.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { type ExchangeId, type Id, newId, type WorkspaceId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import type { ContentKeysTable } from '../store/schema-contents.ts';
import type { Store } from '../store/store.ts';
import { bindTo, openBytes, type Random, sealBytes, strictBytes } from './seal-bytes.ts';
import { contentKeyBelonging } from './sealed-rows.ts';
import type { Vault } from './vault.ts';
import { sealInTurn } from './vault-state.ts';

export type ContentKeyId = Id<'ckey'>;

/** Whose content it is. */
export interface ContentOwner {
  readonly workspaceId: WorkspaceId;
  /** undefined = of exchanges that belong to no member. */
  readonly memberId: string | undefined;
}

export interface ContentKey extends ContentOwner {
  readonly id: ContentKeyId;
  readonly key: KeyObject;
}

const VERSION = 'c1';
const KEY_BYTES = 32;

/**
 * The newest key of the owner that opens, made where there is none. The vault seals it; undefined = the master keys at
 * hand are not those of what is sealed here, so nothing more may be.
 */
export async function ensureContentKey(
  store: Store,
  vault: Vault,
  owner: ContentOwner,
  { nowMs, random }: { readonly nowMs: number; readonly random: Random },
): Promise<ContentKey | undefined> {
  for (const row of await rowsOf(store, owner)) {
    const opened = openKey(vault, row);
    if (opened) return opened;
  }
  const id = newId('ckey');
  const bytes = random(KEY_BYTES);
  const secret = new Secret(bytes.toString('base64url'));
  const isSealed = await sealInTurn(
    store,
    vault,
    async (by) => {
      const sealed = vault.seal(secret, contentKeyBelonging(id, owner), by);
      const { workspaceId, memberId = null } = owner;
      const row = { id, workspace_id: workspaceId, member_id: memberId, sealed, created_at: nowMs };
      return [store.kysely.insertInto('content_keys').values(row)];
    },
    'write',
  );
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return isSealed ? { ...owner, id, key } : undefined;
}

/** undefined = it is gone, or does not open with the master keys at hand. */
export async function findContentKey(
  store: Store,
  vault: Vault | undefined,
  id: ContentKeyId,
): Promise<ContentKey | undefined> {
  const row = await store.kysely
    .selectFrom('content_keys')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && vault && openKey(vault, row);
}

/** Base64url; opens with the same key as content of the same exchange alone. */
export function sealContent(
  { key, ...owner }: ContentKey,
  exchangeId: ExchangeId,
  content: Buffer,
  random: Random,
): string {
  return sealBytes(key, content, boundTo(owner, exchangeId), random).toString('base64url');
}

/** undefined = it is not what was sealed. */
export function openContent(
  { key, ...owner }: ContentKey,
  exchangeId: ExchangeId,
  sealed: string,
): Buffer | undefined {
  const bytes = strictBytes(sealed);
  return bytes && openBytes(key, bytes, boundTo(owner, exchangeId));
}

/**
 * Deletes the keys of one member, or of the whole workspace. Written over before, in a transaction of its own: what is
 * only deleted may stay in the file for a while, and what is written and deleted at once is never written.
 */
export async function shredContentKeys(store: Store, { workspaceId, memberId }: ContentOwner): Promise<void> {
  const zeros = sql<string>`substr(${'0'.repeat(1_000)}, 1, length(sealed))`;
  const overwrite = store.kysely
    .updateTable('content_keys')
    .set({ sealed: zeros })
    .where('workspace_id', '=', workspaceId);
  const remove = store.kysely.deleteFrom('content_keys').where('workspace_id', '=', workspaceId);
  const isAll = memberId === undefined;
  await store.write([isAll ? overwrite : overwrite.where('member_id', '=', memberId)]);
  await store.write([isAll ? remove : remove.where('member_id', '=', memberId)]);
}

/** Of workspaces that were deleted: nobody is left who could ask for it. */
export async function shredKeysOfGone(store: Store): Promise<void> {
  const gone = await store.kysely
    .selectFrom('content_keys')
    .innerJoin('workspaces', 'workspaces.id', 'content_keys.workspace_id')
    .select('content_keys.workspace_id')
    .distinct()
    .where('workspaces.deleted_at', 'is not', null)
    .execute();
  for (const row of gone)
    await shredContentKeys(store, { workspaceId: row.workspace_id, memberId: undefined });
}

function rowsOf(store: Store, { workspaceId, memberId }: ContentOwner) {
  const rows = store.kysely
    .selectFrom('content_keys')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
  return (
    memberId === undefined ? rows.where('member_id', 'is', null) : rows.where('member_id', '=', memberId)
  ).execute();
}

function ownerOf(row: Selectable<ContentKeysTable>): ContentOwner {
  return { workspaceId: row.workspace_id, memberId: row.member_id ?? undefined };
}

function openKey(vault: Vault, row: Selectable<ContentKeysTable>): ContentKey | undefined {
  const owner = ownerOf(row);
  const opened = vault.open(row.sealed, contentKeyBelonging(row.id, owner));
  if (!opened.ok) return undefined;
  const bytes = Buffer.from(opened.secret.reveal(), 'base64url');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { ...owner, id: row.id, key };
}

function boundTo(
  { id, workspaceId, memberId = '' }: Omit<ContentKey, 'key'>,
  exchangeId: ExchangeId,
): Buffer {
  return bindTo(VERSION, 'content', id, workspaceId, memberId, exchangeId);
}
