/** What the database says of the vault: which master key seals, how many rows each has sealed, and the change of keys that goes on. */
import { type Compilable, sql } from 'kysely';
import type { Store } from '../store/store.ts';
import { countSealed } from './sealed-rows.ts';
import { readSetting, settingQuery } from './settings.ts';
import type { Vault } from './vault.ts';
import type { VaultKey } from './vault-key.ts';
import { isVouchedFor, readRecovery, recoveryQuery } from './vault-recovery.ts';
import { inVaultTurn } from './vault-turn.ts';

/** Which master key the database is sealed with. */
export const CHECK_SETTING = 'vault_check';
const ROTATION_SETTING = 'vault_rotation';
const HELD_SETTING = 'vault_keys:';

/** A change of master keys: rows that `from` has sealed are taken over by `to`. */
export interface Rotation {
  readonly from: string;
  readonly to: string;
  readonly startedAtMs: number;
  /** Absent = it goes on. */
  readonly endedAtMs?: number;
}

export interface VaultFacts {
  /** Rows by the name of the key that has sealed them. */
  readonly rows: ReadonlyMap<string, number>;
  readonly sealed: number;
  /** Of the key that seals; undefined = none ever did. */
  readonly check: string | undefined;
  /** The last one; undefined = there was none. */
  readonly rotation: Rotation | undefined;
}

export async function readVaultFacts(store: Store): Promise<VaultFacts> {
  const [rows, check, rotation] = await Promise.all([
    countSealed(store),
    readSetting(store, CHECK_SETTING),
    readSetting(store, ROTATION_SETTING),
  ]);
  const sealed = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return { rows, sealed, check, rotation: readRotation(rotation) };
}

/**
 * Seals something, with the one key that everything is sealed with, which is `vault`'s first where nothing is yet.
 * @param queries what is to be written, given that key; undefined = nothing after all
 * @returns false = the keys at hand do not open what is sealed: one more key would make two that are needed
 */
export function sealInTurn(
  store: Store,
  vault: Vault,
  queries: (key: VaultKey) => Promise<readonly Compilable[] | undefined>,
  write: 'write' | 'change',
): Promise<boolean> {
  return inVaultTurn(store, async () => {
    const standing = judgeFacts(await readVaultFacts(store), vault);
    if (standing.kind !== 'fits' && standing.kind !== 'empty') return false;
    const key = standing.kind === 'fits' ? standing.key : vault.keys[0]!;
    const wanted = await queries(key);
    if (!wanted) return true;
    const voided = standing.kind === 'empty' ? await voidRecovery(store, key) : [];
    await store[write]([settingQuery(store, CHECK_SETTING, key.check), ...voided, ...wanted]);
    return true;
  });
}

/** A recovery key of a time before everything was forgotten opens nothing of what comes now. */
async function voidRecovery(store: Store, key: VaultKey): Promise<readonly Compilable[]> {
  const recovery = await readRecovery(store);
  return recovery && !isVouchedFor(recovery, key) ? [recoveryQuery(store, undefined)] : [];
}

/** How the keys at hand fit what the database holds. */
export type VaultStanding =
  /** Nothing is sealed: any key will do. */
  | { readonly kind: 'empty' }
  /** `key` seals. */
  | { readonly kind: 'fits'; readonly sealed: number; readonly key: VaultKey }
  /** There is no key at all, or none of them is the one that seals. */
  | { readonly kind: 'missing' | 'other'; readonly sealed: number }
  /** A change of keys goes on, and the former one is not here, which so many rows still need. */
  | { readonly kind: 'partly'; readonly sealed: number; readonly left: number; readonly former: string };

export function judgeFacts(facts: VaultFacts, vault: Vault | undefined): VaultStanding {
  const { sealed, check, rotation, rows } = facts;
  if (sealed === 0) return { kind: 'empty' };
  if (!vault) return { kind: 'missing', sealed };
  const key = vault.keys.find((one) => one.check === check);
  if (!key) return { kind: 'other', sealed };
  if (rotation && rotation.endedAtMs === undefined) {
    const left = rows.get(rotation.from) ?? 0;
    if (left > 0 && !vault.keys.some(({ name }) => name === rotation.from))
      return { kind: 'partly', sealed, left, former: rotation.from };
  }
  return { kind: 'fits', sealed, key };
}

export function rotationQuery(store: Store, rotation: Rotation): Compilable {
  return settingQuery(store, ROTATION_SETTING, JSON.stringify(rotation));
}

/** Which keys a replica has at hand: a change of keys waits until all have both. */
export async function noteHeldKeys(store: Store, replicaId: string, vault: Vault | undefined): Promise<void> {
  const names = (vault?.keys ?? []).map(({ name }) => name).join(' ');
  await store.write([settingQuery(store, `${HELD_SETTING}${replicaId}`, names)]);
}

/** A replica that was not heard of for longer is taken for gone; it beats every few seconds. */
const SILENT_MS = 60_000;

/** Ids of the replicas that serve from this database now and have not got this key at hand. Only PostgreSQL has several. */
export async function replicasWithout(store: Store, key: VaultKey): Promise<readonly string[]> {
  const live = await liveReplicas(store);
  const held = await Promise.all(live.map((id) => readSetting(store, `${HELD_SETTING}${id}`)));
  return live.filter((_id, index) => !held[index]?.split(' ').includes(key.name));
}

/** Ids of the processes that serve from this database now; none where only one can. */
export async function liveReplicas(store: Store): Promise<readonly string[]> {
  if (store.dialect !== 'postgres') return [];
  const { rows } = await sql<{ id: string }>`
    select id from replicas where state = 'live' and heartbeat_at >= turnpike_now() - ${SILENT_MS} order by id`.execute(
    store.kysely,
  );
  return rows.map(({ id }) => id);
}

function readRotation(text: string | undefined): Rotation | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Rotation);
}
