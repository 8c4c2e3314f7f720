/** Fields of agents, tasks and reports, as the admin API writes and reads them. */
import { z } from '@hono/zod-openapi';
import {
  agentNameHelp,
  isAgentName,
  MAX_AGENT_DESCRIPTION,
  MAX_AGENT_NAME,
  MAX_EVENT_MESSAGE,
  MAX_SYSTEM_PROMPT,
  MAX_TASK_RESULT,
  MAX_TASK_SESSION,
  MAX_TASK_TITLE,
  PRESENCES,
  REPORT_KINDS,
  TASK_STATES,
} from '../base/agent.ts';
import { formatUsd } from '../base/money.ts';
import type { AgentEventRecord } from '../registry/agent-events.ts';
import type { TaskRecord } from '../registry/agent-tasks.ts';
import { LAYERS } from '../route/layers.ts';
import { BudgetBody, NewBudgetBody, renderBudget } from './budgets.ts';
import type { AgentFacts, WholeAgentFacts } from './deps-agents.ts';
import { Count, iso, Usd, When } from './fields.ts';
import { Force, Ref } from './routing-fields.ts';

/** Budgets that an agent is made with: one for each period, and some to spare. */
const MAX_BUDGETS = 10;
/** Files may hold pages of examples in a description. */
const MAX_SHOWN = 500;

/** Text that every database can keep. */
const textUpTo = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !text.includes('\u0000'), 'must not hold the character U+0000');
/** The same on one line: it stands in lists and on terminals. */
const lineUpTo = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'must be one line without control characters');

const Description = textUpTo(MAX_AGENT_DESCRIPTION);
const SystemPrompt = textUpTo(MAX_SYSTEM_PROMPT).openapi({
  description: 'What `turnpike ask --agent` puts above a question',
});

export const NewAgentBody = z
  .strictObject({
    name: z
      .string()
      .max(MAX_AGENT_NAME)
      .refine(isAgentName, `must be ${agentNameHelp}`)
      .openapi({ example: 'oss:code-reviewer', description: 'What keys, budgets and requests name it by' }),
    description: Description.optional(),
    systemPrompt: SystemPrompt.optional(),
    model: Ref.optional().openapi({ description: 'The model it prefers' }),
    force: Force,
    budgets: z
      .array(NewBudgetBody.omit({ scope: true }))
      .max(MAX_BUDGETS)
      .default([])
      .openapi({ description: 'Made with it, all of its own scope' }),
  })
  .openapi('NewAgent');
export type NewAgentBody = z.input<typeof NewAgentBody>;

