/** The part of the admin API that `turnpike agents` asks, as typed functions. */
import type {
  AgentBody,
  AgentChangeBody,
  AgentEventList,
  AgentList,
  AgentModelBody,
  NewAgentBody,
  TaskBody,
  TaskList,
  WholeAgentBody,
} from '../admin/agent-fields.ts';
import type { AdminApi } from '../client/admin-api.ts';
import { asTyped, type Take } from './client-take.ts';

export interface AgentFilter {
  readonly q?: string | undefined;
  readonly source?: string | undefined;
  readonly state?: string | undefined;
  readonly archived?: string | undefined;
}

export interface AgentClient {
  /** All there are. */
  list(filter: AgentFilter): Promise<readonly AgentBody[]>;
  /** By id or name. */
  find(agent: string): Promise<WholeAgentBody>;
  create(agent: NewAgentBody): Promise<WholeAgentBody>;
  change(agent: string, change: AgentChangeBody): Promise<WholeAgentBody>;
  prefer(agent: string, model: AgentModelBody): Promise<WholeAgentBody>;
  archive(agent: string): Promise<WholeAgentBody>;
  /** Newest first. */
  tasks(
    agent: string,
    query: { readonly state?: string | undefined; readonly limit: number },
  ): Promise<TaskList>;
  task(agent: string, task: string): Promise<TaskBody>;
  events(agent: string, task: string): Promise<AgentEventList>;
}

/** As many as one answer holds. */
const PAGE = 200;
const EVENTS = 500;

export function createAgentClient(api: AdminApi, take: Take): AgentClient {
  const at = (id: string) => ({ path: { id } });
  return {
    async list(filter) {
      const agents: AgentBody[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { ...filter, limit: String(PAGE), after };
        const page: AgentList = await take(
          api.GET('/api/v1/agents', { params: { query: asTyped<'/api/v1/agents'>(asked) } }),
        );
        agents.push(...page.agents);
        after = page.next;
      }
      return agents;
    },
    find: (agent) => take(api.GET('/api/v1/agents/{id}', { params: at(agent) })),
    create: (agent) => take(api.POST('/api/v1/agents', { body: agent })),
    change: (agent, body) => take(api.PATCH('/api/v1/agents/{id}', { params: at(agent), body })),
    prefer: (agent, body) => take(api.PUT('/api/v1/agents/{id}/model', { params: at(agent), body })),
    archive: (agent) => take(api.DELETE('/api/v1/agents/{id}', { params: at(agent) })),
    tasks: (agent, { state, limit }) =>
      take(
        api.GET('/api/v1/agents/{id}/tasks', {
          params: {
            ...at(agent),
            query: asTyped<'/api/v1/agents/{id}/tasks'>({ state, limit: String(limit) }),
          },
        }),
      ),
    task: (id, taskId) =>
      take(api.GET('/api/v1/agents/{id}/tasks/{taskId}', { params: { path: { id, taskId } } })),
    events: (id, taskId) =>
      take(
        api.GET('/api/v1/agents/{id}/tasks/{taskId}/events', {
          params: { path: { id, taskId }, query: { limit: EVENTS } },
        }),
      ),
  };
}
