/** The same attempt settled more than once: row 41 of the fault matrix. Whoever repeats it, and when, it is booked once. */
import { afterAll, describe, expect, it } from 'vitest';
import { request, settled } from '../../test/support/fake-ledger-store.ts';
import type { Opened } from '../../test/support/ledger-lives.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { bookSettle, makeReservation } from './book.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import { entriesOf } from './entries.ts';
import { type Batch, emptyBatch } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { recoverLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

/** A ledger, and the batches it gives to its store. */
function startLedger({ ledgerStore }: Opened): { ledger: RunningLedger; batches: Batch[] } {
  const batches: Batch[] = [];
  const applyBatch: typeof ledgerStore.applyBatch = (batch) => {
    batches.push(batch);
    return ledgerStore.applyBatch(batch);
  };
  const store = Object.create(ledgerStore, { applyBatch: { value: applyBatch } });
  return { ledger: createLedger({ store, clock: systemClock, log: silentLog }), batches };
}

async function expectOne({ store }: Opened): Promise<void> {
  expect(await entriesOf(store, 'exc_1')).toMatchObject([{ kind: 'settle', cost: 20_000n }]);
  expect(await verifyLedger(store)).toMatchObject({
    isSound: true,
    entries: 1,
    cost: 20_000n,
    problems: [],
  });
}

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  afterAll(remove);

  it('41: a second settle of the road changes nothing, before and after the first is written', async () => {
    const at = await open();
    const { ledger } = startLedger(at);
    expect(await ledger.reserve(request(1))).toMatchObject({ ok: true });
    const first = ledger.settle(settled(1));
    const dearer = {
      ...settled(1),
      usage: { ...settled(1).usage, reported: { input: 90, output: 9, raw: {} } },
    };
    expect(ledger.settle(dearer)).toEqual(first);
    expect(await ledger.drain(5_000)).toBe(true);
    expect(ledger.settle(dearer)).toEqual(first);
    // Nor can it be reserved again: it has had its entry.
    expect(await ledger.reserve(request(1))).toMatchObject({ ok: false });
    expect(await ledger.drain(5_000)).toBe(true);
    await expectOne(at);
    ledger.stop();
    await at.store.close();
  });

  it('41: a batch that is offered again, by this process or the next, changes nothing', async () => {
    let at = await open();
    const { ledger, batches } = startLedger(at);
    await ledger.reserve(request(1));
    ledger.settle(settled(1));
    expect(await ledger.drain(5_000)).toBe(true);
    ledger.stop();
    const posting = batches.find(({ posts }) => posts.length > 0)!;
    const again = { ok: true, duplicates: [{ exchangeId: 'exc_1', attempt: 1 }], late: [] };
    expect(await at.ledgerStore.applyBatch(posting)).toMatchObject(again);
    at = await at.die();
    await recoverLedger({ store: at.ledgerStore, clock: systemClock, log: silentLog });
    expect(await at.ledgerStore.applyBatch(posting)).toMatchObject(again);
    await expectOne(at);
    await at.store.close();
  });

  it('41: what was booked as interrupted is settled by a difference, once however often it comes', async () => {
    let at = await open();
    const { ledger } = startLedger(at);
    expect(await ledger.reserve(request(1))).toMatchObject({ ok: true });
    ledger.stop();
    at = await at.die();
    await recoverLedger({ store: at.ledgerStore, clock: systemClock, log: silentLog });
    const price = request(1).price!;
    const reservation = makeReservation(request(1), snapshotPrice(price));
    const posts = [bookSettle({ reservation, price }, settled(1))];
    const key = { exchangeId: 'exc_1', attempt: 1 };
    const first = await at.ledgerStore.applyBatch({ ...emptyBatch, posts });
    expect(first).toMatchObject({ ok: true, duplicates: [key], late: [key] });
    const second = await at.ledgerStore.applyBatch({ ...emptyBatch, posts });
    expect(second).toMatchObject({ ok: true, duplicates: [key], late: [] });
    const entries = await entriesOf(at.store, 'exc_1');
    expect(entries).toMatchObject([{ kind: 'interrupted' }, { kind: 'late_settle' }]);
    expect(entries.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n)).toBe(20_000n);
    expect(await verifyLedger(at.store)).toMatchObject({ isSound: true, entries: 2, problems: [] });
    await at.store.close();
  });
});
