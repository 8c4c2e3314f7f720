/** A master key made of a passphrase: slowly, so that guessing is dear, with a salt that lies in the database. */
import { randomBytes } from 'node:crypto';
import { MASTER_KEY_BYTES } from './base/master-key.ts';
import type { Secret } from './base/secret.ts';
import { ConfigError } from './config.ts';
import { readSetting, settingQuery } from './registry/settings.ts';
import { inVaultTurn } from './registry/vault-turn.ts';
import type { Store } from './store/store.ts';

/** How the key is made, kept beside the salt: who made it then is made the same way for ever. */
interface Stretching {
  readonly algorithm: 'argon2id';
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
  /** Base64url. */
  readonly salt: string;
}

const SETTING = 'vault_passphrase';
const SALT_BYTES = 16;
/** RFC 9106's choice for machines with little memory to spare, on one lane: some 0.2 s, once at each start. */
const ours = { algorithm: 'argon2id', memoryKib: 65_536, passes: 3, lanes: 1 } as const;
/** Less than OWASP's least was written by somebody who wants to guess. */
const LEAST = { memoryKib: 19_456, passes: 2, lanes: 1, saltLength: 22 };
/** More than that would stop the start for minutes. */
const MOST = { memoryKib: 4_194_304, passes: 100, lanes: 64 };

/** Four words of a list of thousands have some 20 characters. */
const MIN_LENGTH = 16;
const MIN_DISTINCT = 8;

/**
 * @param place of the passphrase, for people
 * @returns 32 bytes; whoever takes them wipes them
 * @throws {ConfigError} when it is too short
 */
export async function stretchPassphrase(store: Store, passphrase: Secret, place: string): Promise<Buffer> {
  // However it was typed: the same letters are the same bytes.
  const text = passphrase.reveal().normalize('NFC').trim();
  if (text.length < MIN_LENGTH || new Set(text).size < MIN_DISTINCT)
    throw new ConfigError(
      `The passphrase of the vault in ${place} must have at least ${MIN_LENGTH} characters, ${MIN_DISTINCT} of them different: five or more words drawn at random.`,
    );
  const { memoryKib, passes, lanes, salt } = await inVaultTurn(store, () => ensureStretching(store));
  const { hashRaw } = await import('@node-rs/argon2').catch((error: unknown) => {
    throw new ConfigError(
      `A passphrase needs the package @node-rs/argon2, which cannot be loaded here (${String(error)}). Set TURNPIKE_MASTER_KEY, or keep the key in a file.`,
    );
  });
  return hashRaw(text, {
    // Argon2id, version 1.3: the library's enums are types alone.
    algorithm: 2,
    version: 1,
    memoryCost: memoryKib,
    timeCost: passes,
    parallelism: lanes,
    outputLen: MASTER_KEY_BYTES,
    salt: Buffer.from(salt, 'base64url'),
  });
}

async function ensureStretching(store: Store): Promise<Stretching> {
  const kept = await readSetting(store, SETTING);
  if (kept !== undefined) return readStretching(kept);
  const made: Stretching = { ...ours, salt: randomBytes(SALT_BYTES).toString('base64url') };
  await store.write([settingQuery(store, SETTING, JSON.stringify(made))]);
  return made;
}

/** Of the database, and so of whoever can write to it. */
function readStretching(text: string): Stretching {
  const read = JSON.parse(text) as Stretching;
  const isWithin = (['memoryKib', 'passes', 'lanes'] as const).every(
    (name) => Number.isInteger(read[name]) && read[name] >= LEAST[name] && read[name] <= MOST[name],
  );
  if (read.algorithm !== 'argon2id' || !isWithin || read.salt.length < LEAST.saltLength)
    throw new ConfigError(
      `How the master key is made of the passphrase was changed in the database (setting ${SETTING}); restore it from a backup.`,
    );
  return read;
}
