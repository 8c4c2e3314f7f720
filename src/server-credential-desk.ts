/** What the desk of credentials stands on: the vault, the providers as they are configured now, and a way to try one. */
import { type CredentialDesk, createCredentialDesk } from './admin/credentials-desk.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Secret } from './base/secret.ts';
import type { HealthBoard } from './health/health.ts';
import type { Credentials } from './server-credentials.ts';
import type { Declared } from './server-live.ts';
import { isOwnPlace, newAuthorizer, reachOf } from './server-reach.ts';
import type { Transports } from './server-transports.ts';
import type { Store } from './store/store.ts';
import { configureProviders } from './upstream/configure.ts';
import { withCredential } from './upstream/credentials.ts';
import type { Provider, ProviderCredential } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';
import { tryCredential } from './upstream/try-credential.ts';

export interface CredentialMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly health: HealthBoard;
  /** What credentials are tried through. */
  readonly transports: Pick<Transports, 'of'>;
  declared(): Declared;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

export function openCredentialDesk(means: CredentialMeans): CredentialDesk {
  const { store, workspaceId, clock, credentials, health } = means;
  return createCredentialDesk({
    store,
    workspaceId,
    clock,
    vault: credentials.keeper.vault,
    ensureVault: credentials.keeper.ensureVault,
    providers: (memberId) => {
      const holder = { workspaceId, ...(memberId !== undefined && { memberId }) };
      return reachOf(means.declared().reaches, holder).configured.providers;
    },
    candidateOf: (provider, secret) => candidateOf(means, provider, secret),
    tryOut: (provider) => tryOut(means, provider),
    async settle(provider) {
      await means.recompile();
      for (const { place, standing } of health.list())
        if (
          standing.state === 'disabled' &&
          place.provider === provider &&
          isOwnPlace(means.declared().reaches, workspaceId, provider, place.credential)
        )
          health.probed(place, { isReachable: false, isCredentialGood: true });
    },
  });
}

/** As if the vault held this one alone, and it came first. */
function candidateOf(
  { declared, workspaceId }: CredentialMeans,
  name: string,
  secret: Secret,
): { ok: true; provider: Provider } | { ok: false; problem: string } {
  if (name === 'sandbox') return { ok: false, problem: 'the sandbox takes no key' };
  const { config, reaches } = declared();
  const { sources } = reachOf(reaches, { workspaceId });
  const one: ProviderCredential = { id: '', secret, weight: 1, rank: 0, source: 'vault', label: '' };
  const vaulted = { tiers: [new Map([[name, [one]]])], isPreferred: true };
  const { providers, problems } = configureProviders(sources.declared, providerKinds, config.env, vaulted);
  const provider = providers.get(name);
  const first = provider?.credentials[0];
  if (provider && first) return { ok: true, provider: withCredential(provider, first) };
  const problem = problems.find((text) => text.startsWith(`providers.${name}: `));
  return { ok: false, problem: problem ?? `there is no provider ${name}` };
}

function tryOut({ transports, clock, declared }: CredentialMeans, provider: Provider) {
  const authorizer = newAuthorizer(provider, clock, declared().config.env);
  return tryCredential(provider, { transport: transports.of(provider), authorizer });
}
