/** `turnpike agents tasks`: what an agent is at and was at; or one task, with what was reported of it. */
import type { AgentEventBody, TaskBody } from '../admin/agent-fields.ts';
import { harmless } from './agents.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { moment, paintFor, printJson, printLine, printTable } from './print.ts';

export interface TaskOptions {
  readonly state?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function showTasks(
  io: Io,
  agent: string,
  task: string | undefined,
  options: TaskOptions,
): Promise<ExitCode> {
  return task === undefined ? listTasks(io, agent, options) : showTask(io, agent, task, options);
}

async function listTasks(io: Io, agent: string, { state, limit, json }: TaskOptions): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.agents.tasks(agent, { state, limit }));
  if (json) {
    printJson(io, found);
    return 0;
  }
  if (found.tasks.length === 0) {
    printLine(io.stdout, `${agent} has reported no such task.`);
    return 0;
  }
  printTable(
    io,
    ['task', 'state', 'done', 'begun', 'ended', 'session', 'id'].map((title) => ({ title })),
    found.tasks.map(({ id, title, state: now, progress, startedAt, endedAt, session }) => [
      harmless(title),
      now,
      progress === null ? '' : `${progress} %`,
      moment(startedAt),
      moment(endedAt),
      harmless(session ?? ''),
      id,
    ]),
  );
  if (found.next !== null) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there are more'));
  return 0;
}

async function showTask(
  io: Io,
  agent: string,
  taskId: string,
  { state, json }: TaskOptions,
): Promise<ExitCode> {
  if (state !== undefined) throw usageError('--state is of lists', 'Name a task, or a state.');
  const { task, events } = await withBooks(io, async (client) => ({
    task: await client.agents.task(agent, taskId),
    events: (await client.agents.events(agent, taskId)).events,
  }));
  if (json) printJson(io, { ...task, events });
  else printTask(io, task, events);
  return 0;
}

function printTask(io: Io, task: TaskBody, events: readonly AgentEventBody[]): void {
  const paint = paintFor(io.stdout, io.env);
  const progress = task.progress === null ? '' : `, ${task.progress} %`;
  const facts: readonly (readonly [string, string])[] = [
    ['state', `${task.state}${progress}`],
    ...(task.session === null ? [] : [['session', task.session] as const]),
    ['reported', `${moment(task.createdAt)} UTC`],
    ...(task.startedAt === null ? [] : [['begun', `${moment(task.startedAt)} UTC`] as const]),
    ...(task.endedAt === null ? [] : [['ended', `${moment(task.endedAt)} UTC`] as const]),
  ];
  printLine(io.stdout, paint.bold(harmless(task.title)));
  for (const [name, value] of facts)
    printLine(io.stdout, `  ${paint.dim(name.padEnd(8))} ${harmless(value)}`);
  if (task.result !== null) printLine(io.stdout, `\n${harmless(task.result).trimEnd()}`);
  if (events.length > 0) printLine(io.stdout);
  // As it happened.
  for (const { at, kind, message } of events.toReversed())
    printLine(io.stdout, `${paint.dim(`${moment(at)}  ${kind.padEnd(8)}`)}  ${harmless(message ?? '')}`);
}
