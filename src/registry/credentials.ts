/**
 * Credentials of providers that operators have saved: sealed in the database, opened for the snapshot that traffic
 * reads. Each change is one transaction and moves the revision.
 */
import { type Compilable, type Selectable, sql } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import type { CredentialsTable } from '../store/schema-credentials.ts';
import type { Store } from '../store/store.ts';
import type { CredentialId, Vault } from './vault.ts';
import type { VaultKey } from './vault-key.ts';
import { sealInTurn } from './vault-state.ts';

export interface CredentialRecord {
  readonly id: CredentialId;
  readonly workspaceId: WorkspaceId;
  /** Absent = the workspace's own. */
  readonly memberId?: string;
  /** The configured provider's name. */
  readonly provider: string;
  readonly label: string;
  /** First 7 and last 4 characters of the secret; short ones are masked whole. */
  readonly preview: string;
  /** Its share of the traffic against the provider's others. */
  readonly weight: number;
  readonly createdAtMs: number;
  /** When a call to the provider last showed that it is good. */
  readonly validatedAtMs?: number;
  /** Written in batches: some minutes late. */
  readonly lastUsedAtMs?: number;
  /** Since when an operator wants it not to be used. */
  readonly disabledAtMs?: number;
}

export interface NewCredential {
  readonly provider: string;
  /** One of the same provider and label is replaced. */
  readonly label: string;
  readonly secret: Secret;
  readonly weight: number;
  /** Absent = nobody has tried it. */
  readonly validatedAtMs?: number;
}

/** Whose credential it is: a member's own, or the workspace's. */
export interface CredentialHolder {
  readonly workspaceId: WorkspaceId;
  /** Absent = the workspace's own. */
  readonly memberId?: string | undefined;
}

export interface CredentialContext extends CredentialHolder {
  readonly nowMs: number;
}

export type SavedCredential =
  | { readonly kind: 'done'; readonly credential: CredentialRecord; readonly isReplaced: boolean }
  /** What the database holds was sealed with another master key: one more key would make two that are needed. */
  | { readonly kind: 'other_key' }
  | { readonly kind: 'too_many' };

/** One with its secret, or with why there is none. */
export type LoadedCredential =
  | { readonly ok: true; readonly credential: CredentialRecord; readonly secret: Secret }
  | { readonly ok: false; readonly credential: CredentialRecord; readonly reason: 'other_key' | 'broken' };

/** All are opened at the start, at some 50 microseconds each; afterwards only those that are new. */
export const MAX_CREDENTIALS = 10_000;
/** Of one workspace with its members, and of one member: nobody takes the room of all. */
export const MAX_OF_WORKSPACE = 1_000;
export const MAX_OF_MEMBER = 50;

/** Seals and keeps a secret, in place of the one of the same provider and label where there is one. */
export async function saveCredential(
  store: Store,
  vault: Vault,
  wanted: NewCredential,
  context: CredentialContext,
): Promise<SavedCredential> {
  let saved: SavedCredential = { kind: 'other_key' };
  // Two that save the first credential at once must not do it with two master keys.
  const queries = async (key: VaultKey): Promise<readonly Compilable[] | undefined> => {
    const before = await findByLabel(store, wanted, context);
    if (!before && (await isFull(store, context))) {
      saved = { kind: 'too_many' };
      return undefined;
    }
    const row = newRow(vault, key, wanted, context);
    saved = { kind: 'done', credential: readRow(row), isReplaced: before !== undefined };
    return [
      ...(before ? [store.kysely.deleteFrom('credentials').where('id', '=', before.id)] : []),
      store.kysely.insertInto('credentials').values(row),
    ];
  };
  await sealInTurn(store, vault, queries, 'change');
  return saved;
}

async function isFull(store: Store, { workspaceId, memberId }: CredentialHolder): Promise<boolean> {
  const own = memberId ?? '';
  const counted = await store.kysely
    .selectFrom('credentials')
    .select((select) => [
      select.fn.countAll<number>().as('all'),
      select.fn.sum<number>(sql`case when workspace_id = ${workspaceId} then 1 else 0 end`).as('near'),
      select.fn.sum<number>(sql`case when member_id = ${own} then 1 else 0 end`).as('own'),
    ])
    .executeTakeFirstOrThrow();
  return (
    Number(counted.all) >= MAX_CREDENTIALS ||
    Number(counted.near) >= MAX_OF_WORKSPACE ||
    Number(counted.own) >= MAX_OF_MEMBER
  );
}

/** By provider and label, the workspace's own and those of its members. */
export async function listCredentials(
  store: Store,
  workspaceId: WorkspaceId,
): Promise<readonly CredentialRecord[]> {
  return (await rowsOf(store, workspaceId)).map(readRow);
}

/** Those of a workspace and its members with their secrets, in the same order. */
export async function loadCredentials(
  store: Store,
  vault: Vault | undefined,
  workspaceId: WorkspaceId,
): Promise<readonly LoadedCredential[]> {
  return (await rowsOf(store, workspaceId)).map((row) => open(vault, row));
}

/** Those of all workspaces and members with their secrets, by provider and label. */
export async function loadAllCredentials(
  store: Store,
  vault: Vault | undefined,
): Promise<readonly LoadedCredential[]> {
  const rows = await store.kysely
    .selectFrom('credentials')
    .selectAll()
    .orderBy('provider')
    .orderBy('label')
    .execute();
  return rows.map((row) => open(vault, row));
}

