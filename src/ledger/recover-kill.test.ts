/** `kill -9` during recovery: row 39 of the fault matrix. The next start goes on where the last one died, and nothing is booked twice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../test/support/fake-ledger-store.ts';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { openReplica } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { makeReservation } from './book.ts';
import { emptyBatch, type LedgerStore, plainReserve } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { recoverLedger } from './recover.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';
import { verifyLedger } from './verify.ts';

/** Two batches of recovery and a bit. */
const LEFT = 600;
const victim = fileURLToPath(new URL('../../test/support/recovery-victim.ts', import.meta.url));

interface Books {
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-recover-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stores = [
  {
    name: 'SQLite',
    locate: async () => join(folder, 'turnpike.db'),
    async open(path: string): Promise<Books> {
      const store = await openSqlite(path, { durability: 'power', log: silentLog });
      return { store, ledgerStore: createSqliteLedgerStore(store, systemClock) };
    },
  },
  ...(hasPostgres
    ? [{ name: 'PostgreSQL', locate: freshPostgres, open: (url: string) => openReplica(url, 'replica-1') }]
    : []),
];

async function leaveReservations({ store, ledgerStore }: Books): Promise<void> {
  await ledgerStore.join();
  const price = snapshotPrice(request(0).price!);
  const reserves = Array.from({ length: LEFT }, (_, n) =>
    plainReserve(makeReservation(request(n), price), price),
  );
  expect(await ledgerStore.applyBatch({ ...emptyBatch, reserves })).toMatchObject({ ok: true });
  await ledgerStore.makeDurable();
  await store.close();
}

const list = async ({ kysely }: Store, table: 'reservations' | 'ledger_entries') =>
  (await kysely.selectFrom(table).select('exchange_id').execute()).map(({ exchange_id: id }) => id);

describe.each(stores)('on $name', ({ locate, open }) => {
  it('39: killed before and after each of its batches, every reservation has one entry in the end', async () => {
    const location = await locate();
    await leaveReservations(await open(location));
    for (const [nth, when] of [
      ['1', 'before'],
      ['1', 'after'],
      ['2', 'before'],
    ] as const) {
      const { signal } = spawnSync(process.execPath, ['--import', 'tsx', victim, location, nth, when]);
      expect(signal).toBe('SIGKILL');
    }
    const { store, ledgerStore } = await open(location);
    const options = { store: ledgerStore, clock: systemClock, log: silentLog };
    const booked = await list(store, 'ledger_entries');
    // The kills fell where they were meant to: two batches are in, the rest is still held.
    expect(booked).toHaveLength(512);
    expect(await list(store, 'reservations')).toHaveLength(LEFT - booked.length);
    expect(await recoverLedger(options)).toEqual({ interrupted: LEFT - booked.length, settled: 0 });
    expect(await recoverLedger(options)).toEqual({ interrupted: 0, settled: 0 });
    const entries = await list(store, 'ledger_entries');
    expect(entries).toHaveLength(LEFT);
    expect(new Set(entries).size).toBe(LEFT);
    expect(await list(store, 'reservations')).toEqual([]);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: LEFT, problems: [] });
    await store.close();
  }, 60_000);
});
