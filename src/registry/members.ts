/**
 * Members: which person has which role in which workspace. The laws are in the statements themselves, behind one lock
 * of the workspace, so that they hold whoever is quick: a workspace that has an owner keeps one, nobody gives a role
 * above the own, and nobody touches who is above. Each change moves the revision, as the keys of members hang on it.
 */
import { type Compilable, type RawBuilder, type Selectable, sql } from 'kysely';
import { type MemberId, newId, type PersonId, type WorkspaceId } from '../base/ids.ts';
import { isRoleAtLeast, type Role } from '../base/role.ts';
import type { MembersTable } from '../store/schema-members.ts';
import type { Store } from '../store/store.ts';
import { removeOwnQuery } from './credentials.ts';
import { endKeysOf } from './key-version.ts';
import { type Actor, isStill, keepsOwner, lockMembers, rolesUpTo, voidInvitations } from './member-laws.ts';
import { readWorkspace, type Workspace } from './workspaces.ts';

export interface Member {
  readonly id: MemberId;
  readonly workspaceId: WorkspaceId;
  readonly personId: PersonId;
  readonly role: Role;
  readonly createdAtMs: number;
  /** It gets in no more, and its keys are refused. Absent = it is not suspended. */
  readonly suspendedAtMs?: number;
  /** When the person last turned to this workspace, some time late; absent = never. */
  readonly usedAtMs?: number;
}

/** A person's place in a workspace, with the workspace. */
export interface Membership {
  readonly member: Member;
  readonly workspace: Workspace;
}

/** Who changes members, and of which workspace. */
export interface MemberContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
  readonly by: Actor;
}

export type MemberOutcome =
  | { readonly kind: 'done'; readonly member: Member }
  | { readonly kind: 'unknown' }
  /** That role, or the member's own, is above the role of who asks. */
  | { readonly kind: 'above' }
  /** Nobody would be left who owns the workspace. */
  | { readonly kind: 'last_owner' };

