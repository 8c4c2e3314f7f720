/** The table of the vault. As in schema.ts. */
import type { Id, WorkspaceId } from '../base/ids.ts';

/** What providers are called with. A secret that is replaced is another row; one that is removed is gone. */
export interface CredentialsTable {
  id: Id<'cred'>;
  workspace_id: WorkspaceId;
  /** null = the workspace's own. */
  member_id: string | null;
  /** The configured provider's name. */
  provider: string;
  /** No two of one owner and provider have the same. */
  label: string;
  /** Opens with the master key alone, and as this very row: see registry/vault.ts. */
  sealed: string;
  /** What may be shown of the secret: its first 7 and last 4 characters. */
  preview: string;
  weight: number;
  created_at: number;
  /** When a call to the provider last showed that it is good; null = never. */
  validated_at: number | null;
  /** Written in batches: some minutes late. */
  last_used_at: number | null;
  /** Since when an operator wants it not to be used; null = it is. */
  disabled_at: number | null;
}
