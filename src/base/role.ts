/** What members of a workspace may do, lowest first: each role may do all that the ones before it may. */

export const ROLES = ['viewer', 'member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a route of the admin API asks of its caller. `anyone` needs no sign-in; `person` somebody signed in, of whatever
 * workspace; `operator` somebody who may change the installation itself, which all workspaces share.
 */
export const NEEDS = ['anyone', 'person', ...ROLES, 'operator'] as const;
export type Need = (typeof NEEDS)[number];

export function isRoleAtLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}
