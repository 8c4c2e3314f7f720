/** `kill -9` between sending an alert and noting that it was taken: it is sent again, under the same id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LEASE_MS } from '../src/alerts/dispatcher.ts';
import { silentLog } from '../src/base/log.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { type HookServer, startHookServer } from './support/hook-server.ts';
import { budgetAlert, putAlerts } from './support/outbox.ts';

const victim = fileURLToPath(new URL('support/alert-victim.ts', import.meta.url));

let folder: string;
let path: string;
let server: HookServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-alerts-'));
  path = join(folder, 'turnpike.db');
  server = await startHookServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const openStore = () => openSqlite(path, { durability: 'power', log: silentLog });

/** Lets it live until the receiver has the alert, or has answered and some more. */
async function liveUntil(when: 'received' | 'noted', aheadMs: number): Promise<void> {
  const before = server.received.length;
  const received = new Promise<void>((resolve) => {
    server.answer = (response) => {
      if (when === 'noted') response.writeHead(204).end();
      resolve();
    };
  });
  const words = [path, `${server.url}/hook`, 'a secret of some length', String(aheadMs)];
  const child = spawn(process.execPath, ['--import', 'tsx', victim, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await received;
  if (when === 'noted') await isNoted();
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(server.received).toHaveLength(before + 1);
}

/** Looks from outside, as the sqlite3 shell does. */
async function isNoted(): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  const reader = new Sqlite(path, { readonly: true });
  const isDone = reader.prepare('select count(*) from outbox where done_at is not null').pluck();
  while (isDone.get() === 0) await new Promise((done) => setTimeout(done, 10));
  reader.close();
}

it('sends again what it was killed over, and no more once it is noted', async () => {
  const store = await openStore();
  const [id] = await putAlerts(store, budgetAlert({ at: Date.now() - 1_000 }));
  await store.close();
  await liveUntil('received', 0);
  await liveUntil('received', LEASE_MS + 1_000);
  await liveUntil('noted', 2 * LEASE_MS + 2_000);
  expect(server.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id, id]);
  // The time is of each sending, and the body the same.
  expect(new Set(server.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
  expect(new Set(server.received.map(({ body }) => body)).size).toBe(1);
  const after = await openStore();
  const rows = await after.kysely.selectFrom('outbox_deliveries').selectAll().execute();
  expect(rows).toMatchObject([{ outbox_id: id, attempts: 3, last_error: null }]);
  await after.close();
}, 60_000);
