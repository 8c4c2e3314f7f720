/** Tasks that agents of the registry report, and how they go on. For people: traffic reads nothing of it, so the revision stays. */
import type { Compilable, Selectable } from 'kysely';
import { isEnded, mayFollow, type TaskId, type TaskState } from '../base/agent.ts';
import { newId } from '../base/ids.ts';
import type { AgentTasksTable } from '../store/schema-agents.ts';
import type { Store } from '../store/store.ts';
import { addEvent, keepEvent, newEvent, type TaskOwner } from './agent-events.ts';

export interface TaskRecord {
  readonly id: TaskId;
  readonly title: string;
  readonly state: TaskState;
  readonly session?: string;
  /** Per cent. */
  readonly progress?: number;
  readonly result?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
}

export interface TaskTerms {
  readonly title: string;
  readonly state: TaskState;
  readonly session?: string;
  readonly progress?: number;
  readonly result?: string;
}

export type TaskChange = Partial<TaskTerms>;

export type TaskOutcome =
  | { readonly kind: 'done'; readonly task: TaskRecord }
  | { readonly kind: 'unknown' }
  /** It has ended, or would go back. */
  | { readonly kind: 'fixed'; readonly task: TaskRecord };

/** Queued and running, of one agent: more than it could ever work on. Two reports at once may pass by one. */
export const MAX_OPEN_TASKS = 1_000;
/** Ended ones that are kept of one agent, the newest. */
export const MAX_ENDED_TASKS = 1_000;
/** Taken away with each new task: twice as many as come. */
const MAX_FORGOTTEN = 10;
/** undefined = too many of the agent's tasks have not ended. Who works is there: the agent was seen. */
export async function createTask(
  store: Store,
  agent: TaskOwner,
  terms: TaskTerms,
  nowMs: number,
): Promise<TaskRecord | undefined> {
  if (!isEnded(terms.state) && (await countOpen(store, agent)) >= MAX_OPEN_TASKS) return undefined;
  const row: TaskRow = {
    id: newId('tsk'),
    workspace_id: agent.workspaceId,
    agent_id: agent.id,
    title: terms.title,
    session: terms.session ?? null,
    progress: terms.progress ?? null,
    result: terms.result ?? null,
    state: terms.state,
    version: 1,
    created_at: nowMs,
    updated_at: nowMs,
    started_at: terms.state === 'running' ? nowMs : null,
    ended_at: isEnded(terms.state) ? nowMs : null,
  };
  await store.write([
    store.kysely.insertInto('agent_tasks').values(row),
    ...keepEvent(store, newEvent(agent, row.id, { kind: 'state', message: row.state }, nowMs)),
    ...forgetQueries(store, agent),
  ]);
  return readTask(row);
}

async function countOpen(store: Store, agent: TaskOwner): Promise<number> {
  const { count } = await tasksOf(store, agent)
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The oldest of those that have ended, beyond what is kept. */
function forgetQueries(store: Store, agent: TaskOwner): Compilable[] {
  const old = tasksOf(store, agent)
    .select('id')
    .where('ended_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(MAX_FORGOTTEN)
    .offset(MAX_ENDED_TASKS);
  return [
    store.kysely.deleteFrom('agent_events').where('agent_id', '=', agent.id).where('task_id', 'in', old),
    store.kysely.deleteFrom('agent_tasks').where('agent_id', '=', agent.id).where('id', 'in', old),
  ];
}

export interface TaskQuery {
  /** Older than this one; undefined = from the newest. */
  readonly before: TaskId | undefined;
  readonly state: TaskState | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listTasks(
  store: Store,
  agent: TaskOwner,
  { before, state, limit }: TaskQuery,
): Promise<readonly TaskRecord[]> {
  let query = tasksOf(store, agent).selectAll();
  if (before !== undefined) query = query.where('id', '<', before);
  if (state !== undefined) query = query.where('state', '=', state);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(readTask);
}

/** undefined = the agent has no such task. */
export async function findTask(
  store: Store,
  agent: TaskOwner,
  taskId: string,
): Promise<TaskRecord | undefined> {
  const row = await findRow(store, agent, taskId);
  return row && readTask(row);
}

/** Changes that come at the same time are made one after the other, each of what the one before made of it. */
export async function changeTask(
  store: Store,
  agent: TaskOwner,
  taskId: string,
  change: TaskChange,
  nowMs: number,
): Promise<TaskOutcome> {
  for (;;) {
    const row = await findRow(store, agent, taskId);
    if (!row) return { kind: 'unknown' };
    const next = changed(row, change, nowMs);
    if (isSame(row, next)) return { kind: 'done', task: readTask(row) };
    if (isEnded(row.state) || !mayFollow(row.state, next.state))
      return { kind: 'fixed', task: readTask(row) };
    const [rows] = await store.write([
      store.kysely
        .updateTable('agent_tasks')
        .set(next)
        .where('id', '=', row.id)
        .where('agent_id', '=', agent.id)
        .where('version', '=', row.version),
    ]);
    // Somebody was quicker: what they made of it is what is changed.
    if (rows !== 1) continue;
    // Not with it: whether the row was changed is known only now. A crash between takes a line from a list for people.
    if (next.state !== row.state)
      await addEvent(store, agent, row.id, { kind: 'state', message: next.state }, nowMs);
    return { kind: 'done', task: readTask(next) };
  }
}

function changed(
  row: TaskRow,
  { title, state = row.state, session, progress, result }: TaskChange,
  nowMs: number,
): TaskRow {
  const hasEnded = isEnded(state) && !isEnded(row.state);
  return {
    ...row,
    state,
    ...(title !== undefined && { title }),
    ...(session !== undefined && { session }),
    ...(progress !== undefined && { progress }),
    ...(result !== undefined && { result }),
    version: row.version + 1,
    updated_at: nowMs,
    started_at: state === 'running' ? (row.started_at ?? nowMs) : row.started_at,
    ended_at: hasEnded ? nowMs : row.ended_at,
  };
}

const told = ['title', 'state', 'session', 'progress', 'result'] as const;

function isSame(a: TaskRow, b: TaskRow): boolean {
  return told.every((name) => a[name] === b[name]);
}

function tasksOf(store: Store, agent: TaskOwner) {
  return store.kysely
    .selectFrom('agent_tasks')
    .where('workspace_id', '=', agent.workspaceId)
    .where('agent_id', '=', agent.id);
}

function findRow(store: Store, agent: TaskOwner, taskId: string): Promise<TaskRow | undefined> {
  return tasksOf(store, agent)
    .selectAll()
    .where('id', '=', taskId as TaskId)
    .executeTakeFirst();
}

type TaskRow = Selectable<AgentTasksTable>;

function readTask(row: TaskRow): TaskRecord {
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    ...(row.session !== null && { session: row.session }),
    ...(row.progress !== null && { progress: row.progress }),
    ...(row.result !== null && { result: row.result }),
    ...(row.started_at !== null && { startedAtMs: row.started_at }),
    ...(row.ended_at !== null && { endedAtMs: row.ended_at }),
  };
}
