/** Whose price counts: the operator's for the workspace, at that time, for that tier, then the catalog's. */
import { describe, expect, it } from 'vitest';
import { createCatalog } from './catalog.ts';
import type { Price } from './price.ts';
import { createPriceBook, type PriceOverride, type Served } from './price-book.ts';
import { plainTier } from './service-tier.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const sonnet: Served = {
  provider: 'work',
  catalogProvider: 'anthropic',
  model: 'claude-sonnet-4-5-20250929',
};
const own: Served = { provider: 'gpu', catalogProvider: 'openai-compatible', model: 'llama' };

const priceOf = (input: number, more: Partial<Price> = {}): Price => ({
  provider: 'work',
  model: 'claude-sonnet-4-5',
  serviceTier: '*',
  source: 'operator',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input, output: 2 * input } }],
  ...more,
});
const override = (
  input: number,
  more: Partial<Price> = {},
  times: Partial<PriceOverride> = {},
): PriceOverride => ({ workspaceId: 'ws_a', createdAtMs: 1, price: priceOf(input, more), ...times });

const catalog = createCatalog();
const listPrice = 3_000_000;
const inputOf = (
  overrides: readonly PriceOverride[],
  served: Served = sonnet,
  { tier = 'standard', atMs = NOW, workspace = 'ws_a' } = {},
) => createPriceBook(catalog, overrides).priceOf(workspace, served, tier, atMs)?.tiers[0]?.rates.input;

describe('a price of the operator', () => {
  it.each<[string, number | undefined, PriceOverride[], Served?, Parameters<typeof inputOf>[2]?]>([
    ['none: the list counts', listPrice, []],
    ['none of a model nobody knows', undefined, [], own],
    ['by the undated name', 1, [override(1)]],
    ['by the exact name before it', 2, [override(1), override(2, { model: sonnet.model })]],
    ['for every model of the provider', 4, [override(4, { model: '*' })]],
    ['for one model before every model', 1, [override(4, { model: '*' }), override(1)]],
    ['for every model nobody knows', 0, [override(0, { provider: 'gpu', model: '*' })], own],
    ['of another provider', listPrice, [override(1, { provider: 'home' })]],
    ['of another workspace', listPrice, [override(1)], sonnet, { workspace: 'ws_b' }],
    ['that begins later', listPrice, [override(1, { effectiveFromMs: NOW + 1 })]],
    ['that begins now', 1, [override(1, { effectiveFromMs: NOW })]],
    ['that has ended', listPrice, [override(1, {}, { untilMs: NOW })]],
    ['that ends next', 1, [override(1, {}, { untilMs: NOW + 1 })]],
    ['that began last of two', 2, [override(2, { effectiveFromMs: 9 }), override(1, { effectiveFromMs: 8 })]],
    ['that was made last of two', 2, [override(1), override(2, {}, { createdAtMs: 2 })]],
    ['of the tier before one of every tier', 5, [override(1), override(5, { serviceTier: 'standard' })]],
    ['of another tier', listPrice, [override(5, { serviceTier: 'flex' })]],
    ['of every tier, for flex', 1, [override(1)], sonnet, { tier: 'flex' }],
    [
      'of the standard tier, for flex',
      5,
      [override(5, { serviceTier: 'standard' })],
      sonnet,
      { tier: 'flex' },
    ],
  ])('%s', (_name, input, overrides, served, asked) => {
    expect(inputOf(overrides, served, asked)).toBe(input);
  });

  it('of every tier is known for each, and is the same object each time', () => {
    const book = createPriceBook(catalog, [override(1)]);
    const flex = book.priceOf('ws_a', sonnet, 'flex', NOW);
    expect(flex?.serviceTier).toBe('flex');
    expect(book.priceOf('ws_a', sonnet, 'flex', NOW)).toBe(flex);
  });

  it('of the standard tier alone keeps its name for others: nobody knows their price', () => {
    const book = createPriceBook(catalog, [override(5, { serviceTier: 'standard' })]);
    expect(book.priceOf('ws_a', sonnet, 'flex', NOW)?.serviceTier).toBe('standard');
    expect(book.overrideOf('ws_a', sonnet, 'flex', NOW)).toBeUndefined();
  });
});

it.each([
  [undefined, 'standard'],
  ['', 'standard'],
  ['default', 'standard'],
  ['on_demand', 'standard'],
  ['ON_DEMAND', 'standard'],
  ['Standard', 'standard'],
  ['priority', 'priority'],
  ['FLEX', 'flex'],
])('the tier %s is priced as %s', (spelled, plain) => {
  expect(plainTier(spelled)).toBe(plain);
});
