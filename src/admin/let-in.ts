/** The door of the admin API: finds out who calls and in which workspace, before any route is looked for. */
import { type Refusal, refuse } from '../base/refusal.ts';
import { checkOperator } from './auth.ts';
import type { AdminEnv, Presented } from './caller.ts';
import { cookieDenial } from './cross-site.ts';
import type { AdminDeps } from './deps.ts';

/** Names the workspace that a caller who has several wants to act in. */
export const WORKSPACE_HEADER = 'x-turnpike-workspace';

/** The bindings that handlers see: a caller, or why there is none. */
export async function letIn(
  request: Request,
  deps: AdminDeps,
  address: string | undefined,
): Promise<AdminEnv['Bindings']> {
  const { headers, method, url } = request;
  const from = address !== undefined && { address };
  const wanted = headers.get(WORKSPACE_HEADER) ?? undefined;
  const presented: Presented = { method, url, headers, ...from };
  const identity = await deps.identify(presented, wanted);
  if (identity) {
    if (!identity.ok) return { denial: identity.refusal, ...from };
    const { caller } = identity;
    const cross = caller.isByCookie ? cookieDenial(presented, deps.signIn.publicUrl()) : undefined;
    return cross ? { denial: cross, ...from } : { caller, ...from };
  }
  const agent = deps.identifyAgent(presented);
  if (agent && !agent.ok) return { denial: agent.refusal, ...from };
  if (agent) {
    const isElsewhere = wanted !== undefined && wanted !== agent.caller.workspaceId;
    return isElsewhere ? { denial: noWorkspace(wanted), ...from } : { caller: agent.caller, ...from };
  }
  const denial = checkOperator(headers.get('authorization') ?? undefined, deps.operatorTokenHash());
  if (denial) return { denial, ...from };
  const workspaceId = wanted === undefined ? deps.workspaceId : await deps.findWorkspace(wanted);
  if (workspaceId === undefined) {
    return { denial: noWorkspace(wanted!), ...from };
  }
  const operator = { id: 'operator', name: 'the operator token', role: 'owner', isOperator: true } as const;
  return { caller: { ...operator, workspaceId }, ...from };
}

function noWorkspace(wanted: string): Refusal {
  return refuse('record_unknown', `there is no workspace ${wanted.slice(0, 100)}`);
}
