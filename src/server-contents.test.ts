/** Contents from the road to the database and back: in each mode, for who may read them, for as long as they may stay. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../test/support/stores.ts';
import { type ExchangeId, newId, type WorkspaceId } from './base/ids.ts';
import { silentLog } from './base/log.ts';
import type { NotedContent } from './gateway/content-noted.ts';
import { prepareContent } from './gateway/content-prepare.ts';
import { sweepContents } from './ledger/content-retention.ts';
import { shredKeysOfGone } from './registry/content-keys.ts';
import { contentDaysOf, type KeptMode, setPrivacy } from './registry/privacy.ts';
import { createVault, type Vault } from './registry/vault.ts';
import { createWorkspace, ensureFirstWorkspace } from './registry/workspaces.ts';
import { type Contents, openContents } from './server-contents.ts';
import type { Store } from './store/store.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.UTC(2030, 5, 20);
const ceiling = { content: 'full', retentionDays: 30 } as const;
const side = (text: string) => ({ bytes: Buffer.from(text), totalBytes: Buffer.byteLength(text) });

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'contents kept on $name',
  (under) => {
    let store: Store;
    let here: WorkspaceId;
    let there: WorkspaceId;
    let contents: Contents;
    let nowMs = NOW;
    let vault: Vault | undefined;
    const modes = new Map<WorkspaceId, KeptMode>();
    const open = () =>
      openContents({
        ...{ store, log: silentLog, clock: { now: () => nowMs, monotonic: () => nowMs } },
        vault: () => vault,
        modes: () => modes,
        ceiling: () => ceiling,
        prepare: async (content) => prepareContent(content),
      });
    beforeEach(async () => {
      store = (await under.open()).store;
      nowMs = NOW;
      vault = createVault(randomBytes(32), randomBytes);
      here = (await ensureFirstWorkspace(store, 1)).id;
      there = (await createWorkspace(store, 'there', 2)).id;
      modes.clear();
      modes.set(here, 'full');
      modes.set(there, 'full');
      contents = open();
    });
    afterEach(async () => {
      await contents.stop();
      await store.close();
    });
    afterAll(() => under.remove());

    const noted = (more: Partial<NotedContent> = {}): NotedContent => ({
      exchangeId: newId('exc'),
      workspaceId: here,
      memberId: undefined,
      keyId: 'key_1',
      mode: 'full',
      startedAtMs: nowMs,
      format: 'openai-chat',
      isChat: true,
      status: 200,
      contentType: 'application/json',
      request: side('{"q":"my key is sk-proj-aB3dE5gH7jK9aB3dE5"}'),
      reply: side('{"a":"keep it"}'),
      ...more,
    });
    /** Written, and its process ended. */
    async function keep(...all: readonly NotedContent[]): Promise<readonly ExchangeId[]> {
      for (const one of all) contents.log.take(one);
      await contents.stop();
      contents = open();
      return all.map(({ exchangeId }) => exchangeId);
    }

    it('gives back what was said, to its own workspace alone', async () => {
      const [id] = await keep(noted());
      const read = await contents.read(here, id!);
      expect(read).toMatchObject({
        mode: 'full',
        content: { status: 200, reply: { text: '{"a":"keep it"}' } },
      });
      expect(await contents.read(there, id!)).toBeUndefined();
    });

    it('VAULT-01: opens no content in a workspace that its row was moved to', async () => {
      const [id] = await keep(noted());
      await store.write([store.kysely.updateTable('contents').set({ workspace_id: there })]);
      expect(await contents.read(there, id!)).toMatchObject({ content: 'unreadable' });
    });

    it.each([
      ['less', 'redacted', 'redacted'],
      ['nothing', undefined, undefined],
    ] as const)('keeps %s where that is wanted by the time it is written', async (_name, mode, kept) => {
      if (mode) modes.set(here, mode);
      else modes.delete(here);
      const [id] = await keep(noted());
      const read = await contents.read(here, id!);
      expect(read?.mode).toBe(kept);
      if (read) expect(JSON.stringify(read.content)).toContain('[api-key]');
    });

    it('PRIV-01: is over after its days, for who reads at once and in the tables after the next sweep', async () => {
      await setPrivacy(store, here, { content: 'full', retentionDays: 1 }, NOW);
      await setPrivacy(store, there, { content: 'full' }, NOW);
      const [mine, theirs] = await keep(noted(), noted({ workspaceId: there }));
      nowMs += 2 * DAY_MS;
      expect(await contents.read(here, mine!)).toBeUndefined();
      expect(await contents.read(there, theirs!)).toBeDefined();
      const signal = new AbortController().signal;
      const daysOf = (id: WorkspaceId) => contentDaysOf(store, id, ceiling);
      const sweep = () =>
        sweepContents({ store, daysOf, nowMs, pause: async () => {}, signal, log: silentLog });
      expect(await sweep()).toBe(1);
      const left = await store.kysely
        .selectFrom('contents')
        .select(['exchange_id', 'workspace_id'])
        .execute();
      expect(left).toEqual([{ exchange_id: theirs, workspace_id: there }]);
      nowMs += 29 * DAY_MS;
      expect(await sweep()).toBe(1);
      expect(await sweep()).toBe(0);
      if ('database' in store) {
        const { database } = store as { database: { pragma(text: string): unknown } };
        expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      }
    });

    it('goes with its workspace', async () => {
      const [id] = await keep(noted({ workspaceId: there }));
      await store.change([
        store.kysely.updateTable('workspaces').set({ deleted_at: NOW }).where('id', '=', there),
      ]);
      nowMs += 1;
      expect(await contents.read(there, id!)).toBeUndefined();
      expect(await contentDaysOf(store, there, ceiling)).toBe(0);
      await keep(noted());
      await shredKeysOfGone(store);
      const keys = await store.kysely.selectFrom('content_keys').select('workspace_id').execute();
      expect(keys).toEqual([{ workspace_id: here }]);
    });

    it('is shredded with its member, and nobody else’s is', async () => {
      const [of1, of2, ofNone] = await keep(
        noted({ memberId: 'mem_1' }),
        noted({ memberId: 'mem_2' }),
        noted(),
      );
      // The key was deleted, and the rows were not reached.
      const rows = await store.kysely.selectFrom('contents').selectAll().execute();
      expect(await contents.erase({ workspaceId: here, memberId: 'mem_1' })).toBe(1);
      expect(await contents.read(here, of1!)).toBeUndefined();
      await store.write([
        store.kysely.insertInto('contents').values(rows.find((row) => row.member_id === 'mem_1')!),
      ]);
      expect(await contents.read(here, of1!)).toMatchObject({ content: 'unreadable' });
      expect(await contents.read(here, of2!)).toMatchObject({ content: { status: 200 } });
      expect(await contents.read(here, ofNone!)).toMatchObject({ content: { status: 200 } });
    });

    it('of one member is read page by page', async () => {
      const ids = await keep(...Array.from({ length: 230 }, () => noted({ memberId: 'mem_1' })), noted());
      const read: string[] = [];
      for await (const { exchangeId } of contents.readAll(here, 'mem_1')) read.push(exchangeId);
      expect(read).toEqual(ids.slice(0, 230));
    });

    it('is not kept without a master key, and kept again with one', async () => {
      const good = vault;
      vault = undefined;
      const before = noted();
      contents.log.take(before);
      await contents.stop();
      expect(contents.log.stats()).toMatchObject({ kept: 0, failed: 1 });
      vault = good;
      contents = open();
      const [after] = await keep(noted());
      expect(await contents.read(here, before.exchangeId)).toBeUndefined();
      expect(await contents.read(here, after!)).toBeDefined();
    });

    it('is unreadable with another master key, and what comes then is not', async () => {
      const [before] = await keep(noted());
      vault = createVault(randomBytes(32), randomBytes);
      expect(await contents.read(here, before!)).toMatchObject({ content: 'unreadable' });
    });

    it('whose row was put elsewhere does not open', async () => {
      const [id, other] = await keep(noted({ memberId: 'mem_1' }), noted({ memberId: 'mem_1' }));
      const { sealed } = await store.kysely
        .selectFrom('contents')
        .select('sealed')
        .where('exchange_id', '=', id!)
        .executeTakeFirstOrThrow();
      await store.write([
        store.kysely.updateTable('contents').set({ sealed }).where('exchange_id', '=', other!),
      ]);
      expect(await contents.read(here, other!)).toMatchObject({ content: 'unreadable' });
    });
  },
);
