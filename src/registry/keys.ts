/** Virtual keys: made, listed, revoked, and loaded for the snapshot that traffic reads. */
import type { Selectable } from 'kysely';
import { type KeyId, newId, type WorkspaceId } from '../base/ids.ts';
import type { KeysTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { hashToken, makeToken, previewToken } from './token.ts';

export interface KeyRecord {
  readonly id: KeyId;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** First 7 and last 4 characters of the token; short tokens are masked whole. */
  readonly preview: string;
  readonly memberId?: string;
  readonly agentId?: string;
  readonly defaultModel?: string;
  /** Model refs; absent = every model. */
  readonly allowedModels?: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
  /** Written in batches: some minutes late. */
  readonly lastUsedAtMs?: number;
  /** Answers may be given to it again for so long; 0 = never, absent = where its route says so. */
  readonly cacheTtlMs?: number;
}

export interface NewKey {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly memberId?: string;
  readonly agentId?: string;
  readonly defaultModel?: string;
  readonly allowedModels?: readonly string[];
  readonly expiresAtMs?: number;
  readonly cacheTtlMs?: number;
  /** A token the operator chose (bootstrap). Absent = a random one. */
  readonly token?: string;
}

export interface MadeKey {
  readonly key: KeyRecord;
  /** The only time it is seen. */
  readonly token: string;
}

/** `random` gives that many unpredictable bytes. Rejects when the token is already a key. */
export async function createKey(
  store: Store,
  wanted: NewKey,
  nowMs: number,
  random: (bytes: number) => Uint8Array,
): Promise<MadeKey> {
  const token = wanted.token ?? makeToken(random);
  const row: Selectable<KeysTable> = {
    id: newId('key'),
    workspace_id: wanted.workspaceId,
    name: wanted.name,
    token_hash: hashToken(token),
    preview: previewToken(token),
    member_id: wanted.memberId ?? null,
    agent_id: wanted.agentId ?? null,
    default_model: wanted.defaultModel ?? null,
    allowed_models: wanted.allowedModels ? JSON.stringify(wanted.allowedModels) : null,
    created_at: nowMs,
    expires_at: wanted.expiresAtMs ?? null,
    revoked_at: null,
    last_used_at: null,
    cache_ttl_ms: wanted.cacheTtlMs ?? null,
  };
  await store.change([store.kysely.insertInto('keys').values(row)]);
  return { key: readKey(row), token };
}

/** Newest first, revoked ones included. */
export async function listKeys(store: Store, workspaceId?: WorkspaceId): Promise<readonly KeyRecord[]> {
  let query = store.kysely.selectFrom('keys').selectAll();
  if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
  return rows.map(readKey);
}

/** Every key that is not revoked, by token hash. Expiry is for the reader to judge, as time goes on. */
export async function loadKeys(store: Store): Promise<ReadonlyMap<string, KeyRecord>> {
  const rows = await store.kysely.selectFrom('keys').selectAll().where('revoked_at', 'is', null).execute();
  return new Map(rows.map((row) => [row.token_hash, readKey(row)]));
}

/** undefined = no such key. Revoked keys are found too. */
export async function findByHash(store: Store, tokenHash: string): Promise<KeyRecord | undefined> {
  const row = await store.kysely
    .selectFrom('keys')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row && readKey(row);
}

export type Revoked =
  | { readonly kind: 'revoked'; readonly key: KeyRecord }
  | { readonly kind: 'unknown' }
  /** The name or beginning fits several keys that are not revoked; nothing was changed. */
  | { readonly kind: 'ambiguous'; readonly keys: readonly KeyRecord[] };

/**
 * `which` is an id, a name, or the beginning of an id or of the preview. An id wins over a name, a name over a
 * beginning. Revoking a revoked key changes nothing.
 */
export async function revokeKey(
  store: Store,
  which: string,
  nowMs: number,
  workspaceId?: WorkspaceId,
): Promise<Revoked> {
  const found = matchKeys(await listKeys(store, workspaceId), which);
  const live = found.filter((key) => key.revokedAtMs === undefined);
  if (live.length > 1) return { kind: 'ambiguous', keys: live };
  const key = live[0] ?? found[0];
  if (!key) return { kind: 'unknown' };
  if (key.revokedAtMs !== undefined) return { kind: 'revoked', key };
  await store.change([
    store.kysely
      .updateTable('keys')
      .set({ revoked_at: nowMs })
      .where('id', '=', key.id)
      .where('revoked_at', 'is', null),
  ]);
  return { kind: 'revoked', key: { ...key, revokedAtMs: nowMs } };
}

/** Shorter beginnings are refused: they fit by chance. Long enough to be more than `tp-` or `key_`. */
const MIN_PREFIX_LENGTH = 6;

function matchKeys(keys: readonly KeyRecord[], which: string): readonly KeyRecord[] {
  const byId = keys.filter((key) => key.id === which);
  if (byId.length > 0) return byId;
  const byName = keys.filter((key) => key.name === which);
  if (byName.length > 0) return byName;
  if (which.length < MIN_PREFIX_LENGTH) return [];
  return keys.filter((key) => key.id.startsWith(which) || key.preview.startsWith(which));
}

/** Notes when keys were last used, in one transaction. The revision stays: nothing traffic reads has changed. */
export async function touchKeys(store: Store, lastUsed: ReadonlyMap<KeyId, number>): Promise<void> {
  if (lastUsed.size === 0) return;
  await store.write(
    // In one order: other processes do the same.
    [...lastUsed].toSorted(byId).map(([id, usedAtMs]) =>
      store.kysely
        .updateTable('keys')
        .set({ last_used_at: usedAtMs })
        .where('id', '=', id)
        .where((where) =>
          where.or([where('last_used_at', 'is', null), where('last_used_at', '<', usedAtMs)]),
        ),
    ),
  );
}

function byId([a]: readonly [KeyId, number], [b]: readonly [KeyId, number]): number {
  return a < b ? -1 : 1;
}

function readKey(row: Selectable<KeysTable>): KeyRecord {
  const allowed = row.allowed_models === null ? undefined : (JSON.parse(row.allowed_models) as string[]);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    preview: row.preview,
    createdAtMs: row.created_at,
    ...(row.member_id !== null && { memberId: row.member_id }),
    ...(row.agent_id !== null && { agentId: row.agent_id }),
    ...(row.default_model !== null && { defaultModel: row.default_model }),
    ...(allowed !== undefined && { allowedModels: allowed }),
    ...(row.expires_at !== null && { expiresAtMs: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAtMs: row.revoked_at }),
    ...(row.last_used_at !== null && { lastUsedAtMs: row.last_used_at }),
    ...(row.cache_ttl_ms !== null && { cacheTtlMs: row.cache_ttl_ms }),
  };
}
