/** The shipped facts: known prices to the last digit, spellings that lead to them, and silence where nothing is known. */
import { describe, expect, it } from 'vitest';
import { createCatalog } from './catalog.ts';
import snapshot from './snapshot.json' with { type: 'json' };
import { bedrockNames, undated } from './spelling.ts';

const catalog = createCatalog();
const NOW = Date.parse('2026-11-21T00:00:00Z');
const rates = (provider: string, model: string) =>
  catalog.priceOf(provider, model, 'standard', NOW)?.tiers[0]?.rates;

describe('prices', () => {
  it.each([
    [
      'anthropic',
      'claude-sonnet-4-5',
      {
        input: 3_000_000,
        output: 15_000_000,
        cacheRead: 300_000,
        cacheWrite5m: 3_750_000,
        cacheWrite1h: 6_000_000,
      },
    ],
    ['openai', 'gpt-4o', { input: 2_500_000, output: 10_000_000, cacheRead: 1_250_000 }],
    ['openai', 'gpt-4o-2024-08-06', { input: 2_500_000 }],
    // A date with a price of its own.
    ['openai', 'gpt-4o-2024-05-13', { input: 5_000_000, output: 15_000_000 }],
    ['anthropic', 'claude-3-5-haiku-20241022', { input: 800_000, output: 4_000_000 }],
    ['anthropic', 'claude-3-opus-latest', { input: 15_000_000 }],
    ['x-ai', 'grok-4', { input: 3_000_000, output: 15_000_000 }],
    // The dearest hour of the day, from the date it holds.
    ['deepseek', 'deepseek-v4-flash', { input: 440_000, output: 1_320_000, cacheRead: 14_000 }],
    ['openai', 'gpt-4o-mini', { input: 150_000, output: 600_000, cacheRead: 75_000 }],
  ])('%s %s', (provider, model, expected) => {
    expect(rates(provider, model)).toMatchObject(expected);
  });

  it('has the long-context tier of the whole request', () => {
    const tiers = catalog.priceOf('anthropic', 'claude-sonnet-4-5', 'standard', NOW)?.tiers;
    expect(tiers?.map((tier) => [tier.aboveInputTokens, tier.rates.input])).toEqual([
      [0, 3_000_000],
      [200_000, 6_000_000],
    ]);
  });

  it.each([
    'claude-sonnet-4-5',
    'claude-sonnet-4-5-20250929',
    'claude-sonnet-4-5@20250929',
    'claude-sonnet-4-5-latest',
  ])('finds %s by its undated id', (id) => {
    expect(catalog.find('anthropic', id)?.id).toBe('claude-sonnet-4-5');
  });

  it.each([
    ['openai', 'gpt-4o-nonsense'],
    ['anthropic', 'claude-sonnet-4-5-99990101'],
    ['nobody', 'gpt-4o'],
    ['openai', ''],
  ])('knows no price of %s %s', (provider, model) => {
    expect(catalog.priceOf(provider, model, 'standard', NOW)).toBeUndefined();
  });

  it('prices local servers at an explicit zero', () => {
    expect(catalog.priceOf('local', 'anything', 'standard', NOW)).toMatchObject({
      source: 'local',
      tiers: [{ rates: { input: 0, output: 0 } }],
    });
  });

  it('has each price from its date', () => {
    const input = (at: string) =>
      catalog.priceOf('openai', 'o3', 'standard', Date.parse(at))?.tiers[0]?.rates.input;
    expect([input('2025-06-09'), input('2025-06-10')]).toEqual([10_000_000, 2_000_000]);
  });

  it('falls back to the standard tier', () => {
    expect(catalog.priceOf('openai', 'gpt-4o', 'priority', NOW)?.serviceTier).toBe('standard');
  });
});

it('finds a bare id at its own vendor first', () => {
  expect(catalog.findBare('claude-sonnet-4-5')[0]?.provider).toBe('anthropic');
  expect(catalog.findBare('no-such-model')).toEqual([]);
});

it('lets extra models stand before shipped ones', () => {
  const extra = { provider: 'openai', id: 'gpt-4o', name: 'Mine', capabilities: [], prices: [] };
  expect(createCatalog([extra]).find('openai', 'gpt-4o')?.name).toBe('Mine');
});

it('holds only whole, safe, non-negative rates, tiers rising from 0', () => {
  for (const model of snapshot.models) {
    for (const price of model.prices) {
      expect(price.tiers[0]?.aboveInputTokens, model.id).toBe(0);
      for (const { rates: row } of price.tiers) {
        for (const value of Object.values(row)) {
          for (const rate of typeof value === 'number' ? [value] : Object.values(value)) {
            expect(Number.isSafeInteger(rate) && rate >= 0, `${model.id} ${rate}`).toBe(true);
          }
        }
      }
    }
  }
});

