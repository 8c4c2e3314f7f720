/** The shipped facts, or those of a refresh, as a catalog: models by exact id, by their known other spellings, and by id without its date. */
import { asModel, familyKnowledge, type Knowledge } from './capability.ts';
import type { CatalogData, ModelRow } from './data.ts';
import { CAPABILITIES, type Catalog, type Model } from './model.ts';
import type { Price } from './price.ts';
import { STANDARD } from './service-tier.ts';
import snapshot from './snapshot.json' with { type: 'json' };
import { bedrockNames, undated } from './spelling.ts';

/** What ships with this release. */
export const shippedData = snapshot as CatalogData;

/** Vendor name of servers on the operator's own machines: their models cost an explicit zero. */
export const LOCAL_PROVIDER = 'local';

/** Vertex serves what Google's own API serves, besides what is filed for it alone. */
const SHARED_SHELVES: Readonly<Record<string, string>> = { google: 'vertex' };

/**
 * Shelves that answer for another where it has no price: the makers' own lists hold at these resellers too, but for
 * what they add for a region. Models are not listed so: what a reseller serves is for its operator to say.
 */
const PRICED_AS: Readonly<Record<string, string>> = { azure: 'openai', vertex: 'anthropic' };

/** The shelf whose ids have regions and revisions hung on them. */
const BEDROCK_SHELF = 'aws';

interface Shelf {
  readonly models: Model[];
  readonly byId: Map<string, Model>;
}

/** @param extra Models beside those of the data (the sandbox's); they win over a model of the same id. */
export function createCatalog(extra: readonly Model[] = [], data: CatalogData = shippedData): Catalog {
  const shelves = new Map<string, Shelf>();
  for (const model of extra) put(shelves, withAllLacks(model), []);
  for (const row of data.models) put(shelves, modelOf(row), row.aliases ?? []);
  for (const row of data.models) {
    const provider = SHARED_SHELVES[row.provider];
    if (provider) put(shelves, modelOf({ ...row, provider }), row.aliases ?? []);
  }
  const all = [...shelves.values()].flatMap((shelf) => shelf.models);
  const find = (provider: string, modelId: string): Model | undefined => {
    const own = findOn(shelves.get(provider), provider, modelId);
    const lender = own ? undefined : PRICED_AS[provider];
    const lent = lender === undefined ? undefined : findOn(shelves.get(lender), lender, modelId);
    return own ?? (lent && asSoldBy(provider, lent));
  };
  return {
    asOf: data.asOf,
    find,
    findBare: (modelId) =>
      [...shelves.keys()].flatMap((provider) => findOn(shelves.get(provider), provider, modelId) ?? []),
    list: (provider) => (provider === undefined ? all : (shelves.get(provider)?.models ?? [])),
    priceOf: (provider, modelId, serviceTier, atMs) =>
      provider === LOCAL_PROVIDER ? localPrice(modelId) : priceAt(find(provider, modelId), serviceTier, atMs),
  };
}

/** What is made here is known whole. */
function withAllLacks(model: Model): Model {
  return { lacks: CAPABILITIES.filter((capability) => !model.capabilities.includes(capability)), ...model };
}

function findOn(shelf: Shelf | undefined, provider: string, modelId: string): Model | undefined {
  if (!shelf) return undefined;
  const names = [modelId, undated(modelId), ...(provider === BEDROCK_SHELF ? bedrockNames(modelId) : [])];
  for (const name of names) {
    const found = shelf.byId.get(name);
    if (found) return found;
  }
  return undefined;
}

function asSoldBy(provider: string, model: Model): Model {
  return { ...model, provider, prices: model.prices.map((price) => ({ ...price, provider })) };
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
  const plain = model.id.endsWith('-latest') ? [...aliases, undated(model.id)] : aliases;
  const spellings = model.provider === BEDROCK_SHELF ? [...plain, bedrockNames(model.id)[0]!] : plain;
  for (const alias of spellings) if (!shelf.byId.has(alias)) shelf.byId.set(alias, model);
}

function modelOf(row: ModelRow): Model {
  return {
    provider: row.provider,
    id: row.id,
    name: row.name,
    ...asModel({ ...familyKnowledge(row.id), ...cachedAtAPrice(row), ...row.can }),
    prices: row.prices.map(({ from, tiers, serviceTier, source }) => ({
      provider: row.provider,
      model: row.id,
      serviceTier: serviceTier ?? STANDARD,
      source: source ?? 'catalog',
      effectiveFromMs: from,
      tiers,
    })),
    ...(row.contextWindow !== undefined && { contextWindow: row.contextWindow }),
    ...(row.maxOutputTokens !== undefined && { maxOutputTokens: row.maxOutputTokens }),
  };
}

/** What has a price for reading from a cache has a cache. */
function cachedAtAPrice({ prices }: ModelRow): Knowledge {
  const isCached = prices.some(({ tiers }) => tiers.some(({ rates }) => rates.cacheRead !== undefined));
  return isCached ? { 'prompt-cache': true } : {};
}

/** A tier without a price of its own is priced as the standard one: the shipped data know no other. */
function priceAt(model: Model | undefined, serviceTier: string, atMs: number): Price | undefined {
  const valid = model?.prices.filter((price) => price.effectiveFromMs <= atMs) ?? [];
  return (
    valid.findLast((price) => price.serviceTier === serviceTier) ??
    valid.findLast((price) => price.serviceTier === STANDARD)
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
