/** Rate limits: list with what is used now, make, change, delete. */
import { z } from '@hono/zod-openapi';
import {
  DEFAULT_BURST_SECONDS,
  hasFigures,
  MAX_BURST_SECONDS,
  maxRateFigures,
  type RateFigure,
  type RateLimitChange,
  type RateLimitTerms,
  rateFigures,
  rateFiguresHelp,
  rateScopeHelp,
  readRateScope,
  writeRateScope,
} from '../base/rate-limit.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { AdminApp, AdminDeps, RateLimitAnswer, RateLimitFacts } from './deps.ts';
import { Count, iso, limitOf, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer. */
const MAX_ROWS = 1_000;

const Scope = z
  .string()
  .max(400)
  .refine((text) => readRateScope(text) !== undefined, `must be ${rateScopeHelp}`)
  .openapi({ example: 'key:*', description: rateScopeHelp });
const Burst = z.int().min(1).max(MAX_BURST_SECONDS).openapi({
  example: DEFAULT_BURST_SECONDS,
  description: "How much may come at once, in seconds of the rate: 60 is a full minute's worth",
});

/** One schema for each figure. */
function figures<T extends z.ZodType>(make: (most: number) => T): Record<RateFigure, T> {
  const entries = rateFigures.map((figure) => [figure, make(maxRateFigures[figure])]);
  return Object.fromEntries(entries) as Record<RateFigure, T>;
}

/** What is limited, and how much of it may come at once. */
export const rateFields = {
  ...figures((most) => z.int().min(1).max(most).optional()),
  burstSeconds: Burst.optional(),
};
type RateFields = z.infer<z.ZodObject<typeof rateFields>>;

export const NewRateLimitBody = z
  .strictObject({ scope: Scope, ...rateFields })
  .refine((body) => hasFigures(body), { error: rateFiguresHelp, when: hasNoIssues })
  .openapi('NewRateLimit');
export type NewRateLimitBody = z.infer<typeof NewRateLimitBody>;

export const RateLimitChangeBody = z
  .strictObject({
    ...figures((most) =>
      z.int().min(1).max(most).nullable().optional().openapi({ description: 'null = no longer limited' }),
    ),
    burstSeconds: Burst.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('RateLimitChange');
export type RateLimitChangeBody = z.infer<typeof RateLimitChangeBody>;

function hasNoIssues({ issues }: { readonly issues: readonly unknown[] }): boolean {
  return issues.length === 0;
}

export const RateUseBody = z
  .strictObject({
    subject: z.string().openapi({ description: 'The value it is counted for', example: 'key_01k9…' }),
    metric: z.enum(['requests', 'input-tokens', 'output-tokens', 'streams']),
    limit: Count.openapi({ description: 'Of this value: the strictest, where several count it' }),
    used: Count.openapi({ description: 'What has not come back yet; of streams, how many are under way' }),
    fullAt: When.nullable().openapi({ description: 'When all of it will be there again' }),
  })
  .openapi('RateUse');

export const RateLimitBody = z
  .strictObject({
    id: z.string().openapi({ example: 'lim_01k9…' }),
    scope: z.string(),
    ...figures(() => z.int().nullable()),
    burstSeconds: z.int(),
    version: z.int(),
    source: z.enum(['file', 'api']),
    createdAt: When,
    uses: z.array(RateUseBody).openapi({ description: 'Now, what comes back last first' }),
    useCount: Count.openapi({ description: 'Values and metrics in use, shown or not' }),
  })
  .openapi('RateLimit');
export type RateLimitBody = z.infer<typeof RateLimitBody>;

export const RateLimitList = z
  .strictObject({ rateLimits: z.array(RateLimitBody), isTruncated: z.boolean() })
  .openapi('RateLimitList');
export type RateLimitList = z.infer<typeof RateLimitList>;

const one = (description: string) => ({
  description,
  content: { 'application/json': { schema: RateLimitBody } },
});
const params = z.strictObject({ id: z.string().max(100) });

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/rate-limits',
  summary: 'Rate limits by scope, with what is used of them now',
  request: { query: z.strictObject({ limit: limitOf(200, MAX_ROWS) }) },
  responses: {
    200: { description: 'The rate limits', content: { 'application/json': { schema: RateLimitList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const createRateLimitRoute = adminRoute('admin', {
  method: 'post',
  path: '/rate-limits',
  summary: 'Make a rate limit; a scope has at most one',
  request: { body: { required: true, content: { 'application/json': { schema: NewRateLimitBody } } } },
  responses: { 201: one('The rate limit'), 400: problemResponse('body_invalid'), ...denied },
});

const changed = {
  400: problemResponse('body_invalid'),
  404: problemResponse('record_unknown'),
  409: problemResponse('rate_limit_fixed'),
  ...denied,
};

const changeRoute = adminRoute('admin', {
  method: 'patch',
  path: '/rate-limits/{id}',
  summary: 'Change a rate limit; what is used of it stays used',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: RateLimitChangeBody } } },
  },
  responses: { 200: one('The rate limit as it is now'), ...changed },
});

const removeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/rate-limits/{id}',
  summary: 'Delete a rate limit: it limits nothing any more',
  request: { params },
  responses: { 200: one('What it was'), ...changed },
});

export function registerRateLimits(app: AdminApp, { rateLimits }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit } = c.req.valid('query');
    const found = await rateLimits.list(limit + 1);
    const shown = found.slice(0, limit).map(renderRateLimit);
    return c.json({ rateLimits: shown, isTruncated: found.length > limit }, 200);
  });
  app.openapi(createRateLimitRoute, async (c) => {
    const body = c.req.valid('json');
    const answer = await rateLimits.create(termsOf(body));
    if (answer.kind === 'done') return c.json(renderRateLimit(answer.facts), 201);
    return c.json(problemOf(invalid(answer, body.scope)), 400);
  });
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answer = await rateLimits.change(id, c.req.valid('json') as RateLimitChange);
    if (answer.kind === 'done') return c.json(renderRateLimit(answer.facts), 200);
    if (answer.kind === 'unknown') return c.json(problemOf(unknown(id)), 404);
    if (answer.kind === 'declared') return c.json(problemOf(declared(id)), 409);
    return c.json(problemOf(invalid(answer, id)), 400);
  });
  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answer = await rateLimits.remove(id);
    if (answer.kind === 'done') return c.json(renderRateLimit(answer.facts), 200);
    if (answer.kind === 'declared') return c.json(problemOf(declared(id)), 409);
    return c.json(problemOf(unknown(id)), 404);
  });
}

