/** The database: opened once, migrated up and down, exact, and flushed when it says so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, fdatasync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdWriteLock } from '../../test/support/foreign-writer.ts';
import { silentLog } from '../base/log.ts';
import { migrateDown, migrateUp, migrations } from './migrate.ts';
import { openSqlite, readLocation, type SqliteOptions, type SqliteStore } from './sqlite.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import type { Flush } from './wal.ts';

let folder: string;
let path: string;
const open: SqliteStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-store-'));
  path = join(folder, 'turnpike.db');
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openStore(options: Partial<SqliteOptions> = {}): Promise<SqliteStore> {
  const store = await openSqlite(`file:${path}`, { durability: 'power', log: silentLog, ...options });
  open.push(store);
  return store;
}

const tableNames = (store: SqliteStore) =>
  store.database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'kysely%' order by name`)
    .pluck()
    .all();

describe('opening', () => {
  it.each([
    [':memory:', ':memory:'],
    ['file:/a/b.db', '/a/b.db'],
    ['file:///a/b%20c.db', '/a/b c.db'],
    ['/a/b.db', '/a/b.db'],
  ])('reads %s', (location, expected) => expect(readLocation(location)).toBe(expected));

  it.each(['postgres://host/db', 'libsql://host'])('refuses %s in words', (location) => {
    expect(() => readLocation(location)).toThrow(/not supported/);
  });

  it('makes a file only its owner may read, with a write-ahead log', async () => {
    const store = await openStore();
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(`${path}-wal`).mode & 0o077).toBe(0);
    expect(store.database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.database.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('refuses a database made by a newer version', async () => {
    const store = await openStore();
    store.database.exec(`insert into kysely_migration values ('9999-later', '2030-01-01')`);
    store.close();
    await expect(openStore()).rejects.toThrow(/another version of Turnpike/);
    expect(existsSync(`${path}.pid`)).toBe(false);
  });

  it('lets go of the lock when the file is no database', async () => {
    writeFileSync(path, 'this is a text file, not a database at all'.repeat(100));
    await expect(openStore()).rejects.toThrow();
    rmSync(path);
    await openStore();
  });
});

describe('the process lock', () => {
  it('refuses a second opening and says what to do', async () => {
    const first = await openStore();
    await expect(openStore()).rejects.toThrow(
      new RegExp(`pid ${process.pid}.*Stop that process, or give this one`),
    );
    first.close();
    await openStore();
  });

  it('holds whatever name the database is opened by', async () => {
    const store = await openStore();
    const link = join(folder, 'link.db');
    symlinkSync(path, link);
    await expect(openSqlite(link, { durability: 'power', log: silentLog })).rejects.toThrow(/is using/);
    store.close();
    const linked = await openSqlite(link, { durability: 'power', log: silentLog });
    open.push(linked);
    await linked.change([linked.kysely.insertInto('settings').values({ key: 'a', value: '1' })]);
    expect(existsSync(`${path}-wal`)).toBe(true);
  });

  it('holds against another process and ends with its death', async () => {
    const child = await spawnHolder(path);
    await expect(openStore()).rejects.toThrow(new RegExp(`pid ${child.pid}`));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await openStore();
  });
});

/** A process that takes the lock the way the store does, and keeps it. */
async function spawnHolder(database: string): Promise<ChildProcess> {
  const module = new URL('./lock.ts', import.meta.url).href;
  const source = `
    import { lockDatabase } from ${JSON.stringify(module)};
    lockDatabase(${JSON.stringify(database)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return child;
}

describe('migrations', () => {
  it('go down to nothing and up again', async () => {
    const { database } = await openStore();
    const gate = { isOpen: true };
    const { Kysely } = await import('kysely');
    const kysely = new Kysely<unknown>({ dialect: createSqliteDialect(database, gate) });
    const before = tableNames(open[0]!);
    await migrateDown(kysely, 'sqlite');
    expect(tableNames(open[0]!)).toEqual([]);
    expect(await migrateUp(kysely, 'sqlite')).toEqual(Object.keys(migrations));
    expect(tableNames(open[0]!)).toEqual(before);
    expect(await migrateUp(kysely, 'sqlite')).toEqual([]);
  });

  it('bring a database of the first version up, with all that is in it', async () => {
    const first = await openStore();
    await first.change([first.kysely.insertInto('settings').values({ key: 'a', value: '1' })]);
    for (const [name, make] of Object.entries(migrations).reverse()) {
      if (name > '0001-ground') await make('sqlite').down?.(first.kysely);
    }
    first.database.exec(`delete from kysely_migration where name > '0001-ground'`);
    first.close();
    const second = await openStore();
    expect(tableNames(second)).toContain('decisions');
    const kept = await second.kysely.selectFrom('settings').selectAll().execute();
    expect(kept).toContainEqual({ key: 'a', value: '1' });
  });

  it('make tables that hold integers and nothing else in integer columns', async () => {
    const { database } = await openStore();
    const strict = database
      .prepare(`select name from pragma_table_list where schema = 'main' and strict = 0 and type = 'table'`)
      .pluck()
      .all() as string[];
    expect(strict.filter((name) => !/^(kysely|sqlite)/.test(name))).toEqual([]);
    expect(() =>
      database.exec(`insert into workspaces (id, name, created_at) values ('ws_1', 'x', 1.5)`),
    ).toThrow(/REAL/);
  });
});

describe('queries', () => {
  it('wait for a foreign writer without holding the event loop', async () => {
    const store = await openStore();
    const release = holdWriteLock(path);
    const change = store.change([store.kysely.insertInto('settings').values({ key: 'a', value: '1' })]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    release();
    expect(await change).toEqual([1]);
    expect(store.revision.current()).toBe(1);
  });
});

describe('flushing the write-ahead log', () => {
  it('shares one flush among all who wait, and never one that began too early', async () => {
    const begun: (() => void)[] = [];
    const flush: Flush = (file, done) => begun.push(() => fdatasync(file, done));
    const store = await openStore({ flush });
    const early = store.syncWal();
    const late = [store.syncWal(), store.syncWal(), store.syncWal()];
    expect(begun).toHaveLength(1);
    begun[0]!();
    await early;
    await expect.poll(() => begun.length).toBe(2);
    begun[1]!();
    await Promise.all(late);
    expect(begun).toHaveLength(2);
  });

  it('says so when it fails, and is true again after folding the log back', async () => {
    let failures = 1;
    const flush: Flush = (file, done) => {
      failures -= 1;
      if (failures >= 0) done(new Error('EIO'));
      else fdatasync(file, done);
    };
    const store = await openStore({ flush });
    store.database.exec(`insert into settings values ('a', '1')`);
    await expect(store.syncWal()).rejects.toThrow('EIO');
    await store.syncWal();
    const [{ log, checkpointed }] = store.database.pragma('wal_checkpoint(PASSIVE)') as [
      { log: number; checkpointed: number },
    ];
    expect(checkpointed).toBe(log);
  });
});
