/** Every model that can be asked for: what the files and the catalog name, and what providers list right now. */

import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { knowsCapability } from '../catalog/capability.ts';
import { LOCAL_PROVIDER } from '../catalog/catalog.ts';
import { CAPABILITIES, type Catalog, type Model } from '../catalog/model.ts';
import type { Price } from '../catalog/price.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { STANDARD } from '../catalog/service-tier.ts';
import type { RoutingTable } from '../route/ref.ts';
import type { LiveList, LiveModel, LiveModels } from '../upstream/live-models.ts';
import type { Provider } from '../upstream/provider.ts';
import type { ModelFacts, ModelListing } from './deps.ts';

/** What is in force now. */
export interface ReachableModels {
  readonly routing: RoutingTable;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly catalog: Catalog;
  readonly prices: PriceBook;
}

export interface ModelDeskInput {
  readonly clock: Clock;
  readonly workspaceId: WorkspaceId;
  readonly live: LiveModels;
  current(): ReachableModels;
}

/** `Price.source` of what a provider states in its own list; nothing is booked by it. */
export const LIVE_SOURCE = 'live';

/** @param isLive ask providers for their own lists where those are due */
export async function describeModels(input: ModelDeskInput, isLive: boolean): Promise<ModelListing> {
  const current = input.current();
  const lists = isLive ? await input.live.list(current.providers.values()) : [];
  const facts = new Map<string, ModelFacts>();
  for (const [name, { targets }] of current.routing.routes)
    facts.set(name, { ref: name, kind: 'route', leadsTo: targets.map(({ ref }) => ref) });
  for (const [name, target] of current.routing.aliases)
    facts.set(name, { ref: name, kind: 'alias', leadsTo: [target] });
  for (const provider of current.providers.values()) {
    const list = lists.find((one) => one.provider === provider.name);
    for (const row of modelsOf(input, current, provider, list)) facts.set(row.ref, row);
  }
  return { models: [...facts.values()], lists };
}

function modelsOf(
  { clock, workspaceId }: ModelDeskInput,
  { catalog, prices }: ReachableModels,
  provider: Provider,
  list: LiveList | undefined,
): ModelFacts[] {
  const { name, catalogProvider } = provider;
  const live = new Map(list?.models.map((model) => [model.id, model]));
  // What a provider's own list does not have any more cannot be asked for, whatever we know of it.
  const isListed = list?.listedAtMs !== undefined;
  const known = isListed ? [] : catalog.list(catalogProvider).map(({ id }) => id);
  const ids = new Set([...provider.models, ...known, ...live.keys()]);
  return [...ids].map((id) => {
    const said = live.get(id);
    const found = catalog.find(catalogProvider, id);
    const model = said ? withLive(catalogProvider, said, found) : found;
    const price =
      prices.priceOf(workspaceId, { provider: name, catalogProvider, model: id }, STANDARD, clock.now()) ??
      (said && livePrice(catalogProvider, said, list?.listedAtMs ?? 0));
    return {
      ref: `${name}/${id}`,
      kind: 'model',
      leadsTo: [],
      provider: name,
      isLocal: catalogProvider === LOCAL_PROVIDER,
      isLive: said !== undefined,
      ...(model && { model }),
      ...(price && { price }),
    };
  });
}

/** What a provider says of its model now goes before what we know; where it is silent, what we know stays. */
function withLive(provider: string, live: LiveModel, known: Model | undefined): Model {
  const can = (capability: (typeof CAPABILITIES)[number]): boolean | undefined =>
    (capability === 'prompt-cache' ? undefined : live.can[capability]) ??
    (known && knowsCapability(known, capability));
  const contextWindow = live.contextWindow ?? known?.contextWindow;
  const maxOutputTokens = live.maxOutputTokens ?? known?.maxOutputTokens;
  return {
    provider,
    id: live.id,
    name: known?.name ?? live.name ?? live.id,
    capabilities: CAPABILITIES.filter((capability) => can(capability) === true),
    lacks: CAPABILITIES.filter((capability) => can(capability) === false),
    prices: known?.prices ?? [],
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

function livePrice(provider: string, { id, rates }: LiveModel, sinceMs: number): Price | undefined {
  return (
    rates && {
      provider,
      model: id,
      serviceTier: STANDARD,
      source: LIVE_SOURCE,
      effectiveFromMs: sinceMs,
      tiers: [{ aboveInputTokens: 0, rates }],
    }
  );
}
