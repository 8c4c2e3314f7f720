/** Token counts class by class, in the words of OpenAI and of servers that follow it. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, Usage } from '../chat.ts';
import { jsonFixtures } from './__fixtures__/laws.ts';
import { readUsage, writeUsage } from './usage.ts';

const reply = (name: string): JsonObject => jsonFixtures('replies').find((one) => one.name === name)!.body;

function classes(usage: Usage | undefined): object {
  const { raw: _raw, ...rest } = usage!;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}

describe('readUsage', () => {
  it.each<[string, object]>([
    ['text', { input: 20, cacheRead: 100, output: 30, reasoning: 12, serviceTier: 'default' }],
    [
      'cache-written',
      { input: 100, cacheRead: 300, cacheWrite5m: 600, output: 5, reasoning: 0, serviceTier: 'default' },
    ],
    [
      'openrouter',
      {
        input: 20,
        cacheRead: 0,
        output: 19,
        reasoning: 0,
        reportedCostUsd: '0.0000086',
        serviceTier: 'default',
      },
    ],
    // xAI has counted reasoning beside the output, and its servers' tools by themselves.
    [
      'xai',
      {
        input: 50,
        cacheRead: 150,
        output: 50,
        reasoning: 30,
        calls: { web_search: 1, x_search: 2, search_source: 2 },
        reportedCostUsd: '0.00012345',
        serviceTier: 'default',
      },
    ],
    // Opening a page is not billed as a search.
    [
      'cited',
      {
        input: 20,
        cacheRead: 100,
        output: 30,
        reasoning: 12,
        calls: { web_search: 1 },
        serviceTier: 'default',
      },
    ],
  ])('of %s', (name, expected) => {
    expect(classes(readUsage(reply(name)))).toEqual(expected);
  });

  it.each<[JsonObject, object]>([
    [
      { input_tokens: 3, output_tokens: 2 },
      { input: 3, output: 2 },
    ],
    [{ input_tokens: '3', output_tokens: null }, { input: Number.NaN }],
    [
      { input_tokens: 3, input_tokens_details: { cached_tokens: 9 } },
      { input: -6, cacheRead: 9 },
    ],
    [
      {
        input_tokens: 5,
        input_tokens_details: { audio_tokens: 2 },
        output_tokens: 4,
        output_tokens_details: { audio_tokens: 1 },
      },
      { input: 3, audioInput: 2, output: 3, audioOutput: 1 },
    ],
    [{ cost: '1.5' }, { reportedCostUsd: '1.5' }],
    [{ cost: 'much' }, {}],
    [{ cost: -1 }, {}],
    [{ cost: 1e-9 }, { reportedCostUsd: '0.000000001' }],
    [{ cost_in_usd_ticks: 20_000_000_000 }, { reportedCostUsd: '2' }],
    [{ cost_in_usd_ticks: 0.5 }, {}],
    [{ server_side_tool_usage_details: { web_search_calls: 0, mcp_calls: 'x' } }, {}],
  ])('repairs nothing: %j', (usage, expected) => {
    expect(classes(readUsage({ usage }))).toEqual(expected);
  });

  it('is none where there is none', () => {
    expect([readUsage({}), readUsage({ usage: null })]).toEqual([undefined, undefined]);
  });
});

describe('writeUsage', () => {
  it.each<[Partial<Usage>, object]>([
    [
      {},
      {
        input_tokens: 0,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 0,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 0,
      },
    ],
    [
      {
        input: 1,
        cacheRead: 2,
        cacheWrite5m: 4,
        cacheWrite1h: 8,
        audioInput: 16,
        output: 32,
        reasoning: 5,
        audioOutput: 64,
      },
      {
        input_tokens: 31,
        input_tokens_details: { cached_tokens: 2, cache_write_tokens: 12, audio_tokens: 16 },
        output_tokens: 96,
        output_tokens_details: { reasoning_tokens: 5, audio_tokens: 64 },
        total_tokens: 127,
      },
    ],
    [
      { input: Number.NaN, output: 3 },
      {
        input_tokens: 0,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 3,
      },
    ],
  ])('%j', (usage, wire) => {
    expect(writeUsage({ ...usage, raw: null }, false)).toEqual(wire);
  });

  it('gives its own back as it was', () => {
    const raw = { input_tokens: 3, x: 1 };
    expect(writeUsage({ input: 3, raw }, true)).toBe(raw);
  });
});
