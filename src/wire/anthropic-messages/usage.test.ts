/** Usage: classes, splits, merging, and what is no number. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, Usage } from '../chat.ts';
import { anthropicMessages } from './index.ts';
import { mergeUsage, readUsage } from './usage.ts';

describe('readUsage', () => {
  const cases: [string, JsonObject, Omit<Usage, 'raw'>][] = [
    ['nothing', {}, {}],
    ['nulls', { input_tokens: null, cache_creation: null, server_tool_use: null }, {}],
    ['zeros', { input_tokens: 0, output_tokens: 0 }, { input: 0, output: 0 }],
    ['a total alone is 5m', { cache_creation_input_tokens: 9 }, { cacheWrite5m: 9 }],
    [
      'a split',
      {
        cache_creation_input_tokens: 9,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
      },
      { cacheWrite5m: 4, cacheWrite1h: 5 },
    ],
    ['a split alone', { cache_creation: { ephemeral_1h_input_tokens: 5 } }, { cacheWrite1h: 5 }],
    [
      'a total beyond the split',
      {
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
      },
      { cacheWrite5m: 15, cacheWrite1h: 5 },
    ],
    [
      'a total beyond a split of 1h',
      {
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 5 },
      },
      { cacheWrite5m: 0, cacheWrite1h: 20 },
    ],
    [
      'a total below the split',
      {
        cache_creation_input_tokens: 3,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
      },
      { cacheWrite5m: 0, cacheWrite1h: 3 },
    ],
    [
      'thinking',
      { output_tokens: 9, output_tokens_details: { thinking_tokens: 7 } },
      { output: 9, reasoning: 7 },
    ],
    [
      'server tools',
      { server_tool_use: { web_search_requests: 2, web_fetch_requests: 0, note: 'x' } },
      { calls: { web_search: 2, web_fetch: 0 } },
    ],
    ['a tier', { service_tier: 'priority' }, { serviceTier: 'priority' }],
    [
      'no numbers',
      { input_tokens: '7', output_tokens: {}, cache_read_input_tokens: false },
      { input: Number.NaN, output: Number.NaN, cacheRead: Number.NaN },
    ],
    ['a negative number', { input_tokens: -7 }, { input: -7 }],
    [
      'iterations that are billed beside the totals',
      {
        input_tokens: 10,
        output_tokens: 5,
        iterations: [
          { type: 'compaction', input_tokens: 100, output_tokens: 50, cache_read_input_tokens: 3 },
          { type: 'message', input_tokens: 10, output_tokens: 5 },
          'x',
        ],
      },
      { input: 110, output: 55, cacheRead: 3 },
    ],
  ];
  it.each(cases)('%s', (_name, raw, expected) => {
    expect(readUsage(raw)).toEqual({ ...expected, raw });
    expect(anthropicMessages.readUsage({ usage: raw })).toEqual({ ...expected, raw });
  });

  it('gives nothing where there is no object', () => {
    expect(anthropicMessages.readUsage({})).toBeUndefined();
    expect(anthropicMessages.readUsage({ usage: 'much' })).toBeUndefined();
  });
});

it('merges reports: the later number wins, null says nothing', () => {
  const first = { input_tokens: 10, output_tokens: 1, service_tier: 'standard' };
  expect(mergeUsage(first, { input_tokens: null, output_tokens: 0, server_tool_use: null })).toEqual({
    input_tokens: 10,
    output_tokens: 0,
    service_tier: 'standard',
    server_tool_use: null,
  });
});

it('reads the stop reason of a reply', () => {
  expect(anthropicMessages.readStop({ stop_reason: 'end_turn' })).toBe('end_turn');
  expect(anthropicMessages.readStop({ stop_reason: null })).toBeUndefined();
});
