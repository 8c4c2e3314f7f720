/** The desk for credentials on top of the vault: one workspace, and no secret ever leaves it but to its provider. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import {
  type CredentialRecord,
  changeCredential,
  type LoadedCredential,
  loadCredentials,
  noteValidated,
  removeCredential,
  saveCredential,
} from '../registry/credentials.ts';
import type { CredentialId, Vault } from '../registry/vault.ts';
import { judgeFacts, readVaultFacts } from '../registry/vault-state.ts';
import type { Store } from '../store/store.ts';
import type { Provider, ProviderCredential } from '../upstream/provider.ts';
import type { CredentialTrial } from '../upstream/try-credential.ts';

/** A credential as operators see it. */
export interface CredentialFacts {
  /** `cred_…` of the vault; `env:…` and `file:…` are changed where they stand. */
  readonly id: string;
  readonly provider: string;
  readonly label: string;
  /** `vault`, `file` or `env NAME`. */
  readonly source: string;
  readonly preview: string;
  readonly weight: number;
  /** 0 = used first; absent = it is not used. */
  readonly rank?: number;
  /** `unused`: its provider is not there, or has the same key from elsewhere. `unreadable`: the vault cannot open it. */
  readonly state: 'active' | 'disabled' | 'unused' | 'unreadable';
  readonly createdAtMs?: number;
  readonly validatedAtMs?: number;
  readonly lastUsedAtMs?: number;
}

export interface NewCredential {
  readonly provider: string;
  readonly label: string;
  readonly secret: Secret;
  readonly weight: number;
  /** Save it whatever the provider says. */
  readonly isForced: boolean;
}

export type SavedCredential =
  | {
      readonly kind: 'done';
      readonly credential: CredentialFacts;
      readonly isReplaced: boolean;
      readonly trial: CredentialTrial;
    }
  | { readonly kind: 'not_proven'; readonly trial: CredentialTrial }
  /** There is no such provider, or nothing can be sent to it. */
  | { readonly kind: 'no_provider'; readonly message: string }
  | { readonly kind: 'vault_closed'; readonly message: string }
  | { readonly kind: 'vault_full' };

/** What one credential showed. */
export interface TriedCredential {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  readonly trial: CredentialTrial;
}

export interface CredentialDesk {
  /** Of every provider, those of the environment and the files too, in the order of use. */
  list(): Promise<readonly CredentialFacts[]>;
  /** Tries it against its provider first. */
  save(credential: NewCredential): Promise<SavedCredential>;
  /** undefined = the vault has none of this id. */
  change(
    id: string,
    change: { readonly weight?: number; readonly isDisabled?: boolean },
  ): Promise<CredentialFacts | undefined>;
  /** What it was; undefined = the vault has none of this id. */
  remove(id: string): Promise<CredentialFacts | undefined>;
  /** Those of a provider that are in use, or the one of this id; undefined = there is none. */
  test(provider: string, id?: string): Promise<readonly TriedCredential[] | undefined>;
}

export interface CredentialDeskInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  /** undefined = there is no master key yet. */
  vault(): Vault | undefined;
  /** Makes the master key where nothing was ever sealed; undefined = there is none, and people keep it. */
  ensureVault(): Promise<Vault | undefined>;
  /** What is configured now. */
  providers(): ReadonlyMap<string, Provider>;
  /** The provider as it would be called with this secret, whether or not it can be used now. */
  candidateOf(
    provider: string,
    secret: Secret,
  ): { readonly ok: true; readonly provider: Provider } | { readonly ok: false; readonly problem: string };
  tryOut(provider: Provider): Promise<CredentialTrial>;
  /** Brings a change to traffic, and gives what the provider had refused another trial. */
  settle(provider: string): Promise<void>;
}

export function createCredentialDesk(input: CredentialDeskInput): CredentialDesk {
  const { store, workspaceId, clock } = input;
  const load = () => loadCredentials(store, input.vault(), workspaceId);
  const factsOf = (credential: CredentialRecord): CredentialFacts =>
    describe(credential, true, inUse(input).get(credential.id));
  return {
    async list() {
      const used = inUse(input);
      const stored = await load();
      const kept = stored.map((one) => describe(one.credential, one.ok, used.get(one.credential.id)));
      const others = [...used.values()]
        .filter(({ credential }) => credential.source !== 'vault')
        .map(({ provider, credential }) => describeOther(provider, credential));
      return [...kept, ...others].toSorted(inOrderOfUse);
    },
    save: (wanted) => save(input, wanted),
    async change(id, change) {
      const after = await changeCredential(store, id, change, { workspaceId, nowMs: clock.now() });
      if (!after) return undefined;
      await input.settle(after.provider);
      return factsOf(after);
    },
    async remove(id) {
      const removed = await removeCredential(store, id, workspaceId);
      if (!removed) return undefined;
      await input.settle(removed.provider);
      return factsOf(removed);
    },
    async test(provider, id) {
      const found =
        id === undefined ? ofProvider(input, provider) : await oneOf(input, await load(), provider, id);
      if (found.length === 0) return undefined;
      return Promise.all(found.map((one) => tryOne(input, provider, one)));
    },
  };
}

