/** `kill -9` of replicas at any moment, four on one PostgreSQL database: what was sent is booked, and once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { openReplica } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { recoverLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

const victim = fileURLToPath(new URL('../../test/support/replica-victim.ts', import.meta.url));
const REPLICAS = [0, 1, 2, 3];
/** Milliseconds after the first attempt; each replica lives once more after the first round. */
const ROUNDS = [
  [120, 40, 200, 5],
  [30, 160, 0, 90],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-postgres-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
  it('38: have booked, or book after their next start, every attempt they sent exactly once', async () => {
    const url = await freshPostgres();
    for (const [round, lives] of ROUNDS.entries()) {
      await Promise.all(lives.map((lifeMs, replica) => liveAndDie(url, replica, round, lifeMs)));
    }
    const shared = { clock: systemClock, log: silentLog };
    for (const replica of REPLICAS) {
      const { store, ledgerStore } = await openReplica(url, `replica-${replica}`);
      await recoverLedger({ store: ledgerStore, ...shared });
      await store.close();
    }
    const { store } = await openReplica(url, 'looker');
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
    // The rounds did what they were for: attempts ended both ways.
    for (const status of ['ok', 'interrupted'])
      expect(booked.filter((entry) => entry.status === status).length).toBeGreaterThan(10);
    await store.close();
  }, 60_000);
});
