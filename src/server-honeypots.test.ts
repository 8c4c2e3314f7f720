/** Uses of honeypots: told at once, then once a minute with a count, whatever the database does meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeMessage } from './alerts/compose.ts';
import { silentLog } from './base/log.ts';
import type { HoneypotUse } from './gateway/let-in.ts';
import { type Honeypots, openHoneypots } from './server-honeypots.ts';
import { openSqlite, type SqliteStore } from './store/sqlite.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

let store: SqliteStore;
let nowMs: number;
let logged: unknown[];
let waits: { atMs: number; run: () => void }[];
let honeypots: Honeypots;
let isBroken: boolean;

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  nowMs = START;
  logged = [];
  waits = [];
  isBroken = false;
  honeypots = openHoneypots({
    store: {
      ...store,
      write: (queries) => (isBroken ? Promise.reject(new Error('full')) : store.write(queries)),
    },
    clock: { now: () => nowMs },
    log: { ...silentLog, warn: (fields) => void logged.push(fields) },
    wait(delayMs, run) {
      const one = { atMs: nowMs + delayMs, run };
      waits.push(one);
      return () => {
        waits = waits.filter((other) => other !== one);
      };
    },
  });
});
afterEach(() => store.close());

const use = (id: `key_${string}` = 'key_1', more: Partial<HoneypotUse> = {}): HoneypotUse => ({
  key: {
    id,
    workspaceId: 'ws_1',
    name: 'backup.env',
    preview: 'tp-abcd…wxyz',
    createdAtMs: 1,
    isHoneypot: true,
  },
  atMs: nowMs,
  address: '203.0.113.7',
  userAgent: 'curl/8',
  ...more,
});

/** Runs what was to be run until then, in its order, and lets it end. */
async function passTo(atMs: number): Promise<void> {
  for (;;) {
    const next = waits.filter((one) => one.atMs <= atMs).sort((a, b) => a.atMs - b.atMs)[0];
    if (!next) break;
    waits = waits.filter((one) => one !== next);
    nowMs = next.atMs;
    next.run();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise((done) => setImmediate(done));
  }
  nowMs = atMs;
}

const told = async () => {
  const rows = await store.kysely.selectFrom('outbox').selectAll().orderBy('next_at').execute();
  return rows.map(({ payload }) => JSON.parse(payload) as { keyId: string; uses: number; at: number });
};

describe('the use of a honeypot', () => {
  it('is told within seconds, with all that is known of who it was', async () => {
    honeypots.note(use());
    await passTo(START + 5_000);
    const [row] = await store.kysely.selectFrom('outbox').selectAll().execute();
    const message = await composeMessage(store, { ...row!, atMs: row!.next_at }, nowMs);
    expect(message).toMatchObject({
      topic: 'security.honeypot',
      title: 'Honeypot "backup.env" was used',
      lines: [
        'The key tp-abcd…wxyz, which nobody was given, was sent from 203.0.113.7.',
        'Once so far in this minute, by "curl/8". It was refused like any unknown key.',
        'Whoever sent it has read what it was hidden in.',
      ],
      data: { keyId: 'key_1', address: '203.0.113.7', userAgent: 'curl/8', uses: 1 },
    });
    expect(logged).toEqual([expect.objectContaining({ keyId: 'key_1', address: '203.0.113.7', uses: 1 })]);
  });

  it('is told once a minute, with a count of what was not told yet', async () => {
    for (let n = 0; n < 5; n += 1) honeypots.note(use());
    await passTo(START + 1_000);
    for (let n = 0; n < 1_000; n += 1) honeypots.note(use());
    await passTo(START + 30_000);
    expect(await told()).toMatchObject([{ uses: 5 }]);
    await passTo(START + 2 * MINUTE);
    expect(await told()).toMatchObject([{ uses: 5 }, { uses: 1_000 }]);
    await passTo(START + 10 * MINUTE);
    expect(waits).toEqual([]);
    honeypots.note(use());
    await passTo(START + 11 * MINUTE);
    expect((await told()).map(({ uses }) => uses)).toEqual([5, 1_000, 1]);
  });

  it('is told of each honeypot for itself', async () => {
    honeypots.note(use('key_1'));
    honeypots.note(use('key_2', { address: undefined, userAgent: undefined }));
    await passTo(START + 5_000);
    expect((await told()).map(({ keyId }) => keyId).sort()).toEqual(['key_1', 'key_2']);
  });

  it('is told when the database takes it again, and counted meanwhile', async () => {
    isBroken = true;
    honeypots.note(use());
    await passTo(START + 3_000);
    honeypots.note(use());
    expect(await told()).toEqual([]);
    isBroken = false;
    await passTo(START + 5_000);
    expect(await told()).toMatchObject([{ uses: 2 }]);
  });

  it('is told before the process ends', async () => {
    honeypots.note(use());
    await honeypots.stop();
    expect(await told()).toMatchObject([{ uses: 1 }]);
    expect(waits).toEqual([]);
  });

  it('is cut where a program names itself by pages', async () => {
    honeypots.note(use('key_1', { userAgent: 'x'.repeat(10_000) }));
    await passTo(START + 5_000);
    const [{ userAgent }] = (await told()) as unknown as [{ userAgent: string }];
    expect(userAgent).toHaveLength(200);
  });
});
