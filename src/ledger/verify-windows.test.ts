/** Whoever touches budget windows, or what they are sums of, is found out. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  apply,
  ask,
  type Desk,
  openDesk,
  reserveAll,
  setTime,
  settled,
} from '../../test/support/budget-desk.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { verifyLedger } from './verify.ts';

const streams = { subject: 'key:key_1', metric: 'streams', limit: 3, burstMs: 0, amount: 1 } as const;

describe.each(storesUnderTest())('verification of windows on $name', ({ open, remove }) => {
  let desk: Desk;
  /** Two entries and two reservations, over two hours and three budgets. */
  beforeEach(async () => {
    desk = await openDesk(open, [
      { limit: 100 },
      { limit: 100, period: 'rolling:3' },
      { limit: 10, enforcement: 'soft', scope: { kind: 'key', id: '*' } },
    ]);
    for (let hour = 0; hour < 2; hour += 1) {
      const [one, two] = [
        ask(desk, { output: 20, rates: [streams] }),
        ask(desk, { output: 20, rates: [streams] }),
      ];
      await reserveAll(desk, [one, two]);
      await apply(desk, { posts: [settled(desk, one, 10)] });
      await setTime(desk, desk.nowMs + 3_600_000);
    }
  });
  afterEach(() => desk.at.store.close());
  afterAll(remove);

  it('finds sound windows sound', async () => {
    expect((await verifyLedger(desk.at.store)).problems).toEqual([]);
  });

  it.each([
    [
      'spend added',
      `update budget_windows set settled_nano = settled_nano + 1`,
      /bud_0.*cost 20000, it has 20001/,
    ],
    [
      'spend taken away',
      `update budget_windows set settled_nano = 0 where budget_id = 'bud_1'`,
      /bud_1.*cost 10000/,
    ],
    [
      'holds forgotten',
      `update budget_windows set reserved_nano = 0 where budget_id = 'bud_2'`,
      /hold 40000, it has 0/,
    ],
    ['a hold changed', `update reservations set amount_nano = 1`, /bud_1.*hold 1, it has 20000/],
    [
      'an entry taken out of its windows',
      `update ledger_entries set windows = null where seq = 1`,
      /cost 10000, it has 20000/,
    ],
    ['a window removed', `delete from budget_windows where budget_id = 'bud_0'`, /bud_0.*missing/],
    [
      'streams that never end',
      `update rate_limits set in_flight = 7`,
      /key:key_1: 2 are reserved, 7 are counted/,
    ],
    [
      'a hard limit overspent',
      `update budget_windows set limit_nano = 59000 where budget_id = 'bud_0'`,
      /60000 nano-dollars.*above its limit of 59000/,
    ],
    [
      'a rolling limit overspent by hours that are not',
      `update budget_windows set limit_nano = 59000 where budget_id = 'bud_1'`,
      /bud_1.*60000 nano-dollars.*above its limit of 59000/,
    ],
  ])('finds %s', async (_, tamper, problem) => {
    await sql.raw(tamper).execute(desk.at.store.kysely);
    const report = await verifyLedger(desk.at.store);
    expect(report.isSound).toBe(false);
    expect(report.problems.join('\n')).toMatch(problem);
  });

  it.each([
    ['an attempt cost more than was held', `update budget_windows set limit_nano = 1, overruns = 1`],
    ['the budget was changed', `update budgets set version = 2`],
    ['the budget is soft', `update budgets set enforcement = 'soft'`],
  ])('lets a window be above its limit where %s', async (_, change) => {
    const { kysely } = desk.at.store;
    await sql`update budget_windows set limit_nano = 1`.execute(kysely);
    await sql.raw(change).execute(kysely);
    expect((await verifyLedger(desk.at.store)).problems).toEqual([]);
  });
});
