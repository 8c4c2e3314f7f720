/** The stores that every test of the books runs on: SQLite, a real PostgreSQL, and a fake libSQL server. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { createPostgresLedgerStore } from '../../src/ledger/postgres-ledger-store.ts';
import { createSqliteLedgerStore } from '../../src/ledger/sqlite-ledger-store.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Durability, Store } from '../../src/store/store.ts';
import type { Opened } from './ledger-lives.ts';
import { libsqlUnderTest } from './libsql-under-test.ts';
import { freshPostgres, hasPostgres } from './postgres.ts';
import type { StoreUnderTest, TestTime } from './store-under-test.ts';

export type { StoreUnderTest };

/** One kind of store alone: `TURNPIKE_TEST_STORE=sqlite`, `postgres` or `libsql`. */
const { TURNPIKE_TEST_STORE: only = '' } = process.env;

/** For `describe.each`: make them anew in each test file. */
export function storesUnderTest(): readonly StoreUnderTest[] {
  const stores = [
    sqliteUnderTest('process'),
    sqliteUnderTest('power'),
    ...(hasPostgres ? [postgresUnderTest()] : []),
    libsqlUnderTest(testTime),
  ];
  return stores.filter(({ name }) => name.toLowerCase().startsWith(only));
}

function sqliteUnderTest(durability: Durability): StoreUnderTest {
  let folder: string | undefined;
  let opened = 0;
  const nextPath = () => {
    folder ??= mkdtempSync(join(tmpdir(), 'turnpike-store-under-test-'));
    return join(folder, `${++opened}.db`);
  };
  const openAt = async (path: string, time = testTime()): Promise<Opened> => {
    const store = await openSqlite(path, { durability, log: silentLog });
    const ledgerStore = createSqliteLedgerStore(store, time.clock);
    await ledgerStore.join();
    return {
      store,
      ledgerStore,
      setTime: async (ms) => time.set(ms),
      async die() {
        // What the kernel has of the files is what is left of a killed process.
        const next = nextPath();
        for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, next + end);
        await store.close();
        return openAt(next, time);
      },
    };
  };
  return {
    name: `SQLite, durability ${durability}`,
    runs: 40,
    open: () => openAt(nextPath()),
    async remove() {
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postgresUnderTest(): StoreUnderTest {
  let url: Promise<string> | undefined;
  /** A test that failed has left it open. */
  let last: Store | undefined;
  const openNext = async (time = testTime()): Promise<Opened> => {
    url ??= freshPostgres();
    const at = await openReplica(await url, 'replica-1', time.clock);
    last = at.store;
    return {
      ...at,
      async setTime(ms) {
        time.set(ms);
        await setDatabaseTime(at.store, ms);
      },
      async die() {
        await at.store.close();
        return openNext(time);
      },
    };
  };
  return {
    name: 'PostgreSQL',
    runs: 10,
    async open() {
      url ??= freshPostgres();
      await last?.close();
      const before = await openPostgres(await url, { durability: 'power', log: silentLog });
      await empty(before);
      await before.close();
      return openNext();
    },
    remove: async () => last?.close(),
  };
}

/** One more process on a PostgreSQL database. */
export async function openReplica(
  url: string,
  replicaId: string,
  clock: Clock = systemClock,
): Promise<{ readonly store: Awaited<ReturnType<typeof openPostgres>>; readonly ledgerStore: LedgerStore }> {
  const store = await openPostgres(url, { durability: 'power', log: silentLog });
  const options = { store, replicaId, version: 'test', clock, log: silentLog };
  const ledgerStore = createPostgresLedgerStore(options);
  await ledgerStore.join();
  return { store, ledgerStore };
}

/** All tables but the lists of migrations. Faster than a database of its own for each test. */
async function empty({ kysely }: Store): Promise<void> {
  const { rows } = await sql<{ tablename: string }>`
    select tablename from pg_tables where schemaname = current_schema() and tablename not like 'kysely%'`.execute(
    kysely,
  );
  const tables = rows.map(({ tablename }) => sql.table(tablename));
  await sql`truncate ${sql.join(tables)} restart identity cascade`.execute(kysely);
}

/** The machine's, until a test says what time it is. */
function testTime(): TestTime {
  let at: number | undefined;
  return {
    clock: { now: () => at ?? systemClock.now(), monotonic: systemClock.monotonic },
    set(ms) {
      at = ms;
    },
  };
}

/** `empty` makes it the machine's time again. */
async function setDatabaseTime({ kysely }: Store, ms: number): Promise<void> {
  await sql`create table if not exists test_clock (at bigint)`.execute(kysely);
  await sql`create or replace function turnpike_now() returns bigint language sql volatile as
    'select coalesce((select max(at) from test_clock), (extract(epoch from clock_timestamp()) * 1000)::bigint)'`.execute(
    kysely,
  );
  await sql`delete from test_clock`.execute(kysely);
  await sql`insert into test_clock values (${ms})`.execute(kysely);
}
