/** What a store does with budgets and rates, case by case, on each of them. The random lives are in budget-conformance. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  type Attempt,
  apply,
  ask,
  changeBudget,
  claimsOf,
  type Desk,
  openDesk,
  reserveAll,
  setTime,
  settled,
  type Terms,
  TOKEN_NANO,
  tokensOf,
  windowsOf,
} from '../../test/support/budget-desk.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { nanoUsd } from '../base/money.ts';
import { bookInterrupted } from './book.ts';
import type { HoldChange } from './ledger-store.ts';
import type { RateClaim } from './rate.ts';
import { verifyLedger } from './verify.ts';

const HOUR_MS = 3_600_000;

describe.each(storesUnderTest())('enforcing on $name', ({ open, remove }) => {
  afterAll(remove);

  async function withDesk(budgets: readonly Terms[], test: (desk: Desk) => Promise<void>): Promise<void> {
    const desk = await openDesk(open, budgets);
    await test(desk);
    expect((await verifyLedger(desk.at.store)).problems).toEqual([]);
    await desk.at.store.close();
  }

  /** Reserved in a batch of its own. */
  async function running(desk: Desk, asked: Asked): Promise<Attempt> {
    const attempt = ask(desk, asked);
    expect(await reserveAll(desk, [attempt])).toEqual([expect.objectContaining({ ok: true })]);
    return attempt;
  }

  function holdOf({ request, reserve }: Attempt, tokens: number): HoldChange {
    const amount = nanoUsd(BigInt(tokens) * TOKEN_NANO);
    return { exchangeId: request.exchangeId, attempt: request.attempt, amount, claims: reserve.claims };
  }

  it('changes what a running attempt holds, up to the last token of its budgets', () =>
    withDesk([{ limit: 1_000 }, { limit: 900, enforcement: 'soft' }], async (desk) => {
      const [one, other] = [await running(desk, { output: 300 }), await running(desk, { output: 300 })];
      const change = async (tokens: number) => (await apply(desk, { holds: [holdOf(one, tokens)] })).holds;
      expect(await change(701)).toEqual([false]);
      expect(await change(700)).toEqual([true]);
      expect(await windowsOf(desk)).toMatchObject([{ reserved: 1_000 }, { reserved: 1_000 }]);
      expect(await change(100)).toEqual([true]);
      expect(await change(0)).toEqual([true]);
      // In the order of the batch: what one gives back, the other takes.
      await change(700);
      const { holds } = await apply(desk, {
        holds: [holdOf(one, 400), holdOf(other, 600), holdOf(one, 401)],
      });
      expect(holds).toEqual([true, true, false]);
      expect(await windowsOf(desk)).toMatchObject([{ reserved: 1_000, requests: 2 }, { reserved: 1_000 }]);
      await apply(desk, { posts: [settled(desk, one, 350), settled(desk, other, 600)] });
      expect(await change(1)).toEqual([false]);
      expect(await windowsOf(desk)).toMatchObject([
        { settled: 950, reserved: 0, overruns: 0 },
        { overruns: 0 },
      ]);
    }));

  it('posts what cost more than was held for it, and counts an overrun', () =>
    withDesk([{ limit: 100 }], async (desk) => {
      const attempt = await running(desk, { output: 100 });
      await apply(desk, { posts: [settled(desk, attempt, 130)] });
      expect(await windowsOf(desk)).toMatchObject([{ settled: 130, reserved: 0, overruns: 1 }]);
    }));

  it('takes a post again for nothing, and gives nothing back twice', () =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      const [attempt] = [await running(desk, { output: 100 }), await running(desk, { output: 100 })];
      const posts = [settled(desk, attempt, 60)];
      for (let times = 0; times < 3; times += 1) await apply(desk, { posts });
      expect(await windowsOf(desk)).toMatchObject([{ settled: 60, reserved: 100, overruns: 0 }]);
    }));

  it('corrects what was booked as interrupted, up and down', () =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      for (const [output, overruns] of [[30, 0] as const, [160, 1] as const]) {
        const attempt = await running(desk, { output: 100 });
        const before = Number((await windowsOf(desk))[0]!.settled);
        const lost = bookInterrupted(attempt.reserve.reservation, attempt.request.price, 0, 'worst_case');
        await apply(desk, { posts: [lost] });
        expect(await windowsOf(desk)).toMatchObject([{ settled: before + 100, reserved: 0 }]);
        const posts = [settled(desk, attempt, output)];
        expect((await apply(desk, { posts })).late).toHaveLength(1);
        expect((await apply(desk, { posts })).late).toHaveLength(0);
        expect(await windowsOf(desk)).toMatchObject([{ settled: before + output, reserved: 0, overruns }]);
      }
    }));

  it('takes a reservation back that was never granted', () =>
    withDesk([{ limit: 100 }], async (desk) => {
      const rate: RateClaim = {
        subject: 'key:key_1',
        metric: 'requests',
        limit: 1,
        burstMs: 60_000,
        amount: 1,
      };
      const attempt = await running(desk, { output: 100, rates: [rate] });
      const { exchangeId } = attempt.request;
      await apply(desk, {
        releases: [
          { exchangeId, attempt: 1 },
          { exchangeId, attempt: 2 },
        ],
      });
      expect(await windowsOf(desk)).toMatchObject([{ settled: 0, reserved: 0, overruns: 0 }]);
      await running(desk, { output: 100, rates: [rate] });
    }));

  it('adds up the hours of a rolling period, whatever batch they are touched in', () =>
    withDesk([{ limit: 1_000, period: 'rolling:2', thresholds: [70] }], async (desk) => {
      const hours: Attempt[] = [];
      for (let hour = 0; hour < 3; hour += 1) {
        hours.push(await running(desk, { output: 300 }), await running(desk, { output: 10 }));
        await setTime(desk, desk.nowMs + HOUR_MS);
      }
      // Of the oldest hour nothing counts any more; the last first, so that rows are read out of order.
      const posts = hours.toReversed().map((attempt) => settled(desk, attempt, 9));
      const full = ask(desk, { output: 1_000 });
      const { grants } = await apply(desk, { posts, reserves: [full.reserve] });
      expect(grants.map(tokensOf)).toEqual([1_000 - 36]);
      expect(await windowsOf(desk)).toMatchObject([18, 18, 18, 0].map((spent) => ({ settled: spent })));
    }));

  it('adds up hours of a rolling period that are looked at one after the other in a batch', () =>
    withDesk([{ limit: 1_000, period: 'rolling:2' }], async (desk) => {
      const before = await running(desk, { output: 100 });
      await setTime(desk, desk.nowMs + HOUR_MS);
      const now = await running(desk, { output: 100 });
      const all = ask(desk, { output: 1_000 });
      const holds = [holdOf(now, 101), holdOf(before, 101)];
      const { grants } = await apply(desk, { holds, reserves: [all.reserve] });
      expect(grants.map(tokensOf)).toEqual([798]);
    }));

  async function toldOf({ at }: Desk): Promise<readonly unknown[]> {
    const rows = await at.store.kysely.selectFrom('outbox').select('payload').orderBy('id').execute();
    return rows.map(({ payload }) => {
      const { threshold, settledNano, limitVersion } = JSON.parse(payload) as Record<string, string>;
      return [threshold, Number(BigInt(settledNano!) / TOKEN_NANO), Number(limitVersion)];
    });
  }

  async function keptOf({ at }: Desk): Promise<readonly number[]> {
    const rows = await at.store.kysely.selectFrom('budget_alerts').selectAll().execute();
    return rows
      .map(({ threshold, limit_version }) => limit_version * 1_000 + threshold)
      .toSorted((a, b) => a - b);
  }

  async function spend(desk: Desk, tokens: number): Promise<void> {
    const attempt = await running(desk, { output: tokens });
    await apply(desk, { posts: [settled(desk, attempt, tokens)] });
  }

  it.each(['day', 'rolling:5'] as const)(
    'tells of thresholds of a period (%s) once, and of the highest',
    (period) =>
      withDesk([{ limit: 1_000, period }], async (desk) => {
        await spend(desk, 499);
        expect(await keptOf(desk)).toEqual([]);
        await spend(desk, 1);
        expect(await keptOf(desk)).toEqual([1_050]);
        await spend(desk, 1);
        expect(await toldOf(desk)).toEqual([[50, 500, 1]]);
        await spend(desk, 499);
        expect(await keptOf(desk)).toEqual([1_050, 1_080, 1_100]);
        expect(await toldOf(desk)).toEqual([
          [100, 1_000, 1],
          [50, 500, 1],
        ]);
      }),
  );

  it('tells of a limit that was lowered past its thresholds at the next post, not of one that was raised', () =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      await spend(desk, 600);
      await changeBudget(desk, 0, 1_100);
      await spend(desk, 10);
      expect(await keptOf(desk)).toEqual([1_050]);
      const waiting = await running(desk, { output: 5 });
      await changeBudget(desk, 0, 700);
      await running(desk, { output: 1 });
      await apply(desk, { posts: [settled(desk, waiting, 1)] });
      expect(await keptOf(desk)).toEqual([1_050, 3_080]);
      expect(await toldOf(desk)).toEqual([
        [50, 600, 1],
        [80, 611, 3],
      ]);
    }));

  it.each([
    ['raised', 2_000, [], []],
    ['lowered', 600, [2_050, 2_080], [[80, 501, 2]]],
  ])('finds out by the post itself that the limit was %s, where nobody asked since', (_, limit, kept, told) =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      await spend(desk, 499);
      const attempt = await running(desk, { output: 2 });
      await changeBudget(desk, 0, limit);
      await apply(desk, { posts: [settled(desk, attempt, 2)] });
      expect(await keptOf(desk)).toEqual(kept);
      expect(await toldOf(desk)).toEqual(told);
      expect(await windowsOf(desk)).toMatchObject([{ limit, settled: 501 }]);
    }),
  );

  it('counts refusals, and tells of the first of a window', () =>
    withDesk([{ limit: 5 }], async (desk) => {
      const [claim] = claimsOf(desk);
      await apply(desk, { refusals: [claim!, claim!] });
      await setTime(desk, desk.nowMs + 1);
      await apply(desk, { refusals: [claim!] });
      expect(await windowsOf(desk)).toMatchObject([{ refusals: 3, requests: 0 }]);
      const rows = await desk.at.store.kysely.selectFrom('budget_windows').select('blocked_at').execute();
      expect(rows).toEqual([{ blocked_at: desk.nowMs - 1 }]);
      const told = await desk.at.store.kysely.selectFrom('outbox').selectAll().execute();
      expect(told).toMatchObject([{ topic: 'budget.blocked', next_at: desk.nowMs - 1, done_at: null }]);
      expect(JSON.parse(told[0]!.payload)).toEqual({
        topic: 'budget.blocked',
        budgetId: 'bud_0',
        budgetName: 'budget 0',
        workspaceId: 'ws_1',
        scopeKind: 'workspace',
        subject: 'ws_1',
        period: 'day',
        windowStart: claim!.windowStart,
        windowEnd: claim!.windowEnd,
        threshold: null,
        limitVersion: 1,
        limitNano: '5000',
        settledNano: '0',
        at: desk.nowMs - 1,
      });
    }));

  const perMinute = (metric: RateClaim['metric'], limit: number, amount: number): RateClaim => {
    return { subject: 'key:key_1', metric, limit, burstMs: 60_000, amount };
  };

  it('limits rates, gives back what was not used, and takes what was used beyond', () =>
    withDesk([], async (desk) => {
      const tokens = () => ask(desk, { output: 600, rates: [perMinute('output-tokens', 1_000, 600)] });
      const first = tokens();
      expect(await reserveAll(desk, [first])).toEqual([
        {
          ok: true,
          amount: 600_000n,
          maxOutput: 600,
          rates: [
            { subject: 'key:key_1', metric: 'output-tokens', limit: 1_000, remaining: 400, resetMs: 36_000 },
          ],
        },
      ]);
      const [refused] = await reserveAll(desk, [tokens()]);
      expect(refused).toMatchObject({ reason: 'rate_limited', retryMs: 12_000 });
      // 100 of 600 were used: 900 are there again.
      await apply(desk, { posts: [settled(desk, first, 100)] });
      const second = tokens();
      expect((await reserveAll(desk, [second]))[0]).toMatchObject({ rates: [{ remaining: 300 }] });
      await apply(desk, { posts: [settled(desk, second, 1_900)] });
      expect((await reserveAll(desk, [tokens()]))[0]).toMatchObject({
        reason: 'rate_limited',
        retryMs: 96_000,
      });
    }));

  it('gives a request back to its rate only where nothing was charged', () =>
    withDesk([], async (desk) => {
      const once = () => ask(desk, { rates: [perMinute('requests', 1, 1)] });
      const free = once();
      await reserveAll(desk, [free]);
      const { entry } = settled(desk, free, 0);
      await apply(desk, {
        posts: [{ entry: { ...entry, price_state: 'free', price_id: null }, price: undefined }],
      });
      const charged = once();
      expect((await reserveAll(desk, [charged, once()])).map(({ ok }) => ok)).toEqual([true, false]);
      await apply(desk, { posts: [settled(desk, charged, 0)] });
      expect((await reserveAll(desk, [once()])).map(({ ok }) => ok)).toEqual([false]);
    }));

  it('takes of no rate and no budget where one of either refuses', () =>
    withDesk([{ limit: 10 }], async (desk) => {
      const rates = [perMinute('requests', 5, 1), { ...perMinute('streams', 1, 1), burstMs: 0 }];
      const [one, two] = [ask(desk, { output: 4, rates }), ask(desk, { output: 4, rates })];
      const dear = ask(desk, { input: 11, rates: [perMinute('input-tokens', 100, 11)] });
      const grants = await reserveAll(desk, [one, two, dear]);
      expect(grants).toMatchObject([
        { ok: true, rates: [{ remaining: 4 }, { metric: 'streams', remaining: 0, resetMs: 0 }] },
        { reason: 'rate_limited', rate: { metric: 'streams' } },
        { reason: 'over_budget' },
      ]);
      const rows = await desk.at.store.kysely
        .selectFrom('rate_limits')
        .selectAll()
        .where('full_at_us', '>', 0)
        .execute();
      expect(rows).toMatchObject([{ metric: 'requests', full_at_us: desk.nowMs * 1_000 + 12_000_000 }]);
      expect(await windowsOf(desk)).toMatchObject([{ reserved: 4, requests: 1 }]);
    }));
});
