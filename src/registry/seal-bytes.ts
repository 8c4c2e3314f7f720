/** AES-256-GCM as the vault uses it: a random IV before, a whole tag behind, and what it is bound to said beside. */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
/** What GCM is made for; random, as each key seals once (data keys) or some thousands of times (wrapping keys). */
const IV_BYTES = 12;
/** Node would take tags of 4 bytes, which can be guessed. */
const TAG_BYTES = 16;

export type Random = (bytes: number) => Buffer;

/** @param bound must be said again to open; it is not in the result */
export function sealBytes(key: KeyObject, text: Buffer, bound: Buffer, random: Random): Buffer {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** undefined = it is not what was sealed. */
export function openBytes(key: KeyObject, bytes: Buffer, bound: Buffer): Buffer | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}

/** JSON, so that no two lists of texts give the same bytes. */
export function bindTo(...facts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(facts));
}

/** Base64 has several spellings of the same bytes; only the one we write counts. */
export function strictBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
