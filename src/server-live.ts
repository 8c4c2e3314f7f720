/** What this process serves by now: the configuration, its providers, and the snapshot that is compiled from both and the registry. */
import type { Definitions } from './agents/definition.ts';
import { promptRulesOf } from './agents/rules.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { isSameValue } from './base/same-value.ts';
import type { Config } from './config.ts';
import { compileSnapshot, type Snapshot, type SnapshotView } from './gateway/snapshot.ts';
import { compileBudgets } from './ledger/budget.ts';
import { compileRateLimits } from './ledger/rate-limits.ts';
import { loadBudgets } from './registry/budgets.ts';
import { type KeyBook, openKeyBook } from './registry/key-book.ts';
import { loadContentModes } from './registry/privacy.ts';
import { loadRateLimits } from './registry/rate-limits.ts';
import { promptFinderOf } from './server-agents.ts';
import { tellModelProblems } from './server-model-problems.ts';
import type { Prices } from './server-prices.ts';
import {
  declareReaches,
  type HeldByAll,
  type Reach,
  type Reaches,
  reachOf,
  secretsOf,
} from './server-reach.ts';
import {
  compileFallback,
  compileModelRules,
  defaultRule,
  loadStoredModels,
  type RoutingWish,
  routingWishes,
  withWish,
} from './server-rules.ts';
import type { Store } from './store/store.ts';
import type { Provider } from './upstream/provider.ts';
import type { Transport } from './upstream/transport.ts';

/** What the files say. */
export interface ReadFiles {
  readonly config: Config;
  /** Prompts, agents and pipelines. */
  readonly definitions: Definitions;
}

/** What is declared outside of the database: read from files, replaced as a whole, never changed. */
export interface Declared extends ReadFiles {
  /** The providers, by who may reach them. */
  readonly reaches: Reaches;
}

export interface Live {
  /** Each exchange takes it once. */
  current(): Snapshot;
  /** What `current` was compiled from. */
  declared(): Declared;
  /** Compiles anew what the registry holds by now. Calls that come while one waits share its compilation. */
  recompile(): Promise<void>;
  /**
   * Compiles with what the files say by now, under a revision of its own; all is swapped together, or nothing when
   * something fails.
   * @param prepare what the database must know before; nothing is compiled in between
   */
  replace(next: ReadFiles, prepare?: () => Promise<void>): Promise<void>;
  stop(): void;
}

export interface LiveInput {
  readonly files: ReadFiles;
  readonly store: Store;
  /** The installation's own: what is wrong with its models is told. */
  readonly workspaceId: WorkspaceId;
  readonly prices: Prices;
  readonly clock: Clock;
  readonly log: Log;
  /** What the vault holds by now. */
  loadHeld(config: Config): Promise<HeldByAll>;
  transportOf(provider: Provider): Transport;
}

/** A snapshot that is compiled anew with each revision of the registry and each change of the files. */
export async function openLive(input: LiveInput): Promise<Live> {
  const { store, log } = input;
  const tellProblems = tellModelProblems(log);
  const hideSecrets = (...of: readonly Declared[]): void =>
    log.hide?.(of.flatMap(({ config, reaches }) => secretsOf(config, reaches)));
  let declared = declare(input.files, await input.loadHeld(input.files.config), input);
  hideSecrets(declared);
  const book = await openKeyBook({ ...input, wait: systemWait });
  let current = await compile(declared, input, book);
  const home = { workspaceId: input.workspaceId };
  const placesAtHome = () => ({
    ...current.of(home),
    configured: reachOf(declared.reaches, home).configured,
  });
  tellProblems(placesAtHome());
  let waiting: Promise<void> | undefined;
  let isStopped = false;
  const { inTurn, settled } = createTurns();
  // Looking through a thousand routes takes its time: not in one piece with the compilation.
  const tellSoon = onceSoon(() => {
    if (!isStopped) tellProblems(placesAtHome());
  });
  const swap = async (candidate: Declared): Promise<void> => {
    // Before anything is sent with them; those that go may still be in use by requests under way.
    hideSecrets(declared, candidate);
    current = await compile(candidate, input, book);
    declared = candidate;
    tellSoon();
  };
  const recompile = (): Promise<void> => {
    waiting ??= inTurn(async () => {
      waiting = undefined;
      const held = await input.loadHeld(declared.config);
      const isSame = isSameValue(held, declared.reaches.held);
      await swap(isSame ? declared : declare(declared, held, input, declared));
    });
    return waiting;
  };
  const catchUp = async (revision: number): Promise<void> => {
    await settled();
    if (!isStopped && current.revision < revision) await recompile();
  };
  const stopListening = store.revision.onChange((revision) => {
    catchUp(revision).catch((error: unknown) => {
      log.error({ error: String(error) }, 'the registry changed but could not be read; the last state stays');
    });
  });
  return {
    current: () => current,
    declared: () => declared,
    recompile,
    replace: (next, prepare) =>
      inTurn(async () => {
        const candidate = declare(next, await input.loadHeld(next.config), input, declared);
        await prepare?.();
        // A number that no snapshot of the other configuration has had.
        await store.change([]);
        await swap(candidate);
      }),
    stop() {
      isStopped = true;
      stopListening();
      book.stop();
    },
  };
}

