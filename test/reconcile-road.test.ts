/** A whole Turnpike against the reporting APIs of a fake provider: bills in, drift out, an adjustment booked, books sound. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '../src/admin/exchanges.ts';
import type { Proposal, ReconciliationList, ReconciliationRun } from '../src/admin/reconciliation.ts';
import type { Usage } from '../src/admin/usage.ts';
import { type FakeBills, startFakeBills } from './support/fake-bills.ts';
import { type OpenHouse, openHouse, operatorToken } from './support/open-house.ts';

const DAY_MS = 86_400_000;
const today = Date.now() - (Date.now() % DAY_MS);
/** Days that are long over, also when midnight passes while the tests run. */
const day = (back: number) => new Date(today - back * DAY_MS).toISOString().slice(0, 10);
const since = day(5);

let fake: FakeBills;
let house: OpenHouse;

beforeAll(async () => {
  fake = await startFakeBills();
  house = await openHouse(`
providers:
  anthropic: { api_key: k, admin_key: ${fake.key}, bill_url: ${fake.url}, base_url: http://127.0.0.1:1 }
  team: { kind: openai, api_key: k, admin_key: ${fake.key}, bill_url: ${fake.url}, bill_scope: proj_1 }
  openrouter: { api_key: k, admin_key: wrong-key-of-the-test, bill_url: ${fake.url} }
`);
});
afterAll(async () => {
  await house.close();
  await fake.close();
});

const run = (query: string) =>
  house.admin<ReconciliationRun>('POST', `/ledger/reconcile?since=${since}&${query}`);

it('finds what was billed and not booked, books it once it is accepted, and finds nothing then', async () => {
  fake.rows = [
    {
      day: day(3),
      model: 'claude-sonnet-4-5-20250929',
      tokens: { uncached_input_tokens: 1_000_000 },
      amount: '300',
    },
    { day: day(2), model: null, amount: '2.5' },
  ];
  const found = await run('provider=anthropic');
  expect(found).toMatchObject({ providers: ['anthropic'], driftUsd: '3.025', rowsOver: 1, failures: [] });
  expect(found.rows.map((row) => [row.start.slice(0, 10), row.model, row.causes])).toEqual([
    [day(3), 'claude-sonnet-4-5-20250929', [{ cause: 'unrecorded', usd: '3.00' }]],
    [day(2), null, [{ cause: 'tools', usd: '0.025' }]],
  ]);
  expect(found.unjudged.map(({ reason }) => reason)).toContain('young');
  expect((await house.verify()).entries).toBe(0);

  for (const { id } of found.proposals) await house.admin<Proposal>('POST', `/ledger/proposals/${id}/accept`);
  const again = await house.admin<Proposal>('POST', `/ledger/proposals/${found.proposals[0]!.id}/accept`);
  expect(again).toMatchObject({ state: 'accepted', decidedBy: 'operator' });
  expect(await house.verify()).toMatchObject({ entries: 2, costUsd: '3.025' });
  expect(await run('provider=anthropic')).toMatchObject({ rows: [], driftUsd: '0.00', proposals: [] });
  const { total } = await house.admin<Usage>('GET', '/usage?by=model');
  expect(total).toMatchObject({ entries: 0, costUsd: '3.025', inputTokens: 1_000_000 });
  // It can be looked at like any other entry.
  const shown = await house.admin<Exchange>('GET', `/exchanges/${again.exchangeId}`);
  expect(shown.entries).toMatchObject([{ kind: 'adjustment', flags: ['adjustment'] }]);
});

it('compares the project of the key alone, under the name of the provider', async () => {
  fake.rows = ['proj_1', 'proj_2'].map((scope) => ({
    day: day(1),
    model: 'gpt-4o-2024-08-06',
    tokens: { output_tokens: 10 },
    amount: '0.0001',
    scope,
  }));
  const found = await run('provider=team');
  expect(found.rows).toMatchObject([
    { provider: 'team', driftUsd: '0.0001', theirs: { tokens: { output: 10 } } },
  ]);
  expect(found.proposals).toEqual([]);
});

it('goes on without a bill that cannot be had, and shows no key', async () => {
  fake.rows = [];
  const found = await run('by=day');
  expect(found.providers).toEqual(['anthropic', 'team']);
  expect(found.failures).toEqual([
    { provider: 'openrouter', message: expect.stringContaining('answered 401') },
  ]);
  expect(JSON.stringify(found)).not.toMatch(/wrong-key|admin-key-of/);
  const { reconciliations } = await house.admin<ReconciliationList>('GET', '/ledger/reconciliations?limit=1');
  expect(reconciliations[0]?.id).toBe(found.id);
});

it.each([
  ['provider=sandbox', /bill_source_missing/],
  [`since=${day(200)}`, /at most 92/],
])('refuses %s', async (query, problem) => {
  const asked = query.startsWith('since') ? house.admin('POST', `/ledger/reconcile?${query}`) : run(query);
  await expect(asked).rejects.toThrow(problem);
});

it('exports what was booked, over the socket', async () => {
  const answer = await fetch(`${house.url}/api/v1/ledger/export?format=csv`, {
    headers: { authorization: `Bearer ${operatorToken(house.home)}` },
  });
  expect(answer.headers.get('content-type')).toContain('text/csv');
  const lines = (await answer.text()).trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines.join('\n')).toContain('claude-sonnet-4-5-20250929');
});
