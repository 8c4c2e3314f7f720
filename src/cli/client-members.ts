/** The part of the admin API that `turnpike workspaces`, `members`, `invitations` and `console` ask, as typed functions. */
import type {
  InvitationBody,
  InvitationList,
  MadeInvitation,
  NewInvitationBody,
  OwnerLink,
} from '../admin/invitations.ts';
import type { Me } from '../admin/me.ts';
import type { MemberBody, MemberChangeBody, MemberList } from '../admin/members.ts';
import type { NewWorkspaceBody, WorkspaceList } from '../admin/workspaces.ts';

export type Workspace = Pick<
  WorkspaceList['workspaces'][number],
  'id' | 'name' | 'createdAt' | 'suspendedAt'
>;

export interface MembersClient {
  me(): Promise<Me>;
  workspaces(): Promise<WorkspaceList>;
  createWorkspace(workspace: NewWorkspaceBody): Promise<Workspace>;
  suspendWorkspace(id: string): Promise<Workspace>;
  resumeWorkspace(id: string): Promise<Workspace>;
  members(): Promise<MemberList>;
  change(id: string, change: MemberChangeBody): Promise<MemberBody>;
  /** Answers who it was. */
  remove(id: string): Promise<MemberBody>;
  invitations(): Promise<InvitationList>;
  invite(guest: NewInvitationBody): Promise<MadeInvitation>;
  revoke(id: string): Promise<InvitationBody>;
  ownerLink(): Promise<OwnerLink>;
}

export function createMembersClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): MembersClient {
  const id = encodeURIComponent;
  return {
    me: () => call('GET', '/me'),
    workspaces: () => call('GET', '/workspaces'),
    createWorkspace: (workspace) => call('POST', '/workspaces', workspace),
    suspendWorkspace: (which) => call('POST', `/workspaces/${id(which)}/suspend`),
    resumeWorkspace: (which) => call('POST', `/workspaces/${id(which)}/resume`),
    // As many as one answer holds.
    members: () => call('GET', '/members?limit=1000'),
    change: (member, change) => call('PATCH', `/members/${id(member)}`, change),
    remove: (member) => call('DELETE', `/members/${id(member)}`),
    invitations: () => call('GET', '/invitations?limit=1000'),
    invite: (guest) => call('POST', '/invitations', guest),
    revoke: (invitation) => call('DELETE', `/invitations/${id(invitation)}`),
    ownerLink: () => call('POST', '/owner-link'),
  };
}
