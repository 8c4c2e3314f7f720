/** The list of models: what is known and what providers list now, searched and filtered; and the cheapest for a need. */
import { describe, expect, it } from 'vitest';
import { fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/data.ts';
import { createPriceBook } from '../catalog/price-book.ts';
import type { RoutingTable } from '../route/ref.ts';
import { noFallback } from '../route/route-rule.ts';
import type { LiveList } from '../upstream/live-models.ts';
import type { Provider } from '../upstream/provider.ts';
import { ollama } from '../upstream/providers/ollama.ts';
import { openai } from '../upstream/providers/openai.ts';
import { openrouter } from '../upstream/providers/openrouter.ts';
import { createAdmin } from './app.ts';
import { ModelList } from './models.ts';
import { describeModels } from './models-desk.ts';
import { Problem } from './problem.ts';
import { CheapestBody } from './routing-cheapest.ts';

const rates = (input: number, output: number) => [
  { from: 0, tiers: [{ aboveInputTokens: 0, rates: { input, output } }] },
];
const data: CatalogData = {
  source: 'test',
  asOf: '2026-01-01',
  models: [
    {
      provider: 'openai',
      id: 'gpt-4o',
      name: 'GPT-4o',
      contextWindow: 128_000,
      prices: rates(2_500_000, 10_000_000),
    },
    { provider: 'openai', id: 'gpt-4o-mini', name: 'GPT-4o mini', prices: rates(150_000, 600_000) },
    {
      provider: 'openai',
      id: 'gpt-5-nano',
      name: 'GPT-5 nano',
      contextWindow: 4_000,
      prices: rates(50_000, 400_000),
    },
    { provider: 'openai', id: 'text-embedding-3-small', name: 'Embedding', prices: rates(20_000, 0) },
    { provider: 'openrouter', id: 'maker/gone', name: 'Gone', prices: [] },
    { provider: 'openrouter', id: 'maker/old', name: 'Old', prices: rates(1_000_000, 2_000_000) },
  ],
};
const providers = new Map(
  [
    ['openai', openai, [] as string[]],
    ['openrouter', openrouter, []],
    ['attic', ollama, ['llama2:13b']],
  ].map(([name, kind, models]) => [
    name,
    { name, kind, models, catalogProvider: (kind as typeof openai).catalogProvider } as unknown as Provider,
  ]) as [string, Provider][],
);
const silent = { name: undefined, contextWindow: undefined, maxOutputTokens: undefined, rates: undefined };
const lists: LiveList[] = [
  {
    provider: 'openrouter',
    listedAtMs: NOW,
    problem: undefined,
    models: [
      { ...silent, id: 'maker/new:free', name: 'New', can: { tools: true }, rates: { input: 0, output: 0 } },
      // What it says of capabilities counts; what is booked is still the catalog's price.
      {
        ...silent,
        id: 'maker/old',
        contextWindow: 9_000,
        can: { vision: true },
        rates: { input: 7, output: 7 },
      },
    ],
  },
  {
    provider: 'attic',
    listedAtMs: undefined,
    problem: 'nobody listens',
    models: [{ ...silent, id: 'llava:7b', can: { vision: true, tools: false } }],
  },
];

const catalog = createCatalog([], data);
const routing: RoutingTable = {
  providers: new Map(),
  aliases: new Map([['fast', 'openai/gpt-4o-mini']]),
  routes: new Map([
    ['smart', { strategy: 'ordered', targets: [{ ref: 'openai/gpt-4o', weight: 1 }], filter: undefined }],
  ]),
  fallback: noFallback,
  defaultRef: undefined,
};

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const fake = fakeHouse();
  const input = {
    clock: fake.deps.clock,
    workspaceId: 'ws_1' as WorkspaceId,
    live: { list: async () => lists },
    current: () => ({ routing, providers, catalog, prices: createPriceBook(catalog, []) }),
  };
  const admin = createAdmin({ ...fake.deps, describeModels: (isLive) => describeModels(input, isLive) });
  const response = await admin.fetch(
    new Request(`http://127.0.0.1/api/v1${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }),
  );
  return { status: response.status, body: await response.json() };
}

const listOf = async (query = '') => ModelList.parse((await get(`/models${query}`)).body);

describe('the list', () => {
  it('has routes, aliases, what is known and what providers list', async () => {
    const { models, lists: shown } = await listOf();
    expect(models.map(({ ref }) => ref)).toEqual([
      'smart',
      'fast',
      'openai/gpt-4o',
      'openai/gpt-4o-mini',
      'openai/gpt-5-nano',
      'openai/text-embedding-3-small',
      'openrouter/maker/new:free',
      'openrouter/maker/old',
      'attic/llama2:13b',
      'attic/llava:7b',
    ]);
    expect(shown).toEqual([
      { provider: 'openrouter', models: 2, listedAt: new Date(NOW).toISOString(), problem: null },
      { provider: 'attic', models: 1, listedAt: null, problem: 'nobody listens' },
    ]);
  });

  it('joins what a provider says to what is known', async () => {
    const { models } = await listOf('?provider=openrouter');
    expect(models[1]).toMatchObject({
      ref: 'openrouter/maker/old',
      name: 'Old',
      contextWindow: 9_000,
      capabilities: ['vision'],
      isLive: true,
      isFree: false,
      price: { source: 'catalog' },
    });
    expect(models[0]).toMatchObject({
      name: 'New',
      capabilities: ['tools'],
      isFree: true,
      price: { source: 'live' },
    });
  });

  it('knows local models as free, and what they lack', async () => {
    const { models } = await listOf('?provider=attic');
    expect(models).toMatchObject([
      { ref: 'attic/llama2:13b', isLocal: true, isFree: true, isLive: false, price: { source: 'local' } },
      { ref: 'attic/llava:7b', isLocal: true, isFree: true, isLive: true, lacks: ['tools'] },
    ]);
  });

  const queries: [string, string[]][] = [
    ['?live=false&provider=attic', ['attic/llama2:13b']],
    ['?live=false&provider=openrouter', ['openrouter/maker/gone', 'openrouter/maker/old']],
    ['?q=mini', ['openai/gpt-4o-mini']],
    ['?q=fas', ['fast']],
    ['?q=fast&tools=false', ['fast']],
    ['?free=true', ['openrouter/maker/new:free', 'attic/llama2:13b', 'attic/llava:7b']],
    ['?vision=true&max_price=0.6', ['openai/gpt-4o-mini', 'openai/gpt-5-nano', 'attic/llava:7b']],
    ['?thinking=true', ['openai/gpt-5-nano']],
    ['?tools=true&free=true', ['openrouter/maker/new:free']],
  ];
  it.each(queries)('%s', async (query, refs) => {
    expect((await listOf(query)).models.map(({ ref }) => ref)).toEqual(refs);
  });

  it.each(['?free=yes', '?max_price=cheap', '?size=1'])('refuses %s', async (query) => {
    const { status, body } = await get(`/models${query}`);
    expect([status, Problem.parse(body).error.code]).toEqual([400, 'query_invalid']);
  });
});

describe('the cheapest', () => {
  const cheapest = async (query: string) => CheapestBody.parse((await get(`/routing/cheapest${query}`)).body);
  const cases: [string, string[]][] = [
    [
      '?capabilities=tools,vision&input_tokens=1000&output_tokens=100',
      ['openai/gpt-5-nano $0.00009', 'openai/gpt-4o-mini $0.00021', 'openai/gpt-4o $0.0035'],
    ],
    // Its window is too short.
    ['?capabilities=tools,vision&input_tokens=4000&limit=1', ['openai/gpt-4o-mini $0.0009']],
    ['?capabilities=thinking', ['openai/gpt-5-nano $0.00025']],
    ['?capabilities=audio', []],
    ['?provider=openrouter', ['openrouter/maker/new:free $0.00', 'openrouter/maker/old $0.002']],
  ];
  it.each(cases)('%s', async (query, expected) => {
    const { models } = await cheapest(query);
    expect(models.map(({ ref, costUsd }) => `${ref} $${costUsd}`)).toEqual(expected);
  });

  it('says what it was asked, and is never a model of vectors', async () => {
    const found = await cheapest('?provider=openai');
    expect(found).toMatchObject({ inputTokens: 1000, outputTokens: 500, capabilities: [], unpriced: 0 });
    expect(found.models.map(({ ref }) => ref)).not.toContain('openai/text-embedding-3-small');
  });

  it.each(['?capabilities=flight', '?input_tokens=-1', '?input_tokens=many'])('refuses %s', async (query) => {
    const { status, body } = await get(`/routing/cheapest${query}`);
    expect([status, Problem.parse(body).error.code]).toEqual([400, 'query_invalid']);
  });
});
