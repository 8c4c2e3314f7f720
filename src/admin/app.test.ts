/** The admin API over `fetch` with a fake house behind it: who gets in, what is refused, and what is answered. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_PATHS } from '../../test/support/admin-paths.ts';
import { type FakeHouse, fakeHouse, NOW, sha256, TOKEN, VIRTUAL_KEY } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import { ExchangeList, ExplainedExchange } from './exchanges.ts';
import { Installation } from './installation.ts';
import { MadeKey } from './key-fields.ts';
import { KeyList } from './keys.ts';
import { Verification } from './ledger.ts';
import { ModelList } from './models.ts';
import { Problem } from './problem.ts';
import { ProviderList } from './providers.ts';
import { Usage } from './usage.ts';

let fake: FakeHouse;
beforeEach(() => {
  fake = fakeHouse();
});

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly text?: string;
  readonly authorization?: string;
}

async function call(
  path: string,
  options: Call = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const { method = 'GET', body, text, authorization = `Bearer ${TOKEN}` } = options;
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: { ...(authorization && { authorization }), 'content-type': 'application/json' },
    ...(content !== undefined && { body: content }),
  });
  const response = await createAdmin(fake.deps).fetch(request);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

describe('who gets in', () => {
  const paths = [
    '/keys',
    '/usage',
    '/models',
    '/providers',
    '/exchanges',
    '/installation',
    '/openapi.json',
    '/x',
  ];
  it.each(paths)('nobody without a token at %s', async (path) => {
    const { status, body } = await call(path, { authorization: '' });
    expect(status).toBe(401);
    expect(Problem.parse(body).error.code).toBe('operator_token_missing');
  });
  it.each([
    ['another token', `Bearer tpo-${'c'.repeat(43)}`, 'operator_token_unknown'],
    ['a virtual key', `Bearer ${VIRTUAL_KEY}`, 'operator_token_unknown'],
    ['the hash itself', `Bearer ${sha256(TOKEN)}`, 'operator_token_unknown'],
    ['a token of absurd length', `Bearer ${'t'.repeat(5000)}`, 'operator_token_unknown'],
    ['another scheme', `Basic ${TOKEN}`, 'operator_token_missing'],
    ['a bare token', TOKEN, 'operator_token_missing'],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`, 'operator_token_missing'],
  ])('not %s', async (_name, authorization, code) => {
    const { status, body } = await call('/keys', { authorization });
    expect(status).toBe(401);
    expect(Problem.parse(body).error.code).toBe(code);
  });
  it('lets nobody in where no token was ever set', async () => {
    fake.deps = { ...fake.deps, operatorTokenHash: () => '' };
    expect((await call('/keys')).status).toBe(401);
  });
  it('reads the scheme in any case and lets no cache keep the answer', async () => {
    const { status, headers } = await call('/keys', { authorization: `bearer ${TOKEN}` });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('what is refused', () => {
  const name = 'x';
  it.each<[string, string, Call, number, string, string]>([
    ['no JSON', '/keys', { method: 'POST', text: '{' }, 400, 'body_not_json', ''],
    ['no name', '/keys', { method: 'POST', body: {} }, 400, 'body_invalid', 'name'],
    ['a blank name', '/keys', { method: 'POST', body: { name: ' ' } }, 400, 'body_invalid', 'name'],
    [
      'a field nobody knows',
      '/keys',
      { method: 'POST', body: { name, token: 'x' } },
      400,
      'body_invalid',
      'token',
    ],
    [
      'no models at all',
      '/keys',
      { method: 'POST', body: { name, allowedModels: [] } },
      400,
      'body_invalid',
      'allo',
    ],
    [
      'a vague date',
      '/keys',
      { method: 'POST', body: { name, expiresAt: 'soon' } },
      400,
      'body_invalid',
      'expires',
    ],
    [
      'a date gone by',
      '/keys',
      { method: 'POST', body: { name, expiresAt: '2026-11-21T11:59:59Z' } },
      400,
      'body_invalid',
      'past',
    ],
    ['a huge body', '/keys', { method: 'POST', text: 'x'.repeat(70_000) }, 413, 'body_too_large', ''],
    ['an unknown key', '/keys/key_9', { method: 'DELETE' }, 404, 'record_unknown', 'key_9'],
    ['an unknown dimension', '/usage?by=colour', {}, 400, 'query_invalid', 'by'],
    ['an unknown parameter', '/usage?sinse=2026-11-01', {}, 400, 'query_invalid', 'sinse'],
    ['a vague moment', '/usage?since=yesterday', {}, 400, 'query_invalid', 'since'],
    [
      'time that runs backward',
      '/usage?since=2026-11-02&until=2026-11-01',
      {},
      400,
      'query_invalid',
      'until',
    ],
    ['too many rows', '/usage?limit=10001', {}, 400, 'query_invalid', 'limit'],
    ['no rows', '/exchanges?limit=0', {}, 400, 'query_invalid', 'limit'],
    ['an unknown exchange', '/exchanges/exc_9', {}, 404, 'record_unknown', 'exc_9'],
    ['something that is no exchange id', '/exchanges/1%20or%201', {}, 404, 'record_unknown', ''],
    ['an unknown path', '/kyes', {}, 404, 'path_unknown', 'GET /api/v1/kyes'],
    ['a method that is not there', '/models', { method: 'POST', body: {} }, 404, 'path_unknown', 'POST'],
  ])('%s', async (_name, path, options, status, code, part) => {
    const found = await call(path, options);
    expect(found.status).toBe(status);
    const { error } = Problem.parse(found.body);
    expect(error.code).toBe(code);
    expect(error.message).toContain(part);
    expect(fake.made).toEqual([]);
  });

  it('tells nothing of a fault but that there was one', async () => {
    const { spending } = fake.deps;
    const fault = new Error('disk /dev/sda is on fire');
    fake.deps = { ...fake.deps, spending: { ...spending, verify: () => Promise.reject(fault) } };
    const { status, body } = await call('/ledger/verify', { method: 'POST' });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('fire');
    expect(fake.logged).toEqual([expect.objectContaining({ err: fault, path: '/api/v1/ledger/verify' })]);
  });
});

describe('keys', () => {
  it('lists the newest first, with its state and without a token', async () => {
    const { body } = await call('/keys');
    const { keys } = KeyList.parse(body);
    expect(keys.map(({ id, state }) => [id, state])).toEqual([
      ['key_1', 'active'],
      ['key_0', 'expired'],
    ]);
  });
  it('shows the token of a new key, this once', async () => {
    const wanted = {
      name: ' ci ',
      expiresAt: '2027-01-01T00:00:00+01:00',
      agent: 'reviewer',
      defaultModel: 'fast',
      allowedModels: ['openai/gpt-4o'],
    };
    const { status, body } = await call('/keys', { method: 'POST', body: wanted });
    expect(status).toBe(201);
    const made = MadeKey.parse(body);
    expect(made.token).toBe(VIRTUAL_KEY);
    expect(made.key).toMatchObject({ name: 'ci', agent: 'reviewer', expiresAt: '2026-12-31T23:00:00.000Z' });
    expect(fake.made).toEqual([
      {
        name: 'ci',
        expiresAtMs: Date.parse('2026-12-31T23:00:00Z'),
        agentId: 'reviewer',
        defaultModel: 'fast',
        allowedModels: ['openai/gpt-4o'],
        budgets: [],
      },
    ]);
  });
  it('revokes', async () => {
    const { status, body } = await call('/keys/key_1', { method: 'DELETE' });
    expect([status, body]).toEqual([200, expect.objectContaining({ state: 'revoked' })]);
  });
});

describe('reports', () => {
  it('sums usage exactly', async () => {
    const { body } = await call('/usage?by=model&since=2026-11-01&until=2026-11-21T12:00:00%2B01:00');
    const usage = Usage.parse(body);
    expect(usage.rows[0]).toMatchObject({ value: 'openai/gpt-4o', costUsd: '0.00125', cacheWriteTokens: 4 });
    expect(usage.total).toMatchObject({ costUsd: '0.001250001', entries: 4, unpricedEntries: 2 });
    const range = { sinceMs: Date.parse('2026-11-01'), untilMs: Date.parse('2026-11-21T11:00:00Z') };
    expect(fake.asked).toEqual([['model', range, 1001]]);
  });
  it('takes everything up to now by default and says when there is more', async () => {
    const { body } = await call('/usage?limit=1');
    const usage = Usage.parse(body);
    expect([usage.rows.length, usage.isTruncated, usage.since]).toEqual([1, true, null]);
    expect(usage.total.costUsd).toBe('0.00125');
    expect(fake.asked).toEqual([['model', { sinceMs: 0, untilMs: NOW + 1 }, 2]]);
  });
  it('gives prices as dollars per million', async () => {
    const { models } = ModelList.parse((await call('/models')).body);
    expect(models[0]?.price?.tiers).toEqual([
      {
        aboveInputTokens: 0,
        usdPerMillion: { input: '2.50', output: '10.00', cacheRead: '0.0375' },
        usdPerCall: { web_search: '0.01' },
        usdPerRequest: null,
      },
    ]);
    expect(models[1]).toMatchObject({ ref: 'fast', kind: 'alias', leadsTo: ['openai/gpt-4o'], price: null });
  });
  it('shows a provider without what its URL hides', async () => {
    const { providers } = ProviderList.parse((await call('/providers')).body);
    expect(providers[0]).toMatchObject({ baseUrl: 'https://models.example/v1', isReady: false });
    expect(JSON.stringify(providers)).not.toContain('hunter');
  });
  it('groups the entries of an exchange', async () => {
    const { exchanges } = ExchangeList.parse((await call('/exchanges?key=key_1')).body);
    expect(
      exchanges.map(({ id, status, costUsd, entries }) => [id, status, costUsd, entries.length]),
    ).toEqual([
      ['exc_1', 'ok', '0.00125', 2],
      ['exc_0', 'upstream_error', null, 1],
    ]);
    expect(fake.asked).toEqual([{ sinceMs: 0, untilMs: NOW + 1, keyId: 'key_1', limit: 50 }]);
  });
  it('shows one exchange', async () => {
    const exchange = ExplainedExchange.parse((await call('/exchanges/exc_1')).body);
    expect(exchange).toMatchObject({
      model: 'openai/gpt-4o',
      costUsd: '0.00125',
      agent: null,
      startedAt: '2026-11-21T11:59:59.100Z',
    });
  });
  it('says why it went as it did', async () => {
    const { decision } = ExplainedExchange.parse((await call('/exchanges/exc_1')).body);
    expect(decision).toMatchObject({
      workspace: 'ws_1',
      operation: 'chat',
      asked: 'fast',
      revision: 7,
      overheadMs: 1.25,
      skipped: [{ ref: 'openai/o3', reason: 'model_not_allowed' }],
    });
    const nothing = { named: [], unnamed: 0 };
    expect(decision.attempts).toMatchObject([
      {
        number: 1,
        status: 'upstream_error',
        errorClass: 'status_503',
        upstreamFormat: 'openai-chat',
        requestLosses: nothing,
        replyLosses: nothing,
      },
      {
        number: 2,
        lane: 'translate',
        upstreamFormat: 'anthropic-messages',
        latencyMs: 300,
        startedAt: '2026-11-21T11:59:59.200Z',
        requestLosses: { named: [{ path: 'topK' }, { kind: 'approximated' }], unnamed: 12 },
        replyLosses: { named: [{ path: 'stop.sequence' }], unnamed: 0 },
      },
    ]);
  });
  it('verifies the ledger', async () => {
    const { body } = await call('/ledger/verify', { method: 'POST' });
    expect(Verification.parse(body)).toMatchObject({ isSound: false, problems: ['ent_3 has no hold'] });
  });
  it('describes the installation', async () => {
    const installation = Installation.parse((await call('/installation')).body);
    expect(installation).toMatchObject({ product: 'turnpike', uptimeMs: 60_000, revision: 7 });
  });
});

describe('the description', () => {
  it('names every path, from the same schemas', async () => {
    const { body } = await call('/openapi.json');
    const document = body as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    const found = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(found.sort()).toEqual(ADMIN_PATHS);
  });
});
