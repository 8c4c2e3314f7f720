/** Requests to Ollama servers say a window that holds them; what no window holds is refused, never cut in silence. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

const CONTEXT_LENGTH = 20_000;

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.answerWith({
    path: '/api/show',
    headers: { 'content-type': 'application/json' },
    chunks: [
      JSON.stringify({
        model_info: { 'general.architecture': 'llama', 'llama.context_length': CONTEXT_LENGTH },
      }),
    ],
    times: 100,
  });
  house = await openHouse(`providers:
  box: { kind: ollama, base_url: "${upstream.url}" }
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: upstream-key-oai }
routes:
  box-first: { models: [box/scribe, oai/scribe] }
`);
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

async function post(path: string, body: string): Promise<Response> {
  return fetch(house.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body,
  });
}

/** What reached the model last, as text. */
function received(): string {
  const chats = upstream.requests.filter(({ path }) => path !== '/api/show');
  return chats.at(-1)!.body.toString();
}

function numCtx(): number | undefined {
  return (JSON.parse(received()) as { options?: { num_ctx?: number } }).options?.num_ctx;
}

const short = 'Hello';
const long = 'word '.repeat(14_000);
const tooLong = 'word '.repeat(60_000);

function openaiBody(model: string, content: string): string {
  return JSON.stringify({ model, max_tokens: 500, messages: [{ role: 'user', content }] });
}

it.each([
  ['a short chat', short, 8_192],
  ['a long one, within what the model holds', long, CONTEXT_LENGTH],
])('gives %s a window', async (_name, content, window) => {
  expect((await post('/v1/chat/completions', openaiBody('box/scribe', content))).status).toBe(200);
  expect(numCtx()).toBeGreaterThanOrEqual(window);
  expect(numCtx()).toBeLessThanOrEqual(CONTEXT_LENGTH);
});

it('refuses what the model cannot hold, in words that make agents shorten it', async () => {
  const before = upstream.requests.length;
  const answer = await post('/v1/chat/completions', openaiBody('box/scribe', tooLong));
  expect(answer.status).toBe(400);
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe('context_too_long');
  expect(error.message).toMatch(/prompt is too long: \d+ tokens > 20000 maximum/i);
  expect(upstream.requests.length).toBe(before);
});

it('tries the next model of a route, which may hold more', async () => {
  const answer = await post('/v1/chat/completions', openaiBody('box-first', tooLong));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-turnpike-model')).toBe('oai/scribe');
});

const own = '{"model":"box/scribe", "stream":false,"messages":[{"role":"user","content":"Hello"}]OPTIONS}';

it('puts the window into a relayed body and leaves every other byte', async () => {
  await post('/api/chat', own.replace('OPTIONS', ',"options": {"seed" : 7}'));
  const sent = received();
  expect(numCtx()).toBeGreaterThanOrEqual(8_192);
  const plain = sent.replace(/"num_ctx":\d+,/, '');
  expect(plain).toBe(own.replace('box/scribe', 'scribe').replace('OPTIONS', ',"options": {"seed" : 7}'));
});

it('leaves the window a client asks for itself', async () => {
  await post('/api/chat', own.replace('OPTIONS', ',"options":{"num_ctx":2048}'));
  expect(numCtx()).toBe(2048);
});

it.each([
  ['{"model":"oai/scribe"}', 'load'],
  ['{"model":"oai/scribe","stream":false,"messages":[],"keep_alive":0}', 'unload'],
])('answers %s itself: other providers would bill it', async (body, reason) => {
  const before = upstream.requests.length;
  const answer = await post('/api/chat', body);
  expect(answer.status).toBe(200);
  expect(JSON.parse(await answer.text())).toMatchObject({ done: true, done_reason: reason });
  expect(upstream.requests.length).toBe(before);
});

it('asks a server for its model once', () => {
  expect(upstream.requests.filter(({ path }) => path === '/api/show')).toHaveLength(1);
});
