/**
 * Many replicas on one PostgreSQL database: whoever dies, sleeps or comes back, every attempt is booked once, and the
 * budgets they share are never overspent.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { judgeReplicas, liveReplicas, replicaSteps, takeTime } from '../../test/support/replica-lives.ts';
import { silentLog } from '../base/log.ts';
import { openPostgres, type PostgresStore } from '../store/postgres.ts';

/** More and longer lives, for a night: `TURNPIKE_TEST_LIVES=300 TURNPIKE_TEST_STEPS=5000`. */
const { TURNPIKE_TEST_LIVES: lives = '6', TURNPIKE_TEST_STEPS: steps = '60' } = process.env;
const MINUTE_MS = 60_000;

let url: string;
let watcher: PostgresStore;
beforeAll(async () => {
  if (!hasPostgres) return;
  url = await freshPostgres();
  watcher = await openPostgres(url, { durability: 'power', log: silentLog });
  await takeTime(watcher.kysely);
});
afterAll(() => watcher?.close());

describe.runIf(hasPostgres)('replicas', () => {
  it(
    'book every attempt once and keep to their budgets, through kills, pauses, fencing, duplicates and clocks that jump',
    async () => {
      const met = { over_budget: 0, alerts: 0, messages: 0 };
      await fc.assert(
        fc.asyncProperty(replicaSteps(Number(steps)), async (life) => {
          const world = await liveReplicas(url, watcher, life);
          const { alerts, messages } = await judgeReplicas(world);
          met.over_budget += world.refusals.get('over_budget') ?? 0;
          met.alerts += alerts;
          met.messages += messages;
        }),
        { numRuns: Number(lives) },
      );
      // The lives did what they are for.
      for (const [what, times] of Object.entries(met)) expect([what, times > 0]).toEqual([what, true]);
    },
    Number(lives) * Number(steps) * 100 + MINUTE_MS,
  );
});