export const AgentChangeBody = z
  .strictObject({
    description: Description.nullable().optional(),
    systemPrompt: SystemPrompt.nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('AgentChange');
export type AgentChangeBody = z.infer<typeof AgentChangeBody>;

export const AgentModelBody = z
  .strictObject({
    model: Ref.nullable().openapi({ description: 'null = use default: whatever the layers below say' }),
    force: Force,
  })
  .openapi('AgentModel');
export type AgentModelBody = z.input<typeof AgentModelBody>;

const agentFields = {
  id: z.string().openapi({ example: 'agt_01k9…', description: 'Of an agent that a file declares its name' }),
  name: z.string(),
  source: z.enum(['file', 'registry']),
  file: z.string().nullable().openapi({ description: 'Where it is declared' }),
  description: z.string().nullable(),
  preferredModel: z.string().nullable().openapi({ description: 'null = use default' }),
  model: z
    .strictObject({ ref: z.string(), layer: z.enum(LAYERS), source: z.string() })
    .nullable()
    .openapi({ description: 'For a request of it that names no model; null = none is named anywhere' }),
  problem: z
    .string()
    .nullable()
    .openapi({ description: 'Why that model leads nowhere; null = it leads somewhere' }),
  state: z.enum(PRESENCES).openapi({
    description: 'online: seen within 90 seconds; idle: within 15 minutes',
  }),
  lastSeenAt: When.nullable().openapi({
    description:
      'Its last heartbeat or booked request; requests of more than an hour ago to the hour, of more than a month ago to the day',
  }),
  spend: z
    .strictObject({
      monthUsd: Usd,
      monthRequests: Count,
      totalUsd: Usd,
      totalRequests: Count,
      unpriced: Count.openapi({ description: 'Requests of unknown price; they are not in the sums' }),
    })
    .openapi({ description: 'Of everything that was booked under its name; months are those of UTC' }),
  createdAt: When.nullable(),
  createdBy: z.string().nullable(),
  archivedAt: When.nullable(),
};

export const AgentBody = z.strictObject(agentFields).openapi('Agent');
export type AgentBody = z.infer<typeof AgentBody>;

export const WholeAgentBody = z
  .strictObject({
    ...agentFields,
    systemPrompt: z
      .string()
      .nullable()
      .openapi({ description: 'Of an agent that a file declares it is in that file' }),
    budgets: z.array(BudgetBody).openapi({ description: 'Those with the scope agent:<name>' }),
  })
  .openapi('WholeAgent');
export type WholeAgentBody = z.infer<typeof WholeAgentBody>;

const Next = z
  .string()
  .nullable()
  .openapi({ description: 'The `after` of the next page; null = this is the last' });

export const AgentList = z.strictObject({ agents: z.array(AgentBody), next: Next }).openapi('AgentList');
export type AgentList = z.infer<typeof AgentList>;

const State = z.enum(TASK_STATES);
const Title = lineUpTo(MAX_TASK_TITLE);
const Session = lineUpTo(MAX_TASK_SESSION).openapi({
  description: 'As its requests name it in x-turnpike-session: by it the cost of the task is found',
});
const Progress = z.int().min(0).max(100).openapi({ description: 'Per cent' });
const Result = textUpTo(MAX_TASK_RESULT).openapi({ description: 'What came of it, in short' });

export const NewTaskBody = z
  .strictObject({
    title: Title,
    state: State.default('queued'),
    session: Session.optional(),
    progress: Progress.optional(),
    result: Result.optional(),
  })
  .openapi('NewTask');
export type NewTaskBody = z.input<typeof NewTaskBody>;

export const TaskChangeBody = z
  .strictObject({
    title: Title.optional(),
    state: State.optional().openapi({ description: 'Only forward; what has ended stays as it is' }),
    session: Session.optional(),
    progress: Progress.optional(),
    result: Result.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('TaskChange');
export type TaskChangeBody = z.infer<typeof TaskChangeBody>;

export const TaskBody = z
  .strictObject({
    id: z.string().openapi({ example: 'tsk_01k9…' }),
    title: z.string(),
    state: State,
    session: z.string().nullable(),
    progress: z.int().nullable(),
    result: z.string().nullable(),
    createdAt: When,
    updatedAt: When,
    startedAt: When.nullable(),
    endedAt: When.nullable(),
  })
  .openapi('Task');
export type TaskBody = z.infer<typeof TaskBody>;

export const TaskList = z.strictObject({ tasks: z.array(TaskBody), next: Next }).openapi('TaskList');
export type TaskList = z.infer<typeof TaskList>;

const Message = textUpTo(MAX_EVENT_MESSAGE);

export const HeartbeatBody = z.strictObject({ message: Message.optional() }).openapi('Heartbeat');
export type HeartbeatBody = z.infer<typeof HeartbeatBody>;

export const NewTaskEventBody = z
  .strictObject({ kind: z.enum(REPORT_KINDS).default('note'), message: Message })
  .openapi('NewTaskEvent');
export type NewTaskEventBody = z.input<typeof NewTaskEventBody>;

export const AgentEventBody = z
  .strictObject({
    id: z.string().openapi({ example: 'tev_01k9…' }),
    kind: z.enum([...REPORT_KINDS, 'heartbeat', 'state']),
    message: z.string().nullable(),
    at: When,
  })
  .openapi('AgentEvent');
export type AgentEventBody = z.infer<typeof AgentEventBody>;

export const AgentEventList = z
  .strictObject({ events: z.array(AgentEventBody), next: Next })
  .openapi('AgentEventList');
export type AgentEventList = z.infer<typeof AgentEventList>;

export function renderAgent(facts: AgentFacts): AgentBody {
  const { origin, name, preferredModel, effective, problem, seenAtMs, presence, spend } = facts;
  const record = origin.source === 'registry' ? origin.record : undefined;
  const description = origin.source === 'registry' ? origin.record.description : origin.agent.description;
  return {
    id: record?.id ?? name,
    name,
    source: origin.source,
    file: origin.source === 'file' ? origin.agent.file : null,
    description: description?.slice(0, origin.source === 'file' ? MAX_SHOWN : MAX_AGENT_DESCRIPTION) ?? null,
    preferredModel: preferredModel ?? null,
    model: effective
      ? { ref: effective.rule.ref.trim(), layer: effective.layer, source: effective.rule.source }
      : null,
    problem: problem ?? null,
    state: presence,
    lastSeenAt: isoOrNull(seenAtMs),
    spend: {
      monthUsd: formatUsd(spend.month.cost),
      monthRequests: spend.month.entries,
      totalUsd: formatUsd(spend.total.cost),
      totalRequests: spend.total.entries,
      unpriced: spend.total.unpriced,
    },
    createdAt: isoOrNull(record?.createdAtMs),
    createdBy: record?.createdBy ?? null,
    archivedAt: isoOrNull(record?.archivedAtMs),
  };
}

export function renderWhole(facts: WholeAgentFacts): WholeAgentBody {
  const { systemPrompt, budgets } = facts;
  return { ...renderAgent(facts), systemPrompt: systemPrompt ?? null, budgets: budgets.map(renderBudget) };
}

export function renderTask(task: TaskRecord): TaskBody {
  const { id, title, state, session, progress, result } = task;
  return {
    ...{ id, title, state },
    session: session ?? null,
    progress: progress ?? null,
    result: result ?? null,
    createdAt: iso(task.createdAtMs),
    updatedAt: iso(task.updatedAtMs),
    startedAt: isoOrNull(task.startedAtMs),
    endedAt: isoOrNull(task.endedAtMs),
  };
}

export function renderEvent({ id, kind, message, atMs }: AgentEventRecord): AgentEventBody {
  return { id, kind, message: message ?? null, at: iso(atMs) };
}

function isoOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : iso(atMs);
}
