/** Prices as they were at the time: immutable rows whose id is their content, so that history cannot change. */
import { createHash } from 'node:crypto';
import type { PriceId } from '../base/ids.ts';
import { allRates, isRate } from '../base/rates.ts';
import type { Price, PriceTier } from '../catalog/price.ts';
import type { PriceSnapshotsTable } from '../store/schema.ts';

export type PriceSnapshot = Readonly<PriceSnapshotsTable>;

/** Characters of the content hash in an id: 104 bits. */
const ID_LENGTH = 26;

/** The catalog hands out the same objects again and again; each is hashed once. */
const known = new WeakMap<Price, PriceSnapshot | 'unusable'>();

/** undefined = the price has rates that cannot be money (negative, fractional, absurdly high): as good as unknown. */
export function snapshotPrice(price: Price): PriceSnapshot | undefined {
  let snapshot = known.get(price);
  if (snapshot === undefined) {
    snapshot = isUsable(price) ? makeSnapshot(price) : 'unusable';
    known.set(price, snapshot);
  }
  return snapshot === 'unusable' ? undefined : snapshot;
}

export function restorePrice(row: PriceSnapshot): Price {
  return {
    provider: row.provider,
    model: row.model,
    serviceTier: row.service_tier,
    source: row.source,
    effectiveFromMs: row.effective_from,
    tiers: JSON.parse(row.tiers) as PriceTier[],
  };
}

/** Whether the row still is what its id and hash were made of. */
export function isGenuine(row: PriceSnapshot): boolean {
  try {
    const content = makeSnapshot(restorePrice(row));
    return content.content_hash === row.content_hash && content.id === row.id;
  } catch {
    return false;
  }
}

function makeSnapshot(price: Price): PriceSnapshot {
  const { provider, model, serviceTier, source, effectiveFromMs, tiers } = price;
  const content = stableJson({ provider, model, serviceTier, source, effectiveFromMs, tiers });
  const hash = createHash('sha256').update(content).digest('hex');
  return {
    id: `prc_${hash.slice(0, ID_LENGTH)}` as PriceId,
    content_hash: hash,
    provider,
    model,
    service_tier: serviceTier,
    source,
    effective_from: effectiveFromMs,
    tiers: stableJson(tiers),
  };
}

function isUsable(price: Price): boolean {
  return (
    Number.isSafeInteger(price.effectiveFromMs) &&
    price.tiers.length > 0 &&
    price.tiers.every((tier) => Number.isFinite(tier.aboveInputTokens) && allRates(tier.rates).every(isRate))
  );
}

/** JSON whose keys are sorted, so that equal prices are equal text. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
