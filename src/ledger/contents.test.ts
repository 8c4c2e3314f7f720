/** Contents in the database: written while their key is there, found by who may, and gone without a trace. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import {
  type ContentRow,
  countContents,
  findContent,
  insertContents,
  listContents,
  removeContents,
  workspacesWithContents,
} from './contents.ts';

const HERE = 'ws_here' as WorkspaceId;
const THERE = 'ws_there' as WorkspaceId;
const KEY = 'ckey_1' as const;

const content = (more: Partial<ContentRow> = {}): ContentRow => ({
  exchangeId: newId('exc'),
  workspaceId: HERE,
  keyId: 'key_1',
  contentKeyId: KEY,
  mode: 'full',
  sealed: randomBytes(30).toString('base64url'),
  createdAtMs: 1_000,
  ...more,
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'contents on $name',
  (under) => {
    let store: Store;
    beforeEach(async () => {
      store = (await under.open()).store;
      const key = { id: KEY, workspace_id: HERE, member_id: null, sealed: 'x', created_at: 1 };
      await store.write([store.kysely.insertInto('content_keys').values(key)]);
    });
    afterEach(() => store.close());
    afterAll(() => under.remove());

    it('gives back what was written, to its own workspace and while it is young enough', async () => {
      const row = content({ memberId: 'mem_1' });
      expect(await insertContents(store, [row])).toEqual([true]);
      expect(await findContent(store, HERE, row.exchangeId, 0)).toEqual(row);
      expect(await findContent(store, HERE, row.exchangeId, 1_000)).toEqual(row);
      expect(await findContent(store, HERE, row.exchangeId, 1_001)).toBeUndefined();
      expect(await findContent(store, THERE, row.exchangeId, 0)).toBeUndefined();
    });

    it('writes an exchange once', async () => {
      const row = content();
      await insertContents(store, [row]);
      expect(await insertContents(store, [{ ...row, sealed: 'other' }])).toEqual([false]);
      expect(await findContent(store, HERE, row.exchangeId, 0)).toEqual(row);
    });

    it('does not write what nobody could read', async () => {
      const rows = [content(), content({ contentKeyId: 'ckey_gone' })];
      expect(await insertContents(store, rows)).toEqual([true, false]);
      expect(await countContents(store, HERE)).toEqual({ exchanges: 1, oldestAtMs: 1_000 });
    });

    it('lists those of a member page by page', async () => {
      const own = [1, 2, 3].map(() => content({ memberId: 'mem_1' }));
      await insertContents(store, [...own, content({ memberId: 'mem_2' }), content()]);
      const query = { workspaceId: HERE, memberId: 'mem_1', sinceMs: 0 };
      const first = await listContents(store, query, '', 2);
      const rest = await listContents(store, query, first.at(-1)!.exchangeId, 2);
      expect([...first, ...rest]).toEqual(own);
      expect(await listContents(store, { ...query, workspaceId: THERE }, '', 10)).toEqual([]);
    });

    it.each([
      ['what is older', { beforeMs: 2_000 }, ['c', 'd']],
      ['those of a member', { memberId: 'mem_1' }, ['b', 'd']],
      ['all of a workspace', {}, []],
    ])('removes %s', async (_name, old, left) => {
      const rows = {
        a: content({ memberId: 'mem_1' }),
        b: content(),
        c: content({ createdAtMs: 2_000, memberId: 'mem_1' }),
        d: content({ createdAtMs: 2_000 }),
        other: content({ workspaceId: THERE }),
      };
      await insertContents(store, Object.values(rows));
      expect(await removeContents(store, { workspaceId: HERE, ...old }, 1)).toBe(1);
      while ((await removeContents(store, { workspaceId: HERE, ...old }, 1)) > 0);
      const kept = Object.entries(rows).map(async ([name, row]) =>
        (await findContent(store, row.workspaceId, row.exchangeId, 0)) ? name : '',
      );
      expect((await Promise.all(kept)).filter((name) => name !== '')).toEqual([...left, 'other']);
    });

    it('leaves nothing of what it removes in the file', async () => {
      if (!('database' in store)) return;
      const long = Array.from({ length: 20 }, () =>
        content({ sealed: randomBytes(15_000).toString('base64url') }),
      );
      await insertContents(store, long);
      expect(await removeContents(store, { workspaceId: HERE }, 50)).toBe(20);
      const bytes = (store.database as { serialize(): Buffer }).serialize();
      for (const { sealed, exchangeId } of long) {
        for (let at = 0; at + 40 < sealed.length; at += 3_000)
          expect(bytes.includes(sealed.slice(at, at + 40))).toBe(false);
        expect((await findContent(store, HERE, exchangeId, 0)) === undefined).toBe(true);
      }
    });

    it('names the workspaces there is something of', async () => {
      expect(await workspacesWithContents(store)).toEqual([]);
      expect(await countContents(store, HERE)).toEqual({ exchanges: 0 });
      await insertContents(store, [content(), content({ workspaceId: THERE }), content()]);
      expect(await workspacesWithContents(store)).toEqual([HERE, THERE]);
    });
  },
);
