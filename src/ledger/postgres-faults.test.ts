/** PostgreSQL that goes away, crashes or does not answer: rows 31, 32, 36, 37, 40 and 41 of the fault matrix. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CutLine, openLine } from '../../test/support/cut-line.ts';
import { request, settled } from '../../test/support/fake-ledger-store.ts';
import { createGate } from '../../test/support/gated-session.ts';
import { hasPostgres } from '../../test/support/postgres.ts';
import type { PostgresServer } from '../../test/support/postgres-server.ts';
import { takeTime } from '../../test/support/replica-lives.ts';
import type { Clock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openPostgres, type PostgresStore } from '../store/postgres.ts';
import { makeReservation } from './book.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import { entriesOf } from './entries.ts';
import { emptyBatch, type LedgerStore, plainReserve } from './ledger-store.ts';
import { createPostgresLedgerStore, FRESH_MS, SILENT_MS } from './postgres-ledger-store.ts';
import { recoverLedger, sweepLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

/** A process that serves, and its clock. */
interface Replica {
  readonly store: PostgresStore;
  readonly ledgerStore: LedgerStore;
  readonly ledger: RunningLedger;
  /** Of the machine's clocks are its own, in milliseconds. */
  readonly ahead: { wallMs: number; monotonicMs: number };
}

let server: PostgresServer;
let line: CutLine;
let url: string;
const replicas: Replica[] = [];

/** @param hurry how much faster than the machine's its monotonic clock runs */
async function start(location: string, replicaId = 'replica-1', hurry = 1): Promise<Replica> {
  const store = await openPostgres(location, { durability: 'power', log: silentLog });
  const ahead = { wallMs: 0, monotonicMs: 0 };
  const clock: Clock = {
    now: () => Date.now() + ahead.wallMs,
    monotonic: () => performance.now() * hurry + ahead.monotonicMs,
  };
  const options = { store, replicaId, version: 'test', clock, log: silentLog };
  const ledgerStore = createPostgresLedgerStore(options);
  const shared = { store: ledgerStore, clock, log: silentLog };
  try {
    await recoverLedger(shared);
  } catch (error) {
    await store.close();
    throw error;
  }
  const replica: Replica = { store, ledgerStore, ledger: createLedger(shared), ahead };
  replicas.push(replica);
  return replica;
}

async function stop(replica: Replica): Promise<void> {
  replica.ledger.stop();
  await replica.store.close();
}

const count = async ({ store }: Replica, table: 'reservations' | 'ledger_entries') =>
  (await store.kysely.selectFrom(table).select('exchange_id').execute()).length;

