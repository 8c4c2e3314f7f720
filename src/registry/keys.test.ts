/** Virtual keys: shown once, kept as a hash, changed, rotated, revoked, found page by page. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import { listKeys } from './key-list.ts';
import { MAX_OLD_TOKENS, oldTokensOf, rotateKey } from './key-rotation.ts';
import {
  changeKey,
  createKey,
  findByHash,
  findKey,
  hasKeys,
  type NewKey,
  revokeKey,
  touchKeys,
} from './keys.ts';
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
  let place: { workspaceId: Workspace['id'] };
  beforeEach(async () => {
    ({ store } = await open());
    workspace = await ensureFirstWorkspace(store, 1);
    place = { workspaceId: workspace.id };
  });
  afterEach(() => store.close());
  afterAll(remove);

  const make = (name: string, more: Partial<NewKey> = {}, nowMs = 10) =>
    createKey(store, { workspaceId: workspace.id, name, ...more }, nowMs, randomBytes);
  const list = (more: object = {}) =>
    listKeys(store, { ...place, limit: 100, isHoneypot: false, nowMs: 50, ...more });
  const names = async (more: object = {}) => (await list(more)).map(({ name }) => name);

  describe('keys', () => {
    it('are stored as a hash: no token is anywhere in the database', async () => {
      const { token, key } = await make('laptop', { agentId: 'coder' });
      const rotated = await rotate(key.id, 1000);
      const rows = await Promise.all(
        (['keys', 'key_tokens', 'workspaces', 'settings'] as const).map((table) =>
          store.kysely.selectFrom(table).selectAll().execute(),
        ),
      );
      const dump = JSON.stringify(rows);
      expect(dump).toContain('laptop');
      for (const text of [token, rotated.token]) {
        expect(dump).not.toContain(text);
        expect(dump).not.toContain(text.slice(3, 20));
        expect(dump).toContain(hashToken(text));
      }
    });

    it('are found by the hash of the whole token only', async () => {
      expect(await hasKeys(store)).toBe(false);
      const wanted = {
        description: 'of the build',
        tags: ['ci', 'team:a'],
        agentId: 'coder',
        memberId: 'mem_1',
        defaultModel: 'sandbox/small',
        allowedModels: ['sandbox/small'],
        allowedFormats: ['openai-chat'],
        allowedRanges: ['10.0.0.0/8'],
        expiresAtMs: 99,
        cacheTtlMs: 600_000,
      };
      const { key, token } = await make('laptop', wanted);
      expect(await hasKeys(store)).toBe(true);
      expect(await findByHash(store, hashToken(token))).toEqual(key);
      expect(await findByHash(store, hashToken(token.slice(0, -1)))).toBeUndefined();
      expect(await findKey(store, key.id, place)).toEqual(key);
      const preview = `${token.slice(0, 7)}…${token.slice(-4)}`;
      expect(key).toEqual({
        id: key.id,
        workspaceId: workspace.id,
        name: 'laptop',
        preview,
        createdAtMs: 10,
        ...wanted,
      });
    });

    it('may have a token the operator chose, once', async () => {
      const { token, key } = await make('bootstrap', { token: 'tp-chosen-by-operator' });
      expect(token).toBe('tp-chosen-by-operator');
      expect(key.preview).not.toContain('operator');
      await expect(make('again', { token: 'tp-chosen-by-operator' })).rejects.toThrow(/unique/i);
    });

    it('stay in the list when revoked, once and for all', async () => {
      const { key } = await make('laptop');
      const revoked = { ...key, revokedAtMs: 20 };
      expect(await revokeKey(store, key.id, 20, place)).toEqual(revoked);
      expect(await revokeKey(store, key.id, 30, place)).toEqual(revoked);
      expect(await list()).toEqual([revoked]);
      expect(await changeKey(store, key.id, { name: 'x' }, place)).toEqual({ kind: 'ended' });
      expect(await revokeKey(store, 'key_none', 30, place)).toBeUndefined();
    });

    it('are out of reach of another workspace, and of another member', async () => {
      const other = await createWorkspace(store, 'other', 5);
      const { key } = await make('laptop', { memberId: 'mem_1' });
      for (const elsewhere of [{ workspaceId: other.id }, { ...place, memberId: 'mem_2' }]) {
        expect(await findKey(store, key.id, elsewhere)).toBeUndefined();
        expect(await revokeKey(store, key.id, 20, elsewhere)).toBeUndefined();
        expect(await changeKey(store, key.id, { name: 'x' }, elsewhere)).toEqual({ kind: 'unknown' });
        expect(
          await rotateKey(store, key.id, elsewhere, { overlapMs: 0, nowMs: 20, random: randomBytes }),
        ).toEqual({ kind: 'unknown' });
        expect(await list(elsewhere)).toEqual([]);
      }
      expect(await findKey(store, key.id, { ...place, memberId: 'mem_1' })).toEqual(key);
    });

    it('change field by field, and a change of nothing is none', async () => {
      const { key } = await make('laptop', { agentId: 'coder', tags: ['a'], expiresAtMs: 99 });
      const change = { name: 'desk', agentId: null, allowedRanges: ['10.0.0.0/8'] };
      const changed = { ...key, name: 'desk', allowedRanges: ['10.0.0.0/8'] };
      delete (changed as { agentId?: string }).agentId;
      expect(await changeKey(store, key.id, change, place)).toEqual({ kind: 'done', key: changed });
      const before = store.revision.current();
      expect(await changeKey(store, key.id, change, place)).toEqual({ kind: 'done', key: changed });
      expect(store.revision.current()).toBe(before);
    });

    it('note their last use without a new revision, and never backwards', async () => {
      const { key } = await make('laptop');
      await rotate(key.id, 1_000);
      const [old] = (await oldTokensOf(store, [key.id], 30)).get(key.id)!;
      const before = store.revision.current();
      await touchKeys(
        store,
        new Map([
          [key.id, 500],
          [old!.id, 400],
        ]),
      );
      await touchKeys(
        store,
        new Map([
          [key.id, 400],
          [old!.id, 300],
        ]),
      );
      expect((await list())[0]?.lastUsedAtMs).toBe(500);
      expect((await oldTokensOf(store, [key.id], 30)).get(key.id)![0]?.lastUsedAtMs).toBe(400);
      expect(store.revision.current()).toBe(before);
    });

    it('move the revision with every change', async () => {
      const heard: number[] = [];
      const stop = store.revision.onChange((revision) => heard.push(revision));
      const first = store.revision.current();
      const { key } = await make('laptop');
      await rotate(key.id, 0);
      await revokeKey(store, key.id, 20, place);
      stop();
      expect(heard).toEqual([first + 1, first + 2, first + 3]);
    });
  });

  const rotate = async (id: string, overlapMs: number, nowMs = 20) => {
    const rotated = await rotateKey(store, id, place, { overlapMs, nowMs, random: randomBytes });
    if (rotated.kind !== 'rotated') throw new Error(rotated.kind);
    return rotated;
  };

  describe('rotation', () => {
    it('gives a new token, and the old one its time', async () => {
      const { key, token } = await make('laptop');
      const rotated = await rotate(key.id, 1_000);
      expect(rotated.token).not.toBe(token);
      expect(rotated.key).toEqual({
        ...key,
        preview: `${rotated.token.slice(0, 7)}…${rotated.token.slice(-4)}`,
      });
      const old = {
        id: expect.stringMatching(/^tok_/),
        preview: key.preview,
        replacedAtMs: 20,
        untilMs: 1_020,
      };
      expect((await oldTokensOf(store, [key.id], 1_019)).get(key.id)).toEqual([old]);
      expect((await oldTokensOf(store, [key.id], 1_020)).get(key.id)).toBeUndefined();
      // A token that was replaced never becomes another key's.
      expect(await findByHash(store, hashToken(token))).toEqual(rotated.key);
    });

    it('of what has ended, or has too many tokens, is none', async () => {
      const { key: expired } = await make('expired', { expiresAtMs: 20 });
      const again = { overlapMs: 1_000, nowMs: 20, random: randomBytes };
      expect(await rotateKey(store, expired.id, place, again)).toEqual({ kind: 'ended' });
      const { key } = await make('laptop');
      for (let n = 0; n < MAX_OLD_TOKENS; n += 1) await rotate(key.id, 1_000);
      expect(await rotateKey(store, key.id, place, again)).toEqual({ kind: 'too_many' });
      await rotate(key.id, 0, 1_020);
      await revokeKey(store, key.id, 1_021, place);
      expect(await rotateKey(store, key.id, place, { ...again, nowMs: 2_000 })).toEqual({ kind: 'ended' });
    });

    it('of two at once is one', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { key, token } = await make(`laptop ${round}`);
        const rotation = { overlapMs: 1_000, nowMs: 20, random: randomBytes };
        const both = await Promise.all([1, 2].map(() => rotateKey(store, key.id, place, rotation)));
        const made = both.flatMap((one) => (one.kind === 'rotated' ? [one] : []));
        // Where the second began when the first was done, it is a rotation like any other.
        expect(both.filter(({ kind }) => kind !== 'rotated').every(({ kind }) => kind === 'overtaken')).toBe(
          true,
        );
        expect(made.length).toBeGreaterThan(0);
        const old = (await oldTokensOf(store, [key.id], 30)).get(key.id)!;
        expect(old).toHaveLength(made.length);
        for (const one of [token, ...made.map((each) => each.token)])
          expect((await findByHash(store, hashToken(one)))?.id).toBe(key.id);
      }
    });

    it('at the moment of a revocation leaves nothing that works', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { key } = await make(`laptop ${round}`);
        const rotation = { overlapMs: 1_000, nowMs: 20, random: randomBytes };
        await Promise.all([
          rotateKey(store, key.id, place, rotation),
          revokeKey(store, key.id, 20, place),
          changeKey(store, key.id, { name: 'x' }, place),
        ]);
        expect((await findKey(store, key.id, place))?.revokedAtMs).toBe(20);
      }
    });
  });

  describe('the list', () => {
    it('comes page by page, newest first, and a cursor of elsewhere shows nothing of there', async () => {
      const other = await createWorkspace(store, 'other', 5);
      const theirs = await createKey(store, { workspaceId: other.id, name: 'theirs' }, 10, randomBytes);
      for (const name of ['a', 'b', 'c', 'd', 'e']) await make(name);
      const first = await list({ limit: 2 });
      expect(first.map(({ name }) => name)).toEqual(['e', 'd']);
      expect(await names({ limit: 2, after: first[1]!.id })).toEqual(['c', 'b']);
      expect(await names({ after: theirs.key.id })).toEqual([]);
    });

    it('finds by state, member, agent, name and text', async () => {
      await make('Gone');
      await revokeKey(store, (await list())[0]!.id, 20, place);
      await make('old', { expiresAtMs: 50 });
      await make('laptop', { memberId: 'mem_1', agentId: 'coder', description: 'Of the Build' });
      await make('Lapdog', { tags: ['team:a'] });
      expect(await names({ state: 'revoked' })).toEqual(['Gone']);
      expect(await names({ state: 'expired' })).toEqual(['old']);
      expect(await names({ state: 'active' })).toEqual(['Lapdog', 'laptop']);
      expect(await names({ memberId: 'mem_1' })).toEqual(['laptop']);
      expect(await names({ agentId: 'coder' })).toEqual(['laptop']);
      expect(await names({ namePrefix: 'lap' })).toEqual(['Lapdog', 'laptop']);
      expect(await names({ namePrefix: 'top' })).toEqual([]);
      expect(await names({ search: 'of the b' })).toEqual(['laptop']);
      expect(await names({ search: 'team:A' })).toEqual(['Lapdog']);
    });

    it.each(['%', '_', '%%%%%%', '!', "' or 1=1 --", '\\'])('takes %j for itself', async (search) => {
      await make('laptop');
      expect(await names({ search })).toEqual([]);
      expect(await names({ namePrefix: search })).toEqual([]);
      await make(`a${search}b`);
      expect(await names({ search })).toEqual([`a${search}b`]);
    });

    it('keeps honeypots apart', async () => {
      await make('laptop');
      const { key } = await make('bait', { isHoneypot: true });
      expect(key.isHoneypot).toBe(true);
      expect(await names()).toEqual(['laptop']);
      expect(await names({ isHoneypot: true })).toEqual(['bait']);
    });
  });

  it('the first workspace is made once', async () => {
    expect(await ensureFirstWorkspace(store, 2)).toEqual(workspace);
  });
});
