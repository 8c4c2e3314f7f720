/** Errors, both ways. */
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatErrorKind } from '../chat.ts';
import { anthropicMessages } from './index.ts';

const { parseError, renderError, renderStreamError } = anthropicMessages;
const wire = (type: string, message = 'm') => ({ type: 'error', error: { type, message } });

describe('parseError', () => {
  it.each<[number, unknown, Partial<ChatError>]>([
    [400, wire('invalid_request_error'), { kind: 'invalid-request', message: 'm' }],
    [401, wire('authentication_error'), { kind: 'authentication' }],
    [402, wire('billing_error'), { kind: 'budget' }],
    [403, wire('permission_error'), { kind: 'permission' }],
    [404, wire('not_found_error'), { kind: 'not-found' }],
    [413, wire('request_too_large'), { kind: 'too-large' }],
    [429, wire('rate_limit_error'), { kind: 'rate-limit' }],
    [500, wire('api_error'), { kind: 'upstream' }],
    [504, wire('timeout_error'), { kind: 'timeout' }],
    [529, wire('overloaded_error'), { kind: 'overloaded' }],
    [418, wire('teapot_error'), { kind: 'invalid-request', code: 'teapot_error' }],
    [503, {}, { kind: 'overloaded', message: 'the upstream answered with status 503' }],
    [
      400,
      { error: { message: 'no', code: 'bad_model' } },
      { kind: 'invalid-request', message: 'no', code: 'bad_model' },
    ],
    [500, { error: 'plain' }, { kind: 'upstream', message: 'plain' }],
    [422, { detail: 'why' }, { kind: 'invalid-request', message: 'why' }],
    [502, '<html>bad gateway</html>', { kind: 'upstream', message: 'the upstream answered with status 502' }],
    [502, ' bad gateway ', { kind: 'upstream', message: 'bad gateway' }],
    [408, null, { kind: 'timeout' }],
    [500, undefined, { kind: 'upstream' }],
  ])('%i %j', (status, body, expected) => {
    expect(parseError(status, body)).toMatchObject({ status, ...expected });
  });

  it('keeps no endless message', () => {
    expect(parseError(500, 'x'.repeat(100_000)).message).toHaveLength(2_000);
  });
});

describe('renderError', () => {
  it.each<[ChatErrorKind, string]>([
    ['invalid-request', 'invalid_request_error'],
    ['authentication', 'authentication_error'],
    ['permission', 'permission_error'],
    ['not-found', 'not_found_error'],
    ['too-large', 'request_too_large'],
    ['rate-limit', 'rate_limit_error'],
    ['budget', 'billing_error'],
    ['overloaded', 'overloaded_error'],
    ['timeout', 'timeout_error'],
    ['blocked', 'permission_error'],
    ['upstream', 'api_error'],
    ['internal', 'api_error'],
  ])('%s is %s', (kind, type) => {
    expect(renderError({ kind, status: 400, message: 'm' }, 'exc_1')).toEqual({
      ...wire(type),
      request_id: 'exc_1',
    });
  });

  it('gives back what it does not know', () => {
    const body = { ...wire('rate_limit_error'), request_id: 'req_1' };
    const full = { ...body, error: { ...body.error, details: { error_code: 'ramp', window: 60 } } };
    expect(renderError(parseError(429, full), '')).toEqual(full);
    expect(renderError(parseError(429, full), 'exc_1')).toEqual({ ...full, request_id: 'exc_1' });
  });
});

it('writes an error event', () => {
  const text = renderStreamError({ kind: 'overloaded', status: 529, message: 'a\nb' }, 'exc_1');
  expect(text).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"a\\nb"},"request_id":"exc_1"}\n\n',
  );
});
