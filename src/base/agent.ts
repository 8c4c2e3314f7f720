/** What an agent of the registry is called, what it may be given to keep, and how a task of it goes on. */
import type { Id } from './ids.ts';
import { parsePromptId } from './prompt-id.ts';

export type AgentId = Id<'agt'>;
export type TaskId = Id<'tsk'>;
export type AgentEventId = Id<'tev'>;

/** In the order in which a task passes through them; it is in one of the last three for ever. */
export const TASK_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** What an agent tells of a task. */
export const REPORT_KINDS = ['note', 'progress', 'tool', 'warning', 'error'] as const;
/** What is kept of an agent: its signs of life, its reports, and each state that a task came into. */
export type AgentEventKind = (typeof REPORT_KINDS)[number] | 'heartbeat' | 'state';

/** As long as a header of plain text may name it. */
export const MAX_AGENT_NAME = 100;
export const MAX_AGENT_DESCRIPTION = 2_000;
/** Characters: a page or ten; the longest that fits the body of a request to the admin API. */
export const MAX_SYSTEM_PROMPT = 50_000;
export const MAX_TASK_TITLE = 300;
export const MAX_TASK_SESSION = 200;
/** A summary; what came of the task itself is kept where it was made. */
export const MAX_TASK_RESULT = 10_000;
export const MAX_EVENT_MESSAGE = 2_000;

/** Of ids of the registry: no name begins so. */
const ID_PREFIX = 'agt_';

export function isAgentId(text: string): boolean {
  return text.startsWith(ID_PREFIX);
}

/**
 * What may stand in the header x-turnpike-agent, and in a budget's scope behind `agent:`; no id, and nothing that
 * another kind of prompt is booked under.
 */
export function isAgentName(name: string): boolean {
  return (
    /^[\x21-\x2b\x2d-\x7e]{1,100}$/.test(name) && name !== '*' && !isAgentId(name) && !parsePromptId(name)
  );
}

export const agentNameHelp = `1 to ${MAX_AGENT_NAME} plain characters without blanks or commas; no id, no agent:… or command:…, and not * alone`;

export function isEnded(state: TaskState): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Forward only: a task may end without having run, and nothing follows an end. The same state again is no step. */
export function mayFollow(before: TaskState, after: TaskState): boolean {
  return before === after || (!isEnded(before) && after !== 'queued');
}

/** Three beats of half a minute. */
const ONLINE_MS = 90_000;
/** A person's pause between two questions to an agent is shorter than this. */
const IDLE_MS = 15 * 60_000;

export const PRESENCES = ['online', 'idle', 'offline'] as const;
export type Presence = (typeof PRESENCES)[number];

/** @param seenAtMs its last sign of life; undefined = there was none */
export function presenceOf(seenAtMs: number | undefined, nowMs: number): Presence {
  if (seenAtMs === undefined) return 'offline';
  const silenceMs = nowMs - seenAtMs;
  if (silenceMs < ONLINE_MS) return 'online';
  return silenceMs < IDLE_MS ? 'idle' : 'offline';
}
