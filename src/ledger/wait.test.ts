/** Waiting for room in a budget: in order, not for ever, and never in the way of others. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeStore, request, settled } from '../../test/support/fake-ledger-store.ts';
import { silentLog } from '../base/log.ts';
import { nanoUsd } from '../base/money.ts';
import type { Bound } from './bound.ts';
import type { Claim } from './budget.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import type { Grant, ReserveRequest } from './ledger.ts';
import { WAIT_RETRY_MS } from './ledger-state.ts';
import type { Reserve } from './ledger-store.ts';

const QUEUE_MS = 1_000;
const LIMIT = nanoUsd(1_000n);

const claim = (subject: string, more: Partial<Claim> = {}): Claim => ({
  budgetId: 'bud_1',
  name: 'house',
  scope: 'agent',
  subject,
  windowStart: 0,
  windowEnd: 10_000_000,
  countedFrom: 0,
  limit: LIMIT,
  isHard: true,
  version: 1,
  outputCap: undefined,
  queueMs: QUEUE_MS,
  mode: 'worst-case',
  thresholds: [],
  ...more,
});

const bound: Bound = {
  inputTokens: 10,
  maxOutput: 100,
  inputNano: nanoUsd(100n),
  fixedNano: nanoUsd(0n),
  basePico: 100_000n,
  outputRatePico: 1_000n,
  amountNano: nanoUsd(200n),
};

const claiming = (n: number, subject = 'a', attempt = 1): ReserveRequest => ({
  ...request(n),
  attempt,
  claims: [claim(subject)],
  bound,
});

let fake: ReturnType<typeof createFakeStore>['fake'];
let ledger: RunningLedger;
let nowMs = 0;
let settledNano = 0n;
/** Amounts that running attempts hold, per subject. */
let full: Set<string>;

const judge = ({ claims }: Reserve): Grant => {
  const blocked = claims.find(({ subject }) => full.has(subject));
  if (!blocked) return { ok: true, amount: nanoUsd(150n), maxOutput: 50 };
  const shortfall = {
    claim: blocked,
    limit: LIMIT,
    settled: nanoUsd(settledNano),
    reserved: nanoUsd(900n),
    needed: nanoUsd(200n),
  };
  return { ok: false, reason: 'over_budget', shortfall };
};

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
  settledNano = 0n;
  full = new Set(['a']);
  const made = createFakeStore();
  fake = made.fake;
  fake.judge = judge;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  ledger = createLedger({ store: made.store, clock, log: silentLog });
});
afterEach(() => {
  ledger.stop();
  vi.useRealTimers();
});

const pass = async (ms = 0): Promise<void> => {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
};

function watch(grant: Promise<Grant>): { answer: Grant | undefined } {
  const seen: { answer: Grant | undefined } = { answer: undefined };
  void grant.then((answer) => {
    seen.answer = answer;
  });
  return seen;
}

const asked = () =>
  fake.batches.map((batch) => batch.reserves.map(({ reservation }) => reservation.exchange_id));
const granted = { ok: true, amount: 150n, maxOutput: 50 };

