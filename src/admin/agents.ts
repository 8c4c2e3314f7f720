/** Agents: those that files declare and those of the registry, in one list; make, change, archive, and which model they prefer. */
import { z } from '@hono/zod-openapi';
import { PRESENCES } from '../base/agent.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { AgentPlace } from '../registry/agents.ts';
import {
  AgentChangeBody,
  AgentList,
  AgentModelBody,
  NewAgentBody,
  renderAgent,
  renderWhole,
  WholeAgentBody,
} from './agent-fields.ts';
import { placeOf } from './agents-desk.ts';
import { unscopedTermsOf } from './budgets.ts';
import { callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { AgentAnswer } from './deps-agents.ts';
import { limitOf } from './fields.ts';
import { isKeepable } from './keepable.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer: each has its spend and its model worked out. */
const MAX_ROWS = 200;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
/** An id, or the name of one that is not archived. */
export const agentParams = z.strictObject({
  id: z.string().max(300),
});

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/agents',
  summary: 'Agents by name, with when each was last seen and what it spent',
  request: {
    query: z.strictObject({
      q: z.string().min(1).max(100).optional().openapi({ description: 'In the name, in any case' }),
      source: z.enum(['file', 'registry']).optional(),
      state: z.enum(PRESENCES).optional(),
      archived: z.enum(['true', 'false']).default('false').openapi({ description: 'Archived ones too' }),
      limit: limitOf(50, MAX_ROWS),
      after: z.string().max(2_000).optional(),
    }),
  },
  responses: { 200: json('The agents', AgentList), 400: problemResponse('query_invalid'), ...denied },
});

const findRoute = adminRoute('viewer', {
  method: 'get',
  path: '/agents/{id}',
  summary: 'One agent by its id or name, with its system prompt and its budgets',
  request: { params: agentParams },
  responses: { 200: json('The agent', WholeAgentBody), 404: problemResponse('record_unknown'), ...denied },
});

const createRoute = adminRoute('admin', {
  method: 'post',
  path: '/agents',
  summary: 'Make an agent, with its budgets or not at all',
  request: { body: { required: true, ...json('The agent', NewAgentBody) } },
  responses: {
    201: json('The agent', WholeAgentBody),
    400: problemResponse('body_invalid'),
    409: problemResponse('agents_full'),
    ...denied,
  },
});

const changed = {
  200: json('The agent as it is now', WholeAgentBody),
  404: problemResponse('record_unknown'),
  409: problemResponse('agent_fixed'),
  ...denied,
};

const changeRoute = adminRoute('admin', {
  method: 'patch',
  path: '/agents/{id}',
  summary: 'Change what is said of an agent; another name is another agent',
  request: { params: agentParams, body: { required: true, ...json('What to change', AgentChangeBody) } },
  responses: { ...changed, 400: problemResponse('body_invalid') },
});

const modelRoute = adminRoute('admin', {
  method: 'put',
  path: '/agents/{id}/model',
  summary:
    'The model that an agent prefers; null = use default. Of an agent that a file declares it is a rule on top',
  request: { params: agentParams, body: { required: true, ...json('The model', AgentModelBody) } },
  responses: { ...changed, 400: problemResponse('body_invalid') },
});

const archiveRoute = adminRoute('admin', {
  method: 'delete',
  path: '/agents/{id}',
  summary: 'Archive an agent: it counts no more; what was booked for it stays, and so do its budgets',
  request: { params: agentParams },
  responses: changed,
});

