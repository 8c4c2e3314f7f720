/** Events in the transaction of their change, and the chain that shows when somebody was at them: on every store. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { findHead, linkAudit } from './audit-chain.ts';
import { type AuditActor, listAudit, recordAudit } from './audit-events.ts';
import { cutAudit } from './audit-retention.ts';
import { type AuditDraft, audited, auditedWork, createScope, inScope } from './audit-scope.ts';
import { verifyChain } from './audit-verify.ts';
import { createWorkspace } from './workspaces.ts';

const NOW = 1_795_219_200_000;
const ada: AuditActor = { id: 'mem_ada', name: 'Ada', role: 'admin', via: 'session', address: '127.0.0.1' };

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'audit on $name',
  (underTest) => {
    let raw: Store;
    let store: Store;
    let ws: WorkspaceId;
    let told: number;
    beforeEach(async () => {
      raw = (await underTest.open()).store;
      told = 0;
      store = audited(raw, { now: () => NOW, onEvent: () => (told += 1) });
      ws = (await createWorkspace(store, 'one', NOW)).id;
    });
    afterEach(() => raw.close());
    afterAll(() => underTest.remove());

    const draft = (more: Partial<AuditDraft> = {}): AuditDraft => ({
      workspaceId: ws,
      actor: ada,
      action: 'settings.set',
      ...more,
    });
    const set = (key: string, value: string) => raw.kysely.insertInto('settings').values({ key, value });
    const events = () => listAudit(raw, { workspaceId: ws, limit: 100 }, 'asc');
    const record = async (...actions: string[]): Promise<void> => {
      for (const action of actions)
        await recordAudit(store, { workspaceId: ws, actor: ada, action, outcome: 'done' }, NOW);
    };

    describe('in the transaction', () => {
      it('one change, one event, with what was changed', async () => {
        const scope = createScope(draft({ detail: { body: { name: 'x', password: 'hunter2' } } }));
        await inScope(scope, async () => {
          await createWorkspace(store, 'two', NOW);
          await store.write([set('further', '1')]);
        });
        const [event, ...more] = await events();
        expect(more).toEqual([]);
        expect(event).toMatchObject({ actor: ada, action: 'settings.set', outcome: 'done', atMs: NOW });
        expect(event!.target).toMatch(/^ws_/);
        expect(event!.detail).toEqual({
          body: { name: 'x', password: '[removed]' },
          writes: [{ kind: 'insert', table: 'workspaces', after: expect.objectContaining({ name: 'two' }) }],
        });
        expect([scope.state, told]).toEqual(['written', 1]);
      });

      it('says what it was and what it became', async () => {
        await inScope(createScope(draft()), () =>
          store.change([
            raw.kysely.updateTable('workspaces').set({ name: 'new', created_at: NOW }).where('id', '=', ws),
          ]),
        );
        expect((await events())[0]!.detail.writes).toEqual([
          { kind: 'update', table: 'workspaces', before: { name: 'one' }, after: { name: 'new' } },
        ]);
        await inScope(createScope(draft()), () =>
          store.change([raw.kysely.deleteFrom('workspaces').where('id', '=', ws)]),
        );
        expect((await events())[1]!.detail.writes).toMatchObject([
          { kind: 'delete', table: 'workspaces', before: { id: ws, name: 'new' } },
        ]);
      });

      it('a change that fails has no event, and the next one of the scope has', async () => {
        const scope = createScope(draft());
        await inScope(scope, async () => {
          await store.write([set('taken', '1')]).catch(() => undefined);
          await expect(store.write([set('other', '1'), set('taken', '2')])).rejects.toThrow();
        });
        expect(await events()).toHaveLength(1);
        const failed = createScope(draft());
        await inScope(failed, () => store.write([set('taken', '3')]).catch(() => undefined));
        expect([failed.state, (await events()).length]).toEqual(['open', 1]);
        expect(
          await raw.kysely.selectFrom('settings').select('key').where('key', '=', 'other').execute(),
        ).toEqual([]);
      });

      it('gives the counts of the caller’s own statements', async () => {
        const counts = await inScope(createScope(draft()), () =>
          store.write([set('a', '1'), raw.kysely.deleteFrom('settings').where('key', '=', 'nobody')]),
        );
        expect(counts).toEqual([1, 0]);
      });

      it('carries further statements along, once', async () => {
        const scope = createScope(draft());
        scope.along.push(set('along', '1'));
        await inScope(scope, async () => {
          await store.write([set('a', '1')]);
          await store.write([set('b', '1')]);
        });
        const keys = await raw.kysely
          .selectFrom('settings')
          .select('key')
          .where('key', 'in', ['a', 'b', 'along'])
          .execute();
        expect(keys).toHaveLength(3);
      });

      it('what a request leaves behind of itself carries no event', async () => {
        const scope = createScope(draft());
        await inScope(scope, async () => {
          await store.write([raw.kysely.deleteFrom('idempotency_keys')]);
          expect(scope.state).toBe('open');
          await store.write([set('a', '1')]);
        });
        expect((await events())[0]!.detail.writes).toMatchObject([{ table: 'settings' }]);
      });

      it('nothing is told of what is written outside, or after the scope has ended', async () => {
        await store.write([set('outside', '1')]);
        let late: Promise<unknown> | undefined;
        let go = (): void => undefined;
        const gate = new Promise<void>((done) => (go = done));
        await inScope(createScope(draft()), async () => {
          late = gate.then(() => store.write([set('late', '1')]));
        });
        go();
        await late;
        expect(await events()).toEqual([]);
      });

      it('work of its own has an event for each transaction, in the workspace that it makes', async () => {
        await auditedWork(draft({ workspaceId: undefined, action: 'installation.prepare' }), async () => {
          await createWorkspace(store, 'three', NOW);
          await store.write([set('x', '1')]);
        });
        const all = await raw.kysely
          .selectFrom('audit_events')
          .select('workspace_id')
          .orderBy('id')
          .execute();
        // What says nothing of a workspace is told in the oldest.
        expect(all.map(({ workspace_id }) => workspace_id === ws)).toEqual([false, true]);
      });
    });

    describe('the chain', () => {
      const row = (position: number) =>
        raw.kysely
          .selectFrom('audit_events')
          .selectAll()
          .where('position', '=', position)
          .executeTakeFirstOrThrow();
      const remove = (position: number) =>
        raw.write([raw.kysely.deleteFrom('audit_events').where('position', '=', position)]);
      const problems = async () => (await verifyChain(raw, ws)).problems;

      it('links in order, and is whole', async () => {
        await record('a.one', 'a.two', 'a.three');
        expect(await verifyChain(raw, ws)).toMatchObject({ isSound: true, events: 0, unlinked: 3 });
        expect(await linkAudit(raw)).toBe(3);
        expect(await linkAudit(raw)).toBe(0);
        await record('a.four');
        await linkAudit(raw);
        const report = await verifyChain(raw, ws);
        expect(report).toMatchObject({
          isSound: true,
          events: 4,
          unlinked: 0,
          cutAt: 0,
          head: { position: 4 },
        });
        expect(report.head).toEqual(await findHead(raw, ws));
        expect((await events()).map(({ link, action }) => [link?.position, action])).toEqual([
          [1, 'a.one'],
          [2, 'a.two'],
          [3, 'a.three'],
          [4, 'a.four'],
        ]);
      });

      it('each workspace has its own', async () => {
        const other = (await createWorkspace(store, 'other', NOW)).id;
        await record('a.one');
        await recordAudit(store, { workspaceId: other, actor: ada, action: 'b.one', outcome: 'done' }, NOW);
        await record('a.two');
        await linkAudit(raw);
        expect((await verifyChain(raw, other)).head.position).toBe(1);
        expect((await verifyChain(raw, ws)).head.position).toBe(2);
        // A row of one in the chain of the other is found out.
        await raw.write([
          raw.kysely
            .updateTable('audit_events')
            .set({ workspace_id: ws, position: 3 })
            .where('workspace_id', '=', other),
        ]);
        expect(await problems()).not.toEqual([]);
        expect((await verifyChain(raw, other)).problems).toEqual(['event 1 is missing']);
      });

      it('finds an edited row, whatever of it was edited', async () => {
        await record('a.one', 'a.two', 'a.three');
        await linkAudit(raw);
        const was = await row(2);
        const put = (values: object) =>
          raw.write([raw.kysely.updateTable('audit_events').set(values).where('position', '=', 2)]);
        for (const [column, value] of Object.entries({
          actor_id: 'mem_bob',
          actor_name: 'Bob',
          actor_role: null,
          via: 'file',
          address: null,
          action: 'a.none',
          target: 'key_other',
          outcome: 'refused',
          detail: '{"b":1}',
          at: NOW - 1,
          id: 'aud_00000000000000000000000000',
        })) {
          await put({ [column]: value });
          const found = await problems();
          expect(found, column).toHaveLength(1);
          expect(found[0]).toMatch(/^event 2 \(aud_\w+\) is not what was linked at this place$/);
          await put({ [column]: was[column as keyof typeof was] });
          expect(await problems()).toEqual([]);
        }
      });

      it('finds a deleted row, and several', async () => {
        await record('a.one', 'a.two', 'a.three', 'a.four');
        await linkAudit(raw);
        await remove(2);
        expect(await problems()).toEqual(['event 2 is missing']);
        await remove(3);
        expect(await problems()).toEqual(['events 2 to 3 are missing']);
        await remove(1);
        expect(await problems()).toEqual(['events 1 to 3 are missing']);
      });

      it('finds a deleted row whose followers were moved up', async () => {
        await record('a.one', 'a.two', 'a.three');
        await linkAudit(raw);
        await remove(2);
        await raw.write([
          raw.kysely.updateTable('audit_events').set({ position: 2 }).where('position', '=', 3),
        ]);
        expect((await problems()).join()).toMatch(/event 2 .* does not follow.*event 3 is missing/);
      });

      it('finds a swapped pair', async () => {
        await record('a.one', 'a.two', 'a.three');
        await linkAudit(raw);
        const [one, two] = [await row(1), await row(2)];
        const put = (id: typeof one.id, { position, prev_hash, hash }: typeof one) =>
          raw.kysely.updateTable('audit_events').set({ position, prev_hash, hash }).where('id', '=', id);
        await raw.write([
          raw.kysely.updateTable('audit_events').set({ position: 99 }).where('id', '=', two.id),
          put(one.id, two),
          put(two.id, one),
        ]);
        expect(await problems()).toHaveLength(2);
      });

      it('finds an inserted row', async () => {
        await record('a.one', 'a.two');
        await linkAudit(raw);
        const two = await row(2);
        await raw.write([
          raw.kysely
            .insertInto('audit_events')
            .values({ ...two, id: 'aud_forged', position: 3, prev_hash: two.hash }),
        ]);
        const found = await problems();
        expect(found.join()).toMatch(/event 3 \(aud_forged\) is not what was linked/);
        expect(found.join()).toMatch(/noted to end at 2, but goes on to 3/);
      });

      it('finds a cut tail, and one that was cut with the note of its end when the end was noted elsewhere', async () => {
        await record('a.one', 'a.two', 'a.three');
        await linkAudit(raw);
        const noted = await findHead(raw, ws);
        const before = (await row(2)).hash!;
        await remove(3);
        expect(await problems()).toEqual(['event 3 is missing']);
        await raw.write([
          raw.kysely
            .updateTable('settings')
            .set({ value: `${'2'.padStart(15, '0')}:${before}` })
            .where('key', '=', `audit_head:${ws}`),
        ]);
        expect(await problems()).toEqual([]);
        const report = await verifyChain(raw, ws, noted);
        expect(report.problems).toEqual(['event 3 is not the one that was noted elsewhere']);
        expect((await verifyChain(raw, ws, { position: 2, hash: before })).isSound).toBe(true);
      });

      it('a lost note of the end is no end', async () => {
        await record('a.one');
        await linkAudit(raw);
        await raw.write([raw.kysely.deleteFrom('settings').where('key', '=', `audit_head:${ws}`)]);
        expect(await problems()).toEqual(['the chain was noted to end at 0, but goes on to 1']);
      });
    });

    describe('taking old ones away', () => {
      const cut = (beforeMs: number) =>
        cutAudit(store, {
          beforeMs,
          nowMs: NOW,
          pause: async () => undefined,
          signal: new AbortController().signal,
        });
      beforeEach(async () => {
        for (const [action, atMs] of [
          ['a.one', NOW - 3000],
          ['a.two', NOW - 2000],
          ['a.three', NOW - 1000],
        ] as const)
          await recordAudit(store, { workspaceId: ws, actor: ada, action, outcome: 'done' }, atMs);
        await linkAudit(raw);
      });

      it('is signed off by an event, and what is left is whole', async () => {
        expect(await cut(NOW - 1500)).toBe(2);
        expect(await verifyChain(raw, ws)).toMatchObject({ isSound: true, cutAt: 2, events: 1, unlinked: 1 });
        await linkAudit(raw);
        expect(await verifyChain(raw, ws)).toMatchObject({ isSound: true, cutAt: 2, events: 2, unlinked: 0 });
        expect(await cut(NOW - 1500)).toBe(0);
        expect((await events()).map(({ action }) => action)).toEqual(['a.three', 'audit.cut']);
      });
      it('all of them, and it goes on', async () => {
        expect(await cut(NOW)).toBe(3);
        await record('a.four');
        await linkAudit(raw);
        expect(await verifyChain(raw, ws)).toMatchObject({ isSound: true, cutAt: 3, events: 2 });
      });
      it('a cut that nobody signed off is none', async () => {
        const [two] = await raw.kysely
          .selectFrom('audit_events')
          .selectAll()
          .where('position', '=', 2)
          .execute();
        await raw.write([
          raw.kysely.deleteFrom('audit_events').where('position', '<=', 2),
          set(`audit_checkpoint:${ws}`, `${'2'.padStart(15, '0')}:${two!.hash}`),
        ]);
        expect((await verifyChain(raw, ws)).problems).toEqual([
          'events 1 to 2 are missing, and no event says that they were taken away',
        ]);
      });
    });

    describe('asked for', () => {
      it('newest first, in pages, by who, what, on what, how it went and when', async () => {
        const event = (action: string, more: object = {}, atMs = NOW) =>
          recordAudit(store, { workspaceId: ws, actor: ada, action, outcome: 'done', ...more }, atMs);
        await event('budgets.create', { target: 'bud_1' }, NOW - 10);
        await event('budgets.change', { target: 'bud_1' });
        await event('budgetsx.create');
        await event('keys.create', { actor: { ...ada, id: 'mem_bob' }, outcome: 'refused' }, NOW + 10);
        const ask = async (query: object) =>
          (await listAudit(raw, { workspaceId: ws, limit: 10, ...query })).map(({ action }) => action);
        expect(await ask({})).toEqual(['keys.create', 'budgetsx.create', 'budgets.change', 'budgets.create']);
        const [first] = await listAudit(raw, { workspaceId: ws, limit: 1 });
        expect(await ask({ after: first!.id, limit: 2 })).toEqual(['budgetsx.create', 'budgets.change']);
        expect(await ask({ actor: 'mem_bob' })).toEqual(['keys.create']);
        expect(await ask({ action: 'budgets.*' })).toEqual(['budgets.change', 'budgets.create']);
        expect(await ask({ action: 'budgets.create' })).toEqual(['budgets.create']);
        expect(await ask({ action: '%' })).toEqual([]);
        expect(await ask({ target: 'bud_1' })).toEqual(['budgets.change', 'budgets.create']);
        expect(await ask({ outcome: 'refused' })).toEqual(['keys.create']);
        expect(await ask({ sinceMs: NOW, untilMs: NOW + 10 })).toEqual(['budgetsx.create', 'budgets.change']);
        expect(await listAudit(raw, { workspaceId: 'ws_other', limit: 10 })).toEqual([]);
      });
    });
  },
);
