/** Hedging: who is late is helped by a second, who commits first answers, and both are booked. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ExplainedExchange } from '../src/admin/exchanges.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { ask, clientFormats, type Seen, send } from './support/plain-client.ts';
import { good, spoken, streamed } from './support/spoken.ts';

const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant }
routes:
  quick: { models: [oai/gpt-4o-mini, ant/claude-haiku-4-5], hedge: true }
  patient: { models: [oai/gpt-4o-mini, ant/claude-haiku-4-5] }
`;

/** As many as a deployment must have shown before its usual time is known. */
const WARM = 25;
const LATE_MS = 1_500;

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(config(upstream.url));
});
/** What is usual is learnt anew for each test: late answers of one would be usual in the next. */
beforeEach(async () => {
  await house.forgetHealth();
  upstream.answerWith({ ...good(spoken['openai-chat'], true, 'Warm.'), path: '/v1/chat', times: WARM });
  for (let count = 0; count < WARM; count += 1)
    await ask(house.url, { format: 'openai-chat', model: 'quick', isStream: true });
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});
afterEach(async () => {
  upstream.forgetAnswers();
  await house.verify();
});

const late = (delayMs = LATE_MS) => ({
  ...good(spoken['openai-chat'], true, 'The first speaks.'),
  path: '/v1/chat',
  headAfterMs: delayMs,
});
const second = { ...good(spoken['anthropic-messages'], true, 'The second speaks.'), path: '/v1/messages' };

async function explained({ exchangeId }: Seen, attempts: number) {
  await house.entriesOf(exchangeId, attempts);
  return ExplainedExchange.parse(await house.admin('GET', `/exchanges/${exchangeId}`));
}

it.each(clientFormats)('%s: the second answers where the first is late, once and whole', async (format) => {
  upstream.answerWith(late());
  upstream.answerWith(second);
  const seen = await ask(house.url, { format, model: 'quick', isStream: true });
  expect([seen.status, seen.text, seen.isComplete]).toEqual([200, 'The second speaks.', true]);
  expect(seen.headers.get('x-turnpike-model')).toBe('ant/claude-haiku-4-5');
  expect(seen.headers.get('x-turnpike-fallback-from')).toBe('oai/gpt-4o-mini; slow');
  const { decision } = await explained(seen, 2);
  expect(decision.attempts.map(({ model, status }) => [model, status])).toEqual([
    ['oai/gpt-4o-mini', 'client_abort'],
    ['ant/claude-haiku-4-5', 'ok'],
  ]);
});

it('the first answers where it is only a little late, and the second is given up', async () => {
  upstream.answerWith(late(300));
  upstream.answerWith({ ...second, headAfterMs: LATE_MS });
  const seen = await ask(house.url, { format: 'openai-chat', model: 'quick', isStream: true });
  expect([seen.text, seen.headers.get('x-turnpike-fallback')]).toEqual(['The first speaks.', 'false']);
  const { decision } = await explained(seen, 2);
  expect(decision.attempts.map(({ status }) => status)).toEqual(['ok', 'client_abort']);
});

it('one that fails leaves it to the other', async () => {
  upstream.answerWith(late(400));
  upstream.answerWith({
    ...second,
    status: 503,
    chunks: ['{}'],
    headers: { 'content-type': 'application/json' },
  });
  const seen = await ask(house.url, { format: 'openai-chat', model: 'quick', isStream: true });
  expect(seen.text).toBe('The first speaks.');
});

it('is off where the route does not ask for it', async () => {
  upstream.answerWith(late(400));
  const before = upstream.requests.length;
  const seen = await ask(house.url, { format: 'openai-chat', model: 'patient', isStream: true });
  expect([seen.text, upstream.requests.length - before]).toEqual(['The first speaks.', 1]);
});

it('both are given up and booked where the client leaves', async () => {
  upstream.answerWith(late());
  upstream.answerWith({ ...second, headAfterMs: LATE_MS });
  const before = upstream.requests.length;
  const leaving = new AbortController();
  const asked = send(house.url, {
    format: 'openai-chat',
    model: 'quick',
    isStream: true,
    signal: leaving.signal,
  });
  await upstream.waitForRequests(before + 2);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  const entries = await house.entries(1);
  const last = entries.slice(-2);
  expect(last.map(({ status }) => status)).toEqual(['client_abort', 'client_abort']);
  expect(new Set(last.map(({ exchange_id }) => exchange_id)).size).toBe(1);
});

it('a stream that the winner cut ends as any', async () => {
  const voice = spoken['anthropic-messages'];
  upstream.answerWith(late());
  upstream.answerWith({
    ...streamed(voice.opening() + voice.words('One ')),
    path: '/v1/messages',
    ending: 'cut',
  });
  const seen = await ask(house.url, { format: 'openai-chat', model: 'quick', isStream: true });
  expect([seen.text, seen.error?.code]).toEqual(['One ', 'upstream_truncated']);
});
