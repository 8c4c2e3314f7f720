/** The laws of members as parts of statements: whoever is quick, none of two that go on at once can break one. */
import { type Compilable, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { MemberId, WorkspaceId } from '../base/ids.ts';
import { isRoleAtLeast, ROLES, type Role } from '../base/role.ts';
import type { Store } from '../store/store.ts';

/** Who changes something of members. */
export interface Actor {
  readonly role: Role;
  /** Absent = no member: its role cannot change meanwhile. */
  readonly memberId?: MemberId | undefined;
}

export function rolesUpTo(role: Role): readonly Role[] {
  return ROLES.filter((one) => isRoleAtLeast(role, one));
}

/** Goes first in a transaction: what changes the members of a workspace waits here for what does so already. */
export function lockMembers(store: Store, workspaceId: WorkspaceId): Compilable {
  return store.kysely
    .updateTable('workspaces')
    .set({ changes: sql<number>`changes + 1` })
    .where('id', '=', workspaceId);
}

/** Somebody but this member owns the workspace and may sign in to it, or this one does not own it itself. */
export function keepsOwner(id: MemberId, workspaceId: WorkspaceId): RawBuilder<SqlBool> {
  return sql<SqlBool>`(role <> 'owner' or suspended_at is not null or exists (
    select 1 from members as other where other.workspace_id = ${workspaceId} and other.id <> ${id}
      and other.role = 'owner' and other.suspended_at is null and other.removed_at is null))`;
}

/** Who asks is still what it was when it asked. */
export function isStill({ role, memberId }: Actor): RawBuilder<SqlBool> {
  if (memberId === undefined) return sql<SqlBool>`1 = 1`;
  return sql<SqlBool>`exists (select 1 from members as actor where actor.id = ${memberId}
    and actor.role = ${role} and actor.suspended_at is null and actor.removed_at is null)`;
}

/** Of a row of invitations that a member made: it could still invite to that role. */
function inviterMay(): RawBuilder<SqlBool> {
  const ranks = ROLES.map(
    (role) =>
      sql`(inviter.role = ${role} and invitations.role in (${sql.join(rolesUpTo(role).map((one) => sql`${one}`))}))`,
  );
  return sql<SqlBool>`exists (select 1 from members as inviter where inviter.id = invitations.invited_by
    and inviter.suspended_at is null and inviter.removed_at is null and (${sql.join(ranks, sql` or `)}))`;
}

/** Whoever is no member (the operator token, a service) may always. */
export function isInvitedByRight(): RawBuilder<SqlBool> {
  return sql<SqlBool>`(substr(invitations.invited_by, 1, 4) <> 'mem_' or ${inviterMay()})`;
}

/** What this member has invited others to, and could no more: its open invitations to a role above its own, or all. */
export function voidInvitations(store: Store, id: MemberId, nowMs: number): Compilable {
  return store.kysely
    .updateTable('invitations')
    .set({ revoked_at: nowMs })
    .where('invited_by', '=', id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where(sql<SqlBool>`not ${inviterMay()}`);
}
