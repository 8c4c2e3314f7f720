/** What the vault makes of one master key: each use has a key of its own, so that what is learnt of one says nothing of another. */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { MASTER_KEY_BYTES } from '../base/master-key.ts';

export interface VaultKey {
  /** Tells it from others, and nothing of it: stands in each row that it has sealed. */
  readonly name: string;
  /** Kept in the database, so that a wrong key is found out before anything is opened. Empty = it came from a recovery. */
  readonly check: string;
  /** Seals the data keys. */
  readonly wrapping: KeyObject;
  /** Signs what the database says of the recovery key; undefined = it came from a recovery, and vouches for nothing. */
  readonly witness: KeyObject | undefined;
}

/** Bytes of every key that is derived, and of data keys. */
export const KEY_BYTES = 32;
const NAME_BYTES = 8;
/** As names are written. */
export const KEY_NAME = /^[0-9a-f]{16}$/;

/** @param masterKey 32 bytes; may be wiped afterwards */
export function vaultKeyOf(masterKey: Uint8Array): VaultKey {
  if (masterKey.length !== MASTER_KEY_BYTES)
    throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes`);
  return {
    name: derive(masterKey, 'name', NAME_BYTES).toString('hex'),
    check: derive(masterKey, 'check', KEY_BYTES).toString('hex'),
    wrapping: createSecretKey(derive(masterKey, 'wrapping', KEY_BYTES)),
    witness: createSecretKey(derive(masterKey, 'witness', KEY_BYTES)),
  };
}

/** Opens what a lost master key has sealed. @param wrapping as its `VaultKey` had it */
export function recoveredVaultKey(name: string, wrapping: Uint8Array): VaultKey {
  return { name, check: '', wrapping: createSecretKey(wrapping), witness: undefined };
}

/** The labels stay as the first version had them: names and check values must not change with the format of rows. */
function derive(masterKey: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `turnpike vault v1 ${purpose}`, bytes));
}
