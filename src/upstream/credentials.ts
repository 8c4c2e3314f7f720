/** The credentials of one provider: where they come from, in which order they are used, and the provider as each makes it. */
import { Secret } from '../base/secret.ts';
import type { Environment, Provider, ProviderCredential, ProviderKind } from './provider.ts';

/** One key of a list in a file. */
export interface DeclaredKey {
  readonly secret: Secret;
  readonly weight: number;
  /** Tells it from the others; absent = its number in the list. */
  readonly name?: string;
}

/** By the provider's name; `rank` is of no meaning here. */
export type HeldCredentials = ReadonlyMap<string, readonly ProviderCredential[]>;

/** What the vault holds for one caller, and whether it comes before the environment. */
export interface VaultedCredentials {
  /** Nearest first: a member's own, then the workspace's. */
  readonly tiers: readonly HeldCredentials[];
  readonly isPreferred: boolean;
}

export const noVaulted: VaultedCredentials = { tiers: [], isPreferred: false };

/** Providers that it holds a credential of. */
export function vaultedNames({ tiers }: VaultedCredentials): ReadonlySet<string> {
  return new Set(tiers.flatMap((held) => [...held.keys()]));
}

export interface CredentialSources {
  readonly kind: ProviderKind;
  readonly declared: {
    readonly name: string;
    readonly apiKey?: Secret;
    readonly apiKeys?: readonly DeclaredKey[];
    /** The workspace that declared it through the API; absent = a file did. */
    readonly ownerId?: string;
  };
  readonly env: Environment;
  readonly vaulted: VaultedCredentials;
}

/**
 * In the order of use. Those of one rank share the traffic; those of the next serve while none of them can. A secret
 * that stands in two places is one credential. A list in a file that names the environment's own key says how that
 * key is shared out, and takes its place.
 */
export function credentialsOf({ kind, declared, env, vaulted }: CredentialSources): ProviderCredential[] {
  // A provider of its own name has its own key; the kind's variable belongs to the vendor's own provider.
  // And what a workspace declared may lead anywhere: nothing of the operator's is sent there.
  const isNamesake = declared.name === kind.id && declared.ownerId === undefined;
  const fromEnv = isNamesake ? credentialFrom(kind, env) : undefined;
  const fromFile = fileCredentials(declared);
  const fromVault = vaulted.tiers.map((held) => held.get(declared.name) ?? []);
  const isListed =
    declared.apiKeys?.some(({ secret }) => secret.reveal() === fromEnv?.secret.reveal()) ?? false;
  const environment = isListed ? fromFile : fromEnv ? [fromEnv] : [];
  const first = vaulted.isPreferred ? [...fromVault, environment] : [environment, ...fromVault];
  const groups = [...first, fromFile].filter(({ length }) => length > 0);
  return withoutRepeats(groups.flatMap((group, rank) => group.map((one) => ({ ...one, rank }))));
}

function fileCredentials({ apiKey, apiKeys = [] }: CredentialSources['declared']): ProviderCredential[] {
  const single: DeclaredKey[] = apiKey ? [{ secret: apiKey, weight: 1, name: 'api_key' }] : [];
  return [...single, ...apiKeys].map(({ secret, weight, name }, index) => {
    const label = name ?? String(index + 1 - single.length);
    return { id: `file:${label}`, secret, weight, rank: 0, source: 'file', label };
  });
}

function withoutRepeats(credentials: readonly ProviderCredential[]): ProviderCredential[] {
  const bySecret = new Map<string, ProviderCredential>();
  for (const credential of credentials) {
    const text = credential.secret.reveal();
    if (!bySecret.has(text)) bySecret.set(text, credential);
  }
  return [...bySecret.values()];
}

/** The first of the kind's variables that is set. */
export function credentialFrom(kind: ProviderKind, env: Environment): ProviderCredential | undefined {
  for (const variable of kind.credentialEnv) {
    const value = env[variable]?.trim();
    if (!value) continue;
    const secret = new Secret(value);
    return { id: `env:${variable}`, secret, weight: 1, rank: 0, source: `env ${variable}`, label: variable };
  }
  return undefined;
}

/**
 * What tells the health of a provider with one of its credentials from the same with another. Most have but one, which
 * needs no name; one of the vault has its own always, as another workspace's provider of that name has another.
 */
export function placeOf(provider: Provider, credential = provider.credentials[0]): string {
  if (!credential) return provider.ownerId ?? '';
  return provider.credentials.length > 1 || credential.source === 'vault' ? credential.id : '';
}

/** Whether a place of the provider's name with this credential is one of the provider's. */
export function hasPlace(provider: Provider, credential: string): boolean {
  const { credentials } = provider;
  return credentials.length === 0
    ? placeOf(provider) === credential
    : credentials.some((one) => placeOf(provider, one) === credential);
}

/** Kept, so that what is remembered of a provider (headers, tokens, connections) is remembered of each of these too. */
const made = new WeakMap<Provider, Map<ProviderCredential, Provider>>();

/** The provider as it is called with this one of its credentials: the same object each time. */
export function withCredential(provider: Provider, credential: ProviderCredential): Provider {
  if (provider.credentials.length === 1 && provider.credentials[0] === credential) return provider;
  const known = made.get(provider) ?? new Map<ProviderCredential, Provider>();
  made.set(provider, known);
  const found = known.get(credential);
  if (found) return found;
  const one: Provider = {
    ...provider,
    ...credential.placement,
    credential: credential.secret,
    credentials: [credential],
  };
  known.set(credential, one);
  return one;
}
