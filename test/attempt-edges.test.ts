/** Corners of the walk through a plan: the last model's other credential, a no in the midst of a storm, two attempts at once. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type CannedAnswer, type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { ask, send } from './support/plain-client.ts';
import { good, json, spoken } from './support/spoken.ts';

const config = (url: string): string => `providers:
  one: { kind: anthropic, base_url: "${url}/one", api_key: upstream-key-one }
  two: { kind: anthropic, base_url: "${url}/two", api_key: upstream-key-two }
  last: { kind: anthropic, base_url: "${url}/last", api_keys: [upstream-key-last-1, upstream-key-last-2] }
  bills: { kind: openrouter, base_url: "${url}/bills/v1", api_key: upstream-key-bills, formats: [openai-chat] }
prices:
  overrides:
    - { provider: one, model: m, input_usd_per_mtok: "1", output_usd_per_mtok: "10" }
    - { provider: two, model: m, input_usd_per_mtok: "1", output_usd_per_mtok: "10" }
routes:
  three: { models: [one/m, two/m, last/m] }
  both: { models: [one/m, two/m] }
  quick: { models: [one/m, two/m], hedge: true }
  drained: { models: [bills/m, two/m], hedge: true }
`;

const voice = spoken['anthropic-messages'];
const format = 'anthropic-messages';
/** As many as a deployment must have shown before its usual time is known. */
const WARM = 25;
const LATE_MS = 1_500;

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(config(upstream.url));
});
beforeEach(() => house.forgetHealth());
afterEach(async () => {
  upstream.forgetAnswers();
  await house.verify();
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

const no = (path: string, status: number, headers: Record<string, string> = {}): CannedAnswer => ({
  ...json(voice.error('api_error', 'Not so.'), status),
  headers: { 'content-type': 'application/json', ...headers },
  path,
});
const asks = (model: string, headers: Record<string, string> = {}) =>
  ask(house.url, { format, model, headers });

async function warm(name: 'one' | 'bills'): Promise<void> {
  const speaks = spoken[name === 'one' ? 'anthropic-messages' : 'openai-chat'];
  upstream.answerWith({ ...good(speaks, true), path: `/${name}`, times: WARM });
  for (let count = 0; count < WARM; count += 1) {
    const seen = await ask(house.url, { format, model: `${name}/m`, isStream: true });
    expect(seen.text).toBe('Fine.');
  }
}

it.each([429, 401, 408])('the third model is asked once more after %i', async (status) => {
  upstream.answerWith(no('/one', 503));
  upstream.answerWith(no('/two', 503));
  upstream.answerWith(no('/last', status));
  upstream.answerWith({ ...good(voice, false, 'At last.'), path: '/last' });
  const seen = await asks('three');
  expect([seen.status, seen.text, seen.headers.get('x-turnpike-attempts')]).toEqual([200, 'At last.', '4']);
});

it('what is wrong with a request is asked of one alone, though all are out of use', async () => {
  const busy = { times: 1_000, ...no('', 529) };
  upstream.answerWith(busy);
  for (let count = 0; count < 15; count += 1) await asks('both');
  upstream.forgetAnswers();
  upstream.answerWith({ ...no('', 400), times: 1_000 });
  const before = upstream.requests.length;
  for (let count = 0; count < 12; count += 1) expect((await asks('both')).status).toBe(400);
  expect(upstream.requests.length - before).toBe(12);
});

it('where both of two at once are limited, the client waits for the one that is free first', async () => {
  await warm('one');
  upstream.answerWith({ ...no('/one', 429, { 'retry-after': '3' }), headAfterMs: 400 });
  upstream.answerWith({ ...no('/two', 429, { 'retry-after': '90' }), headAfterMs: 600 });
  const seen = await asks('quick');
  expect([seen.status, seen.headers.get('retry-after')]).toEqual([429, '3']);
});

it('two are not asked at once where the client says what it may cost', async () => {
  await warm('one');
  const before = upstream.requests.length;
  upstream.answerWith({ ...good(voice, false, 'Late.'), path: '/one', headAfterMs: LATE_MS });
  const seen = await asks('quick', { 'x-turnpike-max-cost-usd': '1' });
  expect([seen.text, upstream.requests.length - before]).toEqual(['Late.', 1]);
});

it('one that is read on for its bill never breaks off what the other says', async () => {
  await warm('bills');
  upstream.answerWith({
    path: '/bills',
    headers: { 'content-type': 'application/json' },
    chunks: ['{"half": ', { bytes: '1', delayMs: LATE_MS }],
    ending: 'cut',
  });
  const text = 'word '.repeat(80_000);
  const body = JSON.stringify(voice.whole(text, voice.usage(10, 10)));
  const head = body.length - 100;
  upstream.answerWith({
    path: '/two',
    headers: { 'content-type': 'application/json' },
    chunks: [body.slice(0, head), { bytes: body.slice(head), delayMs: LATE_MS + 500 }],
  });
  const seen = await asks('drained');
  expect([seen.isBroken, seen.text === text]).toEqual([false, true]);
});

it('a client that leaves in the midst of an error pays nothing', async () => {
  const before = upstream.requests.length;
  upstream.answerWith({ ...no('/one', 529), chunks: ['{"type":', { bytes: '"error"}', delayMs: LATE_MS }] });
  const leaving = new AbortController();
  const asked = send(house.url, { format, model: 'one/m', signal: leaving.signal });
  await upstream.waitForRequests(before + 1);
  // Its head is on the way.
  await new Promise((done) => setTimeout(done, 50));
  leaving.abort();
  await expect(asked).rejects.toThrow();
  const last = (await house.entries(1)).at(-1);
  expect([last?.status, last?.http_status, last?.cost_nano]).toEqual(['client_abort', 529, 0]);
});
