/** The recovery key's public half in the database, and the wrapping keys that are sealed to it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Compilable } from 'kysely';
import type { Store } from '../store/store.ts';
import { isPublicKey, sealToRecovery } from './recovery-key.ts';
import type { Random } from './seal-bytes.ts';
import { readSetting, settingQuery } from './settings.ts';
import type { VaultKey } from './vault-key.ts';

const RECOVERY_SETTING = 'vault_recovery';

/** One wrapping key, sealed to the recovery key. */
interface Wrap {
  readonly name: string;
  readonly sealed: string;
  /** By the key itself: who changes the database cannot have the next key sealed to a recovery key of his own. */
  readonly signature: string;
}

export interface RecoveryRecord {
  /** Base64url. */
  readonly publicKey: string;
  readonly madeAtMs: number;
  readonly wraps: readonly Wrap[];
}

/** undefined = there is no recovery key. */
export async function readRecovery(store: Store): Promise<RecoveryRecord | undefined> {
  const text = await readSetting(store, RECOVERY_SETTING);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as RecoveryRecord);
}

export function recoveryQuery(store: Store, record: RecoveryRecord | undefined): Compilable {
  return settingQuery(store, RECOVERY_SETTING, record ? JSON.stringify(record) : '');
}

/** A record of this recovery key with the key sealed to it. */
export function startRecovery(
  publicKey: string,
  keys: readonly VaultKey[],
  nowMs: number,
  random: Random,
): RecoveryRecord {
  const wraps = keys.flatMap((key) => wrapOf(publicKey, nowMs, key, random));
  return { publicKey, madeAtMs: nowMs, wraps };
}

/** Whether the record is as this key has left it. */
export function isVouchedFor({ publicKey, madeAtMs, wraps }: RecoveryRecord, key: VaultKey): boolean {
  const wrap = wraps.find(({ name }) => name === key.name);
  const expected = wrap && sign(publicKey, madeAtMs, wrap, key);
  if (!wrap || !expected || !isPublicKey(publicKey)) return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(wrap.signature)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The record with one more key sealed to it. */
export function addToRecovery(record: RecoveryRecord, key: VaultKey, random: Random): RecoveryRecord {
  const others = record.wraps.filter(({ name }) => name !== key.name);
  return { ...record, wraps: [...others, ...wrapOf(record.publicKey, record.madeAtMs, key, random)] };
}

/** The record without what no row needs any more. */
export function keepInRecovery(record: RecoveryRecord, { name }: VaultKey): RecoveryRecord {
  return { ...record, wraps: record.wraps.filter((wrap) => wrap.name === name) };
}

function wrapOf(publicKey: string, madeAtMs: number, key: VaultKey, random: Random): Wrap[] {
  const wrap = { name: key.name, sealed: sealToRecovery(key, publicKey, random) };
  const signature = sign(publicKey, madeAtMs, wrap, key);
  return signature === undefined ? [] : [{ ...wrap, signature }];
}

/** undefined = a key that vouches for nothing. */
function sign(
  publicKey: string,
  madeAtMs: number,
  { name, sealed }: Pick<Wrap, 'name' | 'sealed'>,
  { witness }: VaultKey,
): string | undefined {
  if (!witness) return undefined;
  const said = JSON.stringify([publicKey, madeAtMs, name, sealed]);
  return createHmac('sha256', witness).update(said).digest('hex');
}
