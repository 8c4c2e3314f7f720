// The fault matrix's rows about answers and failures: who is tried next, and who is billed.
import { describe, expect, it } from 'vitest';
import type { ChatError } from '../wire/chat.ts';
import { outcomeOf, outcomeOfFailure } from './classify.ts';
import type { FailureKind } from './failure.ts';

const STOP = {
  isRetryable: false,
  isCharged: false,
  isCredentialAtFault: false,
  isWindowExceeded: false,
  isContentFilter: false,
  isWorthRepeating: false,
};
const NEXT = { ...STOP, isRetryable: true };
const KEY = { ...NEXT, isCredentialAtFault: true };
const AGAIN = { ...NEXT, isWorthRepeating: true };
const WINDOW = { ...NEXT, isWindowExceeded: true };
const FILTERED = { ...STOP, isContentFilter: true };

const error = (status: number, more: Partial<ChatError> = {}): ChatError => ({
  kind: 'invalid-request',
  message: 'no',
  status,
  ...more,
});

const GEMINI_WINDOW =
  'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
const LLAMA_WINDOW = 'the request exceeds the available context size (4096 tokens), try increasing it';
const ANTHROPIC_FILTER = 'Output blocked by content filtering policy';
const FLAGGED = 'x requires moderation on y. Your input was flagged for "violence".';
const GEMINI_QUOTA = 'You exceeded your current quota, please check your plan and billing details.';

describe('outcomeOf a status', () => {
  it.each([
    [200, { outcome: 'ok', ...STOP, isCharged: true }],
    [204, { outcome: 'ok', ...STOP, isCharged: true }],
    [400, { outcome: 'refused', ...STOP }],
    [413, { outcome: 'refused', ...STOP }],
    [422, { outcome: 'refused', ...STOP }],
    [451, { outcome: 'refused', ...STOP }],
    [401, { outcome: 'refused', ...KEY }],
    [402, { outcome: 'refused', ...KEY }],
    [403, { outcome: 'refused', ...KEY }],
    [404, { outcome: 'refused', ...NEXT }],
    [408, { outcome: 'refused', ...AGAIN }],
    [409, { outcome: 'refused', ...AGAIN }],
    [429, { outcome: 'limited', ...NEXT }],
    [500, { outcome: 'down', ...NEXT }],
    [502, { outcome: 'down', ...NEXT }],
    [503, { outcome: 'down', ...NEXT }],
    [504, { outcome: 'down', ...NEXT }],
    [529, { outcome: 'down', ...NEXT }],
    [302, { outcome: 'down', ...NEXT }],
  ])('%d', (status, expected) => {
    expect(outcomeOf(status)).toEqual(expected);
    // A body that says nothing special changes nothing.
    if (status >= 400) expect(outcomeOf(status, error(status))).toEqual(expected);
  });
});

