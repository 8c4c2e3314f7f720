/** The admin API of prices: what it takes, what it refuses, what it says. */
import { beforeEach, expect, it } from 'vitest';
import { type FakeHouse, fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { type Admin, createAdmin } from './app.ts';
import type { PricedModelBody, Prices, Rerated } from './prices.ts';
import type { Problem } from './problem.ts';

/** What answers hold between them. */
type Answer = Prices & PricedModelBody & Rerated & Problem;

let fake: FakeHouse;
let admin: Admin;
beforeEach(() => {
  fake = fakeHouse();
  admin = createAdmin(fake.deps);
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const request = new Request(`http://localhost/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await admin.fetch(request);
  return { status: response.status, body: (await response.json()) as Answer };
}

it('lists prices, and says how old the list is', async () => {
  const { status, body } = await call('GET', '/prices?archived=true');
  expect(status).toBe(200);
  expect(body.list).toEqual({
    source: 'a list',
    asOf: '2026-09-01',
    ageDays: 81,
    isStale: true,
    isRefreshed: false,
    readFrom: null,
    readAt: null,
    problem: null,
  });
  expect(body.overrides[0]?.tiers).toEqual([
    {
      aboveInputTokens: 0,
      usdPerMillion: { input: '2.50', output: '10.00' },
      usdPerCall: { web_search: '0.01' },
      usdPerRequest: null,
    },
    {
      aboveInputTokens: 200_000,
      usdPerMillion: { input: '5.00', output: '20.00' },
      usdPerCall: {},
      usdPerRequest: null,
    },
  ]);
  expect(fake.asked).toEqual([{ withArchived: true }]);
});

it('shows what one model costs, and what nobody knows', async () => {
  const { body } = await call('GET', '/prices/model?ref=openai/gpt-4o');
  expect(body.effective.map((row) => [row.serviceTier, row.price?.source ?? null])).toEqual([
    ['standard', 'operator'],
    ['flex', null],
  ]);
  expect(body.listed[0]?.tiers[0]?.usdPerMillion.input).toBe('3.00');
  expect((await call('GET', '/prices/model?ref=nobody/x')).status).toBe(404);
});

const plain = { provider: 'openai', model: 'gpt-4o' };
const rates = { usdPerMillion: { input: '3', output: '0.000001' } };

it.each([
  [
    'one tier',
    { ...plain, tiers: [rates] },
    { serviceTier: '*', tiers: [{ aboveInputTokens: 0, rates: { input: 3_000_000, output: 1 } }] },
  ],
  [
    'everything',
    {
      ...plain,
      serviceTier: 'flex',
      effectiveFrom: '2026-11-01',
      tiers: [
        { ...rates, usdPerRequest: '0.000000000001', usdPerCall: { web_search: '0.01' } },
        { ...rates, aboveInputTokens: 200_000 },
      ],
    },
    {
      serviceTier: 'flex',
      effectiveFromMs: Date.UTC(2026, 10, 1),
      tiers: [
        { rates: { perRequest: 1, calls: { web_search: 10_000_000_000 } } },
        { aboveInputTokens: 200_000 },
      ],
    },
  ],
  [
    'an explicit zero',
    { ...plain, isFree: true },
    { tiers: [{ rates: { input: 0, output: 0, cacheRead: 0 } }] },
  ],
])('takes %s', async (_name, body, terms) => {
  expect((await call('POST', '/prices', body)).status).toBe(201);
  expect(fake.asked).toMatchObject([{ ...plain, ...terms }]);
});

it.each([
  ['no rates', plain, /tiers: must be there/],
  ['no output', { ...plain, tiers: [{ usdPerMillion: { input: '3' } }] }, /must name input and output/],
  ['a number', { ...plain, tiers: [{ usdPerMillion: { input: 3, output: '1' } }] }, /usdPerMillion.input/],
  [
    'too fine a rate',
    { ...plain, tiers: [{ usdPerMillion: { input: '0.0000001', output: '1' } }] },
    /6 places/,
  ],
  [
    'an unknown class',
    { ...plain, tiers: [{ usdPerMillion: { ...rates.usdPerMillion, cache: '1' } }] },
    /cache/,
  ],
  ['thresholds that fall', { ...plain, tiers: [rates, rates] }, /must rise from 0/],
  ['no lowest tier', { ...plain, tiers: [{ ...rates, aboveInputTokens: 1 }] }, /must rise from 0/],
  ['free, for money', { ...plain, isFree: true, tiers: [rates] }, /tiers: must be there, unless/],
  ['one that is there', { ...plain, model: 'taken', tiers: [rates] }, /another price of openai\/taken/],
])('refuses %s', async (_name, sent, message) => {
  const { status, body } = await call('POST', '/prices', sent);
  expect([status, body.error.code]).toEqual([400, 'body_invalid']);
  expect(body.error.message).toMatch(message);
});

it.each([
  ['/prices/ovr_1', 200, { id: 'ovr_1', neverHeld: false }],
  ['/prices/ovr_1?neverHeld=true', 200, { id: 'ovr_1', neverHeld: true }],
  ['/prices/ovr_file', 409, { id: 'ovr_file' }],
  ['/prices/ovr_none', 404, { id: 'ovr_none' }],
])('DELETE %s: %s', async (path, status, asked) => {
  expect((await call('DELETE', path)).status).toBe(status);
  expect(fake.asked).toMatchObject([asked]);
});

it.each([
  [{ kind: 'done', models: 10, added: 1, changed: 2, skipped: 3 }, 200, undefined],
  [{ kind: 'failed', message: 'it was answered with 404' }, 502, 'price_list_unusable'],
  [{ kind: 'not_set' }, 400, 'price_list_missing'],
] as const)('a refresh that is %s', async (answer, status, code) => {
  fake.deps = { ...fake.deps, prices: { ...fake.deps.prices, refresh: async () => answer } };
  admin = createAdmin(fake.deps);
  const found = await call('POST', '/prices/refresh');
  expect([found.status, found.body.error?.code]).toEqual([status, code]);
});

it('re-rates nothing unless it is told to', async () => {
  const { status, body } = await call('POST', '/prices/rerate', {
    since: '2026-11-01',
    isUnpricedOnly: true,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    isApplied: false,
    differenceUsd: '1.50',
    sums: [{ model: 'gpt-4o', unpriced: 2, wasUsd: '0.50', isUsd: '2.00' }],
  });
  expect(fake.asked).toMatchObject([
    { sinceMs: Date.UTC(2026, 10, 1), apply: false, isUnpricedOnly: true, by: 'operator' },
  ]);
});

it.each([
  [{ since: '2026-11-01', until: '2026-11-01' }, 400, 'body_invalid'],
  [{}, 400, 'body_invalid'],
  [{ since: '2026-11-01', model: 'busy' }, 409, 'rerate_running'],
])('re-rating %o: %s', async (sent, status, code) => {
  const found = await call('POST', '/prices/rerate', sent);
  expect([found.status, found.body.error.code]).toEqual([status, code]);
});
