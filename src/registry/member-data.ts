/** What the registry holds of one member, for handing it over and for taking it away. Members that are gone have data too. */
import type { Compilable, Selectable } from 'kysely';
import type { MemberId, PersonId, WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';
import type { CredentialsTable } from '../store/schema-credentials.ts';
import type { Store } from '../store/store.ts';
import { type KeyRecord, readKey } from './key-record.ts';
import { countKeyChange, keysVersion } from './key-version.ts';

export interface MemberPlace {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
}

export interface MemberRow {
  readonly id: MemberId;
  readonly personId: PersonId;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly suspendedAtMs: number | null;
  readonly removedAtMs: number | null;
}

/** Of a credential: nothing that opens anything. */
export type MaskedCredential = Omit<Selectable<CredentialsTable>, 'sealed' | 'workspace_id' | 'member_id'>;

/** undefined = the workspace never had such a member. */
export async function findMemberRow(
  { kysely }: Store,
  { workspaceId, memberId }: MemberPlace,
): Promise<MemberRow | undefined> {
  const row = await kysely
    .selectFrom('members')
    .selectAll()
    .where('id', '=', memberId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      personId: row.person_id,
      role: row.role,
      createdAtMs: row.created_at,
      suspendedAtMs: row.suspended_at,
      removedAtMs: row.removed_at,
    }
  );
}

/** Oldest first, revoked ones included. */
export async function keysOfMember({ reader }: Store, place: MemberPlace): Promise<readonly KeyRecord[]> {
  const rows = await reader
    .selectFrom('keys')
    .selectAll()
    .where('workspace_id', '=', place.workspaceId)
    .where('member_id', '=', place.memberId)
    .orderBy('id')
    .execute();
  return rows.map(readKey);
}

export function credentialsOfMember(
  { reader }: Store,
  place: MemberPlace,
): Promise<readonly MaskedCredential[]> {
  return reader
    .selectFrom('credentials')
    .select(['id', 'provider', 'label', 'preview', 'weight', 'created_at'])
    .select(['validated_at', 'last_used_at', 'disabled_at'])
    .where('workspace_id', '=', place.workspaceId)
    .where('member_id', '=', place.memberId)
    .orderBy('id')
    .execute();
}

/** Whether a person has a place in a workspace that is not deleted. */
export async function hasMemberships({ kysely }: Store, personId: PersonId): Promise<boolean> {
  const row = await kysely
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .select('members.id')
    .where('members.person_id', '=', personId)
    .where('members.removed_at', 'is', null)
    .where('workspaces.deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** What an erased key is called. */
const NO_NAME = '(erased)';

/**
 * Takes away what keys and credentials of a member say of it; the keys are revoked, and stay for the books that name
 * them. With `store.change`: the second number of rows is theirs.
 */
export function eraseQueries({ kysely }: Store, place: MemberPlace, nowMs: number): readonly Compilable[] {
  const { workspaceId, memberId } = place;
  return [
    countKeyChange(kysely),
    kysely
      .updateTable('keys')
      .set((column) => ({
        name: NO_NAME,
        description: null,
        tags: null,
        allowed_ranges: null,
        preview: '',
        revoked_at: column.fn.coalesce('revoked_at', column.val(nowMs)),
        version: keysVersion(),
      }))
      .where('workspace_id', '=', workspaceId)
      .where('member_id', '=', memberId),
    kysely
      .deleteFrom('credentials')
      .where('workspace_id', '=', workspaceId)
      .where('member_id', '=', memberId),
    kysely
      .deleteFrom('preferences')
      .where('workspace_id', '=', workspaceId)
      .where('member_id', '=', memberId),
    // An address stands there; who used it is a member that no longer says who it is.
    kysely
      .updateTable('invitations')
      .set({ email: '' })
      .where('workspace_id', '=', workspaceId)
      .where('accepted_by', '=', memberId),
  ];
}
