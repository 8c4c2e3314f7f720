/** What strangers, mistakes and attackers send: the right status, in the client's own error shape, and a process that goes on. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRoad, type Road } from './support/cells.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad('limits: { body_bytes: 1000000 }\n');
});
afterAll(() => road.close());

const shapes = [
  {
    path: '/v1/messages',
    check: (body: unknown, type: string) =>
      expect(body).toMatchObject({ type: 'error', error: { type, message: expect.any(String) } }),
  },
  {
    path: '/v1/chat/completions',
    check: (body: unknown, _type: string) =>
      expect(body).toMatchObject({ error: { message: expect.any(String), type: expect.any(String) } }),
  },
];

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(road.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const minimal = { max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
const request = (more: object): string => JSON.stringify({ model: 'ant/echo', ...minimal, ...more });

afterEach(async () => {
  const answer = await post('/v1/chat/completions', request({ model: 'oai/echo' }));
  expect(answer.status, 'the process must go on').toBe(200);
});

const bodies: [string, string | Buffer, number, string][] = [
  ['nothing', '', 400, 'invalid_request_error'],
  ['not JSON', 'hello', 400, 'invalid_request_error'],
  ['half of a JSON object', '{"model":"ant/echo"', 400, 'invalid_request_error'],
  ['an array', '[]', 400, 'invalid_request_error'],
  ['a string', '"x"', 400, 'invalid_request_error'],
  ['text after the object', `${request({})} x`, 400, 'invalid_request_error'],
  [
    'invalid UTF-8',
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    400,
    'invalid_request_error',
  ],
  ['no model', JSON.stringify(minimal), 400, 'invalid_request_error'],
  ['a model that is a number', request({ model: 7 }), 400, 'invalid_request_error'],
  ['an empty model', request({ model: ' ' }), 400, 'invalid_request_error'],
  ['two models', '{"model":"oai/echo","messages":[],"model":"ant/echo"}', 400, 'invalid_request_error'],
  [
    'a second model, spelled with an escape',
    '{"model":"oai/echo","messages":[],"mod\\u0065l":"ant/echo"}',
    400,
    'invalid_request_error',
  ],
  ['an unknown model', request({ model: 'gpt-nonsense-9' }), 404, 'not_found_error'],
  ['an unknown provider', request({ model: 'nowhere/gpt-4o' }), 404, 'not_found_error'],
  [
    'a model name with control characters',
    request({ model: 'oai/a\r\nx-evil: 1' }),
    400,
    'invalid_request_error',
  ],
  ['a very long model name', request({ model: 'x'.repeat(5000) }), 400, 'invalid_request_error'],
  ['stream as text', request({ stream: 'yes' }), 400, 'invalid_request_error'],
  [
    'JSON nested 100,000 deep',
    `{"model":"ant/echo","messages":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    400,
    'invalid_request_error',
  ],
  ['a body over the limit', request({ pad: 'x'.repeat(1_000_001) }), 413, 'request_too_large'],
];

describe.each(shapes)('$path', ({ path, check }) => {
  it.each(bodies)('%s', async (_, body, status, type) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    check(answer.body, type);
  });

  it('messages of a wrong type, where they must be translated', async () => {
    const model = path === '/v1/messages' ? 'oai/echo' : 'ant/echo';
    for (const messages of [
      'x',
      7,
      null,
      [7],
      [{ role: 'user', content: 7 }],
      [{ role: 'wizard', content: 'x' }],
    ]) {
      const answer = await post(path, JSON.stringify({ model, max_tokens: 5, messages }));
      expect(answer.status, JSON.stringify(messages)).toBe(400);
      check(answer.body, 'invalid_request_error');
    }
  });

  it('no key, a wrong key, an absurd key', async () => {
    const long = 'x'.repeat(10_000);
    const headers: Record<string, string>[] = [
      { authorization: '' },
      { authorization: 'Bearer tp-nope' },
      { authorization: "Bearer ' OR 1=1 --" },
      { authorization: `Bearer ${long}` },
    ];
    for (const header of headers) {
      const answer = await post(path, request({}), header);
      expect(answer.status).toBe(401);
      check(answer.body, 'authentication_error');
    }
  });

  it('two keys that disagree', async () => {
    const answer = await post(path, request({}), { 'x-api-key': 'tp-another-key-altogether' });
    expect(answer.status).toBe(400);
  });

  it('compressed bodies: decoded under the same limit, unknown ones refused', async () => {
    const model = path === '/v1/messages' ? 'ant/echo' : 'oai/echo';
    const small = await post(path, gzipSync(request({ model })), { 'content-encoding': 'gzip' });
    expect(small.status).toBe(200);
    const bomb = await post(path, gzipSync(Buffer.alloc(50_000_000, 0x20)), { 'content-encoding': 'gzip' });
    expect(bomb.status).toBe(413);
    const lie = await post(path, request({ model }), { 'content-encoding': 'gzip' });
    expect(lie.status).toBe(400);
    const odd = await post(path, request({ model }), { 'content-encoding': 'compress' });
    expect(odd.status).toBe(415);
  });

  it('the wrong method', async () => {
    const answer = await fetch(road.url + path, { headers: { authorization: `Bearer ${BOOTSTRAP_KEY}` } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    check(await answer.json(), 'invalid_request_error');
  });
});

describe('paths', () => {
  it.each([
    '/v1/unknown',
    '/v1/messages/',
    '/V1/MESSAGES',
    '//v1/messages',
    '/v1/messages/%2e%2e/x',
    '/api/v2/keys',
  ])('%s', async (path) => {
    const answer = await post(path, request({}));
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('serves the data plane under vendor prefixes', async () => {
    expect((await post('/anthropic/v1/messages', request({}))).status).toBe(200);
    expect((await post('/openai/v1/chat/completions', request({ model: 'oai/echo' }))).status).toBe(200);
  });
});

describe('headers', () => {
  it('never forwards keys, cookies, hops or our own headers', async () => {
    await post('/v1/messages?beta=true&key=secret', request({}), {
      authorization: '',
      'x-api-key': BOOTSTRAP_KEY,
      cookie: 'session=1',
      'x-forwarded-for': '10.0.0.1',
      'x-goog-api-key': BOOTSTRAP_KEY,
      'proxy-authorization': 'Basic x',
      'metadata-flavor': 'Google',
      'x-turnpike-tags': 'a',
      'anthropic-beta': 'tools-2099-01-01',
      'anthropic-future-header': 'kept',
    });
    const sent = road.upstream.requests.at(-1)!;
    expect(sent.path).not.toContain('key=');
    expect(sent.path).toContain('beta=true');
    expect(JSON.stringify(sent.headers)).not.toContain(BOOTSTRAP_KEY);
    for (const name of [
      'cookie',
      'x-forwarded-for',
      'x-goog-api-key',
      'proxy-authorization',
      'metadata-flavor',
      'x-turnpike-tags',
      'authorization',
    ]) {
      expect(sent.headers[name], name).toBeUndefined();
    }
    expect(sent.headers).toMatchObject({
      'x-api-key': 'upstream-key-ant',
      'anthropic-beta': 'tools-2099-01-01',
      'anthropic-future-header': 'kept',
      'accept-encoding': 'identity',
    });
  });
});

it('shows a model name that no header can carry percent-encoded', async () => {
  const answer = await fetch(`${road.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: request({ model: 'oai/echo-\u4e16' }),
  });
  // The upstream does not know it, and says so itself.
  expect(answer.status).toBe(404);
  await answer.arrayBuffer();
  road.upstream.answerWith({ headers: { 'content-type': 'application/json' }, chunks: ['{}'] });
  const known = await fetch(`${road.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: request({ model: 'oai/echo-\u4e16' }),
  });
  expect(known.status).toBe(200);
  expect(known.headers.get('x-turnpike-model')).toBe('oai/echo-%E4%B8%96');
});

describe('broken HTTP', () => {
  const host = 'host: x\r\n';
  const lines: [string, string][] = [
    ['not HTTP at all', 'hello\r\n\r\n'],
    [
      'both a length and chunks',
      `POST /v1/messages HTTP/1.1\r\n${host}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a bad chunk',
      `POST /v1/messages HTTP/1.1\r\n${host}authorization: Bearer ${BOOTSTRAP_KEY}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    ],
    ['40 KB of headers', `GET / HTTP/1.1\r\n${host}x: ${'y'.repeat(40_000)}\r\n\r\n`],
  ];
  it.each(lines)('%s', async (_, text) => {
    const answer = await raw(text);
    expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer), answer.slice(0, 60)).toBe(true);
  });
});

function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(road.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
    setTimeout(() => socket.destroy(), 3000).unref();
  });
}

it('answers 413 to 100 MB at the default limit without keeping them', { timeout: 30_000 }, async () => {
  const wide = await openRoad();
  try {
    const answer = await fetch(`${wide.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': BOOTSTRAP_KEY, 'content-type': 'application/json' },
      body: new Uint8Array(100 * 1024 * 1024).fill(0x20),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { type: 'request_too_large' } });
  } finally {
    await wide.close();
  }
});
