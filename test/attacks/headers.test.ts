// HDR: what headers of a client can make an upstream, the admin API or the parser of HTTP do.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type GuardedHouse, openGuardedHouse } from '../support/guarded-house.ts';
import { operatorToken } from '../support/open-house.ts';
import { BOOTSTRAP_KEY } from '../support/turnpike-process.ts';

const CREDENTIAL = 'sk-vault-0123456789abcdefghij';

let upstream: FakeUpstream;
let house: GuardedHouse;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openGuardedHouse(
    [
      'providers:',
      `  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: ${CREDENTIAL} }`,
      `  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: ${CREDENTIAL} }`,
      '',
    ].join('\n'),
  );
}, 30_000);
afterAll(async () => {
  await house?.close();
  await upstream?.close();
});

/** Sends bytes as they are, and resolves with all that comes until the other side closes or falls silent. */
function raw(
  text: string | readonly string[],
  silenceMs = 400,
): Promise<{ answer: string; isClosed: boolean }> {
  const { port } = new URL(house.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    let isClosed = false;
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ answer, isClosed });
    };
    let timer = setTimeout(done, 5_000);
    socket.on('connect', () => {
      for (const part of typeof text === 'string' ? [text] : text) socket.write(part, 'latin1');
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(done, silenceMs);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isClosed = true;
      done();
    });
  });
}

const statusesOf = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code));

const body = JSON.stringify({ model: 'oai/echo', messages: [{ role: 'user', content: 'hi' }] });
const chat = (headers: readonly string[], text = body): string =>
  [
    'POST /v1/chat/completions HTTP/1.1',
    'host: x',
    `authorization: Bearer ${BOOTSTRAP_KEY}`,
    ...headers,
    '',
    text,
  ].join('\r\n');
const plain = chat([`content-length: ${body.length}`, 'content-type: application/json']);

describe('HDR-01', () => {
  it.each([
    ['an encoded line break in a header of its own', { 'x-custom': 'a%0d%0aX-Evil: 1' }, {}],
    ['a line break in the end user', {}, { user: 'a\r\nX-Evil: 1' }],
    ['an organization with an encoded line break', { 'openai-organization': 'org%0d%0aX-Evil: 1' }, {}],
    ['a beta with an encoded line break', { 'anthropic-beta': 'a%0d%0aX-Evil: 1' }, {}],
    ['a line break in metadata', {}, { metadata: { user_id: 'a\r\nX-Evil: 1' } }],
    ['a label of ours', { 'x-turnpike-session': 'a%0d%0aX-Evil: 1' }, {}],
  ])('HDR-01: %s reaches no upstream as a header', async (_name, headers, more) => {
    for (const model of ['oai/echo', 'ant/echo']) {
      const before = upstream.requests.length;
      const said = await house.chat(model, { max_tokens: 5, ...more }, headers as Record<string, string>);
      expect([200, 400]).toContain(said.status);
      for (const request of upstream.requests.slice(before)) {
        expect(Object.keys(request.headers)).not.toContain('x-evil');
        expect(JSON.stringify(request.headers)).not.toMatch(/[\r\n]|\\r|\\n/);
        expect(request.headers).not.toHaveProperty('x-custom');
        expect(request.headers).not.toHaveProperty('openai-organization');
      }
    }
  });

  it('HDR-01: a raw line break, NUL or bare CR within a header is no HTTP', async () => {
    for (const value of ['a\rX-Evil: 1', 'a\0b', 'a\r\n\tfolded']) {
      const before = upstream.requests.length;
      const { answer } = await raw(chat([`x-custom: ${value}`, `content-length: ${body.length}`]));
      const [status] = statusesOf(answer);
      expect([200, 400], JSON.stringify(value)).toContain(status);
      for (const request of upstream.requests.slice(before))
        expect(request.headers).not.toHaveProperty('x-evil');
    }
  });
});

