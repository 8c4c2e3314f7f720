// What with status 200 is an error all the same, and what is a reply.
import { describe, expect, it } from 'vitest';
import type { FormatId } from '../wire/chat.ts';
import { formats } from '../wire/formats.ts';
import { errorInReply } from './reply-in-error.ts';

const read = (id: FormatId, body: unknown) =>
  errorInReply(formats[id], Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('errorInReply', () => {
  it.each<[FormatId, unknown, object]>([
    [
      'openai-chat',
      { error: { message: 'Slowly!', code: 429 } },
      { kind: 'rate-limit', status: 429, message: 'Slowly!' },
    ],
    [
      'openai-chat',
      { error: 'out of order', user_id: 'u' },
      { kind: 'upstream', status: 502, message: 'out of order' },
    ],
    [
      'anthropic-messages',
      { type: 'error', error: { type: 'overloaded_error', message: 'Too busy.' } },
      { kind: 'overloaded', message: 'Too busy.' },
    ],
    [
      'openai-responses',
      { error: { message: 'No.', type: 'server_error' } },
      { kind: 'upstream', message: 'No.' },
    ],
    [
      'gemini-generate',
      { error: { code: 503, message: 'Too busy.', status: 'UNAVAILABLE' } },
      { kind: 'overloaded', status: 503 },
    ],
    ['ollama-chat', { error: 'model is loading' }, { kind: 'upstream', message: 'model is loading' }],
  ])('%s %j', (id, body, expected) => {
    expect(read(id, body)).toMatchObject(expected);
  });

  it.each<[FormatId, unknown]>([
    ['openai-chat', { choices: [], error: { message: 'beside a reply' } }],
    ['openai-chat', { choices: [{ message: { content: 'an "error" in words' } }] }],
    ['openai-responses', { output: [], error: null, status: 'completed' }],
    ['openai-responses', { output: [], error: { code: 'server_error', message: 'No.' }, status: 'failed' }],
    ['openai-chat', { error: null }],
    ['openai-chat', { error: 7 }],
    ['gemini-generate', { promptFeedback: { blockReason: 'SAFETY' }, error: {} }],
    ['ollama-chat', { message: { content: 'x' }, error: 'beside a reply' }],
    ['ollama-chat', '{"error":"half'],
    ['ollama-chat', '[{"error":"in a list"}]'],
    ['ollama-chat', '{"error":"\\x"}'],
    ['openai-chat', { error: { message: 'x'.repeat(70_000) } }],
  ])('is none: %s %j', (id, body) => {
    expect(read(id, body)).toBeUndefined();
  });
});
