// Errors, both ways.
import { describe, expect, it } from 'vitest';
import type { ChatError } from '../chat.ts';
import { ollamaChat } from './index.ts';

const { parseError, renderError, renderStreamError } = ollamaChat;

describe('parseError', () => {
  it.each<[number, unknown, Partial<ChatError>]>([
    [
      400,
      { error: 'llama3 does not support tools' },
      { kind: 'invalid-request', message: 'llama3 does not support tools' },
    ],
    [
      401,
      { error: 'unauthorized', signin_url: 'u' },
      { kind: 'authentication', extra: { format: 'ollama-chat', fields: { signin_url: 'u' } } },
    ],
    [402, { error: 'more credits' }, { kind: 'budget' }],
    [403, { error: 'no' }, { kind: 'permission' }],
    [404, { error: "model 'x' not found" }, { kind: 'not-found', message: "model 'x' not found" }],
    [413, {}, { kind: 'too-large' }],
    [429, { error: 'slow down' }, { kind: 'rate-limit' }],
    [500, { error: 'model requires more system memory' }, { kind: 'upstream' }],
    [503, { error: 'server busy, please try again' }, { kind: 'overloaded' }],
    [504, '', { kind: 'timeout', message: 'the upstream answered with status 504' }],
    [418, { error: '' }, { kind: 'invalid-request', message: 'the upstream answered with status 418' }],
    [400, { error: { message: 'no', code: 'bad' } }, { message: 'no', code: 'bad' }],
    [400, { message: 'why' }, { message: 'why' }],
    [400, '{"error":"as text"}', { message: 'as text' }],
    [502, ' bad gateway ', { kind: 'upstream', message: 'bad gateway' }],
    [502, '<html>bad gateway</html>', { message: 'the upstream answered with status 502' }],
    [500, null, { kind: 'upstream' }],
    [500, [1], { kind: 'upstream' }],
    [500, '"text"', { message: '"text"' }],
  ])('%i %j', (status, body, expected) => {
    expect(parseError(status, body)).toMatchObject({ status, ...expected });
  });

  it('keeps no endless message', () => {
    expect(parseError(500, 'x'.repeat(100_000)).message).toHaveLength(2_000);
  });
});

it('writes the one sentence there is room for', () => {
  const error: ChatError = {
    kind: 'budget',
    status: 429,
    message: 'spent\nall',
    code: 'budget_spent',
    param: 'x',
  };
  expect(renderError(error, 'exc_1')).toEqual({ error: 'spent\nall' });
  expect(renderStreamError(error, 'exc_1')).toBe('{"error":"spent\\nall"}\n');
});

it('gives back what stood beside it', () => {
  const body = { error: 'unauthorized', signin_url: 'https://ollama.com/connect' };
  expect(renderError(parseError(401, body), '')).toEqual(body);
});
