/** The admin API of health: the worst first, one provider alone, draining, and providers with their models. */
import { expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import type { HealthBody, ProviderModels } from './health.ts';

async function ask(path: string, body?: unknown) {
  const house = fakeHouse();
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const request = new Request(`http://localhost/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await createAdmin(house.deps).fetch(request);
  return { status: response.status, body: (await response.json()) as unknown, asked: house.asked };
}

it('shows what needs somebody first, with times as moments', async () => {
  const { status, body, asked } = await ask('/health');
  const { deployments, changes } = body as HealthBody;
  expect(status).toBe(200);
  expect(deployments.map(({ state, credential }) => [state, credential])).toEqual([
    ['disabled', 'file:old'],
    ['open', 'file:team'],
    ['healthy', ''],
  ]);
  expect(deployments[1]).toMatchObject({
    until: '2026-11-21T12:00:25.000Z',
    lastFailedAt: '2026-11-21T11:59:55.000Z',
    firstByteMs: null,
  });
  expect(changes).toMatchObject([{ from: 'healthy', to: 'open', at: '2026-11-21T11:59:55.000Z' }]);
  expect(asked).toEqual([{ limit: 20 }]);
});

it('shows one provider alone, and no changes unless they are asked for', async () => {
  const { body, asked } = await ask('/health?provider=openai&changes=0');
  const { providers, deployments, changes } = body as HealthBody;
  expect(providers.map(({ provider }) => provider)).toEqual(['openai']);
  expect(deployments.map(({ ref }) => ref)).toEqual(['openai/gpt-4o']);
  expect([changes, asked]).toEqual([[], []]);
});

it.each([
  ['/health?changes=501', undefined, 400],
  ['/health?changes=some', undefined, 400],
  ['/health?state=open', undefined, 400],
  ['/health/drain', { provider: 'openai' }, 400],
  ['/health/drain', { provider: '', isDraining: true }, 400],
  ['/health/drain', { provider: 'nobody', isDraining: true }, 404],
  ['/health/drain', { provider: 'openai', isDraining: true }, 200],
])('answers %s with %j by %i', async (path, body, status) => {
  expect((await ask(path, body)).status).toBe(status);
});

it('lists providers with their models and the health of both', async () => {
  const { body } = await ask('/llm/providers');
  const { providers } = body as ProviderModels;
  expect(providers).toMatchObject([
    { name: 'house', kind: 'openai-compatible', isReady: false, health: { state: 'unknown' } },
  ]);
});
