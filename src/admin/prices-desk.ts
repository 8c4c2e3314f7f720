/** The desk for prices on top of the registry, the catalog and the ledger: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { EVERY } from '../base/price-terms.ts';
import type { Catalog } from '../catalog/model.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { STANDARD } from '../catalog/service-tier.ts';
import { undated } from '../catalog/spelling.ts';
import { type RerateQuery, rerate } from '../ledger/rerate.ts';
import { archivePriceOverride, createPriceOverride, listPriceOverrides } from '../registry/prices.ts';
import type { Store } from '../store/store.ts';
import type { PriceDesk, PricedModel, PriceListAnswer, PriceListFacts } from './deps-prices.ts';

export interface PriceMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly prices: {
    catalog(): Catalog;
    /** With the operator's prices as the database has them now. */
    compile(): Promise<PriceBook>;
    describe(): PriceListFacts;
    refresh(): Promise<PriceListAnswer>;
  };
  /** The vendor whose prices a configured provider's models have; undefined = there is no such provider. */
  catalogProviderOf(provider: string): string | undefined;
}

/** Tiers that are shown of every model, beside those it has prices for. */
const SHOWN_TIERS = [STANDARD, 'batch', 'flex', 'priority'];

export function createPriceDesk(means: PriceMeans): PriceDesk {
  const { store, workspaceId, clock, prices } = means;
  let isRerating = false;
  return {
    list: (withArchived) => listPriceOverrides(store, workspaceId, withArchived),
    show: (ref) => show(means, ref),
    create: (terms) => createPriceOverride(store, terms, { workspaceId, nowMs: clock.now() }),
    archive: (id, neverHeld) =>
      archivePriceOverride(store, id, { workspaceId, nowMs: clock.now(), neverHeld }),
    describeList: () => prices.describe(),
    refresh: () => prices.refresh(),
    async rerate(query) {
      if (isRerating) return 'running';
      isRerating = true;
      try {
        return await rerateAlone(means, query);
      } finally {
        isRerating = false;
      }
    },
  };
}

/** Other processes wait, so that none books the same difference; where nothing is booked, nobody needs to. */
async function rerateAlone(means: PriceMeans, query: RerateQuery) {
  const { store, workspaceId, clock, catalogProviderOf } = means;
  const book = await means.prices.compile();
  const run = () =>
    rerate(
      {
        store,
        workspaceId,
        nowMs: clock.now(),
        priceOf: (provider, model, tier, atMs, workspace) => {
          const served = { provider, model, catalogProvider: catalogProviderOf(provider) ?? provider };
          return book.priceOf(workspace, served, tier, atMs);
        },
      },
      query,
    );
  return query.apply ? store.alone(run) : run();
}

async function show(means: PriceMeans, ref: string): Promise<PricedModel | undefined> {
  const { store, workspaceId, clock, prices, catalogProviderOf } = means;
  const slash = ref.indexOf('/');
  const provider = ref.slice(0, Math.max(slash, 0));
  const model = ref.slice(slash + 1);
  const catalogProvider = catalogProviderOf(provider);
  if (catalogProvider === undefined || model === '') return undefined;
  const names = [model, undated(model), EVERY];
  const book = await prices.compile();
  const known = prices.catalog().find(catalogProvider, model);
  const all = await listPriceOverrides(store, workspaceId, true);
  const overrides = all.filter((one) => one.provider === provider && names.includes(one.model));
  const tiers = new Set([
    ...SHOWN_TIERS,
    ...(known?.prices ?? []).map(({ serviceTier }) => serviceTier),
    ...overrides.map(({ serviceTier }) => serviceTier).filter((tier) => tier !== EVERY),
  ]);
  return {
    ref,
    effective: [...tiers].map((serviceTier) => ({
      serviceTier,
      price: book.priceOf(workspaceId, { provider, catalogProvider, model }, serviceTier, clock.now()),
    })),
    overrides,
    listed: known?.prices ?? [],
  };
}
