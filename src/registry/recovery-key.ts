/**
 * The recovery key: what a lost master key is replaced with. It is the private half of a pair, kept by people and
 * nowhere else; the public half lies in the database, so that each new master key's wrapping key can be sealed to it
 * without it. As text: `TPR1` and fourteen groups of four, for paper, with a check of its own spelling.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { bindTo, openBytes, type Random, sealBytes, strictBytes } from './seal-bytes.ts';
import { KEY_BYTES, recoveredVaultKey, type VaultKey } from './vault-key.ts';

export interface RecoveryKey {
  /** What is shown once. */
  readonly text: Secret;
  /** Base64url of 32 bytes. */
  readonly publicKey: string;
}

const MARK = 'TPR1';
/** Crockford's: no letter of it is taken for a digit. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
/** 32 bytes are 51.2 letters. */
const KEY_LETTERS = 52;
const CHECK_LETTERS = 4;
/** What stands before the 32 bytes of X25519 keys in DER. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

export function makeRecoveryKey(random: Random): RecoveryKey {
  const bytes = random(KEY_BYTES);
  const made = { text: new Secret(writeText(bytes)), publicKey: publicOf(privateFrom(bytes)) };
  bytes.fill(0);
  return made;
}

/** As somebody typed it, whatever its case, spaces and dashes. undefined = it is no recovery key, or mistyped. */
export function readRecoveryKey(text: Secret): { privateKey: KeyObject; publicKey: string } | undefined {
  const letters = text.reveal().toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (!letters.startsWith(MARK) || letters.length !== MARK.length + KEY_LETTERS + CHECK_LETTERS)
    return undefined;
  const bytes = lettersToBytes(letters.slice(MARK.length, MARK.length + KEY_LETTERS));
  // The last letter has more bits than are left: only as we write it.
  if (!bytes || bytesToLetters(bytes) + checkOf(bytes) !== letters.slice(MARK.length)) return undefined;
  const privateKey = privateFrom(bytes);
  bytes.fill(0);
  return { privateKey, publicKey: publicOf(privateKey) };
}

/** The wrapping key of a master key, for whoever has the recovery key alone. */
export function sealToRecovery({ name, wrapping }: VaultKey, publicKey: string, random: Random): string {
  const once = random(KEY_BYTES);
  const passing = privateFrom(once);
  once.fill(0);
  const passingPublic = publicOf(passing);
  const key = agree(passing, publicFrom(publicKey), passingPublic, publicKey);
  const text = wrapping.export();
  const sealed = sealBytes(key, text, boundTo(name, publicKey), random);
  text.fill(0);
  return `${passingPublic}.${sealed.toString('base64url')}`;
}

/** undefined = it is not what was sealed to this recovery key under this name. */
export function openFromRecovery(
  name: string,
  sealed: string,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: string },
): VaultKey | undefined {
  const [passingPublic = '', ...rest] = sealed.split('.');
  const bytes = rest.length === 1 ? strictBytes(rest[0]!) : undefined;
  if (!bytes || strictBytes(passingPublic)?.length !== KEY_BYTES) return undefined;
  const key = agreeOrNone(privateKey, passingPublic, publicKey);
  const wrapping = key && openBytes(key, bytes, boundTo(name, publicKey));
  if (wrapping?.length !== KEY_BYTES) return undefined;
  const recovered = recoveredVaultKey(name, wrapping);
  wrapping.fill(0);
  return recovered;
}

/** What tells a recovery key from others, for people. @param publicKey base64url */
export function fingerprintOf(publicKey: string): string {
  return createHash('sha256').update(`turnpike recovery ${publicKey}`).digest('hex').slice(0, 16);
}

export function isPublicKey(text: string): boolean {
  return strictBytes(text)?.length === KEY_BYTES;
}

function boundTo(name: string, publicKey: string): Buffer {
  return bindTo('v2', 'recovery', name, publicKey);
}

/** Both public halves go into it: a text for one recovery key is none for another. */
function agree(privateKey: KeyObject, publicKey: KeyObject, passing: string, lasting: string): KeyObject {
  const shared = diffieHellman({ privateKey, publicKey });
  const key = hkdfSync('sha256', shared, '', `turnpike vault recovery ${passing} ${lasting}`, KEY_BYTES);
  shared.fill(0);
  return createSecretKey(Buffer.from(key));
}

/** Some 32 bytes are no public key that anybody has made; OpenSSL refuses them. */
function agreeOrNone(privateKey: KeyObject, passing: string, lasting: string): KeyObject | undefined {
  try {
    return agree(privateKey, publicFrom(passing), passing, lasting);
  } catch {
    return undefined;
  }
}

function privateFrom(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, bytes]), format: 'der', type: 'pkcs8' });
}

function publicFrom(text: string): KeyObject {
  const key = Buffer.concat([PUBLIC_PREFIX, Buffer.from(text, 'base64url')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function publicOf(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(-KEY_BYTES).toString('base64url');
}

function writeText(bytes: Buffer): string {
  const letters = `${bytesToLetters(bytes)}${checkOf(bytes)}`;
  const groups = letters.match(new RegExp(`.{${GROUP}}`, 'g')) ?? [];
  return [MARK, ...groups].join('-');
}

/** Of a million mistyped keys one is not found out here, and opens nothing. */
function checkOf(bytes: Buffer): string {
  const digest = createHash('sha256').update('turnpike recovery key ').update(bytes).digest();
  return bytesToLetters(digest).slice(0, CHECK_LETTERS);
}

/** Most significant bits first; the last letter is filled up with zeros. */
function bytesToLetters(bytes: Buffer): string {
  let letters = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const two = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    letters += LETTERS[(two >> (11 - (bit & 7))) & 31];
  }
  return letters;
}

function lettersToBytes(letters: string): Buffer | undefined {
  const bytes = Buffer.alloc(KEY_BYTES);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8 && at < KEY_BYTES) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
