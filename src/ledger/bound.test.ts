/** The bound holds: no usage within it costs more, for every price there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NanoUsd, nanoUsd } from '../base/money.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { type Price, priceTokens, type Rates, type TokenCounts } from '../catalog/price.ts';
import {
  affordableOutput,
  type Bound,
  type BoundFacts,
  type BoundInput,
  boundOf,
  dearestBound,
  outputLimitOf,
  pricesAt,
  withOutput,
} from './bound.ts';

const plain: BoundFacts = {
  inputTokens: 1_000,
  isInputOpen: false,
  cacheWrite: 'none',
  hasAudioInput: false,
  asksAudio: false,
  toolCalls: 0,
  choices: 1,
};

function priceOf(...tiers: readonly (readonly [number, Partial<Rates>])[]): Price {
  return {
    provider: 'p',
    model: 'm',
    serviceTier: 'standard',
    source: 'test',
    effectiveFromMs: 0,
    tiers: tiers.map(([aboveInputTokens, rates]) => ({
      aboveInputTokens,
      rates: { input: 0, output: 0, ...rates },
    })),
  };
}

/** $3 in, $15 out; caching at 0.1, 1.25 and 2 times; twice the price above 200,000. */
const rates = { input: 3e6, output: 15e6, cacheRead: 3e5, cacheWrite5m: 3.75e6, cacheWrite1h: 6e6 };
const sonnet = priceOf([0, rates], [200_000, { ...rates, input: 6e6, output: 22.5e6 }]);

function bound(more: Partial<BoundFacts> = {}, input: Partial<BoundInput> = {}): Bound {
  const facts = { ...plain, ...more };
  const result = boundOf({
    prices: [sonnet],
    facts,
    contextWindow: 200_000,
    maxOutput: 1_000,
    isStrict: false,
    ...input,
  });
  if (!result.ok) throw new Error(result.reason);
  return result.bound;
}

describe('boundOf, by hand', () => {
  const output = 1_000n * 15_000n;
  const audio = priceOf([0, { input: 1e6, output: 1e6, audioInput: 40e6, audioOutput: 80e6 }]);
  const fees = priceOf([
    0,
    { input: 1e6, output: 1e6, perRequest: 5e9, calls: { web_search: 1e10, x: 2e9 } },
  ]);
  it.each<[string, Partial<BoundFacts>, Partial<BoundInput>, bigint]>([
    ['plain', {}, {}, 1_000n * 3_000n + output],
    ['5m marks', { cacheWrite: '5m' }, {}, 1_000n * 3_750n + output],
    ['1h marks', { cacheWrite: '1h' }, {}, 1_000n * 6_000n + output],
    ['three choices', { choices: 3 }, {}, 1_000n * 3_000n + 3n * output],
    ['the last token of the first tier', { inputTokens: 200_000 }, {}, 200_000n * 3_000n + output],
    ['the first of the second', { inputTokens: 200_001 }, {}, 200_001n * 6_000n + 1_000n * 22_500n],
    ['open input', { isInputOpen: true }, {}, 200_000n * 3_000n + output],
    ['no output', {}, { maxOutput: 0 }, 3_000_000n],
    [
      'audio',
      { hasAudioInput: true, asksAudio: true },
      { prices: [audio] },
      1_000n * 40_000n + 1_000n * 80_000n,
    ],
    ['audio that nobody asks for', {}, { prices: [audio] }, 2_000_000n],
    [
      'fees',
      { toolCalls: 2 },
      { prices: [fees], contextWindow: 5_000 },
      5_000_000n + 20_000_000n + 5_000_000n + 1_000_000n,
    ],
    [
      'the dearer of two prices',
      {},
      { prices: [sonnet, priceOf([0, { input: 5e6, output: 1 }])] },
      1_000n * 5_000n + output,
    ],
    [
      'a tier that is cheaper than the one below',
      {},
      { prices: [priceOf([0, { input: 2e6 }], [500, { input: 1e6 }])] },
      2_000_000n,
    ],
    [
      'reasoning dearer than output',
      {},
      { prices: [priceOf([0, { reasoning: 8e6, output: 1e6 }])] },
      8_000_000n,
    ],
    [
      'rounding once',
      { inputTokens: 1 },
      { maxOutput: 1, prices: [priceOf([0, { input: 1, output: 1 }])] },
      1n,
    ],
    ['free', {}, { prices: [priceOf([0, {}])] }, 0n],
  ])('%s', (_name, facts, input, amount) => {
    expect(bound(facts, input).amountNano).toBe(amount);
  });

  it.each<[string, Partial<BoundFacts>, Partial<BoundInput>, string]>([
    ['row 25: no price', {}, { prices: [] }, 'price_unknown'],
    [
      'open input of a model whose window nobody knows',
      { isInputOpen: true },
      { contextWindow: undefined },
      'input_unbounded',
    ],
    ['open input, strictly', { isInputOpen: true }, { isStrict: true }, 'input_unbounded'],
    ['built-in tools, strictly', { toolCalls: 1 }, { isStrict: true }, 'input_unbounded'],
  ])('%s is refused', (_name, facts, input, reason) => {
    expect(
      boundOf({
        prices: [sonnet],
        facts: { ...plain, ...facts },
        contextWindow: 1,
        maxOutput: 1,
        isStrict: false,
        ...input,
      }),
    ).toEqual({ ok: false, reason });
  });
});

