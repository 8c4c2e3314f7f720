/** A ledger on the fake libSQL server, for the tests that run on every store. */

import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { openLibsqlLedgerStore } from '../../src/ledger/libsql-ledger-store.ts';
import { type LibsqlStore, openLibsql } from '../../src/store/libsql.ts';
import { type FakeTurso, startFakeTurso, TURSO_TOKEN } from './fake-turso.ts';
import type { Opened } from './ledger-lives.ts';
import type { StoreUnderTest, TestTime } from './store-under-test.ts';

export interface LibsqlProcess {
  readonly store: LibsqlStore;
  readonly ledgerStore: LedgerStore;
}

/** One process on the server. Not joined yet. */
export async function openLibsqlProcess(
  url: string,
  holderId = 'holder-1',
  clock: Clock = systemClock,
): Promise<LibsqlProcess> {
  const options = { holderId, lock: undefined, version: 'test', clock, log: silentLog };
  const store = await openLibsql(url, { ...options, authToken: TURSO_TOKEN });
  return { store, ledgerStore: await openLibsqlLedgerStore(store, clock) };
}

/** @param newTime the clock of one test */
export function libsqlUnderTest(newTime: () => TestTime): StoreUnderTest {
  let server: Promise<FakeTurso> | undefined;
  /** Migrated, and nothing else. */
  let fresh: Buffer | undefined;
  const openNext = async (time = newTime()): Promise<Opened> => {
    server ??= startFakeTurso();
    const { url } = await server;
    const { store, ledgerStore } = await openLibsqlProcess(url, 'holder-1', time.clock);
    await ledgerStore.join();
    return {
      store,
      ledgerStore,
      setTime: async (ms) => time.set(ms),
      async die() {
        // Its lease stays as it was: nobody has given it back.
        store.client.close();
        return openNext(time);
      },
    };
  };
  return {
    name: 'libSQL',
    runs: 6,
    async open() {
      server ??= startFakeTurso();
      const turso = await server;
      turso.restore(fresh);
      if (!fresh) {
        const { store } = await openLibsqlProcess(turso.url);
        await store.close();
        turso.database.exec('delete from replicas');
        fresh = turso.database.serialize();
      }
      return openNext();
    },
    remove: async () => (await server)?.close(),
  };
}
