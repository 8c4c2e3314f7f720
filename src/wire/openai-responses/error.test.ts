/** Errors of upstreams in chat terms, and chat errors as clients of this format expect them. */
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatErrorKind, JsonObject } from '../chat.ts';
import { failureOf, readEventError } from './error.ts';
import { openaiResponses } from './index.ts';

const { parseError, renderError } = openaiResponses;

describe('parseError', () => {
  it.each<[number, unknown, Partial<ChatError>]>([
    [
      429,
      {
        error: {
          message: 'You exceeded your current quota.',
          type: 'insufficient_quota',
          param: null,
          code: 'insufficient_quota',
        },
      },
      { kind: 'budget', code: 'insufficient_quota' },
    ],
    [
      400,
      { error: { message: 'Bad.', type: 'invalid_request_error', param: 'input[0].content', code: null } },
      { kind: 'invalid-request', param: 'input[0].content' },
    ],
    [404, { error: { message: 'No such item.', type: 'invalid_request_error' } }, { kind: 'not-found' }],
    [
      400,
      { error: { message: 'Too long.', code: 'context_length_exceeded' } },
      { kind: 'invalid-request', code: 'context_length_exceeded' },
    ],
    [500, { error: { message: 'Broken.', code: 'server_error' } }, { kind: 'upstream' }],
    [503, '', { kind: 'overloaded', message: 'the upstream answered with status 503' }],
    [401, '{"error":{"message":"Bad key."}}', { kind: 'authentication', message: 'Bad key.' }],
    [502, '<html>', { kind: 'upstream', message: '<html>' }],
    [422, { detail: [{ msg: 'field required' }] }, { kind: 'invalid-request', message: 'field required' }],
    [400, { error: 'plain' }, { message: 'plain' }],
    [400, [{ error: { message: 'listed', code: 400 } }], { message: 'listed', code: '400' }],
    [418, { errors: [{ message: 'many' }] }, { kind: 'invalid-request', message: 'many' }],
    [500, undefined, { kind: 'upstream' }],
    [500, { error: { message: 7 } }, { message: '7' }],
  ])('%i %j', (status, body, error) => {
    expect(parseError(status, body)).toMatchObject({ status, ...error });
  });

  it('cuts stack traces', () => {
    expect(parseError(500, 'x'.repeat(9000)).message).toHaveLength(2000);
  });

  it('comes back as it was', () => {
    const body = {
      error: { message: 'Bad.', type: 'invalid_request_error', param: 'input', code: 'odd', more: 1 },
    };
    expect(renderError(parseError(400, body), '')).toEqual(body);
  });
});

describe('readEventError', () => {
  it.each<[string, JsonObject, Partial<ChatError> | undefined]>([
    [
      'error',
      { type: 'error', code: 'rate_limit_exceeded', message: 'Slow.', param: null, sequence_number: 3 },
      { kind: 'rate-limit', status: 429, message: 'Slow.', code: 'rate_limit_exceeded' },
    ],
    [
      'error',
      { type: 'error', error: { type: 'insufficient_quota', message: 'No money.' } },
      { kind: 'budget', status: 429 },
    ],
    [
      'response.failed',
      { response: { error: { code: 'server_error', message: 'Broken.' } } },
      { kind: 'upstream', status: 502 },
    ],
    [
      'response.failed',
      { response: { error: { code: 'invalid_prompt', message: 'Bad.' } } },
      { kind: 'invalid-request', status: 400 },
    ],
    ['response.failed', {}, { kind: 'upstream', message: 'the upstream answered with status 502' }],
    ['', { error: { message: 'Bare.', code: 503 } }, { kind: 'overloaded', status: 503, message: 'Bare.' }],
    ['', { error: 'text' }, { message: 'text' }],
    ['response.created', { response: { error: null } }, undefined],
    ['response.output_item.done', { item: { type: 'mcp_call', error: 'x' } }, undefined],
  ])('%s %j', (type, data, error) => {
    if (error) expect(readEventError(type, data)).toMatchObject(error);
    else expect(readEventError(type, data)).toBeUndefined();
  });
});

describe('renderError', () => {
  const error = (kind: ChatErrorKind, more: Partial<ChatError> = {}): ChatError => ({
    kind,
    status: 400,
    message: 'no',
    ...more,
  });
  it.each<[ChatError, JsonObject]>([
    [
      error('budget', { code: 'budget_exhausted' }),
      { type: 'insufficient_quota', code: 'insufficient_quota' },
    ],
    [
      error('rate-limit', { code: 'rate_limited' }),
      { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    ],
    [error('blocked', { code: 'guard_blocked' }), { type: 'invalid_request_error', code: 'guard_blocked' }],
    [error('overloaded'), { type: 'server_error', code: 'overloaded' }],
    [
      error('invalid-request', { param: 'input' }),
      { type: 'invalid_request_error', param: 'input', code: null },
    ],
  ])('%j', (one, record) => {
    expect(renderError(one, 'req_1')).toEqual({ error: { message: 'no', param: null, ...record } });
  });

  it.each<[ChatError, string]>([
    [error('budget', { code: 'budget_exhausted' }), 'insufficient_quota'],
    [error('rate-limit'), 'rate_limit_exceeded'],
    [error('overloaded'), 'server_is_overloaded'],
    [error('blocked'), 'invalid_prompt'],
    [error('internal'), 'server_error'],
    [
      error('upstream', { code: 'vector_store_timeout', extra: { format: 'openai-responses', fields: {} } }),
      'vector_store_timeout',
    ],
    [error('upstream', { code: 'E_X', extra: { format: 'gemini-generate', fields: {} } }), 'server_error'],
  ])('as a failed response, in words its clients know: %j', (one, code) => {
    expect(failureOf(one)).toEqual({ code, message: 'no' });
  });
});

it('counts tokens as the API does', () => {
  expect(openaiResponses.renderTokenCount(7)).toEqual({ object: 'response.input_tokens', input_tokens: 7 });
});
