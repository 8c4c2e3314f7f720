/** Percentiles of a histogram against the sorted list it was made of. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addHistograms, bucketOf } from '../rollup.ts';
import { addTexts, percentileOf } from './latency.ts';

function histogramOf(latencies: readonly number[]): number[] {
  const counts: number[] = [];
  for (const latency of latencies) {
    const bucket = bucketOf(latency);
    while (counts.length <= bucket) counts.push(0);
    counts[bucket]! += 1;
  }
  return counts;
}

const latency = fc.oneof(fc.nat(10), fc.nat(2_000), fc.nat(900_000));
const share = fc.constantFrom(0, 0.01, 0.5, 0.9, 0.95, 0.99, 1);

it('is in the bucket of the true percentile, so never off by more than its width', () => {
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), share, (latencies, part) => {
      const sorted = latencies.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(sorted.length * part)) - 1]!;
      expect(bucketOf(percentileOf(histogramOf(latencies), part)!)).toBe(bucketOf(exact));
    }),
  );
});

it.each([
  [[], 0.5, undefined],
  [[0, 0], 0.5, undefined],
  [[7], 0.99, 0],
  // Four between 2 and 3, four between 512 and 1023.
  [[0, 0, 4], 0.5, 2],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4], 0.5, 704],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4], 1, 959],
  [[1, 0, 0, 99], 0.01, 0],
  [[50, 50], 0.95, 1],
])('%j has its %d share below %d ms', (counts, part, expected) => {
  expect(percentileOf(counts, part)).toBe(expected);
});

it('adds up histograms as the tables keep them, one behind the other', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(100_000), { maxLength: 32 }), { maxLength: 20 }), (histograms) => {
      const texts = histograms.map((histogram) => JSON.stringify(histogram)).join('');
      const expected = histograms.reduce(addHistograms, []);
      const padded = (counts: readonly number[]) => [...counts, ...new Array(33 - counts.length).fill(0)];
      expect(padded(addTexts(texts))).toEqual(padded(expected));
    }),
  );
});
