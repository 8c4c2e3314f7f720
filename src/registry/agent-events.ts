/** What agents tell: signs of life, and reports of their tasks. Of each the newest are kept. For people: the revision stays. */
import type { Compilable, Selectable } from 'kysely';
import type { AgentEventId, AgentEventKind, TaskId } from '../base/agent.ts';
import { newId } from '../base/ids.ts';
import type { AgentEventsTable } from '../store/schema-agents.ts';
import type { Store } from '../store/store.ts';
import type { AgentRecord } from './agents.ts';

/** Who tells: found under its workspace before, so that nothing of another can be named. */
export type TaskOwner = Pick<AgentRecord, 'id' | 'workspaceId'>;

export interface AgentEventRecord {
  readonly id: AgentEventId;
  readonly kind: AgentEventKind;
  readonly message?: string;
  readonly atMs: number;
}

export interface Report {
  readonly kind: AgentEventKind;
  readonly message?: string;
}

/** Kept of one task, and of one agent's heartbeats, the newest. */
export const MAX_EVENTS = 500;
/** Kept of one agent in all, the newest: some 20 MB, whatever it does. */
export const MAX_AGENT_EVENTS = 10_000;
/** Heartbeats that say nothing are not written more often than this. */
export const MIN_BEAT_MS = 5_000;

/** It is there now. One with a message is kept as an event. */
export async function beat(
  store: Store,
  agent: AgentRecord,
  message: string | undefined,
  nowMs: number,
): Promise<void> {
  const { id, workspaceId, beatAtMs } = agent;
  if (message === undefined && beatAtMs !== undefined && Math.abs(nowMs - beatAtMs) < MIN_BEAT_MS) return;
  const seen = store.kysely
    .updateTable('agents')
    .set({ last_seen_at: nowMs })
    .where('id', '=', id)
    .where('workspace_id', '=', workspaceId)
    // Clocks of processes differ: it was seen when it was seen last.
    .where((where) => where.or([where('last_seen_at', 'is', null), where('last_seen_at', '<', nowMs)]));
  const said = message === undefined ? undefined : { kind: 'heartbeat' as const, message };
  await store.write([seen, ...(said ? keepEvent(store, newEvent(agent, null, said, nowMs)) : [])]);
}

/** For a task that was found before. */
export async function addEvent(
  store: Store,
  agent: TaskOwner,
  taskId: TaskId,
  report: Report,
  nowMs: number,
): Promise<AgentEventRecord> {
  const event = newEvent(agent, taskId, report, nowMs);
  await store.write(keepEvent(store, event));
  return readEvent(event);
}

export function newEvent(
  agent: TaskOwner,
  taskId: TaskId | null,
  { kind, message }: Report,
  nowMs: number,
): EventRow {
  return {
    id: newId('tev'),
    workspace_id: agent.workspaceId,
    agent_id: agent.id,
    task_id: taskId,
    kind,
    message: message ?? null,
    at: nowMs,
  };
}

/** It comes, and what is too old beside it goes. */
export function keepEvent({ kysely }: Store, event: EventRow): Compilable[] {
  const { agent_id: agentId, task_id: taskId } = event;
  const isOne = taskId === null ? 'is' : '=';
  const beyond = (most: number) =>
    kysely
      .selectFrom('agent_events')
      .select('id')
      .where('agent_id', '=', agentId)
      .orderBy('id', 'desc')
      .limit(1)
      .offset(most);
  const ofAgent = kysely.deleteFrom('agent_events').where('agent_id', '=', agentId);
  return [
    kysely.insertInto('agent_events').values(event),
    ofAgent
      .where('task_id', isOne, taskId)
      .where('id', '<=', beyond(MAX_EVENTS).where('task_id', isOne, taskId)),
    ofAgent.where('id', '<=', beyond(MAX_AGENT_EVENTS)),
  ];
}

export interface EventQuery {
  /** undefined = the heartbeats of the agent. */
  readonly taskId: TaskId | undefined;
  /** Older than this one; undefined = from the newest. */
  readonly before: AgentEventId | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listEvents(
  store: Store,
  agent: TaskOwner,
  { taskId, before, limit }: EventQuery,
): Promise<readonly AgentEventRecord[]> {
  let query = store.kysely
    .selectFrom('agent_events')
    .selectAll()
    .where('workspace_id', '=', agent.workspaceId)
    .where('agent_id', '=', agent.id)
    .where('task_id', taskId === undefined ? 'is' : '=', taskId ?? null);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(readEvent);
}

type EventRow = Selectable<AgentEventsTable>;

function readEvent({ id, kind, message, at }: EventRow): AgentEventRecord {
  return { id, kind, atMs: at, ...(message !== null && { message }) };
}
