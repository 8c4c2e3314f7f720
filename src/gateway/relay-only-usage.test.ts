/** Usage as the vendors of relayed calls report it, and whether a price can say what it costs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Price, Rates } from '../catalog/price.ts';
import type { JsonObject } from '../wire/chat.ts';
import { isFree, isPriceable, readCallUsage } from './relay-only-usage.ts';

describe('a report', () => {
  it.each<[string, JsonObject, object | undefined]>([
    ['of a completion', { usage: { prompt_tokens: 5, completion_tokens: 2 } }, { input: 5, output: 2 }],
    [
      'with cached and reasoned tokens',
      {
        usage: {
          prompt_tokens: 9,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens: 7,
          completion_tokens_details: { reasoning_tokens: 3 },
        },
        service_tier: 'flex',
      },
      { input: 5, cacheRead: 4, output: 7, reasoning: 3, serviceTier: 'flex' },
    ],
    [
      'of a transcription by tokens',
      {
        usage: {
          type: 'tokens',
          input_tokens: 9,
          input_token_details: { audio_tokens: 7, text_tokens: 2 },
          output_tokens: 3,
        },
      },
      { input: 2, audioInput: 7, output: 3 },
    ],
    ['of a transcription by time', { usage: { type: 'duration', seconds: 4.2 } }, { calls: { second: 5 } }],
    ['of a ranking', { meta: { billed_units: { search_units: 1 } } }, { calls: { search_unit: 1 } }],
    ['of a ranking by tokens', { usage: { total_tokens: 8 } }, { input: 8 }],
    ['with a cost', { usage: { prompt_tokens: 1, cost: 0.5 } }, { input: 1, reportedCostUsd: '0.5' }],
    ['that is no number', { usage: { input_tokens: 'x' } }, { input: Number.NaN }],
    ['of none', { id: 1 }, undefined],
    ['that says nothing', { usage: {}, meta: {} }, undefined],
    ['of nothing', { usage: null }, undefined],
  ])('%s', (_name, body, expected) => {
    const usage = readCallUsage(body);
    const raw = body.usage ?? (body.meta as JsonObject | undefined)?.billed_units;
    expect(usage).toEqual(expected && { ...expected, raw });
  });

  it('is read from any JSON at all', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('usage', 'meta', 'service_tier'), fc.jsonValue()), (body) => {
        readCallUsage(body as JsonObject);
      }),
    );
  });
});

describe('a price', () => {
  const rates: Rates = { input: 1, output: 2, calls: { search_unit: 3 } };
  it.each<[string, JsonObject, Rates | undefined, boolean]>([
    ['knows tokens', { input_tokens: 1 }, rates, true],
    ['knows the calls it names', { search_units: 1 }, rates, true],
    ['knows no others', { seconds: 1 }, rates, false],
    [
      'knows no images that went in',
      { input_tokens: 2, input_tokens_details: { image_tokens: 1 } },
      rates,
      false,
    ],
    [
      'knows no images that came out',
      { output_tokens: 2, output_tokens_details: { image_tokens: 1 } },
      rates,
      false,
    ],
    [
      'minds no images that were none',
      { input_tokens: 2, input_tokens_details: { image_tokens: 0 } },
      rates,
      true,
    ],
    ['is not there', { input_tokens: 1 }, undefined, false],
  ])('%s', (_name, raw, known, expected) => {
    expect(isPriceable(readCallUsage({ usage: raw })!, known)).toBe(expected);
  });

  it.each<[Rates[], boolean]>([
    [[{ input: 0, output: 0 }], true],
    [[{ input: 0, output: 0, calls: { second: 0 } }], true],
    [[{ input: 0, output: 0, calls: { second: 1 } }], false],
    [
      [
        { input: 0, output: 0 },
        { input: 1, output: 0 },
      ],
      false,
    ],
    [[{ input: 0, output: 0, perRequest: 5 }], false],
  ])('of %j is nothing at all: %s', (tiers, expected) => {
    const price = { tiers: tiers.map((each) => ({ aboveInputTokens: 0, rates: each })) } as unknown as Price;
    expect(isFree(price)).toBe(expected);
    expect(isFree(undefined)).toBe(false);
  });
});
