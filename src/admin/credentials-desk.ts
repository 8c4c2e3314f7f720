/** The desk for credentials on top of the vault: one workspace, and no secret ever leaves it but to its provider. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import {
  type CredentialContext,
  type CredentialRecord,
  changeCredential,
  listCredentials,
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

/** Who asks: what is his own he may change, and what is the workspace's as an admin. */
export interface CredentialUser {
  /** Absent = he is no member. */
  readonly memberId?: string | undefined;
  readonly isAdmin: boolean;
}

/** A credential as operators see it. */
export interface CredentialFacts {
  /** `cred_…` of the vault; `env:…` and `file:…` are changed where they stand. */
  readonly id: string;
  readonly provider: string;
  readonly label: string;
  /** `vault`, `file` or `env NAME`. */
  readonly source: string;
  /** Environment and files are the installation's: all workspaces use them. */
  readonly holder: 'installation' | 'workspace' | 'member';
  /** Whose it is, where it is a member's. */
  readonly memberId?: string;
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
  /** Whose it is to be: the workspace's, or that of who asks. */
  readonly holder: 'workspace' | 'me';
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
  | { readonly kind: 'vault_full' }
  | NotAllowed;

export interface NotAllowed {
  /** `no_member`: who asks has nothing of his own. */
  readonly kind: 'not_allowed' | 'no_member';
  readonly message: string;
}

export type ChangedCredential =
  | { readonly kind: 'done'; readonly credential: CredentialFacts }
  /** There is none of this id, or it is no business of who asks. */
  | { readonly kind: 'unknown' }
  | NotAllowed;

/** What one credential showed. */
export interface TriedCredential {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  readonly trial: CredentialTrial;
}

export interface CredentialDesk {
  /** Of every provider, those of the environment and the files too, in the order of use. Admins see those of others. */
  list(by: CredentialUser): Promise<readonly CredentialFacts[]>;
  /** Tries it against its provider first. */
  save(by: CredentialUser, credential: NewCredential): Promise<SavedCredential>;
  change(
    by: CredentialUser,
    id: string,
    change: { readonly weight?: number; readonly isDisabled?: boolean },
  ): Promise<ChangedCredential>;
  /** Answers what it was. */
  remove(by: CredentialUser, id: string): Promise<ChangedCredential>;
  /** Those of a provider that he may change and that are in use, or the one of this id; undefined = there is none. */
  test(by: CredentialUser, provider: string, id?: string): Promise<readonly TriedCredential[] | undefined>;
}

export interface CredentialDeskInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  /** undefined = there is no master key yet. */
  vault(): Vault | undefined;
  /** Makes the master key where nothing was ever sealed; undefined = there is none, and people keep it. */
  ensureVault(): Promise<Vault | undefined>;
  /** What is configured now, for a member or the workspace. */
  providers(memberId: string | undefined): ReadonlyMap<string, Provider>;
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
  return {
    list: (by) => list(input, by),
    save: (by, wanted) => save(input, by, wanted),
    change: (by, id, change) =>
      changeOne(input, by, id, (holder) => changeCredential(input.store, id, change, holder)),
    remove: (by, id) => changeOne(input, by, id, (holder) => removeCredential(input.store, id, holder)),
    async test(by, provider, id) {
      const found = id === undefined ? inUseOf(input, by, provider) : await oneOf(input, by, provider, id);
      if (found.length === 0) return undefined;
      return Promise.all(found.map((one) => tryOne(input, provider, one)));
    },
  };
}

async function list(input: CredentialDeskInput, by: CredentialUser): Promise<readonly CredentialFacts[]> {
  const stored = await loadCredentials(input.store, input.vault(), input.workspaceId);
  const used = inUse(input, by.memberId);
  const kept = stored
    .filter(({ credential }) => isSeen(credential, by))
    .map(({ ok, credential }) => {
      const { id, memberId } = credential;
      const isOthers = memberId !== undefined && memberId !== by.memberId;
      return describe(credential, ok, (isOthers ? inUse(input, memberId) : used).get(id));
    });
  const others = [...used.values()]
    .filter(({ credential }) => credential.source !== 'vault')
    .map(({ provider, credential }) => describeOther(provider, credential));
  return [...kept, ...others].toSorted(inOrderOfUse);
}

