/** Virtual keys: made, found, changed, rotated, revoked. Every change is one transaction, numbered, and moves the revision. */
import type { Compilable } from 'kysely';
import { type KeyId, newId, type TokenId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { columnsOf, type KeyRecord, type KeyRow, type KeyTerms, readKey } from './key-record.ts';
import { countKeyChange, keysVersion } from './key-version.ts';
import { hashToken, makeToken, previewToken } from './token.ts';

export type { KeyRecord } from './key-record.ts';

export interface NewKey extends KeyTerms {
  readonly workspaceId: WorkspaceId;
  readonly isHoneypot?: boolean;
  /** The member that will see its token; absent = somebody who is none. */
  readonly drawnBy?: string | undefined;
  /** A token the operator chose (bootstrap). Absent = a random one. */
  readonly token?: string;
}

export interface MadeKey {
  readonly key: KeyRecord;
  /** The only time it is seen. */
  readonly token: string;
}

/** Gives that many unpredictable bytes. */
export type Random = (bytes: number) => Uint8Array;

/**
 * Rejects when the token is already a key.
 * @param more statements of the same transaction that need to know the key
 */
export async function createKey(
  store: Store,
  wanted: NewKey,
  nowMs: number,
  random: Random,
  more: (key: KeyRecord) => readonly Compilable[] = () => [],
): Promise<MadeKey> {
  const token = wanted.token ?? makeToken(random);
  const row: KeyRow = {
    id: newId('key'),
    workspace_id: wanted.workspaceId,
    token_hash: hashToken(token),
    preview: previewToken(token),
    created_at: nowMs,
    revoked_at: null,
    last_used_at: null,
    is_honeypot: wanted.isHoneypot ? 1 : 0,
    drawn_by: wanted.drawnBy ?? null,
    version: 0,
    ...columnsOf(wanted),
  };
  const key = readKey(row);
  const { kysely } = store;
  await store.change([
    countKeyChange(kysely),
    kysely.insertInto('keys').values({ ...row, version: keysVersion() }),
    ...more(key),
  ]);
  return { key, token };
}

/** Where a key is looked for. */
export interface KeyPlace {
  readonly workspaceId: WorkspaceId;
  /** Only among its own. */
  readonly memberId?: string | undefined;
}

/** undefined = there is none of this id at this place. Revoked keys are found too. */
export async function findKey(store: Store, id: string, place: KeyPlace): Promise<KeyRecord | undefined> {
  const row = await findRow(store, id, place);
  return row && readKey(row);
}

async function findRow({ kysely }: Store, id: string, place: KeyPlace): Promise<KeyRow | undefined> {
  const { workspaceId, memberId } = place;
  let query = kysely
    .selectFrom('keys')
    .selectAll()
    .where('id', '=', id as KeyId)
    .where('workspace_id', '=', workspaceId);
  if (memberId !== undefined) query = query.where('member_id', '=', memberId);
  return query.executeTakeFirst();
}

/** undefined = no key has or had this token. Revoked keys are found too. */
export async function findByHash({ kysely }: Store, tokenHash: string): Promise<KeyRecord | undefined> {
  const row = await kysely
    .selectFrom('keys')
    .selectAll()
    .where(({ or, eb, selectFrom }) =>
      or([
        eb('token_hash', '=', tokenHash),
        eb('id', 'in', selectFrom('key_tokens').select('key_id').where('token_hash', '=', tokenHash)),
      ]),
    )
    .executeTakeFirst();
  return row && readKey(row);
}

/** Whether there ever was one. */
export async function hasKeys({ kysely }: Store): Promise<boolean> {
  return (await kysely.selectFrom('keys').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export type KeyOutcome =
  | { readonly kind: 'done'; readonly key: KeyRecord }
  | { readonly kind: 'unknown' }
  /** It is revoked, or has expired where that matters. */
  | { readonly kind: 'ended' };

/** What may be changed; null = as if it had never been said. */
export type KeyChange = { readonly [K in keyof KeyTerms]?: KeyTerms[K] | null };

/** Of what comes at the same time, the later one counts, field by field. A change of nothing changes nothing. */
export async function changeKey(
  store: Store,
  id: string,
  change: KeyChange,
  place: KeyPlace,
): Promise<KeyOutcome> {
  const row = await findRow(store, id, place);
  if (!row) return { kind: 'unknown' };
  if (row.revoked_at !== null) return { kind: 'ended' };
  const before = readKey(row);
  const wanted = columnsOf(withChange(before, change));
  const now = columnsOf(before);
  const names = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((name) => wanted[name] !== now[name]);
  if (names.length === 0) return { kind: 'done', key: before };
  const update = Object.fromEntries(names.map((name) => [name, wanted[name]]));
  await store.change([
    countKeyChange(store.kysely),
    store.kysely
      .updateTable('keys')
      .set({ ...update, version: keysVersion() })
      .where('id', '=', row.id)
      .where('revoked_at', 'is', null),
  ]);
  const after = await findKey(store, id, { workspaceId: place.workspaceId });
  if (!after) return { kind: 'unknown' };
  return after.revokedAtMs === undefined ? { kind: 'done', key: after } : { kind: 'ended' };
}

function withChange(key: KeyTerms, change: KeyChange): KeyTerms {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...key, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined])) };
}

/** It lets nobody in any more, by none of its tokens. Revoking a revoked key changes nothing. */
export async function revokeKey(
  store: Store,
  id: string,
  nowMs: number,
  place: KeyPlace,
): Promise<KeyRecord | undefined> {
  const row = await findRow(store, id, place);
  if (!row || row.revoked_at !== null) return row && readKey(row);
  await store.change([
    countKeyChange(store.kysely),
    store.kysely
      .updateTable('keys')
      .set({ revoked_at: nowMs, version: keysVersion() })
      .where('id', '=', row.id)
      .where('revoked_at', 'is', null),
  ]);
  return findKey(store, id, { workspaceId: place.workspaceId });
}

/**
 * Notes when keys and replaced tokens were last used, in one transaction. Neither revision nor version move: nothing
 * traffic reads has changed.
 */
export async function touchKeys(store: Store, lastUsed: ReadonlyMap<KeyId | TokenId, number>): Promise<void> {
  if (lastUsed.size === 0) return;
  // In one order: other processes do the same.
  await store.write([...lastUsed].toSorted(byId).map(([id, usedAtMs]) => touchQuery(store, id, usedAtMs)));
}

function touchQuery({ kysely }: Store, id: KeyId | TokenId, usedAtMs: number): Compilable {
  const table = id.startsWith('tok_') ? 'key_tokens' : 'keys';
  return kysely
    .updateTable(table)
    .set({ last_used_at: usedAtMs })
    .where('id', '=', id as KeyId)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', usedAtMs)]));
}

function byId([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
