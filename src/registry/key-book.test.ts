/** The live book of keys: it takes what changed, keeps what did not, and lets go of what has ended. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { type KeyBook, openKeyBook } from './key-book.ts';
import { rotateKey } from './key-rotation.ts';
import { endKeysOf } from './key-version.ts';
import { changeKey, createKey, type NewKey, revokeKey } from './keys.ts';
import { hashToken } from './token.ts';
import { createWorkspace, ensureFirstWorkspace, type Workspace } from './workspaces.ts';

const DAY_MS = 86_400_000;

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let workspace: Workspace;
  let book: KeyBook;
  let nowMs: number;
  let waits: { delayMs: number; run: () => void }[];
  let logged: unknown[];
  beforeEach(async () => {
    ({ store } = await open());
    workspace = await ensureFirstWorkspace(store, 1);
    nowMs = 10;
    waits = [];
    logged = [];
  });
  afterEach(async () => {
    book?.stop();
    await store.close();
  });
  afterAll(remove);

  const openBook = async () => {
    book = await openKeyBook({
      store,
      clock: { now: () => nowMs },
      log: { ...silentLog, error: (fields: object) => void logged.push(fields) },
      wait(delayMs, run) {
        const one = { delayMs, run };
        waits.push(one);
        return () => {
          waits = waits.filter((other) => other !== one);
        };
      },
    });
    return book;
  };
  const make = (name: string, more: Partial<NewKey> = {}) =>
    createKey(store, { workspaceId: workspace.id, name, ...more }, nowMs, randomBytes);
  const found = (token: string) => book.keys.get(hashToken(token));
  const caughtUp = async () => book.publish(await book.refresh());
  const rotate = async (id: string, overlapMs: number) => {
    const rotated = await rotateKey(
      store,
      id,
      { workspaceId: workspace.id },
      { overlapMs, nowMs, random: randomBytes },
    );
    if (rotated.kind !== 'rotated') throw new Error(rotated.kind);
    return rotated.token;
  };

  it('holds every key that lives, by the hash of the whole token', async () => {
    const { key, token } = await make('laptop', { cacheTtlMs: 0, allowedRanges: ['10.0.0.0/8'] });
    const gone = await make('gone');
    await revokeKey(store, gone.key.id, 20, { workspaceId: workspace.id });
    await openBook();
    expect(found(token)).toEqual(key);
    expect(found(token.slice(0, -1))).toBeUndefined();
    expect(book.keys.get(token)).toBeUndefined();
    expect(found(gone.token)).toBeUndefined();
    expect([...book.keys.values()]).toEqual([key]);
  });

  it('keeps the records of keys that did not change, whatever else did', async () => {
    const [one, two] = [await make('one'), await make('two')];
    await openBook();
    const [before, other] = [found(one.token), found(two.token)];
    await changeKey(store, two.key.id, { defaultModel: 'a/b' }, { workspaceId: workspace.id });
    await make('three');
    await caughtUp();
    expect(found(one.token)).toBe(before);
    expect(found(two.token)).not.toBe(other);
    expect(found(two.token)?.defaultModel).toBe('a/b');
    expect(book.size()).toBe(3);
  });

  it('lets go of a revoked key by itself, and lets a new one in when it is told to', async () => {
    const old = await make('old');
    await openBook();
    await revokeKey(store, old.key.id, 20, { workspaceId: workspace.id });
    await vi.waitFor(() => expect(found(old.token)).toBeUndefined());
    const { token } = await make('new');
    const version = await book.refresh();
    expect(found(token)).toBeUndefined();
    const later = await make('later');
    await book.refresh();
    book.publish(version);
    expect(found(token)).toBeDefined();
    // What limits it may not be known yet.
    expect(found(later.token)).toBeUndefined();
    await revokeKey(store, later.key.id, 20, { workspaceId: workspace.id });
    await caughtUp();
    expect(found(later.token)).toBeUndefined();
  });

  it('knows a rotated key by both tokens, until the time of the old one or the key ends', async () => {
    const { key, token } = await make('laptop', { expiresAtMs: 5_000 });
    await openBook();
    const second = await rotate(key.id, 1_000);
    await caughtUp();
    expect(found(second)).toMatchObject({ id: key.id, expiresAtMs: 5_000 });
    expect(found(second)).not.toHaveProperty('oldToken');
    expect(found(token)).toMatchObject({
      id: key.id,
      expiresAtMs: 1_010,
      oldToken: expect.stringMatching(/^tok_/),
    });
    const third = await rotate(key.id, 0);
    await caughtUp();
    expect(found(second)).toBeUndefined();
    expect([found(token)?.id, found(third)?.id]).toEqual([key.id, key.id]);
    await revokeKey(store, key.id, 20, { workspaceId: workspace.id });
    await caughtUp();
    expect([token, second, third].map(found)).toEqual([undefined, undefined, undefined]);
    expect(book.size()).toBe(0);
  });

  it('lets nobody in by a key of a workspace or member that is suspended, for as long as that is', async () => {
    const other = await createWorkspace(store, 'other', 5);
    const theirs = await make('theirs', { workspaceId: other.id });
    const ours = await make('ours', { memberId: 'mem_1' });
    await openBook();
    const suspend = (at: number | null) =>
      store.change([
        store.kysely.updateTable('workspaces').set({ suspended_at: at }).where('id', '=', other.id),
      ]);
    const before = found(theirs.token);
    await suspend(20);
    await caughtUp();
    expect(found(theirs.token)).toBeUndefined();
    expect([...book.keys.values()].map(({ name }) => name)).toEqual(['ours']);
    await suspend(null);
    await caughtUp();
    expect(found(theirs.token)).toBe(before);
    const member = { id: 'mem_1', workspace_id: workspace.id, person_id: 'per_1', role: 'member' } as const;
    await store.change([
      store.kysely
        .insertInto('members')
        .values({ ...member, created_at: 1, suspended_at: 20, removed_at: null, used_at: null }),
    ]);
    await caughtUp();
    expect(found(ours.token)).toBeUndefined();
  });

  it('hears of keys that were ended together', async () => {
    const [one, two] = [await make('one', { memberId: 'mem_1' }), await make('two')];
    await openBook();
    await store.change(endKeysOf(store, { workspaceId: workspace.id, memberId: 'mem_1' }, 20));
    await caughtUp();
    expect([found(one.token), found(two.token)?.name]).toEqual([undefined, 'two']);
    await store.change(endKeysOf(store, { workspaceId: workspace.id }, 20));
    await caughtUp();
    expect(book.size()).toBe(0);
  });

  it('lets go of keys a day after they expired, and takes one back that is given a later end', async () => {
    const { key, token } = await make('laptop', { expiresAtMs: 20 });
    await openBook();
    const sweep = () => {
      const [next] = waits.splice(0, 1);
      next!.run();
    };
    nowMs = 20 + DAY_MS - 1;
    sweep();
    expect(found(token)).toBeDefined();
    nowMs += 1;
    sweep();
    sweep();
    expect(book.size()).toBe(0);
    await changeKey(store, key.id, { expiresAtMs: nowMs + 5 }, { workspaceId: workspace.id });
    await caughtUp();
    expect(found(token)?.expiresAtMs).toBe(nowMs + 5);
  });

  it('tries again where a change could not be read', async () => {
    const { key, token } = await make('laptop');
    await openBook();
    const read = vi.spyOn(store.kysely, 'selectFrom').mockImplementation(() => {
      throw new Error('the database is gone');
    });
    store.revision.announce(store.revision.current() + 1);
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    read.mockRestore();
    await revokeKey(store, key.id, 20, { workspaceId: workspace.id });
    const retry = waits.find(({ delayMs, run }) => delayMs === 1_000 && run.name === 'retry');
    expect(retry).toBeDefined();
    retry!.run();
    await vi.waitFor(() => expect(found(token)).toBeUndefined());
  });

  it('reads more keys than one page holds, and those of one transaction whole', async () => {
    const rows = Array.from({ length: 4_500 }, (_, at) => ({
      id: `key_${String(at).padStart(6, '0')}` as const,
      workspace_id: workspace.id,
      name: `k${at}`,
      token_hash: hashToken(`tp-${at}`),
      preview: '',
      created_at: 1,
      version: at < 100 ? 0 : 7,
    }));
    for (let at = 0; at < rows.length; at += 500) {
      const nothing = {
        member_id: null,
        agent_id: null,
        default_model: null,
        allowed_models: null,
        expires_at: null,
      };
      const more = {
        revoked_at: null,
        last_used_at: null,
        cache_ttl_ms: null,
        description: null,
        tags: null,
      };
      const values = rows
        .slice(at, at + 500)
        .map((row) => ({ ...row, ...nothing, ...more, allowed_formats: null, allowed_ranges: null }));
      await store.write([store.kysely.insertInto('keys').values(values)]);
    }
    await openBook();
    expect(book.size()).toBe(4_500);
  });
});
