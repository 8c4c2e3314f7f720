/** From a failing provider to the admin API: what the board learns on the road, what is stored, told, drained and mended. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HealthBody, ProviderHealthBody, ProviderModels } from '../src/admin/health.ts';
import { type CannedAnswer, type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse, untilTrue } from './support/open-house.ts';
import { ask } from './support/plain-client.ts';
import { good, json, spoken } from './support/spoken.ts';
import { newHome } from './support/turnpike-process.ts';

const format = 'openai-chat';
const configOf = (url: string, key = 'upstream-key-a'): string => `providers:
  a: { kind: openai-compatible, base_url: "${url}/a/v1", api_key: ${key}, models: [m, n] }
  b: { kind: openai-compatible, base_url: "${url}/b/v1", api_key: upstream-key-b, models: [m] }
routes: { both: { models: [a/m, b/m] } }
fallback: { enabled: false }
`;

let upstream: FakeUpstream;
let house: OpenHouse;
beforeEach(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(configOf(upstream.url));
  answerAt('/b/', fine, 100);
});
afterEach(async () => {
  await house.close();
  await upstream.close();
});

const refused: CannedAnswer = json(
  { error: { message: 'Incorrect API key', type: 'invalid_request_error' } },
  401,
);
const overloaded: CannedAnswer = json({ error: { message: 'Overloaded' } }, 529);
const fine: CannedAnswer = good(spoken[format], false, 'Fine.', spoken[format].usage(3, 4));
const answerAt = (path: string, answer: CannedAnswer, times = 1): void =>
  upstream.answerWith({ ...answer, path, times });
const statusOf = async (model: string): Promise<number> => (await ask(house.url, { format, model })).status;
const health = (query = ''): Promise<HealthBody> => house.admin<HealthBody>('GET', `/health${query}`);
const drain = (provider: string, isDraining: boolean): Promise<ProviderHealthBody> =>
  house.admin('POST', '/health/drain', { provider, isDraining });
const sentTo = (path: string): number => upstream.requests.filter((one) => one.path.startsWith(path)).length;

it('opens a breaker after five failures, sends elsewhere, and says so by API and metrics', async () => {
  answerAt('/a/', overloaded, 5);
  for (let time = 0; time < 7; time += 1) expect(await statusOf('both')).toBe(200);
  expect([sentTo('/a/'), sentTo('/b/')]).toEqual([5, 7]);
  const { deployments, providers } = await health();
  expect(deployments.map(({ ref, state }) => [ref, state])).toEqual([
    ['a/m', 'open'],
    ['b/m', 'healthy'],
  ]);
  expect(providers.find(({ provider }) => provider === 'a')).toMatchObject({ state: 'open' });
  const metrics = await (await fetch(`${house.url}/metrics`)).text();
  expect(metrics).toContain('turnpike_deployment_state{deployment="a/m",credential="",state="open"} 1');
  expect(metrics).toContain('turnpike_breaker_opens_total{provider="a"} 1');
  await untilTrue(() => house.rows('select 1 from health_events').length === 1);
  expect((await health('?provider=a')).changes).toMatchObject([{ ref: 'a/m', from: 'healthy', to: 'open' }]);
});

it('row 16: a refused credential is out of use at every model, and is told of once', async () => {
  answerAt('/a/', refused);
  expect(await statusOf('both')).toBe(200);
  for (const model of ['a/m', 'a/n']) expect(await statusOf(model)).toBeGreaterThanOrEqual(400);
  expect(sentTo('/a/')).toBe(1);
  await untilTrue(() => house.rows('select 1 from outbox').length > 0);
  const told = house.rows<{ topic: string; payload: string }>('select topic, payload from outbox');
  expect(told.map(({ topic }) => topic)).toEqual(['credential.disabled']);
  expect(JSON.parse(told[0]!.payload)).toMatchObject({ provider: 'a', ref: 'a/m' });
  const { providers } = await house.admin<ProviderModels>('GET', '/llm/providers');
  expect(providers.find(({ name }) => name === 'a')).toMatchObject({
    health: { state: 'disabled' },
    models: [
      { ref: 'a/m', state: 'disabled' },
      { ref: 'a/n', state: 'disabled' },
    ],
  });
});

it('a drained provider gets nothing until it is put back', async () => {
  expect(await drain('a', true)).toMatchObject({ isDraining: true, state: 'draining' });
  expect(await statusOf('both')).toBe(200);
  expect([sentTo('/a/'), sentTo('/b/')]).toEqual([0, 1]);
  await expect(drain('nobody', true)).rejects.toThrow('404');
  expect(await drain('a', false)).toMatchObject({ isDraining: false });
  answerAt('/a/', fine);
  expect(await statusOf('both')).toBe(200);
  expect(sentTo('/a/')).toBe(1);
});

it('remembers over a restart what was drained', async () => {
  await drain('a', true);
  const home = newHome();
  const { default: Database } = await import('better-sqlite3');
  const source = new Database(join(house.home, 'turnpike.db'), { readonly: true });
  await source.backup(join(home, 'turnpike.db'));
  source.close();
  writeFileSync(join(home, 'config.yaml'), configOf(upstream.url));
  const after = await openHouse(configOf(upstream.url), home);
  try {
    expect((await ask(after.url, { format, model: 'both' })).status).toBe(200);
    expect([sentTo('/a/'), sentTo('/b/')]).toEqual([0, 1]);
  } finally {
    await after.close();
  }
});
