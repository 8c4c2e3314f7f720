/** The tables of the agents registry. As in schema.ts. */
import type { AgentEventId, AgentEventKind, AgentId, TaskId, TaskState } from '../base/agent.ts';
import type { WorkspaceId } from '../base/ids.ts';

export interface AgentsTable {
  id: AgentId;
  workspace_id: WorkspaceId;
  /** What keys, budgets and entries name it by. No two of a workspace that are not archived have the same. */
  name: string;
  description: string | null;
  system_prompt: string | null;
  /** A model ref; null = whatever the layers below say. */
  preferred_model: string | null;
  created_by: string;
  created_at: number;
  /** Its last heartbeat; null = it sent none. */
  last_seen_at: number | null;
  archived_at: number | null;
}

export interface AgentTasksTable {
  id: TaskId;
  workspace_id: WorkspaceId;
  agent_id: AgentId;
  title: string;
  state: TaskState;
  /** As its requests name it in x-turnpike-session. */
  session: string | null;
  /** Per cent. */
  progress: number | null;
  result: string | null;
  /** Grows with each change. */
  version: number;
  created_at: number;
  updated_at: number;
  started_at: number | null;
  ended_at: number | null;
}

export interface AgentEventsTable {
  id: AgentEventId;
  workspace_id: WorkspaceId;
  agent_id: AgentId;
  /** null = a heartbeat. */
  task_id: TaskId | null;
  kind: AgentEventKind;
  message: string | null;
  at: number;
}
