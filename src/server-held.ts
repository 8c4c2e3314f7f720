/** What everybody has of their own by now: credentials of the vault, and what workspaces declared through the API. */
import type { WorkspaceId } from './base/ids.ts';
import { unprintable } from './base/unprintable.ts';
import type { Config } from './config.ts';
import { loadAliases } from './registry/aliases.ts';
import { loadDeclaredProviders, type ProviderTerms } from './registry/providers.ts';
import { loadRoutes } from './registry/routes.ts';
import type { Credentials } from './server-credentials.ts';
import { type HeldByAll, type Holding, noHolding } from './server-reach.ts';
import type { Store } from './store/store.ts';
import type { DeclaredProvider } from './upstream/configure.ts';
import { providerKinds } from './upstream/providers.ts';
import type { FormatId } from './wire/chat.ts';

/** Of a name that a file declares too, the file's counts. */
export async function loadHeld(
  config: Config,
  { store, credentials }: { readonly store: Store; readonly credentials: Pick<Credentials, 'load'> },
): Promise<HeldByAll> {
  const [held, providers, routes, aliases] = await Promise.all([
    credentials.load(config),
    loadDeclaredProviders(store),
    loadRoutes(store),
    loadAliases(store),
  ]);
  const workspaces = new Map<string, Holding>(held.workspaces);
  const isFree = freeNames(config);
  for (const id of new Set([...providers.keys(), ...routes.keys(), ...aliases.keys()])) {
    const rows = (providers.get(id) ?? []).filter(({ name }) => isFree(name));
    workspaces.set(id, {
      ...(workspaces.get(id) ?? noHolding),
      providers: rows.map(({ name, terms }) => declaredOf(name, terms, id)),
      routes: new Map((routes.get(id) ?? []).map(({ name, terms }) => [name, terms])),
      aliases: new Map((aliases.get(id) ?? []).map(({ name, terms }) => [name, terms.ref])),
    });
  }
  return { ...held, workspaces };
}

/** Names of kinds too: what the environment and the vault hold for them was given for another address. */
export function freeNames(config: Config): (provider: string) => boolean {
  const taken = new Set(config.providers.map(({ name }) => name));
  return (provider) => !taken.has(provider) && !providerKinds.has(provider);
}

/** As if a file had declared it, but for whose word it is. */
export function declaredOf(name: string, terms: ProviderTerms, ownerId: WorkspaceId): DeclaredProvider {
  const { formats, headers, ...rest } = terms;
  return {
    ...rest,
    name,
    ownerId,
    headers: unprintable(headers),
    ...(formats && { formats: formats as readonly FormatId[] }),
  };
}
