/** The master key of the vault: named by the environment, or in a file of the data folder that is made at first use. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Log } from './base/log.ts';
import { MASTER_KEY_BYTES, readMasterKey, writeMasterKey } from './base/master-key.ts';
import { type Config, ConfigError } from './config.ts';
import { createVault, type Vault } from './registry/vault.ts';

export interface MasterKey {
  /** Where it is looked for, for people. */
  readonly place: string;
  /** undefined = there is none yet. @throws {ConfigError} when what is there is no master key */
  vault(): Vault | undefined;
  /** Makes a key in the data folder where there is none. @throws {ConfigError}, and system errors of the file */
  ensureVault(): Vault;
}

const VARIABLE = 'TURNPIKE_MASTER_KEY';
const FILE_NAME = 'master.key';

/** The key itself stays in here. */
export function findMasterKey({ env, home }: Config, log: Log): MasterKey {
  const named = env[VARIABLE]?.trim();
  const path = join(home, FILE_NAME);
  let known: Vault | undefined;
  const vault = (): Vault | undefined => {
    if (known) return known;
    if (named) known = vaultFrom(named, VARIABLE);
    else if (existsSync(path)) known = vaultFrom(readKeyFile(path, log), path);
    return known;
  };
  return {
    place: named ? VARIABLE : path,
    vault,
    ensureVault() {
      if (!vault()) makeKeyFile(path);
      return vault()!;
    },
  };
}

function vaultFrom(text: string, place: string): Vault {
  const read = readMasterKey(text);
  if (!read.ok) throw new ConfigError(`The master key of the vault in ${place} ${read.problem}.`);
  const vault = createVault(read.bytes, randomBytes);
  read.bytes.fill(0);
  return vault;
}

function readKeyFile(path: string, log: Log): string {
  try {
    warnOfReaders(path, log);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`The master key of the vault in ${path} cannot be read: ${String(error)}`);
  }
}

/**
 * Whole and on the disk before anything is sealed with it: a power cut must not leave secrets without their key. Never
 * over another one: where another process of this data folder was quicker, its key is ours.
 */
function makeKeyFile(path: string): void {
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, writeMasterKey(randomBytes(MASTER_KEY_BYTES)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  keepFolder(dirname(path));
}

/** That the file is there is a fact of its folder. */
function keepFolder(folder: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function warnOfReaders(path: string, log: Log): void {
  // Windows has no such bits.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  log.warn({ path }, 'others than its owner may read the master key of the vault; `chmod 600` it');
}
