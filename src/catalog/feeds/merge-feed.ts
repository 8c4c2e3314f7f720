/**
 * A price list on top of what is known: prices that changed begin now, those before them stay for what was booked by
 * them, and a list that cannot be right is refused whole.
 */
import type { CatalogData, ModelRow, PriceRow } from '../data.ts';
import type { Catalog, Model } from '../model.ts';
import type { Price, PriceTier } from '../price.ts';
import { STANDARD } from '../service-tier.ts';
import { type Feed, type FeedModel, type FeedPrice, isJson } from './feed.ts';
import { isLitellm, readLitellm } from './litellm.ts';
import { isModelsDev, readModelsDev } from './models-dev.ts';
import { isOwn, readOwn } from './own.ts';

export type MergedFeed =
  | {
      readonly ok: true;
      readonly kind: Feed['kind'];
      /** Only the models of the list. */
      readonly data: CatalogData;
      readonly added: number;
      readonly changed: number;
      readonly skipped: number;
    }
  | { readonly ok: false; readonly problem: string };

/** `Price.source` of what a list has brought. */
export const REFRESHED_SOURCE = 'refreshed';

/** A list with fewer is a test, or cut off. */
const MIN_MODELS = 5;
/** Prices move, but not by this much from one day to the next: a price tenfold off is another unit. */
const ABSURD_FACTOR = 10;
/** Of those compared, this many may be off: a vendor may have mended a mistake. */
const MAX_ABSURD_SHARE = 0.05;
const MIN_ABSURD = 2;

/** @param known what prices are now. The text is not trusted. */
export function mergeFeed(text: string, source: string, known: Catalog, nowMs: number): MergedFeed {
  const feed = readFeed(text);
  if (!feed)
    return { ok: false, problem: 'it is no price list that can be read (its own, LiteLLM, models.dev)' };
  const problem = findAbsurd(feed, known, nowMs);
  if (problem !== undefined) return { ok: false, problem };
  let added = 0;
  let changed = 0;
  const models = feed.models.map((model) => {
    const before = known.find(model.provider, model.id);
    const row = merge(model, before, nowMs);
    if (!before) added += 1;
    else if (row.prices.length !== before.prices.length) changed += 1;
    return row;
  });
  const asOf = feed.asOf ?? new Date(nowMs).toISOString().slice(0, 10);
  const { kind, skipped } = feed;
  return { ok: true, kind, data: { source, asOf, models }, added, changed, skipped };
}

function readFeed(text: string): Feed | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJson(file)) return undefined;
  if (isOwn(file)) return readOwn(file);
  if (isLitellm(file)) return readLitellm(file);
  return isModelsDev(file) ? readModelsDev(file) : undefined;
}

function findAbsurd({ models, skipped }: Feed, known: Catalog, nowMs: number): string | undefined {
  const priced = models.filter(({ prices }) => prices.length > 0);
  if (priced.length < MIN_MODELS)
    return `it has prices of ${priced.length} models that can be read, and ${skipped} that cannot`;
  if (skipped > models.length) return `${skipped} of its ${skipped + models.length} models cannot be read`;
  let compared = 0;
  const absurd: string[] = [];
  for (const { provider, id, prices } of priced) {
    const before = known.priceOf(provider, id, STANDARD, nowMs)?.tiers[0]?.rates.input;
    const after = prices.findLast(({ serviceTier }) => serviceTier === STANDARD)?.tiers[0]?.rates.input;
    if (!before || after === undefined) continue;
    compared += 1;
    if (after * ABSURD_FACTOR < before || before * ABSURD_FACTOR < after) absurd.push(`${provider}/${id}`);
  }
  if (absurd.length <= Math.max(MIN_ABSURD, compared * MAX_ABSURD_SHARE)) return undefined;
  return `${absurd.length} of ${compared} known prices would change more than tenfold, such as ${absurd[0]}`;
}

function merge(model: FeedModel, before: Model | undefined, nowMs: number): ModelRow {
  const { provider, id, aliases, can } = model;
  const contextWindow = model.contextWindow ?? before?.contextWindow;
  const maxOutputTokens = model.maxOutputTokens ?? before?.maxOutputTokens;
  return {
    provider,
    id,
    name: model.name ?? before?.name ?? id,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(can && { can }),
    ...(aliases && { aliases }),
    prices: mergePrices(model.prices, before?.prices ?? [], nowMs),
  };
}

function mergePrices(fresh: readonly FeedPrice[], before: readonly Price[], nowMs: number): PriceRow[] {
  const rows = before.map(({ effectiveFromMs, tiers, serviceTier, source }) => ({
    from: effectiveFromMs,
    tiers,
    serviceTier,
    source,
  }));
  for (const price of fresh) {
    const { serviceTier } = price;
    const ofTier = rows.filter((row) => row.serviceTier === serviceTier);
    // Where nothing was known before, what is known now is the best guess for then.
    const from = price.fromMs ?? (ofTier.length === 0 ? 0 : nowMs);
    const current = ofTier.findLast((row) => row.from <= from);
    const tiers = price.tiers.map((tier) => withKnownClasses(tier, current?.tiers));
    if (current && JSON.stringify(sorted(current.tiers)) === JSON.stringify(sorted(tiers))) continue;
    rows.push({ from, tiers, serviceTier, source: REFRESHED_SOURCE });
  }
  return rows.sort((a, b) => a.from - b.from);
}

/** A list may know fewer classes than we do: where it agrees on the rest, what we know stays. */
function withKnownClasses(tier: PriceTier, known: readonly PriceTier[] | undefined): PriceTier {
  const same = known?.find(({ aboveInputTokens }) => aboveInputTokens === tier.aboveInputTokens);
  const { input, output } = tier.rates;
  if (!same || same.rates.input !== input || same.rates.output !== output) return tier;
  return { ...tier, rates: { ...same.rates, ...tier.rates } };
}

/** Rates of each threshold in an order of their own, so that equal ones are equal text. */
function sorted(tiers: readonly PriceTier[]): unknown {
  return tiers.map(({ aboveInputTokens, rates }) => [
    aboveInputTokens,
    Object.entries(rates).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
