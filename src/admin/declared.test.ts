// Declared providers, routes and aliases over the admin API, on desks that hold still.
import { describe, expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';

const fake = fakeHouse();
const admin = createAdmin(fake.deps);

async function call(method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const request = new Request(`http://localhost/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await admin.fetch(request);
  const json = (await answer.json()) as Record<string, unknown> & {
    error?: { code: string; message: string };
  };
  return { status: answer.status, body: json, code: json.error?.code };
}

const provider = { name: 'house', kind: 'openai-compatible', baseUrl: 'https://models.example/v1' };

describe('declared providers', () => {
  it('are shown without the values of their headers', async () => {
    const { status, body } = await call('GET', '/providers/house');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'house',
      headers: ['x-team'],
      problem: 'no key',
      settings: { region: 'eu' },
    });
    expect(JSON.stringify(body)).not.toContain('not-to-be-shown');
    expect((await call('GET', '/providers/nobody')).code).toBe('record_unknown');
  });

  it('are made with what the body leaves out filled in', async () => {
    expect((await call('POST', '/providers', provider)).status).toBe(201);
    const { name, ...terms } = provider;
    expect(fake.made.at(-1)).toEqual([
      name,
      { ...terms, headers: {}, models: [], timeouts: {}, settings: {} },
      'operator',
    ]);
  });

  it.each([
    ['fixed', 409, 'name_fixed'],
    ['full', 400, 'body_invalid'],
    ['inside', 422, 'egress_refused'],
    ['bad', 400, 'body_invalid'],
    ['held', 409, 'provider_holds_credentials'],
  ])('that cannot be (%s) are refused with %i %s', async (name, status, code) => {
    expect(await call('POST', '/providers', { ...provider, name })).toMatchObject({ status, code });
    expect(await call('PATCH', `/providers/${name}`, { models: ['a'] })).toMatchObject({ status, code });
  });

  it.each([
    { ...provider, apiKey: 'sk-x' },
    { ...provider, api_key: 'sk-x' },
    { ...provider, ownerId: 'ws_2' },
    { ...provider, egress: 'open' },
    { ...provider, settings: { profile: 'prod' } },
    { ...provider, name: 'a/b' },
    { ...provider, name: '__proto__' },
    { ...provider, headers: { a: 1 } },
    { ...provider, timeouts: { connectMs: 1 } },
    { kind: 'openai' },
  ])('take no field that they do not know: %j', async (body) => {
    expect(await call('POST', '/providers', body)).toMatchObject({ status: 400, code: 'body_invalid' });
  });

  it('are changed, and null takes a term away', async () => {
    expect((await call('PATCH', '/providers/house', { baseUrl: null, models: ['a'] })).status).toBe(200);
    expect(fake.made.at(-1)).toEqual(['house', { baseUrl: null, models: ['a'] }]);
    expect(await call('PATCH', '/providers/house', {})).toMatchObject({ status: 400 });
    expect(await call('PATCH', '/providers/house', { kind: 'openai' })).toMatchObject({ status: 400 });
    expect(await call('PATCH', '/providers/nobody', { models: [] })).toMatchObject({ status: 404 });
  });

  it('are removed with their credentials, and tried', async () => {
    expect(await call('DELETE', '/providers/house')).toMatchObject({ status: 200, body: { credentials: 2 } });
    expect(await call('DELETE', '/providers/fixed')).toMatchObject({ status: 409, code: 'name_fixed' });
    expect(await call('DELETE', '/providers/nobody')).toMatchObject({ status: 404 });
    expect((await call('POST', '/providers/house/test')).body).toEqual({
      isReachable: true,
      message: 'status 200',
      credential: null,
    });
    expect((await call('POST', '/providers/nobody/test')).status).toBe(404);
  });
});

describe('declared routes', () => {
  it('are listed with where they are declared', async () => {
    const { body } = await call('GET', '/routes');
    expect(body).toMatchObject({
      routes: [
        {
          name: 'fixed',
          source: 'file',
          file: '/etc/turnpike.yaml',
          problem: 'nobody serves it',
          createdBy: null,
        },
        {
          name: 'mine',
          source: 'registry',
          file: null,
          strategy: 'weighted',
          models: [
            { ref: 'openai/gpt-4o', weight: 2 },
            { ref: 'fast', weight: 1 },
          ],
          require: {
            tools: true,
            structuredOutput: true,
            contextWindow: 1000,
            maxPriceUsd: { input: '2.50' },
          },
          cacheTtlSeconds: 60,
          isHedged: false,
        },
      ],
    });
    expect((await call('GET', '/routes/mine')).status).toBe(200);
    expect((await call('GET', '/routes/nobody')).status).toBe(404);
  });

  it('are read as those of a file are', async () => {
    const body = {
      models: ['openai/gpt-4o', { ref: 'fast', weight: 0 }],
      require: { vision: true, tools: false, maxPriceUsd: { output: '10' } },
      cacheTtlSeconds: 5,
      isHedged: true,
    };
    expect((await call('PUT', '/routes/new', body)).status).toBe(201);
    expect((await call('PUT', '/routes/mine', body)).status).toBe(200);
    expect(fake.made.at(-1)).toEqual([
      'mine',
      {
        strategy: 'ordered',
        targets: [
          { ref: 'openai/gpt-4o', weight: 1 },
          { ref: 'fast', weight: 0 },
        ],
        filter: { capabilities: ['vision'], maxOutputRate: 10_000_000_000 },
        cacheTtlMs: 5_000,
        isHedged: true,
      },
      'operator',
      false,
    ]);
  });

  it.each([
    [{ models: [] }],
    [{ models: ['a'], strategy: 'best' }],
    [{ models: ['a'], require: { maxPriceUsd: { input: 'cheap' } } }],
    [{ models: ['a'], require: { magic: true } }],
    [{ models: Array.from({ length: 21 }, () => 'a') }],
    [{ models: ['a'], cache_ttl_s: 1 }],
  ])('that cannot be read are refused: %j', async (body) => {
    expect(await call('PUT', '/routes/new', body)).toMatchObject({ status: 400, code: 'body_invalid' });
  });
});

describe.each([
  ['routes', { models: ['a'] }],
  ['aliases', { ref: 'a' }],
])('%s', (path, body) => {
  it('are refused where a file declares the name, the workspace is full, or they lead in circles', async () => {
    expect(await call('PUT', `/${path}/fixed`, body)).toMatchObject({ status: 409, code: 'name_fixed' });
    expect(await call('PUT', `/${path}/full`, body)).toMatchObject({ status: 400, code: 'body_invalid' });
    expect(await call('PUT', `/${path}/loop`, body)).toMatchObject({ status: 400, code: 'body_invalid' });
    expect(await call('PUT', `/${path}/a%20b`, body)).toMatchObject({ status: 400, code: 'body_invalid' });
  });

  it('are removed', async () => {
    expect(await call('DELETE', `/${path}/mine`)).toMatchObject({ status: 200, body: { name: 'mine' } });
    expect(await call('DELETE', `/${path}/fixed`)).toMatchObject({ status: 409, code: 'name_fixed' });
    expect(await call('DELETE', `/${path}/nobody`)).toMatchObject({ status: 404 });
  });
});

describe('declared aliases', () => {
  it('are listed, shown and set', async () => {
    expect((await call('GET', '/aliases')).body).toMatchObject({
      aliases: [{ source: 'file' }, { ref: 'openai/gpt-4o' }],
    });
    expect((await call('GET', '/aliases/mine')).status).toBe(200);
    expect((await call('PUT', '/aliases/new', { ref: ' openai/o3 ', force: true })).status).toBe(201);
    expect(fake.made.at(-1)).toEqual(['new', { ref: 'openai/o3' }, 'operator', true]);
  });
});
