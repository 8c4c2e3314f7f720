/** The desks of workspaces, members, invitations and preferences on top of the registry and the people: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { isRoleAtLeast } from '../base/role.ts';
import { calendarChangeAt } from '../ledger/budget.ts';
import type { People } from '../people/people.ts';
import { renamePerson } from '../people/rename-person.ts';
import {
  createInvitation,
  createOwnerLink,
  findOpenInvitation,
  listInvitations,
  revokeInvitation,
} from '../registry/invitations.ts';
import {
  addMemberQuery,
  changeRole,
  findMembership,
  hasOwner,
  listMembers,
  listMemberships,
  type MemberContext,
  type MemberOutcome,
  removeMember,
  resumeMember,
  suspendMember,
} from '../registry/members.ts';
import { clearPreferences, findPreferences, setPreferences } from '../registry/preferences.ts';
import {
  addWorkspace,
  deleteWorkspace,
  findWorkspace,
  listWorkspaces,
  renameWorkspace,
  resumeWorkspace,
  suspendWorkspace,
} from '../registry/workspaces.ts';
import type { Store } from '../store/store.ts';
import { createAccepting } from './accept-invitation.ts';
import type { Caller } from './caller.ts';
import type {
  InvitationDesk,
  MemberAnswer,
  MemberDesk,
  MemberFacts,
  MembershipDesks,
  PreferenceDesk,
  WorkspaceDesk,
} from './deps-members.ts';

export interface MembershipInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly firstWorkspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly people: People;
  /** Gives that many unpredictable bytes. */
  random(bytes: number): Uint8Array;
  consoleUrl(): string;
  /** Why a ref leads nowhere; undefined = it leads somewhere. */
  problemOf(ref: string): string | undefined;
  /** Names of the providers that can be asked. */
  providers(): readonly string[];
}

export function createMembershipDesks(input: MembershipInput): MembershipDesks {
  const { store, clock, people } = input;
  return {
    firstWorkspaceId: input.firstWorkspaceId,
    workspaces: createWorkspaceDesk(input),
    members: createMemberDesk(input),
    invitations: createInvitationDesk(input),
    preferences: createPreferenceDesk(input),
    persons: {
      find: (id) => people.findPerson({ id }),
      rename: async (id, name) =>
        (await renamePerson(store, id, name, clock.now())) ? people.findPerson({ id }) : undefined,
    },
  };
}

function createWorkspaceDesk({ store, workspaceId, clock }: MembershipInput): WorkspaceDesk {
  return {
    all: () => listWorkspaces(store),
    membershipsOf: (personId) => listMemberships(store, personId),
    current: () => findWorkspace(store, workspaceId),
    create(name, owner) {
      const nowMs = clock.now();
      return addWorkspace(store, name, nowMs, (id) =>
        owner === undefined
          ? []
          : [addMemberQuery(store, { personId: owner, role: 'owner', workspaceId: id, nowMs })],
      );
    },
    rename: (name) => renameWorkspace(store, workspaceId, name),
    suspend: (id) => suspendWorkspace(store, id, clock.now()),
    resume: (id) => resumeWorkspace(store, id),
    remove: (id) => deleteWorkspace(store, id, clock.now()),
  };
}

function createMemberDesk({ store, workspaceId, clock, people }: MembershipInput): MemberDesk {
  const contextOf = ({ role = 'viewer', memberId }: Caller): MemberContext => ({
    workspaceId,
    nowMs: clock.now(),
    by: { role, memberId },
  });
  const answer = async (outcome: MemberOutcome): Promise<MemberAnswer> => {
    if (outcome.kind !== 'done') return outcome;
    const { member } = outcome;
    return { kind: 'done', facts: { member, person: await people.findPerson({ id: member.personId }) } };
  };
  return {
    async list(limit) {
      const members = await listMembers(store, workspaceId, limit);
      const persons = await people.findPersons(members.map(({ personId }) => personId));
      return members.map((member): MemberFacts => ({ member, person: persons.get(member.personId) }));
    },
    changeRole: async (id, role, by) => answer(await changeRole(store, id, role, contextOf(by))),
    suspend: async (id, by) => answer(await suspendMember(store, id, contextOf(by))),
    resume: async (id, by) => answer(await resumeMember(store, id, contextOf(by))),
    remove: async (id, by) => answer(await removeMember(store, id, contextOf(by))),
  };
}

function createInvitationDesk(input: MembershipInput): InvitationDesk {
  const { store, workspaceId, firstWorkspaceId, clock, people, random } = input;
  const isMember = async (email: string): Promise<boolean> => {
    const person = await people.findPerson({ email });
    return person !== undefined && (await findMembership(store, person.id, workspaceId)) !== undefined;
  };
  return {
    list: (limit) => listInvitations(store, workspaceId, limit),
    async create(email, role, by) {
      if (!by.role || !isRoleAtLeast(by.role, role)) return { kind: 'above' };
      if (await isMember(email)) return { kind: 'already_member' };
      const wanted = { workspaceId, email, role, invitedBy: by.memberId ?? by.id };
      return { kind: 'done', ...(await createInvitation(store, wanted, clock.now(), random)) };
    },
    revoke: (id) => revokeInvitation(store, id, workspaceId, clock.now()),
    async show(token) {
      const invitation = await findOpenInvitation(store, token, clock.now());
      const workspace = invitation && (await findWorkspace(store, invitation.workspaceId));
      if (!workspace) return undefined;
      const { email } = invitation;
      const isKnown = email !== undefined && (await people.findPerson({ email })) !== undefined;
      return { invitation, workspace, isKnown };
    },
    ...createAccepting(input),
    async ownerLink() {
      if (await hasOwner(store, firstWorkspaceId)) return undefined;
      const { token, invitation } = await createOwnerLink(store, firstWorkspaceId, clock.now(), random);
      return { token, expiresAtMs: invitation.expiresAtMs };
    },
    consoleUrl: input.consoleUrl,
  };
}

function createPreferenceDesk(input: MembershipInput): PreferenceDesk {
  const { store, workspaceId, clock } = input;
  const contextOf = (memberId: Parameters<PreferenceDesk['find']>[0]) => ({
    workspaceId,
    memberId,
    nowMs: clock.now(),
    calendarChangeAt,
  });
  return {
    find: (memberId) => findPreferences(store, contextOf(memberId)),
    async set(memberId, terms, monthly, isForced) {
      const message = isForced ? undefined : whatIsWrong(input, terms);
      if (message !== undefined) return { kind: 'unreachable', message };
      return { kind: 'done', preferences: await setPreferences(store, terms, monthly, contextOf(memberId)) };
    },
    clear: (memberId) => clearPreferences(store, contextOf(memberId)),
  };
}

function whatIsWrong(
  { problemOf, providers }: MembershipInput,
  { provider, model, fallback = [] }: Parameters<PreferenceDesk['set']>[1],
): string | undefined {
  if (provider !== undefined && !providers().includes(provider))
    return `provider: there is none called ${provider}; there are ${providers().join(', ')}`;
  for (const ref of [...(model === undefined ? [] : [model]), ...fallback]) {
    const problem = problemOf(ref);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
