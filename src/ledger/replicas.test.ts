/** Many replicas on one PostgreSQL database: whoever dies, sleeps or comes back, every attempt is booked once. */
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
    'book every attempt once, through kills, pauses, fencing, duplicates and clocks that jump',
    async () => {
      await fc.assert(
        fc.asyncProperty(replicaSteps(Number(steps)), async (life) => {
          await judgeReplicas(await liveReplicas(url, watcher, life));
        }),
        { numRuns: Number(lives) },
      );
      expect(Number(lives)).toBeGreaterThan(0);
    },
    Number(lives) * Number(steps) * 100 + MINUTE_MS,
  );
});
