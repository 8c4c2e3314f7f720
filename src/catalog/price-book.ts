/** Prices as the road uses them: an operator's own for a workspace, before those of the catalog. */
import { EVERY } from '../base/price-terms.ts';
import type { Catalog } from './model.ts';
import type { Price } from './price.ts';
import { STANDARD } from './service-tier.ts';
import { undated } from './spelling.ts';

/** A model as one configured provider serves it. */
export interface Served {
  /** The provider's configured name. */
  readonly provider: string;
  readonly catalogProvider: string;
  /** The upstream's own name of the model. */
  readonly model: string;
}

/** What an operator says a model costs, in one workspace, for a time. */
export interface PriceOverride {
  readonly workspaceId: string;
  /** Its model and service tier may be `*`. */
  readonly price: Price;
  readonly createdAtMs: number;
  /** From then on it holds no more; absent = it holds on. */
  readonly untilMs?: number | undefined;
}

export interface PriceBook {
  /** Whether the operator has set any price in this workspace: if not, the catalog's are the prices. */
  hasOwn(workspaceId: string): boolean;
  /** undefined = the operator has said nothing of this tier. */
  overrideOf(workspaceId: string, served: Served, serviceTier: string, atMs: number): Price | undefined;
  /** undefined = unknown, which is never 0. Of a tier that has no price of its own the standard one, named as such. */
  priceOf(workspaceId: string, served: Served, serviceTier: string, atMs: number): Price | undefined;
}

/** Tiers that one price of every tier is kept ready for: their names are the upstream's to choose. */
const MAX_TIER_NAMES = 16;

interface Known {
  readonly override: PriceOverride;
  /** The price under the names of the tiers it was asked for: the same object each time, as its snapshot is kept with it. */
  readonly byTier: Map<string, Price>;
}

/** What an operator has set in one workspace. */
interface OwnPrices {
  readonly byModel: Map<string, Known[]>;
  /** By provider and model as they are asked for: those that may count, in the order in which they are tried. */
  readonly found: Map<string, readonly (readonly Known[])[]>;
}

/** Models that were asked for and are remembered; clients choose the names. */
const MAX_FOUND = 5_000;

export function createPriceBook(catalog: Catalog, overrides: readonly PriceOverride[]): PriceBook {
  const workspaces = new Map<string, OwnPrices>();
  for (const override of overrides) file(workspaces, override);
  const overrideOf: PriceBook['overrideOf'] = (workspaceId, served, serviceTier, atMs) => {
    const own = workspaces.get(workspaceId);
    return own && findOverride(own, served, serviceTier, atMs);
  };
  return {
    hasOwn: (workspaceId) => workspaces.has(workspaceId),
    overrideOf,
    priceOf(workspaceId, served, serviceTier, atMs) {
      const own = overrideOf(workspaceId, served, serviceTier, atMs);
      if (own) return own;
      const listed = catalog.priceOf(served.catalogProvider, served.model, serviceTier, atMs);
      if (serviceTier === STANDARD || listed?.serviceTier === serviceTier) return listed;
      return overrideOf(workspaceId, served, STANDARD, atMs) ?? listed;
    },
  };
}

function file(workspaces: Map<string, OwnPrices>, override: PriceOverride): void {
  const { provider, model } = override.price;
  const own: OwnPrices = workspaces.get(override.workspaceId) ?? { byModel: new Map(), found: new Map() };
  workspaces.set(override.workspaceId, own);
  const { byModel } = own;
  const name = `${provider}/${model}`;
  const known = byModel.get(name) ?? [];
  known.push({ override, byTier: new Map() });
  // The first that holds is the one: the latest to begin, and of those the last that was made.
  known.sort(
    (a, b) =>
      b.override.price.effectiveFromMs - a.override.price.effectiveFromMs ||
      b.override.createdAtMs - a.override.createdAtMs,
  );
  byModel.set(name, known);
}

/** Each time the tier's own price first. */
function findOverride(own: OwnPrices, served: Served, serviceTier: string, atMs: number): Price | undefined {
  for (const known of candidatesFor(own, served)) {
    const found =
      known.find(({ override }) => override.price.serviceTier === serviceTier && holds(override, atMs)) ??
      known.find(({ override }) => override.price.serviceTier === EVERY && holds(override, atMs));
    if (found) return named(found, serviceTier);
  }
  return undefined;
}

/** By the exact name, the name without its date, then for every model. */
function candidatesFor(
  { byModel, found }: OwnPrices,
  { provider, model }: Served,
): readonly (readonly Known[])[] {
  const key = `${provider}/${model}`;
  const known = found.get(key);
  if (known) return known;
  const names = [...new Set([model, undated(model), EVERY])];
  const candidates = names.flatMap((name) => {
    const prices = byModel.get(`${provider}/${name}`);
    return prices ? [prices] : [];
  });
  if (found.size >= MAX_FOUND) found.clear();
  found.set(key, candidates);
  return candidates;
}

function holds({ price, untilMs }: PriceOverride, atMs: number): boolean {
  return price.effectiveFromMs <= atMs && (untilMs === undefined || atMs < untilMs);
}

function named({ override, byTier }: Known, serviceTier: string): Price {
  const { price } = override;
  if (price.serviceTier === serviceTier) return price;
  const made = byTier.get(serviceTier) ?? { ...price, serviceTier };
  if (byTier.size < MAX_TIER_NAMES) byTier.set(serviceTier, made);
  return made;
}