describe('HDR-02', () => {
  it('HDR-02: an upstream gets what is on the list and the credential, and nothing of the client’s own', async () => {
    const hostile = {
      cookie: 'session=secret-cookie',
      'x-goog-api-key': BOOTSTRAP_KEY,
      'api-key': BOOTSTRAP_KEY,
      'x-forwarded-for': '10.1.2.3',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '10.1.2.3',
      forwarded: 'for=10.1.2.3',
      'metadata-flavor': 'Google',
      'x-aws-ec2-metadata-token': 'x',
      'x-turnpike-agent': 'secret-agent',
      'openai-organization': 'org-evil',
      'openai-project': 'proj-evil',
      'openai-api-key': 'sk-evil',
      'anthropic-api-key': 'sk-evil',
      'x-stainless-os': 'Linux',
      via: '1.1 evil',
      te: 'trailers',
      'proxy-authorization': 'Basic ZXZpbA==',
      'x-http-method-override': 'DELETE',
    };
    const lines = Object.entries(hostile).map(([name, value]) => `${name}: ${value}`);
    for (const model of ['oai/echo', 'ant/echo']) {
      const text = JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
      const before = upstream.requests.length;
      const { answer } = await raw(
        [
          'POST /v1/chat/completions HTTP/1.1',
          'host: evil.example',
          `x-api-key: ${BOOTSTRAP_KEY}`,
          ...lines,
          'content-type: application/json',
          `content-length: ${Buffer.byteLength(text)}`,
          '',
          text,
        ].join('\r\n'),
      );
      expect(statusesOf(answer), answer.slice(0, 300)).toEqual([200]);
      const [request] = upstream.requests.slice(before);
      const allowed = new Set([
        ...[
          'accept',
          'accept-encoding',
          'authorization',
          'connection',
          'content-length',
          'content-type',
          'host',
        ],
        ...['user-agent', 'x-api-key', 'anthropic-version', 'anthropic-beta', 'openai-beta'],
      ]);
      expect(Object.keys(request!.headers).filter((name) => !allowed.has(name))).toEqual([]);
      const text2 = JSON.stringify(request!.headers);
      for (const secret of [BOOTSTRAP_KEY, 'evil', 'secret', '10.1.2.3']) expect(text2).not.toContain(secret);
      expect(request!.headers.host).toBe(`127.0.0.1:${upstream.port}`);
      expect(text2).toContain(CREDENTIAL);
    }
  });

  it('HDR-02: a provider’s key that the client brings along goes nowhere', async () => {
    const before = upstream.requests.length;
    const own = { 'x-api-key': 'sk-my-own-openai-key', 'x-goog-api-key': 'AIzaMine' };
    expect([200, 400]).toContain((await house.chat('oai/echo', {}, own)).status);
    for (const { headers } of upstream.requests.slice(before)) {
      expect(JSON.stringify(headers)).not.toMatch(/my-own|AIzaMine/);
    }
  });
});

