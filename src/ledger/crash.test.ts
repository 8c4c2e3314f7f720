/** `kill -9` at any moment, and a disk that is full: nothing that was sent is lost, and nothing is booked twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdWriteLock } from '../../test/support/foreign-writer.ts';
import { judgeCrash } from '../../test/support/judge-crash.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { createLedger } from './create-ledger.ts';
import type { Grant, ReserveRequest } from './ledger.ts';
import { recoverLedger } from './recover.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';
import { verifyLedger } from './verify.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-crash-'));
  path = join(folder, 'turnpike.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const victim = fileURLToPath(new URL('../../test/support/ledger-victim.ts', import.meta.url));

/** Starting ten processes takes long on a machine that is busy with others. */
const PATIENCE_MS = 120_000;

/** Lets a victim live for a while and kills it. */
async function killAfter(lifeMs: number, durability: string, round: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', victim, path, durability, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await delay(lifeMs);
  child.kill('SIGKILL');
  await once(child, 'close');
}

const openStore = () => openSqlite(path, { durability: 'power', log: silentLog });

describe('a process killed at any moment', () => {
  it(
    'has booked, or the next one books, every attempt it sent exactly once',
    async () => {
      for (const [round, lifeMs] of [3, 40, 12, 50, 22, 7, 33, 0, 46, 28].entries()) {
        await killAfter(lifeMs, round % 2 ? 'power' : 'process', round);
      }
      const store = await openStore();
      const ledgerStore = createSqliteLedgerStore(store, systemClock);
      await recoverLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
      const booked = await judgeCrash(store, path);
      // A decision is there exactly when its entry is; every second settle had one.
      const decided = store.database.prepare('select exchange_id from decisions').pluck().all() as string[];
      const settledEven = booked.filter(({ exchange_id: id, status }) => {
        return status === 'ok' && Number(id.split('_').at(-1)) % 2 === 0;
      });
      expect(decided.toSorted()).toEqual(settledEven.map(({ exchange_id: id }) => id).toSorted());
      expect(decided.length).toBeGreaterThan(5);
      // The rounds did what they were for: attempts ended both ways.
      expect(booked.filter(({ status }) => status === 'ok').length).toBeGreaterThan(10);
      expect(booked.filter(({ status }) => status === 'interrupted').length).toBeGreaterThan(10);
      store.close();
    },
    PATIENCE_MS,
  );
});

const ask = (n: number): ReserveRequest => ({
  exchangeId: `exc_${String(n).padStart(6, '0')}`,
  attempt: 1,
  workspaceId: 'ws_1',
  keyId: 'key_1',
  provider: 'p',
  model: 'm',
  clientFormat: 'openai-chat',
  lane: 'relay',
  price: undefined,
  inputEstimate: 100,
  sessionId: 's'.repeat(200),
  createdAtMs: 0,
  deadlineAtMs: 1,
});

describe('a full disk', () => {
  const settle = (ledger: ReturnType<typeof createLedger>, n: number) =>
    ledger.settle({
      exchangeId: ask(n).exchangeId,
      attempt: 1,
      status: 'ok',
      isCharged: true,
      usage: { reported: { input: 1, output: 1, raw: 0 }, outputEstimate: 1, hasContent: true },
      latencyMs: 1,
      settledAtMs: 1_000,
    });

  /** SQLite's own way to say that there is no room for another page. */
  function fillDisk(store: SqliteStore): () => void {
    const pages = store.database.pragma('page_count', { simple: true }) as number;
    store.database.pragma(`max_page_count = ${pages}`);
    return () => store.database.pragma('max_page_count = 1000000');
  }

  it('refuses what is new, keeps what was settled, and goes on when there is room', async () => {
    const store = await openStore();
    const ledgerStore = createSqliteLedgerStore(store, systemClock);
    const ledger = createLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
    const before = await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.reserve(ask(n))));
    expect(before.every(({ ok }) => ok)).toBe(true);
    const makeRoom = fillDisk(store);
    // Entries are larger than the reservations they replace, so settling needs room as well.
    for (let n = 0; n < 40; n += 1) settle(ledger, n);
    const during: Grant[] = [];
    for (let n = 100; n < 200 && during.at(-1)?.ok !== false; n += 1)
      during.push(await ledger.reserve(ask(n)));
    expect(during.at(-1)).toEqual({ ok: false, reason: 'store_failed' });
    expect(ledger.health()).toMatchObject({
      isWritable: false,
      lastError: expect.stringContaining('SQLITE_FULL'),
    });
    expect(await ledger.drain(20)).toBe(false);
    makeRoom();
    expect(await ledger.drain(10_000)).toBe(true);
    await expect.poll(() => ledger.health().isWritable).toBe(true);
    expect(await ledger.reserve(ask(500))).toEqual({ ok: true });
    ledger.stop();
    const granted = during.filter(({ ok }) => ok).length + 1;
    const { interrupted } = await recoverLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
    expect(interrupted).toBe(granted);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 40 + granted, problems: [] });
    store.close();
  });

  it('stops a process from starting when what was interrupted cannot be booked', async () => {
    const store = await openStore();
    const ledgerStore = createSqliteLedgerStore(store, systemClock);
    const ledger = createLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
    await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.reserve(ask(n))));
    ledger.stop();
    const makeRoom = fillDisk(store);
    const options = { store: ledgerStore, clock: systemClock, log: silentLog };
    await expect(recoverLedger(options)).rejects.toThrow(/cannot be booked.*FULL/);
    makeRoom();
    expect(await recoverLedger(options)).toEqual({ interrupted: 40, settled: 0 });
    store.close();
  });
});

describe('a foreign writer', () => {
  it('makes a reserve wait, and the event loop does not wait with it', async () => {
    const store = await openStore();
    const ledger = createLedger({
      store: createSqliteLedgerStore(store, systemClock),
      clock: systemClock,
      log: silentLog,
    });
    const release = holdWriteLock(path);
    let answer: Grant | undefined;
    const granted = ledger.reserve(ask(1)).then((grant) => {
      answer = grant;
    });
    await expect.poll(() => ledger.health().isWritable).toBe(false);
    expect(answer).toBeUndefined();
    release();
    await granted;
    expect(answer).toEqual({ ok: true });
    expect(ledger.health().isWritable).toBe(true);
    ledger.stop();
    store.close();
  });
});