async function save(input: CredentialDeskInput, wanted: NewCredential): Promise<SavedCredential> {
  const { store, workspaceId, clock } = input;
  const { isForced, ...credential } = wanted;
  const candidate = input.candidateOf(wanted.provider, wanted.secret);
  if (!candidate.ok) return { kind: 'no_provider', message: candidate.problem };
  // Before a master key is made: one more would not open what another has sealed.
  const standing = judgeFacts(await readVaultFacts(store), input.vault());
  if (standing.kind !== 'fits' && standing.kind !== 'empty') return closed;
  const trial = await input.tryOut(candidate.provider);
  if (trial.kind !== 'good' && !isForced) return { kind: 'not_proven', trial };
  const nowMs = clock.now();
  const vault = await input.ensureVault();
  if (!vault) return keyless;
  const saved = await saveCredential(
    store,
    vault,
    { ...credential, ...(trial.kind === 'good' && { validatedAtMs: nowMs }) },
    { workspaceId, nowMs },
  );
  if (saved.kind === 'other_key') return closed;
  if (saved.kind === 'too_many') return { kind: 'vault_full' };
  await input.settle(wanted.provider);
  const facts = describe(saved.credential, true, inUse(input).get(saved.credential.id));
  return { kind: 'done', credential: facts, isReplaced: saved.isReplaced, trial };
}

const closed: SavedCredential = {
  kind: 'vault_closed',
  message: 'what the vault holds was sealed with another master key than the one at hand',
};

const keyless: SavedCredential = {
  kind: 'vault_closed',
  message: 'there is no master key, and it is kept where Turnpike cannot make one',
};

interface InUse {
  readonly provider: string;
  readonly credential: ProviderCredential;
}

/** Ids of files and variables are unique within their provider alone. */
function inUse({ providers }: CredentialDeskInput): Map<string, InUse> {
  const used = new Map<string, InUse>();
  for (const { name, credentials } of providers().values()) {
    for (const credential of credentials) {
      const id = credential.source === 'vault' ? credential.id : `${name} ${credential.id}`;
      used.set(id, { provider: name, credential });
    }
  }
  return used;
}

function describe(
  credential: CredentialRecord,
  isReadable: boolean,
  used: InUse | undefined,
): CredentialFacts {
  const { id, provider, label, preview, weight, createdAtMs, validatedAtMs, lastUsedAtMs } = credential;
  const isDisabled = credential.disabledAtMs !== undefined;
  const rank = used?.credential.rank;
  const state = isDisabled ? 'disabled' : !isReadable ? 'unreadable' : used ? 'active' : 'unused';
  return {
    ...{ id, provider, label, source: 'vault', preview, weight, state, createdAtMs },
    ...(rank !== undefined && { rank }),
    ...(validatedAtMs !== undefined && { validatedAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
}

function describeOther(provider: string, credential: ProviderCredential): CredentialFacts {
  const { id, label, source, secret, weight, rank } = credential;
  return { id, provider, label, source, preview: secret.masked(), weight, rank, state: 'active' };
}

function inOrderOfUse(a: CredentialFacts, b: CredentialFacts): number {
  if (a.provider !== b.provider) return a.provider < b.provider ? -1 : 1;
  const last = Number.MAX_SAFE_INTEGER;
  if (a.rank !== b.rank) return (a.rank ?? last) - (b.rank ?? last);
  return a.label < b.label ? -1 : 1;
}

type Testable = Pick<TriedCredential, 'id' | 'label' | 'source'> & {
  /** undefined = the vault cannot open it. */
  readonly secret: Secret | undefined;
};

function ofProvider({ providers }: CredentialDeskInput, name: string): readonly Testable[] {
  return providers().get(name)?.credentials ?? [];
}

/** Disabled ones too: they are tested to learn whether they may be used again. */
async function oneOf(
  input: CredentialDeskInput,
  stored: readonly LoadedCredential[],
  provider: string,
  id: string,
): Promise<readonly Testable[]> {
  const kept = stored.find(({ credential }) => credential.id === id && credential.provider === provider);
  if (!kept) return ofProvider(input, provider).filter((one) => one.id === id);
  const { label } = kept.credential;
  return [{ id, label, source: 'vault', secret: kept.ok ? kept.secret : undefined }];
}

async function tryOne(
  input: CredentialDeskInput,
  provider: string,
  { id, label, source, secret }: Testable,
): Promise<TriedCredential> {
  const told = (trial: CredentialTrial): TriedCredential => ({ id, label, source, trial });
  if (!secret) return told({ kind: 'unclear', message: 'the vault cannot open it' });
  const candidate = input.candidateOf(provider, secret);
  if (!candidate.ok) return told({ kind: 'unclear', message: candidate.problem });
  const trial = await input.tryOut(candidate.provider);
  if (trial.kind === 'good' && source === 'vault')
    await noteValidated(input.store, id as CredentialId, input.clock.now());
  return told(trial);
}
