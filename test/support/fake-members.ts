/** Desks of workspaces, members, invitations and preferences that hold still: Ada owns the one workspace there is. */
import type {
  InvitationDesk,
  MemberAnswer,
  MemberDesk,
  MemberFacts,
  MembershipDesks,
  PersonDesk,
  PreferenceDesk,
  WorkspaceDesk,
} from '../../src/admin/deps-members.ts';
import type { Person } from '../../src/people/people.ts';
import type { Invitation } from '../../src/registry/invitations.ts';
import type { Preferences } from '../../src/registry/preferences.ts';
import type { Workspace, WorkspaceOutcome } from '../../src/registry/workspaces.ts';

export const INVITATION_TOKEN = 'i'.repeat(43);

/** What there is, and how it is noted what was asked for. */
interface Stage {
  readonly nowMs: number;
  readonly workspace: Workspace;
  readonly ada: Person;
  readonly facts: MemberFacts;
  tell<T>(what: readonly unknown[], answer: T): T;
}

/** `told` collects what changes were asked for. */
export function fakeMembershipDesks(told: unknown[], nowMs: number): MembershipDesks {
  const ada: Person = {
    id: 'per_1',
    name: 'Ada',
    email: 'ada@example.com',
    createdAtMs: nowMs - 80_000,
    hasPassword: true,
    hasTotp: false,
  };
  const member = { id: 'mem_1', workspaceId: 'ws_1', personId: 'per_1', role: 'owner' } as const;
  const stage: Stage = {
    nowMs,
    workspace: { id: 'ws_1', name: 'default', createdAtMs: nowMs - 90_000 },
    ada,
    facts: { member: { ...member, createdAtMs: nowMs - 70_000 }, person: ada },
    tell(what, answer) {
      told.push(what);
      return answer;
    },
  };
  return {
    firstWorkspaceId: 'ws_1',
    workspaces: fakeWorkspaces(stage),
    members: fakeMembers(stage),
    invitations: fakeInvitations(stage),
    preferences: fakePreferences(stage),
    persons: fakePersons(stage),
  };
}

function fakeWorkspaces({ workspace, facts, tell }: Stage): WorkspaceDesk {
  const named = async (what: readonly unknown[], name: string, made: Workspace): Promise<WorkspaceOutcome> =>
    name === 'taken' ? { kind: 'name_taken' } : tell(what, { kind: 'done', workspace: { ...made, name } });
  const on = async (what: string, id: string): Promise<WorkspaceOutcome> => {
    if (id === 'ws_first') return { kind: 'first' };
    return id === 'ws_1' ? tell([what, id], { kind: 'done', workspace }) : { kind: 'unknown' };
  };
  return {
    all: async () => [workspace],
    membershipsOf: async (id) => (id === 'per_1' ? [{ member: facts.member, workspace }] : []),
    current: async () => workspace,
    create: (name, owner) => named(['create', name, owner], name, { ...workspace, id: 'ws_2' }),
    rename: (name) => named(['rename', name], name, workspace),
    suspend: (id) => on('suspend', id),
    resume: (id) => on('resume', id),
    remove: (id) => on('remove', id),
  };
}

function fakeMembers({ facts, tell }: Stage): MemberDesk {
  const on = async (what: readonly unknown[], id: string): Promise<MemberAnswer> => {
    if (id === 'mem_last') return { kind: 'last_owner' };
    if (id === 'mem_above') return { kind: 'above' };
    return id === 'mem_1' ? tell([...what, id], { kind: 'done', facts }) : { kind: 'unknown' };
  };
  return {
    list: async () => [facts],
    changeRole: (id, role) => on(['role', role], id),
    suspend: (id) => on(['suspend'], id),
    resume: (id) => on(['resume'], id),
    remove: (id) => on(['remove'], id),
  };
}

function fakeInvitations({ nowMs, workspace, tell }: Stage): InvitationDesk {
  const invitation: Invitation = {
    id: 'inv_1',
    workspaceId: 'ws_1',
    email: 'bob@example.com',
    role: 'member',
    invitedBy: 'mem_1',
    createdAtMs: nowMs - 60_000,
    expiresAtMs: nowMs + 60_000,
  };
  const isGood = (token: string) => token === INVITATION_TOKEN;
  const joined = { kind: 'done', workspace, memberId: 'mem_2', role: 'member' } as const;
  return {
    list: async () => [invitation],
    async create(email, role) {
      if (email === 'ada@example.com') return { kind: 'already_member' };
      const made = { ...invitation, email, role };
      return tell(['invite', email, role], { kind: 'done', invitation: made, token: INVITATION_TOKEN });
    },
    revoke: async (id) =>
      id === 'inv_1' ? tell(['revoke', id], { ...invitation, revokedAtMs: nowMs }) : undefined,
    show: async (token) => (isGood(token) ? { invitation, workspace, isKnown: false } : undefined),
    acceptAs: async (token, personId) =>
      isGood(token) ? tell(['accept', personId], { ...joined, setCookies: [] }) : { kind: 'unknown' },
    async acceptNew(token, { name, password, email }) {
      if (!isGood(token)) return { kind: 'unknown' };
      if (password.length < 12) return { kind: 'password_weak', message: 'is too short' };
      return tell(['welcome', name, email], { ...joined, setCookies: ['a=1; HttpOnly', 'b=2; HttpOnly'] });
    },
    ownerLink: async () => undefined,
    consoleUrl: () => 'http://127.0.0.1:8642',
  };
}

function fakePreferences({ nowMs, tell }: Stage): PreferenceDesk {
  const nothing: Preferences = { record: undefined, budget: undefined };
  return {
    find: async () => nothing,
    async set(_memberId, terms, monthly, isForced) {
      if (terms.model === 'nowhere' && !isForced)
        return { kind: 'unreachable', message: 'model: leads nowhere' };
      const record = { ...terms, memberId: 'mem_1', workspaceId: 'ws_1', updatedAtMs: nowMs } as const;
      return tell(['prefer', terms, monthly], { kind: 'done', preferences: { ...nothing, record } });
    },
    clear: async (memberId) => tell(['clear', memberId], undefined),
  };
}

function fakePersons({ ada, tell }: Stage): PersonDesk {
  return {
    find: async (id) => (id === 'per_1' ? ada : undefined),
    rename: async (id, name) => (id === 'per_1' ? tell(['rename', id, name], { ...ada, name }) : undefined),
  };
}
