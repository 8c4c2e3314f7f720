/** The tables of who did what, and of writes that are not to be done twice. As in schema.ts. */
import type { Id, WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';

/** Rows are added, linked once, and never changed after that. */
export interface AuditEventsTable {
  id: Id<'aud'>;
  workspace_id: WorkspaceId;
  at: number;
  actor_id: string;
  actor_name: string;
  actor_role: Role | null;
  /** How the actor came: `operator-token`, `session`, `service`, `file`, `start`, `system` or `nobody`. */
  via: string;
  address: string | null;
  /** Such as `budgets.create`. */
  action: string;
  /** Id of what it was done to. */
  target: string | null;
  outcome: 'done' | 'refused' | 'failed';
  /** JSON, without secrets. */
  detail: string;
  /** In the chain of its workspace, from 1; null = not linked yet. */
  position: number | null;
  /** Hash of the one before. */
  prev_hash: string | null;
  hash: string | null;
}

/** Writes that came with an Idempotency-Key, for as long as the same may come again. */
export interface IdempotencyKeysTable {
  workspace_id: WorkspaceId;
  caller_id: string;
  /** SHA-256 of the key, lower-case hex. */
  key_hash: string;
  /** SHA-256 of method, path and body. */
  request_hash: string;
  /** Made up by whoever carries it out: of several at once, one finds its own here. */
  claim: string;
  /** 1 = something was changed: it may never be carried out again. Set in the transaction of the change. */
  is_committed: number;
  /** null = it is not answered yet. */
  status: number | null;
  /** Body of the answer, sealed by the vault; null = it was not kept. */
  answer: string | null;
  created_at: number;
  expires_at: number;
}
