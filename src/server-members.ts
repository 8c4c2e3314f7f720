/** Who calls and where, and the desks of workspaces, members, invitations and preferences: of one workspace. */
import { randomBytes } from 'node:crypto';
import type { AdminDeps } from './admin/deps.ts';
import { createMembershipDesks, type MembershipInput } from './admin/members-desk.ts';
import type { ServiceTokens } from './people/service-token.ts';
import { findByIdOrName, listWorkspaces } from './registry/workspaces.ts';
import { createIdentify } from './server-identify.ts';

type Members = Pick<
  AdminDeps,
  | 'identify'
  | 'findWorkspace'
  | 'workspaces'
  | 'members'
  | 'invitations'
  | 'preferences'
  | 'persons'
  | 'firstWorkspaceId'
>;

export function openMembers(
  input: Omit<MembershipInput, 'random'> & { readonly services: ServiceTokens },
): Members {
  const { store } = input;
  return {
    identify: createIdentify(input),
    findWorkspace: async (which) => findByIdOrName(await listWorkspaces(store), which)?.id,
    ...createMembershipDesks({ ...input, random: randomBytes }),
  };
}
