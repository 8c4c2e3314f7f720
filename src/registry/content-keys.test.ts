/** Keys of contents: one for each owner, sealed by the vault, of no use anywhere else, and shredded for good. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import {
  type ContentKey,
  ensureContentKey,
  findContentKey,
  openContent,
  sealContent,
  shredContentKeys,
} from './content-keys.ts';
import { sealedTables } from './sealed-rows.ts';
import { createVault } from './vault.ts';
import { vaultKeyOf } from './vault-key.ts';
import { beginRotation, rewrapRows } from './vault-rotation.ts';

const HERE = 'ws_here' as WorkspaceId;
const owners = [
  { workspaceId: HERE, memberId: undefined },
  { workspaceId: HERE, memberId: 'mem_1' },
  { workspaceId: 'ws_there' as WorkspaceId, memberId: 'mem_1' },
] as const;
const master = randomBytes(32);
const vault = createVault(Buffer.from(master), randomBytes);
const context = { nowMs: 5, random: randomBytes };
const text = Buffer.from('what was said');

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'content keys on $name',
  (under) => {
    let store: Store;
    beforeEach(async () => {
      store = (await under.open()).store;
    });
    afterEach(() => store.close());
    afterAll(() => under.remove());

    const keysOf = async (): Promise<ContentKey[]> => {
      const keys: ContentKey[] = [];
      for (const owner of owners) keys.push((await ensureContentKey(store, vault, owner, context))!);
      return keys;
    };

    it('are made once for each owner', async () => {
      const [first, second] = [await keysOf(), await keysOf()];
      expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
      expect(new Set(first.map(({ id }) => id)).size).toBe(owners.length);
    });

    it('open what they sealed, as content of the same exchange', async () => {
      const [key, other] = await keysOf();
      const exchange = newId('exc');
      const sealed = sealContent(key!, exchange, text, randomBytes);
      const again = await findContentKey(store, vault, key!.id);
      expect(openContent(again!, exchange, sealed)).toEqual(text);
      expect(openContent(key!, newId('exc'), sealed)).toBeUndefined();
      expect(openContent(other!, exchange, sealed)).toBeUndefined();
      expect(openContent(key!, exchange, `${sealed.slice(0, -8)}AAAAAAAA`)).toBeUndefined();
      expect(openContent(key!, exchange, '')).toBeUndefined();
      expect(openContent({ ...key!, workspaceId: 'ws_x' as WorkspaceId }, exchange, sealed)).toBeUndefined();
      expect(sealContent(key!, exchange, text, randomBytes)).not.toBe(sealed);
    });

    it('do not open as somebody else’s row, nor with another master key', async () => {
      const [key] = await keysOf();
      const elsewhere = createVault(randomBytes(32), randomBytes);
      expect(await findContentKey(store, elsewhere, key!.id)).toBeUndefined();
      expect(await findContentKey(store, undefined, key!.id)).toBeUndefined();
      expect(await ensureContentKey(store, elsewhere, owners[0], context)).toBeUndefined();
      await store.write([
        store.kysely.updateTable('content_keys').set({ workspace_id: 'ws_x' as WorkspaceId }),
      ]);
      expect(await findContentKey(store, vault, key!.id)).toBeUndefined();
    });

    it('go with a change of master keys', async () => {
      const [key] = await keysOf();
      const next = vaultKeyOf(randomBytes(32));
      const both = createVault([...vault.keys, next], randomBytes);
      await beginRotation(store, both, next, { nowMs: 5, random: randomBytes });
      const after = { table: sealedTables.findIndex(({ name }) => name === 'content_keys'), id: '' };
      expect(await rewrapRows(store, both, next, { after, limit: 100 })).toMatchObject({
        moved: owners.length,
      });
      expect(await rewrapRows(store, both, next, { after, limit: 100 })).toMatchObject({ moved: 0 });
      const opened = await findContentKey(store, createVault([next], randomBytes), key!.id);
      expect(opened?.key.equals(key!.key)).toBe(true);
    });

    it.each([
      ['a member', owners[1], [true, false, true]],
      ['a workspace', owners[0], [false, false, true]],
    ])('are shredded: those of %s', async (_name, owner, left) => {
      const keys = await keysOf();
      await shredContentKeys(store, owner);
      const found = await Promise.all(keys.map(({ id }) => findContentKey(store, vault, id)));
      expect(found.map((key) => key !== undefined)).toEqual(left);
    });

    it('leave nothing of a shredded one in the file', async () => {
      if (store.dialect !== 'sqlite' || !('database' in store)) return;
      const [key] = await keysOf();
      const { sealed } = await store.kysely
        .selectFrom('content_keys')
        .select('sealed')
        .where('id', '=', key!.id)
        .executeTakeFirstOrThrow();
      await shredContentKeys(store, owners[0]);
      const database = store.database as { serialize(): Buffer };
      expect(database.serialize().includes(sealed.slice(-40))).toBe(false);
    });
  },
);
