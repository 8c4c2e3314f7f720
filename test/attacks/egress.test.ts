// SSRF: what an address that came in through the API, or in a request, makes this machine open a connection to.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import {
  type GuardedHouse,
  type Listener,
  openGuardedHouse,
  startListener,
} from '../support/guarded-house.ts';

const CANARY = 'sk-canary-0123456789abcdefghijklmnopqrstuvwxyz';

let first: FakeUpstream;
let second: FakeUpstream;
let listener: Listener;
let house: GuardedHouse;

beforeAll(async () => {
  [first, second, listener] = await Promise.all([startFakeUpstream(), startFakeUpstream(), startListener()]);
  house = await openGuardedHouse(
    [
      'providers:',
      `  oai: { kind: openai, base_url: "${first.url}/v1", api_key: ${CANARY} }`,
      `  ant: { kind: anthropic, base_url: "${first.url}", api_key: ${CANARY} }`,
      `  goo: { kind: vertex, project: p, base_url: "${first.url}/v1" }`,
      'aliases: { pinned: oai/echo }',
      'egress:',
      `  allow: ["models.test:${second.port}", "moving.test:${second.port}", "127.0.0.1:${second.port}"]`,
      '',
    ].join('\n'),
    { OPENAI_API_KEY: CANARY, ANTHROPIC_API_KEY: CANARY },
  );
  house.dns.set('models.test', [['127.0.0.1']]);
}, 30_000);
afterAll(async () => {
  await house?.close();
  await Promise.all([first?.close(), second?.close()]);
  listener?.close();
});
afterEach(async () => {
  expect(listener.heard(), 'the listener must hear nothing').toBe(0);
  for (const name of ['house', 'other', 'local']) await house.api('DELETE', `/providers/${name}`);
  second.forgetAnswers();
});

const declare = (baseUrl: string, more: object = {}) =>
  house.api('POST', '/providers', { name: 'house', kind: 'openai-compatible', baseUrl, ...more });
const atSecond = () => `http://models.test:${second.port}/v1`;

describe('SSRF-01', () => {
  const fields = ['api_base', 'base_url', 'baseURL', 'endpoint', 'azure_endpoint', 'api_host'];
  it.each([
    ...fields.map((name) => [name, (url: string) => ({ [name]: url }), () => ({})] as const),
    ['extra_body.api_base', (url: string) => ({ extra_body: { api_base: url } }), () => ({})] as const,
    ['x-portkey-custom-host', () => ({}), (url: string) => ({ 'x-portkey-custom-host': url })] as const,
    ['x-base-url', () => ({}), (url: string) => ({ 'x-base-url': url })] as const,
    ['x-forwarded-host', () => ({}), (url: string) => ({ 'x-forwarded-host': url })] as const,
  ])('SSRF-01: %s in a request leads nowhere', async (_name, body, headers) => {
    const url = `http://127.0.0.1:${second.port}/v1`;
    const before = second.requests.length;
    for (const model of ['oai/echo', 'ant/echo']) {
      const said = await house.chat(model, { max_tokens: 5, ...body(url) }, headers(url));
      expect([200, 400]).toContain(said.status);
    }
    expect(second.requests).toHaveLength(before);
  });

  it("SSRF-01: no key of the environment or of a file goes to an address of the API's", async () => {
    expect((await declare(atSecond())).status).toBe(201);
    const said = await house.chat('house/echo');
    expect(said.status).toBe(200);
    const [request] = second.requests.slice(-1);
    expect(JSON.stringify([request!.headers, request!.body.toString()])).not.toContain(CANARY);
    expect(request!.headers.authorization).toBeUndefined();
  });

  it.each(['openai', 'anthropic', 'gemini', 'ollama', 'bedrock', 'vertex', 'azure'])(
    'SSRF-01: a provider cannot be declared under the name %s, whose key was given for another address',
    async (name) => {
      const said = await house.api('POST', '/providers', {
        name,
        kind: 'openai-compatible',
        baseUrl: atSecond(),
      });
      expect(said).toMatchObject({ status: 409, code: 'name_fixed' });
    },
  );

  it('SSRF-01: nor under the name that a file has', async () => {
    const said = await house.api('POST', '/providers', { name: 'oai', kind: 'openai', baseUrl: atSecond() });
    expect(said).toMatchObject({ status: 409, code: 'name_fixed' });
    expect(await house.api('PATCH', '/providers/oai', { baseUrl: atSecond() })).toMatchObject({
      status: 409,
    });
    expect(await house.api('DELETE', '/providers/oai')).toMatchObject({ status: 409 });
  });

  it.each(['openai', 'anthropic', 'bedrock', 'vertex', 'azure'])(
    'SSRF-01: of the kind %s it is not served with an identity of this machine',
    async (kind) => {
      const baseUrl = kind === 'openai' ? atSecond() : `http://models.test:${second.port}`;
      const settings = { bedrock: { region: 'us-east-1' }, vertex: { project: 'p' } }[kind] ?? {};
      const made = await house.api('POST', '/providers', { name: 'house', kind, baseUrl, settings });
      expect(made).toMatchObject({ status: 201, body: { problem: expect.stringMatching(/no key/) } });
      const before = second.requests.length;
      expect((await house.chat('house/echo')).status).toBe(404);
      expect(second.requests).toHaveLength(before);
    },
  );

  it('SSRF-01: a sealed key stays with the address that it was given for', async () => {
    expect((await declare(atSecond())).status).toBe(201);
    const secret = 'sk-house-0123456789abcdefghijklmnop';
    const saved = await house.api('POST', '/credentials', { provider: 'house', secret, isForced: true });
    expect(saved.status).toBe(201);
    expect((await house.chat('house/echo')).status).toBe(200);
    expect(second.requests.at(-1)!.headers.authorization).toBe(`Bearer ${secret}`);
    const moved = await house.api('PATCH', '/providers/house', { baseUrl: 'https://evil.example/v1' });
    expect(moved).toMatchObject({ status: 409, code: 'provider_holds_credentials' });
    expect(await house.api('PATCH', '/providers/house', { models: ['m'] })).toMatchObject({ status: 200 });
    const gone = await house.api('DELETE', '/providers/house');
    expect(gone.body).toMatchObject({ credentials: 1 });
    expect(house.rows('select 1 from credentials')).toEqual([]);
  });
});

