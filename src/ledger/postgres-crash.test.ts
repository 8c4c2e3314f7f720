/**
 * `kill -9` of replicas at any moment, four on one PostgreSQL database: what was sent is booked, and once, and the
 * budgets they share are never overspent.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { openReplica } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { recoverLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

const victim = fileURLToPath(new URL('../../test/support/replica-victim.ts', import.meta.url));
const REPLICAS = [0, 1, 2, 3];
/** Milliseconds after the first attempt; each replica lives once more after the first round. */
const ROUNDS = [
  [320, 140, 400, 5],
  [130, 260, 0, 190],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-postgres-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Looks at the budgets as often as it can until it is told to stop; how often it could, and the most it saw. */
async function watchBudgets(store: Store, signal: AbortSignal): Promise<{ looks: number; over: bigint }> {
  const seen = { looks: 0, over: 0n };
  while (!signal.aborted) {
    const { rows } = await sql<{ over: bigint }>`
      select max(nano - limit_nano)::bigint as over from (
        select sum(settled_nano + reserved_nano) as nano, max(limit_nano) as limit_nano
        from budget_windows group by budget_id
      ) counted`.execute(store.kysely);
    const over = rows[0]?.over ?? null;
    if (over !== null && (seen.looks === 0 || over > seen.over)) seen.over = over;
    if (over !== null) seen.looks += 1;
    await delay(2);
  }
  return seen;
}

async function liveAndDie(url: string, replica: number, round: number, lifeMs: number): Promise<void> {
  const lines = join(folder, `sent-${replica}`);
  const args = [victim, url, `replica-${replica}`, lines, `${replica}_${round}`];
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await delay(lifeMs);
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe.runIf(hasPostgres)('replicas killed at any moment', () => {
  it('38: have booked, or book after their next start, every attempt they sent once, and kept to their budgets', async () => {
    const url = await freshPostgres();
    const { store } = await openReplica(url, 'looker');
    const over = new AbortController();
    const watching = watchBudgets(store, over.signal);
    for (const [round, lives] of ROUNDS.entries()) {
      await Promise.all(lives.map((lifeMs, replica) => liveAndDie(url, replica, round, lifeMs)));
    }
    const shared = { clock: systemClock, log: silentLog };
    for (const replica of REPLICAS) {
      const { store: own, ledgerStore } = await openReplica(url, `replica-${replica}`);
      await recoverLedger({ store: ledgerStore, ...shared });
      await own.close();
    }
    over.abort();
    const watched = await watching;
    expect(watched.looks).toBeGreaterThan(20);
    expect(watched.over).toBeLessThanOrEqual(0n);
    const booked = await store.kysely
      .selectFrom('ledger_entries')
      .select(['exchange_id', 'status'])
      .execute();
    const times = new Map<string, number>();
    for (const { exchange_id: id } of booked) times.set(id, (times.get(id) ?? 0) + 1);
    const sent = REPLICAS.map((replica) => join(folder, `sent-${replica}`))
      .filter((path) => existsSync(path))
      // Ends with a newline, so the last part is empty; a line that was cut off is not whole.
      .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1));
    expect(sent.filter((id) => times.get(id) !== 1)).toEqual([]);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    expect(await store.kysely.selectFrom('reservations').select('exchange_id').execute()).toEqual([]);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, problems: [], entries: booked.length });
    // Interrupted ones are booked by what was noted, so nothing cost more than was held for it.
    const windows = await store.kysely.selectFrom('budget_windows').selectAll().execute();
    expect(windows.every(({ reserved_nano: held, overruns }) => held === 0n && overruns === 0)).toBe(true);
    // The rounds did what they were for: attempts ended both ways.
    for (const status of ['ok', 'interrupted'])
      expect(booked.filter((entry) => entry.status === status).length).toBeGreaterThan(10);
    await store.close();
  }, 120_000);
});
