/** Models that can be asked for now: what they can do, what they cost, and the names that lead to them. */
import { z } from '@hono/zod-openapi';
import { readPerMillion } from '../base/rates.ts';
import type { Capability } from '../catalog/model.ts';
import { nanoPerMillion } from '../catalog/price.ts';
import { isFree, type SearchFilter, search } from '../catalog/search.ts';
import type { AdminApp, AdminDeps, ModelFacts, ModelListing } from './deps.ts';
import { Count, iso, When } from './fields.ts';
import { PriceBody, PriceListBody, renderPrice, renderPriceList } from './price-fields.ts';
import { denied, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export const Model = z
  .strictObject({
    ref: z.string().openapi({ example: 'anthropic/claude-sonnet-4-5' }),
    kind: z.enum(['model', 'alias', 'route']),
    leadsTo: z.array(z.string()),
    provider: z.string().nullable().openapi({ description: 'null = it is an alias or a route' }),
    name: z.string().nullable(),
    contextWindow: Count.nullable(),
    maxOutputTokens: Count.nullable(),
    capabilities: z.array(z.string()).openapi({ description: 'Known to be there' }),
    lacks: z.array(z.string()).openapi({ description: 'Known not to be there; the rest is not known' }),
    isLocal: z.boolean().openapi({ description: "Runs on the operator's own machines" }),
    isFree: z.boolean().openapi({ description: 'Every token and request costs an explicit zero' }),
    isLive: z.boolean().openapi({ description: 'Its provider lists it right now' }),
    price: PriceBody.nullable().openapi({ description: 'null = unknown, which is not free' }),
  })
  .openapi('Model');
export type Model = z.infer<typeof Model>;

const LiveListBody = z.strictObject({
  provider: z.string(),
  models: Count,
  listedAt: When.nullable().openapi({ description: 'null = it was never read' }),
  problem: z.string().nullable().openapi({ description: 'Why the last reading failed' }),
});

export const ModelList = z
  .strictObject({
    models: z.array(Model),
    lists: z.array(LiveListBody).openapi({ description: 'Lists of providers that were asked for theirs' }),
    priceList: PriceListBody,
  })
  .openapi('ModelList');
export type ModelList = z.infer<typeof ModelList>;

const Switch = z.enum(['true', 'false']).transform((text) => text === 'true');
const only = (what: string) =>
  Switch.optional().openapi({ type: 'boolean', description: `Only models ${what}` });

/** Longer than any name. */
const MAX_QUERY_LENGTH = 400;

const query = z.strictObject({
  q: z
    .string()
    .max(MAX_QUERY_LENGTH)
    .default('')
    .openapi({ description: 'Words that ref or name must have' }),
  free: only('that cost an explicit zero'),
  tools: only('known to call tools'),
  vision: only('known to see images'),
  thinking: only('known to think'),
  max_price: z
    .string()
    .refine((text) => readPerMillion(text) !== undefined, 'must be US dollars as a plain decimal')
    .optional()
    .openapi({ description: 'US dollars per million tokens that neither input nor output costs more than' }),
  provider: z.string().max(MAX_QUERY_LENGTH).optional(),
  live: Switch.default(true).openapi({
    type: 'boolean',
    description: 'Ask OpenRouter and Ollama for their own lists where the last ones are a minute old',
  }),
});
type Query = z.infer<typeof query>;

const route = adminRoute('viewer', {
  method: 'get',
  path: '/models',
  summary: 'Every model, alias and route that can be asked for',
  request: { query },
  responses: {
    200: {
      description: 'The models; with words, the best match first',
      content: { 'application/json': { schema: ModelList } },
    },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

export function registerModels(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, async (c) => {
    const asked = c.req.valid('query');
    const { models, lists } = await deps.describeModels(asked.live);
    const priceList = renderPriceList(deps.prices.describeList(), deps.clock.now());
    const shown = lists.filter(({ provider }) => provider === (asked.provider ?? provider));
    return c.json(
      { models: select(models, asked).map(renderModel), lists: shown.map(renderList), priceList },
      200,
    );
  });
}

/** Aliases and routes are names: words find them, but what a model must be like does not hold for them. */
function select(models: readonly ModelFacts[], asked: Query): readonly ModelFacts[] {
  const filter = filterOf(asked);
  const isPicky = Object.keys(filter).length > 0;
  return search(isPicky ? models.filter(({ kind }) => kind === 'model') : models, asked.q, filter);
}

function filterOf({ free, tools, vision, thinking, max_price, provider }: Query): SearchFilter {
  const wanted = { tools, vision, thinking };
  const capabilities = (Object.keys(wanted) as (Capability & keyof typeof wanted)[]).filter(
    (capability) => wanted[capability],
  );
  return {
    ...(free && { free }),
    ...(capabilities.length > 0 && { capabilities }),
    ...(max_price !== undefined && { maxRate: nanoPerMillion(readPerMillion(max_price)!) }),
    ...(provider !== undefined && { provider }),
  };
}

export function renderModel(facts: ModelFacts): Model {
  const { model, price } = facts;
  return {
    ref: facts.ref,
    kind: facts.kind,
    leadsTo: [...facts.leadsTo],
    provider: facts.provider ?? null,
    name: model?.name ?? null,
    contextWindow: model?.contextWindow ?? null,
    maxOutputTokens: model?.maxOutputTokens ?? null,
    capabilities: [...(model?.capabilities ?? [])],
    lacks: [...(model?.lacks ?? [])],
    isLocal: facts.isLocal ?? false,
    isFree: isFree(price),
    isLive: facts.isLive ?? false,
    price: price ? renderPrice(price) : null,
  };
}

function renderList({ provider, models, listedAtMs, problem }: ModelListing['lists'][number]) {
  return {
    provider,
    models: models.length,
    listedAt: listedAtMs === undefined ? null : iso(listedAtMs),
    problem: problem ?? null,
  };
}
