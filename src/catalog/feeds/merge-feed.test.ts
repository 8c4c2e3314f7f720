/** Price lists of others: read exactly, laid over what is known with its history, and refused where they cannot be right. */
import { describe, expect, it } from 'vitest';
import { createCatalog, shippedData } from '../catalog.ts';
import { overlay } from '../data.ts';
import { rateOf } from './feed.ts';
import { type MergedFeed, mergeFeed } from './merge-feed.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const shipped = createCatalog();
type Good = Extract<MergedFeed, { ok: true }>;

function good(list: object, known = shipped, nowMs = NOW): Good {
  const merged = mergeFeed(JSON.stringify(list), 'a list', known, nowMs);
  if (!merged.ok) throw new Error(merged.problem);
  return merged;
}
const catalogWith = (merged: Good) => createCatalog([], overlay(shippedData, merged.data));
const ratesAt = (merged: Good, provider: string, model: string, tier = 'standard', atMs = NOW) => {
  const price = catalogWith(merged).priceOf(provider, model, tier, atMs);
  return price && { tier: price.serviceTier, source: price.source, tiers: price.tiers };
};

/** Enough models for a list to be one. */
const filler = Object.fromEntries(
  [1, 2, 3, 4, 5].map((n) => [
    `groq/filler-${n}`,
    { litellm_provider: 'groq', input_cost_per_token: 1e-7 * n, output_cost_per_token: 2e-7 * n },
  ]),
);

describe('a number', () => {
  it.each<[unknown, number, number | undefined]>([
    [3e-6, 12, 3_000_000],
    [0.000003, 12, 3_000_000],
    [3.75e-6, 12, 3_750_000],
    [3.75e-8, 12, 37_500],
    // As floats come out of a calculation.
    [1.2000000000000002e-6, 12, 1_200_000],
    [1.2499999999999999e-6, 12, 1_250_000],
    [7.5e-13, 12, 1],
    [0, 12, 0],
    [15, 6, 15_000_000],
    [0.0375, 6, 37_500],
    [0.00000015, 6, 1],
    [-1, 6, undefined],
    [Number.NaN, 6, undefined],
    ['3', 6, undefined],
    [2, 12, undefined],
    [1e300, 6, undefined],
  ])('%s moved by %i places is %s', (value, places, rate) => {
    expect(rateOf(value, places)).toBe(rate);
  });
});

