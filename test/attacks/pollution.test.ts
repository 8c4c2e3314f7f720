/** MASS-02: names that change every object where they are taken over, in the body of every route that takes one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/admin/app.ts';
import { fakeHouse } from '../support/fake-house.ts';
import { type OpenHouse, openHouse, operatorToken } from '../support/open-house.ts';

const routes = createApp(fakeHouse().deps).openAPIRegistry.definitions.flatMap((definition) => {
  if (definition.type !== 'route' || !definition.route.request?.body) return [];
  const { method, path } = definition.route;
  return [[method.toUpperCase(), path.replaceAll(/\{.+?\}/g, 'x')] as const];
});

const GAIN = '{"role":"owner","isOperator":true,"status":418,"polluted":"yes"}';
const bodies: readonly (readonly [string, string])[] = [
  ['__proto__', `{"__proto__":${GAIN}}`],
  ['constructor.prototype', `{"constructor":{"prototype":${GAIN}}}`],
  ['__proto__ further in', `{"name":"x","tags":{"__proto__":${GAIN}},"tiers":[{"__proto__":${GAIN}}]}`],
];

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse('providers: { openai: { base_url: "http://127.0.0.1:9/v1" } }');
});
afterAll(() => house.close());

describe.each(bodies)('MASS-02: %s', (_name, body) => {
  it.each(routes)('%s %s', async (method, path) => {
    const answer = await fetch(`${house.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${operatorToken(house.home)}`,
        'content-type': 'application/json',
      },
      body,
    });
    const text = await answer.text();
    expect(answer.status, text).toBeLessThan(500);
    expect(answer.status).not.toBe(418);
    expect(text).not.toContain('"polluted"');
    // The server runs in this very process.
    for (const name of ['role', 'isOperator', 'polluted'])
      expect([Reflect.get({}, name), Reflect.get([], name)]).toEqual([undefined, undefined]);
  });
});

it('MASS-02: and nothing of it is kept', async () => {
  const kept = await house.admin<{ keys: object[] }>('GET', '/keys?limit=1000');
  expect(JSON.stringify(kept)).not.toContain('polluted');
});
