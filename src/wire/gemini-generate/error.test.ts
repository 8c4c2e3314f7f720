/** Errors, both ways. */
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatErrorKind, JsonObject } from '../chat.ts';
import { geminiGenerate } from './index.ts';

const { parseError, renderError, renderStreamError } = geminiGenerate;
const wire = (status: string, message = 'm', details?: JsonObject[]) => ({
  error: { code: 400, message, status, ...(details && { details }) },
});
const type = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });

describe('parseError', () => {
  it.each<[number, unknown, Partial<ChatError>]>([
    [400, wire('INVALID_ARGUMENT'), { kind: 'invalid-request', message: 'm' }],
    [400, wire('FAILED_PRECONDITION'), { kind: 'invalid-request' }],
    [
      400,
      wire('INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
      { kind: 'authentication' },
    ],
    [
      400,
      wire('INVALID_ARGUMENT', 'm', [{ ...type('ErrorInfo'), reason: 'API_KEY_INVALID' }]),
      { kind: 'authentication', code: 'API_KEY_INVALID' },
    ],
    [
      400,
      wire('INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'),
      { kind: 'too-large' },
    ],
    [
      400,
      wire('INVALID_ARGUMENT', 'm', [{ ...type('BadRequest'), fieldViolations: [{ field: 'contents[0]' }] }]),
      { param: 'contents[0]' },
    ],
    [401, wire('UNAUTHENTICATED'), { kind: 'authentication' }],
    [403, wire('PERMISSION_DENIED'), { kind: 'permission' }],
    [404, wire('NOT_FOUND'), { kind: 'not-found' }],
    [413, wire('INVALID_ARGUMENT'), { kind: 'invalid-request' }],
    [
      429,
      wire('RESOURCE_EXHAUSTED', 'm', [
        { ...type('QuotaFailure') },
        { ...type('RetryInfo'), retryDelay: '34.4s' },
      ]),
      { kind: 'rate-limit', retryAfterS: 34.4 },
    ],
    [
      429,
      wire('RESOURCE_EXHAUSTED', 'm', [{ ...type('RetryInfo'), retryDelay: 'soon' }]),
      { kind: 'rate-limit' },
    ],
    [499, wire('CANCELLED'), { kind: 'upstream' }],
    [500, wire('INTERNAL'), { kind: 'upstream' }],
    [503, wire('UNAVAILABLE'), { kind: 'overloaded' }],
    [504, wire('DEADLINE_EXCEEDED'), { kind: 'timeout' }],
    [418, wire('TEAPOT'), { kind: 'invalid-request', code: 'TEAPOT' }],
    [429, [wire('RESOURCE_EXHAUSTED')], { kind: 'rate-limit', message: 'm' }],
    [503, {}, { kind: 'overloaded', message: 'the upstream answered with status 503' }],
    [500, { error: 'plain' }, { kind: 'upstream', message: 'plain' }],
    [400, { message: 'why' }, { kind: 'invalid-request', message: 'why' }],
    [502, '<html>bad gateway</html>', { kind: 'upstream', message: 'the upstream answered with status 502' }],
    [502, ' bad gateway ', { kind: 'upstream', message: 'bad gateway' }],
    [408, null, { kind: 'timeout' }],
    [529, undefined, { kind: 'overloaded' }],
    [413, 7, { kind: 'too-large' }],
  ])('%i %j', (status, body, expected) => {
    expect(parseError(status, body)).toMatchObject({ status, ...expected });
  });

  it('keeps no endless message, and no delay that is none', () => {
    expect(parseError(500, 'x'.repeat(100_000)).message).toHaveLength(2_000);
    expect(parseError(429, wire('RESOURCE_EXHAUSTED')).retryAfterS).toBeUndefined();
  });
});

describe('renderError', () => {
  it.each<[ChatErrorKind, string]>([
    ['invalid-request', 'INVALID_ARGUMENT'],
    ['authentication', 'UNAUTHENTICATED'],
    ['permission', 'PERMISSION_DENIED'],
    ['not-found', 'NOT_FOUND'],
    ['too-large', 'INVALID_ARGUMENT'],
    ['rate-limit', 'RESOURCE_EXHAUSTED'],
    ['budget', 'RESOURCE_EXHAUSTED'],
    ['overloaded', 'UNAVAILABLE'],
    ['timeout', 'DEADLINE_EXCEEDED'],
    ['blocked', 'PERMISSION_DENIED'],
    ['upstream', 'INTERNAL'],
    ['internal', 'INTERNAL'],
  ])('%s is %s', (kind, status) => {
    expect(renderError({ kind, status: 418, message: 'm' }, '')).toEqual({
      error: { code: 418, message: 'm', status },
    });
  });

  it('says what the error has besides, in Google’s types, and what it knows again', () => {
    const error: ChatError = {
      kind: 'budget',
      status: 429,
      message: 'm',
      code: 'budget_exceeded',
      param: 'contents',
      retryAfterS: 60,
    };
    const body = renderError(error, 'exc_1');
    expect(body).toEqual({
      error: {
        code: 429,
        message: 'm',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { ...type('ErrorInfo'), reason: 'budget_exceeded', domain: 'turnpike' },
          { ...type('BadRequest'), fieldViolations: [{ field: 'contents', description: 'm' }] },
          { ...type('RetryInfo'), retryDelay: '60s' },
          { ...type('RequestInfo'), requestId: 'exc_1' },
        ],
      },
    });
    expect(parseError(429, body)).toMatchObject({
      code: 'budget_exceeded',
      param: 'contents',
      retryAfterS: 60,
    });
  });

  it('gives an upstream’s own details back, each once', () => {
    const details = [
      { ...type('QuotaFailure'), violations: [{ quotaId: 'x' }] },
      { ...type('RetryInfo'), retryDelay: '7s' },
    ];
    const body = { error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED', details } };
    expect(renderError(parseError(429, body), '')).toEqual(body);
  });

  it('gives a status that is none a good one', () => {
    expect(renderError({ kind: 'timeout', status: 0, message: 'm' }, '')).toMatchObject({
      error: { code: 504 },
    });
  });
});

it('ends a stream with an error frame, and with one over which the former client stumbles', () => {
  const text = renderStreamError({ kind: 'overloaded', status: 503, message: 'a\nb\u2028' }, '');
  expect(text).toBe(
    'data: {"error":{"code":503,"message":"a\\nb\\u2028","status":"UNAVAILABLE"}}\n\ndata: "the stream failed"\n\n',
  );
});

it('counts tokens in Google’s words', () => {
  expect(geminiGenerate.renderTokenCount(7)).toEqual({ totalTokens: 7 });
});