describe('LiteLLM', () => {
  const list = {
    sample_spec: { litellm_provider: 'one of', input_cost_per_token: 0 },
    ...filler,
    'gpt-4o': {
      litellm_provider: 'openai',
      max_input_tokens: 128000,
      max_output_tokens: 16384,
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 1e-5,
      cache_read_input_token_cost: 1.25e-6,
      input_cost_per_token_batches: 1.25e-6,
      output_cost_per_token_batches: 5e-6,
      input_cost_per_token_priority: 4.25e-6,
      output_cost_per_token_priority: 1.7e-5,
      cache_read_input_token_cost_priority: 2.125e-6,
      // Half a price is none.
      input_cost_per_token_flex: 1e-6,
    },
    'gemini/gemini-9-pro': {
      litellm_provider: 'gemini',
      input_cost_per_token: 1.25e-6,
      output_cost_per_token: 1e-5,
      input_cost_per_token_above_200k_tokens: 2.5e-6,
      output_cost_per_token_above_200k_tokens: 1.5e-5,
      cache_read_input_token_cost_above_200k_tokens: 2.5e-7,
      input_cost_per_token_above_512k_tokens: 9e-6,
      input_cost_per_audio_token: 3e-6,
    },
    'claude-opus-9': {
      litellm_provider: 'anthropic',
      input_cost_per_token: 5e-6,
      output_cost_per_token: 2.5e-5,
      cache_creation_input_token_cost: 6.25e-6,
      cache_creation_input_token_cost_above_1hr: 1e-5,
      output_cost_per_reasoning_token: 3e-5,
    },
    'openrouter/anthropic/claude-x': {
      litellm_provider: 'openrouter',
      input_cost_per_token: 5e-6,
      output_cost_per_token: 2.5e-5,
    },
    'dall-e-3': { litellm_provider: 'openai', input_cost_per_pixel: 1e-8 },
    'acme/model': { litellm_provider: 'acme', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
    'groq/broken': { litellm_provider: 'groq', input_cost_per_token: -1, output_cost_per_token: 1e-6 },
  };

  it('is read with its tiers, thresholds and limits', () => {
    const merged = good(list);
    expect(merged).toMatchObject({ kind: 'litellm', skipped: 1 });
    expect(merged.data).toMatchObject({ source: 'a list', asOf: '2026-11-21' });
    expect(ratesAt(merged, 'openai', 'gpt-4o', 'priority')).toMatchObject({
      tier: 'priority',
      source: 'refreshed',
      tiers: [{ rates: { input: 4_250_000, output: 17_000_000, cacheRead: 2_125_000 } }],
    });
    expect(ratesAt(merged, 'openai', 'gpt-4o', 'batch')).toMatchObject({ tier: 'batch' });
    expect(ratesAt(merged, 'openai', 'gpt-4o', 'flex')).toMatchObject({ tier: 'standard' });
    expect(catalogWith(merged).find('openai', 'gpt-4o')).toMatchObject({ maxOutputTokens: 16_384 });
    expect(ratesAt(merged, 'google', 'gemini-9-pro')?.tiers).toEqual([
      { aboveInputTokens: 0, rates: { input: 1_250_000, output: 10_000_000, audioInput: 3_000_000 } },
      { aboveInputTokens: 200_000, rates: { input: 2_500_000, output: 15_000_000, cacheRead: 250_000 } },
    ]);
    // Vertex serves what Google does.
    expect(ratesAt(merged, 'vertex', 'gemini-9-pro')?.tiers).toHaveLength(2);
    expect(ratesAt(merged, 'anthropic', 'claude-opus-9-20261101')?.tiers[0]?.rates).toEqual({
      input: 5_000_000,
      output: 25_000_000,
      cacheWrite5m: 6_250_000,
      cacheWrite1h: 10_000_000,
      reasoning: 30_000_000,
    });
    expect(ratesAt(merged, 'openrouter', 'anthropic/claude-x')).toBeDefined();
    expect(ratesAt(merged, 'acme', 'model')).toBeUndefined();
  });

  it('changes nothing where it says what is known, and keeps the classes that it does not know', () => {
    const before = shipped.priceOf('anthropic', 'claude-sonnet-4-5', 'standard', NOW);
    const merged = good({
      ...filler,
      'claude-sonnet-4-5': {
        litellm_provider: 'anthropic',
        input_cost_per_token: 3e-6,
        output_cost_per_token: 1.5e-5,
        input_cost_per_token_above_200k_tokens: 6e-6,
        output_cost_per_token_above_200k_tokens: 2.25e-5,
      },
    });
    expect(merged.changed).toBe(0);
    expect(ratesAt(merged, 'anthropic', 'claude-sonnet-4-5')).toEqual({
      tier: 'standard',
      source: 'catalog',
      tiers: before?.tiers,
    });
  });
});

describe('models.dev', () => {
  const vendors = (models: object) => ({ openai: { id: 'openai', models } });
  const cost = { input: 1, output: 2 };
  const filled = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`filler-${n}`, { id: 'x', cost }]));

  it.each<[string, object, object]>([
    [
      'one threshold as an object',
      {
        input: 3,
        output: 15,
        cache_read: 0.3,
        cache_write: 3.75,
        context_over_200k: { input: 6, output: 22.5 },
      },
      [
        {
          aboveInputTokens: 0,
          rates: { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite5m: 3_750_000 },
        },
        { aboveInputTokens: 200_000, rates: { input: 6_000_000, output: 22_500_000 } },
      ],
    ],
    [
      'thresholds as a list, which counts',
      {
        ...{ input: 5, output: 30, input_audio: 40, output_audio: 80, reasoning: 31 },
        tiers: [{ input: 10, output: 45, tier: { type: 'context', size: 272_000 } }],
        context_over_200k: { input: 10, output: 45 },
      },
      [
        {
          aboveInputTokens: 0,
          rates: {
            ...{ input: 5_000_000, output: 30_000_000, reasoning: 31_000_000 },
            ...{ audioInput: 40_000_000, audioOutput: 80_000_000 },
          },
        },
        { aboveInputTokens: 272_000, rates: { input: 10_000_000, output: 45_000_000 } },
      ],
    ],
  ])('with %s', (_name, costs, tiers) => {
    const merged = good(
      vendors({ ...filled, 'new-1': { name: 'New', cost: costs, limit: { context: 9, output: 5 } } }),
    );
    expect(merged).toMatchObject({ kind: 'models.dev', added: 6, skipped: 0 });
    expect(ratesAt(merged, 'openai', 'new-1')?.tiers).toEqual(tiers);
    const model = catalogWith(merged).find('openai', 'new-1');
    expect(model).toMatchObject({ name: 'New', contextWindow: 9, maxOutputTokens: 5 });
  });

  it('skips a price whose threshold it does not understand, and limits without one are taken', () => {
    const strange = { ...cost, tiers: [{ ...cost, tier: { type: 'time', size: 5 } }] };
    const merged = good(
      vendors({
        ...filled,
        strange: { cost: strange },
        'gpt-4o': { limit: { context: 128_000, output: 16_384 } },
      }),
    );
    expect(merged.skipped).toBe(1);
    expect(catalogWith(merged).find('openai', 'gpt-4o')).toMatchObject({ maxOutputTokens: 16_384 });
    expect(ratesAt(merged, 'openai', 'gpt-4o')?.source).toBe('catalog');
  });
});