const noCounts: TokenCounts = {
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

const catalogPrices = createCatalog()
  .list()
  .flatMap((model) => model.prices);

/** Classes that input may be billed in, by what was asked for. */
function inputClasses({ cacheWrite, hasAudioInput }: BoundFacts): (keyof TokenCounts)[] {
  return [
    'input',
    'cacheRead',
    ...(cacheWrite === 'none' ? [] : (['cacheWrite5m'] as const)),
    ...(cacheWrite === '1h' ? (['cacheWrite1h'] as const) : []),
    ...(hasAudioInput ? (['audioInput'] as const) : []),
  ];
}

/** Spreads `total` over as many places as there are weights. */
function spread(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => (sum === 0 ? 0 : Math.floor((total * weight) / sum)));
  shares[0]! += total - shares.reduce((a, b) => a + b, 0);
  return shares;
}

function usageWithin(
  facts: BoundFacts,
  input: number,
  output: number,
  weights: readonly number[],
): TokenCounts {
  const classes = inputClasses(facts);
  const shares = spread(input, weights.slice(0, classes.length));
  const [text = 0, sound = 0] = spread(output, [weights[5]!, facts.asksAudio ? weights[6]! : 0]);
  return {
    ...noCounts,
    ...Object.fromEntries(classes.map((name, index) => [name, shares[index]])),
    output: text,
    reasoning: Math.floor((text * weights[7]!) / 100),
    audioOutput: sound,
    calls: facts.toolCalls === 0 ? {} : { web_search: facts.toolCalls },
  };
}

const anyFacts = fc.record({
  inputTokens: fc.integer({ min: 0, max: 1_200_000 }),
  isInputOpen: fc.boolean(),
  cacheWrite: fc.constantFrom('none' as const, '5m' as const, '1h' as const),
  hasAudioInput: fc.boolean(),
  asksAudio: fc.boolean(),
  toolCalls: fc.integer({ min: 0, max: 20 }),
  choices: fc.integer({ min: 1, max: 4 }),
});
const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 8, maxLength: 8 });
const share = fc.integer({ min: 0, max: 100 });

describe('no usage within the bound costs more than it', () => {
  const contextWindow = 1_000_000;
  const check = (price: Price, facts: BoundFacts, maxOutput: number, counts: TokenCounts) => {
    const result = boundOf({ prices: [price], facts, contextWindow, maxOutput, isStrict: false });
    expect(result.ok).toBe(true);
    if (!result.ok) return;
    const cost = priceTokens(price, counts).total;
    if (cost > result.bound.amountNano) {
      expect.fail(`${price.provider}/${price.model}: ${cost} > ${result.bound.amountNano}`);
    }
  };

  it('for every price of the catalog, at the edges of its tiers, all in one class', () => {
    expect(catalogPrices.length).toBeGreaterThan(1_000);
    for (const price of catalogPrices) {
      for (const { aboveInputTokens } of price.tiers) {
        for (const inputTokens of [aboveInputTokens, aboveInputTokens + 1]) {
          const facts: BoundFacts = {
            ...plain,
            inputTokens,
            cacheWrite: '1h',
            hasAudioInput: true,
            asksAudio: true,
          };
          for (const name of inputClasses(facts)) {
            check(price, facts, 77, { ...noCounts, [name]: inputTokens, output: 77, reasoning: 77 });
            check(price, facts, 77, { ...noCounts, [name]: inputTokens, audioOutput: 77 });
          }
        }
      }
    }
  });

  it('for any split over classes and of output over reasoning', () => {
    fc.assert(
      fc.property(
        fc.nat(catalogPrices.length - 1),
        anyFacts,
        fc.nat(130_000),
        weights,
        share,
        share,
        (index, facts, maxOutput, split, used, written) => {
          const isOpen = facts.isInputOpen || facts.toolCalls > 0;
          const most = isOpen ? Math.max(contextWindow, facts.inputTokens) : facts.inputTokens;
          const input = Math.floor((most * used) / 100);
          const output = Math.floor((facts.choices * maxOutput * written) / 100);
          check(catalogPrices[index]!, facts, maxOutput, usageWithin(facts, input, output, split));
        },
      ),
      { numRuns: 5_000, endOnFailure: true },
    );
  });

  it('for made-up prices with every class, tier and fee', () => {
    const rate = fc.integer({ min: 0, max: 600_000_000 });
    const maybe = fc.option(rate, { nil: undefined });
    const anyRates = fc.record({
      input: rate,
      output: rate,
      cacheRead: maybe,
      cacheWrite5m: maybe,
      cacheWrite1h: maybe,
      reasoning: maybe,
      audioInput: maybe,
      audioOutput: maybe,
      perRequest: maybe,
      calls: fc.option(fc.record({ web_search: rate, code: rate }), { nil: undefined }),
    }) as fc.Arbitrary<Rates>;
    const tiers = fc.array(anyRates, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(tiers, anyFacts, fc.nat(10_000), weights, share, (all, facts, maxOutput, split, used) => {
        const price = priceOf(...all.map((row, index) => [index * 200_000, row] as const));
        const isOpen = facts.isInputOpen || facts.toolCalls > 0;
        const most = isOpen ? Math.max(contextWindow, facts.inputTokens) : facts.inputTokens;
        const input = Math.floor((most * used) / 100);
        check(price, facts, maxOutput, usageWithin(facts, input, facts.choices * maxOutput, split));
      }),
      { numRuns: 3_000, endOnFailure: true },
    );
  });
});

