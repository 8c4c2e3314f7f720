/** A new token for a key: the old one works on for a while, so that clients can be moved one by one. */
import { sql } from 'kysely';
import { type KeyId, newId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { type KeyRow, type OldToken, readKey, readToken } from './key-record.ts';
import { countKeyChange, keysVersion } from './key-version.ts';
import { findKey, type KeyPlace, type MadeKey, type Random } from './keys.ts';
import { hashToken, makeToken, previewToken } from './token.ts';

/** Longer, and it is no move but a second key. */
export const MAX_OVERLAP_MS = 30 * 86_400_000;
/** Tokens of one key that work besides its own: more are not moved to but forgotten. */
export const MAX_OLD_TOKENS = 5;

export type Rotated =
  | ({ readonly kind: 'rotated' } & MadeKey)
  | { readonly kind: 'unknown' }
  /** It is revoked or has expired. */
  | { readonly kind: 'ended' }
  /** Somebody else rotated it at the same time; theirs counts. */
  | { readonly kind: 'overtaken' }
  /** So many of its old tokens work yet. */
  | { readonly kind: 'too_many' };

export interface Rotation {
  /** 0 = the old token ends at once. */
  readonly overlapMs: number;
  readonly nowMs: number;
  readonly random: Random;
  /** The member that will see the new token; absent = somebody who is none. */
  readonly drawnBy?: string | undefined;
}

/** Of two at once, one rotates and the other is told so: each would hand out a token that the other ends. */
export async function rotateKey(
  store: Store,
  id: string,
  place: KeyPlace,
  { overlapMs, nowMs, random, drawnBy }: Rotation,
): Promise<Rotated> {
  const { kysely } = store;
  const found = await findLive(store, id, place, nowMs);
  if (typeof found === 'string') return { kind: found };
  const { row, hasOldTokens } = found;
  const token = makeToken(random);
  // A token that somebody else has seen, and that works on, is one more way to what is the member's own.
  const isAlone = overlapMs === 0 && !hasOldTokens;
  const drawn_by = isAlone || row.drawn_by === drawnBy ? (drawnBy ?? null) : null;
  const isAsSeen = { id: row.id, hash: row.token_hash };
  const [, , changed] = await store.change([
    countKeyChange(kysely),
    kysely
      .insertInto('key_tokens')
      .columns(['id', 'key_id', 'token_hash', 'preview', 'replaced_at', 'until_at', 'last_used_at'])
      .expression((eb) =>
        eb
          .selectFrom('keys')
          .select([
            sql.val(newId('tok')).as('id'),
            'keys.id as key_id',
            'token_hash',
            'preview',
            sql<number>`cast(${nowMs} as bigint)`.as('replaced_at'),
            sql<number>`cast(${nowMs + overlapMs} as bigint)`.as('until_at'),
            'last_used_at',
          ])
          .where('keys.id', '=', isAsSeen.id)
          .where('token_hash', '=', isAsSeen.hash)
          .where('revoked_at', 'is', null),
      ),
    kysely
      .updateTable('keys')
      .set({ token_hash: hashToken(token), preview: previewToken(token), drawn_by, version: keysVersion() })
      .where('id', '=', isAsSeen.id)
      .where('token_hash', '=', isAsSeen.hash)
      .where('revoked_at', 'is', null),
  ]);
  // Whoever revoked it meanwhile has ended the new token, too.
  const after = await findKey(store, id, { workspaceId: place.workspaceId });
  if (!after) return { kind: 'unknown' };
  if (after.revokedAtMs !== undefined) return { kind: 'ended' };
  if (changed !== 1) return { kind: 'overtaken' };
  return { kind: 'rotated', key: readKey({ ...row, preview: previewToken(token) }), token };
}

async function findLive(
  store: Store,
  id: string,
  { workspaceId, memberId }: KeyPlace,
  nowMs: number,
): Promise<{ row: KeyRow; hasOldTokens: boolean } | 'unknown' | 'ended' | 'too_many'> {
  const row = await store.kysely
    .selectFrom('keys')
    .selectAll()
    .where('id', '=', id as KeyId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  if (!row || (memberId !== undefined && row.member_id !== memberId)) return 'unknown';
  if (row.revoked_at !== null || (row.expires_at !== null && nowMs >= row.expires_at)) return 'ended';
  const old = (await oldTokensOf(store, [row.id], nowMs)).get(row.id) ?? [];
  return old.length >= MAX_OLD_TOKENS ? 'too_many' : { row, hasOldTokens: old.length > 0 };
}

/** Those that work yet, by key, oldest first. */
export async function oldTokensOf(
  { kysely }: Pick<Store, 'kysely'>,
  ids: readonly KeyId[],
  nowMs: number,
): Promise<ReadonlyMap<KeyId, readonly OldToken[]>> {
  if (ids.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('key_tokens')
    .selectAll()
    .where('key_id', 'in', ids)
    .where('until_at', '>', nowMs)
    .orderBy('replaced_at')
    .orderBy('id')
    .execute();
  const byKey = new Map<KeyId, OldToken[]>();
  for (const row of rows) {
    const tokens = byKey.get(row.key_id) ?? [];
    tokens.push(readToken(row));
    byKey.set(row.key_id, tokens);
  }
  return byKey;
}
