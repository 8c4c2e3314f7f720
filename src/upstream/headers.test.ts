// What crosses the house and what never does, in both directions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import type { FormatId } from '../wire/chat.ts';
import { headerProblem, replyHeaders, requestHeaders, upstreamRequestId } from './headers.ts';
import type { Provider } from './provider.ts';
import { kindOf } from './providers.ts';

const TIMEOUTS = { connectMs: 1, firstByteMs: 1, idleMs: 1, contentMs: 1, totalMs: 1 };

function providerOf(kindId: string, headers: Record<string, string> = {}): Provider {
  const kind = kindOf(kindId)!;
  return {
    name: kindId,
    kind,
    baseUrl: kind.defaultBaseUrl,
    credentials: [],
    credential: new Secret('sk-of-the-house'),
    catalogProvider: kind.catalogProvider,
    headers,
    models: [],
    timeouts: TIMEOUTS,
    streamUsage: 'ask',
    autoCache: false,
  };
}

const rudeClient = {
  authorization: 'Bearer tp-client',
  'x-api-key': 'tp-client',
  'x-goog-api-key': 'tp-client',
  'api-key': 'tp-client',
  'anthropic-api-key': 'tp-client',
  'openai-api-key': 'tp-client',
  cookie: 'a=b',
  host: 'evil.test',
  connection: 'keep-alive, x-api-key',
  'content-length': '7',
  'content-encoding': 'gzip',
  'accept-encoding': 'gzip, br',
  'transfer-encoding': 'chunked',
  expect: '100-continue',
  'x-forwarded-for': '10.0.0.1',
  'x-real-ip': '10.0.0.1',
  forwarded: 'for=10.0.0.1',
  'proxy-authorization': 'Basic x',
  'metadata-flavor': 'Google',
  'x-turnpike-agent': 'coder',
  'x-stainless-os': 'Linux',
  'openai-organization': 'org-1',
  'openai-project': 'proj-1',
  origin: 'https://evil.test',
  referer: 'https://evil.test',
};

