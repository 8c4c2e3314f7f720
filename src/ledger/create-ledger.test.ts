/** The running ledger: nothing is granted too early, nothing is booked twice, everything has a limit. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeStore, request, settled } from '../../test/support/fake-ledger-store.ts';
import { silentLog } from '../base/log.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import type { Grant } from './ledger.ts';
import { MAX_BATCH_RESERVES, MAX_PENDING_POSTS, MAX_WAITING_RESERVES, PROGRESS_MS } from './ledger-state.ts';

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
const reservesWritten = () =>
  fake.batches.flatMap((batch) => batch.reserves.map(({ reservation }) => reservation.exchange_id));

describe('a reserve', () => {
  it('is granted after commit and flush, not before', async () => {
    let open = () => {};
    fake.gate = new Promise((resolve) => {
      open = resolve;
    });
    const grant = watch(ledger.reserve(request(1)));
    expect(fake.batches).toHaveLength(0);
    await pass();
    expect(reservesWritten()).toEqual(['exc_1']);
    expect(grant.answer).toBeUndefined();
    open();
    await pass();
    expect(grant.answer).toEqual({ ok: true });
  });

  it('shares the transaction of its turn, up to a limit', async () => {
    const grants = Array.from({ length: MAX_BATCH_RESERVES + 1 }, (_, n) => ledger.reserve(request(n)));
    await pass(1);
    await pass(1);
    expect(await Promise.all(grants)).toEqual(grants.map(() => ({ ok: true })));
    expect(fake.batches.map((batch) => batch.reserves.length)).toEqual([MAX_BATCH_RESERVES, 1]);
  });

  it('asked for twice is made once', async () => {
    const grants = [ledger.reserve(request(1)), ledger.reserve(request(1))];
    await pass();
    expect(await Promise.all(grants)).toEqual([{ ok: true }, { ok: true }]);
    expect(reservesWritten()).toEqual(['exc_1']);
  });

  it('is refused when too many wait', async () => {
    for (let n = 0; n < MAX_WAITING_RESERVES; n += 1) void ledger.reserve(request(n));
    expect(await ledger.reserve(request(-1))).toEqual({ ok: false, reason: 'store_full' });
  });

  it('is refused while draining', async () => {
    ledger.refuseNew();
    expect(await ledger.reserve(request(1))).toEqual({ ok: false, reason: 'draining' });
  });

  it('of an attempt that has its entry is refused', async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
    ledger.settle(settled(1));
    expect(await ledger.reserve(request(1))).toEqual({ ok: false, reason: 'store_failed' });
  });

  it('settled before it was written is never written nor granted, and has its entry', async () => {
    const grant = watch(ledger.reserve(request(1)));
    ledger.settle({ ...settled(1), status: 'client_abort', isCharged: false });
    await pass(50);
    expect(grant.answer).toEqual({ ok: false, reason: 'draining' });
    expect(reservesWritten()).toEqual([]);
    expect(entriesWritten()).toEqual(['exc_1']);
  });
});

describe('a settle', () => {
  beforeEach(async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
  });

  it('answers at once what will be booked', () => {
    expect(ledger.settle(settled(1))).toMatchObject({ cost: 20_000n, isEstimated: false, flags: [] });
    expect(ledger.health()).toMatchObject({ pendingSettles: 1, openReservations: 0 });
  });

  it('repeated changes nothing, before and after it is written', async () => {
    const first = ledger.settle(settled(1));
    expect(ledger.settle({ ...settled(1), status: 'timeout' })).toBe(first);
    await pass(1_000);
    expect(ledger.settle(settled(1))).toBe(first);
    await pass(1_000);
    expect(entriesWritten()).toEqual(['exc_1']);
  });

  it('rides with the next reserve', async () => {
    ledger.settle(settled(1));
    void ledger.reserve(request(2));
    await pass();
    expect(fake.batches.at(-1)).toMatchObject({ posts: [{}], reserves: [{}] });
  });

  it('goes alone when no reserve comes, and is flushed a little later', async () => {
    const flushes = fake.flushes;
    ledger.settle(settled(1));
    await pass(15);
    expect(entriesWritten()).toEqual(['exc_1']);
    expect(fake.flushes).toBe(flushes);
    await pass(300);
    expect(fake.flushes).toBe(flushes + 1);
    expect(ledger.health().pendingSettles).toBe(0);
  });

  it('without a reservation books nothing, and is no crash', async () => {
    expect(ledger.settle(settled(99))).toMatchObject({ cost: undefined });
    await pass(1_000);
    expect(entriesWritten()).toEqual([]);
  });
});

describe('progress', () => {
  beforeEach(async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
  });
  const progress = () => fake.batches.flatMap((batch) => batch.progress.map((note) => note.outputEstimate));

  it('is written at most every so often, and only the last', async () => {
    for (let tokens = 1; tokens <= 100; tokens += 1) ledger.checkpoint(request(1), tokens);
    await pass(PROGRESS_MS - 10);
    expect(progress()).toEqual([]);
    await pass(20);
    expect(progress()).toEqual([100]);
    ledger.checkpoint(request(1), 150.5);
    await pass(PROGRESS_MS + 10);
    expect(progress()).toEqual([100, 151]);
  });

  it('of what has ended, never was, or is nonsense is not written', async () => {
    ledger.checkpoint(request(99), 5);
    ledger.checkpoint(request(1), Number.NaN);
    ledger.checkpoint(request(1), 7);
    ledger.settle(settled(1));
    await pass(1_000);
    expect(progress()).toEqual([]);
  });
});

describe('a backlog of settles', () => {
  it('stops new reserves until it is written', async () => {
    for (let n = 0; n < MAX_PENDING_POSTS; n += MAX_WAITING_RESERVES) {
      for (let k = n; k < Math.min(n + MAX_WAITING_RESERVES, MAX_PENDING_POSTS); k += 1) {
        void ledger.reserve(request(k));
      }
      await pass(100);
    }
    fake.fault = 'busy';
    for (let n = 0; n < MAX_PENDING_POSTS; n += 1) ledger.settle(settled(n));
    expect(await ledger.reserve(request(-1))).toEqual({ ok: false, reason: 'store_full' });
    expect(ledger.health().isWritable).toBe(false);
    fake.fault = undefined;
    await pass(5_000);
    expect(new Set(entriesWritten()).size).toBe(MAX_PENDING_POSTS);
    expect(ledger.health().isWritable).toBe(true);
  });
});

describe('draining', () => {
  it('writes and flushes all there is', async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
    ledger.settle(settled(1));
    const drained = ledger.drain(1_000);
    await pass();
    expect(await drained).toBe(true);
    expect(entriesWritten()).toEqual(['exc_1']);
  });

  it('is over at once when there is nothing', async () => expect(await ledger.drain(1_000)).toBe(true));

  it('gives up when the time is up', async () => {
    await Promise.all([ledger.reserve(request(1)), pass()]);
    fake.fault = 'unavailable';
    ledger.settle(settled(1));
    const drained = ledger.drain(1_000);
    await pass(1_001);
    expect(await drained).toBe(false);
    expect(ledger.health().pendingSettles).toBe(1);
  });
});
