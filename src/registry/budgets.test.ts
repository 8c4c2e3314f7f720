/** Budgets in the registry: made, changed, archived, and held equal to a file. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { type BudgetTerms, budgetDefaults } from '../base/budget.ts';
import { nanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import {
  archiveBudget,
  type BudgetContext,
  type BudgetOutcome,
  type BudgetRecord,
  changeBudget,
  createBudget,
  listBudgets,
  loadBudgets,
  reconcileBudgets,
} from './budgets.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const terms = (name: string, more: Partial<BudgetTerms> = {}): BudgetTerms => ({
  ...budgetDefaults,
  name,
  scope: { kind: 'workspace', id: '*' },
  limit: nanoUsd(25_000_000_000n),
  period: 'month',
  ...more,
});

function done(outcome: BudgetOutcome): BudgetRecord {
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome.budget;
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'budgets on $name',
  (under) => {
    let store: Store;
    let context: BudgetContext;
    beforeEach(async () => {
      store = (await under.open()).store;
      const { id } = await ensureFirstWorkspace(store, 1);
      context = { workspaceId: id, nowMs: 10, calendarChangeAt: (_, nowMs) => nowMs + 90 };
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const at = (nowMs: number): BudgetContext => ({ ...context, nowMs });
    const make = async (name: string, more?: Partial<BudgetTerms>) =>
      done(await createBudget(store, terms(name, more), context));
    const named = async () => (await listBudgets(store, context.workspaceId)).map(({ name }) => name);

    it('are kept as they were made, to the nano-dollar', async () => {
      const made = await make('fine', {
        scope: { kind: 'agent', id: 'coder' },
        limit: nanoUsd(999_999_999_999_999_999n),
        enforcement: 'soft',
        period: 'rolling:24',
        timeZone: 'Asia/Kathmandu',
        anchorDay: 28,
        outputCap: 4096,
        queueMs: 0,
        thresholds: [],
        mode: 'incremental',
      });
      expect(made).toMatchObject({
        version: 1,
        source: 'api',
        createdAtMs: 10,
        outputCap: 4096,
        thresholds: [],
      });
      expect(made.id).toMatch(/^bud_/);
      expect(await listBudgets(store, context.workspaceId)).toEqual([made]);
      expect(await loadBudgets(store)).toEqual([made]);
    });

    it('have a name of their own among those that are not archived', async () => {
      const first = await make('a');
      expect(await createBudget(store, terms('a'), context)).toEqual({ kind: 'name_taken' });
      const second = await make('b');
      expect(await changeBudget(store, second.id, { name: 'a' }, context)).toEqual({ kind: 'name_taken' });
      await archiveBudget(store, first.id, context);
      expect(done(await changeBudget(store, second.id, { name: 'a' }, context)).name).toBe('a');
      const other = await createWorkspace(store, 'other', 1);
      expect((await createBudget(store, terms('a'), { workspaceId: other.id, nowMs: 1 })).kind).toBe('done');
    });

    it('grow their version and the revision with each change, and with nothing else', async () => {
      const { id } = await make('a', { outputCap: 1 });
      const before = store.revision.current();
      const raised = done(await changeBudget(store, id, { limit: nanoUsd(1n), outputCap: null }, context));
      expect(raised).toMatchObject({ limit: 1n, version: 2 });
      expect(raised.outputCap).toBeUndefined();
      expect(
        done(await changeBudget(store, id, { limit: nanoUsd(1n), thresholds: [50, 80, 100] }, context)),
      ).toEqual(raised);
      expect(store.revision.current()).toBe(before + 1);
    });

    it('take changes that come together one after the other', async () => {
      const { id } = await make('a');
      await Promise.all([
        changeBudget(store, id, { limit: nanoUsd(7n) }, context),
        changeBudget(store, id, { queueMs: 7 }, context),
        changeBudget(store, id, { enforcement: 'soft' }, context),
      ]);
      expect(await loadBudgets(store)).toMatchObject([
        { limit: 7n, queueMs: 7, enforcement: 'soft', version: 4 },
      ]);
    });

    it('row 28: keep their calendar until the end of the window that is open', async () => {
      const { id } = await make('a', { anchorDay: 5 });
      const moved = done(await changeBudget(store, id, { timeZone: 'Asia/Tokyo' }, at(10)));
      const before = { timeZone: 'UTC', anchorDay: 5, untilMs: 100 };
      expect(moved).toMatchObject({ timeZone: 'Asia/Tokyo', before });
      // The window that is open does not move, however often the plan for the next one is changed.
      const again = done(await changeBudget(store, id, { anchorDay: 9, timeZone: 'Europe/Rome' }, at(50)));
      expect(again).toMatchObject({ timeZone: 'Europe/Rome', anchorDay: 9, before });
      const later = done(await changeBudget(store, id, { anchorDay: 1 }, at(200)));
      expect(later.before).toEqual({ timeZone: 'Europe/Rome', anchorDay: 9, untilMs: 290 });
      expect(done(await changeBudget(store, id, { limit: nanoUsd(3n) }, at(900))).before).toEqual(
        later.before,
      );
      const total = await make('b', { period: 'total' });
      const endless = { ...context, calendarChangeAt: () => undefined };
      expect(
        done(await changeBudget(store, total.id, { timeZone: 'Asia/Tokyo' }, endless)).before,
      ).toBeUndefined();
    });

    it('stay when they are archived, count no more, and cannot be changed', async () => {
      const { id } = await make('a');
      const archived = done(await archiveBudget(store, id, at(20)));
      expect(archived.archivedAtMs).toBe(20);
      expect(done(await archiveBudget(store, id, at(30)))).toEqual(archived);
      expect(await loadBudgets(store)).toEqual([]);
      expect(await named()).toEqual([]);
      expect(await listBudgets(store, context.workspaceId, true)).toEqual([archived]);
      expect(await changeBudget(store, id, { queueMs: 1 }, context)).toEqual({ kind: 'archived' });
    });

    it('of another workspace are out of reach', async () => {
      const { id } = await make('a');
      const other = { ...context, workspaceId: (await createWorkspace(store, 'other', 5)).id };
      expect(await changeBudget(store, id, { queueMs: 1 }, other)).toEqual({ kind: 'unknown' });
      expect(await archiveBudget(store, id, other)).toEqual({ kind: 'unknown' });
      expect(await listBudgets(store, other.workspaceId)).toEqual([]);
    });

    describe('of a file', () => {
      const declare = (...declared: BudgetTerms[]) => reconcileBudgets(store, declared, context);

      it('are made, changed and archived as it says, and those of the API are left alone', async () => {
        await make('mine');
        expect(await declare(terms('a', { outputCap: 5 }), terms('b'))).toMatchObject({
          created: ['a', 'b'],
        });
        const [a] = await listBudgets(store, context.workspaceId);
        expect(a).toMatchObject({ name: 'a', source: 'file', outputCap: 5 });
        const next = await declare(terms('a', { limit: nanoUsd(1n) }), terms('c'));
        expect(next).toEqual({ created: ['c'], changed: ['a'], archived: ['b'], taken: [] });
        expect(await named()).toEqual(['a', 'c', 'mine']);
        const after = (await listBudgets(store, context.workspaceId))[0]!;
        expect(after).toMatchObject({ id: a!.id, limit: 1n, version: 2 });
        expect(after.outputCap).toBeUndefined();
      });

      it('change nothing when it says the same again', async () => {
        await declare(terms('a'), terms('b'));
        const before = store.revision.current();
        expect(await declare(terms('b'), terms('a'))).toEqual({
          created: [],
          changed: [],
          archived: [],
          taken: [],
        });
        expect(store.revision.current()).toBe(before);
      });

      it('begin anew with another scope or period', async () => {
        await declare(terms('a'));
        const [first] = await loadBudgets(store);
        expect(await declare(terms('a', { period: 'day' }))).toMatchObject({
          created: ['a'],
          archived: ['a'],
        });
        const [second] = await loadBudgets(store);
        expect(second).toMatchObject({ name: 'a', period: 'day', version: 1 });
        expect(second!.id).not.toBe(first!.id);
        await declare(terms('a', { period: 'day', scope: { kind: 'agent', id: '*' } }));
        expect((await loadBudgets(store))[0]!.id).not.toBe(second!.id);
      });

      it('can be changed and archived in the file alone', async () => {
        await declare(terms('a'));
        const [{ id }] = (await loadBudgets(store)) as [BudgetRecord];
        expect(await changeBudget(store, id, { queueMs: 1 }, context)).toEqual({ kind: 'declared' });
        expect(await archiveBudget(store, id, context)).toEqual({ kind: 'declared' });
      });

      it('may not have the name of one that the API made: nothing is changed then', async () => {
        await make('a');
        expect(await declare(terms('b'), terms('a'))).toEqual({
          created: [],
          changed: [],
          archived: [],
          taken: ['a'],
        });
        expect(await named()).toEqual(['a']);
      });
    });
  },
);
