/** Keys through the desk, in a real database. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { loadKeys } from '../registry/keys.ts';
import { createWorkspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import type { KeyDesk } from './deps.ts';
import { createKeyDesk } from './key-desk.ts';

let store: SqliteStore;
let desk: KeyDesk;
let other: KeyDesk;
const clock = { now: () => 100, monotonic: () => 0 };

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  const deskOf = async (name: string) =>
    createKeyDesk(store, (await createWorkspace(store, name, 1)).id, clock, randomBytes);
  desk = await deskOf('mine');
  other = await deskOf('theirs');
});
afterEach(() => store.close());

it('makes, lists and revokes', async () => {
  const { key, token } = await desk.create({ name: 'ci', agentId: 'bot', allowedModels: ['a/b'] });
  expect(token).toMatch(/^tp-/);
  expect(await desk.list()).toMatchObject([
    { id: key.id, name: 'ci', agentId: 'bot', allowedModels: ['a/b'] },
  ]);
  expect(await desk.revoke(key.id)).toMatchObject({ id: key.id, revokedAtMs: 100 });
  expect(await desk.revoke(key.id)).toMatchObject({ id: key.id, revokedAtMs: 100 });
  expect((await loadKeys(store)).size).toBe(0);
});

it('revokes by id only', async () => {
  const { key } = await desk.create({ name: 'ci' });
  for (const which of ['ci', key.id.slice(0, -1), key.preview.slice(0, 7)]) {
    expect(await desk.revoke(which)).toBeUndefined();
  }
  expect((await loadKeys(store)).size).toBe(1);
});

it('neither shows nor revokes what another workspace has', async () => {
  const { key } = await other.create({ name: 'theirs' });
  expect(await desk.list()).toEqual([]);
  expect(await desk.revoke(key.id)).toBeUndefined();
  expect(await other.list()).toHaveLength(1);
});
