/** Virtual keys: shown once, kept as a hash, revocable, and every change moves the revision. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import { createKey, findByHash, listKeys, loadKeys, revokeKey, touchKeys } from './keys.ts';
import { hashToken, judgeToken, makeToken } from './token.ts';
import { createWorkspace, ensureFirstWorkspace, type Workspace } from './workspaces.ts';

describe('tokens', () => {
  it('have the prefix, 256 bits and a checksum that tells a typing error', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(48),
        fc.constantFrom(...'0Az9'),
        (seed, at, letter) => {
          const token = makeToken(() => seed);
          expect(token).toMatch(/^tp-[0-9A-Za-z]{49}$/);
          expect(judgeToken(token)).toBe('whole');
          const typed = token.slice(0, 3 + at) + letter + token.slice(4 + at);
          expect(judgeToken(typed)).toBe(typed === token ? 'whole' : 'mistyped');
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['', 'foreign'],
    ['sk-ant-api03-xyz', 'foreign'],
    ['tp-', 'mistyped'],
    ['tp-test', 'mistyped'],
  ])('%j is %s', (token, verdict) => expect(judgeToken(token)).toBe(verdict));

  it('differ for every different seed', () => {
    const zero = new Uint8Array(32);
    const one = Uint8Array.from(zero, (_, i) => (i === 31 ? 1 : 0));
    expect(makeToken(() => zero)).not.toBe(makeToken(() => one));
  });

  it('refuse a random source that gives too little', () => {
    expect(() => makeToken(() => new Uint8Array(8))).toThrow(/32 random bytes/);
  });
});

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let workspace: Workspace;
  beforeEach(async () => {
    ({ store } = await open());
    workspace = await ensureFirstWorkspace(store, 1);
  });
  afterEach(() => store.close());
  afterAll(remove);

  const make = (name: string, more: object = {}, nowMs = 10) =>
    createKey(store, { workspaceId: workspace.id, name, ...more }, nowMs, randomBytes);

  describe('keys', () => {
    it('are stored as a hash: the token is nowhere in the database', async () => {
      const { token } = await make('laptop', { agentId: 'coder' });
      const rows = await Promise.all(
        (['keys', 'workspaces', 'settings'] as const).map((table) =>
          store.kysely.selectFrom(table).selectAll().execute(),
        ),
      );
      const dump = JSON.stringify(rows);
      expect(dump).toContain('laptop');
      expect(dump).not.toContain(token);
      expect(dump).not.toContain(token.slice(3, 20));
      expect(dump).toContain(hashToken(token));
    });

    it('are found by the hash of the whole token only', async () => {
      const { key, token } = await make('laptop', {
        agentId: 'coder',
        memberId: 'mem_1',
        defaultModel: 'sandbox/small',
        allowedModels: ['sandbox/small'],
        expiresAtMs: 99,
        cacheTtlMs: 600_000,
      });
      expect(await findByHash(store, hashToken(token))).toEqual(key);
      expect(await findByHash(store, hashToken(token.slice(0, -1)))).toBeUndefined();
      expect((await loadKeys(store)).get(hashToken(token))).toEqual(key);
      expect(key).toMatchObject({
        preview: `${token.slice(0, 7)}…${token.slice(-4)}`,
        createdAtMs: 10,
        expiresAtMs: 99,
        allowedModels: ['sandbox/small'],
        cacheTtlMs: 600_000,
      });
    });

    it('tell a key that is never answered from the cache from one that says nothing of it', async () => {
      const [never, silent] = [await make('never', { cacheTtlMs: 0 }), await make('silent')];
      const kept = await loadKeys(store);
      expect(kept.get(hashToken(never.token))).toHaveProperty('cacheTtlMs', 0);
      expect(kept.get(hashToken(silent.token))).not.toHaveProperty('cacheTtlMs');
    });

    it('may have a token the operator chose, once', async () => {
      const { token, key } = await make('bootstrap', { token: 'tp-chosen-by-operator' });
      expect(token).toBe('tp-chosen-by-operator');
      expect(key.preview).not.toContain('operator');
      await expect(make('again', { token: 'tp-chosen-by-operator' })).rejects.toThrow(/unique/i);
    });

    it('disappear from the snapshot when revoked, and stay in the list', async () => {
      const { key, token } = await make('laptop');
      const revoked = await revokeKey(store, key.id, 20);
      expect(revoked).toEqual({ kind: 'revoked', key: { ...key, revokedAtMs: 20 } });
      expect((await loadKeys(store)).has(hashToken(token))).toBe(false);
      expect(await listKeys(store)).toEqual([{ ...key, revokedAtMs: 20 }]);
      expect(await revokeKey(store, key.id, 30)).toEqual(revoked);
    });

    it('are revoked by id, name or beginning, never by guess', async () => {
      const { key: one } = await make('one');
      const { key: two } = await make('two');
      await make('twin');
      await make('twin');
      expect(await revokeKey(store, 'tp-', 20)).toEqual({ kind: 'unknown' });
      expect(await revokeKey(store, 'no-such-key', 20)).toEqual({ kind: 'unknown' });
      expect(await revokeKey(store, 'twin', 20)).toMatchObject({ kind: 'ambiguous' });
      expect(await revokeKey(store, 'one', 20)).toMatchObject({ kind: 'revoked', key: { id: one.id } });
      expect(await revokeKey(store, two.preview.slice(0, 7), 20)).toMatchObject({ key: { id: two.id } });
      expect([...(await loadKeys(store)).values()].map((key) => key.name)).toEqual(['twin', 'twin']);
    });

    it('of another workspace are out of reach', async () => {
      const other = await createWorkspace(store, 'other', 5);
      const { key } = await make('laptop');
      expect(await revokeKey(store, key.id, 20, other.id)).toEqual({ kind: 'unknown' });
      expect(await listKeys(store, other.id)).toEqual([]);
    });

    it('note their last use without a new revision, and never backwards', async () => {
      const { key } = await make('laptop');
      const before = store.revision.current();
      await touchKeys(store, new Map([[key.id, 500]]));
      await touchKeys(store, new Map([[key.id, 400]]));
      expect((await listKeys(store))[0]?.lastUsedAtMs).toBe(500);
      expect(store.revision.current()).toBe(before);
    });
  });

  describe('the registry', () => {
    it('makes the first workspace once', async () => {
      expect(await ensureFirstWorkspace(store, 2)).toEqual(workspace);
    });

    it('moves the revision with every change', async () => {
      const heard: number[] = [];
      const stop = store.revision.onChange((revision) => heard.push(revision));
      const first = store.revision.current();
      const { key } = await make('laptop');
      await revokeKey(store, key.id, 20);
      stop();
      await make('unheard');
      expect(heard).toEqual([first + 1, first + 2]);
      expect(store.revision.current()).toBe(first + 3);
    });
  });
});
