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
import type { AdminApi } from '../client/admin-api.ts';
import type { Take } from './client-take.ts';

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

/** As many as one answer holds. */
const PAGE = 1000;

export function createMembersClient(api: AdminApi, take: Take): MembersClient {
  const at = (id: string) => ({ path: { id } });
  const all = { query: { limit: PAGE } };
  return {
    me: () => take(api.GET('/api/v1/me')),
    workspaces: () => take(api.GET('/api/v1/workspaces')),
    createWorkspace: (body) => take(api.POST('/api/v1/workspaces', { body })),
    suspendWorkspace: (id) => take(api.POST('/api/v1/workspaces/{id}/suspend', { params: at(id) })),
    resumeWorkspace: (id) => take(api.POST('/api/v1/workspaces/{id}/resume', { params: at(id) })),
    members: () => take(api.GET('/api/v1/members', { params: all })),
    change: (id, body) => take(api.PATCH('/api/v1/members/{id}', { params: at(id), body })),
    remove: (id) => take(api.DELETE('/api/v1/members/{id}', { params: at(id) })),
    invitations: () => take(api.GET('/api/v1/invitations', { params: all })),
    invite: (body) => take(api.POST('/api/v1/invitations', { body })),
    revoke: (id) => take(api.DELETE('/api/v1/invitations/{id}', { params: at(id) })),
    ownerLink: () => take(api.POST('/api/v1/owner-link')),
  };
}
