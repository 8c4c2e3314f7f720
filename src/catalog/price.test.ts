/** Tokens to money: one rounding, lines that add up, tiers by total input, and gaps that are named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Price, priceTokens, ratesFor, type TokenCounts } from './price.ts';

const price: Price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [
    {
      aboveInputTokens: 0,
      rates: {
        input: 3_000_000,
        output: 15_000_000,
        cacheRead: 300_000,
        cacheWrite5m: 3_750_000,
        cacheWrite1h: 6_000_000,
        calls: { web_search: 10_000_000_000 },
      },
    },
    { aboveInputTokens: 200_000, rates: { input: 6_000_000, output: 22_500_000, cacheRead: 600_000 } },
  ],
};
const none: TokenCounts = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  calls: {},
};

describe('priceTokens', () => {
  it.each([
    ['nothing', {}, 0n],
    ['a thousand in, a hundred out', { input: 1000, output: 100 }, 4_500_000n],
    ['every cache class', { cacheRead: 1_000_000, cacheWrite5m: 0, cacheWrite1h: 0 }, 600_000_000n],
    ['5 minute and 1 hour writes', { cacheWrite5m: 1000, cacheWrite1h: 1000 }, 9_750_000n],
    ['reasoning is output', { output: 100, reasoning: 60 }, 1_500_000n],
    ['built-in tools', { calls: { web_search: 3 } }, 30_000_000n],
    ['one token of the smallest rate, rounded up', { cacheRead: 1 }, 300n],
  ] as [string, Partial<TokenCounts>, bigint][])('%s', (_, counts, total) => {
    expect(priceTokens(price, { ...none, ...counts }).total).toBe(total);
  });

  it('reprices the whole request above the threshold, cached tokens counted in', () => {
    expect(priceTokens(price, { ...none, input: 100_000, cacheRead: 100_000 }).total).toBe(330_000_000n);
    expect(priceTokens(price, { ...none, input: 100_001, cacheRead: 100_000 }).total).toBe(660_006_000n);
    expect(ratesFor(price, 200_000).input).toBe(3_000_000);
  });

  it('names classes without a rate of their own', () => {
    expect(priceTokens(price, { ...none, audioInput: 5, calls: { code_execution: 1 } }).gaps).toEqual([
      'audioInput',
      'calls.code_execution',
    ]);
  });

  it('adds up, and rounds once and up, against exact arithmetic', () => {
    const count = fc.nat(5_000_000);
    const rate = fc.nat(600_000_000);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        rate,
        rate,
        rate,
        (input, cacheRead, output, inputRate, cacheRate, outputRate) => {
          const rates = { input: inputRate, output: outputRate, cacheRead: cacheRate };
          const cost = priceTokens(
            { ...price, tiers: [{ aboveInputTokens: 0, rates }] },
            { ...none, input, cacheRead, output },
          );
          const pico =
            BigInt(input) * BigInt(inputRate) +
            BigInt(cacheRead) * BigInt(cacheRate) +
            BigInt(output) * BigInt(outputRate);
          expect(cost.total).toBe((pico + 999n) / 1000n);
          expect(cost.input + cost.cache + cost.output + cost.other).toBe(cost.total);
          for (const line of [cost.input, cost.cache, cost.output, cost.other]) expect(line >= 0n).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
