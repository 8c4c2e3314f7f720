/** Prices: the list behind them, the operator's own, what a model costs now, and pricing entries anew. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import {
  EVERY,
  isServiceTier,
  MAX_CALL_RATES,
  MAX_MODEL_LENGTH,
  MAX_PRICE_TIERS,
  MAX_PROVIDER_LENGTH,
  type PriceTerms,
  serviceTierHelp,
} from '../base/price-terms.ts';
import {
  areTiers,
  eachHelp,
  FREE_RATES,
  type PriceTier,
  perMillionHelp,
  type Rates,
  readEach,
  readPerMillion,
  tokenRates,
} from '../base/rates.ts';
import { refuse } from '../base/refusal.ts';
import type { ReratePlan } from '../ledger/rerate.ts';
import type { PriceOverrideRecord } from '../registry/prices.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { PricedModel } from './deps-prices.ts';
import { Count, iso, Moment, readRange, Usd, When } from './fields.ts';
import {
  PriceBody,
  PriceListBody,
  PriceTierBody,
  renderPrice,
  renderPriceList,
  renderTier,
} from './price-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const PerMillion = z
  .string()
  .max(40)
  .refine((text) => readPerMillion(text) !== undefined, `must be ${perMillionHelp}`);
const Each = z
  .string()
  .max(40)
  .refine((text) => readEach(text) !== undefined, `must be ${eachHelp}`);

const NewTier = z.strictObject({
  aboveInputTokens: z.int().nonnegative().default(0),
  usdPerMillion: z
    .strictObject(
      Object.fromEntries(tokenRates.map((name) => [name, PerMillion.optional()])) as Record<
        (typeof tokenRates)[number],
        z.ZodOptional<typeof PerMillion>
      >,
    )
    .refine(({ input, output }) => input !== undefined && output !== undefined, 'must name input and output'),
  usdPerCall: z
    .record(z.string().min(1).max(100), Each)
    .refine(
      (calls) => Object.keys(calls).length <= MAX_CALL_RATES,
      `must not name more than ${MAX_CALL_RATES}`,
    )
    .optional(),
  usdPerRequest: Each.optional(),
});

export const NewPriceBody = z
  .strictObject({
    provider: z.string().min(1).max(MAX_PROVIDER_LENGTH).openapi({ example: 'openai' }),
    model: z
      .string()
      .min(1)
      .max(MAX_MODEL_LENGTH)
      .openapi({ example: 'gpt-4o', description: 'As the provider calls it; * = all of its models' }),
    serviceTier: z
      .string()
      .refine(isServiceTier, `must be ${serviceTierHelp}`)
      .default(EVERY)
      .openapi({ description: serviceTierHelp }),
    effectiveFrom: Moment.optional().openapi({ description: 'Default: now' }),
    isFree: z.boolean().default(false),
    tiers: z.array(NewTier).max(MAX_PRICE_TIERS).default([]),
  })
  .refine(
    ({ isFree, tiers }) => isFree === (tiers.length === 0),
    'tiers: must be there, unless isFree is true',
  )
  .refine(
    ({ isFree, tiers }) => isFree || areTiers(tiers.map(tierOf)),
    'tiers: aboveInputTokens must rise from 0',
  )
  .openapi('NewPrice');
export type NewPriceBody = z.input<typeof NewPriceBody>;

export const PriceOverrideBody = z
  .strictObject({
    id: z.string().openapi({ example: 'ovr_01k9…' }),
    provider: z.string(),
    model: z.string(),
    serviceTier: z.string(),
    effectiveFrom: When,
    until: When.nullable().openapi({ description: 'When it held no more; null = it holds on' }),
    tiers: z.array(PriceTierBody),
    source: z.enum(['file', 'api']),
    createdAt: When,
    archivedAt: When.nullable(),
  })
  .openapi('PriceOverride');
export type PriceOverrideBody = z.infer<typeof PriceOverrideBody>;

export const Prices = z
  .strictObject({ list: PriceListBody, overrides: z.array(PriceOverrideBody) })
  .openapi('Prices');
export type Prices = z.infer<typeof Prices>;

export const PricedModelBody = z
  .strictObject({
    ref: z.string(),
    effective: z.array(
      z.strictObject({
        serviceTier: z.string(),
        price: PriceBody.nullable().openapi({
          description: 'null = unknown; of a tier without a price of its own the standard one',
        }),
      }),
    ),
    overrides: z.array(PriceOverrideBody).openapi({ description: 'Ended ones too' }),
    listed: z.array(PriceBody).openapi({ description: 'Of the list, by date' }),
    list: PriceListBody,
  })
  .openapi('PricedModel');
export type PricedModelBody = z.infer<typeof PricedModelBody>;

export const RefreshedPrices = z
  .strictObject({ models: Count, added: Count, changed: Count, skipped: Count, list: PriceListBody })
  .openapi('RefreshedPrices');
export type RefreshedPrices = z.infer<typeof RefreshedPrices>;

export const RerateBody = z
  .strictObject({
    since: Moment,
    until: Moment.optional(),
    provider: z.string().max(MAX_PROVIDER_LENGTH).optional(),
    model: z.string().max(MAX_MODEL_LENGTH).optional(),
    isUnpricedOnly: z.boolean().default(false),
    apply: z.boolean().default(false).openapi({ description: 'false = nothing is booked' }),
    reason: z.string().trim().max(500).default('prices were corrected'),
  })
  .openapi('Rerate');
export type RerateBody = z.input<typeof RerateBody>;

export const Rerated = z
  .strictObject({
    id: z.string(),
    isApplied: z.boolean(),
    entries: Count.openapi({ description: 'Attempts that were looked at' }),
    unknown: Count.openapi({ description: 'Attempts whose price is still unknown' }),
    differenceUsd: Usd.openapi({ description: 'What is, or would be, added to the books' }),
    sums: z.array(
      z.strictObject({
        provider: z.string(),
        model: z.string(),
        entries: Count,
        unpriced: Count,
        wasUsd: Usd,
        isUsd: Usd,
      }),
    ),
  })
  .openapi('Rerated');
export type Rerated = z.infer<typeof Rerated>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const flag = z.enum(['true', 'false']).default('false');

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/prices',
  summary: 'The price list, and the prices that were set beside it',
  request: { query: z.strictObject({ archived: flag.openapi({ description: 'Ended ones too' }) }) },
  responses: { 200: json('The prices', Prices), 400: problemResponse('query_invalid'), ...denied },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/prices/model',
  summary: 'What one model costs now, by service tier, and what it has cost',
  request: { query: z.strictObject({ ref: z.string().max(400).openapi({ example: 'openai/gpt-4o' }) }) },
  responses: {
    200: json('The prices of the model', PricedModelBody),
    400: problemResponse('query_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const createPriceRoute = adminRoute('admin', {
  method: 'post',
  path: '/prices',
  summary: 'Set a price',
  request: { body: { required: true, ...json('The price', NewPriceBody) } },
  responses: { 201: json('The price', PriceOverrideBody), 400: problemResponse('body_invalid'), ...denied },
});

const archiveRoute = adminRoute('admin', {
  method: 'delete',
  path: '/prices/{id}',
  summary: 'End a price that was set; it stays for what was booked by it',
  request: {
    params: z.strictObject({ id: z.string().max(100) }),
    query: z.strictObject({
      neverHeld: flag.openapi({ description: 'It was a mistake from its beginning' }),
    }),
  },
  responses: {
    200: json('The price as it is now', PriceOverrideBody),
    400: problemResponse('query_invalid'),
    404: problemResponse('record_unknown'),
    409: problemResponse('price_fixed'),
    ...denied,
  },
});

const refreshRoute = adminRoute('operator', {
  method: 'post',
  path: '/prices/refresh',
  summary: 'Read the price list that the configuration names',
  responses: {
    200: json('What it brought', RefreshedPrices),
    400: problemResponse('price_list_missing'),
    502: problemResponse('price_list_unusable'),
    ...denied,
  },
});

const rerateRoute = adminRoute('admin', {
  method: 'post',
  path: '/prices/rerate',
  summary: 'Price entries anew and, where asked to, book the differences',
  request: { body: { required: true, ...json('Which entries', RerateBody) } },
  responses: {
    200: json('The differences', Rerated),
    400: problemResponse('body_invalid'),
    409: problemResponse('rerate_running'),
    ...denied,
  },
});

export function registerPrices(app: AdminApp, { prices, clock }: AdminDeps): void {
  const listNow = () => renderPriceList(prices.describeList(), clock.now());
  app.openapi(listRoute, async (c) => {
    const found = await prices.list(c.req.valid('query').archived === 'true');
    return c.json({ list: listNow(), overrides: found.map(renderOverride) }, 200);
  });
  app.openapi(showRoute, async (c) => {
    const { ref } = c.req.valid('query');
    const found = await prices.show(ref);
    if (!found) return c.json(problemOf(refuse('record_unknown', `no provider serves ${ref}`)), 404);
    return c.json({ ...renderModel(found), list: listNow() }, 200);
  });
  app.openapi(createPriceRoute, async (c) => {
    const terms = termsOf(c.req.valid('json'));
    const outcome = await prices.create(terms);
    if (outcome.kind === 'done') return c.json(renderOverride(outcome.price), 201);
    const message = `effectiveFrom: another price of ${terms.provider}/${terms.model} begins at that moment`;
    return c.json(problemOf(refuse('body_invalid', message)), 400);
  });
  app.openapi(archiveRoute, async (c) => {
    const { id } = c.req.valid('param');
    const outcome = await prices.archive(id, c.req.valid('query').neverHeld === 'true');
    if (outcome.kind === 'done') return c.json(renderOverride(outcome.price), 200);
    if (outcome.kind === 'declared') {
      const message = `the price ${id} is declared in a configuration file`;
      return c.json(problemOf(refuse('price_fixed', message)), 409);
    }
    return c.json(problemOf(refuse('record_unknown', `there is no price ${id}`)), 404);
  });
  app.openapi(refreshRoute, async (c) => {
    const answer = await prices.refresh();
    if (answer.kind === 'not_set')
      return c.json(problemOf(refuse('price_list_missing', 'no configuration names a price list')), 400);
    if (answer.kind === 'failed')
      return c.json(
        problemOf(refuse('price_list_unusable', `the price list was not taken: ${answer.message}`)),
        502,
      );
    const { kind: _kind, ...counts } = answer;
    return c.json({ ...counts, list: listNow() }, 200);
  });
  app.openapi(rerateRoute, async (c) => {
    const { since, until, ...query } = c.req.valid('json');
    const range = readRange({ since, until }, clock.now());
    if (range.untilMs <= range.sinceMs)
      return c.json(problemOf(refuse('body_invalid', 'until: must be after since')), 400);
    const { provider, model, ...rest } = query;
    const plan = await prices.rerate({
      ...range,
      ...rest,
      by: 'operator',
      ...(provider !== undefined && { provider }),
      ...(model !== undefined && { model }),
    });
    if (plan === 'running')
      return c.json(problemOf(refuse('rerate_running', 'entries are being priced anew already')), 409);
    return c.json(renderPlan(plan), 200);
  });
}

/** The schema has let only texts through that can be read. */
function termsOf(body: z.output<typeof NewPriceBody>): PriceTerms {
  const { provider, model, serviceTier, effectiveFrom, isFree, tiers } = body;
  return {
    provider,
    model,
    serviceTier,
    tiers: isFree ? [{ aboveInputTokens: 0, rates: FREE_RATES }] : tiers.map(tierOf),
    ...(effectiveFrom !== undefined && { effectiveFromMs: Date.parse(effectiveFrom) }),
  };
}

