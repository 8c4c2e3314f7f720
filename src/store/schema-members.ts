/** The tables of workspaces, their members, who is invited, and what members prefer. As in schema.ts. */
import type { Generated } from 'kysely';
import type { Id, MemberId, PersonId, WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';

export interface WorkspacesTable {
  id: WorkspaceId;
  /** No two that are not deleted have the same, in whatever case. */
  name: string;
  created_at: number;
  /** Since when nobody of it gets in and none of its keys is good; null = it is in use. */
  suspended_at: Generated<number | null>;
  /** For good. Its books stay. */
  deleted_at: Generated<number | null>;
  /** Grows first in each change of members: of two at once, one waits for the other. */
  changes: Generated<number>;
}

export interface MembersTable {
  id: MemberId;
  workspace_id: WorkspaceId;
  /** A person is a member of a workspace once; removed members stay as they were. */
  person_id: PersonId;
  role: Role;
  created_at: number;
  suspended_at: number | null;
  /** For good. The row stays: entries of the ledger name it. */
  removed_at: number | null;
  /** When the person last turned to this workspace; null = never. */
  used_at: number | null;
}

export interface InvitationsTable {
  id: Id<'inv'>;
  workspace_id: WorkspaceId;
  /** Lower-case hex SHA-256 of the whole token. The token itself is nowhere. */
  token_hash: string;
  /** In lower case; null = whoever has the link becomes the first owner of the installation. */
  email: string | null;
  role: Role;
  /** `Caller.id` of who invited. */
  invited_by: string;
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
  /** Who the guest became. */
  accepted_by: MemberId | null;
  revoked_at: number | null;
}

/** The limit that a member sets itself is a budget. */
export interface PreferencesTable {
  member_id: MemberId;
  workspace_id: WorkspaceId;
  /** Name of the provider to ask first where several serve a model; null = as the workspace has it, here and below. */
  provider: string | null;
  model: string | null;
  /** JSON array of refs. */
  fallback: string | null;
  /** 0 = nobody stands in for a model that fails. */
  has_fallback: number | null;
  updated_at: number;
}
