/** Who sent a request to the admin API that brings no operator token: a person by its cookie, or a service by its token. */
import type { Caller, Identity, Presented } from './admin/caller.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import { refuse } from './base/refusal.ts';
import { isRoleAtLeast } from './base/role.ts';
import type { People, SignedIn } from './people/people.ts';
import { isServiceToken, type ServiceTokens } from './people/service-token.ts';
import { listMemberships, type Membership, noteUsed } from './registry/members.ts';
import { findByIdOrName, listWorkspaces } from './registry/workspaces.ts';
import type { Store } from './store/store.ts';

export interface IdentifyInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly people: Pick<People, 'sessionOf'>;
  readonly services: ServiceTokens;
  readonly firstWorkspaceId: WorkspaceId;
}

/** How exactly it is kept when a person last turned to a workspace: one write in so long. */
const USED_TOUCH_MS = 60_000;

/** As `AdminDeps.identify`. The role is looked up for each request: one that is taken away counts no more at once. */
export function createIdentify(input: IdentifyInput) {
  return async ({ headers }: Presented, wanted: string | undefined): Promise<Identity | undefined> => {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
      // What says so itself goes before what a browser brings along.
      return token !== undefined && isServiceToken(token) ? identifyService(input, token, wanted) : undefined;
    }
    const signedIn = await input.people.sessionOf(headers, input.clock.now());
    return signedIn && identifyPerson(input, signedIn, wanted);
  };
}

async function identifyPerson(
  { store, clock, firstWorkspaceId }: IdentifyInput,
  { personId, name, email }: SignedIn,
  wanted: string | undefined,
): Promise<Identity> {
  const memberships = await listMemberships(store, personId);
  const found =
    wanted === undefined
      ? (memberships.find((one) => whyOut(one) === undefined) ?? memberships[0])
      : findMine(memberships, wanted);
  const person = { name: name || email, personId, isByCookie: true };
  if (!found) {
    // Whether there is such a workspace is nobody's business who is no member of it.
    if (wanted !== undefined) return unknownWorkspace(wanted);
    const stranger = { id: personId, role: undefined, isOperator: false, workspaceId: firstWorkspaceId };
    return { ok: true, caller: { ...person, ...stranger } };
  }
  const refusal = whyOut(found);
  if (refusal) return { ok: false, refusal };
  const { member, workspace } = found;
  if (wanted !== undefined) await noteTurn(store, memberships, found, clock.now());
  const caller: Caller = {
    ...person,
    id: member.id,
    memberId: member.id,
    workspaceId: workspace.id,
    role: member.role,
    isOperator: workspace.id === firstWorkspaceId && isRoleAtLeast(member.role, 'admin'),
  };
  return { ok: true, caller };
}

function findMine(memberships: readonly Membership[], wanted: string): Membership | undefined {
  const mine = findByIdOrName(
    memberships.map(({ workspace }) => workspace),
    wanted,
  );
  return memberships.find(({ workspace }) => workspace === mine);
}

function whyOut({ member, workspace }: Membership) {
  if (workspace.suspendedAtMs !== undefined)
    return refuse('workspace_suspended', `the workspace ${workspace.name} is suspended`);
  if (member.suspendedAtMs !== undefined)
    return refuse('member_suspended', `you are suspended in the workspace ${workspace.name}`);
  return undefined;
}

/** It is the one to begin with next time. */
async function noteTurn(
  store: Store,
  memberships: readonly Membership[],
  { member }: Membership,
  nowMs: number,
): Promise<void> {
  const isFirst = memberships[0]?.member.id === member.id;
  if (memberships.length < 2 || (isFirst && nowMs - (member.usedAtMs ?? 0) < USED_TOUCH_MS)) return;
  await noteUsed(store, member.id, nowMs);
}

async function identifyService(
  { store, services, firstWorkspaceId }: IdentifyInput,
  token: string,
  wanted: string | undefined,
): Promise<Identity> {
  const identity = await services.verify(token);
  if (!identity.ok) return { ok: false, refusal: refuse('service_token_invalid', identity.message) };
  const { settings, subject } = identity;
  const workspaces = await listWorkspaces(store);
  const workspace = findByIdOrName(workspaces, settings.workspace);
  if (!workspace) {
    const message = `the workspace ${settings.workspace} of this service is not there`;
    return { ok: false, refusal: refuse('service_token_invalid', message) };
  }
  if (wanted !== undefined && !findByIdOrName([workspace], wanted)) return unknownWorkspace(wanted);
  if (workspace.suspendedAtMs !== undefined)
    return {
      ok: false,
      refusal: refuse('workspace_suspended', `the workspace ${workspace.name} is suspended`),
    };
  const caller: Caller = {
    id: `service:${settings.issuer}/${subject}`,
    name: subject,
    workspaceId: workspace.id,
    role: settings.role,
    isOperator: workspace.id === firstWorkspaceId && isRoleAtLeast(settings.role, 'admin'),
  };
  return { ok: true, caller };
}

/** In the words of `let-in.ts`: the same for what is not there and what is not the caller's. */
function unknownWorkspace(wanted: string): Identity {
  return { ok: false, refusal: refuse('record_unknown', `there is no workspace ${wanted.slice(0, 100)}`) };
}