it.each([
  ['a-2024-08-06', 'a'],
  ['a-20240806', 'a'],
  ['a-20241306', 'a-20241306'],
  ['a-1234', 'a-1234'],
  ['a-latest', 'a'],
])('undated %s', (id, expected) => {
  expect(undated(id)).toBe(expected);
});

describe('resellers', () => {
  const input = (provider: string, model: string) => rates(provider, model)?.input;

  it.each([
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'apac.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'anthropic.claude-sonnet-4-5-20250929-v1:0:200k',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0',
  ])('finds %s on Bedrock at the price of a region', (id) => {
    expect(input('aws', id)).toBe(3_300_000);
  });

  it.each<[string, number | undefined]>([
    ['global.anthropic.claude-sonnet-4-5-20250929-v1:0', 3_000_000],
    ['global.anthropic.claude-opus-5', 5_000_000],
    ['us.anthropic.claude-opus-5', 5_500_000],
    ['us.anthropic.claude-opus-4-6-v1', 5_500_000],
    // No global price is known.
    ['global.meta.llama3-3-70b-instruct-v1:0', 720_000],
    ['us.amazon.nova-lite-v1:0', 60_000],
    ['us.amazon.nova-2-lite-v1:0', 330_000],
    ['openai.gpt-oss-120b-1:0', 150_000],
    ['us.anthropic.claude-sonnet-4-5', undefined],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123', undefined],
    ['claude-sonnet-4-5', undefined],
    ['', undefined],
  ])('finds %s on Bedrock at %s', (id, price) => {
    expect(input('aws', id)).toBe(price);
  });

  it('files no two of Bedrock under one name at different prices', () => {
    const byName = new Map<string, string>();
    for (const model of catalog.list('aws')) {
      const [name = ''] = bedrockNames(model.id);
      const prices = JSON.stringify(model.prices.map(({ tiers }) => tiers));
      expect(byName.get(name) ?? prices, name).toBe(prices);
      byName.set(name, prices);
    }
  });

  it.each<[string, number]>([
    ['claude-sonnet-4-5@20250929', 3_000_000],
    ['claude-opus-4-1@20250805', 15_000_000],
    ['claude-sonnet-4@20250514', 3_000_000],
    // Anthropic's own list, as none is filed for Vertex.
    ['claude-haiku-4-5@20251001', 1_000_000],
    ['gemini-2.5-pro', 1_250_000],
  ])('finds %s on Vertex', (id, price) => {
    expect(input('vertex', id)).toBe(price);
    expect(catalog.find('vertex', id)?.provider).toBe('vertex');
    expect(catalog.priceOf('vertex', id, 'standard', NOW)?.provider).toBe('vertex');
  });

  it("prices Azure's deployments as the models whose names they bear, and lists none", () => {
    expect(rates('azure', 'gpt-4o')).toEqual(rates('openai', 'gpt-4o'));
    expect(catalog.find('azure', 'gpt-4o-2024-08-06')?.provider).toBe('azure');
    expect(rates('azure', 'our-deployment')).toBeUndefined();
    expect(catalog.list('azure')).toEqual([]);
  });

  it("lists Google's models on Vertex, and Claude there alone", () => {
    const ids = (provider: string) => catalog.list(provider).map(({ id }) => id);
    expect(ids('vertex')).toEqual(expect.arrayContaining(['gemini-2.5-pro', 'claude-sonnet-4-5']));
    expect(ids('vertex')).not.toContain('claude-haiku-4-5');
    expect(ids('google').filter((id) => id.includes('claude'))).toEqual([]);
  });

  it('come after the makers for a bare id', () => {
    const providers = (id: string) => catalog.findBare(id).map(({ provider }) => provider);
    expect(providers('claude-sonnet-4-5')).toEqual(['anthropic', 'vertex']);
    expect(providers('gemini-2.5-pro')).toEqual(['google', 'vertex']);
    expect(providers('gpt-4o')).toEqual(['openai']);
  });
});

describe('limits', () => {
  it.each([
    ['anthropic', 'claude-sonnet-4-5-20250929', 200_000, 64_000],
    ['openai', 'gpt-4o', 128_000, 16_384],
    ['azure', 'gpt-4o', 128_000, 16_384],
    ['google', 'gemini-2.5-pro', 1_048_576, 65_536],
    ['vertex', 'gemini-2.5-pro', 1_048_576, 65_536],
  ])('of %s/%s are known', (provider, model, contextWindow, maxOutputTokens) => {
    expect(catalog.find(provider, model)).toMatchObject({ contextWindow, maxOutputTokens });
  });

  it('are never above the window', () => {
    for (const { contextWindow = Number.POSITIVE_INFINITY, maxOutputTokens = 0 } of catalog.list())
      expect(maxOutputTokens).toBeLessThan(contextWindow);
  });
});
