/**
 * Budgets and rates on every store, against a model in memory that was written from the contract alone: after each
 * batch of a random life answers, windows, holds, rates, alerts and outbox must be the model's.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { liveUnderBudgets } from '../../test/support/budget-lives.ts';
import { budgetLives } from '../../test/support/budget-steps.ts';
import { storesUnderTest } from '../../test/support/stores.ts';

/** More and longer lives, for a night: `TURNPIKE_TEST_LIVES=300 TURNPIKE_TEST_STEPS=5000`. */
const { TURNPIKE_TEST_LIVES: lives, TURNPIKE_TEST_STEPS: steps = '120' } = process.env;
const MINUTE_MS = 60_000;

/** What happens seldom did in each of many runs with so many. */
const LIVES_THAT_MEET_ALL = 20;

describe.each(storesUnderTest())('budgets on $name', ({ open, remove, runs }) => {
  afterAll(remove);

  const numRuns = lives === undefined ? Math.ceil(runs / 2) : Number(lives);

  it(
    'are never overspent, and are what the contract says after every batch',
    async () => {
      const met = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(budgetLives(Number(steps)), async (life) => {
          const world = await liveUnderBudgets(open, life);
          await world.at.store.close();
          for (const [what, times] of world.met) met.set(what, (met.get(what) ?? 0) + times);
        }),
        { numRuns },
      );
      // The lives did what they are for; a few of them need not meet everything.
      if (numRuns < LIVES_THAT_MEET_ALL) return;
      for (const what of ['granted', 'clamped', 'over_budget', 'rate_limited', 'held', 'not held', 'late'])
        expect([what, met.get(what) ?? 0]).toEqual([what, expect.toSatisfy((times: number) => times > 0)]);
    },
    numRuns * Number(steps) * 1_000 + MINUTE_MS,
  );
});
