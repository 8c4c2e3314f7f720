/** Models that can be asked for now: what they can do, what they cost, and the names that lead to them. */
import { createRoute, z } from '@hono/zod-openapi';
import type { AdminApp, AdminDeps, ModelFacts } from './deps.ts';
import { Count } from './fields.ts';
import { PriceBody, PriceListBody, renderPrice, renderPriceList } from './price-fields.ts';
import { denied } from './problem.ts';

export const Model = z
  .strictObject({
    ref: z.string().openapi({ example: 'anthropic/claude-sonnet-4-5' }),
    kind: z.enum(['model', 'alias', 'route']),
    leadsTo: z.array(z.string()),
    name: z.string().nullable(),
    contextWindow: Count.nullable(),
    maxOutputTokens: Count.nullable(),
    capabilities: z.array(z.string()),
    price: PriceBody.nullable().openapi({ description: 'null = unknown, which is not free' }),
  })
  .openapi('Model');
export type Model = z.infer<typeof Model>;

export const ModelList = z
  .strictObject({ models: z.array(Model), priceList: PriceListBody })
  .openapi('ModelList');
export type ModelList = z.infer<typeof ModelList>;

const route = createRoute({
  method: 'get',
  path: '/models',
  summary: 'Every model, alias and route that can be asked for',
  responses: {
    200: { description: 'The models', content: { 'application/json': { schema: ModelList } } },
    ...denied,
  },
});

export function registerModels(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, (c) => {
    const priceList = renderPriceList(deps.prices.describeList(), deps.clock.now());
    return c.json({ models: deps.describeModels().map(renderModel), priceList }, 200);
  });
}

function renderModel(facts: ModelFacts): Model {
  const { model, price } = facts;
  return {
    ref: facts.ref,
    kind: facts.kind,
    leadsTo: [...facts.leadsTo],
    name: model?.name ?? null,
    contextWindow: model?.contextWindow ?? null,
    maxOutputTokens: model?.maxOutputTokens ?? null,
    capabilities: [...(model?.capabilities ?? [])],
    price: price ? renderPrice(price) : null,
  };
}
