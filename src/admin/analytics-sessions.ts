/** What sessions of clients cost: session, agent, request. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import type { SessionAgent, SessionExchange, SessionSum } from '../ledger/analytics/sessions.ts';
import type { TimeRange } from '../ledger/analytics/spans.ts';
import { readStretch } from './analytics-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, iso, limitOf, rangeQuery, Usd, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { renderSums, sumFields } from './sums.ts';

const MAX_ROWS = 200;

const partFields = {
  exchanges: Count.openapi({ description: 'Requests, however many attempts each took' }),
  firstAt: When,
  lastAt: When,
  ...sumFields,
};

const stretchFields = {
  since: When,
  until: When,
  completeFrom: When.openapi({
    description: 'What was booked before this is not counted: there were too many requests since',
  }),
};

export const SessionListBody = z
  .strictObject({
    ...stretchFields,
    rows: z.array(z.strictObject({ sessionId: z.string(), ...partFields })),
  })
  .openapi('SessionList');
export type SessionListBody = z.infer<typeof SessionListBody>;

const Asked = z.strictObject({
  exchangeId: z.string(),
  startedAt: When,
  attempts: Count,
  model: z.string().openapi({ description: 'Of the last attempt' }),
  status: z.string(),
  costUsd: Usd,
  hasUnknownCost: z.boolean(),
});

export const SessionBody = z
  .strictObject({
    sessionId: z.string(),
    ...stretchFields,
    ...partFields,
    agents: z.array(
      z.strictObject({
        agentId: z.string().openapi({ description: 'Empty = the client named none' }),
        ...partFields,
        requests: z.array(Asked),
      }),
    ),
    isTruncated: z.boolean().openapi({ description: 'Older requests are in the sums, but not listed' }),
  })
  .openapi('SessionTree');
export type SessionBody = z.infer<typeof SessionBody>;

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/sessions',
  summary: 'Sessions of a stretch of time and what they cost in it (default: 7 days)',
  request: {
    query: z.strictObject({
      ...rangeQuery,
      order: z.enum(['cost', 'recent']).default('cost'),
      limit: limitOf(50, MAX_ROWS),
    }),
  },
  responses: {
    200: { description: 'The sessions', content: { 'application/json': { schema: SessionListBody } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const oneRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/sessions/{id}',
  summary: 'One session in a stretch of time (default: 7 days): its agents and their requests',
  request: { params: z.strictObject({ id: z.string().min(1).max(400) }), query: z.strictObject(rangeQuery) },
  responses: {
    200: { description: 'The session', content: { 'application/json': { schema: SessionBody } } },
    400: problemResponse('query_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const USUAL_DAYS = 7;

export function registerSessions(app: AdminApp, { analytics, clock }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { order, limit, ...query } = c.req.valid('query');
    const range = readStretch(query, clock.now(), { days: USUAL_DAYS });
    if ('code' in range) return c.json(problemOf(range), 400);
    const { sessions, completeFromMs } = await analytics.sessions({ ...range, order, limit });
    const rows = sessions.map((row) => ({ sessionId: row.sessionId, ...renderPart(row) }));
    return c.json({ ...renderStretch(range, completeFromMs), rows }, 200);
  });
  app.openapi(oneRoute, async (c) => {
    const { id } = c.req.valid('param');
    const range = readStretch(c.req.valid('query'), clock.now(), { days: USUAL_DAYS });
    if ('code' in range) return c.json(problemOf(range), 400);
    const found = await analytics.session(id, range);
    if (!found) return c.json(problemOf(refuse('record_unknown', `there is no session ${id} then`)), 404);
    const { sessionId, completeFromMs, agents, isTruncated } = found;
    const stretch = renderStretch(range, completeFromMs);
    const shown = agents.map(renderAgent);
    return c.json({ sessionId, ...stretch, ...renderPart(found), agents: shown, isTruncated }, 200);
  });
}

function renderStretch({ sinceMs, untilMs }: TimeRange, completeFromMs: number) {
  return { since: iso(sinceMs), until: iso(untilMs), completeFrom: iso(completeFromMs) };
}

function renderPart(part: Omit<SessionSum, 'sessionId'>) {
  const { exchanges, firstMs, lastMs } = part;
  return { exchanges, firstAt: iso(firstMs), lastAt: iso(lastMs), ...renderSums(part) };
}

function renderAgent(agent: SessionAgent) {
  return { agentId: agent.agentId, ...renderPart(agent), requests: agent.requests.map(renderRequest) };
}

function renderRequest({ startedAtMs, cost, ...request }: SessionExchange) {
  return { ...request, startedAt: iso(startedAtMs), costUsd: formatUsd(cost) };
}
