/** Credentials from the vault: the start is stopped where they cannot be opened, and the providers get them. */
import type { WorkspaceId } from './base/ids.ts';
import type { Config } from './config.ts';
import { type LoadedCredential, loadAllCredentials, touchCredentials } from './registry/credentials.ts';
import type { OpenedSecret, Vault } from './registry/vault.ts';
import { type HeldByAll, type Holding, noHolding } from './server-reach.ts';
import { openVault, type VaultInput, type VaultKeeper } from './server-vault.ts';
import type { Provider, ProviderCredential } from './upstream/provider.ts';
import type { Transport } from './upstream/transport.ts';

export interface Credentials {
  /** What the vault holds by now, for traffic. */
  load(config: Config): Promise<HeldByAll>;
  /** What they are sealed with. */
  readonly keeper: VaultKeeper;
  /** Credentials that cannot be opened, for people. */
  problems(): readonly string[];
  /** The transport, noting when the provider's credential is used where it is one of the vault. */
  watched(provider: Provider, transport: Transport): Transport;
  /** Writes down what was noted last. */
  stop(): Promise<void>;
}

export type CredentialsInput = VaultInput;

/** How often it is written down when credentials were last used: a fact for people, not worth a write per request. */
const USE_MS = 60_000;

/** @throws {ConfigError} when it is to serve, and what the vault holds cannot be opened */
export async function openCredentials(input: CredentialsInput): Promise<Credentials> {
  const { store, log } = input;
  const keeper = await openVault(input);
  let problems: readonly string[] = [];
  const told = new Set<string>();
  const recall = recallOpened();
  const use = keepUse(input);
  return {
    async load({ preferredKeys }) {
      const loaded = await loadAllCredentials(store, recall(keeper.vault()));
      problems = loaded.flatMap((one) => (one.ok ? [] : [describeProblem(one)]));
      for (const problem of problems) {
        if (!told.has(problem)) log.error({ problem, event: 'vault_integrity' }, 'a credential is left out');
        told.add(problem);
      }
      return heldBy(loaded, preferredKeys === 'vault');
    },
    keeper,
    problems: () => problems,
    watched: use.watched,
    async stop() {
      await Promise.all([use.stop(), keeper.stop()]);
    },
  };
}

/**
 * Opening is some ten microseconds of arithmetic, and every change of the registry asks for all: what was opened for the
 * last one is not opened again. The same text and belonging always open to the same.
 */
function recallOpened(): (vault: Vault | undefined) => Vault | undefined {
  let before = new Map<string, OpenedSecret>();
  return (vault) => {
    if (!vault) return undefined;
    const known = before;
    const now = new Map<string, OpenedSecret>();
    before = now;
    return {
      ...vault,
      open(sealed, belonging) {
        const key = JSON.stringify([sealed, belonging]);
        const opened = known.get(key) ?? vault.open(sealed, belonging);
        now.set(key, opened);
        return opened;
      },
    };
  };
}

function keepUse({ store, clock, log }: CredentialsInput): Pick<Credentials, 'watched' | 'stop'> {
  const used = new Map<string, number>();
  const write = async (): Promise<void> => {
    const noted = new Map(used);
    used.clear();
    try {
      await touchCredentials(store, noted);
    } catch (error) {
      log.warn({ error: String(error) }, 'when credentials were last used could not be written');
    }
  };
  const timer = setInterval(() => void write(), USE_MS).unref();
  return {
    watched(provider, transport) {
      const [credential] = provider.credentials;
      if (credential?.source !== 'vault') return transport;
      return {
        close: () => transport.close(),
        send(request, handler) {
          used.set(credential.id, clock.now());
          return transport.send(request, handler);
        },
      };
    },
    stop() {
      clearInterval(timer);
      return write();
    },
  };
}

function heldBy(loaded: readonly LoadedCredential[], isPreferred: boolean): HeldByAll {
  const workspaces = new Map<string, OpenHolding>();
  const members = new Map<string, { workspaceId: WorkspaceId; held: OpenHeld }>();
  for (const one of loaded) {
    if (!one.ok || one.credential.disabledAtMs !== undefined) continue;
    const { id, workspaceId, memberId, provider, label, weight } = one.credential;
    let held: OpenHeld;
    if (memberId === undefined) {
      const holding = workspaces.get(workspaceId) ?? { ...noHolding, credentials: new Map() };
      workspaces.set(workspaceId, holding);
      held = holding.credentials;
    } else {
      const member = members.get(memberId) ?? { workspaceId, held: new Map() };
      members.set(memberId, member);
      held = member.held;
    }
    const list = held.get(provider) ?? [];
    list.push({ id, secret: one.secret, weight, rank: 0, source: 'vault', label });
    held.set(provider, list);
  }
  return { workspaces, members, isPreferred };
}

type OpenHeld = Map<string, ProviderCredential[]>;
type OpenHolding = Holding & { readonly credentials: OpenHeld };

function describeProblem({ credential, reason }: LoadedCredential & { ok: false }): string {
  const { id, provider, label } = credential;
  const why =
    reason === 'other_key' ? 'it was sealed with another master key' : 'what the database holds was changed';
  return `credential ${label} of ${provider} (${id}) cannot be opened: ${why}`;
}