const unknown = (id: string): Refusal => refuse('record_unknown', `there is no rate limit ${id}`);
const declared = (id: string): Refusal =>
  refuse('rate_limit_fixed', `the rate limit ${id} is declared in a configuration file`);

function invalid({ kind }: RateLimitAnswer, scope: string): Refusal {
  if (kind === 'scope_taken')
    return refuse('body_invalid', `scope: there is a rate limit of ${scope} already`);
  return refuse('body_invalid', rateFiguresHelp);
}

/** The schema has let only a scope through that can be read. */
function termsOf({ scope, ...rest }: NewRateLimitBody): RateLimitTerms {
  return { ...unscopedRateOf(rest), scope: readRateScope(scope)! };
}

/** Of a rate limit whose scope is what it is made with. */
export function unscopedRateOf({ burstSeconds, ...rest }: RateFields): Omit<RateLimitTerms, 'scope'> {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), burstSeconds: burstSeconds ?? DEFAULT_BURST_SECONDS };
}

function renderRateLimit({ rateLimit, uses, count }: RateLimitFacts): RateLimitBody {
  return {
    id: rateLimit.id,
    scope: writeRateScope(rateLimit.scope),
    requestsPerMinute: rateLimit.requestsPerMinute ?? null,
    inputTokensPerMinute: rateLimit.inputTokensPerMinute ?? null,
    outputTokensPerMinute: rateLimit.outputTokensPerMinute ?? null,
    concurrent: rateLimit.concurrent ?? null,
    burstSeconds: rateLimit.burstSeconds,
    version: rateLimit.version,
    source: rateLimit.source,
    createdAt: iso(rateLimit.createdAtMs),
    uses: uses.map(({ subject, metric, limit, used, fullAtMs }) => ({
      subject,
      metric,
      limit,
      used,
      fullAt: fullAtMs === undefined ? null : iso(fullAtMs),
    })),
    useCount: count,
  };
}
