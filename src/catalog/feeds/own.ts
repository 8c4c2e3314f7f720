/** Our own snapshot format, as `src/catalog/snapshot.json` has it. */
import { areTiers } from '../../base/rates.ts';
import type { PriceTier } from '../price.ts';
import { plainTier } from '../service-tier.ts';
import {
  type Feed,
  type FeedModel,
  type FeedPrice,
  isJson,
  type Json,
  withCapabilities,
  withTokens,
} from './feed.ts';

export function isOwn(file: Json): boolean {
  return typeof file.source === 'string' && Array.isArray(file.models);
}

export function readOwn(file: Json): Feed {
  const rows = file.models as readonly unknown[];
  const models = rows.flatMap((row) => (isJson(row) ? (modelOf(row) ?? []) : []));
  const isDay = typeof file.asOf === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(file.asOf);
  return {
    kind: 'turnpike',
    models,
    skipped: rows.length - models.length,
    ...(isDay && { asOf: file.asOf as string }),
  };
}

function modelOf(row: Json): FeedModel | undefined {
  const { provider, id, name, aliases } = row;
  if (typeof provider !== 'string' || typeof id !== 'string' || !Array.isArray(row.prices)) return undefined;
  const prices = row.prices.map(priceOf);
  if (prices.some((price) => price === undefined)) return undefined;
  const areNames = Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string');
  return {
    provider,
    id,
    ...(typeof name === 'string' && { name }),
    ...(areNames && { aliases: aliases as string[] }),
    ...withTokens(row.contextWindow, row.maxOutputTokens),
    ...(isJson(row.can) && withCapabilities(row.can)),
    prices: prices as FeedPrice[],
  };
}

function priceOf(row: unknown): FeedPrice | undefined {
  if (!isJson(row) || !Array.isArray(row.tiers)) return undefined;
  const areRead = row.tiers.every((tier) => isJson(tier) && isJson(tier.rates));
  const tiers = row.tiers as PriceTier[];
  if (!areRead || !areTiers(tiers)) return undefined;
  const isDated = Number.isSafeInteger(row.from) && (row.from as number) >= 0;
  return {
    serviceTier: plainTier(typeof row.serviceTier === 'string' ? row.serviceTier : undefined),
    tiers,
    ...(isDated && { fromMs: row.from as number }),
  };
}
