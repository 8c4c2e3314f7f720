/** The admin API of agents over a real database, in two workspaces, with whoever a test says is calling. */

import { createAgentDesk } from '../../src/admin/agents-desk.ts';
import { createAdmin } from '../../src/admin/app.ts';
import { createBudgetDesk } from '../../src/admin/budgets-desk.ts';
import type { Caller } from '../../src/admin/caller.ts';
import type { AdminDeps } from '../../src/admin/deps.ts';
import { createRoutingDesk } from '../../src/admin/routing-desk.ts';
import { type AgentDefinition, noDefinitions, type PromptDefinition } from '../../src/agents/definition.ts';
import type { WorkspaceId } from '../../src/base/ids.ts';
import type { Role } from '../../src/base/role.ts';
import { noModelRules, type PromptRules } from '../../src/route/layers.ts';
import { compileModelRules, loadStoredModels } from '../../src/server-rules.ts';
import type { Store } from '../../src/store/store.ts';
import { fakeHouse, TOKEN } from './fake-house.ts';

/** Of agents.yaml. */
export const filed: AgentDefinition = {
  name: 'filed',
  description: 'From a file',
  defaultModel: 'ollama/filed',
  systemPromptAdditions: undefined,
  executor: undefined,
  file: '/repo/agents.yaml',
  side: 'project',
};
export const prompt: PromptDefinition = {
  id: { kind: 'agent', name: 'oss:reviewer' },
  file: '/repo/.claude/agents/reviewer.md',
  side: 'project',
  text: 'Review.',
  model: undefined,
  fallback: [],
  description: 'Reads changes',
};
const definitions = {
  ...noDefinitions,
  agents: [filed],
  prompts: [prompt, { ...prompt, id: { kind: 'command', name: 'ship' } as const }],
};
const agentsYaml: PromptRules = {
  exact: new Map([['agent:filed', { ref: 'ollama/filed', source: '/repo/agents.yaml, agent filed' }]]),
  wide: new Map(),
};

export interface Answer<T = Readonly<Record<string, unknown>>> {
  readonly status: number;
  /** Taken for what the test says it is; its schema is the judge. */
  readonly body: T;
}

/** @param as a role, the key of an agent, or the operator token (undefined) */
type Call = <T = Answer['body']>(
  method: string,
  path: string,
  body?: unknown,
  as?: Role | { readonly agentKey: string },
) => Promise<Answer<T>>;

export interface AgentHouse {
  now: number;
  readonly call: Call;
  /** In the other workspace. */
  readonly callThere: Call;
}

/** Refs that begin with `nowhere` lead nowhere. */
export async function openAgentHouse(
  store: Store,
  here: WorkspaceId,
  there: WorkspaceId,
  now: number,
): Promise<AgentHouse> {
  const empty = { ...(await loadStoredModels(store)), rules: [], agents: [] };
  let rules = compileModelRules({ promptModels: { project: noFile, user: noFile } }, empty, undefined);
  const recompile = async () => {
    const stored = await loadStoredModels(store);
    const declared = { ...noModelRules, agents: agentsYaml };
    rules = compileModelRules(
      { promptModels: { project: noFile, user: noFile } },
      stored,
      undefined,
      declared,
    );
  };
  await recompile();
  const house = { now } as AgentHouse;
  const clock = { now: () => house.now, monotonic: () => 0 };
  const problemOf = (ref: string) => (ref.startsWith('nowhere') ? 'no provider nowhere' : undefined);
  const depsOf = (workspaceId: WorkspaceId): AdminDeps => {
    const fake = fakeHouse().deps;
    const budgets = createBudgetDesk(store, workspaceId, clock);
    const routing = createRoutingDesk({
      ...{ store, workspaceId, clock, recompile, problemOf },
      state: () => ({ rules, routing: fake.routing as never, catalog: {} as never }),
      sources: () => ({}),
      problems: () => [],
    });
    const agents = createAgentDesk({
      ...{ store, workspaceId, clock, budgets, routing, recompile, problemOf },
      definitions: () => definitions,
      rules: () => rules,
    });
    return { ...fake, clock, workspaceId, budgets, routing, agents, inWorkspace: depsOf };
  };
  const callIn =
    (workspaceId: WorkspaceId): Call =>
    async <T>(...[method, path, body, as]: Parameters<Call>): Promise<Answer<T>> => {
      const caller = as === undefined ? undefined : callerOf(as, workspaceId);
      const deps: AdminDeps = {
        ...depsOf(workspaceId),
        identify: async () => (caller?.role ? { ok: true, caller } : undefined),
        identifyAgent: () => (caller?.agentName ? { ok: true, caller } : undefined),
      };
      const request = new Request(`http://127.0.0.1/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const response = await createAdmin(deps).fetch(request);
      return { status: response.status, body: (await response.json()) as T };
    };
  return Object.assign(house, { call: callIn(here), callThere: callIn(there) });
}

const noFile = { path: undefined, exact: {}, wide: {} };

function callerOf(as: Role | { readonly agentKey: string }, workspaceId: WorkspaceId): Caller {
  const base = { name: 'Ada', workspaceId, isOperator: false };
  return typeof as === 'string'
    ? { ...base, id: 'mem_1', role: as, memberId: 'mem_1' }
    : { ...base, id: 'key_1', role: undefined, keyId: 'key_1', agentName: as.agentKey };
}
