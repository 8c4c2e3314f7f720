/** A PostgreSQL database that several processes share: opened safely, heard of everywhere, mended by itself. */
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLine } from '../../test/support/cut-line.ts';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { type Log, silentLog } from '../base/log.ts';
import { migrateDown, migrateUp, migrations } from './migrate.ts';
import { openPostgres, type PostgresStore } from './postgres.ts';
import { createPostgresDialect } from './postgres-dialect.ts';

let url: string;
const open: PostgresStore[] = [];
beforeEach(async () => {
  if (hasPostgres) url = await freshPostgres();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function openStore(log: Log = silentLog): Promise<PostgresStore> {
  const store = await openPostgres(url, { durability: 'power', log });
  open.push(store);
  return store;
}

const row = ({ kysely }: PostgresStore, key: string) =>
  kysely.insertInto('settings').values({ key, value: '1' });
/** Names of what the migrations made, but for their own list. */
const listThings = async ({ kysely }: { kysely: Kysely<never> | PostgresStore['kysely'] }) => {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name not like 'kysely%'
    union all select routine_name from information_schema.routines where routine_schema = 'public' order by 1`.execute(
    kysely as PostgresStore['kysely'],
  );
  return rows.map(({ name }) => name);
};

describe.runIf(hasPostgres)('opening', () => {
  it('by many processes at once makes the schema once', async () => {
    const applied: unknown[] = [];
    const log: Log = { ...silentLog, info: (fields) => applied.push(fields) };
    const stores = await Promise.all([openStore(log), openStore(log), openStore(log)]);
    expect(applied).toEqual([expect.objectContaining({ applied: Object.keys(migrations) })]);
    expect(new Set(await Promise.all(stores.map(listThings))).size).toBe(3);
  });

  it.each([
    ['a wrong password', (text: string) => text.replace(':postgres@', ':hunter2@')],
    ['no such database', (text: string) => text.replace(/\/turnpike_\w+/, '/nowhere')],
    ['nobody there', () => 'postgres://ada:hunter2@127.0.0.1:9/turnpike'],
    ['no such host', () => 'postgres://ada:hunter2@nobody.invalid/turnpike'],
  ])('with %s says where and why, without the password', async (_name, change) => {
    const error = await openPostgres(change(url), { durability: 'power', log: silentLog }).catch(
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ name: 'StoreError', code: 'unreachable' });
    expect(String(error)).toMatch(/postgres:\/\/\w+:••••@.* cannot be used: \w+/);
    expect(String(error)).not.toMatch(/hunter2|:postgres@/);
  });

  it('refuses a database that holds text in another encoding', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const name = `latin_${Date.now()}`;
    await client
      .query(`create database ${name} encoding 'LATIN1' template template0`)
      .finally(() => client.end());
    const latin = url.replace(/\/turnpike_\w+/, `/${name}`);
    await expect(openPostgres(latin, { durability: 'power', log: silentLog })).rejects.toThrow(/needs UTF8/);
  });

  it('refuses a database made by a newer version', async () => {
    const store = await openStore();
    await sql`insert into kysely_migration values ('9999-later', '2030-01-01')`.execute(store.kysely);
    await expect(openStore()).rejects.toThrow(/another version of Turnpike/);
  });

  it('goes down to nothing and up again', async () => {
    const store = await openStore();
    const before = await listThings(store);
    const pool = new pg.Pool({ connectionString: url });
    const kysely = new Kysely<never>({ dialect: createPostgresDialect(pool, { isOpen: true }) });
    await migrateDown(kysely, 'postgres');
    expect(await listThings({ kysely })).toEqual([]);
    expect(await migrateUp(kysely, 'postgres')).toEqual(Object.keys(migrations));
    expect(await listThings({ kysely })).toEqual(before);
    await pool.end();
  });
});

describe.runIf(hasPostgres)('a change of the registry', () => {
  it('is heard of by the other processes, once', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const heard: number[] = [];
    other.revision.onChange((revision) => heard.push(revision));
    await one.change([row(one, 'a')]);
    await one.change([row(one, 'b')]);
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([1, 2]);
    expect(one.revision.current()).toBe(2);
  });

  it('is heard of after the line was cut, and while it is', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const cut = () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(one.kysely);
    await cut();
    await one.change([row(one, 'a')]);
    await expect.poll(() => other.revision.current(), { timeout: 5_000 }).toBe(1);
    await expect.poll(() => listens(one), { timeout: 5_000 }).toBe(2);
    const heard: number[] = [];
    other.revision.onChange((revision) => heard.push(revision));
    await one.change([row(one, 'b')]);
    await expect.poll(() => heard, { timeout: 1_500 }).toEqual([2]);
  });

  it('is rolled back whole and told to nobody', async () => {
    const [one, other] = [await openStore(), await openStore()];
    await expect(one.change([row(one, 'a'), row(one, 'a')])).rejects.toThrow(/unique/);
    await one.change([row(one, 'b')]);
    await expect.poll(() => other.revision.current(), { timeout: 5_000 }).toBe(1);
  });
});

/** Connections whose last word was the one that listens. */
async function listens({ kysely }: PostgresStore): Promise<number> {
  const { rows } = await sql<{ found: number }>`
    select count(*) as found from pg_stat_activity
    where datname = current_database() and query like 'listen %'`.execute(kysely);
  return rows[0]!.found;
}

describe.runIf(hasPostgres)('processes', () => {
  it('take turns in what only one may do', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((done) => setTimeout(done, 20));
      order.push(`${name} ends`);
    };
    await Promise.all([one.alone(work('a')), other.alone(work('b')), one.alone(work('c'))]);
    for (let at = 0; at < order.length; at += 2)
      expect(order[at + 1]).toBe(order[at]!.replace('begins', 'ends'));
  });

  it('may have one name one at a time, and have it again after their line was cut', async () => {
    const [one, other] = [await openStore(), await openStore()];
    expect([await one.claim('x'), await one.claim('x'), await other.claim('x')]).toEqual([true, true, false]);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(one.kysely);
    await expect.poll(() => countClaims(one), { timeout: 5_000 }).toBeGreaterThan(0);
    expect(await other.claim('x')).toBe(false);
    await one.close();
    await expect.poll(() => other.claim('x'), { timeout: 5_000 }).toBe(true);
  });
});

/** Names taken, by whomever. */
async function countClaims({ kysely }: PostgresStore): Promise<number> {
  const { rows } = await sql<{ found: number }>`
    select count(*) as found from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()`.execute(kysely);
  return rows[0]!.found;
}

describe.runIf(hasPostgres)('a connection that breaks while it is lent out', () => {
  it('fails what was asked of it, and nothing else: the process lives on', async () => {
    const line = await openLine(join(new URL(url).searchParams.get('host')!, '.s.PGSQL.5432'));
    const store = await openPostgres(line.url(url), { durability: 'power', log: silentLog });
    open.push(store);
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    process.on('uncaughtException', hear);
    const sleeping = sql`select pg_sleep(10)`.execute(store.kysely);
    const lent = store.alone(async () => {
      line.cut();
      await expect(sleeping).rejects.toThrow(/terminated|ECONNRESET/);
    });
    await expect(lent).resolves.toBeUndefined();
    await new Promise((done) => setTimeout(done, 20));
    process.off('uncaughtException', hear);
    expect(unheard).toEqual([]);
    line.join();
    await expect.poll(() => store.write([row(store, 'back')]).then(String, String)).toBe('1');
    await store.close();
    await line.close();
  });
});