function tierOf({
  aboveInputTokens,
  usdPerMillion,
  usdPerCall,
  usdPerRequest,
}: z.output<typeof NewTier>): PriceTier {
  const tokens = Object.entries(usdPerMillion).map(([name, text]) => [name, readPerMillion(text as string)]);
  const calls = Object.entries(usdPerCall ?? {}).map(([tool, text]) => [tool, readEach(text)]);
  const rates = {
    ...Object.fromEntries(tokens),
    ...(usdPerRequest !== undefined && { perRequest: readEach(usdPerRequest) }),
    ...(calls.length > 0 && { calls: Object.fromEntries(calls) }),
  } as Rates;
  return { aboveInputTokens, rates };
}

function renderOverride(record: PriceOverrideRecord): PriceOverrideBody {
  return {
    id: record.id,
    provider: record.provider,
    model: record.model,
    serviceTier: record.serviceTier,
    effectiveFrom: iso(record.effectiveFromMs),
    until: record.untilMs === undefined ? null : iso(record.untilMs),
    tiers: record.tiers.map(renderTier),
    source: record.source,
    createdAt: iso(record.createdAtMs),
    archivedAt: record.archivedAtMs === undefined ? null : iso(record.archivedAtMs),
  };
}

function renderModel({ ref, effective, overrides, listed }: PricedModel) {
  return {
    ref,
    effective: effective.map(({ serviceTier, price }) => ({
      serviceTier,
      price: price ? renderPrice(price) : null,
    })),
    overrides: overrides.map(renderOverride),
    listed: listed.map(renderPrice),
  };
}

function renderPlan({ id, isApplied, entries, unknown, difference, sums }: ReratePlan): Rerated {
  return {
    id,
    isApplied,
    entries,
    unknown,
    differenceUsd: formatUsd(difference),
    sums: sums.map(({ was, is, ...row }) => ({ ...row, wasUsd: formatUsd(was), isUsd: formatUsd(is) })),
  };
}