describe('SSRF-02', () => {
  const literals = () => [
    `http://127.0.0.1:${listener.port}`,
    `http://localhost.:${listener.port}`,
    `http://localhost:${listener.port}`,
    `http://[::1]:${listener.port}`,
    `http://[::ffff:127.0.0.1]:${listener.port}`,
    `http://2130706433:${listener.port}`,
    `http://0x7f000001:${listener.port}`,
    `http://0177.0.0.1:${listener.port}`,
    `http://127.1:${listener.port}`,
    `http://①②⑦.0.0.1:${listener.port}`,
    'http://169.254.169.254/latest/',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://10.0.0.1',
    'http://100.64.0.1',
    `http://0.0.0.0:${listener.port}`,
    `http://[64:ff9b::7f00:1]:${listener.port}`,
    `http://[2002:7f00:1::]:${listener.port}`,
    `http://[::7f00:1]:${listener.port}`,
    `http://[::]:${listener.port}`,
    'http://metadata.google.internal',
  ];

  it('SSRF-02: no spelling of an inner address is taken', async () => {
    for (const baseUrl of literals()) {
      expect(await declare(baseUrl), baseUrl).toMatchObject({ status: 422, code: 'egress_refused' });
    }
    expect((await house.api('GET', '/providers/house')).status).toBe(404);
  });

  it('SSRF-02: neither is one that a provider is moved to', async () => {
    expect((await declare(atSecond())).status).toBe(201);
    for (const baseUrl of literals()) {
      const said = await house.api('PATCH', '/providers/house', { baseUrl });
      expect(said, baseUrl).toMatchObject({ status: 422, code: 'egress_refused' });
    }
  });

  it('SSRF-02: nor the address that a kind has of itself', async () => {
    const said = await house.api('POST', '/providers', { name: 'local', kind: 'ollama' });
    expect(said).toMatchObject({ status: 422, code: 'egress_refused' });
  });

  it('SSRF-02: what lies in the database is judged once more before a connection is opened', async () => {
    expect((await declare(atSecond())).status).toBe(201);
    for (const host of ['127.0.0.1', '[::1]', 'localhost', '2130706433']) {
      await house.api('PATCH', '/providers/house', { models: [host] });
      const terms = house.rows<{ terms: string }>("select terms from declarations where name = 'house'")[0]!;
      const moved = terms.terms.replace(atSecond(), `http://${host}:${listener.port}/v1`);
      house.write('update declarations set terms = ? where name = ?', moved, 'house');
      // Any change of the registry has it read again.
      await house.api('PUT', '/aliases/any', { ref: 'oai/echo' });
      const said = await house.chat('house/echo');
      expect(said.status, host).toBe(502);
      house.write('update declarations set terms = ? where name = ?', terms.terms, 'house');
    }
    await house.forgetHealth();
  });
});

