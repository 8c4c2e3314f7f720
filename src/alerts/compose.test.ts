/** Messages of rows on every store: what is looked up of the budget and its pace, and until when. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budgetAlert, HOUR_MS, NOW } from '../../test/support/outbox.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { BudgetAlert } from '../ledger/alert.ts';
import type { Store } from '../store/store.ts';
import { composeMessage } from './compose.ts';

const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n;

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    beforeEach(async () => {
      ({ store } = await open());
      const budget = {
        id: 'bud_1',
        workspace_id: 'ws_1',
        scope_kind: 'agent',
        enforcement: 'hard',
        period: 'day',
        mode: 'worst-case',
        source: 'api',
        ...{ name: 'coders', scope_id: '*', limit_nano: usd(25), time_zone: 'Asia/Tokyo', anchor_day: 1 },
        ...{
          output_cap: null,
          queue_ms: 0,
          thresholds: '[80]',
          version: 3,
          created_at: 1,
          archived_at: null,
        },
        ...{ before_time_zone: null, before_anchor_day: null, before_until: null },
      } as const;
      const usage = {
        workspace_id: 'ws_1',
        key_id: 'key_1',
        ...{ member_id: '', agent_id: 'coder', provider: 'p', model: 'm' },
        ...{ entries: 1, errors: 0, estimated: 0, unpriced: 0, input_tokens: 0, cache_read_tokens: 0 },
        ...{ cache_write_5m_tokens: 0, cache_write_1h_tokens: 0, output_tokens: 0, reasoning_tokens: 0 },
        ...{ audio_input_tokens: 0, audio_output_tokens: 0, latency_ms: 0, ttft_ms: 0, ttft_entries: 0 },
        ...{ latency_histogram: '[]', hour: NOW - 2 * HOUR_MS, cost_nano: usd(2) },
      } as const;
      await store.change([
        store.kysely.insertInto('workspaces').values({ id: 'ws_1', name: 'w', created_at: 1 }),
        store.kysely.insertInto('budgets').values(budget),
        store.kysely.insertInto('usage_hours').values(usage),
      ]);
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    const compose = (change: Partial<BudgetAlert>, lateMs = 0) => {
      const alert = budgetAlert(change);
      const row = { id: 'one', topic: alert.topic, payload: JSON.stringify(alert), atMs: alert.at };
      return composeMessage(store, row, NOW + lateMs);
    };

    it('tells the zone of the budget, its action and where spend is going', async () => {
      const message = await compose({});
      expect(message).toMatchObject({ id: 'one', topic: 'budget.threshold', atMs: NOW });
      // A dollar an hour for twelve hours more; five dollars are left.
      expect(message!.lines.slice(1)).toEqual([
        'It counts the day that began 21 Nov 2026 09:00 and resets 22 Nov 2026 09:00 (Asia/Tokyo).',
        'At this pace the limit is reached on 22 Nov 2026 02:00 (Asia/Tokyo), and $32.00 is spent by the reset.',
        'Requests that would pass the limit are refused.',
      ]);
      expect(message!.data).toMatchObject({ action: 'block', projectedUsd: '32.000000001' });
    });
    it.each<[what: string, change: Partial<BudgetAlert>, lateMs: number]>([
      ['that comes late', {}, 11 * 60_000],
      ['of a refusal', { topic: 'budget.blocked', threshold: null }, 0],
    ])('tells no pace %s', async (_what, change, lateMs) => {
      const message = await compose(change, lateMs);
      expect(message!.lines.join('\n')).not.toContain('pace');
      expect(message!.data).toMatchObject({ projectedUsd: null, crossesAt: null });
    });
    it('tells of a budget that is gone what its row says', async () => {
      const message = await compose({ budgetId: 'bud_gone' });
      expect(message!.lines[1]).toContain('(UTC)');
      expect(message!.data).toMatchObject({ action: null });
    });
  },
);
