// Credentials in the registry: saved, replaced, loaded, removed, and never opened where they do not belong.
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { Secret } from '../base/secret.ts';
import type { Store } from '../store/store.ts';
import {
  type CredentialContext,
  type CredentialRecord,
  changeCredential,
  listCredentials,
  loadCredential,
  loadCredentials,
  MAX_OF_MEMBER,
  MAX_OF_WORKSPACE,
  type NewCredential,
  noteValidated,
  removeCredential,
  removeOwnQuery,
  type SavedCredential,
  saveCredential,
  touchCredentials,
} from './credentials.ts';
import { createVault, type Vault } from './vault.ts';
import { judgeFacts, readVaultFacts } from './vault-state.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const vault = createVault(randomBytes(32), randomBytes);
const stranger = createVault(randomBytes(32), randomBytes);

const wanted = (text: string, more: Partial<NewCredential> = {}): NewCredential => ({
  provider: 'openai',
  label: 'default',
  secret: new Secret(text),
  weight: 1,
  ...more,
});

function done(saved: SavedCredential): CredentialRecord {
  if (saved.kind !== 'done') throw new Error(saved.kind);
  return saved.credential;
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'credentials on $name',
  (under) => {
    let store: Store;
    let context: CredentialContext;
    beforeEach(async () => {
      store = (await under.open()).store;
      const { id } = await ensureFirstWorkspace(store, 1);
      context = { workspaceId: id, nowMs: 10 };
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const save = async (text: string, more: Partial<NewCredential> = {}) =>
      done(await saveCredential(store, vault, wanted(text, more), context));
    const judge = async (one?: Vault) => judgeFacts(await readVaultFacts(store), one);
    const loaded = async () =>
      (await loadCredentials(store, vault, context.workspaceId)).map((one) =>
        one.ok ? one.secret.reveal() : one.reason,
      );

    it('are kept, and move the revision', async () => {
      const before = store.revision.current();
      const made = await save('sk-proj-0123456789abcdefghijklmnopqrstuv', { weight: 3, validatedAtMs: 9 });
      expect(made).toMatchObject({
        workspaceId: context.workspaceId,
        provider: 'openai',
        label: 'default',
        preview: 'sk-proj\u2026stuv',
        weight: 3,
        createdAtMs: 10,
        validatedAtMs: 9,
      });
      expect(await listCredentials(store, context.workspaceId)).toEqual([made]);
      expect(await loaded()).toEqual(['sk-proj-0123456789abcdefghijklmnopqrstuv']);
      expect(store.revision.current()).toBe(before + 1);
    });
    it('are in the order of provider and label', async () => {
      await save('b', { label: 'two' });
      await save('a', { label: 'one' });
      await save('c', { provider: 'anthropic' });
      expect(await loaded()).toEqual(['c', 'a', 'b']);
    });
    it('are replaced by their label, under another id', async () => {
      const first = await save('old');
      await save('kept', { label: 'other' });
      const again = await saveCredential(store, vault, wanted('new'), { ...context, nowMs: 20 });
      expect(again).toMatchObject({ kind: 'done', isReplaced: true });
      expect(done(again).id).not.toBe(first.id);
      expect(await loaded()).toEqual(['new', 'kept']);
    });
    it('are removed, secret and all', async () => {
      const made = await save('sk-1');
      expect(await removeCredential(store, made.id, context)).toEqual(made);
      expect(await removeCredential(store, made.id, context)).toBeUndefined();
      expect(await store.kysely.selectFrom('credentials').selectAll().execute()).toEqual([]);
    });
    it('are taken out of use, weighed, noted as good and as used', async () => {
      const made = await save('sk-1');
      const change = (input: Parameters<typeof changeCredential>[2], nowMs: number) =>
        changeCredential(store, made.id, input, { ...context, nowMs });
      expect(await change({ isDisabled: true }, 20)).toMatchObject({ disabledAtMs: 20, weight: 1 });
      expect(await change({ isDisabled: true, weight: 4 }, 30)).toMatchObject({
        disabledAtMs: 20,
        weight: 4,
      });
      expect(await change({ isDisabled: false }, 40)).not.toHaveProperty('disabledAtMs');
      await noteValidated(store, made.id, 50);
      await touchCredentials(store, new Map([[made.id, 60]]));
      await touchCredentials(
        store,
        new Map([
          [made.id, 55],
          ['env:OPENAI_API_KEY', 70],
        ]),
      );
      expect(await listCredentials(store, context.workspaceId)).toEqual([
        { ...made, weight: 4, validatedAtMs: 50, lastUsedAtMs: 60 },
      ]);
    });
    it('of another workspace are none', async () => {
      const made = await save('sk-1');
      const other = await createWorkspace(store, 'other', 1);
      expect(await listCredentials(store, other.id)).toEqual([]);
      expect(await loadCredential(store, vault, made.id, other.id)).toBeUndefined();
      expect(await removeCredential(store, made.id, { workspaceId: other.id })).toBeUndefined();
      expect(await changeCredential(store, made.id, { weight: 9 }, { workspaceId: other.id, nowMs: 1 })).toBe(
        undefined,
      );
      expect(await loaded()).toEqual(['sk-1']);
    });
    it.each(['workspace_id', 'provider', 'sealed', 'id'] as const)(
      'do not open where %s was swapped between rows of two workspaces',
      async (column) => {
        const other = await createWorkspace(store, 'other', 1);
        const mine = await save('sk-mine');
        const theirs = done(
          await saveCredential(store, vault, wanted('sk-theirs', { provider: 'anthropic', label: 'b' }), {
            workspaceId: other.id,
            nowMs: 1,
          }),
        );
        const rows = await store.kysely.selectFrom('credentials').selectAll().execute();
        const of = (id: string) => rows.find((row) => row.id === id)!;
        const set = (id: string, values: object) =>
          store.kysely
            .updateTable('credentials')
            .set(values)
            .where('id', '=', id as typeof mine.id);
        await store.write([
          set(mine.id, { [column]: column === 'id' ? 'cred_between' : of(theirs.id)[column] }),
          set(theirs.id, { [column]: of(mine.id)[column] }),
          set('cred_between', { id: of(theirs.id).id }),
        ]);
        const all = await Promise.all(
          [context.workspaceId, other.id].map((id) => loadCredentials(store, vault, id)),
        );
        expect(all.flat().map((one) => (one.ok ? one.secret.reveal() : one.reason))).toEqual([
          'broken',
          'broken',
        ]);
      },
    );
    it("do not become a member's, nor a member's the workspace's", async () => {
      const made = await save('sk-1');
      const stolen = {
        ...(await store.kysely.selectFrom('credentials').selectAll().executeTakeFirstOrThrow()),
      };
      const sealed = vault.seal(new Secret('sk-of-a-member'), {
        workspaceId: context.workspaceId,
        memberId: 'mem_1',
        provider: 'openai',
        credentialId: made.id,
      });
      await store.write([store.kysely.updateTable('credentials').set({ ...stolen, sealed })]);
      expect(await loaded()).toEqual(['broken']);
    });
    it('know by which master key they were sealed', async () => {
      expect([await judge(), await judge(vault)]).toEqual([{ kind: 'empty' }, { kind: 'empty' }]);
      const made = await save('sk-1');
      await save('sk-2', { label: 'b' });
      expect(await judge(vault)).toMatchObject({ kind: 'fits', sealed: 2 });
      expect(await judge(stranger)).toEqual({ kind: 'other', sealed: 2 });
      expect(await judge()).toEqual({ kind: 'missing', sealed: 2 });
      expect(await loadCredential(store, stranger, made.id, context.workspaceId)).toMatchObject({
        ok: false,
        reason: 'other_key',
      });
      expect(await loadCredential(store, undefined, made.id, context.workspaceId)).toMatchObject({
        ok: false,
        reason: 'other_key',
      });
    });
    it('are never sealed by two master keys', async () => {
      const made = await save('sk-1');
      expect(await saveCredential(store, stranger, wanted('sk-2', { label: 'b' }), context)).toEqual({
        kind: 'other_key',
      });
      expect(await loaded()).toEqual(['sk-1']);
      await removeCredential(store, made.id, context);
      expect(done(await saveCredential(store, stranger, wanted('sk-2'), context)).label).toBe('default');
      expect(await judge(stranger)).toMatchObject({ kind: 'fits', sealed: 1 });
    });
    it('of two saved at once with two master keys, the first stays', async () => {
      const both = await Promise.all(
        [vault, stranger].map((one, index) =>
          saveCredential(store, one, wanted('sk', { label: String(index) }), context),
        ),
      );
      expect(both.map(({ kind }) => kind).toSorted()).toEqual(['done', 'other_key']);
    });
    it('of a member are found as that member alone', async () => {
      const mine = { ...context, memberId: 'mem_1' };
      const made = done(await saveCredential(store, vault, wanted('sk-1'), mine));
      await save('sk-2');
      expect(made.memberId).toBe('mem_1');
      for (const memberId of [undefined, 'mem_2']) {
        expect(await removeCredential(store, made.id, { ...context, memberId })).toBeUndefined();
        expect(await changeCredential(store, made.id, { weight: 2 }, { ...context, memberId })).toBe(
          undefined,
        );
      }
      expect(done(await saveCredential(store, vault, wanted('sk-3'), mine)).id).not.toBe(made.id);
      expect((await loaded()).toSorted()).toEqual(['sk-2', 'sk-3']);
    });
    it('of a member go with it', async () => {
      const mine = { ...context, memberId: 'mem_1' };
      await saveCredential(store, vault, wanted('sk-1'), mine);
      await saveCredential(store, vault, wanted('sk-2'), { ...context, memberId: 'mem_2' });
      await save('sk-3');
      await store.change([removeOwnQuery(store, mine)]);
      expect((await loaded()).toSorted()).toEqual(['sk-2', 'sk-3']);
    });
    it('of one member have an end, which is none for others', async () => {
      const mine = { ...context, memberId: 'mem_1' };
      await saveCredential(store, vault, wanted('sk-0'), mine);
      const [row] = await store.kysely.selectFrom('credentials').selectAll().execute();
      const more = Array.from({ length: MAX_OF_MEMBER - 1 }, (_, index) => ({
        ...row!,
        id: `cred_${index}` as const,
        label: `more-${index}`,
      }));
      await store.write([store.kysely.insertInto('credentials').values(more)]);
      const save = async (holder: CredentialContext) =>
        (await saveCredential(store, vault, wanted('sk-1', { label: 'one-more' }), holder)).kind;
      expect(await save(mine)).toBe('too_many');
      expect(await save(context)).toBe('done');
      expect(await save({ ...context, memberId: 'mem_2' })).toBe('done');
    });
    it('have an end', async () => {
      await save('sk-0');
      const [row] = await store.kysely.selectFrom('credentials').selectAll().execute();
      const more = Array.from({ length: MAX_OF_WORKSPACE - 1 }, (_, index) => ({
        ...row!,
        id: `cred_${index}` as const,
        label: String(index),
      }));
      for (let at = 0; at < more.length; at += 50)
        await store.write([store.kysely.insertInto('credentials').values(more.slice(at, at + 50))]);
      expect(await saveCredential(store, vault, wanted('x', { label: 'x' }), context)).toEqual({
        kind: 'too_many',
      });
      expect(done(await saveCredential(store, vault, wanted('x'), context)).label).toBe('default');
    });
    it('show no secret in whatever is printed', async () => {
      const made = await save('sk-canary-0123456789');
      const things = [
        made,
        await loadCredentials(store, vault, context.workspaceId),
        wanted('sk-canary-0123456789'),
        vault,
      ];
      for (const thing of things) {
        for (const text of [
          JSON.stringify(thing),
          inspect(thing, { depth: 10, showHidden: true }),
          `${thing}`,
        ])
          expect(text).not.toContain('canary');
      }
    });
  },
);