describe.runIf(hasPostgres)('PostgreSQL', () => {
  beforeAll(async () => {
    const { startPostgres } = await import('../../test/support/postgres-server.ts');
    // What is committed without waiting stays in memory for long: a crash loses it for certain.
    server = await startPostgres({ wal_writer_delay: '10s', wal_writer_flush_after: '100MB' });
    line = await openLine(server.socketPath);
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    line.join();
  });
  afterEach(async () => {
    line.join();
    for (const replica of replicas.splice(0)) await stop(replica);
  });
  afterAll(async () => {
    await line?.close();
    await server?.stop();
  });

  it('36: down before the reserve: refused, and let in again when it is back', async () => {
    const replica = await start(line.url(url));
    line.cut();
    expect(await replica.ledger.reserve(request(1))).toEqual({ ok: false, reason: 'store_failed' });
    expect(replica.ledger.health()).toMatchObject({ isWritable: false });
    expect(await replica.ledger.reserve(request(2))).toEqual({ ok: false, reason: 'store_failed' });
    line.join();
    await expect.poll(() => replica.ledger.health().isWritable, { timeout: 10_000 }).toBe(true);
    expect(await replica.ledger.reserve(request(1))).toEqual({ ok: true });
    expect(await count(replica, 'reservations')).toBe(1);
  });

  it('36: down between reserve and post: the post is kept and written once when it is back', async () => {
    const replica = await start(line.url(url));
    expect(await replica.ledger.reserve(request(1))).toEqual({ ok: true });
    line.cut();
    expect(replica.ledger.settle(settled(1))).toMatchObject({ cost: 20_000n });
    expect(await replica.ledger.drain(50)).toBe(false);
    expect(replica.ledger.health()).toMatchObject({ isWritable: false, pendingSettles: 1 });
    line.join();
    expect(await replica.ledger.drain(10_000)).toBe(true);
    expect(await entriesOf(replica.store, 'exc_1')).toMatchObject([{ cost: 20_000n, status: 'ok' }]);
    expect(await verifyLedger(replica.store)).toMatchObject({ isSound: true, entries: 1 });
  });

  it('36: lost in the middle of a batch, with its outcome unknown: the replay is a no-op', async () => {
    const replica = await start(line.url(url));
    await replica.ledger.reserve(request(1));
    line.holdAnswers();
    replica.ledger.settle(settled(1));
    const refused = replica.ledger.reserve(request(2));
    const looker = await start(url, 'looker');
    await expect.poll(() => count(looker, 'ledger_entries'), { timeout: 5_000 }).toBe(1);
    line.cut();
    expect(await refused).toEqual({ ok: false, reason: 'store_failed' });
    line.join();
    expect(await replica.ledger.drain(10_000)).toBe(true);
    expect(await entriesOf(replica.store, 'exc_1')).toHaveLength(1);
    // What was reserved but never granted is taken back.
    expect(await count(looker, 'reservations')).toBe(0);
    expect(await verifyLedger(looker.store)).toMatchObject({ isSound: true, entries: 1 });
  });

  it('37: crashed after the commit and before the barrier: nothing is granted', async () => {
    const replica = await start(url);
    replica.ledger.stop();
    const batch = emptyBatch;
    const reserves = [plainReserve(makeReservation(request(1), undefined))];
    expect(await replica.ledgerStore.applyBatch({ ...batch, reserves })).toMatchObject({ ok: true });
    await server.crash();
    await server.restart();
    // The server is there again and would beat; but not for what it has forgotten.
    await expect(replica.ledgerStore.makeDurable()).rejects.toThrow();
    expect(await count(replica, 'reservations')).toBe(0);
    expect(await replica.ledgerStore.applyBatch({ ...batch, reserves })).toMatchObject({ ok: true });
    await replica.ledgerStore.makeDurable();
    await server.crash();
    await server.restart();
    expect(await count(replica, 'reservations')).toBe(1);
  });

  it('37: crashed under load: what was granted is there, and what was settled for good is booked', async () => {
    const replica = await start(url);
    const granted: number[] = [];
    let crashes = 0;
    for (let n = 0; n < 3_000 && granted.length < 45; n += 1) {
      void replica.ledger.reserve(request(n)).then(({ ok }) => {
        if (!ok) return;
        granted.push(n);
        if (n % 2) replica.ledger.settle(settled(n));
      });
      await new Promise((done) => setTimeout(done, 1));
      if (granted.length < 15 * (crashes + 1)) continue;
      crashes += 1;
      await server.crash();
      await server.restart();
    }
    expect(crashes).toBeGreaterThan(1);
    expect(await replica.ledger.drain(15_000)).toBe(true);
    const booked = await replica.store.kysely.selectFrom('ledger_entries').select('exchange_id').execute();
    const reserved = await replica.store.kysely.selectFrom('reservations').select('exchange_id').execute();
    const there = new Set([...booked, ...reserved].map(({ exchange_id: id }) => id));
    expect(granted.filter((n) => !there.has(`exc_${n}`))).toEqual([]);
    expect(await verifyLedger(replica.store)).toMatchObject({ isSound: true });
  });

  it('40: a heartbeat that is answered too late is no leave to send', async () => {
    const replica = await start(url);
    const { ask } = replica.store.ledgerSession;
    replica.store.ledgerSession.ask = async (text, values) => {
      const answer = await ask<never>(text, values);
      if (text.includes('turnpike_beat')) replica.ahead.monotonicMs += FRESH_MS;
      return answer;
    };
    expect(await replica.ledger.reserve(request(1))).toEqual({ ok: false, reason: 'store_failed' });
    expect(replica.ledger.health().isWritable).toBe(false);
    replica.store.ledgerSession.ask = ask;
    await expect.poll(() => replica.ledger.health().isWritable, { timeout: 10_000 }).toBe(true);
    expect(await count(replica, 'reservations')).toBe(0);
  });

  it('40: a replica that slept is fenced, its orphan held to the deadline, its late settle a difference', async () => {
    const sleeper = await start(url, 'sleeper');
    const other = await start(url, 'other');
    await takeTime(other.store.kysely);
    const setTime = async (ms: number) => {
      await sql`delete from test_clock`.execute(other.store.kysely);
      await sql`insert into test_clock values (${ms})`.execute(other.store.kysely);
    };
    const options = {
      store: other.ledgerStore,
      clock: { now: Date.now, monotonic: () => 0 },
      log: silentLog,
    };
    let nowMs = Date.now();
    await setTime(nowMs);
    await Promise.all([sleeper.ledgerStore.makeDurable(), other.ledgerStore.makeDurable()]);
    const deadlineAtMs = nowMs + 60_000;
    const times = { createdAtMs: nowMs, deadlineAtMs, maxOutputTokens: 1_000 };
    for (const n of [1, 2]) {
      expect(await sleeper.ledger.reserve({ ...request(n), ...times })).toEqual({ ok: true });
    }
    nowMs += SILENT_MS + 1;
    await setTime(nowMs);
    await other.ledgerStore.makeDurable();
    expect(await sweepLedger(options)).toEqual({ interrupted: 0, settled: 0 });
    const states = other.store.kysely.selectFrom('reservations').select('state');
    expect(await states.execute()).toEqual([{ state: 'orphaned' }, { state: 'orphaned' }]);
    // It wakes: what it asks for now is refused and taken back, then it lives on under another epoch.
    expect(await sleeper.ledger.reserve(request(3))).toEqual({ ok: false, reason: 'store_failed' });
    await expect.poll(() => sleeper.ledger.health().isWritable, { timeout: 10_000 }).toBe(true);
    expect(await sleeper.ledger.reserve(request(3))).toEqual({ ok: true });
    const lives = other.store.kysely
      .selectFrom('replicas')
      .select(['epoch', 'state'])
      .where('id', '=', 'sleeper');
    expect(await lives.execute()).toEqual([{ epoch: 2, state: 'live' }]);
    // Settled before the deadline, it is as if nothing had happened.
    sleeper.ledger.settle(settled(1));
    expect(await sleeper.ledger.drain(5_000)).toBe(true);
    expect(await entriesOf(other.store, 'exc_1')).toMatchObject([{ kind: 'settle', output: 5 }]);
    nowMs = deadlineAtMs + 1;
    await setTime(nowMs);
    await other.ledgerStore.makeDurable();
    expect(await sweepLedger(options)).toEqual({ interrupted: 1, settled: 0 });
    expect(await entriesOf(other.store, 'exc_2')).toMatchObject([
      { kind: 'interrupted', input: 100, output: 1_000, flags: ['interrupted', 'worst_case'] },
    ]);
    sleeper.ledger.settle({ ...settled(2), decision: undefined });
    expect(await sleeper.ledger.drain(5_000)).toBe(true);
    expect(await entriesOf(other.store, 'exc_2')).toMatchObject([
      { kind: 'interrupted', cost: 2_100_000n },
      { kind: 'late_settle', input: -90, output: -995, cost: 20_000n - 2_100_000n, flags: ['late_settle'] },
    ]);
    expect(await verifyLedger(other.store)).toMatchObject({ isSound: true, problems: [] });
  });

  it('40: a replica that sleeps between the commit and the barrier: what others book meanwhile is made good', async () => {
    const sleeper = await start(url, 'sleeper');
    const other = await start(url, 'other');
    await takeTime(other.store.kysely);
    let nowMs = Date.now();
    const pass = async (ms: number) => {
      nowMs += ms;
      await sql`delete from test_clock`.execute(other.store.kysely);
      await sql`insert into test_clock values (${nowMs})`.execute(other.store.kysely);
      await other.ledgerStore.makeDurable();
    };
    const options = {
      store: other.ledgerStore,
      clock: { now: () => nowMs, monotonic: () => 0 },
      log: silentLog,
    };
    await pass(0);
    await sleeper.ledgerStore.makeDurable();
    const { ask, close } = sleeper.store.ledgerSession;
    const gate = createGate({ ask, close });
    sleeper.store.ledgerSession.ask = (text, values) =>
      text.includes('turnpike_beat') ? gate.session.ask(text, values) : ask(text, values);
    gate.close();
    const times = { createdAtMs: nowMs, deadlineAtMs: nowMs + 60_000, maxOutputTokens: 1_000 };
    const refused = sleeper.ledger.reserve({ ...request(1), ...times });
    await expect.poll(() => count(other, 'reservations'), { timeout: 5_000 }).toBe(1);
    await pass(SILENT_MS + 1);
    expect(await sweepLedger(options)).toEqual({ interrupted: 0, settled: 0 });
    await pass(60_000);
    expect(await sweepLedger(options)).toEqual({ interrupted: 1, settled: 0 });
    gate.open();
    expect(await refused).toEqual({ ok: false, reason: 'store_failed' });
    await expect.poll(() => sleeper.ledger.health().isWritable, { timeout: 10_000 }).toBe(true);
    expect(await entriesOf(other.store, 'exc_1')).toMatchObject([
      { kind: 'interrupted', cost: 2_100_000n },
      { kind: 'late_settle', cost: -2_100_000n, status: 'not_sent', input: -100, output: -1_000 },
    ]);
    expect(await verifyLedger(other.store)).toMatchObject({ isSound: true, cost: 0n, problems: [] });
  });

  it('41: two processes of one name are not let in together; a restart is', async () => {
    const first = await start(url, 'twin');
    await expect(start(url, 'twin', 20)).rejects.toThrow(/running as replica "twin".*TURNPIKE_REPLICA_ID/);
    expect(await first.ledger.reserve(request(1))).toEqual({ ok: true });
    await stop(first);
    const next = await start(url, 'twin');
    expect(await entriesOf(next.store, 'exc_1')).toMatchObject([{ kind: 'interrupted' }]);
  });

  it.each([
    ['31: a wall clock that jumps an hour', 3_600_000],
    ['31: a wall clock that jumps an hour back', -3_600_000],
    ['32: a clock that is five minutes off', 300_000],
  ])('%s moves neither deadlines nor the hours of entries', async (_name, wallMs) => {
    const replica = await start(url);
    replica.ahead.wallMs = wallMs;
    const wall = Date.now() + wallMs;
    const times = { createdAtMs: wall, deadlineAtMs: wall + 60_000 };
    expect(await replica.ledger.reserve({ ...request(1), ...times })).toEqual({ ok: true });
    const [row] = await replica.store.kysely.selectFrom('reservations').select('deadline_at').execute();
    expect(Math.abs(row!.deadline_at - (Date.now() + 60_000))).toBeLessThan(20_000);
    replica.ledger.settle({ ...settled(1), settledAtMs: Date.now() + wallMs });
    expect(await replica.ledger.drain(5_000)).toBe(true);
    const [entry] = await entriesOf(replica.store, 'exc_1');
    expect(Math.abs(entry!.createdAtMs - Date.now())).toBeLessThan(20_000);
    expect(Math.abs(entry!.startedAtMs - Date.now())).toBeLessThan(20_000);
  });
});
