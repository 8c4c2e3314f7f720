/** Desks of workspaces, members, invitations and preferences that hold still: Ada owns the one workspace there is. */
import type { MemberAnswer, MemberFacts, MembershipDesks } from '../../src/admin/deps-members.ts';
import type { Person } from '../../src/people/people.ts';
import type { Invitation } from '../../src/registry/invitations.ts';
import type { Preferences } from '../../src/registry/preferences.ts';
import type { Workspace, WorkspaceOutcome } from '../../src/registry/workspaces.ts';

export const INVITATION_TOKEN = 'i'.repeat(43);

/** `told` collects what changes were asked for. */
export function fakeMembershipDesks(told: unknown[], nowMs: number): MembershipDesks {
  const workspace: Workspace = { id: 'ws_1', name: 'default', createdAtMs: nowMs - 90_000 };
  const ada: Person = {
    id: 'per_1',
    name: 'Ada',
    email: 'ada@example.com',
    createdAtMs: nowMs - 80_000,
    hasPassword: true,
    hasTotp: false,
  };
  const facts: MemberFacts = {
    member: {
      id: 'mem_1',
      workspaceId: 'ws_1',
      personId: 'per_1',
      role: 'owner',
      createdAtMs: nowMs - 70_000,
    },
    person: ada,
  };
  const invitation: Invitation = {
    id: 'inv_1',
    workspaceId: 'ws_1',
    email: 'bob@example.com',
    role: 'member',
    invitedBy: 'mem_1',
    createdAtMs: nowMs - 60_000,
    expiresAtMs: nowMs + 60_000,
  };
  const tell = <T>(what: unknown[], answer: T): T => {
    told.push(what);
    return answer;
  };
  const onWorkspace = async (what: string, id: string): Promise<WorkspaceOutcome> => {
    if (id === 'ws_first') return { kind: 'first' };
    return id === 'ws_1' ? tell([what, id], { kind: 'done', workspace }) : { kind: 'unknown' };
  };
  const onMember = async (what: unknown[], id: string): Promise<MemberAnswer> => {
    if (id === 'mem_last') return { kind: 'last_owner' };
    if (id === 'mem_above') return { kind: 'above' };
    return id === 'mem_1' ? tell([...what, id], { kind: 'done', facts }) : { kind: 'unknown' };
  };
  const nothing: Preferences = { record: undefined, budget: undefined };
  const find = (token: string) => token === INVITATION_TOKEN;
  return {
    firstWorkspaceId: 'ws_1',
    workspaces: {
      all: async () => [workspace],
      membershipsOf: async (id) => (id === 'per_1' ? [{ member: facts.member, workspace }] : []),
      current: async () => workspace,
      create: async (name, owner) =>
        name === 'taken'
          ? { kind: 'name_taken' }
          : tell(['create', name, owner], { kind: 'done', workspace: { ...workspace, id: 'ws_2', name } }),
      rename: async (name) =>
        name === 'taken'
          ? { kind: 'name_taken' }
          : tell(['rename', name], { kind: 'done', workspace: { ...workspace, name } }),
      suspend: (id) => onWorkspace('suspend', id),
      resume: (id) => onWorkspace('resume', id),
      remove: (id) => onWorkspace('remove', id),
    },
    members: {
      list: async () => [facts],
      changeRole: (id, role) => onMember(['role', role], id),
      suspend: (id) => onMember(['suspend'], id),
      resume: (id) => onMember(['resume'], id),
      remove: (id) => onMember(['remove'], id),
    },
    invitations: {
      list: async () => [invitation],
      create: async (email, role) => {
        if (email === 'ada@example.com') return { kind: 'already_member' };
        return tell(['invite', email, role], {
          kind: 'done',
          invitation: { ...invitation, email, role },
          token: INVITATION_TOKEN,
        });
      },
      revoke: async (id) =>
        id === 'inv_1' ? tell(['revoke', id], { ...invitation, revokedAtMs: nowMs }) : undefined,
      show: async (token) => (find(token) ? { invitation, workspace, isKnown: false } : undefined),
      acceptAs: async (token, personId) =>
        find(token)
          ? tell(['accept', personId], {
              kind: 'done',
              workspace,
              memberId: 'mem_2',
              role: 'member',
              setCookies: [],
            })
          : { kind: 'unknown' },
      acceptNew: async (token, { name, password, email }) => {
        if (!find(token)) return { kind: 'unknown' };
        if (password.length < 12) return { kind: 'password_weak', message: 'is too short' };
        const setCookies = ['a=1; HttpOnly', 'b=2; HttpOnly'];
        return tell(['welcome', name, email], {
          kind: 'done',
          workspace,
          memberId: 'mem_2',
          role: 'member',
          setCookies,
        });
      },
      ownerLink: async () => undefined,
      consoleUrl: () => 'http://127.0.0.1:8642',
    },
    preferences: {
      find: async () => nothing,
      set: async (_memberId, terms, monthly, isForced) =>
        terms.model === 'nowhere' && !isForced
          ? { kind: 'unreachable', message: 'model: leads nowhere' }
          : tell(['prefer', terms, monthly], {
              kind: 'done',
              preferences: {
                ...nothing,
                record: { ...terms, memberId: 'mem_1', workspaceId: 'ws_1', updatedAtMs: nowMs },
              },
            }),
      clear: async (memberId) => tell(['clear', memberId], undefined),
    },
    persons: {
      find: async (id) => (id === 'per_1' ? ada : undefined),
      rename: async (id, name) => (id === 'per_1' ? tell(['rename', id, name], { ...ada, name }) : undefined),
    },
  };
}
