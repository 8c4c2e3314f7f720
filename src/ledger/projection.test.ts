/** Projections: what is on course to be spent, when the limit is reached, and when nothing can be said. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../base/money.ts';
import { FOREVER_MS } from './period.ts';
import { type ProjectionInput, projectSpend } from './projection.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-21T00:00:00Z');
const usd = (dollars: number) => nanoUsd(BigInt(Math.round(dollars * 1e9)));

const day: ProjectionInput = {
  period: 'day',
  startMs: START,
  endMs: START + 24 * HOUR,
  nowMs: START + 12 * HOUR,
  spent: usd(10),
  limit: usd(25),
  recent: undefined,
};

describe('of a window with an end', () => {
  it.each<
    [what: string, change: Partial<ProjectionInput>, projected: number, crossesAfterHours: number | undefined]
  >([
    ['goes on as the window did', {}, 20, undefined],
    ['crosses at that pace', { limit: usd(15) }, 20, 6],
    ['does not cross at its very end', { limit: usd(20) }, 20, undefined],
    ['goes by what was spent of late', { recent: { sinceMs: START + 9 * HOUR, spent: usd(9) } }, 46, 5],
    ['has stopped', { recent: { sinceMs: START + 6 * HOUR, spent: usd(0) } }, 10, undefined],
    ['has crossed already', { spent: usd(26) }, 52, undefined],
    [
      'takes the window where the last hour has just begun',
      { recent: { sinceMs: START + 11.9 * HOUR, spent: usd(9) } },
      20,
      undefined,
    ],
  ])('%s', (_what, change, projected, hours) => {
    const found = projectSpend({ ...day, ...change });
    expect(found?.projected).toBe(usd(projected));
    expect(found?.crossesAtMs).toBe(hours === undefined ? undefined : day.nowMs + hours * HOUR);
  });
});

it.each<[what: string, change: Partial<ProjectionInput>]>([
  ['the first minutes', { nowMs: START + 10 * 60_000 }],
  ['nothing spent', { spent: usd(0) }],
  ['a total without a pace', { period: 'total', startMs: 0, endMs: FOREVER_MS }],
  ['a rolling period without a pace', { period: 'rolling:24' }],
])('says nothing of %s', (_what, change) => {
  expect(projectSpend({ ...day, ...change })).toBeUndefined();
});

it('says of a total when it is used up, and no sum', () => {
  const recent = { sinceMs: day.nowMs - 24 * HOUR, spent: usd(1) };
  expect(projectSpend({ ...day, period: 'total', startMs: 0, endMs: FOREVER_MS, recent })).toEqual({
    projected: undefined,
    crossesAtMs: day.nowMs + 15 * 24 * HOUR,
    basis: 'recent',
  });
});

it('says of a rolling period what its hours come to', () => {
  const recent = { sinceMs: day.nowMs - 6 * HOUR, spent: usd(12) };
  // $10 in 24 hours now, $48 at $2 an hour: 15 more dollars at 38/24 an hour.
  const found = projectSpend({ ...day, period: 'rolling:24', recent });
  expect(found?.projected).toBe(usd(48));
  expect(found?.crossesAtMs).toBe(day.nowMs + Math.ceil((15 / 38) * 24 * HOUR));
  expect(projectSpend({ ...day, period: 'rolling:24', limit: usd(48), recent })?.crossesAtMs).toBeUndefined();
});

it('crosses inside the window exactly when more than the limit is on course to be spent', () => {
  const nano = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(nanoUsd);
  const hours = fc.integer({ min: 1, max: 31 * 24 });
  fc.assert(
    fc.property(nano, nano, nano, hours, hours, (spent, limit, late, gone, left) => {
      const nowMs = START + gone * HOUR;
      const recent = { sinceMs: nowMs - HOUR, spent: late };
      const input = { ...day, startMs: START, nowMs, endMs: nowMs + left * HOUR, spent, limit, recent };
      const { projected, crossesAtMs } = projectSpend(input)!;
      expect(projected! >= spent).toBe(true);
      if (crossesAtMs !== undefined) {
        expect(spent < limit && crossesAtMs >= nowMs && crossesAtMs < input.endMs).toBe(true);
        expect(projected! >= limit).toBe(true);
      } else expect(spent >= limit || projected! <= limit + late / BigInt(HOUR)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
