/** Rows 23 to 29 and 31 of the fault matrix, where budgets are kept: in the store, on each of them. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  apply,
  ask,
  changeBudget,
  claimsOf,
  type Desk,
  deskPrice,
  openDesk,
  reserveAll,
  setTime,
  settled,
  type Terms,
  tokensOf,
  windowsOf,
} from '../../test/support/budget-desk.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { boundOf } from './bound.ts';
import { createLedger } from './create-ledger.ts';
import { recoverLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

const HOUR_MS = 3_600_000;
const times = (count: number, make: () => ReturnType<typeof ask>) => Array.from({ length: count }, make);

describe.each(storesUnderTest())('budgets on $name', ({ open, remove }) => {
  afterAll(remove);

  async function withDesk(budgets: readonly Terms[], test: (desk: Desk) => Promise<void>): Promise<void> {
    const desk = await openDesk(open, budgets);
    await test(desk);
    expect((await verifyLedger(desk.at.store)).problems).toEqual([]);
    await desk.at.store.close();
  }

  it('row 23: of 50 parallel requests on a budget for 3, three are admitted and it is never overspent', () =>
    withDesk([{ limit: 2_600 }], async (desk) => {
      const attempts = times(50, () => ask(desk, { output: 1_000, floor: 500 }));
      const grants = await reserveAll(desk, attempts);
      expect(grants.map(tokensOf)).toEqual([1_000, 1_000, 600, ...new Array(47).fill(false)]);
      expect(grants[2]).toEqual({ ok: true, amount: 600_000n, maxOutput: 600 });
      expect(grants[3]).toEqual({
        ok: false,
        reason: 'over_budget',
        shortfall: {
          claim: attempts[3]!.reserve.claims[0],
          limit: 2_600_000n,
          settled: 0n,
          reserved: 2_600_000n,
          needed: 500_000n,
        },
      });
      expect(await windowsOf(desk)).toMatchObject([{ settled: 0, reserved: 2_600, requests: 3 }]);
      // What the first gives back is for those who wait.
      const posts = [settled(desk, attempts[0]!, 100)];
      const { grants: next } = await apply(desk, {
        posts,
        reserves: attempts.slice(3, 6).map(({ reserve }) => reserve),
      });
      expect(next.map(tokensOf)).toEqual([900, false, false]);
      expect(await windowsOf(desk)).toMatchObject([{ settled: 100, reserved: 2_500 }]);
    }));

  it('row 23: a ledger under 50 parallel requests sends what fits', () =>
    withDesk([{ limit: 2_600 }], async (desk) => {
      const clock = { now: () => desk.nowMs, monotonic: systemClock.monotonic };
      const ledger = createLedger({ store: desk.at.ledgerStore, clock, log: silentLog });
      const attempts = times(50, () => ask(desk, { output: 1_000, floor: 500 }));
      const grants = await Promise.all(attempts.map(({ request }) => ledger.reserve(request)));
      expect(grants.map(tokensOf).slice(0, 4)).toEqual([1_000, 1_000, 600, false]);
      expect(grants.filter(({ ok }) => ok)).toHaveLength(3);
      expect(await ledger.drain(5_000)).toBe(true);
      ledger.stop();
      expect(await windowsOf(desk)).toMatchObject([{ settled: 0, reserved: 2_600 }]);
    }));

  it('row 24: of 6 budgets the last refuses, and nothing is reserved on any', () =>
    withDesk(
      Array.from({ length: 6 }, (_, at) => ({ limit: at === 5 ? 999 : 100_000 })),
      async (desk) => {
        const [full, small] = [ask(desk, { input: 1_000 }), ask(desk, { input: 1 })];
        const [refused, granted] = await reserveAll(desk, [full, small]);
        expect(refused).toMatchObject({ reason: 'over_budget', shortfall: { claim: { budgetId: 'bud_5' } } });
        expect(tokensOf(granted!)).toBe(1);
        for (const window of await windowsOf(desk))
          expect(window).toMatchObject({ reserved: 1, requests: 1 });
        const held = await desk.at.store.kysely.selectFrom('reservations').select('exchange_id').execute();
        expect(held).toEqual([{ exchange_id: small.request.exchangeId }]);
      },
    ));

  it('row 25: without a price nothing fits a hard budget, and a soft one counts it as unknown', () =>
    withDesk([{ limit: 10, enforcement: 'soft' }], async (desk) => {
      const facts = { inputTokens: 1, isInputOpen: false, cacheWrite: 'none', hasAudioInput: false } as const;
      const input = {
        prices: [],
        facts: { ...facts, asksAudio: false, toolCalls: 0, choices: 1 },
        contextWindow: 1_000,
        maxOutput: 10,
        isStrict: false,
      };
      expect(boundOf(input)).toEqual({ ok: false, reason: 'price_unknown' });
      const { reserve, request } = ask(desk, { input: 5 });
      const reservation = { ...reserve.reservation, price_id: null, amount_nano: 0n };
      const unpriced = { reservation, price: undefined, claims: reserve.claims, bound: undefined };
      const { grants } = await apply(desk, { reserves: [{ ...unpriced, minOutput: 0, rates: [] }] });
      expect(grants).toEqual([{ ok: true, amount: 0n }]);
      const free = { price_state: 'unknown', flags: 'unpriced', price_id: null, cost_nano: 0n } as const;
      const { entry } = settled(desk, { reserve, request }, 0);
      const posts = [{ entry: { ...entry, ...free, input_cost_nano: 0n }, price: undefined }];
      await apply(desk, { posts });
      expect(await windowsOf(desk)).toMatchObject([{ settled: 0, reserved: 0, requests: 1, overruns: 0 }]);
    }));

  it('row 26: a price that changes in between does not change what an attempt costs; its tier does', () =>
    withDesk([{ limit: 100_000 }], async (desk) => {
      const clock = { now: () => desk.nowMs, monotonic: systemClock.monotonic };
      const dear = {
        ...deskPrice,
        tiers: [{ aboveInputTokens: 0, rates: { input: 9_000_000, output: 9_000_000 } }],
      };
      // What the catalog says by the time they settle.
      const resolvePrice = (_: string, __: string, tier: string) => ({ ...dear, serviceTier: tier });
      const ledger = createLedger({ store: desk.at.ledgerStore, clock, log: silentLog, resolvePrice });
      for (const serviceTier of [undefined, 'standard', 'priority']) {
        const { request } = ask(desk, { input: 100, output: 10_000 });
        expect(await ledger.reserve(request)).toMatchObject({ ok: true });
        ledger.settle({
          exchangeId: request.exchangeId,
          attempt: 1,
          status: 'ok',
          isCharged: true,
          usage: {
            reported: { input: 100, output: 10, serviceTier, raw: 0 },
            outputEstimate: 0,
            hasContent: true,
          },
          latencyMs: 1,
          settledAtMs: desk.nowMs,
        });
      }
      expect(await ledger.drain(5_000)).toBe(true);
      ledger.stop();
      expect(await windowsOf(desk)).toMatchObject([{ settled: 110 + 110 + 990, reserved: 0, overruns: 0 }]);
    }));

  it('row 27: an attempt that runs into the next period is charged to the one that admitted it', () =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      const midnight = Date.UTC(2030, 4, 16);
      await setTime(desk, midnight - 1);
      const before = ask(desk, { output: 1_000 });
      await reserveAll(desk, [before]);
      await setTime(desk, midnight);
      const after = ask(desk, { output: 400 });
      expect((await reserveAll(desk, [after])).map(tokensOf)).toEqual([400]);
      await apply(desk, { posts: [settled(desk, before, 900)] });
      expect(await windowsOf(desk)).toMatchObject([
        { end: midnight, settled: 900, reserved: 0, requests: 1 },
        { start: midnight, settled: 0, reserved: 400, requests: 1 },
      ]);
    }));

  it.each([
    ['23 hours of spring', '2030-03-31T00:00:00+01:00', 23],
    ['25 hours of autumn', '2030-10-27T00:00:00+02:00', 25],
    ['24 hours in between', '2030-07-01T00:00:00+02:00', 24],
  ])('row 28: a day of %s is one window', (_, start, hours) =>
    withDesk([{ limit: 30, timeZone: 'Europe/Berlin' }], async (desk) => {
      const startMs = Date.parse(start);
      // In every hour of it, and in the first of the next.
      for (let hour = 0; hour <= hours; hour += 1) {
        await setTime(desk, startMs + hour * HOUR_MS);
        const attempt = ask(desk, { input: 1 });
        expect((await reserveAll(desk, [attempt])).map(tokensOf)).toEqual([1]);
        await apply(desk, { posts: [settled(desk, attempt, 0)] });
      }
      const endMs = startMs + hours * HOUR_MS;
      expect(await windowsOf(desk)).toMatchObject([
        { start: startMs, end: endMs, settled: hours },
        { start: endMs, settled: 1 },
      ]);
    }),
  );

  it('row 28: another time zone of a budget counts from its next window on', () =>
    withDesk([{ limit: 100 }], async (desk) => {
      const midnight = Date.UTC(2030, 4, 16);
      await reserveAll(desk, [ask(desk, { input: 7 })]);
      const before = { timeZone: 'UTC', anchorDay: 1, untilMs: midnight };
      desk.budgets[0] = { ...desk.budgets[0]!, timeZone: 'Asia/Tokyo', version: 2, before };
      await reserveAll(desk, [ask(desk, { input: 7 })]);
      await setTime(desk, midnight + HOUR_MS);
      await reserveAll(desk, [ask(desk, { input: 9 })]);
      await setTime(desk, Date.UTC(2030, 4, 16, 15));
      await reserveAll(desk, [ask(desk, { input: 1 })]);
      expect(await windowsOf(desk)).toMatchObject([
        { start: Date.UTC(2030, 4, 15), end: midnight, reserved: 14 },
        { start: midnight, end: Date.UTC(2030, 4, 16, 15), reserved: 9 },
        { start: Date.UTC(2030, 4, 16, 15), end: Date.UTC(2030, 4, 17, 15), reserved: 1 },
      ]);
    }));

  it('row 29: a limit that is lowered blocks what is new, one that is raised lets it in, within one batch', () =>
    withDesk([{ limit: 1_000 }], async (desk) => {
      const running = ask(desk, { output: 600 });
      const late = ask(desk, { output: 300 });
      await reserveAll(desk, [running]);
      await changeBudget(desk, 0, 500);
      expect((await reserveAll(desk, [ask(desk, { input: 1 })])).map(tokensOf)).toEqual([false]);
      // Another replica may not have heard of it, and what runs may not hold more.
      expect((await reserveAll(desk, [late])).map(tokensOf)).toEqual([false]);
      const hold = { ...running.request, amount: 600_001n, claims: running.reserve.claims } as never;
      expect((await apply(desk, { holds: [hold] })).holds).toEqual([false]);
      // What runs is not touched, and is booked as it is.
      await apply(desk, { posts: [settled(desk, running, 600)] });
      expect(await windowsOf(desk)).toMatchObject([{ limit: 500, settled: 600, reserved: 0, overruns: 0 }]);
      await changeBudget(desk, 0, 2_000);
      expect((await reserveAll(desk, [ask(desk, { output: 1_400 })])).map(tokensOf)).toEqual([1_400]);
      expect(await windowsOf(desk)).toMatchObject([{ limit: 2_000, settled: 600, reserved: 1_400 }]);
    }));

  it.each([
    ['forward', 1],
    ['back', -1],
  ])(
    'row 31: a clock that jumps an hour %s changes no window of a day, and nothing is spent twice',
    (_, hours) =>
      withDesk([{ limit: 1_000 }, { limit: 1_000, period: 'rolling:2' }], async (desk) => {
        const attempt = ask(desk, { output: 700 });
        await reserveAll(desk, [attempt]);
        await setTime(desk, desk.nowMs + hours * HOUR_MS);
        expect(claimsOf(desk)[0]).toEqual(attempt.reserve.claims[0]);
        expect((await reserveAll(desk, [ask(desk, { output: 700 })])).map(tokensOf)).toEqual([300]);
        await apply(desk, { posts: [settled(desk, attempt, 700)] });
        await setTime(desk, desk.nowMs - hours * HOUR_MS);
        expect((await reserveAll(desk, [ask(desk, { input: 1 })])).map(tokensOf)).toEqual([false]);
        const counted = (await windowsOf(desk)).filter(({ budget }) => budget === 1);
        expect(counted.map(({ settled: spent, reserved }) => [spent, reserved]).toSorted()).toEqual([
          [0, 300],
          [700, 0],
        ]);
      }),
  );

  it('gives all back after a crash: windows, rates and streams', () =>
    withDesk([{ limit: 10_000 }], async (desk) => {
      const streams = { subject: 'key:key_1', metric: 'streams', limit: 3, burstMs: 0, amount: 1 } as const;
      const attempts = times(4, () => ask(desk, { output: 1_000, rates: [streams] }));
      const grants = await reserveAll(desk, attempts);
      expect(grants.map(tokensOf)).toEqual([1_000, 1_000, 1_000, false]);
      expect(grants[3]).toMatchObject({ reason: 'rate_limited', rate: streams });
      await apply(desk, { progress: [{ ...attempts[0]!.request, outputEstimate: 40 }] });
      const next = await desk.at.die();
      const clock = { now: () => desk.nowMs, monotonic: () => 0 };
      await recoverLedger({ store: next.ledgerStore, clock, log: silentLog });
      const died = { ...desk, at: next };
      expect(await windowsOf(died)).toMatchObject([{ settled: 40, reserved: 0, overruns: 0 }]);
      const rates = await next.store.kysely.selectFrom('rate_limits').select('in_flight').execute();
      expect(rates).toEqual([{ in_flight: 0 }]);
      expect((await verifyLedger(next.store)).problems).toEqual([]);
      await next.store.close();
      Object.assign(desk, { at: await open() });
    }));
});
