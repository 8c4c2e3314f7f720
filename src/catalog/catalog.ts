/** The shipped facts as a catalog: models by exact id, by their known other spellings, and by id without its date. */
import { capabilitiesOf } from './capability.ts';
import type { Catalog, Model } from './model.ts';
import type { Price, PriceTier } from './price.ts';
import snapshot from './snapshot.json' with { type: 'json' };

interface SnapshotRow {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  readonly contextWindow?: number;
  readonly aliases?: readonly string[];
  /** `from` in epoch milliseconds, ascending. */
  readonly prices: readonly { readonly from: number; readonly tiers: readonly PriceTier[] }[];
}

/** Vendor name of servers on the operator's own machines: their models cost an explicit zero. */
export const LOCAL_PROVIDER = 'local';

interface Shelf {
  readonly models: Model[];
  readonly byId: Map<string, Model>;
}

/** @param extra Models beside the shipped ones (the sandbox's); they win over a shipped model of the same id. */
export function createCatalog(extra: readonly Model[] = []): Catalog {
  const shelves = new Map<string, Shelf>();
  for (const model of extra) put(shelves, model, []);
  for (const row of snapshot.models as readonly SnapshotRow[]) put(shelves, modelOf(row), row.aliases ?? []);
  const all = [...shelves.values()].flatMap((shelf) => shelf.models);
  const find = (provider: string, modelId: string): Model | undefined => {
    const byId = shelves.get(provider)?.byId;
    return byId && (byId.get(modelId) ?? byId.get(undated(modelId)));
  };
  return {
    asOf: snapshot.asOf,
    find,
    findBare: (modelId) => [...shelves.keys()].flatMap((provider) => find(provider, modelId) ?? []),
    list: (provider) => (provider === undefined ? all : (shelves.get(provider)?.models ?? [])),
    priceOf: (provider, modelId, serviceTier, atMs) =>
      provider === LOCAL_PROVIDER ? localPrice(modelId) : priceAt(find(provider, modelId), serviceTier, atMs),
  };
}

function put(shelves: Map<string, Shelf>, model: Model, aliases: readonly string[]): void {
  let shelf = shelves.get(model.provider);
  if (!shelf) {
    shelf = { models: [], byId: new Map() };
    shelves.set(model.provider, shelf);
  }
  if (shelf.byId.get(model.id)?.id === model.id) return;
  shelf.models.push(model);
  // An id of its own outranks another model's alias, whichever came first.
  shelf.byId.set(model.id, model);
  // What is filed as `x-latest` is found as `x`, and so by its dates too.
  const spellings = model.id.endsWith('-latest') ? [...aliases, undated(model.id)] : aliases;
  for (const alias of spellings) if (!shelf.byId.has(alias)) shelf.byId.set(alias, model);
}

function modelOf(row: SnapshotRow): Model {
  return {
    provider: row.provider,
    id: row.id,
    name: row.name,
    capabilities: capabilitiesOf(row.id),
    prices: row.prices.map(({ from, tiers }) => ({
      provider: row.provider,
      model: row.id,
      serviceTier: 'standard',
      source: 'catalog',
      effectiveFromMs: from,
      tiers,
    })),
    ...(row.contextWindow !== undefined && { contextWindow: row.contextWindow }),
  };
}

/**
 * The id without the date a vendor hangs on it (`-20250929`, `-2024-08-06`, `@20250929`, `-latest`). Nothing
 * looser: a model that merely begins alike has a price of its own.
 */
export function undated(modelId: string): string {
  const match = /^(.+?)(?:[-@](\d{4})-?(\d{2})-?(\d{2})|-latest)$/.exec(modelId);
  if (!match) return modelId;
  if (match[2] === undefined) return match[1]!;
  const [year, month, day] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const isDate = year >= 2020 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate ? match[1]! : modelId;
}

/** The service tiers of the shipped data are all `standard`; a tier without a price of its own is priced so. */
function priceAt(model: Model | undefined, serviceTier: string, atMs: number): Price | undefined {
  const valid = model?.prices.filter((price) => price.effectiveFromMs <= atMs) ?? [];
  return (
    valid.findLast((price) => price.serviceTier === serviceTier) ??
    valid.findLast((price) => price.serviceTier === 'standard')
  );
}

function localPrice(model: string): Price {
  return {
    provider: LOCAL_PROVIDER,
    model,
    serviceTier: 'standard',
    source: 'local',
    effectiveFromMs: 0,
    tiers: [
      { aboveInputTokens: 0, rates: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 } },
    ],
  };
}
