/** What agents report: heartbeats, tasks and their events. By members, or by the agent itself with its virtual key. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type AgentEventId, TASK_STATES, type TaskId } from '../base/agent.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { AgentRecord } from '../registry/agents.ts';
import {
  AgentEventBody,
  AgentEventList,
  HeartbeatBody,
  NewTaskBody,
  NewTaskEventBody,
  renderEvent,
  renderTask,
  TaskBody,
  TaskChangeBody,
  TaskList,
} from './agent-fields.ts';
import { agentParams, noAgent, refusalOf } from './agents.ts';
import { type AdminEnv, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { ReportDesk } from './deps-agents.ts';
import { limitOf } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { agentRoute } from './route.ts';

const MAX_ROWS = 500;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <T extends z.ZodType>(schema: T) => ({ required: true, ...json('What to report', schema) });
const taskParams = agentParams.extend({ taskId: plain(z.string().max(100)) });
const pageQuery = { limit: limitOf(50, MAX_ROWS), after: plain(z.string().max(100)).optional() };
const refusals = {
  404: problemResponse('record_unknown'),
  409: problemResponse('agent_fixed'),
  ...denied,
};
const written = { ...refusals, 400: problemResponse('body_invalid') };

/** Ids are compared with what the database holds, which cannot hold that. */
function plain(text: z.ZodString) {
  return text.refine((value) => !value.includes('\u0000'), 'must not hold the character U+0000');
}

const beatRoute = agentRoute('admin', {
  method: 'post',
  path: '/agents/{id}/heartbeats',
  summary: 'The agent is there; with a message it is kept',
  request: { params: agentParams, body: body(HeartbeatBody) },
  responses: {
    200: json('Heard', z.strictObject({ isHeard: z.literal(true) }).openapi('Heard')),
    ...written,
  },
});

const beatsRoute = agentRoute('viewer', {
  method: 'get',
  path: '/agents/{id}/heartbeats',
  summary: 'The newest heartbeats that said something, newest first',
  request: { params: agentParams, query: z.strictObject(pageQuery) },
  responses: {
    200: json('The heartbeats', AgentEventList),
    400: problemResponse('query_invalid'),
    ...refusals,
  },
});

const tasksRoute = agentRoute('viewer', {
  method: 'get',
  path: '/agents/{id}/tasks',
  summary: 'Tasks, newest first',
  request: {
    params: agentParams,
    query: z.strictObject({ ...pageQuery, state: z.enum(TASK_STATES).optional() }),
  },
  responses: { 200: json('The tasks', TaskList), 400: problemResponse('query_invalid'), ...refusals },
});

const newTaskRoute = agentRoute('admin', {
  method: 'post',
  path: '/agents/{id}/tasks',
  summary: 'Report a task',
  request: { params: agentParams, body: body(NewTaskBody) },
  responses: { 201: json('The task', TaskBody), ...written, 409: problemResponse('agents_full') },
});

const taskRoute = agentRoute('viewer', {
  method: 'get',
  path: '/agents/{id}/tasks/{taskId}',
  summary: 'One task',
  request: { params: taskParams },
  responses: { 200: json('The task', TaskBody), ...refusals },
});

const changeTaskRoute = agentRoute('admin', {
  method: 'patch',
  path: '/agents/{id}/tasks/{taskId}',
  summary: 'Report how a task goes on; the same report twice changes nothing',
  request: { params: taskParams, body: body(TaskChangeBody) },
  responses: { 200: json('The task as it is now', TaskBody), ...written, 409: problemResponse('task_fixed') },
});

const eventsRoute = agentRoute('viewer', {
  method: 'get',
  path: '/agents/{id}/tasks/{taskId}/events',
  summary: 'What was reported of a task, newest first',
  request: { params: taskParams, query: z.strictObject(pageQuery) },
  responses: { 200: json('The events', AgentEventList), 400: problemResponse('query_invalid'), ...refusals },
});

const newEventRoute = agentRoute('admin', {
  method: 'post',
  path: '/agents/{id}/tasks/{taskId}/events',
  summary: 'Report something of a task',
  request: { params: taskParams, body: body(NewTaskEventBody) },
  responses: { 201: json('The event', AgentEventBody), ...written },
});

export function registerAgentReports(app: AdminApp, { agents: { reports } }: AdminDeps): void {
  registerHeartbeats(app, reports);
  registerTasks(app, reports);
  registerEvents(app, reports);
}

type Asked =
  | { readonly ok: true; readonly agent: AgentRecord; readonly isOwn: boolean }
  | { readonly ok: false; readonly refusal: Refusal; readonly status: 404 | 409 };

/** The agent of the path. To the key of an agent no other agent is there, nor one that is archived. */
async function agentFor(c: Context<AdminEnv>, reports: ReportDesk, which: string): Promise<Asked> {
  const { agentName } = callerOf(c);
  const found = await reports.find(which);
  const name = found.kind === 'found' ? found.agent.name : which;
  if (found.kind === 'unknown' || (agentName !== undefined && name !== agentName))
    return { ok: false, refusal: noAgent(which), status: 404 };
  if (found.kind !== 'found') return { ok: false, refusal: refusalOf(found, which), status: 409 };
  const isArchived = found.agent.archivedAtMs !== undefined;
  if (isArchived && agentName !== undefined) return { ok: false, refusal: noAgent(which), status: 404 };
  return { ok: true, agent: found.agent, isOwn: agentName !== undefined };
}

