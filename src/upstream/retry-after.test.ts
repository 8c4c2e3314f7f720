// Every place where a provider says when to come back, and what is no such thing.
import { describe, expect, it } from 'vitest';
import type { ChatError, JsonObject } from '../wire/chat.ts';
import { geminiGenerate } from '../wire/gemini-generate/index.ts';
import { openaiChat } from '../wire/openai-chat/index.ts';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const said = (message: string, more: Partial<ChatError> = {}): ChatError => ({
  kind: 'rate-limit',
  status: 429,
  message,
  ...more,
});
const google: JsonObject = {
  code: 429,
  message: 'You exceeded your current quota.',
  status: 'RESOURCE_EXHAUSTED',
  details: [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
  ],
};

describe('in headers', () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 0.25 ' }, 250],
    [{ 'retry-after-ms': '180.4' }, 181],
    [{ 'retry-after-ms': '180', 'retry-after': '1' }, 180],
    [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Saturday, 21-Nov-26 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat Nov 21 12:00:30 2026' }, 30_000],
    // Its clock is five minutes ahead of ours.
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:05:30 GMT', date: 'Sat, 21 Nov 2026 12:05:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT', date: 'today' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, undefined],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '1e9' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': 'a while, maybe' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '86400' }, MAX_RETRY_AFTER_MS],
    [{ 'retry-after': '99999999999999999999' }, undefined],
  ])('%j', (headers, expected) => {
    expect(retryAfterMs(headers, undefined, NOW)).toBe(expected);
  });
});

describe('in the error', () => {
  it.each<[string, ChatError | undefined, number | undefined]>([
    ['Google’s own', geminiGenerate.parseError(429, { error: google }), 34_400],
    ['Google’s, in a list', geminiGenerate.parseError(429, [{ error: google }]), 34_400],
    ['Google’s to a client of OpenAI', openaiChat.parseError(429, [{ error: google }]), 34_400],
    ['a field', said('no', { retryAfterS: 1.5 }), 1_500],
    [
      'details of no use',
      said('no', { extra: { format: 'openai-chat', fields: { details: [1, {}] } } }),
      undefined,
    ],
    ['words with minutes', said('Limit reached. Please try again in 1m2.5s. Visit …'), 62_500],
    ['words with milliseconds', said('Rate limit reached … Please try again in 6ms.'), 6],
    ['words of Google', said('… Please retry in 34.4s.'), 34_400],
    ['words with nothing in them', said('Please try again in a moment.'), undefined],
    ['words without end', said(`try again in ${'9'.repeat(50)}s`), undefined],
    ['a day in words', said('try again in 23h59m59s'), MAX_RETRY_AFTER_MS],
    ['none', undefined, undefined],
  ])('%s', (_name, error, expected) => {
    expect(retryAfterMs({}, error, NOW)).toBe(expected);
  });

  it('counts for less than a header', () => {
    expect(retryAfterMs({ 'retry-after': '2' }, said('try again in 9s', { retryAfterS: 8 }), NOW)).toBe(
      2_000,
    );
    expect(retryAfterMs({ 'retry-after': '0' }, said('try again in 9s'), NOW)).toBe(9_000);
  });
});
