/** A ledger on a libSQL server that goes away, loses an answer, or has been taken over by another process. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { request, settled } from '../../test/support/fake-ledger-store.ts';
import { type FakeTurso, startFakeTurso } from '../../test/support/fake-turso.ts';
import { type LibsqlProcess, openLibsqlProcess } from '../../test/support/libsql-under-test.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { LEASE_MS } from '../store/libsql-lease.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import { entriesOf } from './entries.ts';
import { recoverLedger, sweepLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

interface Running extends LibsqlProcess {
  readonly ledger: RunningLedger;
  /** Of the machine's clocks are its own. */
  readonly ahead: { ms: number; monotonicMs: number };
  readonly options: Parameters<typeof recoverLedger>[0];
}

const PATIENT = { timeout: 10_000, interval: 10 };
const failed = { ok: false, reason: 'store_failed' };

let server: FakeTurso;
const running: Running[] = [];
beforeAll(async () => {
  server = await startFakeTurso();
});
beforeEach(() => server.restore());
afterEach(async () => {
  server.join();
  for (const one of running.splice(0)) {
    one.ledger.stop();
    await one.store.close();
  }
});
afterAll(() => server.close());

async function start(holderId = 'one'): Promise<Running> {
  const ahead = { ms: 0, monotonicMs: 0 };
  const clock: Clock = {
    now: () => Date.now() + ahead.ms,
    monotonic: () => systemClock.monotonic() + ahead.monotonicMs,
  };
  const process = await openLibsqlProcess(server.url, holderId, clock);
  const options = { store: process.ledgerStore, clock, log: silentLog };
  await recoverLedger(options);
  const one = { ...process, ahead, options, ledger: createLedger(options) };
  running.push(one);
  return one;
}

const listHeld = () => server.database.prepare('select exchange_id from reservations').pluck().all();
const letLeaseRunOut = () =>
  server.database.prepare('update replicas set heartbeat_at = heartbeat_at - ?').run(LEASE_MS + 1);

it('a batch is two round trips: what it touches is read, and what has changed is written', async () => {
  const { ledgerStore, ledger } = await start();
  const trips = async (work: () => unknown) => {
    const before = server.roundTrips();
    await work();
    return server.roundTrips() - before;
  };
  expect(await trips(() => ledger.reserve(request(1)))).toBe(2);
  expect(await trips(() => Promise.all([2, 3, 4].map((n) => ledger.reserve(request(n)))))).toBe(2);
  expect(await trips(() => ledgerStore.makeDurable())).toBe(0);
});

describe('a server that goes away', () => {
  it('refuses what is new, keeps what was settled, and goes on when it is back', async () => {
    const { ledger, store } = await start();
    expect(await ledger.reserve(request(1))).toMatchObject({ ok: true });
    server.cut();
    ledger.settle(settled(1));
    expect(await ledger.reserve(request(2))).toEqual(failed);
    expect(ledger.health()).toMatchObject({ isWritable: false, pendingSettles: 1 });
    server.join();
    await expect.poll(() => ledger.health().isWritable, PATIENT).toBe(true);
    expect(await ledger.drain(5_000)).toBe(true);
    expect(await entriesOf(store, 'exc_1')).toMatchObject([{ kind: 'settle', cost: 20_000n }]);
    expect(listHeld()).toEqual([]);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 1 });
  });

  it('after it has written: the post that is offered again is a no-op, the reserve is taken back', async () => {
    const { ledger, store } = await start();
    expect(await ledger.reserve(request(1))).toMatchObject({ ok: true });
    server.loseNextAnswer();
    ledger.settle(settled(1));
    expect(await ledger.reserve(request(2))).toEqual(failed);
    // It was written all the same.
    expect(listHeld()).toEqual(['exc_2']);
    await expect.poll(() => ledger.health().isWritable, PATIENT).toBe(true);
    expect(await ledger.drain(5_000)).toBe(true);
    expect(await entriesOf(store, 'exc_1')).toMatchObject([{ kind: 'settle', cost: 20_000n }]);
    expect(listHeld()).toEqual([]);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 1 });
  });
});

