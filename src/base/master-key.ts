/** The text of a vault's master key: 32 random bytes in base64 or hexadecimal. */

export const MASTER_KEY_BYTES = 32;

export type ReadMasterKey =
  | { readonly ok: true; readonly bytes: Buffer }
  /** What is wrong with it, without showing it. */
  | { readonly ok: false; readonly problem: string };

/** Whoever takes the bytes wipes them. */
export function readMasterKey(text: string): ReadMasterKey {
  const bytes = decode(text.trim());
  if (!bytes)
    return { ok: false, problem: 'must be 32 bytes, written in base64 or as 64 hexadecimal digits' };
  // A key that somebody typed to get going, not one that was drawn: a real one has some 30 different bytes.
  if (new Set(bytes).size < 16)
    return { ok: false, problem: 'must be random; make one with `openssl rand -base64 32`' };
  return { ok: true, bytes };
}

/** As it is kept in a file. */
export function writeMasterKey(bytes: Uint8Array): string {
  return `${Buffer.from(bytes).toString('base64')}\n`;
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === MASTER_KEY_BYTES ? bytes : undefined;
}
