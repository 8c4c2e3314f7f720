/** Virtual keys of a workspace, page by page, by what operators look for. */
import { type ExpressionBuilder, sql } from 'kysely';
import type { KeyId } from '../base/ids.ts';
import type { Tables } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { type KeyRecord, readKey } from './key-record.ts';
import type { KeyPlace } from './keys.ts';

export type KeyState = 'active' | 'expired' | 'revoked';

export interface KeyQuery extends KeyPlace {
  readonly limit: number;
  /** The id of a key: those made before it. One that is not there is a place like any other. */
  readonly after?: string | undefined;
  readonly state?: KeyState | undefined;
  readonly agentId?: string | undefined;
  /** How the name begins, in whatever case. */
  readonly namePrefix?: string | undefined;
  /** What stands somewhere in name, description, tags or preview, in whatever case. */
  readonly search?: string | undefined;
  /** Those that are honeypots, or those that are none. */
  readonly isHoneypot: boolean;
  /** By which expiry is judged. */
  readonly nowMs: number;
}

/** Newest first: ids are in the order in which they were made. */
export async function listKeys({ reader }: Store, query: KeyQuery): Promise<readonly KeyRecord[]> {
  const { workspaceId, memberId, agentId, after, state, namePrefix, search } = query;
  let rows = reader
    .selectFrom('keys')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('is_honeypot', '=', query.isHoneypot ? 1 : 0);
  if (after !== undefined) rows = rows.where('id', '<', after as KeyId);
  if (memberId !== undefined) rows = rows.where('member_id', '=', memberId);
  if (agentId !== undefined) rows = rows.where('agent_id', '=', agentId);
  if (state !== undefined) rows = rows.where((eb) => isInState(eb, state, query.nowMs));
  if (namePrefix !== undefined) rows = rows.where(isLike('name', `${escapeLike(namePrefix)}%`));
  if (search !== undefined) {
    const pattern = `%${escapeLike(search)}%`;
    rows = rows.where(({ or }) =>
      or((['name', 'description', 'tags', 'preview'] as const).map((column) => isLike(column, pattern))),
    );
  }
  return (await rows.orderBy('id', 'desc').limit(query.limit).execute()).map(readKey);
}

/**
 * Keys of one member that may live at once: whoever needs more has lost sight of them. Two made at the same time may
 * pass it by one.
 */
export const MAX_MEMBER_KEYS = 200;

export async function hasRoomForKey(
  { reader }: Store,
  { workspaceId, memberId, nowMs }: Required<KeyPlace> & Pick<KeyQuery, 'nowMs'>,
): Promise<boolean> {
  const living = await reader
    .selectFrom('keys')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('member_id', '=', memberId as string)
    .where((eb) => isInState(eb, 'active', nowMs))
    .limit(MAX_MEMBER_KEYS)
    .execute();
  return living.length < MAX_MEMBER_KEYS;
}

function isInState(eb: ExpressionBuilder<Tables, 'keys'>, state: KeyState, nowMs: number) {
  if (state === 'revoked') return eb('revoked_at', 'is not', null);
  const isLive = eb('revoked_at', 'is', null);
  if (state === 'expired') return eb.and([isLive, eb('expires_at', '<=', nowMs)]);
  return eb.and([isLive, eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)])]);
}

/** The databases differ in whether `like` minds the case. */
function isLike(column: 'name' | 'description' | 'tags' | 'preview', pattern: string) {
  return sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape '!'`;
}

/** What is looked for stands for itself, wildcards too. */
function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, (sign) => `!${sign}`);
}
