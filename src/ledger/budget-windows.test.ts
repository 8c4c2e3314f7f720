/** The open windows of budgets: which rows count, and what is left. */
import type { Insertable } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { budgetDefaults } from '../base/budget.ts';
import { nanoUsd } from '../base/money.ts';
import type { BudgetWindowsTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Budget } from './budget.ts';
import { openWindows, remainingOf, resetOf } from './budget-windows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-21T18:30:00Z');
const HOUR_START = Date.parse('2026-11-21T18:00:00Z');
const DAY_START = Date.parse('2026-11-21T00:00:00Z');

const budget = (more: Partial<Budget> = {}): Budget => ({
  ...budgetDefaults,
  id: 'bud_1',
  workspaceId: 'ws_1',
  name: 'b',
  scope: { kind: 'agent', id: '*' },
  limit: nanoUsd(100n),
  period: 'day',
  version: 1,
  ...more,
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'open windows on $name',
  (under) => {
    let store: Store;
    beforeEach(async () => {
      store = (await under.open()).store;
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const put = (
      subject: string,
      start: number,
      end: number,
      more: Partial<Insertable<BudgetWindowsTable>> = {},
    ) =>
      store.write([
        store.kysely.insertInto('budget_windows').values({
          budget_id: 'bud_1',
          subject,
          start_at: start,
          end_at: end,
          limit_nano: 50n,
          settled_nano: 10n,
          reserved_nano: 5n,
          blocked_at: null,
          ...more,
        }),
      ]);
    const open = async (of: Budget, limit = 10) => (await openWindows(store, [of], NOW, limit)).get(of.id)!;

    it('are those of now, the fullest first, with the limit of now', async () => {
      await put('a', DAY_START, DAY_START + DAY, { requests: 3, refusals: 2, overruns: 1, blocked_at: 7 });
      await put('b', DAY_START, DAY_START + DAY, { reserved_nano: 60n, settled_nano: 90n });
      await put('a', DAY_START - DAY, DAY_START);
      await put('z', DAY_START + DAY, DAY_START + 2 * DAY);
      await put('c', DAY_START, DAY_START + DAY, { budget_id: 'bud_2' });
      const { windows, count } = await open(budget());
      expect(count).toBe(2);
      expect(windows.map(({ subject }) => subject)).toEqual(['b', 'a']);
      expect(windows[1]).toEqual({
        subject: 'a',
        startMs: DAY_START,
        endMs: DAY_START + DAY,
        limit: 100n,
        settled: 10n,
        reserved: 5n,
        requests: 3,
        refusals: 2,
        overruns: 1,
        blockedAtMs: 7,
      });
      expect(windows.map(remainingOf)).toEqual([-50n, 85n]);
      expect(await open(budget(), 1)).toMatchObject({ windows: [{ subject: 'b' }], count: 2 });
    });

    it('of a rolling period are the sum of its hours, the oldest one whole', async () => {
      for (const hours of [0, 1, 5, 6])
        await put('a', HOUR_START - hours * HOUR, HOUR_START - (hours - 1) * HOUR);
      const { windows, count } = await open(budget({ period: 'rolling:5' }));
      expect(count).toBe(1);
      expect(windows).toMatchObject([
        { settled: 30n, reserved: 15n, startMs: HOUR_START - 5 * HOUR, endMs: HOUR_START + HOUR },
      ]);
    });

    it.each<[string, Budget['scope'], string[]]>([
      ['one value', { kind: 'agent', id: 'coder' }, ['coder']],
      ['a workspace', { kind: 'workspace', id: '*' }, ['ws_1']],
      ['each value', { kind: 'agent', id: '*' }, []],
    ])('of a budget for %s that nobody touched', async (_name, scope, subjects) => {
      const { windows, count } = await open(budget({ scope }));
      expect(windows.map(({ subject }) => subject)).toEqual(subjects);
      expect(windows.map(remainingOf)).toEqual(subjects.map(() => 100n));
      expect(count).toBe(subjects.length);
    });

    it('come back when their window ends, if it does', async () => {
      expect(resetOf(budget(), { startMs: 0, endMs: 5 })).toBe(5);
      expect(resetOf(budget({ period: 'total' }), { startMs: 0, endMs: 5 })).toBeUndefined();
    });

    it('refuse to reserve less than nothing', async () => {
      await expect(put('a', 0, 1, { reserved_nano: -1n })).rejects.toThrow(/check/i);
    });
  },
);
