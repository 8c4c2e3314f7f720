// How often something may be tried in a while.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTries } from './tries.ts';

describe('tries', () => {
  it('are so many in one window, and again in the next', () => {
    const tries = createTries({ most: 2, windowMs: 1000 });
    expect([tries.begin('a', 0), tries.begin('a', 1), tries.begin('a', 400)]).toEqual([
      undefined,
      undefined,
      600,
    ]);
    expect(tries.begin('b', 400)).toBeUndefined();
    expect(tries.begin('a', 1000)).toBeUndefined();
  });

  it('that were good do not count', () => {
    const tries = createTries({ most: 1, windowMs: 1000 });
    for (let time = 0; time < 5; time++) {
      expect(tries.begin('a', time)).toBeUndefined();
      tries.forgive('a');
    }
    tries.begin('a', 10);
    expect(tries.begin('a', 11)).toBeDefined();
    tries.forget('a');
    expect(tries.begin('a', 12)).toBeUndefined();
  });

  it('are never more than the limit in any window, whoever tries when', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b'), waits: fc.integer({ min: 0, max: 700 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tries = createTries({ most: 3, windowMs: 1000 });
        const taken: Record<string, number[]> = { a: [], b: [] };
        let now = 0;
        for (const { name, waits } of steps) {
          now += waits;
          const wait = tries.begin(name, now);
          if (wait === undefined) taken[name]!.push(now);
          // Whoever waits as long as told gets in.
          else expect(wait).toBeGreaterThan(0);
        }
        // Windows begin with a try: at most two of them touch any second.
        for (const times of Object.values(taken))
          for (const [at, time] of times.entries())
            expect(times.slice(at).filter((other) => other < time + 1000).length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 200 },
    );
  });

  it('of a hundred thousand names are kept, and the oldest go', () => {
    const tries = createTries({ most: 1, windowMs: 1000 });
    for (let name = 0; name <= 100_000; name++) tries.begin(`n${name}`, 0);
    expect(tries.begin('n100000', 1)).toBeDefined();
    expect(tries.begin('n0', 1)).toBeUndefined();
  });
});