describe('outcomeOf an error body', () => {
  const rows: readonly (readonly [string, ChatError, object])[] = [
    ['no quota left', error(429, { code: 'insufficient_quota' }), { outcome: 'refused', ...KEY }],
    [
      'a low credit balance',
      error(400, { message: 'Your credit balance is too low to …' }),
      { outcome: 'refused', ...KEY },
    ],
    ['an empty account', error(402, { message: 'Insufficient Balance' }), { outcome: 'refused', ...KEY }],
    [
      'a plain limit',
      error(429, { code: 'rate_limit_exceeded', kind: 'rate-limit' }),
      { outcome: 'limited', ...NEXT },
    ],
    [
      'a full window by code',
      error(400, { code: 'context_length_exceeded' }),
      { outcome: 'refused', ...WINDOW },
    ],
    [
      'a full window by words',
      error(400, { message: 'prompt is too long: 204000 tokens > 200000 maximum' }),
      { outcome: 'refused', ...WINDOW },
    ],
    ['a filtered prompt', error(400, { code: 'content_filter' }), { outcome: 'refused', ...FILTERED }],
    [
      'a prompt over its window, to Google',
      error(400, { message: GEMINI_WINDOW }),
      { outcome: 'refused', ...WINDOW },
    ],
    ['llama.cpp’s window', error(400, { message: LLAMA_WINDOW }), { outcome: 'refused', ...WINDOW }],
    [
      'a window inside a stream',
      error(502, { code: 'context_length_exceeded' }),
      { outcome: 'refused', ...WINDOW },
    ],
    ['a filtered answer', error(400, { message: ANTHROPIC_FILTER }), { outcome: 'refused', ...FILTERED }],
    ['what a moderator flags', error(403, { message: FLAGGED }), { outcome: 'refused', ...FILTERED }],
    ['a policy, by kind', error(400, { kind: 'blocked', code: 'odd' }), { outcome: 'refused', ...FILTERED }],
    ['safety at Google', error(400, { code: 'PROHIBITED_CONTENT' }), { outcome: 'refused', ...FILTERED }],
    ['a wrong key with 400', error(400, { kind: 'authentication' }), { outcome: 'refused', ...KEY }],
    [
      'a model out of reach',
      error(403, { kind: 'not-found', code: 'model_not_found' }),
      { outcome: 'refused', ...NEXT },
    ],
    ['a firewall', error(403, { message: '<html>Blocked</html>' }), { outcome: 'refused', ...NEXT }],
    [
      'a quota of a minute at Google',
      error(429, { message: GEMINI_QUOTA, kind: 'rate-limit' }),
      { outcome: 'limited', ...NEXT },
    ],
    [
      'a server error that talks of credit',
      error(500, { message: 'credit balance is too low' }),
      { outcome: 'down', ...NEXT },
    ],
  ];
  it.each(rows)('%s', (_name, body, expected) => {
    expect(outcomeOf(body.status, body)).toEqual(expected);
  });

  it.each([
    ['overloaded', error(529, { kind: 'overloaded' }), 'down'],
    ['overloaded without a status of its own', error(200, { kind: 'overloaded' }), 'down'],
    ['a limit', error(429, { kind: 'rate-limit' }), 'limited'],
    ['a limit without a status', error(502, { kind: 'rate-limit' }), 'limited'],
    ['something unnamed', error(0, { kind: 'upstream' }), 'down'],
  ] as const)('counts an error event after 200 as what it says: %s', (_name, event, outcome) => {
    expect(outcomeOf(200, event)).toEqual({ outcome, ...NEXT });
  });
});

it.each([
  ['a refused key', error(502, { kind: 'authentication' }), { outcome: 'refused', ...KEY }],
  ['a filter', error(502, { kind: 'blocked', code: 'content_filter' }), { outcome: 'refused', ...FILTERED }],
  ['what the request got wrong', error(400), { outcome: 'refused', ...STOP }],
  ['a conflict', error(409), { outcome: 'refused', ...AGAIN }],
] as const)('reads an error event after 200: %s', (_name, event, expected) => {
  expect(outcomeOf(200, event)).toEqual(expected);
});

describe('outcomeOfFailure', () => {
  const failure = (kind: FailureKind, wasSent: boolean) => ({ kind, wasSent, code: 'X', message: 'x' });
  it.each(['first-byte-timeout', 'idle-timeout', 'total-timeout', 'cut', 'protocol'] as const)(
    'books %s, for the upstream may have',
    (kind) => {
      expect(outcomeOfFailure(failure(kind, true))).toEqual({ outcome: 'down', ...NEXT, isCharged: true });
    },
  );
  it('books nothing that was never sent', () => {
    expect(outcomeOfFailure(failure('connect', false))).toEqual({ outcome: 'down', ...NEXT });
    expect(outcomeOfFailure(failure('total-timeout', false))).toEqual({ outcome: 'down', ...NEXT });
  });
  it('reads a status failure by its status', () => {
    expect(outcomeOfFailure({ ...failure('status', true), status: 401 })).toEqual({
      outcome: 'refused',
      ...KEY,
    });
  });
});
