/** The prices of this installation: the shipped catalog, what a refresh has brought, and the operator's own. */
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PriceListAnswer, PriceListFacts } from './admin/deps-prices.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { createCatalog, shippedData } from './catalog/catalog.ts';
import { type CatalogData, overlay } from './catalog/data.ts';
import { mergeFeed } from './catalog/feeds/merge-feed.ts';
import type { Catalog, Model } from './catalog/model.ts';
import { OPERATOR_SOURCE } from './catalog/price.ts';
import { createPriceBook, type PriceBook } from './catalog/price-book.ts';
import { type Config, ConfigError } from './config.ts';
import { shownPlace } from './config-prices.ts';
import type { ResolvePrice } from './ledger/book.ts';
import { loadPriceOverrides, type PriceOverrideRecord, reconcilePrices } from './registry/prices.ts';
import type { Store } from './store/store.ts';
import { fetchPriceList, MAX_PRICE_LIST_BYTES, PriceListError } from './upstream/price-list.ts';

export interface Prices {
  /** As it is now: another one after a refresh. */
  catalog(): Catalog;
  /** The operator's own prices as the database has them now, before those of the catalog. */
  compile(): Promise<PriceBook>;
  /** Where the list comes from and how old it is. */
  describe(): PriceListFacts;
  /** Reads the list that the configuration names. One at a time. */
  refresh(): Promise<PriceListAnswer>;
  stop(): void;
}

export interface PricesInput {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Beside every list: the sandbox's. */
  readonly extra: readonly Model[];
  /** Whether the list is read by itself when it is due. */
  readonly isServing: boolean;
}

/** What a refresh leaves in the data folder. */
interface KeptList extends CatalogData {
  /** Where it was read. */
  readonly place: string;
  readonly fetchedAtMs: number;
}

const FILE_NAME = 'prices.json';
/** A list that could not be read is tried again after this, or at its own time where that is sooner. */
const RETRY_MS = 3_600_000;
/** The first reading waits until the start is over. */
const FIRST_DELAY_MS = 1_000;
/** Timers hold no longer times. */
const MAX_TIMER_MS = 2_000_000_000;