describe('requestHeaders', () => {
  const bare = {
    'content-type': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'turnpike',
  };
  const rows: readonly (readonly [string, FormatId, Record<string, string>])[] = [
    [
      'anthropic',
      'anthropic-messages',
      { 'x-api-key': 'sk-of-the-house', 'anthropic-version': '2023-06-01' },
    ],
    ['openai', 'openai-chat', { authorization: 'Bearer sk-of-the-house' }],
    ['openrouter', 'openai-chat', { authorization: 'Bearer sk-of-the-house' }],
    ['groq', 'openai-chat', { authorization: 'Bearer sk-of-the-house' }],
    ['gemini', 'gemini-generate', { 'x-goog-api-key': 'sk-of-the-house' }],
    ['azure', 'openai-responses', { 'api-key': 'sk-of-the-house' }],
    ['bedrock', 'anthropic-messages', { authorization: 'Bearer sk-of-the-house' }],
    ['vertex', 'anthropic-messages', { authorization: 'Bearer sk-of-the-house' }],
  ];
  it.each(rows)('gives %s nothing of a client but what is named', (kind, format, own) => {
    expect(requestHeaders(rudeClient, providerOf(kind), format)).toEqual({ ...bare, ...own });
  });

  it('leaves the credential out where there is none', () => {
    const provider = { ...providerOf('ollama'), credential: undefined };
    expect(requestHeaders({}, provider, 'openai-chat')).toEqual(bare);
  });

  it.each([
    ['anthropic', 'anthropic-messages', { 'anthropic-beta': 'a,b', 'anthropic-version': '2024-01-01' }],
    ['openai', 'openai-chat', { 'openai-beta': 'x=v2' }],
  ] as const)('forwards the versions and betas of its own family to %s, verbatim', (kind, format, own) => {
    const client = { ...own, accept: 'text/event-stream', 'user-agent': 'claude-cli/2.0' };
    expect(requestHeaders(client, providerOf(kind), format)).toMatchObject(client);
  });

  it('keeps one family out of the other', () => {
    const client = { 'anthropic-beta': 'a', 'openai-beta': 'b' };
    expect(requestHeaders(client, providerOf('openai'), 'openai-chat')).not.toHaveProperty('anthropic-beta');
    const sent = requestHeaders(client, providerOf('anthropic'), 'anthropic-messages');
    expect(sent).not.toHaveProperty('openai-beta');
  });

  it.each([
    ['bedrock', {}],
    ['vertex', { accept: '*/*', 'anthropic-beta': 'a', 'anthropic-x': 'b' }],
  ] as const)('withholds from %s what it takes in the body', (kind, kept) => {
    const client = {
      accept: '*/*',
      'anthropic-beta': 'a',
      'anthropic-version': '2023-06-01',
      'anthropic-x': 'b',
    };
    const sent = requestHeaders(client, providerOf(kind), 'anthropic-messages');
    const named = Object.fromEntries(Object.entries(sent).filter(([name]) => name in client));
    expect(named).toEqual({ 'anthropic-x': 'b', ...kept });
  });

  it('forwards what one kind alone understands to that kind alone', () => {
    const client = { 'x-grok-conv-id': '7' };
    expect(requestHeaders(client, providerOf('xai'), 'openai-chat')).toMatchObject(client);
    expect(requestHeaders(client, providerOf('groq'), 'openai-chat')).not.toHaveProperty('x-grok-conv-id');
  });

  it('lets the operator have the last word, but not over the connection', () => {
    const headers = { 'user-agent': 'house', 'x-title': 'Us', host: 'other', 'content-length': '1' };
    const sent = requestHeaders({ 'user-agent': 'x' }, providerOf('openrouter', headers), 'openai-chat');
    expect(sent).toMatchObject({ 'user-agent': 'house', 'x-title': 'Us' });
    expect(sent).not.toHaveProperty('host');
    expect(sent).not.toHaveProperty('content-length');
  });

  it('joins repeated values and leaves out what could split a request', () => {
    const client = { 'anthropic-beta': ['a', 'b'], 'user-agent': 'x\r\nx-evil: 1', 'anthropic-x': 'a\0b' };
    const sent = requestHeaders(client, providerOf('anthropic'), 'anthropic-messages');
    expect(sent['anthropic-beta']).toBe('a, b');
    expect(sent['user-agent']).toBe('turnpike');
    expect(sent).not.toHaveProperty('anthropic-x');
  });

  it('never makes a header with a line break in it', () => {
    const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('a\r\nb: c'));
    const anyName = fc.oneof(
      anyText,
      anyText.map((text) => `anthropic-${text}`),
    );
    fc.assert(
      fc.property(fc.dictionary(anyName, anyText), fc.dictionary(anyName, anyText), (client, operator) => {
        const sent = requestHeaders(client, providerOf('anthropic', operator), 'anthropic-messages');
        for (const [name, value] of Object.entries(sent)) expect(`${name}${value}`).not.toMatch(/[\r\n\0]/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('headerProblem', () => {
  it.each([
    ['x-title', 'Us', undefined],
    ['X-Title', 'Us', /lower case/],
    ['x title', 'Us', /header name/],
    ['', 'Us', /header name/],
    ['host', 'x', /transport/],
    ['x-title', 'a\nb', /control character/],
    ['x-title', 'caf\u00e9', undefined],
    ['x-title', '\u20ac', /control character/],
  ] as const)('%s: %s', (name, value, problem) => {
    if (problem === undefined) expect(headerProblem(name, value)).toBeUndefined();
    else expect(headerProblem(name, value)).toMatch(problem);
  });
});

describe('replyHeaders', () => {
  it('hands on what clients read and keeps the rest in', () => {
    const shown = {
      'content-type': 'text/event-stream; charset=utf-8',
      'retry-after': '3',
      'retry-after-ms': '2500',
      'x-should-retry': 'false',
      'anthropic-ratelimit-requests-remaining': '9',
      'anthropic-priority-input-tokens-limit': '1',
      'x-ratelimit-remaining-tokens': '100',
      'openai-processing-ms': '12',
      'openai-version': '2020-10-01',
      'openai-model': 'gpt-4o',
    };
    const hidden = {
      'set-cookie': '__cf_bm=1',
      'content-length': '5',
      'content-encoding': 'identity',
      'transfer-encoding': 'chunked',
      connection: 'keep-alive',
      server: 'cloudflare',
      'cf-ray': '1',
      'openai-organization': 'org-of-the-house',
      'openai-project': 'proj',
      'anthropic-organization-id': 'org-of-the-house',
      location: 'https://evil.test',
      'x-turnpike-model': 'lie',
      'strict-transport-security': 'max-age=1',
      'access-control-allow-origin': '*',
    };
    expect(replyHeaders({ ...shown, ...hidden, 'request-id': 'req_1' })).toEqual({
      ...shown,
      'x-upstream-request-id': 'req_1',
    });
  });

  it.each([
    [{ 'x-request-id': 'b', 'request-id': 'a' }, 'a'],
    [{ 'x-request-id': 'b' }, 'b'],
    [{ 'x-generation-id': 'gen-1' }, 'gen-1'],
    [{ 'x-amzn-requestid': 'aws-1' }, 'aws-1'],
    [{ 'apim-request-id': 'azure-1' }, 'azure-1'],
    [{ 'request-id': '' }, undefined],
    [{}, undefined],
  ])('finds the request id in %o', (headers, id) => {
    expect(upstreamRequestId(headers as Record<string, string>)).toBe(id);
  });

  it('leaves out a value no response may carry', () => {
    expect(replyHeaders({ 'retry-after': '1\u0001' })).toEqual({});
  });
});
