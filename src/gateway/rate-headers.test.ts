/** Rate limits in the words of each vendor. */
import { describe, expect, it } from 'vitest';
import type { RateClaim, RateLeft, RateMetric } from '../ledger/rate.ts';
import type { FormatId } from '../wire/chat.ts';
import { rateHeaders, rateRefusal, retryHeaders } from './rate-headers.ts';

const NOW = Date.parse('2026-11-21T12:00:00.250Z');

const left = (metric: RateMetric, limit: number, remaining: number, resetMs = 0): RateLeft => ({
  subject: 'key:key_1',
  metric,
  limit,
  remaining,
  resetMs,
});
const lefts: readonly RateLeft[] = [
  left('requests', 60, 59, 1_000),
  { ...left('requests', 100, 7, 55_800), subject: 'workspace:ws_1' },
  left('input-tokens', 100_000, 16_000, 50_400),
  left('output-tokens', 20_000, 15_000, 15_001),
  left('streams', 10, 0),
];

describe('what is left', () => {
  it.each(['openai-chat', 'openai-responses'] as const)('in %s: the least of each', (format) => {
    expect(rateHeaders(format, lefts, NOW)).toEqual({
      'x-ratelimit-limit-requests': '100',
      'x-ratelimit-remaining-requests': '7',
      'x-ratelimit-reset-requests': '55.8s',
      // A sixth of the input is left, and three quarters of the output.
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-remaining-tokens': '16000',
      'x-ratelimit-reset-tokens': '50.4s',
    });
  });

  it.each([
    ['input', 900, 100, '1000'],
    ['output', 100, 900, '20'],
    ['input, where they are alike', 500, 500, '1000'],
  ])('of tokens those of %s', (_name, usedInput, usedOutput, limit) => {
    const some = [
      left('input-tokens', 1_000, 1_000 - usedInput),
      left('output-tokens', 20, 20 - usedOutput / 50),
    ];
    const headers = rateHeaders('openai-chat', some, NOW);
    expect(headers['x-ratelimit-limit-tokens']).toBe(limit);
    expect(rateHeaders('anthropic-messages', some, NOW)['anthropic-ratelimit-tokens-limit']).toBe(limit);
  });

  it('in anthropic-messages: moments to the second', () => {
    expect(rateHeaders('anthropic-messages', lefts, NOW)).toEqual({
      'anthropic-ratelimit-requests-limit': '100',
      'anthropic-ratelimit-requests-remaining': '7',
      'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:57Z',
      'anthropic-ratelimit-tokens-limit': '100000',
      'anthropic-ratelimit-tokens-remaining': '16000',
      'anthropic-ratelimit-tokens-reset': '2026-11-21T12:00:51Z',
      'anthropic-ratelimit-input-tokens-limit': '100000',
      'anthropic-ratelimit-input-tokens-remaining': '16000',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-21T12:00:51Z',
      'anthropic-ratelimit-output-tokens-limit': '20000',
      'anthropic-ratelimit-output-tokens-remaining': '15000',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-21T12:00:16Z',
    });
  });

  it.each(['gemini-generate', 'ollama-chat'] as const)('is not said in %s', (format) => {
    expect(rateHeaders(format, lefts, NOW)).toEqual({});
  });

  it.each<[FormatId, readonly RateLeft[], readonly string[]]>([
    ['openai-chat', [], []],
    ['openai-chat', [left('streams', 10, 3)], []],
    ['openai-chat', [left('output-tokens', 10, 3)], ['limit-tokens', 'remaining-tokens', 'reset-tokens']],
    ['anthropic-messages', [left('requests', 10, 3)], ['limit', 'remaining', 'reset']],
  ])('in %s only of what is limited: %j', (format, some, names) => {
    const told = Object.keys(rateHeaders(format, some, NOW));
    expect(told.map((name) => name.replace(/^(x-ratelimit|anthropic-ratelimit-requests)-/, ''))).toEqual(
      names,
    );
  });

  it.each([
    [0, '0s'],
    [20, '20ms'],
    [999, '999ms'],
    [1_000, '1s'],
    [1_500, '1.5s'],
    [59_999, '59.999s'],
    [60_000, '1m0s'],
    [360_000, '6m0s'],
    [72_500, '1m12.5s'],
    [3_600_000, '1h0m0s'],
    [7_325_000, '2h2m5s'],
  ])('%i ms until all is there again is %s', (resetMs, text) => {
    const headers = rateHeaders('openai-chat', [left('requests', 5, 0, resetMs)], NOW);
    expect(headers['x-ratelimit-reset-requests']).toBe(text);
  });
});

describe('the refusal', () => {
  const claim = (metric: RateMetric, subject: string, limit: number, amount = 1): RateClaim => ({
    subject,
    metric,
    limit,
    burstMs: 60_000,
    amount,
  });
  it.each<[RateClaim, number, string, number]>([
    [
      claim('requests', 'key:key_1', 60),
      2_345,
      'the limit of 60 requests per minute for key key_1 is used up; retry in 3 s',
      2.345,
    ],
    [
      claim('input-tokens', 'agent:ws_1:coder', 100_000, 30_000),
      119_001,
      'the limit of 100,000 input tokens per minute for agent coder has no room for the 30,000 this request may take; retry in 2 min',
      119.001,
    ],
    [
      claim('output-tokens', 'deployment:ws_1:openai/gpt-4o', 2_000_000, 8_192),
      119_000,
      'the limit of 2,000,000 output tokens per minute for deployment openai/gpt-4o has no room for the 8,192 this request may take; retry in 119 s',
      119,
    ],
    [
      claim('streams', 'workspace:ws_1', 10),
      1_000,
      'as many requests as workspace ws_1 may have at once (10) are under way; retry in 1 s',
      1,
    ],
    [
      claim('requests', 'member:ws_1:mem_1', 1),
      0,
      'the limit of 1 request per minute for member mem_1 is used up; retry in 1 s',
      0.001,
    ],
  ])('%j', (one, retryMs, message, retryAfterS) => {
    expect(rateRefusal(one, retryMs)).toEqual({ code: 'rate_limited', message, retryAfterS });
  });

  it.each([
    ['openai-chat', 2.345, { 'retry-after': '3', 'retry-after-ms': '2345' }],
    ['openai-responses', 0, { 'retry-after': '1', 'retry-after-ms': '1' }],
    ['anthropic-messages', 2.345, { 'retry-after': '3' }],
    ['gemini-generate', 60, { 'retry-after': '60' }],
    ['ollama-chat', 0.2, { 'retry-after': '1' }],
  ] as const)('says to %s when to come back', (format, seconds, headers) => {
    expect(retryHeaders(format, seconds)).toEqual(headers);
  });
});
