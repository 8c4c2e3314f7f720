/** A virtual key as the registry knows it, and how its row is read. */
import type { Selectable } from 'kysely';
import type { KeyId, TokenId, WorkspaceId } from '../base/ids.ts';
import type { KeysTable, KeyTokensTable } from '../store/schema-keys.ts';

/** What of a key may be changed while it lives. */
export interface KeyTerms {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly memberId?: string;
  readonly agentId?: string;
  readonly defaultModel?: string;
  /** Model refs; absent = every model. */
  readonly allowedModels?: readonly string[];
  /** Names of calls and groups of them (gateway/key-scopes.ts); absent = every call. */
  readonly allowedFormats?: readonly string[];
  /** CIDR ranges as base/ip-range.ts writes them; absent = from everywhere. */
  readonly allowedRanges?: readonly string[];
  readonly expiresAtMs?: number;
  /** Answers may be given to it again for so long; 0 = never, absent = where its route says so. */
  readonly cacheTtlMs?: number;
}

export interface KeyRecord extends KeyTerms {
  readonly id: KeyId;
  readonly workspaceId: WorkspaceId;
  /** First 7 and last 4 characters of the token; short tokens are masked whole. */
  readonly preview: string;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
  /** Written in batches: some minutes late. */
  readonly lastUsedAtMs?: number;
  /** Its member has drawn the token, and nobody else: what that member has in the vault counts for it. */
  readonly isOwnToken?: true;
  /** It lets nobody in, and its use is told. */
  readonly isHoneypot?: true;
  /** Of what traffic finds by a token that was replaced: which one. `expiresAtMs` is then the end of its time, too. */
  readonly oldToken?: TokenId;
}

/** A token that was replaced and works for some time yet. */
export interface OldToken {
  readonly id: TokenId;
  readonly preview: string;
  readonly replacedAtMs: number;
  /** It works before this moment. */
  readonly untilMs: number;
  readonly lastUsedAtMs?: number;
}

export type KeyRow = Selectable<KeysTable>;
export type KeyTokenRow = Selectable<KeyTokensTable>;

export function readKey(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    preview: row.preview,
    createdAtMs: row.created_at,
    ...(row.description !== null && { description: row.description }),
    ...(row.tags !== null && { tags: readList(row.tags) }),
    ...(row.member_id !== null && { memberId: row.member_id }),
    ...(row.agent_id !== null && { agentId: row.agent_id }),
    ...(row.default_model !== null && { defaultModel: row.default_model }),
    ...(row.allowed_models !== null && { allowedModels: readList(row.allowed_models) }),
    ...(row.allowed_formats !== null && { allowedFormats: readList(row.allowed_formats) }),
    ...(row.allowed_ranges !== null && { allowedRanges: readList(row.allowed_ranges) }),
    ...(row.expires_at !== null && { expiresAtMs: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAtMs: row.revoked_at }),
    ...(row.last_used_at !== null && { lastUsedAtMs: row.last_used_at }),
    ...(row.cache_ttl_ms !== null && { cacheTtlMs: row.cache_ttl_ms }),
    ...(row.member_id !== null && row.drawn_by === row.member_id && { isOwnToken: true }),
    ...(row.is_honeypot === 1 && { isHoneypot: true }),
  };
}

/** The columns of what may be changed. */
export function columnsOf(terms: KeyTerms) {
  return {
    name: terms.name,
    description: terms.description ?? null,
    tags: writeList(terms.tags),
    member_id: terms.memberId ?? null,
    agent_id: terms.agentId ?? null,
    default_model: terms.defaultModel ?? null,
    allowed_models: writeList(terms.allowedModels),
    allowed_formats: writeList(terms.allowedFormats),
    allowed_ranges: writeList(terms.allowedRanges),
    expires_at: terms.expiresAtMs ?? null,
    cache_ttl_ms: terms.cacheTtlMs ?? null,
  } satisfies Partial<KeyRow>;
}

export function readToken(row: KeyTokenRow): OldToken {
  return {
    id: row.id,
    preview: row.preview,
    replacedAtMs: row.replaced_at,
    untilMs: row.until_at,
    ...(row.last_used_at !== null && { lastUsedAtMs: row.last_used_at }),
  };
}

/** What traffic finds by a token that was replaced. */
export function ofOldToken(key: KeyRecord, { id, preview, until_at }: KeyTokenRow): KeyRecord {
  const expiresAtMs = Math.min(until_at, key.expiresAtMs ?? until_at);
  return { ...key, preview, expiresAtMs, oldToken: id };
}

function readList(text: string): readonly string[] {
  return JSON.parse(text) as string[];
}

function writeList(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}
