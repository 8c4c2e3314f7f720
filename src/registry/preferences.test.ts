/** Preferences of members: what is not said is as the workspace has it, and the monthly budget comes and goes with them. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { nanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import { archiveBudget, listBudgets, loadBudgets } from './budgets.ts';
import { ensureMember, type Member, removeMember, suspendMember } from './members.ts';
import { clearPreferences, findPreferences, loadPreferences, setPreferences } from './preferences.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let here: WorkspaceId;
  let ada: Member;
  beforeEach(async () => {
    ({ store } = await open());
    here = (await ensureFirstWorkspace(store, 1)).id;
    ada = await ensureMember(store, 'per_ada', 'member', { workspaceId: here, nowMs: 1 });
  });
  afterEach(() => store.close());
  afterAll(remove);

  const context = (nowMs = 10) => ({
    workspaceId: here,
    memberId: ada.id,
    nowMs,
    calendarChangeAt: () => undefined,
  });
  const five = nanoUsd(5_000_000_000n);

  it('are nothing at first', async () => {
    expect(await findPreferences(store, context())).toEqual({ record: undefined, budget: undefined });
    await clearPreferences(store, context());
    expect(await loadPreferences(store)).toEqual([]);
  });

  it('are set as a whole, with a budget of the member, and move the revision', async () => {
    const before = store.revision.current();
    const terms = { provider: 'openai', model: 'gpt-4o', fallback: ['fast', 'slow'], hasFallback: true };
    const set = await setPreferences(store, terms, five, context());
    expect(store.revision.current()).toBe(before + 1);
    expect(set.record).toEqual({ ...terms, memberId: ada.id, workspaceId: here, updatedAtMs: 10 });
    expect(set.budget).toMatchObject({
      scope: { kind: 'member', id: ada.id },
      period: 'month',
      limit: five,
      enforcement: 'hard',
    });
    const less = await setPreferences(store, { hasFallback: false }, nanoUsd(7n), context(20));
    expect(less.record).toEqual({ hasFallback: false, memberId: ada.id, workspaceId: here, updatedAtMs: 20 });
    expect(less.budget).toMatchObject({ id: set.budget!.id, limit: 7n });
    expect(await loadPreferences(store)).toEqual([less.record]);
    const none = await setPreferences(store, { model: 'x' }, undefined, context(30));
    expect(none.budget).toBeUndefined();
    expect(await loadBudgets(store)).toEqual([]);
    expect(await listBudgets(store, here, true)).toHaveLength(1);
  });

  it('end with their budget', async () => {
    await setPreferences(store, { model: 'x' }, five, context());
    const before = store.revision.current();
    await clearPreferences(store, context(20));
    expect(store.revision.current()).toBe(before + 1);
    expect(await findPreferences(store, context())).toEqual({ record: undefined, budget: undefined });
    expect(await loadBudgets(store)).toEqual([]);
  });

  it('have one budget, however many set them at once', async () => {
    await Promise.all(
      [1n, 2n, 3n, 4n].map((limit) =>
        setPreferences(store, { model: `m${limit}` }, nanoUsd(limit), context()),
      ),
    );
    const { record, budget } = await findPreferences(store, context());
    expect(await loadBudgets(store)).toEqual([budget]);
    expect(record?.model).toMatch(/^m[1-4]$/);
  });

  it('know of a budget that somebody else has archived', async () => {
    const { budget } = await setPreferences(store, {}, five, context());
    await archiveBudget(store, budget!.id, { workspaceId: here, nowMs: 15 });
    expect((await findPreferences(store, context())).budget).toBeUndefined();
    expect((await setPreferences(store, {}, five, context(20))).budget?.id).not.toBe(budget!.id);
  });

  it('are of one workspace, and count for who is let in', async () => {
    const there = (await createWorkspace(store, 'other', 2)).id;
    await setPreferences(store, { model: 'x' }, undefined, context());
    expect((await findPreferences(store, { ...context(), workspaceId: there })).record).toBeUndefined();
    await clearPreferences(store, { ...context(), workspaceId: there });
    expect(await loadPreferences(store)).toHaveLength(1);
    const by = { workspaceId: here, nowMs: 20, by: { role: 'owner' as const } };
    await suspendMember(store, ada.id, by);
    expect(await loadPreferences(store)).toEqual([]);
    await removeMember(store, ada.id, by);
    expect(await loadPreferences(store)).toEqual([]);
  });
});
