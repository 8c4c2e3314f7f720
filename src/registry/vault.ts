/**
 * The vault: seals the secrets of credentials and opens them again. Each secret is encrypted with a data key of its
 * own, drawn for it alone; the data key is encrypted with a key derived from the master key. Both say to whom the
 * secret belongs, so that a row copied to another workspace, member, provider or credential does not open.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Id, WorkspaceId } from '../base/ids.ts';
import { MASTER_KEY_BYTES } from '../base/master-key.ts';
import { Secret } from '../base/secret.ts';

export type CredentialId = Id<'cred'>;

/** To whom a sealed secret belongs. */
export interface Belonging {
  readonly workspaceId: WorkspaceId;
  /** undefined = it is the workspace's own. */
  readonly memberId: string | undefined;
  readonly provider: string;
  readonly credentialId: CredentialId;
}

export type OpenedSecret =
  | { readonly ok: true; readonly secret: Secret }
  | {
      readonly ok: false;
      /** `other_key`: sealed with another master key. `broken`: changed, cut, or of somebody else. */
      readonly reason: 'other_key' | 'broken';
    };

export interface Vault {
  /** Tells this master key from others, and nothing of it: kept in the database, so that a wrong one is found out. */
  readonly check: string;
  seal(secret: Secret, belonging: Belonging): string;
  open(sealed: string, belonging: Belonging): OpenedSecret;
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
/** What GCM is made for; random, as each key seals once (data keys) or some thousands of times (the wrapping key). */
const IV_BYTES = 12;
/** Node would take tags of 4 bytes, which can be guessed. */
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const KEY_NAME_BYTES = 8;

/** @param random gives that many unpredictable bytes */
export function createVault(masterKey: Uint8Array, random: (bytes: number) => Buffer): Vault {
  if (masterKey.length !== MASTER_KEY_BYTES)
    throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes`);
  const wrapping = createSecretKey(derive(masterKey, 'wrapping', DATA_KEY_BYTES));
  const keyName = derive(masterKey, 'name', KEY_NAME_BYTES).toString('hex');
  return {
    check: derive(masterKey, 'check', DATA_KEY_BYTES).toString('hex'),
    seal(secret, belonging) {
      const dataKey = random(DATA_KEY_BYTES);
      const wrapped = encrypt(wrapping, dataKey, boundTo('data key', keyName, belonging), random);
      const text = Buffer.from(secret.reveal(), 'utf8');
      const sealed = encrypt(createSecretKey(dataKey), text, boundTo('secret', keyName, belonging), random);
      dataKey.fill(0);
      text.fill(0);
      return [VERSION, keyName, wrapped.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, belonging) {
      const [version, name, ...parts] = sealed.split('.');
      const [wrapped, content] = parts.map(strictBytes);
      if (version !== VERSION || parts.length !== 2 || !wrapped || !content) return broken;
      if (name !== keyName) return { ok: false, reason: 'other_key' };
      const dataKey = decrypt(wrapping, wrapped, boundTo('data key', keyName, belonging));
      if (dataKey?.length !== DATA_KEY_BYTES) return broken;
      const text = decrypt(createSecretKey(dataKey), content, boundTo('secret', keyName, belonging));
      dataKey.fill(0);
      if (!text) return broken;
      const secret = new Secret(text.toString('utf8'));
      text.fill(0);
      return { ok: true, secret };
    },
  };
}

const broken: OpenedSecret = { ok: false, reason: 'broken' };

/** One key for one use: what is learnt of one says nothing of another. */
function derive(masterKey: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `turnpike vault ${VERSION} ${purpose}`, bytes));
}

/** JSON, so that no two lists of texts give the same bytes. */
function boundTo(what: string, keyName: string, belonging: Belonging): Buffer {
  const { workspaceId, memberId = '', provider, credentialId } = belonging;
  return Buffer.from(JSON.stringify([VERSION, what, keyName, workspaceId, memberId, provider, credentialId]));
}

function encrypt(key: KeyObject, text: Buffer, bound: Buffer, random: (bytes: number) => Buffer): Buffer {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** undefined = it is not what was sealed. */
function decrypt(key: KeyObject, bytes: Buffer, bound: Buffer): Buffer | undefined {
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

/** Base64 has several spellings of the same bytes; only the one we write counts. */
function strictBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