/** Of others a member knows nothing; an admin knows that they are there. */
function isSeen({ memberId }: CredentialRecord, by: CredentialUser): boolean {
  return memberId === undefined || memberId === by.memberId || by.isAdmin;
}

/** undefined = he may. */
function whyNot(
  { memberId }: Pick<CredentialRecord, 'memberId'>,
  by: CredentialUser,
): NotAllowed | undefined {
  if (memberId === undefined)
    return by.isAdmin
      ? undefined
      : { kind: 'not_allowed', message: "the workspace's credentials are changed by its admins" };
  return memberId === by.memberId
    ? undefined
    : { kind: 'not_allowed', message: "a member's own credential is changed by that member alone" };
}

async function changeOne(
  input: CredentialDeskInput,
  by: CredentialUser,
  id: string,
  change: (holder: CredentialContext) => Promise<CredentialRecord | undefined>,
): Promise<ChangedCredential> {
  const { store, workspaceId, clock } = input;
  const known = (await listCredentials(store, workspaceId)).find((one) => one.id === id);
  if (!known || !isSeen(known, by)) return { kind: 'unknown' };
  const refusal = whyNot(known, by);
  if (refusal) return refusal;
  const after = await change({ workspaceId, memberId: known.memberId, nowMs: clock.now() });
  if (!after) return { kind: 'unknown' };
  await input.settle(after.provider);
  return { kind: 'done', credential: describe(after, true, inUse(input, after.memberId).get(after.id)) };
}

async function save(
  input: CredentialDeskInput,
  by: CredentialUser,
  wanted: NewCredential,
): Promise<SavedCredential> {
  const { store, workspaceId, clock } = input;
  const { isForced, holder, ...credential } = wanted;
  const memberId = holder === 'me' ? by.memberId : undefined;
  if (holder === 'me' && memberId === undefined)
    return { kind: 'no_member', message: 'only members have credentials of their own' };
  const refusal = whyNot(memberId === undefined ? {} : { memberId }, by);
  if (refusal) return refusal;
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
    { workspaceId, memberId, nowMs },
  );
  if (saved.kind === 'other_key') return closed;
  if (saved.kind === 'too_many') return { kind: 'vault_full' };
  await input.settle(wanted.provider);
  const facts = describe(saved.credential, true, inUse(input, memberId).get(saved.credential.id));
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
function inUse({ providers }: CredentialDeskInput, memberId: string | undefined): Map<string, InUse> {
  const used = new Map<string, InUse>();
  for (const { name, credentials } of providers(memberId).values()) {
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
  const { memberId } = credential;
  const isDisabled = credential.disabledAtMs !== undefined;
  const rank = used?.credential.rank;
  const state = isDisabled ? 'disabled' : !isReadable ? 'unreadable' : used ? 'active' : 'unused';
  return {
    ...{ id, provider, label, source: 'vault', preview, weight, state, createdAtMs },
    ...(memberId === undefined ? { holder: 'workspace' } : { holder: 'member', memberId }),
    ...(rank !== undefined && { rank }),
    ...(validatedAtMs !== undefined && { validatedAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
}

function describeOther(provider: string, credential: ProviderCredential): CredentialFacts {
  const { id, label, source, secret, weight, rank } = credential;
  const holder = 'installation';
  return { id, provider, label, source, holder, preview: secret.masked(), weight, rank, state: 'active' };
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

/** A member tries his own alone: who pays for the others decides when they are sent anywhere. */
function inUseOf(input: CredentialDeskInput, by: CredentialUser, name: string): readonly Testable[] {
  const { credentials = [] } = input.providers(by.memberId).get(name) ?? {};
  if (by.isAdmin) return credentials;
  const ofWorkspace = new Set((input.providers(undefined).get(name)?.credentials ?? []).map(({ id }) => id));
  return credentials.filter(({ id, source }) => source === 'vault' && !ofWorkspace.has(id));
}

/** Disabled ones too: they are tested to learn whether they may be used again. */
async function oneOf(
  input: CredentialDeskInput,
  by: CredentialUser,
  provider: string,
  id: string,
): Promise<readonly Testable[]> {
  const stored = await loadCredentials(input.store, input.vault(), input.workspaceId);
  const kept = stored.find(({ credential }) => credential.id === id && credential.provider === provider);
  if (!kept) return inUseOf(input, by, provider).filter((one) => one.id === id);
  if (whyNot(kept.credential, by)) return [];
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
