/** The arithmetic of rates: what may pass in a minute, when to come back, what is left. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costUs, MINUTE_US, type RateClaim, rateLeft, takeRate } from './rate.ts';

const claimOf = (limit: number, burstMs: number, amount: number): RateClaim => ({
  subject: 'key:key_1',
  metric: 'input-tokens',
  limit,
  burstMs,
  amount,
});

/** Limits of all sizes, and arrivals that are close, far apart, and larger than what may come at once. */
const rates = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000 })),
  burstMs: fc.integer({ min: 1, max: 120 }).map((seconds) => seconds * 1_000),
});
const arrivals = fc.array(
  fc.record({
    gapUs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 3_000_000 }),
      fc.integer({ min: 0, max: 90_000_000 }),
    ),
    /** Of what the limit lets through in a minute. */
    share: fc.oneof(
      fc.double({ min: 0, max: 0.05, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
    ),
  }),
  { maxLength: 150 },
);

interface Passed {
  readonly atUs: number;
  readonly amount: number;
}

function passedOf(
  { limit, burstMs }: { limit: number; burstMs: number },
  asked: readonly { gapUs: number; share: number }[],
): Passed[] {
  const passed: Passed[] = [];
  let fullAtUs = 0;
  let atUs = MINUTE_US;
  for (const { gapUs, share } of asked) {
    atUs += gapUs;
    const amount = Math.max(1, Math.ceil(share * limit));
    const verdict = takeRate(fullAtUs, atUs, claimOf(limit, burstMs, amount));
    if (!verdict.ok) continue;
    fullAtUs = verdict.fullAtUs;
    passed.push({ atUs, amount });
  }
  return passed;
}

/** The most that passed in any minute. */
function mostInAMinute(passed: readonly Passed[]): number {
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { atUs, amount } of passed) {
    sum += amount;
    while (passed[first]!.atUs <= atUs - MINUTE_US) {
      sum -= passed[first]!.amount;
      first += 1;
    }
    most = Math.max(most, sum);
  }
  return most;
}

describe('in any minute', () => {
  it('passes at most the limit and what may come at once, and one that is larger than that', () => {
    fc.assert(
      fc.property(rates, arrivals, (rate, asked) => {
        const passed = passedOf(rate, asked);
        const atOnce = (rate.limit * rate.burstMs) / 60_000;
        const larger = passed.map(({ amount }) => amount).filter((amount) => amount > atOnce);
        expect(mostInAMinute(passed)).toBeLessThanOrEqual(rate.limit + atOnce + Math.max(0, ...larger));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [60, 60_000, 120],
    [60, 6_000, 66],
    [100_000, 60_000, 200_000],
    [100_000, 6_000, 110_000],
  ])('of %i with %i ms at once, at most %i pass to one who asks all the time', (limit, burstMs, most) => {
    const amount = limit / 60;
    const asked = Array.from({ length: 4_000 }, () => ({ gapUs: 50_000, share: 1 / 60 }));
    const passed = passedOf({ limit, burstMs }, asked);
    expect(mostInAMinute(passed)).toBeLessThanOrEqual(most);
    // And no less than that, but for the one that would be more.
    expect(mostInAMinute(passed)).toBeGreaterThan(most - 2 * Math.ceil(amount));
  });
});

describe('what is told to wait', () => {
  it('passes when it comes back then, and not a millisecond sooner', () => {
    fc.assert(
      fc.property(rates, arrivals, fc.double({ min: 0, max: 2, noNaN: true }), (rate, asked, share) => {
        const { limit, burstMs } = rate;
        let fullAtUs = 0;
        let atUs = MINUTE_US;
        for (const one of asked) {
          atUs += one.gapUs;
          const amount = Math.max(1, Math.ceil(one.share * limit));
          const verdict = takeRate(fullAtUs, atUs, claimOf(limit, burstMs, amount));
          if (verdict.ok) fullAtUs = verdict.fullAtUs;
        }
        const claim = claimOf(limit, burstMs, Math.max(1, Math.ceil(share * limit)));
        const verdict = takeRate(fullAtUs, atUs, claim);
        if (verdict.ok) return;
        expect(verdict.retryMs).toBeGreaterThan(0);
        expect(takeRate(fullAtUs, atUs + verdict.retryMs * 1_000, claim).ok).toBe(true);
        expect(takeRate(fullAtUs, atUs + (verdict.retryMs - 1) * 1_000, claim).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is never told so when nothing is in use', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 10_000_000 }), ({ limit, burstMs }, amount) => {
        expect(takeRate(5, 5, claimOf(limit, burstMs, amount)).ok).toBe(true);
      }),
    );
  });
});

describe('what is left', () => {
  it.each([
    // Of 60 a minute, 60 s at once, after 1, 60 and, half a minute later, 60 of them.
    [60, 60_000, 1_000_000, 0, 59, 1_000],
    [60, 60_000, 60_000_000, 0, 0, 60_000],
    [60, 60_000, 60_000_000, 30_000_000, 30, 30_000],
    [60, 6_000, 1_000_000, 0, 5, 1_000],
    [60, 6_000, 0, 9_000_000, 6, 0],
    [100_000, 60_000, 600, 0, 99_999, 1],
    // One that was larger than the burst.
    [60, 6_000, 20_000_000, 0, 0, 20_000],
    // More than a minute's worth at once is shown as the limit.
    [60, 120_000, 0, 0, 60, 0],
  ])('of %i (%i ms at once) full at %i, at %i: %i', (limit, burstMs, fullAtUs, nowUs, remaining, resetMs) => {
    const { metric, subject } = claimOf(1, 1, 1);
    const left = rateLeft(claimOf(limit, burstMs, 1), fullAtUs, nowUs);
    expect(left).toEqual({ subject, metric, limit, remaining, resetMs });
  });

  it('may be taken', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 200_000_000 }), ({ limit, burstMs }, usedUs) => {
        const { remaining } = rateLeft(claimOf(limit, burstMs, 1), usedUs, 0);
        if (remaining === 0) return;
        // A rate is counted in whole microseconds: of very high ones the last of it may be a little short.
        const amount = Math.max(1, remaining - Math.ceil(limit / MINUTE_US));
        expect(takeRate(usedUs, 0, claimOf(limit, burstMs, amount)).ok).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('costs what it takes to come back, rounded up', () => {
  expect(costUs(1, 60)).toBe(1_000_000);
  expect(costUs(1, 7)).toBe(8_571_429);
  expect(costUs(100_000, 100_000)).toBe(MINUTE_US);
  expect(costUs(1, 1_000_000_000)).toBe(1);
});
