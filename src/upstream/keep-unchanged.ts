/** Providers over a reload: those that are declared as before stay the objects they were, with all that hangs on them. */
import { isSameValue } from '../base/same-value.ts';
import type { ConfiguredProviders, DeclaredProvider } from './configure.ts';
import type { VaultedCredentials } from './credentials.ts';
import type { Provider } from './provider.ts';

/** What `configureProviders` was given, beside what does not change in the life of a process. */
export interface ProviderSources {
  readonly declared: readonly DeclaredProvider[];
  readonly vaulted: VaultedCredentials;
}

/** `next`, with the objects of `before` for every provider of which both sources say the same. */
export function keepUnchanged(
  before: { readonly sources: ProviderSources; readonly configured: ConfiguredProviders },
  next: { readonly sources: ProviderSources; readonly configured: ConfiguredProviders },
): ConfiguredProviders {
  const told = (sources: ProviderSources) => {
    const rows = new Map(sources.declared.map((row) => [row.name, row]));
    return (name: string) => [
      rows.get(name),
      sources.vaulted.tiers.flatMap((held) => (held.has(name) ? [held.get(name)] : [])),
      sources.vaulted.isPreferred,
    ];
  };
  const toldBefore = told(before.sources);
  const toldNow = told(next.sources);
  const kept = (provider: Provider): Provider => {
    const known = before.configured.providers.get(provider.name);
    return known && isSameValue(toldBefore(provider.name), toldNow(provider.name)) ? known : provider;
  };
  const providers = [...next.configured.providers].map(([name, provider]) => [name, kept(provider)] as const);
  return { ...next.configured, providers: new Map(providers) };
}