/** The same for reports: what is archived takes none. */
async function reporterFor(c: Context<AdminEnv>, reports: ReportDesk, which: string): Promise<Asked> {
  const asked = await agentFor(c, reports, which);
  if (!asked.ok || asked.agent.archivedAtMs === undefined) return asked;
  return { ok: false, refusal: refusalOf({ kind: 'archived' }, which), status: 409 };
}

/** Who reports of its tasks is there. */
function hear(reports: ReportDesk, { agent, isOwn }: Asked & { ok: true }): Promise<void> {
  return isOwn ? reports.beat(agent, undefined) : Promise.resolve();
}

const noTask = (taskId: string) => refuse('record_unknown', `the agent has no task ${taskId.slice(0, 100)}`);

function registerHeartbeats(app: AdminApp, reports: ReportDesk): void {
  app.openapi(beatRoute, async (c) => {
    const asked = await reporterFor(c, reports, c.req.valid('param').id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    await reports.beat(asked.agent, c.req.valid('json').message);
    return c.json({ isHeard: true } as const, 200);
  });
  app.openapi(beatsRoute, async (c) => {
    const asked = await agentFor(c, reports, c.req.valid('param').id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const { limit, after } = c.req.valid('query');
    const found = await reports.heartbeats(asked.agent, {
      before: after as AgentEventId | undefined,
      limit: limit + 1,
    });
    return c.json({ events: found.slice(0, limit).map(renderEvent), next: nextOf(found, limit) }, 200);
  });
}

function registerTasks(app: AdminApp, reports: ReportDesk): void {
  app.openapi(tasksRoute, async (c) => {
    const asked = await agentFor(c, reports, c.req.valid('param').id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const { limit, after, state } = c.req.valid('query');
    const page = { before: after as TaskId | undefined, state, limit: limit + 1 };
    const found = await reports.tasks(asked.agent, page);
    return c.json({ tasks: found.slice(0, limit).map(renderTask), next: nextOf(found, limit) }, 200);
  });
  app.openapi(newTaskRoute, async (c) => {
    const asked = await reporterFor(c, reports, c.req.valid('param').id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const { title, state, ...given } = c.req.valid('json');
    const task = await reports.createTask(asked.agent, { title, state, ...saidOf(given) });
    if (!task) {
      const message = 'as many tasks of the agent as it may have are queued or running';
      return c.json(problemOf(refuse('agents_full', message)), 409);
    }
    await hear(reports, asked);
    return c.json(renderTask(task), 201);
  });
  app.openapi(taskRoute, async (c) => {
    const { id, taskId } = c.req.valid('param');
    const asked = await agentFor(c, reports, id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const task = await reports.task(asked.agent, taskId);
    return task ? c.json(renderTask(task), 200) : c.json(problemOf(noTask(taskId)), 404);
  });
  app.openapi(changeTaskRoute, async (c) => {
    const { id, taskId } = c.req.valid('param');
    const asked = await reporterFor(c, reports, id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const { title, state, ...given } = c.req.valid('json');
    const outcome = await reports.changeTask(asked.agent, taskId, {
      ...(title !== undefined && { title }),
      ...(state !== undefined && { state }),
      ...saidOf(given),
    });
    if (!outcome) return c.json(problemOf(noTask(taskId)), 404);
    await hear(reports, asked);
    if (outcome.kind === 'done') return c.json(renderTask(outcome.task), 200);
    return c.json(problemOf(refuse('task_fixed', `the task ${taskId} is ${outcome.task.state}`)), 409);
  });
}

function registerEvents(app: AdminApp, reports: ReportDesk): void {
  app.openapi(eventsRoute, async (c) => {
    const { id, taskId } = c.req.valid('param');
    const asked = await agentFor(c, reports, id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const task = await reports.task(asked.agent, taskId);
    if (!task) return c.json(problemOf(noTask(taskId)), 404);
    const { limit, after } = c.req.valid('query');
    const page = { before: after as AgentEventId | undefined, limit: limit + 1 };
    const found = await reports.events(asked.agent, task.id, page);
    return c.json({ events: found.slice(0, limit).map(renderEvent), next: nextOf(found, limit) }, 200);
  });
  app.openapi(newEventRoute, async (c) => {
    const { id, taskId } = c.req.valid('param');
    const asked = await reporterFor(c, reports, id);
    if (!asked.ok) return c.json(problemOf(asked.refusal), asked.status);
    const task = await reports.task(asked.agent, taskId);
    if (!task) return c.json(problemOf(noTask(taskId)), 404);
    const event = await reports.addEvent(asked.agent, task.id, c.req.valid('json'));
    await hear(reports, asked);
    return c.json(renderEvent(event), 201);
  });
}

/** Ids are in order of time: the last one shown is the place. */
function nextOf(found: readonly { readonly id: string }[], limit: number): string | null {
  return found.length > limit ? found[limit - 1]!.id : null;
}

function saidOf(given: {
  readonly session?: string | undefined;
  readonly progress?: number | undefined;
  readonly result?: string | undefined;
}) {
  const { session, progress, result } = given;
  return {
    ...(session !== undefined && { session }),
    ...(progress !== undefined && { progress }),
    ...(result !== undefined && { result }),
  };
}
