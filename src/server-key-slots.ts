/** Where Turnpike itself keeps master keys: one in use, one that is to take its place, one that was set aside. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from './base/log.ts';
import { ConfigError } from './config.ts';

export interface KeySlots {
  /** The text of the key; undefined = the slot is empty. @throws {ConfigError} when it cannot be read */
  read(slot: 'main' | 'next'): Promise<string | undefined>;
  /** Durable when it resolves; where the slot is taken already, what is there stays. */
  create(slot: 'main' | 'next', text: string): Promise<void>;
  /** The next key is the main one from here on, and the former is gone. */
  promote(): Promise<void>;
  /** What is in the main slot, and is no key, is kept elsewhere; the slot is empty then. */
  setAside(): Promise<void>;
}

/** @param path of the main key; the others stand beside it */
export function openFileSlots(path: string, log: Log): KeySlots {
  const pathOf = { main: path, next: `${path}.next` } as const;
  return {
    async read(slot) {
      return existsSync(pathOf[slot]) ? readKeyFile(pathOf[slot], log) : undefined;
    },
    async create(slot, text) {
      makeKeyFile(pathOf[slot], text);
    },
    async promote() {
      renameSync(pathOf.next, path);
      keepFolder(dirname(path));
    },
    async setAside() {
      renameSync(path, `${path}.set-aside`);
      keepFolder(dirname(path));
    },
  };
}

/** Also for keys that only people put there. @throws {ConfigError} */
export function readKeyFile(path: string, log: Log): string {
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
function makeKeyFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, text);
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
