/** The tables of virtual keys. As in schema.ts. */
import type { Generated } from 'kysely';
import type { KeyId, TokenId, WorkspaceId } from '../base/ids.ts';

export interface KeysTable {
  id: KeyId;
  workspace_id: WorkspaceId;
  name: string;
  /** Lower-case hex SHA-256 of the whole token. The token itself is nowhere. */
  token_hash: string;
  /** What may be shown of the token: its first 7 and last 4 characters. */
  preview: string;
  member_id: string | null;
  agent_id: string | null;
  default_model: string | null;
  /** JSON array of model refs; null = every model. */
  allowed_models: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  /** null = no answer is kept for it but where its route says so; 0 = none at all. */
  cache_ttl_ms: number | null;
  description: string | null;
  /** JSON array of texts; null = none. */
  tags: string | null;
  /** JSON array of names of calls and groups of them; null = every call. */
  allowed_formats: string | null;
  /** JSON array of CIDR ranges; null = from everywhere. */
  allowed_ranges: string | null;
  /** 1 = it lets nobody in, and its use is told. */
  is_honeypot: Generated<number>;
  /** The member that has drawn its token, alone; null = somebody else has seen it. */
  drawn_by: string | null;
  /** Grows with each change of any key, in the order of their commits. */
  version: Generated<number>;
}

/** Tokens that keys had before they were rotated. Those whose time is over stay: they never become keys again. */
export interface KeyTokensTable {
  id: TokenId;
  key_id: KeyId;
  token_hash: string;
  preview: string;
  replaced_at: number;
  /** It works before this moment. */
  until_at: number;
  last_used_at: number | null;
}
