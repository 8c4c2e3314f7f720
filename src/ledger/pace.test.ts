/** The pace of late, from the rollups of every store: whose it is, how far back, and what becomes of it. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { budgetDefaults, type Period, readScope, type ScopeKind } from '../base/budget.ts';
import { nanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import type { Budget } from './budget.ts';
import { openWindows } from './budget-windows.ts';
import { projectWindows, recentPaces } from './pace.ts';
import { DAY_MS, HOUR_MS } from './rollup.ts';

const DAY = Date.parse('2026-11-21T00:00:00Z');
const NOW = DAY + 12 * HOUR_MS + 30 * 60_000;
const usd = (dollars: number) => nanoUsd(BigInt(dollars) * 1_000_000_000n);

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    beforeEach(async () => {
      ({ store } = await open());
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    const none = { entries: 1, errors: 0, estimated: 0, unpriced: 0, input_tokens: 0, cache_read_tokens: 0 };
    const more = {
      cache_write_5m_tokens: 0,
      cache_write_1h_tokens: 0,
      output_tokens: 0,
      reasoning_tokens: 0,
    };
    const rest = {
      audio_input_tokens: 0,
      audio_output_tokens: 0,
      latency_ms: 0,
      ttft_ms: 0,
      ttft_entries: 0,
    };
    interface Spent {
      readonly hoursAgo: number;
      readonly dollars: number;
      readonly agent?: string;
      readonly key?: `key_${string}`;
      readonly model?: string;
      readonly workspace?: `ws_${string}`;
    }
    /** Into both rollups, as a batch would. */
    async function spend(...all: readonly Spent[]): Promise<void> {
      for (const { hoursAgo, dollars, agent = '', key = 'key_1', model = 'gpt', workspace = 'ws_1' } of all) {
        const atMs = NOW - hoursAgo * HOUR_MS;
        const columns = {
          ...{
            workspace_id: workspace,
            key_id: key,
            member_id: '',
            agent_id: agent,
            provider: 'openai',
            model,
          },
          ...none,
          ...more,
          ...rest,
          cost_nano: usd(dollars),
          latency_histogram: '[]',
        };
        await store.write([
          store.kysely
            .insertInto('usage_hours')
            .values({ ...columns, hour: Math.floor(atMs / HOUR_MS) * HOUR_MS }),
          store.kysely
            .insertInto('usage_days')
            .values({ ...columns, day: Math.floor(atMs / DAY_MS) * DAY_MS })
            .onConflict((conflict) =>
              conflict
                .columns(['workspace_id', 'key_id', 'member_id', 'agent_id', 'provider', 'model', 'day'])
                .doUpdateSet((eb) => ({ cost_nano: eb('usage_days.cost_nano', '+', usd(dollars)) })),
            ),
        ]);
      }
    }
    const paces = (scopeKind: ScopeKind, period: Period, ...subjects: string[]) =>
      recentPaces(store, { workspaceId: 'ws_1', scopeKind, period }, subjects, NOW);

    it('knows whose spend it is', async () => {
      await spend(
        { hoursAgo: 1, dollars: 1, agent: 'coder', key: 'key_a', model: 'gpt' },
        { hoursAgo: 2, dollars: 2, agent: 'coder', key: 'key_b', model: 'o3' },
        { hoursAgo: 1, dollars: 4, agent: 'other', key: 'key_b', model: 'o3' },
        { hoursAgo: 1, dollars: 8, agent: 'coder', workspace: 'ws_2' },
      );
      const spent = async (kind: ScopeKind, subject: string) =>
        (await paces(kind, 'day', subject)).get(subject)?.spent;
      expect(await spent('workspace', 'ws_1')).toBe(usd(7));
      expect(await spent('agent', 'coder')).toBe(usd(3));
      expect(await spent('key', 'key_b')).toBe(usd(6));
      expect(await spent('provider', 'openai')).toBe(usd(7));
      expect(await spent('model', 'openai/o3')).toBe(usd(6));
      expect(await spent('agent', 'nobody')).toBe(usd(0));
      for (const kind of ['session', 'end-user', 'pipeline'] as const)
        expect(await spent(kind, 'coder')).toBeUndefined();
      expect([...(await paces('agent', 'day', 'coder', 'other')).keys()].sort()).toEqual(['coder', 'other']);
    });

    it.each<[period: Period, spent: number, since: number]>([
      ['day', 3, DAY + 8 * HOUR_MS],
      ['rolling:2', 1, DAY + 10 * HOUR_MS],
      ['week', 7, DAY - DAY_MS],
      ['month', 15, DAY - 5 * DAY_MS],
      ['total', 15, DAY - 5 * DAY_MS],
      ['rolling:744', 15, DAY - 5 * DAY_MS],
    ])('goes back as far as a %s needs', async (period, spent, sinceMs) => {
      await spend(
        { hoursAgo: 2, dollars: 1 },
        { hoursAgo: 4, dollars: 2 },
        { hoursAgo: 30, dollars: 4 },
        { hoursAgo: 120, dollars: 8 },
        { hoursAgo: 9 * 24, dollars: 16 },
      );
      expect((await paces('workspace', period, 'ws_1')).get('ws_1')).toEqual({ spent: usd(spent), sinceMs });
    });

    it('projects the open windows of a budget', async () => {
      const budget: Budget = {
        ...budgetDefaults,
        ...{ id: 'bud_1', workspaceId: 'ws_1', name: 'coders', scope: readScope('agent:*')!, limit: usd(25) },
        ...{ period: 'day', version: 1 },
      };
      const window = { budget_id: budget.id, start_at: DAY, end_at: DAY + DAY_MS, limit_nano: usd(25) };
      const plain = { reserved_nano: 0n, blocked_at: null, alert_nano: null };
      await store.write([
        store.kysely.insertInto('budget_windows').values([
          { ...window, ...plain, subject: 'coder', settled_nano: usd(10) },
          { ...window, ...plain, subject: 'idle', settled_nano: usd(5) },
          { ...window, ...plain, subject: 'new', settled_nano: 0n },
        ]),
      ]);
      await spend({ hoursAgo: 2, dollars: 5, agent: 'coder' });
      const { windows } = (await openWindows(store, [budget], NOW, 10)).get(budget.id)!;
      const found = await projectWindows(store, budget, windows, NOW);
      // $5 in the two and a half hours since 10:00.
      expect(found.get('coder')).toEqual({
        projected: usd(33),
        crossesAtMs: NOW + 7.5 * HOUR_MS,
        basis: 'recent',
      });
      expect(found.get('idle')).toMatchObject({
        projected: usd(5),
        crossesAtMs: undefined,
        basis: 'recent',
      });
      expect(found.has('new')).toBe(false);
    });
  },
);
