/** Keys through the desk, in a real database. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { budgetDefaults } from '../base/budget.ts';
import { silentLog } from '../base/log.ts';
import { nanoUsd } from '../base/money.ts';
import { createAgent } from '../registry/agents.ts';
import { openKeyBook } from '../registry/key-book.ts';
import { createWorkspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import type { KeyDesk, NewKey } from './deps-keys.ts';
import { createKeyDesk } from './key-desk.ts';

let store: SqliteStore;
let desk: KeyDesk;
let other: KeyDesk;
let recompiled: number;
const clock = { now: () => 100, monotonic: () => 0 };
const wait = () => () => undefined;
const named = (name: string, more: Partial<NewKey> = {}): NewKey => ({ name, budgets: [], ...more });
const all = { limit: 100, isHoneypot: false };

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  recompiled = 0;
  const deskOf = async (name: string) =>
    createKeyDesk({
      ...{ store, clock, random: randomBytes, calls: [] },
      workspaceId: (await createWorkspace(store, name, 1)).id,
      recompile: async () => {
        recompiled += 1;
      },
    });
  desk = await deskOf('mine');
  other = await deskOf('theirs');
});
afterEach(() => store.close());

async function make(wanted: NewKey, at = desk) {
  const made = await at.create(wanted, undefined);
  if (made.kind !== 'done') throw new Error(made.kind);
  return made;
}

async function liveKeys(): Promise<number> {
  const book = await openKeyBook({ store, clock, log: silentLog, wait });
  book.stop();
  return book.size();
}

it('makes, lists and revokes', async () => {
  const { key, token } = await make(named('ci', { agentId: 'bot', allowedModels: ['a/b'] }));
  expect(token).toMatch(/^tp-/);
  expect(recompiled).toBe(1);
  expect(await desk.list(all)).toMatchObject([
    { id: key.id, name: 'ci', agentId: 'bot', allowedModels: ['a/b'] },
  ]);
  expect(await desk.revoke(key.id, undefined)).toMatchObject({ id: key.id, revokedAtMs: 100 });
  expect(await desk.revoke(key.id, undefined)).toMatchObject({ id: key.id, revokedAtMs: 100 });
  expect(await liveKeys()).toBe(0);
});

it('revokes by id only', async () => {
  const { key } = await make(named('ci'));
  for (const which of ['ci', key.id.slice(0, -1), key.preview.slice(0, 7)]) {
    expect(await desk.revoke(which, undefined)).toBeUndefined();
  }
  expect(await liveKeys()).toBe(1);
});

it('neither shows nor changes what another workspace has', async () => {
  const { key } = await make(named('theirs'), other);
  expect(await desk.list(all)).toEqual([]);
  expect(await desk.find(key.id, undefined)).toBeUndefined();
  expect(await desk.change(key.id, { name: 'mine' }, undefined)).toEqual({ kind: 'unknown' });
  expect(await desk.rotate(key.id, 0, undefined, undefined)).toEqual({ kind: 'unknown' });
  expect(await desk.revoke(key.id, undefined)).toBeUndefined();
  expect(await other.list(all)).toEqual([key]);
});

it('gives the token though the process cannot take the key yet', async () => {
  const lame = createKeyDesk({
    ...{ store, clock, random: randomBytes, calls: [] },
    workspaceId: (await createWorkspace(store, 'lame', 1)).id,
    recompile: () => Promise.reject(new Error('the database is gone')),
  });
  expect(await lame.create(named('ci'), undefined)).toMatchObject({
    kind: 'done',
    token: expect.stringMatching(/^tp-/),
  });
});

it('makes a key with its budgets and its rate limit, or nothing', async () => {
  const budget = { ...budgetDefaults, limit: nanoUsd(5n), period: 'day' } as const;
  const rateLimit = { requestsPerMinute: 10, burstSeconds: 60 };
  const { key } = await make(named('ci', { budgets: [budget, { ...budget, name: 'x' }], rateLimit }));
  expect(key.budgets).toMatchObject([
    { name: `key:${key.id} day`, scope: { kind: 'key', id: key.id } },
    { name: 'x' },
  ]);
  expect(key.rateLimit).toMatchObject({ requestsPerMinute: 10, scope: { kind: 'key', id: key.id } });
  expect(await desk.list(all)).toEqual([key]);
  const taken = named('again', { budgets: [{ ...budget, name: 'x' }], rateLimit });
  expect(await desk.create(taken, undefined)).toEqual({ kind: 'budget_taken' });
  expect(await desk.list(all)).toHaveLength(1);
  expect(await store.kysely.selectFrom('rate_limit_rules').selectAll().execute()).toHaveLength(1);
});

it('knows members and agents of its own workspace alone', async () => {
  const context = { workspaceId: (await createWorkspace(store, 'third', 1)).id, nowMs: 1, by: 'operator' };
  const made = await createAgent(store, { name: 'coder' }, [], context);
  const agentId = made.kind === 'done' ? made.agent.id : '';
  expect(await desk.create(named('ci', { agentId }), undefined)).toEqual({ kind: 'agent_unknown' });
  expect(await desk.create(named('ci', { memberId: 'mem_of_nobody' }), undefined)).toEqual({
    kind: 'member_unknown',
  });
  expect(await desk.list(all)).toEqual([]);
  const third = createKeyDesk({
    ...{ store, clock, random: randomBytes, calls: [], workspaceId: context.workspaceId },
    recompile: async () => undefined,
  });
  expect((await make(named('ci', { agentId }), third)).key.agentId).toBe('coder');
});
