/** Prices on the wire: dollars per million tokens as exact decimals, and how old the list behind them is. */
import { z } from '@hono/zod-openapi';
import { type Rates, type TokenRate, tokenRates, writeEach, writePerMillion } from '../base/rates.ts';
import type { Price, PriceTier } from '../catalog/price.ts';
import type { PriceListFacts } from './deps-prices.ts';
import { Count, iso, Usd, When } from './fields.ts';

export const PriceTierBody = z.strictObject({
  aboveInputTokens: Count,
  usdPerMillion: z.record(z.string(), Usd).openapi({ example: { input: '3.00', output: '15.00' } }),
  usdPerCall: z.record(z.string(), Usd),
  usdPerRequest: Usd.nullable(),
});

export const PriceBody = z.strictObject({
  source: z
    .string()
    .openapi({ example: 'catalog', description: 'catalog, refreshed, operator, sandbox, local' }),
  serviceTier: z.string(),
  effectiveFrom: When,
  tiers: z.array(PriceTierBody),
});
export type PriceBody = z.infer<typeof PriceBody>;

export const PriceListBody = z
  .strictObject({
    source: z.string().openapi({ example: '@pydantic/genai-prices@0.1.8' }),
    asOf: z.string().openapi({ example: '2026-09-23', description: 'Day of the facts' }),
    ageDays: Count,
    isStale: z
      .boolean()
      .openapi({ description: 'Older than 60 days: vendors may have changed prices since' }),
    isRefreshed: z.boolean(),
    readFrom: z.string().nullable().openapi({ description: 'Address or file; null = it is never refreshed' }),
    readAt: When.nullable(),
    problem: z.string().nullable().openapi({ description: 'Why the last reading failed' }),
  })
  .openapi('PriceList');
export type PriceListBody = z.infer<typeof PriceListBody>;

const DAY_MS = 86_400_000;
/** Vendors change some price about every other month. */
export const STALE_DAYS = 60;

export function renderPriceList(facts: PriceListFacts, nowMs: number): PriceListBody {
  const ageDays = Math.max(0, Math.floor((nowMs - Date.parse(facts.asOf)) / DAY_MS));
  return {
    source: facts.source,
    asOf: facts.asOf,
    ageDays,
    isStale: ageDays > STALE_DAYS,
    isRefreshed: facts.isRefreshed,
    readFrom: facts.place ?? null,
    readAt: facts.fetchedAtMs === undefined ? null : iso(facts.fetchedAtMs),
    problem: facts.problem ?? null,
  };
}

export function renderPrice({ source, serviceTier, effectiveFromMs, tiers }: Price): PriceBody {
  return { source, serviceTier, effectiveFrom: iso(effectiveFromMs), tiers: tiers.map(renderTier) };
}

export function renderTier({ aboveInputTokens, rates }: PriceTier): z.infer<typeof PriceTierBody> {
  return {
    aboveInputTokens,
    usdPerMillion: perMillion(rates),
    usdPerCall: Object.fromEntries(
      Object.entries(rates.calls ?? {}).map(([tool, rate]) => [tool, writeEach(rate)]),
    ),
    usdPerRequest: rates.perRequest === undefined ? null : writeEach(rates.perRequest),
  };
}

/** Token rates only, under the names of `Rates`. */
function perMillion(rates: Rates): Partial<Record<TokenRate, string>> {
  const known = tokenRates.filter((name) => rates[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, writePerMillion(rates[name]!)]));
}
