/**
 * A started server whose SQLite database is locked or whose disk is full: rows 33 to 35 of the fault matrix. Nothing
 * is forwarded that is not recorded, the client is told 503, health turns red and green again, and nothing is lost.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/base/clock.ts';
import { BUSY_PATIENCE_MS } from '../src/ledger/ledger-state.ts';
import { holdWriteLock } from './support/foreign-writer.ts';
import { HELD_TEXT, HELD_USAGE, type HeldUpstream, startHeldUpstream } from './support/held-upstream.ts';
import { type OpenHouse, openDesk, openHouse } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats, type Seen } from './support/plain-client.ts';
import { openSmallDisk, type SmallDisk } from './support/small-disk.ts';
import { cleanEnv, startTurnpike, type TurnpikeProcess } from './support/turnpike-process.ts';

const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai }
`;
const MODEL = 'oai/gpt-4o-mini';
/** Nano-dollars, from the vendor's price list. */
const HELD_COST = HELD_USAGE.input * 150 + HELD_USAGE.output * 600;
const PATIENT = { timeout: 10_000, interval: 20 };

let upstream: HeldUpstream;
let disk: SmallDisk;
let home: string;
let house: OpenHouse;
beforeEach(async () => {
  upstream = await startHeldUpstream();
  disk = openSmallDisk();
  home = join(disk.folder, 'home');
  mkdirSync(home);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await house?.close();
  disk.remove();
  await upstream.close();
});

const open = async () => {
  house = await openHouse(config(upstream.url), home);
};
const stream = (url: string, format: ClientFormat = 'openai-chat'): Promise<Seen> =>
  ask(url, { format, isStream: true, model: MODEL });
/** Answered by this process itself. */
const askSandbox = (url: string, format: ClientFormat): Promise<Seen> =>
  ask(url, { format, model: 'sandbox/echo', headers: { 'x-turnpike-session': 's'.repeat(200) } });
const statusOf = async (url: string, path: string): Promise<number> => (await fetch(url + path)).status;

function expectRefused(seen: Seen): void {
  expect(seen).toMatchObject({ status: 503, error: { code: 'ledger_unavailable' } });
  expect(seen.headers.get('retry-after')).toBe('1');
}

async function expectHealth(url: string, is: 'red' | 'green'): Promise<void> {
  await expect.poll(() => statusOf(url, '/ready'), PATIENT).toBe(is === 'red' ? 503 : 200);
  // The process lives: restarting it would mend nothing and lose what waits in memory.
  expect(await statusOf(url, '/health')).toBe(200);
}

/** Whether the first or the hundredth is refused depends on what room was left inside the database. */
async function askUntilRefused(url: string, format: ClientFormat): Promise<{ recorded: number; seen: Seen }> {
  for (let recorded = 0; ; recorded += 1) {
    const seen = await askSandbox(url, format);
    if (seen.status !== 200) return { recorded, seen };
    if (disk.isReal || recorded > 500) throw new Error('the disk is full, and it was let in');
  }
}

describe('a database that somebody else has locked', () => {
  it.each(clientFormats)(
    '33: for more than 5 s: 503 and no reservation, then green again (%s)',
    async (format) => {
      await open();
      let aheadMs = 0;
      vi.spyOn(systemClock, 'monotonic').mockImplementation(() => performance.now() + aheadMs);
      const release = holdWriteLock(join(home, 'turnpike.db'));
      const asked = stream(house.url, format);
      await expectHealth(house.url, 'red');
      aheadMs = BUSY_PATIENCE_MS + 1;
      expectRefused(await asked);
      release();
      await expectHealth(house.url, 'green');
      expect(upstream.count()).toBe(0);
      expect(house.rows('select 1 from reservations')).toEqual([]);
      expect((await house.verify()).entries).toBe(0);
    },
  );

  it('33: for less: the request waits, and goes through', async () => {
    await open();
    const release = holdWriteLock(join(home, 'turnpike.db'));
    const asked = stream(house.url);
    await expectHealth(house.url, 'red');
    expect(upstream.count()).toBe(0);
    release();
    await upstream.untilHeld(1);
    upstream.end();
    expect(await asked).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true });
    expect(await house.entries(1)).toMatchObject([{ status: 'ok', cost_nano: HELD_COST }]);
  });
});

