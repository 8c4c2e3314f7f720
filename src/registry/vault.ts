/**
 * The vault: seals the secrets of credentials and opens them again. Each secret is encrypted with a data key of its
 * own, drawn for it alone; the data key is encrypted with a key derived from the master key. Both say to whom the
 * secret belongs, so that a row copied to another workspace, member, provider or credential does not open. Of several
 * master keys one seals and all open: so one can take the place of another while traffic goes on.
 */
import { createSecretKey } from 'node:crypto';
import type { Id, WorkspaceId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { bindTo, openBytes, type Random, sealBytes, strictBytes } from './seal-bytes.ts';
import { KEY_BYTES, KEY_NAME, type VaultKey, vaultKeyOf } from './vault-key.ts';

export type CredentialId = Id<'cred'>;

/** To whom a sealed secret belongs. */
export interface Belonging {
  readonly workspaceId: WorkspaceId;
  /** undefined = it is the workspace's own. */
  readonly memberId: string | undefined;
  readonly provider: string;
  /** Or of a key that seals contents, which is a secret of no provider. */
  readonly credentialId: CredentialId | Id<'ckey'> | Id<'psec'>;
}

export interface NotOpened {
  readonly ok: false;
  /** `other_key`: sealed with a master key that is not here. `broken`: changed, cut, or of somebody else. */
  readonly reason: 'other_key' | 'broken';
}

export type OpenedSecret = { readonly ok: true; readonly secret: Secret } | NotOpened;

export type Rewrapped = { readonly ok: true; readonly sealed: string } | NotOpened;

export interface Vault {
  /** The keys at hand; the first is the one that is to seal. */
  readonly keys: readonly VaultKey[];
  /** Of the first key. */
  readonly check: string;
  /** @param by absent = the first key */
  seal(secret: Secret, belonging: Belonging, by?: VaultKey): string;
  open(sealed: string, belonging: Belonging): OpenedSecret;
  /** Seals the data key anew, with another master key; the secret stays as it lies there, and is not looked at. */
  rewrap(sealed: string, belonging: Belonging, by: VaultKey): Rewrapped;
}

/** The secret was bound to the name of the master key too, so that it must be sealed anew with another one. */
const FIRST_VERSION = 'v1';
const VERSION = 'v2';

/**
 * @param keys one master key, or several that all open
 * @param random gives that many unpredictable bytes
 */
export function createVault(keys: Uint8Array | readonly VaultKey[], random: Random): Vault {
  const all = keys instanceof Uint8Array ? [vaultKeyOf(keys)] : keys;
  const [first] = all;
  if (!first) throw new RangeError('a vault has at least one key');
  const byName = new Map(all.map((key) => [key.name, key]));
  const seal = (secret: Secret, belonging: Belonging, by: VaultKey): string => {
    const dataKey = random(KEY_BYTES);
    const text = Buffer.from(secret.reveal(), 'utf8');
    const content = sealBytes(createSecretKey(dataKey), text, bindSecret(VERSION, by, belonging), random);
    const wrapped = sealBytes(by.wrapping, dataKey, bindDataKey(VERSION, by, belonging), random);
    dataKey.fill(0);
    text.fill(0);
    return [VERSION, by.name, wrapped.toString('base64url'), content.toString('base64url')].join('.');
  };
  return {
    keys: all,
    check: first.check,
    seal: (secret, belonging, by = first) => seal(secret, belonging, by),
    open(sealed, belonging) {
      const read = readSealed(sealed, byName, belonging);
      return read.ok ? openContent(read, belonging) : read;
    },
    rewrap(sealed, belonging, by) {
      const read = readSealed(sealed, byName, belonging);
      if (!read.ok) return read;
      if (read.version === FIRST_VERSION) {
        const opened = openContent(read, belonging);
        return opened.ok ? { ok: true, sealed: seal(opened.secret, belonging, by) } : opened;
      }
      const wrapped = sealBytes(by.wrapping, read.dataKey, bindDataKey(VERSION, by, belonging), random);
      read.dataKey.fill(0);
      const content = read.content.toString('base64url');
      return { ok: true, sealed: [VERSION, by.name, wrapped.toString('base64url'), content].join('.') };
    },
  };
}

/** A row whose data key is open. */
interface ReadSealed {
  readonly ok: true;
  readonly version: string;
  readonly key: VaultKey;
  readonly dataKey: Buffer;
  readonly content: Buffer;
}

const broken: NotOpened = { ok: false, reason: 'broken' };

function readSealed(
  sealed: string,
  keys: ReadonlyMap<string, VaultKey>,
  belonging: Belonging,
): ReadSealed | NotOpened {
  const [version = '', name = '', ...parts] = sealed.split('.');
  const [wrapped, content] = parts.map(strictBytes);
  if (version !== VERSION && version !== FIRST_VERSION) return broken;
  if (!KEY_NAME.test(name) || parts.length !== 2 || !wrapped || !content) return broken;
  const key = keys.get(name);
  if (!key) return { ok: false, reason: 'other_key' };
  const dataKey = openBytes(key.wrapping, wrapped, bindDataKey(version, key, belonging));
  return dataKey?.length === KEY_BYTES ? { ok: true, version, key, dataKey, content } : broken;
}

function openContent({ version, key, dataKey, content }: ReadSealed, belonging: Belonging): OpenedSecret {
  const text = openBytes(createSecretKey(dataKey), content, bindSecret(version, key, belonging));
  dataKey.fill(0);
  if (!text) return broken;
  const secret = new Secret(text.toString('utf8'));
  text.fill(0);
  return { ok: true, secret };
}

function bindDataKey(version: string, { name }: VaultKey, belonging: Belonging): Buffer {
  return bindTo(version, 'data key', name, ...factsOf(belonging));
}

function bindSecret(version: string, { name }: VaultKey, belonging: Belonging): Buffer {
  const facts = factsOf(belonging);
  return version === FIRST_VERSION
    ? bindTo(version, 'secret', name, ...facts)
    : bindTo(version, 'secret', ...facts);
}

function factsOf({ workspaceId, memberId = '', provider, credentialId }: Belonging): readonly string[] {
  return [workspaceId, memberId, provider, credentialId];
}