/** undefined = the workspace has none of this id. */
export async function loadCredential(
  store: Store,
  vault: Vault | undefined,
  id: string,
  workspaceId: WorkspaceId,
): Promise<LoadedCredential | undefined> {
  const row = (await rowsOf(store, workspaceId)).find((one) => one.id === id);
  return row && open(vault, row);
}

/** What it was; undefined = the holder has none of this id. The secret is gone for good. */
export async function removeCredential(
  store: Store,
  id: string,
  holder: CredentialHolder,
): Promise<CredentialRecord | undefined> {
  const row = await findRow(store, id, holder);
  if (!row) return undefined;
  await store.change([store.kysely.deleteFrom('credentials').where('id', '=', row.id)]);
  return readRow(row);
}

/** Part of a larger change: with a member its own credentials go, secrets and all. */
export function removeOwnQuery(
  { kysely }: Store,
  { workspaceId, memberId }: { readonly workspaceId: WorkspaceId; readonly memberId: string },
): Compilable {
  return kysely
    .deleteFrom('credentials')
    .where('workspace_id', '=', workspaceId)
    .where('member_id', '=', memberId);
}

/** As it is then; undefined = the holder has none of this id. */
export async function changeCredential(
  store: Store,
  id: string,
  change: { readonly weight?: number; readonly isDisabled?: boolean },
  context: CredentialContext,
): Promise<CredentialRecord | undefined> {
  const row = await findRow(store, id, context);
  if (!row) return undefined;
  const { weight = row.weight, isDisabled = row.disabled_at !== null } = change;
  const next = { weight, disabled_at: isDisabled ? (row.disabled_at ?? context.nowMs) : null };
  await store.change([store.kysely.updateTable('credentials').set(next).where('id', '=', row.id)]);
  return readRow({ ...row, ...next });
}

/** A call has shown that it is good. No revision: nothing changes for traffic. */
export async function noteValidated(store: Store, id: CredentialId, nowMs: number): Promise<void> {
  await store.write([
    store.kysely.updateTable('credentials').set({ validated_at: nowMs }).where('id', '=', id),
  ]);
}

/** Notes when credentials were last used. Ids that are none are passed over. */
export async function touchCredentials(store: Store, used: ReadonlyMap<string, number>): Promise<void> {
  const queries = [...used]
    .filter(([id]) => id.startsWith('cred_'))
    .map(([id, atMs]) =>
      store.kysely
        .updateTable('credentials')
        .set({ last_used_at: atMs })
        .where('id', '=', id as CredentialId)
        .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', atMs)])),
    );
  if (queries.length > 0) await store.write(queries);
}

function rowsOf(store: Store, workspaceId: WorkspaceId): Promise<Selectable<CredentialsTable>[]> {
  return store.kysely
    .selectFrom('credentials')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('provider')
    .orderBy('label')
    .orderBy('id')
    .execute();
}

/** Of this very holder: an id of another's is none. */
async function findRow(
  store: Store,
  id: string,
  { workspaceId, memberId }: CredentialHolder,
): Promise<Selectable<CredentialsTable> | undefined> {
  const rows = await rowsOf(store, workspaceId);
  return rows.find((one) => one.id === id && (one.member_id ?? undefined) === memberId);
}

function findByLabel(
  store: Store,
  { provider, label }: NewCredential,
  { workspaceId, memberId }: CredentialHolder,
) {
  return store.kysely
    .selectFrom('credentials')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('member_id', memberId === undefined ? 'is' : '=', memberId ?? null)
    .where('provider', '=', provider)
    .where('label', '=', label)
    .executeTakeFirst();
}

function newRow(
  vault: Vault,
  key: VaultKey,
  { provider, label, secret, weight, validatedAtMs }: NewCredential,
  { workspaceId, memberId, nowMs }: CredentialContext,
): Selectable<CredentialsTable> {
  const id = newId('cred');
  return {
    id,
    workspace_id: workspaceId,
    member_id: memberId ?? null,
    provider,
    label,
    sealed: vault.seal(secret, { workspaceId, memberId, provider, credentialId: id }, key),
    preview: secret.masked(),
    weight,
    created_at: nowMs,
    validated_at: validatedAtMs ?? null,
    last_used_at: null,
    disabled_at: null,
  };
}

function open(vault: Vault | undefined, row: Selectable<CredentialsTable>): LoadedCredential {
  const credential = readRow(row);
  const opened = vault?.open(row.sealed, {
    workspaceId: row.workspace_id,
    memberId: row.member_id ?? undefined,
    provider: row.provider,
    credentialId: row.id,
  }) ?? { ok: false, reason: 'other_key' };
  return opened.ok
    ? { ok: true, credential, secret: opened.secret }
    : { ok: false, credential, reason: opened.reason };
}

function readRow(row: Selectable<CredentialsTable>): CredentialRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    label: row.label,
    preview: row.preview,
    weight: row.weight,
    createdAtMs: row.created_at,
    ...(row.member_id !== null && { memberId: row.member_id }),
    ...(row.validated_at !== null && { validatedAtMs: row.validated_at }),
    ...(row.last_used_at !== null && { lastUsedAtMs: row.last_used_at }),
    ...(row.disabled_at !== null && { disabledAtMs: row.disabled_at }),
  };
}
