/** Sums by hour and day, and the histogram of latencies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHistograms, bucketOf, mergeHistograms } from './rollup.ts';

describe('latency buckets', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [1_000, 10],
    [1_023, 10],
    [1_024, 11],
    [2 ** 31 - 1, 31],
    [2 ** 31, 31],
    [Number.MAX_SAFE_INTEGER, 31],
  ])('%d ms is in bucket %d', (latency, bucket) => expect(bucketOf(latency)).toBe(bucket));
});

describe('histograms', () => {
  const histogram = fc.array(fc.nat(1_000), { maxLength: 32 });

  it('add up in any order, and lose nothing', () => {
    const total = (h: readonly number[]) => h.reduce((sum, count) => sum + count, 0);
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        expect(addHistograms(a, b)).toEqual(addHistograms(b, a));
        expect(addHistograms(addHistograms(a, b), c)).toEqual(addHistograms(a, addHistograms(b, c)));
        expect(total(addHistograms(a, b))).toBe(total(a) + total(b));
        expect(JSON.parse(mergeHistograms(JSON.stringify(a), JSON.stringify(b)))).toEqual(
          addHistograms(a, b),
        );
      }),
    );
  });
});
