/**
 * A disk that a test can fill to its last byte. A real one (a small tmpfs) where this process may mount, and else the
 * nearest there is: SQLite told to take no further page (`max_page_count`), which ends in the same SQLITE_FULL, but
 * at the first statement that needs a page, not at the first byte.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';

export interface SmallDisk {
  /** Put the data folder here. */
  readonly folder: string;
  /** False: only connections that this process opens meet the end of it. */
  readonly isReal: boolean;
  /** What was in the database's log is folded back first, so that not even the next page has room. */
  fill(): void;
  makeRoom(): void;
  /** After the last connection is closed. */
  remove(): void;
}

/** Room for a fresh database and some thousand entries. */
const SIZE = '16m';
const BLOCK = Buffer.alloc(64 * 1024);
const PAGE_BYTES = 4096;
/** As many pages as SQLite takes at most, by itself. */
const NO_LIMIT = 0xfffffffe;

/** Open it before the server that is to live on it. */
export function openSmallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-small-disk-'));
  return mount(folder) ? realDisk(folder) : pretendedDisk(folder);
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function realDisk(folder: string): SmallDisk {
  const ballast = join(folder, 'ballast');
  return {
    folder,
    isReal: true,
    fill() {
      foldBack(folder);
      const file = openSync(ballast, 'a');
      try {
        for (const size of [BLOCK.length, PAGE_BYTES]) writeUntilFull(file, size);
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast),
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function writeUntilFull(file: number, size: number): void {
  try {
    for (;;) if (writeSync(file, BLOCK, 0, size) < size) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function foldBack(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.db')) continue;
    const shell = new Sqlite(join(folder, path));
    shell.pragma('wal_checkpoint(TRUNCATE)');
    shell.close();
  }
}

function pretendedDisk(folder: string): SmallDisk {
  const opened = new Set<Database>();
  const { pragma } = Sqlite.prototype;
  // Every connection of the product begins with one.
  Sqlite.prototype.pragma = function (this: Database, ...words: Parameters<Database['pragma']>) {
    if (this.name.startsWith(folder)) opened.add(this);
    return pragma.apply(this, words);
  };
  const limit = (pagesOf: (database: Database) => unknown) => {
    for (const database of opened) {
      if (database.open) pragma.call(database, `max_page_count = ${pagesOf(database)}`);
    }
  };
  return {
    folder,
    isReal: false,
    fill: () => limit((database) => pragma.call(database, 'page_count', { simple: true })),
    makeRoom: () => limit(() => NO_LIMIT),
    remove() {
      Sqlite.prototype.pragma = pragma;
      rmSync(folder, { recursive: true });
    },
  };
}
