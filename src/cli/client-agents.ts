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
import { givenOf } from './client-analytics.ts';

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
const PAGE = '200';
const EVENTS = '500';

export function createAgentClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): AgentClient {
  const at = (agent: string) => `/agents/${encodeURIComponent(agent)}`;
  const taskAt = (agent: string, task: string) => `${at(agent)}/tasks/${encodeURIComponent(task)}`;
  return {
    async list(filter) {
      const agents: AgentBody[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { ...filter, limit: PAGE, ...(after !== undefined && { after }) };
        const page: AgentList = await call('GET', `/agents?${givenOf(asked)}`);
        agents.push(...page.agents);
        after = page.next;
      }
      return agents;
    },
    find: (agent) => call('GET', at(agent)),
    create: (agent) => call('POST', '/agents', agent),
    change: (agent, change) => call('PATCH', at(agent), change),
    prefer: (agent, model) => call('PUT', `${at(agent)}/model`, model),
    archive: (agent) => call('DELETE', at(agent)),
    tasks: (agent, { state, limit }) =>
      call('GET', `${at(agent)}/tasks?${givenOf({ state, limit: String(limit) })}`),
    task: (agent, task) => call('GET', taskAt(agent, task)),
    events: (agent, task) => call('GET', `${taskAt(agent, task)}/events?limit=${EVENTS}`),
  };
}
