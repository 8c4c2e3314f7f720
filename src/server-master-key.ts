/** The master keys of the vault: found in the environment, a file, the keychain, or made of a passphrase. */
import { join } from 'node:path';
import type { Log } from './base/log.ts';
import { readMasterKey } from './base/master-key.ts';
import { Secret } from './base/secret.ts';
import { type Config, ConfigError } from './config.ts';
import type { MasterKeyPlace } from './config-vault.ts';
import { type VaultKey, vaultKeyOf } from './registry/vault-key.ts';
import { type KeySlots, openFileSlots, readKeyFile } from './server-key-slots.ts';
import { type LoadKeychain, loadSystemKeychain, openKeychainSlots } from './server-keychain.ts';
import { stretchPassphrase } from './server-passphrase.ts';
import type { Store } from './store/store.ts';

/** What was found, as keys of the vault: the texts themselves stay in here. */
export interface FoundKeys {
  /** The one that is to seal; undefined = there is none yet. */
  readonly main: VaultKey | undefined;
  /** Made to take its place; nothing may be sealed with it yet. */
  readonly next: VaultKey | undefined;
  /** Former ones that were named, so that what they have sealed can be taken over. */
  readonly previous: readonly VaultKey[];
}

export interface MasterKeys {
  readonly kind: MasterKeyPlace;
  /** Where the main key is looked for, for people. */
  readonly place: string;
  /** @throws {ConfigError} when what is there is no master key, or cannot be read */
  read(): Promise<FoundKeys>;
  /** Where Turnpike may make keys itself; undefined = people keep them. */
  readonly slots: KeySlots | undefined;
}

export const KEY_VARIABLE = 'TURNPIKE_MASTER_KEY';
export const PASSPHRASE_VARIABLE = 'TURNPIKE_MASTER_PASSPHRASE';
const PREVIOUS_KEY = 'TURNPIKE_MASTER_KEY_PREVIOUS';
const PREVIOUS_KEY_FILE = 'TURNPIKE_MASTER_KEY_PREVIOUS_FILE';
const PREVIOUS_PASSPHRASE = 'TURNPIKE_MASTER_PASSPHRASE_PREVIOUS';
const FILE_NAME = 'master.key';

export interface MasterKeyInput {
  readonly config: Pick<Config, 'env' | 'home' | 'vault'>;
  /** Holds the salt of a passphrase. */
  readonly store: Store;
  readonly log: Log;
  readonly loadKeychain?: LoadKeychain;
}

/** @throws {ConfigError} when several are named and nothing says which counts */
export function findMasterKeys(input: MasterKeyInput): MasterKeys {
  const { config, log } = input;
  const kind = placeOf(config);
  const path = config.vault.keyFile ?? join(config.home, FILE_NAME);
  const fromSlots = (slots: KeySlots, place: string): MasterKeys => ({
    ...{ kind, place, slots },
    async read() {
      const [main, next] = await Promise.all([slots.read('main'), slots.read('next')]);
      return {
        main: keyFrom(main, place),
        next: keyFrom(next, `${place} (the next one)`),
        previous: await readPrevious(input),
      };
    },
  });
  const fromPeople = (place: string, main: () => Promise<VaultKey | undefined>): MasterKeys => ({
    ...{ kind, place, slots: undefined },
    read: async () => ({ main: await main(), next: undefined, previous: await readPrevious(input) }),
  });
  switch (kind) {
    case 'environment':
      return fromPeople(KEY_VARIABLE, async () => keyFrom(named(config, KEY_VARIABLE), KEY_VARIABLE));
    case 'passphrase':
      return fromPeople(passphrasePlace(config), () => keyFromPassphrase(input));
    case 'keychain': {
      const slots = openKeychainSlots(config.home, input.loadKeychain ?? loadSystemKeychain);
      return fromSlots(slots, 'the keychain of this machine');
    }
    case 'file':
      return fromSlots(openFileSlots(path, log), path);
    default:
      return kind satisfies never;
  }
}

/** What the configuration says, else what is named. */
function placeOf(config: MasterKeyInput['config']): MasterKeyPlace {
  const { vault } = config;
  if (vault.masterKey) return vault.masterKey;
  const found: [MasterKeyPlace, string][] = [];
  if (named(config, KEY_VARIABLE)) found.push(['environment', KEY_VARIABLE]);
  if (vault.keyFile !== undefined) found.push(['file', vault.keyFile]);
  if (vault.passphraseFile !== undefined || named(config, PASSPHRASE_VARIABLE))
    found.push(['passphrase', passphrasePlace(config)]);
  if (found.length > 1) {
    const places = found.map(([, place]) => place).join(' and ');
    throw new ConfigError(
      `The vault has more than one master key: ${places}. Leave one of them out, or say which counts by vault.master_key in turnpike.yaml.`,
    );
  }
  return found[0]?.[0] ?? 'file';
}

function named({ env }: MasterKeyInput['config'], variable: string): string | undefined {
  return env[variable]?.trim() || undefined;
}

function passphrasePlace({ vault }: MasterKeyInput['config']): string {
  return vault.passphraseFile ?? PASSPHRASE_VARIABLE;
}

async function keyFromPassphrase({ config, store, log }: MasterKeyInput): Promise<VaultKey | undefined> {
  const { passphraseFile } = config.vault;
  const text =
    passphraseFile === undefined ? named(config, PASSPHRASE_VARIABLE) : readKeyFile(passphraseFile, log);
  return text?.trim() ? stretched(store, text, passphrasePlace(config)) : undefined;
}

async function stretched(store: Store, text: string, place: string): Promise<VaultKey> {
  return wiped(await stretchPassphrase(store, new Secret(text), place));
}

async function readPrevious({ config, store, log }: MasterKeyInput): Promise<VaultKey[]> {
  const path = named(config, PREVIOUS_KEY_FILE);
  const passphrase = named(config, PREVIOUS_PASSPHRASE);
  const found = [
    keyFrom(named(config, PREVIOUS_KEY), PREVIOUS_KEY),
    path === undefined ? undefined : keyFrom(readKeyFile(path, log), path),
    passphrase === undefined ? undefined : await stretched(store, passphrase, PREVIOUS_PASSPHRASE),
  ];
  return found.filter((key) => key !== undefined);
}

/** @throws {ConfigError} */
function keyFrom(text: string | undefined, place: string): VaultKey | undefined {
  if (text === undefined) return undefined;
  const read = readMasterKey(text);
  if (!read.ok)
    throw new ConfigError(
      `The master key of the vault in ${place} ${read.problem}. Put back the key that was there, or, where nothing is sealed yet, make one.`,
    );
  return wiped(read.bytes);
}

function wiped(bytes: Buffer): VaultKey {
  const key = vaultKeyOf(bytes);
  bytes.fill(0);
  return key;
}
