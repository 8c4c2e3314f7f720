/** What this process serves by now: the configuration, its providers, and the snapshot that is compiled from both and the registry. */
import type { Definitions } from './agents/definition.ts';
import { promptRulesOf } from './agents/rules.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { isSameValue } from './base/same-value.ts';
import type { Config } from './config.ts';
import { compileSnapshot, type Snapshot } from './gateway/snapshot.ts';
import { compileBudgets } from './ledger/budget.ts';
import { compileRateLimits } from './ledger/rate-limits.ts';
import { loadBudgets } from './registry/budgets.ts';
import { loadKeys } from './registry/keys.ts';
import { loadRateLimits } from './registry/rate-limits.ts';
import { promptFinderOf } from './server-agents.ts';
import { tellModelProblems } from './server-model-problems.ts';
import type { Prices } from './server-prices.ts';
import { compileFallback, compileModelRules, defaultRule, loadStoredModels } from './server-rules.ts';
import type { Store } from './store/store.ts';
import { type ConfiguredProviders, configureProviders } from './upstream/configure.ts';
import { type VaultedCredentials, withCredential } from './upstream/credentials.ts';
import { keepUnchanged, type ProviderSources } from './upstream/keep-unchanged.ts';
import type { Authorizer, Provider } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';
import type { Transport } from './upstream/transport.ts';

/** What the files say. */
export interface ReadFiles {
  readonly config: Config;
  /** Prompts, agents and pipelines. */
  readonly definitions: Definitions;
}

/** What is declared outside of the database: read from files, replaced as a whole, never changed. */
export interface Declared extends ReadFiles {
  readonly configured: ConfiguredProviders;
  /** What the providers were configured from. */
  readonly sources: ProviderSources;
  /** They hold tokens: those of a provider that did not change are kept for the life of the process. */
  readonly authorizers: ReadonlyMap<Provider, Authorizer>;
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
  readonly prices: Prices;
  readonly clock: Clock;
  readonly log: Log;
  /** What the vault holds by now. */
  loadVaulted(config: Config): Promise<VaultedCredentials>;
  transportOf(provider: Provider): Transport;
}

/** A snapshot that is compiled anew with each revision of the registry and each change of the files. */
export async function openLive(input: LiveInput): Promise<Live> {
  const { store, log } = input;
  const tellProblems = tellModelProblems(log);
  let declared = declare(input.files, await input.loadVaulted(input.files.config), input);
  let current = await compile(declared, input);
  tellProblems({ ...current, configured: declared.configured });
  let last: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let isStopped = false;
  /** One after the other: what began earlier never replaces what began later. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  let isToBeTold = false;
  /** Looking through a thousand routes takes its time: not in one piece with the compilation. */
  const tellSoon = (): void => {
    if (isToBeTold) return;
    isToBeTold = true;
    setImmediate(() => {
      isToBeTold = false;
      if (!isStopped) tellProblems({ ...current, configured: declared.configured });
    });
  };
  const swap = async (candidate: Declared): Promise<void> => {
    current = await compile(candidate, input);
    declared = candidate;
    tellSoon();
  };
  const recompile = (): Promise<void> => {
    waiting ??= inTurn(async () => {
      waiting = undefined;
      const vaulted = await input.loadVaulted(declared.config);
      const isSame = isSameValue(vaulted, declared.sources.vaulted);
      await swap(isSame ? declared : declare(declared, vaulted, input, declared));
    });
    return waiting;
  };
  const catchUp = async (revision: number): Promise<void> => {
    await last;
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
        const candidate = declare(next, await input.loadVaulted(next.config), input, declared);
        await prepare?.();
        // A number that no snapshot of the other configuration has had.
        await store.change([]);
        await swap(candidate);
      }),
    stop() {
      isStopped = true;
      stopListening();
    },
  };
}

function declare(
  { config, definitions }: ReadFiles,
  vaulted: VaultedCredentials,
  { clock, log }: LiveInput,
  before?: Declared,
): Declared {
  const sources: ProviderSources = { declared: config.providers, vaulted };
  const fresh = configureProviders(config.providers, providerKinds, config.env, vaulted);
  const configured = before ? keepUnchanged(before, { sources, configured: fresh }) : fresh;
  const known = new Set(before?.configured.problems);
  for (const problem of configured.problems)
    if (!known.has(problem)) log.warn({ problem }, 'a provider is left out');
  const authorizers = authorizersOf(configured.providers.values(), clock, before?.authorizers);
  return { config, definitions, configured, sources, authorizers };
}

async function compile(
  { config, definitions, configured, authorizers }: Declared,
  { store, prices, clock, transportOf }: LiveInput,
): Promise<Snapshot> {
  const revision = store.revision.current();
  const [keys, budgets, rateLimits, priceBook, models] = await Promise.all([
    loadKeys(store),
    loadBudgets(store),
    loadRateLimits(store),
    prices.compile(),
    loadStoredModels(store),
  ]);
  const { providers } = configured;
  const catalog = prices.catalog();
  const last = defaultRule(config, providers.size);
  const isName = (ref: string) => Object.hasOwn(config.aliases, ref) || Object.hasOwn(config.routes, ref);
  const rules = compileModelRules(config, models.rules, last, promptRulesOf(definitions, isName));
  return compileSnapshot({
    revision,
    keys,
    budgets: compileBudgets(budgets),
    rateLimits: compileRateLimits(rateLimits),
    providers,
    routing: {
      providers,
      aliases: new Map(Object.entries(config.aliases)),
      routes: new Map(Object.entries(config.routes)),
      fallback: compileFallback(config, models.chains, { providers, catalog }),
      defaultRef: last?.ref,
    },
    rules,
    prompts: promptFinderOf(definitions, rules),
    catalog,
    prices: priceBook,
    clock,
    transportOf,
    authorizerOf: (provider) => authorizers.get(provider),
  });
}

function authorizersOf(
  providers: Iterable<Provider>,
  clock: Clock,
  known: ReadonlyMap<Provider, Authorizer> = new Map(),
): Map<Provider, Authorizer> {
  const made = new Map<Provider, Authorizer>();
  for (const provider of [...providers].flatMap(withEach)) {
    const authorizer =
      known.get(provider) ?? provider.kind.createAuthorizer?.(provider, { clock, environment: process.env });
    if (authorizer) made.set(provider, authorizer);
  }
  return made;
}

/** The provider, and as it is called with each of several credentials. */
function withEach(provider: Provider): Provider[] {
  const { credentials } = provider;
  if (credentials.length < 2) return [provider];
  return [provider, ...credentials.map((credential) => withCredential(provider, credential))];
}