describe('a request whose budget has no room', () => {
  it('is granted when room is given back, without being asked for again', async () => {
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    expect(grant.answer).toBeUndefined();
    full.clear();
    await pass(WAIT_RETRY_MS);
    expect(grant.answer).toEqual(granted);
    expect(fake.batches.flatMap((batch) => batch.refusals)).toEqual([]);
  });

  it('is judged again in the batch of a settle', async () => {
    const running = watch(ledger.reserve({ ...request(9) }));
    await pass(1);
    expect(running.answer).toEqual({ ok: true, amount: 150n, maxOutput: 50 });
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    full.clear();
    ledger.settle(settled(9));
    await pass(15);
    expect(grant.answer).toEqual(granted);
    const [last] = fake.batches.slice(-1);
    expect(last).toMatchObject({ posts: [{}], reserves: [{}] });
  });

  it('is refused when its time is up, and that is counted', async () => {
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    for (let waitedMs = 0; waitedMs < QUEUE_MS + WAIT_RETRY_MS; waitedMs += WAIT_RETRY_MS)
      await pass(WAIT_RETRY_MS);
    expect(grant.answer).toMatchObject({ ok: false, reason: 'over_budget', shortfall: { needed: 200n } });
    await pass(1);
    expect(fake.batches.flatMap((batch) => batch.refusals)).toEqual([claim('a')]);
    expect(ledger.health().openReservations).toBe(0);
  });

  it('is refused at once where what runs cannot give back enough', async () => {
    settledNano = 900n;
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    expect(grant.answer).toMatchObject({ ok: false, reason: 'over_budget' });
  });

  it('does not wait where its budget says so', async () => {
    const grant = watch(ledger.reserve({ ...claiming(1), claims: [claim('a', { queueMs: 0 })] }));
    await pass(1);
    expect(grant.answer).toMatchObject({ ok: false, reason: 'over_budget' });
  });

  it('keeps its place: who comes later goes behind it, and only there', async () => {
    void ledger.reserve(claiming(1));
    await pass(1);
    void ledger.reserve(claiming(2));
    const other = watch(ledger.reserve(claiming(3, 'b')));
    await pass(1);
    expect(asked().at(-1)).toEqual(['exc_3']);
    expect(other.answer).toEqual(granted);
    full.clear();
    await pass(WAIT_RETRY_MS);
    expect(asked().at(-1)).toEqual(['exc_1', 'exc_2']);
  });

  it('lets pass who shares another budget with it, which has room', async () => {
    const shared = claim('all', { budgetId: 'bud_2' });
    void ledger.reserve({ ...claiming(1), claims: [claim('a'), shared] });
    await pass(1);
    const other = watch(ledger.reserve({ ...claiming(2), claims: [claim('b'), shared] }));
    await pass(1);
    expect(other.answer).toEqual(granted);
  });

  it('goes behind the next attempt of an exchange that runs', async () => {
    const first = watch(ledger.reserve(claiming(1)));
    await pass(1);
    full.clear();
    ledger.settle(settled(99));
    const retry = watch(ledger.reserve({ ...claiming(5, 'a', 2) }));
    await pass(WAIT_RETRY_MS);
    expect(asked().flat().indexOf('exc_5')).toBeGreaterThan(-1);
    expect(retry.answer).toEqual(granted);
    expect(first.answer).toEqual(granted);
    const together = asked().find((ids) => ids.includes('exc_5') && ids.includes('exc_1'));
    if (together) expect(together).toEqual(['exc_5', 'exc_1']);
  });

  it('asks for room in the window of now', async () => {
    const windows = (atMs: number) => [
      claim('a', { windowStart: atMs < 50 ? 0 : 50, windowEnd: atMs < 50 ? 50 : 100 }),
    ];
    const grant = watch(ledger.reserve({ ...claiming(1), claims: windows(0), claimsAt: windows }));
    await pass(1);
    full.clear();
    await pass(WAIT_RETRY_MS);
    expect(grant.answer).toEqual(granted);
    const [{ reserves: [last] = [] } = { reserves: [] }] = fake.batches.slice(-1);
    expect(last).toMatchObject({
      claims: [{ windowStart: 50 }],
      reservation: { windows: '[["bud_1","a",50]]' },
    });
  });

  it('gives up its place when its client leaves', async () => {
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    ledger.settle({ ...settled(1), status: 'not_sent', isCharged: false });
    full.clear();
    await pass(WAIT_RETRY_MS);
    expect(grant.answer).toEqual({ ok: false, reason: 'draining' });
    expect(asked().filter((ids) => ids.includes('exc_1'))).toHaveLength(1);
  });

  it('is refused by a process that shuts down', async () => {
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    ledger.refuseNew();
    await pass(1);
    expect(grant.answer).toEqual({ ok: false, reason: 'draining' });
    expect(await ledger.drain(100)).toBe(true);
  });

  it('is refused when the store fails, not left waiting', async () => {
    const grant = watch(ledger.reserve(claiming(1)));
    await pass(1);
    fake.fault = 'unavailable';
    await pass(WAIT_RETRY_MS);
    expect(grant.answer).toEqual({ ok: false, reason: 'store_failed' });
  });
});

describe('a hold', () => {
  beforeEach(async () => {
    full.clear();
    void ledger.reserve(claiming(1));
    await pass(1);
  });
  const key = { exchangeId: 'exc_1', attempt: 1 } as const;
  const holds = () => fake.batches.flatMap((batch) => batch.holds.map(({ amount }) => amount));

  it('that grows is answered once it is durable', async () => {
    let open = () => {};
    fake.gate = new Promise((resolve) => {
      open = resolve;
    });
    let answer: boolean | undefined;
    void ledger.hold(key, nanoUsd(300n)).then((isHeld) => {
      answer = isHeld;
    });
    await pass(1);
    expect(holds()).toEqual([300n]);
    expect(answer).toBeUndefined();
    open();
    await pass(1);
    expect(answer).toBe(true);
  });

  it('that the store has no room for stays what it was', async () => {
    fake.isHeld = false;
    const answer = ledger.hold(key, nanoUsd(300n));
    await pass(1);
    expect(await answer).toBe(false);
    // 20,000 nano-dollars were booked, and 150 held.
    expect(ledger.settle(settled(1)).flags).toEqual(['overrun']);
  });

  it('of what has ended, or was never there, is none', async () => {
    ledger.settle(settled(1));
    expect(await ledger.hold(key, nanoUsd(1n))).toBe(false);
    expect(await ledger.hold({ exchangeId: 'exc_2', attempt: 1 }, nanoUsd(1n))).toBe(false);
  });

  it('that shrinks lets who waits be judged again', async () => {
    full.add('a');
    const grant = watch(ledger.reserve(claiming(2)));
    await pass(1);
    full.clear();
    const isHeld = ledger.hold(key, nanoUsd(50n));
    await pass(15);
    expect(await isHeld).toBe(true);
    expect(grant.answer).toEqual(granted);
  });

  it('is answered when the store fails', async () => {
    fake.fault = 'unavailable';
    const answers = Promise.all([ledger.hold(key, nanoUsd(300n)), ledger.hold(key, nanoUsd(50n))]);
    await pass(20);
    expect(await answers).toEqual([false, false]);
  });
});

it('tells the time of the store', async () => {
  fake.skewMs = 5_000;
  void ledger.reserve(request(1));
  await pass(1);
  expect(ledger.now()).toBe(nowMs + 5_000);
});