it('what was written between reading and writing is seen: the batch is judged anew', async () => {
  const { ledger, store } = await start();
  const { runAll } = store.client;
  let reads = 0;
  const interposed: typeof runAll = async (statements) => {
    const results = await runAll(statements);
    const isReading = statements[0]?.sql.startsWith('select epoch');
    if (isReading && ++reads === 1) server.database.exec('update replicas set seq = seq + 1');
    return results;
  };
  Object.assign(store.client, { runAll: interposed });
  expect(await ledger.reserve(request(1))).toMatchObject({ ok: true });
  expect(reads).toBe(2);
  expect(listHeld()).toEqual(['exc_1']);
});

describe('another process that takes over', () => {
  it('holds what the silent one had reserved until its deadline; the late settle is the difference', async () => {
    const silent = await start('silent');
    const nowMs = Date.now();
    const times = { createdAtMs: nowMs, deadlineAtMs: nowMs + 60_000, maxOutputTokens: 1_000 };
    expect(await silent.ledger.reserve({ ...request(1), ...times })).toMatchObject({ ok: true });
    letLeaseRunOut();
    const next = await start('next');
    expect(listHeld()).toEqual(['exc_1']);
    // It wakes, and may neither reserve nor book.
    silent.ledger.settle(settled(1));
    expect(await silent.ledger.reserve(request(2))).toEqual(failed);
    expect(silent.ledger.health()).toMatchObject({ isWritable: false });
    expect(silent.ledger.health().lastError).toMatch(/taken over|using this database/);
    expect(await sweepLedger(next.options)).toEqual({ interrupted: 0, settled: 0 });
    next.ahead.ms = 60_001;
    expect(await sweepLedger(next.options)).toEqual({ interrupted: 1, settled: 0 });
    expect(await entriesOf(next.store, 'exc_1')).toMatchObject([{ kind: 'interrupted', cost: 2_100_000n }]);
    next.ledger.stop();
    await next.ledgerStore.leave();
    await expect.poll(() => silent.ledger.health().isWritable, PATIENT).toBe(true);
    expect(await silent.ledger.drain(5_000)).toBe(true);
    expect(await entriesOf(silent.store, 'exc_1')).toMatchObject([
      { kind: 'interrupted', cost: 2_100_000n },
      { kind: 'late_settle', cost: 20_000n - 2_100_000n },
    ]);
    expect(await verifyLedger(silent.store)).toMatchObject({ isSound: true, problems: [] });
  });

  it('before what was reserved could be sent: what it has booked of that is made good', async () => {
    const sleeper = await start('sleeper');
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const { holdLease } = sleeper.store;
    Object.assign(sleeper.store, { holdLease: () => asleep.then(holdLease) });
    const nowMs = Date.now();
    const times = { createdAtMs: nowMs, deadlineAtMs: nowMs + 60_000, maxOutputTokens: 1_000 };
    const refused = sleeper.ledger.reserve({ ...request(1), ...times });
    await expect.poll(listHeld, PATIENT).toEqual(['exc_1']);
    letLeaseRunOut();
    const next = await start('next');
    next.ahead.ms = 60_001;
    expect(await sweepLedger(next.options)).toEqual({ interrupted: 1, settled: 0 });
    next.ledger.stop();
    await next.ledgerStore.leave();
    sleeper.ahead.monotonicMs = LEASE_MS + 1;
    wake();
    expect(await refused).toEqual(failed);
    await expect.poll(() => sleeper.ledger.health().isWritable, PATIENT).toBe(true);
    const entries = await entriesOf(sleeper.store, 'exc_1');
    expect(entries).toMatchObject([
      { kind: 'interrupted', cost: 2_100_000n },
      { kind: 'late_settle', cost: -2_100_000n, status: 'not_sent', input: -100, output: -1_000 },
    ]);
    expect(await verifyLedger(sleeper.store)).toMatchObject({ isSound: true, cost: 0n, problems: [] });
  });

  it('is the restart of a process that was killed: it books what that one left, at once', async () => {
    const killed = await start('one');
    await killed.ledger.reserve(request(1));
    killed.ledger.stop();
    killed.store.client.close();
    const { store } = await start('one');
    expect(await entriesOf(store, 'exc_1')).toMatchObject([{ kind: 'interrupted', isEstimated: true }]);
    expect(listHeld()).toEqual([]);
  });
});