describe('our own format', () => {
  it('is taken as it is, with its dates', () => {
    const models = [1, 2, 3, 4, 5].map((n) => ({
      ...{
        provider: 'gpu',
        id: `m${n}`,
        name: `M ${n}`,
        contextWindow: 1000,
        maxOutputTokens: 100,
        aliases: [`a${n}`],
      },
      prices: [
        { from: 0, tiers: [{ aboveInputTokens: 0, rates: { input: 1, output: 2 } }] },
        { from: NOW - 5, tiers: [{ aboveInputTokens: 0, rates: { input: 3, output: 4 } }] },
        { from: 0, serviceTier: 'flex', tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 1 } }] },
      ],
    }));
    const merged = good({ source: 'mine', asOf: '2026-11-01', models });
    expect(merged.data.asOf).toBe('2026-11-01');
    expect(ratesAt(merged, 'gpu', 'a1')?.tiers[0]?.rates.input).toBe(3);
    expect(ratesAt(merged, 'gpu', 'm1', 'standard', NOW - 6)?.tiers[0]?.rates.input).toBe(1);
    expect(ratesAt(merged, 'gpu', 'm1', 'flex')).toMatchObject({ tier: 'flex' });
  });

  it('is what is shipped', () => {
    const merged = good(shippedData);
    expect(merged).toMatchObject({ kind: 'turnpike', added: 0, changed: 0, skipped: 0 });
    expect(merged.data.models).toHaveLength(shippedData.models.length);
  });
});

describe('a price that changes', () => {
  const at = (usdPerToken: number) => ({
    ...filler,
    'gpt-4o': { litellm_provider: 'openai', input_cost_per_token: usdPerToken, output_cost_per_token: 1e-5 },
    'gpt-99': { litellm_provider: 'openai', input_cost_per_token: usdPerToken, output_cost_per_token: 1e-5 },
  });

  it('begins when the list brings it, and what was stays for what was', () => {
    const first = good(at(2e-6));
    expect(first).toMatchObject({ added: 6, changed: 1 });
    const second = good(at(3e-6), catalogWith(first), NOW + 100);
    expect(second).toMatchObject({ added: 0, changed: 2 });
    const inputAt = (model: string, atMs: number) =>
      ratesAt(second, 'openai', model, 'standard', atMs)?.tiers[0]?.rates.input;
    expect([NOW - 1, NOW, NOW + 99, NOW + 100].map((atMs) => inputAt('gpt-4o', atMs))).toEqual([
      2_500_000, 2_000_000, 2_000_000, 3_000_000,
    ]);
    // Of what nobody knew before, the first word is the best guess for then.
    expect([0, NOW, NOW + 100].map((atMs) => inputAt('gpt-99', atMs))).toEqual([
      2_000_000, 2_000_000, 3_000_000,
    ]);
    expect(good(at(3e-6), catalogWith(second), NOW + 200)).toMatchObject({ changed: 0 });
  });
});

describe('a list that cannot be right', () => {
  const everything = (factor: number) => ({
    ...shippedData,
    models: shippedData.models
      .filter(({ provider }) => provider === 'openai')
      .map((row) => ({
        ...row,
        prices: row.prices.map(({ from: _from, tiers }) => ({
          tiers: tiers.map((tier) => ({
            ...tier,
            rates: { input: tier.rates.input * factor, output: tier.rates.output },
          })),
        })),
      })),
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '<html>', /no price list/],
    ['cut off', JSON.stringify(filler).slice(0, -9), /no price list/],
    ['a list of nothing', '[]', /no price list/],
    ['something else', '{"a": {"b": 1}}', /no price list/],
    [
      'too short',
      JSON.stringify({ a: { litellm_provider: 'groq', input_cost_per_token: 1 } }),
      /prices of 1 models/,
    ],
    [
      'mostly unreadable',
      JSON.stringify({ source: 's', models: [...everything(1).models.slice(0, 6), 1, 2, 3, 4, 5, 6, 7] }),
      /7 of its 13 models cannot be read/,
    ],
    ['in another unit', JSON.stringify(everything(1000)), /more than tenfold/],
    ['free all of a sudden', JSON.stringify(everything(0)), /more than tenfold/],
  ])('is refused: %s', (_name, text, problem) => {
    expect(mergeFeed(text, 'a list', shipped, NOW)).toEqual({
      ok: false,
      problem: expect.stringMatching(problem),
    });
  });

  it('may be right about a few that changed much', () => {
    const [first, ...others] = everything(1).models;
    const [changed] = everything(100).models;
    expect(first!.id).toBe(changed!.id);
    expect(good({ ...shippedData, models: [changed, ...others] }).ok).toBe(true);
  });
});
