/** A database on a libSQL server: its schema, its one writer, and what is said where it cannot be had. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeTurso, startFakeTurso, TURSO_TOKEN } from '../../test/support/fake-turso.ts';
import { openLibsqlProcess } from '../../test/support/libsql-under-test.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { type LibsqlStore, openLibsql } from './libsql.ts';
import { openLibsqlClient } from './libsql-client.ts';
import { FRESH_MS, fence, isFencedOff, LEASE_MS } from './libsql-lease.ts';
import { migrations } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

let server: FakeTurso;
const opened: LibsqlStore[] = [];
beforeAll(async () => {
  server = await startFakeTurso();
});
beforeEach(() => server.restore());
afterEach(async () => {
  server.join();
  for (const store of opened.splice(0)) await store.close();
});
afterAll(() => server.close());

async function open(holderId = 'one', clock: Clock = systemClock): Promise<LibsqlStore> {
  const { store } = await openLibsqlProcess(server.url, holderId, clock);
  opened.push(store);
  return store;
}

const setting = (store: LibsqlStore, key: string) =>
  store.kysely.insertInto('settings').values({ key, value: '1' });
const listSettings = () => server.database.prepare('select key from settings order by key').pluck().all();

/** As if nobody had renewed a lease for so long. */
function letPass(ms: number): void {
  server.database.prepare('update replicas set heartbeat_at = heartbeat_at - ?').run(ms);
}

describe('the schema', () => {
  const statements = `select type, name, sql from sqlite_schema where sql is not null and name not like 'sqlite_%'
    and name not like 'kysely%' order by type, name`;

  it('is SQLite\u2019s, made in one round trip for each migration', async () => {
    const before = server.roundTrips();
    await open();
    // Making the list, reading it, the lease, and the revision.
    expect(server.roundTrips() - before).toBe(Object.keys(migrations).length + 4);
    const near = await openSqlite(':memory:', { durability: 'process', log: silentLog });
    expect(server.database.prepare(statements).all()).toEqual(near.database.prepare(statements).all());
    await near.close();
    const again = server.roundTrips();
    await open();
    expect(server.roundTrips() - again).toBe(4);
  });

  it('is made once when two processes start at the same time', async () => {
    const started = await Promise.allSettled([open('one'), open('two')]);
    expect(started.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const done = server.database.prepare('select count(*) from kysely_migration').pluck().get();
    expect(done).toBe(Object.keys(migrations).length);
  });

  it('of a newer program is refused', async () => {
    await (await open()).close();
    server.database.exec(`insert into kysely_migration values ('9999-later', '')`);
    await expect(open()).rejects.toThrow(/another version of Turnpike \(9999-later\)/);
  });
});

describe('values', () => {
  it('are exact: whole numbers beyond 2^53 where they are money, text as it is', async () => {
    const store = await open();
    const nano = 9_007_199_254_740_993n;
    const window = {
      budget_id: 'bud_1',
      subject: 'é\n"',
      start_at: 0,
      end_at: 1,
      settled_nano: 0n,
      reserved_nano: 0n,
    };
    await store.write([
      store.kysely.insertInto('budget_windows').values({ ...window, budget_id: 'bud_1', limit_nano: nano }),
    ]);
    const row = await store.kysely.selectFrom('budget_windows').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ subject: 'é\n"', limit_nano: nano, start_at: 0, blocked_at: null });
  });
});

describe('the lease', () => {
  it('lets one process in; the next one when it has ended', async () => {
    const first = await open('one');
    await expect(open('two')).rejects.toThrow(/another Turnpike process \("one"\).*serves one process/);
    await first.write([setting(first, 'a')]);
    await first.close();
    const second = await open('two');
    await second.write([setting(second, 'b')]);
    expect(listSettings()).toEqual(['a', 'b']);
  });

  it('is had at once by the restart of the same installation, and its former life can write no more', async () => {
    const killed = await open('one');
    const again = await open('one');
    expect(again.lease().epoch).toBe(2);
    await expect(killed.write([setting(killed, 'late')])).rejects.toThrow(/has taken over/);
    expect(killed.isLost()).toBe(true);
    expect(listSettings()).toEqual([]);
  });

  it('of a process that was silent for too long goes to whoever asks, and to nobody before', async () => {
    const silent = await open('one');
    letPass(LEASE_MS - 5_000);
    await expect(open('two')).rejects.toThrow(/serves one process/);
    letPass(5_001);
    const next = await open('two');
    await expect(silent.change([setting(silent, 'late')])).rejects.toThrow(/has taken over/);
    await expect(silent.holdLease()).rejects.toThrow(/has taken over/);
    await expect(silent.beginLife()).rejects.toThrow(/another Turnpike process \("two"\)/);
    await next.close();
    await silent.beginLife();
    await silent.write([setting(silent, 'back')]);
    expect(listSettings()).toEqual(['back']);
  });

  it('is renewed by what is written, else by itself, and a renewal that took too long is none', async () => {
    let atMs = 0;
    let perLookMs = 0;
    const monotonic = () => {
      atMs += perLookMs;
      return atMs;
    };
    const store = await open('one', { now: () => 0, monotonic });
    const trips = async () => {
      const before = server.roundTrips();
      await store.holdLease();
      return server.roundTrips() - before;
    };
    expect(await trips()).toBe(0);
    atMs += 5_000;
    await store.write([setting(store, 'a')]);
    expect(await trips()).toBe(0);
    atMs += 5_000;
    expect(await trips()).toBe(1);
    atMs += 5_000;
    perLookMs = FRESH_MS;
    await expect(store.holdLease()).rejects.toThrow(/too late/);
  });

  it('fences a transaction that comes after another one it did not know of', async () => {
    const store = await open();
    const { seq } = server.database.prepare('select seq from replicas').get() as { seq: number };
    const late = [...fence(store.lease(), seq), { sql: `delete from settings`, parameters: [] }];
    await store.write([setting(store, 'a')]);
    const sent = store.client.runAll(late);
    await expect(sent).rejects.toThrow();
    expect(isFencedOff(await sent.catch((error: unknown) => error))).toBe(true);
    expect(listSettings()).toEqual(['a']);
    expect(store.isLost()).toBe(false);
  });
});

describe('what cannot be had', () => {
  const options = { holderId: 'one', lock: undefined, version: 'test', clock: systemClock, log: silentLog };

  it('is said of a missing package, with what installs it', async () => {
    const missing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' }));
    await expect(openLibsqlClient({ url: server.url, authToken: 'x' }, missing)).rejects.toThrow(
      /npm install @libsql\/client/,
    );
  });
  it.each([
    ['a wrong token', () => server.url, 'wrong-token-wrong', /cannot be used: .*401/],
    ['nobody there', () => 'libsql://127.0.0.1:61?tls=0', 'token-token', /cannot be used: .*ECONNREFUSED/],
    ['plain text to another machine', () => 'libsql://books.example:80?tls=0', 't', /this machine alone/],
    ['another scheme', () => 'https://books.example', 't', /no libsql:\/\/ URL/],
    ['an option that is none', () => 'libsql://books.example?tsl=0', 't', /no address of a libSQL server/],
  ])('is said of %s, without the token', async (_name, url, authToken, message) => {
    const failed = openLibsql(url(), { ...options, authToken });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(new RegExp(`${authToken}-`));
    await expect(failed).rejects.toMatchObject({ name: 'StoreError' });
  });
  it('is plain where the token stands in the URL', async () => {
    const { store } = await openLibsqlProcess(`${server.url}&authToken=${TURSO_TOKEN}`);
    opened.push(store);
    expect(store.lease().epoch).toBe(1);
  });
});