export function registerAgents(app: AdminApp, { agents }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { q, source, state, archived, limit, after: text } = c.req.valid('query');
    const after = text === undefined ? undefined : readPlace(text);
    if (text !== undefined && !after) {
      return c.json(problemOf(refuse('query_invalid', 'after: is no place that this list has named')), 400);
    }
    const search = { after, text: q, source, presence: state, withArchived: archived === 'true' };
    const found = await agents.list({ ...search, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last ? writePlace(placeOf(last.origin)) : null;
    return c.json({ agents: shown.map(renderAgent), next }, 200);
  });
  app.openapi(findRoute, async (c) => {
    const { id } = c.req.valid('param');
    const facts = await agents.find(id);
    return facts ? c.json(renderWhole(facts), 200) : c.json(problemOf(noAgent(id)), 404);
  });
  app.openapi(createRoute, async (c) => {
    const { name, description, systemPrompt, model, force, budgets } = c.req.valid('json');
    const terms = {
      name,
      ...(description !== undefined && { description }),
      ...(systemPrompt !== undefined && { systemPrompt }),
      ...(model !== undefined && { preferredModel: model }),
    };
    const wanted = budgets.map((budget) => {
      const named = unscopedTermsOf(budget);
      return { ...named, name: named.name ?? `agent:${name} ${budget.period}` };
    });
    const answer = await agents.create(terms, wanted, { by: callerOf(c).id, force });
    if (answer.kind === 'done') return c.json(renderWhole(answer.facts), 201);
    const refusal = refusalOf(answer, name);
    return refusal.code === 'agents_full' ? c.json(problemOf(refusal), 409) : c.json(problemOf(refusal), 400);
  });
  registerChanges(app, agents);
}

function registerChanges(app: AdminApp, agents: AdminDeps['agents']): void {
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { description, systemPrompt } = c.req.valid('json');
    const answer = await agents.change(id, {
      ...(description !== undefined && { description }),
      ...(systemPrompt !== undefined && { systemPrompt }),
    });
    if (answer.kind === 'done') return c.json(renderWhole(answer.facts), 200);
    return c.json(problemOf(refusalOf(answer, id)), statusOf(answer));
  });
  app.openapi(modelRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { model, force } = c.req.valid('json');
    const answer = await agents.prefer(id, model ?? undefined, force);
    if (answer.kind === 'done') return c.json(renderWhole(answer.facts), 200);
    return c.json(problemOf(refusalOf(answer, id)), statusOf(answer));
  });
  app.openapi(archiveRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answer = await agents.archive(id);
    if (answer.kind === 'done') return c.json(renderWhole(answer.facts), 200);
    return c.json(problemOf(refusalOf(answer, id)), answer.kind === 'unknown' ? 404 : 409);
  });
}

export function noAgent(id: string): Refusal {
  return refuse('record_unknown', `there is no agent ${id.slice(0, 100)}`);
}

type Refused = Exclude<AgentAnswer, { kind: 'done' }>;

const reasons: Readonly<Record<Exclude<Refused['kind'], 'unreachable'>, (which: string) => Refusal>> = {
  unknown: noAgent,
  archived: (which) => refuse('agent_fixed', `the agent ${which} is archived`),
  declared: (which) =>
    refuse(
      'agent_fixed',
      `the agent ${which} is declared in a file; one that is made by its name comes before it`,
    ),
  name_taken: (which) => refuse('body_invalid', `name: another agent is called "${which}"`),
  budget_taken: () => refuse('body_invalid', 'budgets: one of these names is that of another budget'),
  too_many: () => refuse('agents_full', 'the workspace has as many agents as it may have'),
};

export function refusalOf(answer: Refused, which: string): Refusal {
  return answer.kind === 'unreachable'
    ? refuse('body_invalid', answer.message)
    : reasons[answer.kind](which.slice(0, 100));
}

function statusOf({ kind }: Refused): 400 | 404 | 409 {
  if (kind === 'unreachable') return 400;
  return kind === 'unknown' ? 404 : 409;
}

function writePlace({ name, id }: AgentPlace): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url');
}

function readPlace(text: string): AgentPlace | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(value)) return undefined;
    const [name, id] = value as unknown[];
    const isPlace = typeof name === 'string' && typeof id === 'string' && isKeepable(name + id);
    return isPlace ? { name, id } : undefined;
  } catch {
    return undefined;
  }
}