describe('a disk that is full', () => {
  it.each(clientFormats)(
    '34: on reserve: 503, nothing forwarded, red and green again (%s)',
    async (format) => {
      await open();
      disk.fill();
      const { recorded, seen } = await askUntilRefused(house.url, format);
      expectRefused(seen);
      await expectHealth(house.url, 'red');
      // While it is known to be full nothing is even tried.
      for (const each of clientFormats) expectRefused(await stream(house.url, each));
      if (disk.isReal) {
        await expect(house.admin('POST', '/keys', { name: 'late' })).rejects.toThrow(
          /503.*database_unavailable/,
        );
      }
      expect(upstream.count()).toBe(0);
      disk.makeRoom();
      await expectHealth(house.url, 'green');
      expect((await askSandbox(house.url, format)).status).toBe(200);
      expect(await house.entries(recorded + 1)).toHaveLength(recorded + 1);
      await house.verify();
    },
  );

  it('35: on post: clients get their replies, admissions stop, and all is booked once there is room', async () => {
    await open();
    const { replies, exchanges } = await fillUnderStreams(house.url);
    await expectHealth(house.url, 'red');
    expectRefused(await stream(house.url));
    const { ledger } = (await (await fetch(`${house.url}/ready`)).json()) as {
      ledger: { pendingSettles: number; lastError: string };
    };
    expect(ledger.pendingSettles).toBeGreaterThan(0);
    expect(ledger.lastError).toContain('SQLITE_FULL');
    disk.makeRoom();
    await expectHealth(house.url, 'green');
    const entries = await house.entries(replies);
    expect(entries.map((row) => row.exchange_id).toSorted()).toEqual(exchanges.toSorted());
    for (const row of entries) expect(row).toMatchObject({ status: 'ok', cost_nano: HELD_COST });
    expect(upstream.count()).toBe(replies);
    expect((await house.verify()).entries).toBe(replies);
  });
});

/** Streams are let in, the disk is filled, the streams end: settles need room, larger as they are than reservations. */
async function fillUnderStreams(url: string): Promise<{ replies: number; exchanges: string[] }> {
  const replies = disk.isReal ? 3 : 40;
  const asked = Array.from({ length: replies }, () => stream(url));
  await upstream.untilHeld(replies);
  disk.fill();
  upstream.end();
  const seen = await Promise.all(asked);
  for (const each of seen)
    expect(each).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true, isBroken: false });
  return { replies, exchanges: seen.map(({ exchangeId }) => exchangeId) };
}

describe('a process killed while its disk is full', () => {
  const entry = resolve(fileURLToPath(import.meta.url), '../../dist/cli/main.js');
  let turnpike: TurnpikeProcess | undefined;
  afterEach(async () => {
    await turnpike?.stop('SIGKILL');
    turnpike = undefined;
  });

  it('35: what it could not post is booked by the next start, which does not serve before', async (context) => {
    if (!disk.isReal) context.skip('a disk for another process takes the right to mount');
    turnpike = await startTurnpike({ home, config: config(upstream.url) });
    const { exchanges } = await fillUnderStreams(turnpike.url);
    await expectHealth(turnpike.url, 'red');
    await turnpike.stop('SIGKILL');
    const { status, stderr } = spawnSync(process.execPath, [entry, 'serve', '--port', '0'], {
      env: cleanEnv(home),
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/full/i);
    disk.makeRoom();
    turnpike = await startTurnpike({ home });
    const desk = openDesk(turnpike.url, home);
    const entries = await desk.entries(exchanges.length);
    expect(entries.map((row) => row.exchange_id).toSorted()).toEqual(exchanges.toSorted());
    for (const row of entries) {
      expect(row).toMatchObject({ status: 'interrupted', is_estimated: 1, flags: 'interrupted' });
      expect(row.cost_nano).toBeGreaterThan(0);
    }
    expect((await desk.verify()).entries).toBe(exchanges.length);
  });
});
