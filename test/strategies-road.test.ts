/** Routes on the real road, with the sandbox's models: who is asked by which strategy, who is passed over, and why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExplainedExchange } from '../src/admin/exchanges.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

const config = `providers:
  sandbox: {}
routes:
  cheap: { strategy: cheapest, models: [sandbox/premium, sandbox/scribe, sandbox/echo, sandbox/unpriced] }
  seeing: { models: [sandbox/scribe, sandbox/vision, sandbox/premium] }
  sighted: { models: [sandbox/scribe, sandbox/vision, sandbox/premium], require: { vision: true } }
  deaf: { models: [sandbox/scribe, seeing], require: { audio: true } }
  mixed: { models: [deaf, cheap] }
  spread: { strategy: weighted, models: [{ ref: sandbox/echo, weight: 1 }, { ref: sandbox/json, weight: 0 }] }
  stay: { strategy: sticky, models: [sandbox/echo, sandbox/json, sandbox/toolsmith, sandbox/vision] }
prices:
  overrides:
    - { provider: sandbox, model: premium, free: true }
`;

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse(config);
});
afterAll(() => house.close());

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const hello = [{ role: 'user', content: 'Hello' }];
const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: PIXEL } }] }];
const long = [{ role: 'user', content: 'word '.repeat(260_000) }];

async function ask(body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ max_tokens: 20, messages: hello, ...body }),
  });
  return {
    status: response.status,
    model: response.headers.get('x-turnpike-model'),
    id: response.headers.get('x-turnpike-exchange-id') ?? '',
    text: await response.text(),
  };
}

describe('who is asked', () => {
  const cases: [string, object, string][] = [
    ['as written', { model: 'seeing' }, 'sandbox/scribe'],
    ['the cheapest, by the price that the operator has set', { model: 'cheap' }, 'sandbox/premium'],
    ['one that sees', { model: 'seeing', messages: image }, 'sandbox/vision'],
    ['one that thinks', { model: 'seeing', reasoning_effort: 'low' }, 'sandbox/premium'],
    ['one that reads so much', { model: 'seeing', messages: long }, 'sandbox/premium'],
    ['one that the route lets through', { model: 'sighted' }, 'sandbox/vision'],
    ['by weight', { model: 'spread' }, 'sandbox/echo'],
    ['of a route that has others', { model: 'mixed' }, 'sandbox/premium'],
  ];
  it.each(cases)('%s', async (_, body, model) => {
    expect(await ask(body)).toMatchObject({ status: 200, model });
  });

  it('the same for each session', async () => {
    const sessions = Array.from({ length: 12 }, (_, at) => `session-${at}`);
    const first = new Map<string, string | null>();
    for (const session of [...sessions, ...sessions]) {
      const { model } = await ask({ model: 'stay' }, { 'x-turnpike-session': session });
      expect(first.get(session) ?? model).toBe(model);
      first.set(session, model);
    }
    expect(new Set(first.values()).size).toBeGreaterThan(1);
  });
});

async function skippedOf(id: string): Promise<string[]> {
  // The record is written once the exchange is booked.
  await house.entriesOf(id, 1);
  const { decision } = ExplainedExchange.parse(await house.admin('GET', `/exchanges/${id}`));
  return (decision?.skipped ?? []).map(({ ref, reason }) => `${ref} ${reason}`);
}

it('says who was passed over, and why', async () => {
  const seen = await ask({ model: 'seeing', messages: image });
  expect(await skippedOf(seen.id)).toEqual(['sandbox/scribe lacks_vision']);
  const filtered = await ask({ model: 'sighted' });
  expect(await skippedOf(filtered.id)).toEqual(['sandbox/scribe route_filter']);
});

it('refuses a route that leaves nobody, with the reason for each', async () => {
  const { status, text } = await ask({ model: 'deaf' });
  expect(status).toBeGreaterThanOrEqual(400);
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  expect(error.code).toBe('route_empty');
  for (const model of ['scribe', 'vision', 'premium']) expect(error.message).toContain(`sandbox/${model}`);
  expect(error.message).toContain('audio');
});
