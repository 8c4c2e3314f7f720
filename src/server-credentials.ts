/** Credentials from the vault: the start is stopped where they cannot be opened, and the providers get them. */
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { type Config, ConfigError } from './config.ts';
import {
  judgeVault,
  type LoadedCredential,
  loadCredentials,
  type VaultStanding,
} from './registry/credentials.ts';
import type { Vault } from './registry/vault.ts';
import { findMasterKey, type MasterKey } from './server-master-key.ts';
import type { Store } from './store/store.ts';
import type { VaultedCredentials } from './upstream/credentials.ts';
import type { ProviderCredential } from './upstream/provider.ts';

export interface Credentials {
  /** What the vault holds by now, for traffic. */
  load(config: Config): Promise<VaultedCredentials>;
  /** What to open with; undefined = nothing was ever sealed here. */
  vault(): Vault | undefined;
  /** What to seal with: the master key is made where there is none. */
  ensureVault(): Vault;
  /** Credentials that cannot be opened, for people. */
  problems(): readonly string[];
}

export interface CredentialsInput {
  readonly config: Config;
  readonly store: Store;
  readonly log: Log;
  readonly workspaceId: WorkspaceId;
  /** False = only to look: what is sealed may stay so. */
  readonly isServing: boolean;
}

/** @throws {ConfigError} when it is to serve, and what the vault holds cannot be opened */
export async function openCredentials(input: CredentialsInput): Promise<Credentials> {
  const { config, store, log, workspaceId } = input;
  const masterKey = findMasterKey(config, log);
  if (input.isServing) {
    const problem = describeStanding(await judgeVault(store, masterKey.vault()?.check), masterKey);
    if (problem !== undefined) throw new ConfigError(problem);
  }
  let problems: readonly string[] = [];
  const told = new Set<string>();
  return {
    async load({ preferredKeys }) {
      const loaded = await loadCredentials(store, masterKey.vault(), workspaceId);
      problems = loaded.flatMap((one) => (one.ok ? [] : [describeProblem(one)]));
      for (const problem of problems) {
        if (!told.has(problem)) log.error({ problem, event: 'vault_integrity' }, 'a credential is left out');
        told.add(problem);
      }
      return { byProvider: byProvider(loaded), isPreferred: preferredKeys === 'vault' };
    },
    vault: masterKey.vault,
    ensureVault: masterKey.ensureVault,
    problems: () => problems,
  };
}

function byProvider(loaded: readonly LoadedCredential[]): Map<string, ProviderCredential[]> {
  const found = new Map<string, ProviderCredential[]>();
  for (const one of loaded) {
    if (!one.ok || one.credential.disabledAtMs !== undefined) continue;
    const { id, provider, label, weight } = one.credential;
    const list = found.get(provider) ?? [];
    list.push({ id, secret: one.secret, weight, rank: 0, source: 'vault', label });
    found.set(provider, list);
  }
  return found;
}

/** What is wrong and how to mend it; undefined = nothing is. */
function describeStanding(standing: VaultStanding, { place }: MasterKey): string | undefined {
  if (standing.kind === 'empty' || standing.kind === 'fits') return undefined;
  const { sealed } = standing;
  const what = `The vault holds ${sealed === 1 ? 'a credential' : `${sealed} credentials`}`;
  const mend =
    'If that key is lost, so is what was sealed with it: take it out with `turnpike credentials remove`, which works ' +
    'while the server is stopped, and save it anew.';
  return standing.kind === 'missing'
    ? `${what}, but there is no master key to open ${sealed === 1 ? 'it' : 'them'} with. Set TURNPIKE_MASTER_KEY, or put the file back to ${place}. ${mend}`
    : `${what}, sealed with another master key than the one in ${place}. Put back the key it was sealed with. ${mend}`;
}

function describeProblem({ credential, reason }: LoadedCredential & { ok: false }): string {
  const { id, provider, label } = credential;
  const why =
    reason === 'other_key' ? 'it was sealed with another master key' : 'what the database holds was changed';
  return `credential ${label} of ${provider} (${id}) cannot be opened: ${why}`;
}
