/** The ledger on a store that fails: what cannot be written is refused or kept, and nothing is lost. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeStore, request, settled } from '../../test/support/fake-ledger-store.ts';
import { silentLog } from '../base/log.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import type { Grant } from './ledger.ts';
import { BUSY_PATIENCE_MS } from './ledger-state.ts';

let fake: ReturnType<typeof createFakeStore>['fake'];
let ledger: RunningLedger;
let monotonic = 0;

beforeEach(() => {
  vi.useFakeTimers();
  monotonic = 0;
  const made = createFakeStore();
  fake = made.fake;
  const clock = { now: () => 0, monotonic: () => monotonic };
  ledger = createLedger({ store: made.store, clock, log: silentLog });
});
afterEach(() => {
  ledger.stop();
  vi.useRealTimers();
});

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
/** The answer so far. */
function watch(grant: Promise<Grant>): { answer: Grant | undefined } {
  const seen: { answer: Grant | undefined } = { answer: undefined };
  void grant.then((answer) => {
    seen.answer = answer;
  });
  return seen;
}
const entriesWritten = () =>
  fake.batches.flatMap((batch) => batch.posts.map(({ entry }) => entry.exchange_id));
describe('when the store is unavailable', () => {
  it('reserves are refused, and taken back in case they were written', async () => {
    fake.fault = 'unavailable';
    const grant = watch(ledger.reserve(request(1)));
    await pass();
    expect(grant.answer).toEqual({ ok: false, reason: 'store_failed' });
    expect(ledger.health()).toMatchObject({
      isWritable: false,
      openReservations: 0,
      lastError: 'unavailable',
    });
    expect(await ledger.reserve(request(2))).toEqual({ ok: false, reason: 'store_failed' });
    fake.fault = undefined;
    await pass(10_000);
    expect(ledger.health().isWritable).toBe(true);
    expect(fake.batches[0]).toMatchObject({ isProbe: true, releases: [{ exchangeId: 'exc_1', attempt: 1 }] });
    const again = watch(ledger.reserve(request(1)));
    await pass();
    expect(again.answer).toEqual({ ok: true });
  });

  it('settles are kept and written when it is back, once', async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
    fake.fault = 'unavailable';
    ledger.settle(settled(1));
    await pass(60_000);
    expect(ledger.health()).toMatchObject({ isWritable: false, pendingSettles: 1 });
    fake.fault = undefined;
    await pass(10_000);
    expect(entriesWritten()).toEqual(['exc_1']);
    expect(ledger.health()).toMatchObject({ isWritable: true, pendingSettles: 0 });
  });

  it('tries less and less often', async () => {
    fake.fault = 'unavailable';
    void ledger.reserve(request(1));
    await pass();
    const first = await triesWithin(1_000);
    await pass(10_000);
    expect(await triesWithin(60_000)).toBeLessThanOrEqual(12);
    expect(first).toBeGreaterThan(2);
  });
});

async function triesWithin(ms: number): Promise<number> {
  const before = fake.tries;
  await pass(ms);
  return fake.tries - before;
}

describe('when flushing fails', () => {
  it('what was committed is not granted, and red until a flush works', async () => {
    fake.flushError = new Error('EIO');
    const grant = watch(ledger.reserve(request(1)));
    await pass();
    expect(grant.answer).toEqual({ ok: false, reason: 'store_failed' });
    await pass(30_000);
    expect(ledger.health()).toMatchObject({ isWritable: false, lastError: 'flushing failed: Error: EIO' });
    fake.flushError = undefined;
    await pass(10_000);
    expect(ledger.health().isWritable).toBe(true);
    expect(fake.batches.flatMap((batch) => batch.releases)).toContainEqual({
      exchangeId: 'exc_1',
      attempt: 1,
    });
  });

  it('settles are offered again', async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
    fake.flushError = new Error('EIO');
    ledger.settle(settled(1));
    await pass(1_000);
    expect(ledger.health().pendingSettles).toBe(1);
    fake.flushError = undefined;
    await pass(10_000);
    expect(entriesWritten().length).toBeGreaterThan(1);
    expect(new Set(entriesWritten())).toEqual(new Set(['exc_1']));
    expect(ledger.health()).toMatchObject({ isWritable: true, pendingSettles: 0 });
  });

  it('a reserve that came during a flush is written after it, and what it meets then is not over', async () => {
    let open = () => {};
    fake.gate = new Promise((resolve) => {
      open = resolve;
    });
    const early = watch(ledger.reserve(request(1)));
    await pass();
    fake.fault = 'unavailable';
    void ledger.reserve(request(2));
    await pass();
    const { tries } = fake;
    open();
    await pass();
    expect(early.answer).toEqual({ ok: true });
    expect(ledger.health().isWritable).toBe(false);
    expect(fake.tries).toBe(tries + 1);
  });
});

describe('when somebody else holds the lock', () => {
  it('reserves wait, and are granted when it is free', async () => {
    fake.fault = 'busy';
    const grant = watch(ledger.reserve(request(1)));
    await pass(1_000);
    expect(grant.answer).toBeUndefined();
    fake.fault = undefined;
    await pass(100);
    expect(grant.answer).toEqual({ ok: true });
    expect(ledger.health().isWritable).toBe(true);
  });

  it('they wait only so long', async () => {
    fake.fault = 'busy';
    const grant = watch(ledger.reserve(request(1)));
    await pass(100);
    monotonic = BUSY_PATIENCE_MS + 1;
    await pass(100);
    expect(grant.answer).toEqual({ ok: false, reason: 'store_failed' });
  });
});

describe('when the store can never take something', () => {
  it('the rest of the batch goes in', async () => {
    await Promise.all([ledger.reserve(request(1)), ledger.reserve(request(2)), pass()]);
    fake.poison.add('exc_1').add('exc_3');
    ledger.settle(settled(1));
    ledger.settle(settled(2));
    const grants = [ledger.reserve(request(3)), ledger.reserve(request(4))].map(watch);
    await pass(1_000);
    expect(entriesWritten()).toEqual(['exc_2']);
    expect(grants.map(({ answer }) => answer?.ok)).toEqual([false, true]);
    expect(ledger.health()).toMatchObject({ isWritable: true, pendingSettles: 0, lastError: 'poison' });
  });
});
