/** Work of every hour on every store, and the drift it finds: once an hour, once a provider, model and day. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS, handTime, NOW } from '../../test/support/outbox.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { silentLog } from '../base/log.ts';
import type { Reconciliation } from '../ledger/reconcile/reconcile.ts';
import { noTokens } from '../ledger/reconcile/sides.ts';
import type { Store } from '../store/store.ts';
import { composeMessage } from './compose.ts';
import { putDriftAlerts } from './drift.ts';
import { claimHour, keepHourly } from './hourly.ts';

const DAY = Date.parse('2026-11-20');

type Row = Reconciliation['rows'][number];

function row(change: Partial<Row> = {}): Row {
  return {
    ...{ provider: 'openai', model: 'gpt-4o', otherNames: [], startMs: DAY, endMs: DAY + DAY_MS },
    ours: { tokens: noTokens, cost: 10_000_000_000n },
    theirs: { tokens: noTokens, cost: 12_600_000_000n },
    drift: 2_600_000_000n,
    causes: [{ cause: 'unrecorded', amount: 2_600_000_000n }],
    ...{ keylessTokens: 0, isOver: true },
    ...change,
  };
}

function run(...rows: readonly Row[]): Reconciliation {
  return {
    ...{ id: 'rec_1', createdAtMs: NOW, width: 'day', startMs: DAY, endMs: DAY + DAY_MS },
    ...{ providers: ['openai'], rows, judged: rows.length, unjudged: [], notes: [] },
    drift: rows.reduce((sum, { drift }) => sum + drift, 0n),
    over: rows.length,
  };
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    beforeEach(async () => {
      ({ store } = await open());
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    it('gives an hour to one of all who ask', async () => {
      const asked = await Promise.all(Array.from({ length: 5 }, () => claimHour(store, 'bills', NOW)));
      expect(asked.filter(Boolean)).toEqual([true]);
      expect(await claimHour(store, 'bills', NOW)).toBe(false);
      expect(await claimHour(store, 'other', NOW)).toBe(true);
      expect(await claimHour(store, 'bills', NOW + HOUR_MS)).toBe(true);
      // A clock that was set back.
      expect(await claimHour(store, 'bills', NOW)).toBe(false);
    });

    it('works once an hour, whoever of several does it, and goes on after a failure', async () => {
      const time = handTime();
      const done: string[] = [];
      const errors: object[] = [];
      const start = (who: string, random: number) =>
        keepHourly({
          ...{ store, name: 'bills', clock: time.clock, wait: time.wait, random: () => random },
          log: { ...silentLog, warn: (fields) => errors.push(fields) },
          async work() {
            done.push(who);
            if (done.length === 2) throw new Error('no bill');
          },
        });
      const stops = [start('first', 0), start('second', 0.5)];
      const settle = (count: number) =>
        vi.waitFor(() => expect(done).toHaveLength(count), { timeout: 10_000 });
      time.jump(0);
      await settle(1);
      expect(done).toEqual(['first']);
      for (const [at, hours] of [1, 2, 3].entries()) {
        time.jump(HOUR_MS);
        await settle(at + 2);
        expect(done).toHaveLength(hours + 1);
      }
      await Promise.all(stops.map((stop) => stop()));
      expect(errors).toEqual([{ error: 'Error: no bill', name: 'bills' }]);
      time.jump(DAY_MS);
      await new Promise(setImmediate);
      expect(done).toHaveLength(4);
    });

    it('tells of drift over the line once a provider, model and day', async () => {
      const rows = [
        row(),
        row({ model: undefined }),
        row({ startMs: DAY - DAY_MS }),
        row({ model: 'o3', isOver: false }),
      ];
      expect(await putDriftAlerts(store, run(...rows))).toBe(3);
      expect(await putDriftAlerts(store, run(...rows, row({ provider: 'anthropic' })))).toBe(1);
      expect(await putDriftAlerts(store, run(row({ isOver: false })))).toBe(0);
      const kept = await store.kysely.selectFrom('outbox').selectAll().orderBy('id').execute();
      expect(kept.map(({ id }) => id)).toEqual([
        'reconciliation.drift/anthropic/gpt-4o/2026-11-20',
        'reconciliation.drift/openai//2026-11-20',
        'reconciliation.drift/openai/gpt-4o/2026-11-19',
        'reconciliation.drift/openai/gpt-4o/2026-11-20',
      ]);
      const [{ id, topic, payload, next_at }] = kept.slice(-1) as [(typeof kept)[number]];
      expect(await composeMessage(store, { id, topic, payload, atMs: next_at }, NOW)).toMatchObject({
        title: 'openai/gpt-4o on 2026-11-20: billed $2.60 more than is booked',
        data: { reconciliation: 'rec_1', driftUsd: '2.60' },
      });
    });
  },
);
