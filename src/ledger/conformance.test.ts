/**
 * What every store must do, found out by random lives of a ledger against a model in memory: reserves, settles,
 * settles again, progress, time, and processes that die and start again. Each store is one line in `stores`.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { judgeWorld, live, steps } from '../../test/support/ledger-lives.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { emptyBatch, plainReserve } from './ledger-store.ts';
import { reservationColumns } from './reservations.ts';
import { verifyLedger } from './verify.ts';

describe.each(storesUnderTest())('a ledger on $name', ({ open, remove, runs }) => {
  afterAll(remove);

  it('books every attempt that was granted exactly once, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        const world = await live(open, life);
        await judgeWorld(world);
        world.ledger.stop();
        await world.at.store.close();
      }),
      { numRuns: runs },
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
    expect(await world.at.ledgerStore.applyBatch({ ...emptyBatch, posts })).toEqual({
      ok: true,
      duplicates: [{ exchangeId: 'exc_0000', attempt: 1 }],
      late: [],
      grants: [],
      holds: [],
      skewMs: expect.any(Number),
    });
    expect(await verifyLedger(world.at.store)).toEqual(before);
    await world.at.store.close();
  });

  it('applies all of a batch or nothing', async () => {
    const { store, ledgerStore } = await open();
    const reserve = (model: string | null) =>
      plainReserve({
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
        amount_nano: 0n,
        windows: null,
        rates: null,
      });
    const batch = emptyBatch;
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve(null)] })).toMatchObject(
      {
        ok: false,
        fault: 'rejected',
      },
    );
    const listHeld = () => store.kysely.selectFrom('reservations').select(reservationColumns).execute();
    expect(await listHeld()).toEqual([]);
    expect(await ledgerStore.applyBatch({ ...batch, reserves: [reserve('a'), reserve('b')] })).toEqual({
      ok: true,
      duplicates: [],
      late: [],
      grants: [expect.objectContaining({ ok: true }), expect.objectContaining({ ok: true })],
      holds: [],
      skewMs: expect.any(Number),
    });
    const held = [reserve('a').reservation, reserve('b').reservation];
    expect(await listHeld()).toEqual(held);
    expect(await ledgerStore.listAbandoned(10)).toEqual([]);
    await ledgerStore.join();
    expect(await ledgerStore.listAbandoned(10)).toEqual(held);
    expect(await ledgerStore.listAbandoned(1)).toEqual(held.slice(0, 1));
    await store.close();
  });
});
