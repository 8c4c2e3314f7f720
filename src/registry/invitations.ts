/**
 * Invitations: who may become a member, by a link that is shown once. The link is bound to an e-mail address, is good
 * for one person, and ends by itself. One kind is bound to none: it makes the first owner of the installation.
 */
import { hash } from 'node:crypto';
import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { type Id, type MemberId, newId, type PersonId, type WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';
import type { InvitationsTable } from '../store/schema-members.ts';
import type { Store } from '../store/store.ts';
import { isInvitedByRight, lockMembers } from './member-laws.ts';

export interface Invitation {
  readonly id: Id<'inv'>;
  readonly workspaceId: WorkspaceId;
  /** In lower case; absent = it makes the first owner. */
  readonly email?: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly acceptedAtMs?: number;
  readonly acceptedBy?: MemberId;
  readonly revokedAtMs?: number;
}

export interface NewInvitation {
  readonly workspaceId: WorkspaceId;
  readonly email: string;
  readonly role: Role;
  /** `Caller.id` of who invites. */
  readonly invitedBy: string;
}

export interface MadeInvitation {
  readonly invitation: Invitation;
  /** The only time it is seen. */
  readonly token: string;
}

/** Long enough for a holiday; whoever comes later asks again. */
export const INVITATION_MS = 7 * 86_400_000;
/** Whoever starts an installation is there. */
export const OWNER_LINK_MS = 86_400_000;
const TOKEN_BYTES = 32;
const TOKEN_LENGTH = 43;

type Random = (bytes: number) => Uint8Array;

/** In the place of an open one of the same address. `random` gives that many unpredictable bytes. */
export async function createInvitation(
  store: Store,
  { workspaceId, email, role, invitedBy }: NewInvitation,
  nowMs: number,
  random: Random,
): Promise<MadeInvitation> {
  const { row, token } = newRow({ workspaceId, email: email.toLowerCase(), role, invitedBy }, nowMs, random);
  await store.write([
    openOnes(store, workspaceId, nowMs).where('email', '=', row.email),
    store.kysely.insertInto('invitations').values(row),
  ]);
  return { invitation: readInvitation(row), token };
}

/** In the place of the one before, which is void from then on. */
export async function createOwnerLink(
  store: Store,
  workspaceId: WorkspaceId,
  nowMs: number,
  random: Random,
): Promise<MadeInvitation> {
  const wanted = { workspaceId, email: null, role: 'owner', invitedBy: 'operator' } as const;
  const { row, token } = newRow(wanted, nowMs, random);
  await store.write([
    openOnes(store, workspaceId, nowMs).where('email', 'is', null),
    store.kysely.insertInto('invitations').values(row),
  ]);
  return { invitation: readInvitation(row), token };
}

/** Newest first, open or not; links of the first owner are not among them. */
export async function listInvitations(
  store: Store,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly Invitation[]> {
  const rows = await store.kysely
    .selectFrom('invitations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('email', 'is not', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(readInvitation);
}

/** As it is then; undefined = the workspace has none of this id. Of one that is used, nothing changes. */
export async function revokeInvitation(
  store: Store,
  id: string,
  workspaceId: WorkspaceId,
  nowMs: number,
): Promise<Invitation | undefined> {
  await store.write([openOnes(store, workspaceId, nowMs).where('id', '=', id as Id<'inv'>)]);
  const row = await store.kysely
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', id as Id<'inv'>)
    .where('workspace_id', '=', workspaceId)
    .where('email', 'is not', null)
    .executeTakeFirst();
  return row && readInvitation(row);
}

/** The invitation whose link this is, while it is good; undefined = there is none, whatever the reason. */
export async function findOpenInvitation(
  store: Store,
  token: string,
  nowMs: number,
): Promise<Invitation | undefined> {
  if (token.length !== TOKEN_LENGTH) return undefined;
  const row = await store.kysely
    .selectFrom('invitations')
    .selectAll()
    .where('token_hash', '=', hash('sha256', token, 'hex'))
    .where(isGood(nowMs))
    .executeTakeFirst();
  return row && readInvitation(row);
}

/** undefined = it was used, revoked or ended meanwhile, or the person is a member already: nothing was changed. */
export async function acceptInvitation(
  store: Store,
  { id, workspaceId }: Invitation,
  personId: PersonId,
  nowMs: number,
): Promise<MemberId | undefined> {
  const memberId = newId('mem');
  const [, accepted] = await store.change([
    lockMembers(store, workspaceId),
    store.kysely
      .updateTable('invitations')
      .set({ accepted_at: nowMs, accepted_by: memberId })
      .where('id', '=', id)
      .where(isGood(nowMs))
      .where(
        sql<SqlBool>`not exists (select 1 from members where members.person_id = ${personId}
          and members.workspace_id = ${workspaceId} and members.removed_at is null)`,
      ),
    // Only where the statement before has put this very id there.
    store.kysely
      .insertInto('members')
      .columns(['id', 'workspace_id', 'person_id', 'role', 'created_at'])
      .expression(
        sql`select accepted_by, workspace_id, ${personId}, role, accepted_at from invitations
          where id = ${id} and accepted_by = ${memberId}`,
      ),
  ]);
  return accepted === 1 ? memberId : undefined;
}

/** Its workspace is in use, who invited could still do so, and where it makes the first owner there is none yet. */
function isGood(nowMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`invitations.accepted_at is null and invitations.revoked_at is null
    and invitations.expires_at > ${nowMs} and ${isInvitedByRight()}
    and exists (select 1 from workspaces where workspaces.id = invitations.workspace_id
      and workspaces.suspended_at is null and workspaces.deleted_at is null)
    and (invitations.email is not null or not exists (select 1 from members as owner
      where owner.workspace_id = invitations.workspace_id and owner.role = 'owner' and owner.removed_at is null))`;
}

/** Takes them back. */
function openOnes(store: Store, workspaceId: WorkspaceId, nowMs: number) {
  return store.kysely
    .updateTable('invitations')
    .set({ revoked_at: nowMs })
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null);
}

function newRow(
  { workspaceId, email, role, invitedBy }: Omit<NewInvitation, 'email'> & { readonly email: string | null },
  nowMs: number,
  random: Random,
): { readonly row: Selectable<InvitationsTable>; readonly token: string } {
  const bytes = random(TOKEN_BYTES);
  if (bytes.length !== TOKEN_BYTES) throw new RangeError(`a token needs ${TOKEN_BYTES} random bytes`);
  const token = Buffer.from(bytes).toString('base64url');
  const row: Selectable<InvitationsTable> = {
    id: newId('inv'),
    workspace_id: workspaceId,
    token_hash: hash('sha256', token, 'hex'),
    email,
    role,
    invited_by: invitedBy,
    created_at: nowMs,
    expires_at: nowMs + (email === null ? OWNER_LINK_MS : INVITATION_MS),
    accepted_at: null,
    accepted_by: null,
    revoked_at: null,
  };
  return { row, token };
}

function readInvitation(row: Selectable<InvitationsTable>): Invitation {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    role: row.role,
    invitedBy: row.invited_by,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    ...(row.email !== null && { email: row.email }),
    ...(row.accepted_at !== null && { acceptedAtMs: row.accepted_at }),
    ...(row.accepted_by !== null && { acceptedBy: row.accepted_by }),
    ...(row.revoked_at !== null && { revokedAtMs: row.revoked_at }),
  };
}