describe('SSRF-03', () => {
  const baseUrl = () => `http://rebind.test:${listener.port}/v1`;

  it.each([
    ['DNS that changes its mind', [['93.184.216.34'], ['127.0.0.1']]],
    ['a public and a private address at once, later', [['93.184.216.34'], ['93.184.216.34', '127.0.0.1']]],
    ['an IPv6 address that is an IPv4 one', [['93.184.216.34'], ['::ffff:127.0.0.1']]],
    ['the metadata service, later', [['93.184.216.34'], ['169.254.169.254']]],
  ])('SSRF-03: %s leads nowhere', async (_name, answers) => {
    house.dns.set('rebind.test', structuredClone(answers));
    expect((await declare(baseUrl())).status).toBe(201);
    const said = await house.chat('house/echo');
    expect(said).toMatchObject({ status: 502 });
    expect(said.message).toMatch(/not sent/);
    await house.forgetHealth();
  });

  it.each([[[['127.0.0.1']]], [[['93.184.216.34', '10.0.0.1']]], [[['169.254.169.254']]]])(
    'SSRF-03: what leads inside already is not declared: %j',
    async (answers) => {
      house.dns.set('rebind.test', answers);
      expect(await declare(baseUrl())).toMatchObject({ status: 422, code: 'egress_refused' });
    },
  );

  it('SSRF-03: an allowed name that leads to the metadata service leads nowhere', async () => {
    house.dns.set('moving.test', [['127.0.0.1'], ['169.254.169.254']]);
    expect((await declare(`http://moving.test:${second.port}/v1`)).status).toBe(201);
    expect((await house.chat('house/echo')).status).toBe(502);
    await house.forgetHealth();
  });
});

describe('SSRF-04', () => {
  it.each([
    [302, 'http://169.254.169.254/'],
    [307, 'http://other.example/'],
    [301, 'LISTENER'],
    [308, 'LISTENER'],
  ])('SSRF-04: a redirect (%i to %s) is told and not followed', async (status, to) => {
    const location = to === 'LISTENER' ? `http://127.0.0.1:${listener.port}/v1` : to;
    expect((await declare(atSecond())).status).toBe(201);
    for (const [model, upstream] of [
      ['house/echo', second],
      ['oai/echo', first],
      ['ant/echo', first],
    ] as const) {
      upstream.answerWith({ status, headers: { location } });
      const said = await house.chat(model, { max_tokens: 5 });
      expect(said, model).toMatchObject({ status: 502, code: 'upstream_redirect' });
      expect(JSON.stringify(said.body)).not.toContain(location);
      await house.forgetHealth();
    }
  });
});

describe('SSRF-05', () => {
  it.each([
    'file:///etc/passwd',
    'gopher://example.com/_',
    'ftp://example.com/',
    'data:text/plain,hi',
    'http://user:pass@example.com/',
    'http://user@example.com/',
    'https://example.com/#fragment',
    'https://example.com/?a=b',
    'https://example.com/%00',
    'https://example.com/%0d%0aX-Evil:%201',
    'https://example.com/\r\nX-Evil: 1',
    'https://exa\tmple.com/',
    `https://${'a'.repeat(3000)}.example/`,
    `https://${'abc.'.repeat(100)}example/`,
    'https://example.com:22/',
    'https://example.com:25/',
    'https://example.com:6379/',
    'https://example.com\\@127.0.0.1/',
    'example.com/v1',
    ' ',
  ])('SSRF-05: %j is no address of a provider', async (baseUrl) => {
    expect(await declare(baseUrl)).toMatchObject({ status: 422, code: 'egress_refused' });
  });

  it.each([
    { 'x-a': 'b\r\nx-evil: 1' },
    { 'x-a\r\nx-evil': '1' },
    { host: 'evil.example' },
    { 'content-length': '0' },
    { 'transfer-encoding': 'chunked' },
    { authorization: 'Bearer x' },
    { 'x-goog-api-key': 'x' },
    { 'proxy-authorization': 'x' },
    { cookie: 'a=b' },
  ])('SSRF-05: headers neither break out nor carry keys: %j', async (headers) => {
    expect(await declare(atSecond(), { headers })).toMatchObject({ status: 400, code: 'body_invalid' });
  });
});

