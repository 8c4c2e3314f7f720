/** The text of a virtual key: `tp-`, 256 random bits, and a checksum that tells a typing error from an unknown key. */
import { createHash } from 'node:crypto';
import { maskSecret } from '../base/secret.ts';

export const TOKEN_PREFIX = 'tp-';
/** 256 bits in base 62. */
const SECRET_LENGTH = 43;
const SECRET_BYTES = 32;
/** 32 bits in base 62. */
const CHECKSUM_LENGTH = 6;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `random` gives that many unpredictable bytes. */
export function makeToken(random: (bytes: number) => Uint8Array): string {
  const bytes = random(SECRET_BYTES);
  if (bytes.length !== SECRET_BYTES) throw new RangeError(`a token needs ${SECRET_BYTES} random bytes`);
  const body = TOKEN_PREFIX + inBase62(bytes, SECRET_LENGTH);
  return body + checksumOf(body);
}

/** Lower-case hex SHA-256 of the whole token: what is stored and looked up. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** For the message to a client whose key is unknown. Operators may set tokens of their own: `foreign`. */
export function judgeToken(token: string): 'whole' | 'mistyped' | 'foreign' {
  if (!token.startsWith(TOKEN_PREFIX)) return 'foreign';
  const split = token.length - CHECKSUM_LENGTH;
  const isWhole =
    token.length === TOKEN_PREFIX.length + SECRET_LENGTH + CHECKSUM_LENGTH &&
    checksumOf(token.slice(0, split)) === token.slice(split);
  return isWhole ? 'whole' : 'mistyped';
}

/** What may be shown of a token: too little to guess the rest. */
export function previewToken(token: string): string {
  return maskSecret(token);
}

function checksumOf(body: string): string {
  return inBase62(createHash('sha256').update(body).digest().subarray(0, 4), CHECKSUM_LENGTH);
}

function inBase62(bytes: Uint8Array, length: number): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  while (text.length < length) {
    text = ALPHABET[Number(value % 62n)] + text;
    value /= 62n;
  }
  return text;
}
