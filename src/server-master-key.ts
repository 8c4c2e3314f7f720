/** The master key of the vault: named by the environment, or in a file of the data folder that is made at first use. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
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
  if (named) {
    const vault = vaultFrom(named, VARIABLE);
    return { place: VARIABLE, vault: () => vault, ensureVault: () => vault };
  }
  const path = join(home, FILE_NAME);
  let known: Vault | undefined;
  const vault = (): Vault | undefined => {
    if (!known && existsSync(path)) {
      warnOfReaders(path, log);
      known = vaultFrom(readFileSync(path, 'utf8'), path);
    }
    return known;
  };
  return {
    place: path,
    vault,
    ensureVault() {
      if (!vault()) writeFresh(path);
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

/** Whole and on the disk before anything is sealed with it; never over another one. */
function writeFresh(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    // Another process of this data folder was quicker: its key is ours.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  try {
    writeSync(file, writeMasterKey(randomBytes(MASTER_KEY_BYTES)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function warnOfReaders(path: string, log: Log): void {
  // Windows has no such bits.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  log.warn({ path }, 'others than its owner may read the master key of the vault; `chmod 600` it');
}
