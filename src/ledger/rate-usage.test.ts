/** What is used of rate limits now. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { type RateFigures, type RateLimit, readRateScope } from '../base/rate-limit.ts';
import type { RateLimitsTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { compileRateLimits } from './rate-limits.ts';
import { rateUsage } from './rate-usage.ts';

const NOW = 1_800_000_000_000;
const NOW_US = NOW * 1_000;
const SECOND_US = 1_000_000;

const rule = (scope: string, figures: RateFigures): RateLimit => ({
  id: `lim_${scope}`,
  workspaceId: 'ws_1',
  scope: readRateScope(scope)!,
  burstSeconds: 60,
  version: 1,
  ...figures,
});
const row = (
  subject: string,
  metric: RateLimitsTable['metric'],
  seconds: number,
  inFlight = 0,
): RateLimitsTable => ({
  subject,
  metric,
  full_at_us: seconds === 0 ? 0 : NOW_US + seconds * SECOND_US,
  in_flight: inFlight,
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'the use of rate limits on $name',
  (under) => {
    let store: Store;
    beforeEach(async () => {
      store = (await under.open()).store;
      const key = (id: string, workspace_id: string) =>
        ({ id, workspace_id, name: id, preview: '' }) as const;
      await store.write([
        ...['ws_1', 'ws_2'].map((id) =>
          store.kysely.insertInto('workspaces').values({ id: id as 'ws_1', name: id, created_at: 1 }),
        ),
        ...[key('key_1', 'ws_1'), key('key_2', 'ws_1'), key('key_3', 'ws_2')].map((one) =>
          store.kysely.insertInto('keys').values({ ...one, token_hash: one.id, created_at: 1 } as never),
        ),
      ]);
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const put = (...rows: RateLimitsTable[]) =>
      store.write(rows.map((one) => store.kysely.insertInto('rate_limits').values(one)));
    const usage = async (limits: readonly RateLimit[], limit = 10) => {
      const found = await rateUsage(store, limits, compileRateLimits(limits), NOW, limit);
      return limits.map(({ id }) => {
        const { uses, count } = found.get(id)!;
        return [...uses.map((one) => `${one.subject} ${one.metric} ${one.used}/${one.limit}`), count];
      });
    };

    it('is what has not come back, and how many are under way', async () => {
      const limit = rule('key:key_1', { requestsPerMinute: 60, inputTokensPerMinute: 1_000, concurrent: 4 });
      await put(
        row('key:key_1', 'requests', 2.5),
        row('key:key_1', 'input-tokens', 30),
        row('key:key_1', 'output-tokens', 30),
        row('key:key_1', 'streams', 0, 3),
        row('key:key_2', 'requests', 9),
      );
      const compiled = compileRateLimits([limit]);
      const { uses } = (await rateUsage(store, [limit], compiled, NOW, 9)).get(limit.id)!;
      expect(uses).toEqual([
        { subject: 'key_1', metric: 'input-tokens', limit: 1_000, used: 500, fullAtMs: NOW + 30_000 },
        { subject: 'key_1', metric: 'requests', limit: 60, used: 3, fullAtMs: NOW + 2_500 },
        { subject: 'key_1', metric: 'streams', limit: 4, used: 3, fullAtMs: undefined },
      ]);
    });

    it('is of every value of its own workspace, the fullest first, and no more than asked', async () => {
      await put(
        row('key:key_1', 'requests', 1),
        row('key:key_2', 'requests', 9),
        row('key:key_3', 'requests', 20),
        row('agent:ws_1:coder', 'requests', 5),
        row('agent:ws_1:a:b', 'requests', 6),
        row('agent:ws_2:coder', 'requests', 7),
        row('agent:ws_10:coder', 'requests', 8),
      );
      const one = { requestsPerMinute: 60 };
      expect(await usage([rule('key:*', one), rule('agent:*', one)])).toEqual([
        ['key_2 requests 9/60', 'key_1 requests 1/60', 2],
        ['a:b requests 6/60', 'coder requests 5/60', 2],
      ]);
      expect(await usage([rule('key:*', one)], 1)).toEqual([['key_2 requests 9/60', 2]]);
    });

    it('counts by the strictest limit of a value', async () => {
      await put(row('key:key_1', 'requests', 6), row('key:key_2', 'requests', 6));
      const limits = [rule('key:*', { requestsPerMinute: 60 }), rule('key:key_1', { requestsPerMinute: 10 })];
      expect(await usage(limits)).toEqual([
        ['key_1 requests 1/10', 'key_2 requests 6/60', 2],
        ['key_1 requests 1/10', 1],
      ]);
    });

    it('is nothing where all has come back', async () => {
      await put(row('workspace:ws_1', 'requests', -1), row('workspace:ws_1', 'streams', 0));
      const limit = rule('workspace', { requestsPerMinute: 60, concurrent: 1 });
      expect(await usage([limit, rule('deployment:*', { concurrent: 1 })])).toEqual([[0], [0]]);
    });

    it('is found for a workspace and for a deployment', async () => {
      await put(
        row('workspace:ws_1', 'streams', 0, 2),
        row('workspace:ws_2', 'streams', 0, 3),
        row('deployment:ws_1:openai/gpt-4o', 'requests', 60),
      );
      expect(
        await usage([
          rule('workspace', { concurrent: 9 }),
          rule('deployment:openai/gpt-4o', { requestsPerMinute: 7 }),
        ]),
      ).toEqual([
        ['ws_1 streams 2/9', 1],
        ['openai/gpt-4o requests 7/7', 1],
      ]);
    });
  },
);