describe('affordableOutput', () => {
  it.each<[string, bigint, Bound, number | undefined]>([
    ['room for all of it', 100_000_000n, bound({}, { maxOutput: 2_000 }), 2_000],
    ['room for some', 3_000_000n + 1_500n * 15_000n, bound({}, { maxOutput: 2_000 }), 1_500],
    [
      'a nano-dollar short of a token',
      3_000_000n + 1_500n * 15_000n - 1n,
      bound({}, { maxOutput: 2_000 }),
      1_499,
    ],
    ['room for the floor', 3_000_000n + 1_024n * 15_000n, bound({}, { maxOutput: 2_000 }), 1_024],
    ['less than the floor', 3_000_000n + 1_024n * 15_000n - 1n, bound({}, { maxOutput: 2_000 }), undefined],
    ['a short reply, whole', 3_000_000n + 100n * 15_000n, bound({}, { maxOutput: 100 }), 100],
    ['a short reply, not whole', 3_000_000n + 99n * 15_000n, bound({}, { maxOutput: 100 }), undefined],
    ['not even the input', 2_999_999n, bound(), undefined],
    ['nothing left', -5n, bound(), undefined],
    ['nothing left for what is free', 0n, bound({}, { prices: [priceOf([0, {}])] }), 1_000],
    ['no output, and the input fits', 3_000_000n, bound({}, { maxOutput: 0 }), 0],
  ])('%s', (_name, headroom, of, tokens) => {
    expect(affordableOutput(nanoUsd(headroom), of)).toBe(tokens);
  });

  it('is the most that fits: what it gives does, and one token more does not', () => {
    const headrooms = fc.bigInt({ min: 0n, max: 2_000_000_000n });
    const rate = fc.integer({ min: 1, max: 99_999_999 });
    fc.assert(
      fc.property(headrooms, rate, rate, fc.nat(100_000), (headroom, input, output, maxOutput) => {
        const of = bound({}, { prices: [priceOf([0, { input, output }])], maxOutput });
        const tokens = affordableOutput(headroom as NanoUsd, of, 0);
        if (tokens === undefined) {
          expect(withOutput(of, 0).amountNano).toBeGreaterThan(headroom);
          return;
        }
        expect(withOutput(of, tokens).amountNano).toBeLessThanOrEqual(headroom);
        if (tokens < maxOutput) expect(withOutput(of, tokens + 1).amountNano).toBeGreaterThan(headroom);
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  [
    { asked: 64_000, cap: 4_096, modelMax: 8_192 },
    { tokens: 64_000, isAsked: true },
  ],
  [
    { asked: Number.MAX_SAFE_INTEGER, cap: undefined, modelMax: undefined },
    { tokens: 10_000_000, isAsked: true },
  ],
  [
    { asked: undefined, cap: 4_096, modelMax: 64_000 },
    { tokens: 4_096, isAsked: false },
  ],
  [
    { asked: undefined, cap: 100_000, modelMax: 64_000 },
    { tokens: 64_000, isAsked: false },
  ],
  [
    { asked: undefined, cap: undefined, modelMax: 64_000 },
    { tokens: 8_192, isAsked: false },
  ],
  [
    { asked: undefined, cap: undefined, modelMax: 4_000 },
    { tokens: 4_000, isAsked: false },
  ],
])('outputLimitOf %j', (wishes, limit) => expect(outputLimitOf(wishes)).toEqual(limit));

it('takes the dearest attempt for the plan', () => {
  const [small, large] = [bound(), bound({ inputTokens: 9_000 })];
  expect(dearestBound([small, large, small])).toBe(large);
  expect(dearestBound([])).toBeUndefined();
});

it.each([
  ['the standard price alone', undefined, ['standard']],
  ['both tiers, since the answer may come in either', 'priority', ['standard', 'priority']],
  ['one, where the tier has no price of its own', 'scale', ['standard']],
])('pricesAt: %s', (_name, asked, tiers) => {
  const standard = { ...sonnet, serviceTier: 'standard' };
  const priority = { ...sonnet, serviceTier: 'priority' };
  const found = pricesAt((tier) => (tier === 'priority' ? priority : standard), asked);
  expect(found.map(({ serviceTier }) => serviceTier)).toEqual(tiers);
  expect(pricesAt(() => undefined, asked)).toEqual([]);
});