/** One after the other: what began earlier never replaces what began later. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    settled: () => last,
    inTurn(work: () => Promise<void>): Promise<void> {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Runs it in the next turn of the event loop, however often it is asked for before that. */
function onceSoon(run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      run();
    });
  };
}

function declare(
  { config, definitions }: ReadFiles,
  held: HeldByAll,
  input: LiveInput,
  before?: Declared,
): Declared {
  return { config, definitions, reaches: declareReaches(config, held, input, before?.reaches) };
}

async function compile(
  { config, definitions, reaches }: Declared,
  { store, prices, clock, transportOf, workspaceId }: LiveInput,
  book: KeyBook,
): Promise<Snapshot> {
  const revision = store.revision.current();
  // Before what may limit them, which is made together with them.
  const version = await book.refresh();
  const [budgets, rateLimits, contents, priceBook, models] = await Promise.all([
    loadBudgets(store),
    loadRateLimits(store),
    loadContentModes(store, config.privacy),
    prices.compile(),
    loadStoredModels(store),
  ]);
  const catalog = prices.catalog();
  const isName = (ref: string) => Object.hasOwn(config.aliases, ref) || Object.hasOwn(config.routes, ref);
  const promptRules = promptRulesOf(definitions, isName);
  const viewOf = ({ configured: { providers }, ...own }: Reach): SnapshotView => {
    // What a file says wins.
    const aliases = new Map([...own.aliases, ...Object.entries(config.aliases)]);
    const routes = new Map([...own.routes, ...Object.entries(config.routes)]);
    const last = defaultRule(config, providers.size);
    return {
      providers,
      rules: compileModelRules(config, models, last, promptRules),
      routing: {
        providers,
        aliases,
        routes,
        fallback: compileFallback(config, models.chains, { providers, catalog }),
        defaultRef: last?.ref,
      },
    };
  };
  const common = viewOf(reaches.common);
  const views = new Map([[reaches.common, common]]);
  const sharedView = (reach: Reach): SnapshotView => {
    const view = views.get(reach) ?? viewOf(reach);
    views.set(reach, view);
    return view;
  };
  const wishes = routingWishes(models.preferences);
  const wishFor = copies<RoutingWish>();
  const snapshot = compileSnapshot({
    revision,
    homeId: workspaceId,
    keys: book.keys,
    budgets: compileBudgets(budgets),
    rateLimits: compileRateLimits(rateLimits),
    contents,
    common,
    reachOf: ({ workspaceId, memberId, isOwnToken }) => {
      const reach = reachOf(reaches, isOwnToken ? { workspaceId, memberId } : { workspaceId });
      const wish = memberId === undefined ? undefined : wishes.get(memberId);
      const of = wish && (isOwnToken ? wish : wishFor(wish));
      if (of) return { of, compile: () => preferring(sharedView(reach), of) };
      return reach === reaches.common ? undefined : { of: reach, compile: () => sharedView(reach) };
    },
    prompts: promptFinderOf(definitions, common.rules),
    catalog,
    prices: priceBook,
    clock,
    transportOf,
    authorizerOf: (provider) => reaches.authorizers.get(provider),
  });
  book.publish(version);
  return snapshot;
}

/** The same other object for the same object: a name for what is done with it in another way. */
function copies<T extends object>(): (original: T) => T {
  const made = new Map<T, T>();
  return (original) => {
    const copy = made.get(original) ?? { ...original };
    made.set(original, copy);
    return copy;
  };
}

/** What a member prefers is its own; all else it shares with who reaches the same. */
function preferring(view: SnapshotView, wish: RoutingWish): SnapshotView {
  return { ...view, routing: withWish(view.routing, wish) };
}

function systemWait(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