/** By when they came. */
export async function listMembers(
  store: Store,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly Member[]> {
  const rows = await store.kysely
    .selectFrom('members')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(readMember);
}

/** undefined = the workspace has no such member, or no more. */
export async function findMember(
  store: Store,
  id: string,
  workspaceId: WorkspaceId,
): Promise<Member | undefined> {
  const row = await store.kysely
    .selectFrom('members')
    .selectAll()
    .where('id', '=', id as MemberId)
    .where('workspace_id', '=', workspaceId)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row && readMember(row);
}

/** undefined = the person is no member of the workspace. Suspended ones are found. */
export async function findMembership(
  store: Store,
  personId: PersonId,
  workspaceId: WorkspaceId,
): Promise<Member | undefined> {
  const row = await store.kysely
    .selectFrom('members')
    .selectAll()
    .where('person_id', '=', personId)
    .where('workspace_id', '=', workspaceId)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row && readMember(row);
}

/** Of one person, what it last turned to first, then by when it became a member. One question: it is asked for each request. */
export async function listMemberships(store: Store, personId: PersonId): Promise<readonly Membership[]> {
  const rows = await store.kysely
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .selectAll('members')
    .select([
      'workspaces.name as workspace_name',
      'workspaces.created_at as workspace_created_at',
      'workspaces.suspended_at as workspace_suspended_at',
    ])
    .where('members.person_id', '=', personId)
    .where('members.removed_at', 'is', null)
    .where('workspaces.deleted_at', 'is', null)
    .orderBy(sql`coalesce(members.used_at, 0)`, 'desc')
    .orderBy('members.id')
    .execute();
  return rows.map((row) => ({
    member: readMember(row),
    workspace: readWorkspace({
      id: row.workspace_id,
      name: row.workspace_name,
      created_at: row.workspace_created_at,
      suspended_at: row.workspace_suspended_at,
    }),
  }));
}

/** Somebody who owns the workspace and may sign in to it. */
export async function hasOwner(store: Store, workspaceId: WorkspaceId): Promise<boolean> {
  const row = await store.kysely
    .selectFrom('members')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('role', '=', 'owner')
    .where('suspended_at', 'is', null)
    .where('removed_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The person is a member with that role from now on; one that is a member already stays as it is. */
export async function ensureMember(
  store: Store,
  personId: PersonId,
  role: Role,
  { workspaceId, nowMs }: Pick<MemberContext, 'workspaceId' | 'nowMs'>,
): Promise<Member> {
  const row = newMemberRow(personId, role, workspaceId, nowMs);
  await store.change([
    store.kysely
      .insertInto('members')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['person_id', 'workspace_id']).where('removed_at', 'is', null).doNothing(),
      ),
  ]);
  return (await findMembership(store, personId, workspaceId)) ?? readMember(row);
}

/** Part of a larger change: the workspace is new. */
export function addMemberQuery(
  store: Store,
  {
    personId,
    role,
    workspaceId,
    nowMs,
  }: Pick<Member, 'personId' | 'role' | 'workspaceId'> & { nowMs: number },
): Compilable {
  return store.kysely.insertInto('members').values(newMemberRow(personId, role, workspaceId, nowMs));
}

export async function changeRole(
  store: Store,
  id: string,
  role: Role,
  context: MemberContext,
): Promise<MemberOutcome> {
  if (!isRoleAtLeast(context.by.role, role)) return { kind: 'above' };
  return changeMember(store, id, { role }, role !== 'owner', context);
}

/** Twice changes nothing. From then on it is let in no more, its keys are refused, and its invitations are void. */
export function suspendMember(store: Store, id: string, context: MemberContext): Promise<MemberOutcome> {
  return changeMember(
    store,
    id,
    { suspended_at: sql`coalesce(suspended_at, ${context.nowMs})` },
    true,
    context,
  );
}

export function resumeMember(store: Store, id: string, context: MemberContext): Promise<MemberOutcome> {
  return changeMember(store, id, { suspended_at: null }, false, context);
}

/** Answers who it was. From then on its keys are refused, its own credentials gone, and its invitations void. */
export async function removeMember(store: Store, id: string, context: MemberContext): Promise<MemberOutcome> {
  const member = await findMember(store, id, context.workspaceId);
  const outcome = await changeMember(store, id, { removed_at: context.nowMs }, true, context);
  if (outcome.kind !== 'done') return outcome;
  // They are good no more anyway; this is so that lists say it.
  const place = { workspaceId: context.workspaceId, memberId: id as MemberId };
  await store.change([...endKeysOf(store, place, context.nowMs), removeOwnQuery(store, place)]);
  return { kind: 'done', member: member ?? outcome.member };
}

/** The person has turned to this workspace: it is the one to begin with next time. No revision. */
export async function noteUsed(store: Store, id: MemberId, nowMs: number): Promise<void> {
  await store.write([store.kysely.updateTable('members').set({ used_at: nowMs }).where('id', '=', id)]);
}

interface MemberSet {
  readonly role?: Role;
  readonly suspended_at?: RawBuilder<number> | null;
  readonly removed_at?: number;
}

/** @param losesOwner it could leave the workspace without an owner */
async function changeMember(
  store: Store,
  which: string,
  set: MemberSet,
  losesOwner: boolean,
  { workspaceId, nowMs, by }: MemberContext,
): Promise<MemberOutcome> {
  const id = which as MemberId;
  let change = store.kysely
    .updateTable('members')
    .set(set)
    .where('id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .where('removed_at', 'is', null)
    .where('role', 'in', rolesUpTo(by.role))
    .where(isStill(by));
  if (losesOwner) change = change.where(keepsOwner(id, workspaceId));
  const [, changed] = await store.change([
    lockMembers(store, workspaceId),
    change,
    voidInvitations(store, id, nowMs),
  ]);
  const row = await store.kysely
    .selectFrom('members')
    .selectAll()
    .where('id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  if (changed === 1) return row ? { kind: 'done', member: readMember(row) } : { kind: 'unknown' };
  if (!row || row.removed_at !== null) return { kind: 'unknown' };
  const { memberId } = by;
  const actor = memberId === undefined ? by : await findMember(store, memberId, workspaceId);
  const isAbove = !isRoleAtLeast(by.role, row.role) || !actor || actor.role !== by.role;
  return { kind: isAbove ? 'above' : 'last_owner' };
}

function newMemberRow(
  personId: PersonId,
  role: Role,
  workspaceId: WorkspaceId,
  nowMs: number,
): Selectable<MembersTable> {
  return {
    id: newId('mem'),
    workspace_id: workspaceId,
    person_id: personId,
    role,
    created_at: nowMs,
    suspended_at: null,
    removed_at: null,
    used_at: null,
  };
}

function readMember(row: Selectable<MembersTable>): Member {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    createdAtMs: row.created_at,
    ...(row.suspended_at !== null && { suspendedAtMs: row.suspended_at }),
    ...(row.used_at !== null && { usedAtMs: row.used_at }),
  };
}