describe('HDR-03', () => {
  const paths = [
    '/api/v1/keys',
    '//api/v1/keys',
    '/api/v1//keys',
    '/api/v1/%2e%2e/v1/keys',
    '/api/v1/../v1/keys',
    '/health/../api/v1/keys',
    '/health/%2e%2e/api/v1/keys',
    '/API/V1/keys',
    '/api/v1/keys/',
    '/api/v1/keys;/',
    '/api/v1;/keys',
    '/api/v1/keys%00',
    '/api/v1/keys?x=/health',
    '/api/v1/keys#/health',
    'http://evil.example/health/../api/v1/keys',
    'http://evil.example/api/v1/keys',
    '/v1/models/../../api/v1/keys',
    '/%61pi/v1/keys',
  ];
  const heads = [
    'host: x/../health',
    'host: evil/public',
    'host: localhost',
    'x-original-url: /health',
    'x-rewrite-url: /health',
    'x-forwarded-prefix: /health',
    'x-forwarded-path: /health',
    'x-forwarded-uri: /health',
    'x-http-method-override: OPTIONS',
  ];
  const isShown = (answer: string) => answer.includes('"keys"') || answer.includes('preview');

  it('HDR-03: no spelling of a path, and no header beside it, opens the admin API', async () => {
    const calls = [
      ...paths.map((path) => ({ path, head: 'host: x' })),
      ...heads.map((head) => ({ path: '/api/v1/keys', head })),
    ];
    const answers = await Promise.all(
      calls.map(async ({ path, head }) => {
        const host = head.startsWith('host:') ? [] : ['host: x'];
        const { answer } = await raw(
          [`GET ${path} HTTP/1.1`, ...host, head, 'connection: close', '', ''].join('\r\n'),
        );
        return { path, head, answer };
      }),
    );
    for (const { path, head, answer } of answers) {
      const name = `${path} with ${head}: ${answer.slice(0, 60)}`;
      expect([400, 401, 403, 404], name).toContain(statusesOf(answer)[0]);
      expect(isShown(answer), name).toBe(false);
    }
    const wellSpelled = answers.filter(({ path }) => path === '/api/v1/keys');
    for (const { answer, head } of wellSpelled) expect([400, 401], head).toContain(statusesOf(answer)[0]);
  });

  it('HDR-03: nor does a virtual key, or a token for something else', async () => {
    for (const token of [
      BOOTSTRAP_KEY,
      `${operatorToken(house.home)}x`,
      operatorToken(house.home).slice(0, -1),
      '',
    ]) {
      const answer = await fetch(`${house.url}/api/v1/keys`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([401, 403]).toContain(answer.status);
    }
  });
});

describe('HDR-05', () => {
  const size = body.length.toString(16);
  it.each([
    [
      'both a length and chunks',
      chat(
        [`content-length: ${body.length}`, 'transfer-encoding: chunked'],
        `${size}\r\n${body}\r\n0\r\n\r\n`,
      ),
    ],
    ['two lengths that differ', chat(['content-length: 5', `content-length: ${body.length}`])],
    ['two lengths in one header', chat([`content-length: ${body.length}, 5`])],
    ['a negative length', chat(['content-length: -1'])],
    ['a length with a sign', chat([`content-length: +${body.length}`])],
    ['a bad chunk size', chat(['transfer-encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`)],
    [
      'a chunk that does not end where it says',
      chat(['transfer-encoding: chunked'], `2\r\n${body}\r\n0\r\n\r\n`),
    ],
    [
      'an encoding beside chunked',
      chat(['transfer-encoding: chunked, identity'], `${size}\r\n${body}\r\n0\r\n\r\n`),
    ],
    ['an encoding nobody knows', chat(['transfer-encoding: xchunked'], `${size}\r\n${body}\r\n0\r\n\r\n`)],
    ['a space before the colon', chat(['transfer-encoding : chunked'], `${size}\r\n${body}\r\n0\r\n\r\n`)],
    ['a header of 20 KB', chat([`x-pad: ${'a'.repeat(20_000)}`, `content-length: ${body.length}`])],
    [
      '200 headers',
      chat([...Array.from({ length: 200 }, (_, at) => `x-${at}: 1`), `content-length: ${body.length}`]),
    ],
    [
      '5,000 headers',
      chat([...Array.from({ length: 5_000 }, (_, at) => `a${at}:`), `content-length: ${body.length}`]),
    ],
    ['no host', plain.replace('host: x\r\n', '')],
    ['a line that is no request', 'HELLO\r\n\r\n'],
  ])('HDR-05: %s is refused, and the connection with it', async (_name, text) => {
    const before = upstream.requests.length;
    // What follows must not be taken for a request of its own.
    const { answer, isClosed } = await raw([text, plain]);
    const statuses = statusesOf(answer);
    expect(statuses.length, answer.slice(0, 200)).toBeLessThanOrEqual(1);
    expect([400, 413, 431, 501]).toContain(statuses[0]);
    expect(isClosed).toBe(true);
    expect(upstream.requests.slice(before).filter(({ headers }) => headers['x-evil'])).toEqual([]);
    expect(upstream.requests.length - before).toBe(0);
  });

  it('HDR-05: two requests on one connection are two', async () => {
    const { answer } = await raw([plain, plain]);
    expect(statusesOf(answer)).toEqual([200, 200]);
  });

  it('HDR-05: a request within the body of another is none', async () => {
    const before = upstream.requests.length;
    const inner = `{"model":"oai/echo","messages":[]}\r\nGET /api/v1/keys HTTP/1.1\r\nhost: x\r\n\r\n`;
    const { answer } = await raw(chat([`content-length: ${inner.length}`], inner));
    expect(statusesOf(answer)).toEqual([400]);
    expect(upstream.requests).toHaveLength(before);
  });
});