describe('SSRF-06', () => {
  it('SSRF-06: URLs inside of a conversation are fetched by nobody here', async () => {
    const url = `http://127.0.0.1:${listener.port}/secret.png`;
    const content = [
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url } },
      { type: 'file', file: { file_url: url } },
    ];
    for (const model of ['oai/echo', 'ant/echo']) {
      const said = await house.chat(model, {
        max_tokens: 5,
        messages: [{ role: 'user', content }],
        tools: [{ type: 'mcp', server_label: 'x', server_url: url }],
      });
      expect(said.status).toBeLessThan(500);
    }
  });

  it('SSRF-06: lists of models, probes, trials and windows of a declared server go by the policy', async () => {
    house.dns.set('rebind.test', [['93.184.216.34'], ['127.0.0.1']]);
    const baseUrl = `http://rebind.test:${listener.port}`;
    const made = await house.api('POST', '/providers', { name: 'local', kind: 'ollama', baseUrl });
    expect(made.status).toBe(201);
    expect((await house.api('GET', '/models?live=true')).status).toBeLessThan(500);
    const tested = await house.api('POST', '/providers/local/test');
    expect(tested.body).toMatchObject({ isReachable: false, message: expect.stringMatching(/not sent/) });
    const saved = await house.api('POST', '/credentials', { provider: 'local', secret: 'x'.repeat(20) });
    expect(saved).toMatchObject({ status: 422, code: 'credential_not_proven' });
    expect((await house.chat('local/m')).status).toBe(502);
    await house.forgetHealth();
  });

  it('SSRF-06: a credential that names addresses, files or programs is not followed', async () => {
    const hostile = {
      type: 'external_account',
      audience: 'x',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `http://127.0.0.1:${listener.port}/token`,
      credential_source: { url: `http://127.0.0.1:${listener.port}/source` },
    };
    const saved = await house.api('POST', '/credentials', {
      provider: 'goo',
      secret: JSON.stringify(hostile),
      isForced: true,
    });
    expect(saved.status).toBe(201);
    await house.chat('goo/gemini-2.5-flash');
    const { id } = saved.body.credential as { id: string };
    await house.api('DELETE', `/credentials/${id}`);
  });

  it('SSRF-06: receivers of alerts, price lists and bills cannot be named through the API', async () => {
    const url = `http://127.0.0.1:${listener.port}`;
    for (const [method, path, body] of [
      ['POST', '/alerts/test', { url }],
      ['POST', '/alerts', { url }],
      ['POST', '/prices/refresh', { url }],
      ['POST', '/ledger/reconcile', { billUrl: url }],
      ['POST', '/config/reload', { url }],
    ] as const) {
      const said = await house.api(method, path, body);
      expect(said.status, path).toBeLessThan(500);
    }
  });
});

describe('SSRF-07', () => {
  it('SSRF-07: what is allowed is one host at one port', async () => {
    const allowed = await declare(`http://127.0.0.1:${second.port}/v1`);
    expect(allowed.status).toBe(201);
    expect((await house.chat('house/echo')).status).toBe(200);
    for (const baseUrl of [
      `http://127.0.0.1:${listener.port}/v1`,
      `http://127.0.0.2:${second.port}/v1`,
      `http://localhost:${second.port}/v1`,
      `http://[::1]:${second.port}/v1`,
      'http://127.0.0.1/v1',
    ]) {
      const said = await house.api('PATCH', '/providers/house', { baseUrl });
      expect(said, baseUrl).toMatchObject({ status: 422, code: 'egress_refused' });
    }
    house.dns.set('rebind.test', [['127.0.0.1']]);
    const said = await house.api('PATCH', '/providers/house', {
      baseUrl: `http://rebind.test:${second.port}/v1`,
    });
    expect(said, 'another name of the same address').toMatchObject({ status: 422 });
  });

  it('SSRF-07: the operator’s own files may name any address', async () => {
    expect((await house.chat('oai/echo')).status).toBe(200);
  });
});
