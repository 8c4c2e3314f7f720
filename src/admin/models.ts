/** Models that can be asked for now: what they can do, what they cost, and the names that lead to them. */
import { createRoute, z } from '@hono/zod-openapi';
import { ceilToNano, formatUsd, type PicoUsd } from '../base/money.ts';
import type { Price, Rates } from '../catalog/price.ts';
import type { AdminApp, AdminDeps, ModelFacts } from './deps.ts';
import { Count, iso, Usd, When } from './fields.ts';
import { denied } from './problem.ts';

const PriceTier = z.strictObject({
  aboveInputTokens: Count,
  usdPerMillion: z.record(z.string(), Usd).openapi({ example: { input: '3.00', output: '15.00' } }),
  usdPerCall: z.record(z.string(), Usd),
  usdPerRequest: Usd.nullable(),
});

export const Model = z
  .strictObject({
    ref: z.string().openapi({ example: 'anthropic/claude-sonnet-4-5' }),
    kind: z.enum(['model', 'alias', 'route']),
    leadsTo: z.array(z.string()),
    name: z.string().nullable(),
    contextWindow: Count.nullable(),
    maxOutputTokens: Count.nullable(),
    capabilities: z.array(z.string()),
    price: z
      .strictObject({ source: z.string(), effectiveFrom: When, tiers: z.array(PriceTier) })
      .nullable()
      .openapi({ description: 'null = unknown, which is not free' }),
  })
  .openapi('Model');
export type Model = z.infer<typeof Model>;

export const ModelList = z.strictObject({ models: z.array(Model) }).openapi('ModelList');
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
  app.openapi(route, (c) => c.json({ models: deps.describeModels().map(renderModel) }, 200));
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

function renderPrice(price: Price) {
  return {
    source: price.source,
    effectiveFrom: iso(price.effectiveFromMs),
    tiers: price.tiers.map(({ aboveInputTokens, rates }) => ({
      aboveInputTokens,
      usdPerMillion: perMillion(rates),
      usdPerCall: Object.fromEntries(
        Object.entries(rates.calls ?? {}).map(([tool, pico]) => [tool, usdEach(pico)]),
      ),
      usdPerRequest: rates.perRequest === undefined ? null : usdEach(rates.perRequest),
    })),
  };
}

/** Token rates only, under the names of `Rates`. */
function perMillion({ calls: _calls, perRequest: _perRequest, ...tokens }: Rates): Record<string, string> {
  const known = Object.entries(tokens).filter((entry): entry is [string, PicoUsd] => entry[1] !== undefined);
  // A pico-dollar per token is a micro-dollar, or a thousand nano-dollars, per million.
  return Object.fromEntries(known.map(([name, pico]) => [name, formatUsd(BigInt(pico) * 1000n)]));
}

function usdEach(pico: PicoUsd): string {
  return formatUsd(ceilToNano(BigInt(pico)));
}
