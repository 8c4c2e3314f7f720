/** From what is set through the API or written into a file to the model that answers the next request, over real sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelRuleBody, ModelsConfig } from '../src/admin/routing.ts';
import type { FallbackBody } from '../src/admin/routing-fallback.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { ask } from './support/plain-client.ts';

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse(`
models:
  agents: { filed: sandbox/echo, "*": sandbox/toolsmith, own: inherit }
  commands: { named: { model: sandbox/fault-503, fallback: [sandbox/echo] } }
aliases: { strong: sandbox/scribe }
routes:
  dear: { models: [sandbox/scribe, sandbox/echo], require: { max_price: { input: 0.000001 } } }
fallback:
  chains: { sandbox/fault-503: [nobody/here, sandbox/echo] }
`);
});
afterAll(() => house.close());
afterEach(() => house.forgetHealth());

const served = async (prompt: string | undefined, model = 'sandbox/scribe', more = {}) => {
  const headers = { ...(prompt && { 'x-turnpike-prompt': prompt }), ...more };
  const seen = await ask(house.url, { format: 'openai-chat', model, headers });
  return seen.status === 200 ? seen.headers.get('x-turnpike-model') : seen.error?.message;
};
const rules = (path: string) => `/routing/rules/${encodeURIComponent(path)}`;

describe('rules', () => {
  it.each([
    ['a file gives the agent a model', 'agent:filed', 'sandbox/echo'],
    ['or all of its kind', 'agent:other', 'sandbox/toolsmith'],
    ['but for the one that inherits', 'agent:own', 'sandbox/scribe'],
    ['and no other kind', 'skill:filed', 'sandbox/scribe'],
    ['a request of no prompt gets what it asks for', undefined, 'sandbox/scribe'],
  ])('%s', async (_, prompt, model) => {
    expect(await served(prompt)).toBe(model);
  });

  it('what is set holds from the next request on, and no longer than it is', async () => {
    await house.admin('PUT', rules('agent:filed'), { model: 'strong' });
    expect(await served('agent:filed', 'sandbox/echo')).toBe('sandbox/scribe');
    expect(await served('agent:filed', 'sandbox/echo', { 'x-turnpike-model': 'sandbox/toolsmith' })).toBe(
      'sandbox/toolsmith',
    );
    const shown = await house.admin<ModelRuleBody>('GET', rules('agent:filed'));
    expect(shown.layers.map(({ layer }) => layer)).toEqual(['setting', 'user', 'default']);
    await house.admin('DELETE', rules('agent:filed'));
    expect(await served('agent:filed')).toBe('sandbox/echo');
  });

  it('what is set for the workspace holds where nothing else names a model', async () => {
    const nameless = async () => {
      const seen = await ask(house.url, { format: 'openai-chat' });
      return seen.headers.get('x-turnpike-model');
    };
    expect(await nameless()).toBe('sandbox/scribe');
    await house.admin('PUT', rules('default'), { model: 'sandbox/echo' });
    expect(await nameless()).toBe('sandbox/echo');
    await house.admin('DELETE', rules('default'));
  });
});

describe('stand-ins', () => {
  it('of the rule answer when its model fails', async () => {
    expect(await served('command:named')).toBe('sandbox/echo');
  });

  it('of the chain answer, those that lead nowhere passed over, until it is switched off', async () => {
    const path = `/routing/fallback-chain/${encodeURIComponent('sandbox/fault-503')}`;
    expect(await served(undefined, 'sandbox/fault-503')).toBe('sandbox/echo');
    const who = await house.admin<FallbackBody>('GET', '/routing/fallback?model=sandbox/fault-503');
    expect(who.tried?.map(({ ref, by, problem }) => [ref, by, problem !== null])).toEqual([
      ['sandbox/fault-503', 'ref', false],
      ['nobody/here', 'chain', true],
      ['sandbox/echo', 'chain', false],
    ]);
    await house.forgetHealth();
    await house.admin('PUT', path, { refs: [] });
    expect(await served(undefined, 'sandbox/fault-503')).not.toBe('sandbox/echo');
    await house.forgetHealth();
    await house.admin('DELETE', path);
    expect(await served(undefined, 'sandbox/fault-503')).toBe('sandbox/echo');
  });

  it('the filter of a route is in dollars per million tokens', async () => {
    expect(await served(undefined, 'dear')).toContain('price');
  });
});

it('the configuration says what leads nowhere', async () => {
  const { problems, names } = await house.admin<ModelsConfig>('GET', '/routing/config');
  expect(names.map(({ name }) => name)).toEqual(['strong', 'dear']);
  expect(problems).toEqual([
    {
      source: 'config.yaml fallback.chains.sandbox/fault-503',
      ref: 'nobody/here',
      problem: expect.stringContaining('there is no model'),
    },
  ]);
});
