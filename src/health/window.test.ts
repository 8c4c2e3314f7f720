/** First bytes of one place: the percentile agrees with sorting all of them, and forgets what is old. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFirstByteWindow } from './window.ts';

const limits = { most: 8, least: 3, ageMs: 1_000 };

describe('the window of first bytes', () => {
  it('says nothing of too few', () => {
    const window = createFirstByteWindow(limits);
    expect([window.p95(0), window.smoothed(0)]).toEqual([undefined, undefined]);
    window.add(10, 0);
    window.add(20, 0);
    expect(window.p95(0)).toBeUndefined();
    window.add(30, 0);
    expect(window.p95(0)).toBe(30);
  });

  it('forgets what is old, though nothing new has come', () => {
    const window = createFirstByteWindow(limits);
    for (const ms of [10, 20, 30]) window.add(ms, 0);
    expect(window.p95(1_000)).toBe(30);
    expect([window.p95(1_001), window.smoothed(1_001)]).toEqual([undefined, undefined]);
    window.add(500, 1_001);
    expect(window.smoothed(1_001)).toBe(500);
  });

  it('smooths: the newest counts for a tenth', () => {
    const window = createFirstByteWindow(limits);
    window.add(100, 0);
    window.add(200, 0);
    expect(window.smoothed(0)).toBeCloseTo(110);
  });

  it('takes what is no number, or less than nothing, for nothing', () => {
    const window = createFirstByteWindow(limits);
    for (const ms of [Number.NaN, -5, Number.POSITIVE_INFINITY]) window.add(ms, 0);
    expect(window.p95(0)).toBe(0);
  });

  it('agrees with sorting the last ones that are not old', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 50 })), { maxLength: 60 }),
        (samples) => {
          const window = createFirstByteWindow(limits);
          const all: { ms: number; at: number }[] = [];
          let nowMono = 0;
          for (const [wait, ms] of samples) {
            nowMono += wait;
            window.add(ms, nowMono);
            all.push({ ms, at: nowMono });
            const kept = all.filter(({ at }) => nowMono - at <= limits.ageMs).slice(-limits.most);
            const sorted = kept.map((sample) => sample.ms).sort((a, b) => a - b);
            const expected =
              sorted.length < limits.least ? undefined : sorted[Math.ceil(sorted.length * 0.95) - 1];
            expect(window.p95(nowMono)).toBe(expected);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
