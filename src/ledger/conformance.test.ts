/**
 * What every store must do, found out by random lives of a ledger against a model in memory: reserves, settles,
 * settles again, progress, time, and processes that die and start again. Each store is one line in `stores`.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeWorld, live, type Opened, steps } from '../../test/support/ledger-lives.ts';
import { silentLog } from '../base/log.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Durability } from '../store/store.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';
import { verifyLedger } from './verify.ts';

interface StoreUnderTest {
  readonly name: string;
  readonly open: () => Promise<Opened>;
}

let folder: string;
let opened = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openSqliteAt(path: string, durability: Durability): Promise<Opened> {
  const store = await openSqlite(path, { durability, log: silentLog });
  return {
    store,
    ledgerStore: createSqliteLedgerStore(store),
    async die() {
      // What the kernel has of the files is what is left of a killed process.
      const next = join(folder, `${++opened}.db`);
      for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, next + end);
      store.close();
      return openSqliteAt(next, durability);
    },
  };
}

const stores: readonly StoreUnderTest[] = [
  { name: 'sqlite, process', open: () => openSqliteAt(join(folder, `${++opened}.db`), 'process') },
  { name: 'sqlite, power', open: () => openSqliteAt(join(folder, `${++opened}.db`), 'power') },
];

describe.each(stores)('a ledger on $name', ({ open }) => {
  it('books every attempt that was granted exactly once, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        const world = await live(open, life);
        await judgeWorld(world);
        world.ledger.stop();
        world.at.store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('takes a post again for nothing', async () => {
    const world = await live(open, [
      { kind: 'reserve', model: 0, waits: true, again: false },
      { kind: 'settle', which: 0, status: 'ok', tokens: 10 },
      { kind: 'drain' },
    ]);
    const row = await world.at.store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .executeTakeFirstOrThrow();
    const { seq: _, ...entry } = row;
    const posts = [{ entry: { ...entry, cost_nano: 1n }, price: undefined }];
    const before = await verifyLedger(world.at.store);
    expect(
      await world.at.ledgerStore.applyBatch({ releases: [], posts, reserves: [], progress: [] }),
    ).toEqual({
      ok: true,
      duplicates: [{ exchangeId: 'exc_0000', attempt: 1 }],
    });
    expect(await verifyLedger(world.at.store)).toEqual(before);
    world.at.store.close();
  });

  it('applies all of a batch or nothing', async () => {
    const { store, ledgerStore } = await open();
    const reserve = (model: string | null) => ({
      reservation: {
        exchange_id: `exc_${model}`,
        attempt: 1,
        workspace_id: 'ws_1',
        key_id: 'key_1',
        member_id: null,
        agent_id: null,
        session_id: null,
        end_user: null,
        provider: 'p',
        // A column that must not be null: a mistake no type would let through.
        model: model as string,
        client_format: 'openai-chat',
        lane: 'relay',
        price_id: null,
        input_estimate: 1,
        max_output_tokens: null,
        observed_output: 0,
        created_at: 0,
        deadline_at: 1,
      } as const,
      price: undefined,
    });
    const batch = { releases: [], posts: [], progress: [] };
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve(null)] })).toMatchObject(
      {
        ok: false,
        fault: 'rejected',
      },
    );
    expect(await ledgerStore.listReservations(10)).toEqual([]);
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve('b')] })).toMatchObject({
      ok: true,
    });
    expect(await ledgerStore.listReservations(10)).toEqual([
      reserve('a').reservation,
      reserve('b').reservation,
    ]);
    expect(await ledgerStore.listReservations(1)).toHaveLength(1);
    store.close();
  });
});
