/** The tables of what is kept of requests and replies. As in schema.ts. */
import type { ExchangeId, Id, KeyId, WorkspaceId } from '../base/ids.ts';

/** What a workspace wants kept; without a row nothing is. */
export interface PrivacyTable {
  workspace_id: WorkspaceId;
  content: 'metadata' | 'redacted' | 'full';
  /** null = as long as the installation allows. */
  retention_days: number | null;
  changed_at: number;
}

/** What contents are sealed with. Who deletes the row has shredded them. */
export interface ContentKeysTable {
  id: Id<'ckey'>;
  workspace_id: WorkspaceId;
  /** null = of exchanges that belong to no member. */
  member_id: string | null;
  /** Opens with the master key alone, and as this very row: see registry/vault.ts. */
  sealed: string;
  created_at: number;
}

/** One row for an exchange whose content is kept. */
export interface ContentsTable {
  exchange_id: ExchangeId;
  workspace_id: WorkspaceId;
  member_id: string | null;
  /** The virtual key it came with. */
  key_id: KeyId;
  content_key_id: Id<'ckey'>;
  mode: 'redacted' | 'full';
  /** Opens with its content key, as this very row: see registry/content-keys.ts. */
  sealed: string;
  /** When the exchange began. */
  created_at: number;
}
