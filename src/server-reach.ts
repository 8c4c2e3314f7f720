/**
 * What each caller can reach: the providers of the files and the environment, which all share, and for a workspace or a
 * member who has credentials of their own in the vault, the same with those.
 */
import type { Clock } from './base/clock.ts';
import type { MemberId, WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { RouteSettings } from './base/route-settings.ts';
import type { Secret } from './base/secret.ts';
import type { Config } from './config.ts';
import { type ConfiguredProviders, configureProviders, type DeclaredProvider } from './upstream/configure.ts';
import {
  type HeldCredentials,
  hasPlace,
  type VaultedCredentials,
  withCredential,
} from './upstream/credentials.ts';
import { keepUnchanged, type ProviderSources } from './upstream/keep-unchanged.ts';
import type { Authorizer, Environment, Provider } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';

/** Whose credentials count: a member's own and the workspace's, or those of the workspace alone. */
export interface Holder {
  readonly workspaceId: WorkspaceId;
  readonly memberId?: MemberId | string | undefined;
}

/** What a workspace has of its own. */
export interface Holding {
  readonly credentials: HeldCredentials;
  /** Declared through the API, beside those of the files. */
  readonly providers: readonly DeclaredProvider[];
  readonly routes: ReadonlyMap<string, RouteSettings>;
  readonly aliases: ReadonlyMap<string, string>;
}

/** What is held by now, by who it belongs to. Nobody is here who has nothing of their own. */
export interface HeldByAll {
  readonly workspaces: ReadonlyMap<string, Holding>;
  readonly members: ReadonlyMap<
    string,
    { readonly workspaceId: WorkspaceId; readonly held: HeldCredentials }
  >;
  /** The vault comes before the environment. */
  readonly isPreferred: boolean;
}

/** What one holder can reach. */
export interface Reach {
  readonly configured: ConfiguredProviders;
  /** What the providers were configured from. */
  readonly sources: ProviderSources;
  /** Of the workspace; beside those of the files. */
  readonly routes: Holding['routes'];
  readonly aliases: Holding['aliases'];
}

export const noHolding: Holding = {
  credentials: new Map(),
  providers: [],
  routes: new Map(),
  aliases: new Map(),
};

export interface Reaches {
  /** Of everybody who has nothing of their own. */
  readonly common: Reach;
  /** By workspace or member. */
  readonly own: ReadonlyMap<string, Reach>;
  readonly held: HeldByAll;
  /** They hold tokens: those of a provider that did not change are kept for the life of the process. */
  readonly authorizers: ReadonlyMap<Provider, Authorizer>;
}

export function reachOf({ common, own }: Pick<Reaches, 'common' | 'own'>, holder: Holder): Reach {
  const { workspaceId, memberId } = holder;
  return (memberId !== undefined && own.get(memberId)) || own.get(workspaceId) || common;
}

const everyKnown = new WeakMap<Reaches, ReadonlyMap<string, Provider>>();

/**
 * Of all reaches, each once: by its name, and where it is not the common one of that name, by whose it is too. The same
 * map for the same reaches.
 */
export function everyProvider(reaches: Reaches): ReadonlyMap<string, Provider> {
  const known = everyKnown.get(reaches);
  if (known) return known;
  const all = new Map(reaches.common.configured.providers);
  const seen = new Set(all.values());
  for (const [id, { configured }] of reaches.own)
    for (const [name, provider] of configured.providers) {
      if (seen.has(provider)) continue;
      seen.add(provider);
      all.set(`${name} of ${id}`, provider);
    }
  everyKnown.set(reaches, all);
  return all;
}

/** Whether a place of a provider belongs to a workspace alone: by a credential of its vault, or as its declaration. */
export function isOwnPlace(
  { own, held }: Reaches,
  workspaceId: WorkspaceId,
  name: string,
  credential: string,
) {
  const members = [...held.members].filter(([, one]) => one.workspaceId === workspaceId).map(([id]) => id);
  return [workspaceId, ...members].some((id) => {
    const provider = own.get(id)?.configured.providers.get(name);
    if (provider?.ownerId !== undefined && hasPlace(provider, credential)) return true;
    return provider?.credentials.some((one) => one.source === 'vault' && one.id === credential) ?? false;
  });
}

/** @param before objects of it are kept for all that is declared as it was */
export function declareReaches(
  config: Config,
  held: HeldByAll,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  before?: Reaches,
): Reaches {
  const { isPreferred } = held;
  const common = configure(config, noHolding, { tiers: [], isPreferred }, [before?.common]);
  const own = new Map<string, Reach>();
  const declareOne = (id: string, holding: Holding, tiers: readonly HeldCredentials[]): void => {
    // What is the same for all is one object, with the connections and the tokens that hang on it.
    const others = [before?.own.get(id), common];
    own.set(id, configure(config, holding, { tiers, isPreferred }, others));
  };
  for (const [id, holding] of held.workspaces) declareOne(id, holding, [holding.credentials]);
  for (const [id, { workspaceId, held: mine }] of held.members) {
    const holding = held.workspaces.get(workspaceId) ?? noHolding;
    declareOne(id, holding, [mine, holding.credentials]);
  }
  const reaches = [common, ...own.values()];
  tellProblems(log, reaches, before);
  const providers = new Set(reaches.flatMap(({ configured }) => [...configured.providers.values()]));
  return { common, own, held, authorizers: authorizersOf(providers, clock, before?.authorizers) };
}

function configure(
  config: Config,
  { providers, routes, aliases }: Holding,
  vaulted: VaultedCredentials,
  known: readonly (Reach | undefined)[],
): Reach {
  const declared = [...config.providers, ...providers];
  const sources: ProviderSources = { declared, vaulted };
  let configured = configureProviders(declared, providerKinds, config.env, vaulted);
  for (const reach of known) if (reach) configured = keepUnchanged(reach, { sources, configured });
  return { configured, sources, routes, aliases };
}

function tellProblems(log: Log, reaches: readonly Reach[], before: Reaches | undefined): void {
  const problemsOf = (all: readonly Reach[]) => all.flatMap(({ configured }) => configured.problems);
  const known = new Set(before && problemsOf([before.common, ...before.own.values()]));
  for (const problem of new Set(problemsOf(reaches)))
    if (!known.has(problem)) log.warn({ problem }, 'a provider is left out');
}

function authorizersOf(
  providers: Iterable<Provider>,
  clock: Clock,
  known: ReadonlyMap<Provider, Authorizer> = new Map(),
): Map<Provider, Authorizer> {
  const made = new Map<Provider, Authorizer>();
  for (const provider of [...providers].flatMap(withEach)) {
    const authorizer = known.get(provider) ?? newAuthorizer(provider, clock, process.env);
    if (authorizer) made.set(provider, authorizer);
  }
  return made;
}

/** Of a provider that a workspace declared, nothing of this machine's signs: its address is not the operator's word. */
export function newAuthorizer(
  provider: Provider,
  clock: Clock,
  environment: Environment,
): Authorizer | undefined {
  const { kind, ownerId } = provider;
  return kind.createAuthorizer?.(provider, { clock, environment: ownerId === undefined ? environment : {} });
}

/** The provider, and as it is called with each of several credentials. */
function withEach(provider: Provider): Provider[] {
  const { credentials } = provider;
  if (credentials.length < 2) return [provider];
  return [provider, ...credentials.map((credential) => withCredential(provider, credential))];
}

/** All that providers are called with, for what must never be written anywhere. */
export function secretsOf(config: Config, reaches: Reaches): readonly Secret[] {
  const ofFiles = [config.bootstrapKey, ...config.providers.map(({ adminKey }) => adminKey)];
  const ofProviders = [...everyProvider(reaches).values()].flatMap(({ credential, credentials }) => [
    credential,
    ...credentials.map(({ secret }) => secret),
  ]);
  return [...ofFiles, ...ofProviders].filter((secret) => secret !== undefined);
}