export function openPrices(input: PricesInput): Prices {
  const { config, store, clock, log, extra } = input;
  const { refresh } = config.prices;
  let kept = refresh && readKept(config.home, refresh.from.place, log);
  let catalog = catalogOf(kept, extra);
  let problem: string | undefined;
  let running: Promise<PriceListAnswer> | undefined;
  const readNow = async (): Promise<PriceListAnswer> => {
    if (!refresh) return { kind: 'not_set' };
    const answer = await readList(refresh.from, catalog, clock);
    if (answer.kind === 'failed') {
      problem = answer.message;
      log.warn(
        { place: shownPlace(refresh.from), problem },
        'the price list could not be read; the last good one stays',
      );
      return answer;
    }
    const { list, ...facts } = answer;
    // What a list names no more was still its price.
    kept = kept ? { ...list, models: overlay(kept, list).models } : list;
    writeKept(config.home, kept);
    catalog = catalogOf(kept, extra);
    problem = undefined;
    log.info({ place: shownPlace(refresh.from), ...facts }, 'the price list was read');
    // Every replica compiles anew; those with lists of their own find nothing new in it.
    await store.change([]);
    return { ...facts, kind: 'done' };
  };
  const readOnce = (): Promise<PriceListAnswer> => {
    running ??= readNow().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer =
    refresh && input.isServing ? keepReading(readOnce, refresh.everyMs, () => kept, clock) : undefined;
  return {
    catalog: () => catalog,
    compile: async () => createPriceBook(catalog, (await loadPriceOverrides(store)).map(asOverride)),
    describe: () => ({
      source: catalogSource(kept),
      asOf: catalog.asOf,
      isRefreshed: kept !== undefined,
      ...(refresh && { place: shownPlace(refresh.from) }),
      ...(kept && { fetchedAtMs: kept.fetchedAtMs }),
      ...(problem !== undefined && { problem }),
    }),
    refresh: readOnce,
    stop: () => timer?.stop(),
  };
}

/** One after the other, each when the last one has become too old. */
function keepReading(
  read: () => Promise<PriceListAnswer>,
  everyMs: number,
  kept: () => KeptList | undefined,
  clock: Clock,
): { stop(): void } {
  let timer: NodeJS.Timeout;
  const arm = (delayMs: number) => {
    timer = setTimeout(
      () => {
        const again = (isRead: boolean) => arm(isRead ? everyMs : Math.min(everyMs, RETRY_MS));
        read().then(
          ({ kind }) => again(kind === 'done'),
          () => again(false),
        );
      },
      Math.min(delayMs, MAX_TIMER_MS),
    ).unref();
  };
  const ageMs = clock.now() - (kept()?.fetchedAtMs ?? 0);
  arm(Math.max(FIRST_DELAY_MS, everyMs - ageMs));
  return { stop: () => clearTimeout(timer) };
}

function catalogOf(kept: KeptList | undefined, extra: readonly Model[]): Catalog {
  return createCatalog(extra, kept ? overlay(shippedData, kept) : shippedData);
}

function catalogSource(kept: KeptList | undefined): string {
  return kept?.source ?? shippedData.source;
}

type ReadList =
  | {
      readonly kind: 'read';
      readonly list: KeptList;
      readonly models: number;
      readonly added: number;
      readonly changed: number;
      readonly skipped: number;
    }
  | { readonly kind: 'failed'; readonly message: string };

async function readList(
  from: { readonly kind: 'url' | 'file'; readonly place: string },
  known: Catalog,
  clock: Clock,
): Promise<ReadList> {
  let text: string;
  try {
    text = from.kind === 'url' ? await fetchPriceList(from.place) : readBounded(from.place);
  } catch (error) {
    if (error instanceof PriceListError || isSystemError(error))
      return { kind: 'failed', message: error.message };
    throw error;
  }
  const nowMs = clock.now();
  const merged = mergeFeed(text, shownPlace(from), known, nowMs);
  if (!merged.ok) return { kind: 'failed', message: merged.problem };
  const { data, added, changed, skipped } = merged;
  const list = { ...data, place: from.place, fetchedAtMs: nowMs };
  return { kind: 'read', list, models: data.models.length, added, changed, skipped };
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}

function readBounded(path: string): string {
  if (statSync(path).size > MAX_PRICE_LIST_BYTES)
    throw new PriceListError(`it is larger than ${MAX_PRICE_LIST_BYTES} bytes`);
  return readFileSync(path, 'utf8');
}

/** undefined = there is none, of this place, that is newer than what was shipped. */
function readKept(home: string, place: string, log: Log): KeptList | undefined {
  const path = join(home, FILE_NAME);
  if (!existsSync(path)) return undefined;
  try {
    const list = JSON.parse(readBounded(path)) as KeptList;
    const isWhole = Array.isArray(list.models) && Number.isSafeInteger(list.fetchedAtMs);
    if (!isWhole) throw new Error('it is not what a refresh has written');
    return list.place === place && list.fetchedAtMs > Date.parse(shippedData.asOf) ? list : undefined;
  } catch (error) {
    log.warn({ path, problem: String(error) }, 'the kept price list cannot be read; the shipped one is used');
    return undefined;
  }
}

/** Whole or not at all. */
function writeKept(home: string, list: KeptList): void {
  const path = join(home, FILE_NAME);
  const next = `${path}.next`;
  writeFileSync(next, JSON.stringify(list), { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
}

function asOverride(record: PriceOverrideRecord) {
  const { workspaceId, provider, model, serviceTier, tiers, effectiveFromMs, createdAtMs, untilMs } = record;
  const price = { provider, model, serviceTier, tiers, effectiveFromMs, source: OPERATOR_SOURCE };
  return { workspaceId, price, createdAtMs, untilMs };
}

/** Prices for the ledger, which knows providers by their configured names alone. */
export function priceResolver(
  of: (workspaceId: WorkspaceId) => {
    readonly providers: ReadonlyMap<string, { readonly catalogProvider: string }>;
    readonly prices: PriceBook;
  },
): ResolvePrice {
  return (provider, model, serviceTier, atMs, workspaceId) => {
    const { providers, prices } = of(workspaceId);
    const catalogProvider = providers.get(provider)?.catalogProvider ?? provider;
    return prices.priceOf(workspaceId, { provider, catalogProvider, model }, serviceTier, atMs);
  };
}

/** Makes the prices of the configuration file those of the registry. @throws {ConfigError} */
export async function declarePrices(
  { prices, sources }: Config,
  store: Store,
  { workspaceId, nowMs, log }: { workspaceId: WorkspaceId; nowMs: number; log: Log },
): Promise<void> {
  const { created, archived, taken } = await reconcilePrices(store, prices.overrides, { workspaceId, nowMs });
  const [first] = taken;
  if (first) {
    const name = `${first.provider}/${first.model}`;
    throw new ConfigError(
      `${sources[`prices.overrides.${name}`]}: a price of ${name} from the same moment was set by the admin API already. ` +
        'Take the one out of the file, or remove the other with `turnpike prices remove`.',
    );
  }
  if (created.length + archived.length > 0) {
    log.info(
      { created: created.length, ended: archived.length },
      'the prices of the configuration file have changed',
    );
  }
}
