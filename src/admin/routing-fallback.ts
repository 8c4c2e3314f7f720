/** Who stands in when a model fails: the settings, the chains, and who would be tried for one model. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { ChainFacts, FallbackFacts } from './deps-routing.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { acceptSlashes, Force, Ref, Refs, renderStandIn, StandInBody } from './routing-fields.ts';

export const FallbackSettingsBody = z
  .strictObject({
    isEnabled: z.boolean().openapi({
      description: 'Others than the chosen model may answer: chains and the default count',
    }),
    allowsNamed: z.boolean().openapi({ description: "What a prompt's own rule names to be tried counts" }),
    onContentFilter: z.boolean(),
    default: StandInBody.nullable(),
  })
  .openapi('FallbackSettings');
export type FallbackSettingsBody = z.infer<typeof FallbackSettingsBody>;

export const FallbackChainBody = z
  .strictObject({
    model: z
      .string()
      .openapi({ example: 'anthropic/claude-sonnet-4-5', description: 'As the catalog files it' }),
    standIns: z.array(StandInBody).openapi({ description: 'In order; none = nobody stands in for it' }),
    source: z.string().openapi({ example: 'built-in' }),
  })
  .openapi('FallbackChain');
export type FallbackChainBody = z.infer<typeof FallbackChainBody>;

export const FallbackChainList = z
  .strictObject({ isEnabled: z.boolean(), chains: z.array(FallbackChainBody) })
  .openapi('FallbackChainList');
export type FallbackChainList = z.infer<typeof FallbackChainList>;

export const NewFallbackChainBody = z
  .strictObject({
    refs: Refs.openapi({ description: 'In order; an empty list = nobody stands in for it' }),
    force: Force,
  })
  .openapi('NewFallbackChain');
export type NewFallbackChainBody = z.input<typeof NewFallbackChainBody>;

export const UnsetFallbackChain = z
  .strictObject({ model: z.string(), was: z.array(z.string()), now: FallbackChainBody.nullable() })
  .openapi('UnsetFallbackChain');
export type UnsetFallbackChain = z.infer<typeof UnsetFallbackChain>;

export const FallbackBody = FallbackSettingsBody.extend({
  tried: z
    .array(
      StandInBody.extend({
        by: z.enum(['ref', 'chain', 'default']),
        source: z.string(),
      }),
    )
    .nullable()
    .openapi({ description: 'Who would be tried for `model`, in order, before health and filters' }),
}).openapi('Fallback');
export type FallbackBody = z.infer<typeof FallbackBody>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const params = z.strictObject({ model: Ref });

const settingsRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/fallback',
  summary: 'Whether others may answer, and who would for a model',
  request: { query: z.strictObject({ model: Ref.optional() }) },
  responses: { 200: json('The settings', FallbackBody), 400: problemResponse('query_invalid'), ...denied },
});

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/fallback-chains',
  summary: 'Every fallback chain: set here, of files, and built in',
  responses: { 200: json('The chains', FallbackChainList), ...denied },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/fallback-chain/{model}',
  summary: 'The fallback chain of a model',
  request: { params },
  responses: { 200: json('The chain', FallbackChainBody), 404: problemResponse('record_unknown'), ...denied },
});

const setRoute = adminRoute('operator', {
  method: 'put',
  path: '/routing/fallback-chain/{model}',
  summary: 'Set the fallback chain of a model, whoever serves it',
  request: { params, body: { required: true, ...json('The chain', NewFallbackChainBody) } },
  responses: {
    200: json('The chain', FallbackChainBody),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const unsetRoute = adminRoute('operator', {
  method: 'delete',
  path: '/routing/fallback-chain/{model}',
  summary: 'Take away the chain that was set; what files say, or what is built in, holds again',
  request: { params },
  responses: {
    200: json('What it was, and what holds now', UnsetFallbackChain),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

export function registerFallback(app: AdminApp, { routing }: AdminDeps): void {
  app.openapi(settingsRoute, (c) => {
    const { model } = c.req.valid('query');
    const settings = renderFallback(routing.fallback());
    if (model === undefined) return c.json({ ...settings, tried: null }, 200);
    const found = routing.whoAnswers(model);
    if (!found.ok) return c.json(problemOf(refuse('query_invalid', `model: ${found.message}`)), 400);
    const tried = found.tried.map((one) => ({ ...renderStandIn(one), by: one.by, source: one.source }));
    return c.json({ ...settings, tried }, 200);
  });
  app.openapi(listRoute, (c) => {
    const { isEnabled } = routing.fallback();
    return c.json({ isEnabled, chains: routing.chains().map(renderChain) }, 200);
  });
  app.openapi(showRoute, (c) => {
    const { model } = c.req.valid('param');
    const chain = routing.chain(model);
    if (!chain) return c.json(problemOf(refuse('record_unknown', `nobody stands in for ${model}`)), 404);
    return c.json(renderChain(chain), 200);
  });
  app.openapi(setRoute, async (c) => {
    const { refs, force } = c.req.valid('json');
    const set = await routing.setChain(c.req.valid('param').model, refs, force);
    if (set.kind === 'unreachable') return c.json(problemOf(refuse('body_invalid', set.message)), 400);
    return c.json(renderChain(set.facts), 200);
  });
  app.openapi(unsetRoute, async (c) => {
    const { model } = c.req.valid('param');
    const answer = await routing.unsetChain(model);
    if (!answer) return c.json(problemOf(refuse('record_unknown', `no chain was set of ${model}`)), 404);
    const { was, now } = answer;
    return c.json({ model: answer.model, was: [...was], now: now ? renderChain(now) : null }, 200);
  });
  acceptSlashes(app, '/routing/fallback-chain/');
}

export function renderFallback(facts: FallbackFacts): FallbackSettingsBody {
  const { isEnabled, allowsNamed, onContentFilter, default: last } = facts;
  return { isEnabled, allowsNamed, onContentFilter, default: last ? renderStandIn(last) : null };
}

function renderChain({ model, standIns, source }: ChainFacts): FallbackChainBody {
  return { model, standIns: standIns.map(renderStandIn), source };
}
