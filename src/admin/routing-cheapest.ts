/** Which models could answer a request of this size and with these needs for the least money. */
import { z } from '@hono/zod-openapi';
import { formatUsd, type NanoUsd } from '../base/money.ts';
import { isChatModel } from '../catalog/capability.ts';
import { CAPABILITIES, type Capability } from '../catalog/model.ts';
import { type Price, priceTokens } from '../catalog/price.ts';
import { passes } from '../catalog/search.ts';
import type { AdminApp, AdminDeps, ModelFacts } from './deps.ts';
import { Count, limitOf, Usd } from './fields.ts';
import { Model, renderModel } from './models.ts';
import { denied, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Of one request; no model reads more. */
const MAX_TOKENS = 100_000_000;
const Tokens = z.coerce.number().int().min(0).max(MAX_TOKENS);
/** A question and an answer as they are usual. */
const USUAL_INPUT_TOKENS = 1_000;
const USUAL_OUTPUT_TOKENS = 500;

const isCapability = (text: string): text is Capability => (CAPABILITIES as readonly string[]).includes(text);
const Capabilities = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
  .refine((names) => names.every(isCapability), `must be some of ${CAPABILITIES.join(', ')}, with commas`)
  .transform((names) => names.filter(isCapability));

export const CheapestBody = z
  .strictObject({
    inputTokens: Count,
    outputTokens: Count,
    capabilities: z.array(z.string()),
    models: z
      .array(z.strictObject({ ref: z.string(), costUsd: Usd, model: Model }))
      .openapi({ description: 'Cheapest first' }),
    unpriced: Count.openapi({ description: 'Models that would do, but whose price nobody knows' }),
  })
  .openapi('Cheapest');
export type CheapestBody = z.infer<typeof CheapestBody>;

const route = adminRoute('viewer', {
  method: 'get',
  path: '/routing/cheapest',
  summary: 'The cheapest reachable models for a need, with what one request would cost',
  request: {
    query: z.strictObject({
      capabilities: Capabilities.openapi({
        type: 'string',
        example: 'tools,vision',
        description: 'What the model must be known to have',
      }),
      input_tokens: Tokens.default(USUAL_INPUT_TOKENS),
      output_tokens: Tokens.default(USUAL_OUTPUT_TOKENS),
      provider: z.string().optional(),
      limit: limitOf(5, 100),
    }),
  },
  responses: {
    200: { description: 'The models', content: { 'application/json': { schema: CheapestBody } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

interface Need {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly capabilities: readonly Capability[];
  readonly provider?: string;
}

export function registerCheapest(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, async (c) => {
    const { capabilities, input_tokens, output_tokens, provider, limit } = c.req.valid('query');
    const need: Need = {
      inputTokens: input_tokens,
      outputTokens: output_tokens,
      capabilities,
      ...(provider !== undefined && { provider }),
    };
    const { models } = await deps.describeModels(true);
    const fit = models.filter((facts) => isFit(facts, need));
    const priced = fit.flatMap((facts) => (facts.price ? [{ facts, cost: costOf(facts.price, need) }] : []));
    priced.sort((a, b) => Number(a.cost - b.cost));
    return c.json(
      {
        inputTokens: need.inputTokens,
        outputTokens: need.outputTokens,
        capabilities: [...capabilities],
        models: priced.slice(0, limit).map(({ facts, cost }) => ({
          ref: facts.ref,
          costUsd: formatUsd(cost),
          model: renderModel(facts),
        })),
        unpriced: fit.length - priced.length,
      },
      200,
    );
  });
}

/** Limits that are not known are taken to be enough, as in routing; capabilities that are not known are not. */
function isFit(facts: ModelFacts, { inputTokens, outputTokens, ...filter }: Need): boolean {
  if (facts.kind !== 'model' || !isChatModel(facts.ref)) return false;
  const { contextWindow, maxOutputTokens } = facts.model ?? {};
  if (contextWindow !== undefined && contextWindow < inputTokens + outputTokens) return false;
  if (maxOutputTokens !== undefined && maxOutputTokens < outputTokens) return false;
  return passes(facts, filter);
}

function costOf(price: Price, { inputTokens, outputTokens }: Need): NanoUsd {
  return priceTokens(price, {
    input: inputTokens,
    output: outputTokens,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
    calls: {},
  }).total;
}
