/** BUD-01 to BUD-07: ways around a budget, over HTTP, each against a provider with round prices. */
import { afterEach, describe, expect, it } from 'vitest';
import { type BudgetHouse, IN, OUT, openBudgetHouse } from '../support/budget-house.ts';
import { untilTrue } from '../support/open-house.ts';
import { ask, send } from '../support/plain-client.ts';
import { good, json, spoken, streamed } from '../support/spoken.ts';
import { BOOTSTRAP_KEY } from '../support/turnpike-process.ts';

const voice = spoken['openai-chat'];
const model = 'house/m';
const format = 'openai-chat';
const budget = (usd: string, more = ''): string =>
  `{ name: team, scope: workspace, period: total, limit_usd: "${usd}", queue_ms: 0${more} }`;

let at: BudgetHouse;
afterEach(async () => {
  await at.house.verify();
  await at.close();
});
const open = async (budgets: string): Promise<void> => {
  at = await openBudgetHouse(budgets);
};

describe('BUD-01', () => {
  const TIMES = 50;
  it('BUD-01: a stream that its client leaves after the first word is booked each time', async () => {
    await open(budget('10'));
    const opening = voice.opening() + voice.words('One.');
    at.upstream.answerWith({
      ...streamed(opening, { bytes: voice.closing(), delayMs: 5_000 }),
      times: TIMES,
    });
    for (let time = 0; time < TIMES; time += 1) {
      const leaving = new AbortController();
      const answer = await send(at.house.url, { format, model, isStream: true, signal: leaving.signal });
      await answer.body!.getReader().read();
      leaving.abort();
    }
    const entries = await at.house.entries(TIMES);
    expect(entries).toHaveLength(TIMES);
    for (const { cost_nano, status, is_estimated } of entries) {
      expect(cost_nano).toBeGreaterThan(0);
      expect([status, is_estimated]).toEqual(['client_abort', 1]);
    }
    const total = entries.reduce((sum, { cost_nano }) => sum + cost_nano, 0);
    expect(at.window('team')).toMatchObject({ settled_nano: total, reserved_nano: 0 });
  });
});

describe('BUD-02', () => {
  it.each<[string, object | undefined]>([
    ['none', undefined],
    ['negative', { prompt_tokens: -5_000, completion_tokens: -5_000, total_tokens: -10_000 }],
    ['zero', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
    ['texts', { prompt_tokens: '10', completion_tokens: 'many', total_tokens: null }],
    ['absurd', { prompt_tokens: 1e18, completion_tokens: 1e18, total_tokens: 2e18 }],
  ])('BUD-02: usage that is %s is booked as what the text comes to, and flagged', async (_name, usage) => {
    await open(budget('1'));
    const text = 'A sentence of some length, so that it comes to more than nothing. '.repeat(4);
    at.upstream.answerWith(json({ ...voice.whole(text), ...(usage && { usage }) }));
    const more = { stream_options: undefined };
    expect((await ask(at.house.url, { format, model, more })).status).toBe(200);
    const [entry] = await at.house.entries(1);
    expect(entry!.cost_nano).toBeGreaterThan(10 * OUT);
    expect(entry!.cost_nano).toBeLessThan(1_000_000_000);
    expect(entry!.flags).toBeTruthy();
    expect(at.window('team')!.settled_nano).toBe(entry!.cost_nano);
  });

  it('BUD-02: a client that wants no usage report in its stream is booked by the report all the same', async () => {
    await open(budget('1'));
    at.upstream.answerWith(good(voice, true, 'Fine.', voice.usage(100, 50)));
    const more = { stream_options: { include_usage: false } };
    const seen = await ask(at.house.url, { format, model, isStream: true, more });
    expect(seen.status).toBe(200);
    const [entry] = await at.house.entries(1);
    expect(entry!.cost_nano).toBeGreaterThan(0);
  });
});

it('BUD-03: two hundred at once on the last cent: none beyond it', async () => {
  // Each may cost a little less than a fifth of it.
  await open(budget('0.05'));
  at.upstream.answerWith({ ...good(voice, false, 'Fine.', voice.usage(100, 900)), times: 200 });
  const asking = { format, model, more: { max_tokens: 900 } } as const;
  const seen = await Promise.all(Array.from({ length: 200 }, () => ask(at.house.url, asking)));
  const answered = seen.filter(({ status }) => status === 200).length;
  expect(seen.filter(({ status }) => status === 429).length).toBe(200 - answered);
  expect(answered).toBeGreaterThan(2);
  await at.house.entries(answered);
  const window = at.window('team')!;
  expect(window.settled_nano).toBeLessThanOrEqual(50_000_000);
  expect(at.upstream.requests).toHaveLength(answered);
});

describe('BUD-04', () => {
  it.each<[string, object]>([
    ['an output limit beyond any', { max_tokens: 1e9 }],
    ['many choices', { n: 128 }],
    ['the newer limit', { max_tokens: undefined, max_completion_tokens: 1e9 }],
    ['two limits that differ', { max_tokens: 10, max_completion_tokens: 1e9 }],
    ['a picture by its address', picture('https://example.com/huge.png')],
  ])('BUD-04: %s is limited or refused before anything is sent', async (_name, more) => {
    await open(budget('0.02'));
    at.upstream.answerWith(good(voice, false, 'Fine.', voice.usage(10, 10)));
    const seen = await ask(at.house.url, { format, model, more });
    if (seen.status !== 200) {
      expect([400, 429]).toContain(seen.status);
      return expect(at.upstream.requests).toEqual([]);
    }
    const [sent] = at.sent() as { max_tokens?: number; max_completion_tokens?: number; n?: number }[];
    const limit = Math.max(sent!.max_tokens ?? 0, sent!.max_completion_tokens ?? 0);
    expect(limit).toBeGreaterThan(0);
    expect(limit * (sent!.n ?? 1) * OUT).toBeLessThanOrEqual(20_000_000);
  });

  it('BUD-04: a huge schema of tools counts as input', async () => {
    await open(budget('0.02'));
    const parameters = { type: 'object', description: 'x'.repeat(200_000) };
    const more = { tools: [{ type: 'function', function: { name: 'f', parameters } }], max_tokens: 10 };
    const seen = await ask(at.house.url, { format, model, more });
    expect(seen.status).toBe(429);
    expect(at.upstream.requests).toEqual([]);
  });
});

function picture(url: string): object {
  return { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] };
}

describe('BUD-05', () => {
  const call = (path: string, body: object, method = 'POST') =>
    fetch(at.house.url + path, {
      method,
      headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
  const messages = [{ role: 'user', content: 'Hello.' }];

  it.each([
    'house/unpriced',
    'house/m:free',
    'house/M',
    'house/m ',
    'house/../m',
    'oai/gpt-4o-of-nobody',
    'unknown-model',
  ])('BUD-05: "%s" is priced or refused, never let through free of charge', async (name) => {
    await open(budget('1'));
    at.upstream.answerWith(good(voice, false, 'Fine.', voice.usage(100, 100)));
    const answer = await call('/v1/chat/completions', { model: name, messages, max_tokens: 100 });
    await answer.text();
    if (answer.status !== 200) return expect(at.upstream.requests).toEqual([]);
    const [entry] = await at.house.entries(1);
    expect(entry!.cost_nano).toBe(100 * IN + 100 * OUT);
    return undefined;
  });

  it.each<[string, object]>([
    ['/v1/embeddings', { model: 'oai/unpriced-embedder', input: 'x' }],
    ['/v1/images/generations', { model: 'oai/unpriced-painter', prompt: 'x' }],
    ['/v1/audio/speech', { model: 'oai/unpriced-voice', input: 'x', voice: 'v' }],
    ['/v1/audio/transcriptions', { model: 'oai/unpriced-ear' }],
    ['/v1/batches', { input_file_id: 'file_1', endpoint: '/v1/chat/completions', completion_window: '24h' }],
    ['/v1/moderations', { model: 'oai/unpriced-judge', input: 'x' }],
    ['/v1/fine_tuning/jobs', { model: 'oai/unpriced', training_file: 'file_1' }],
    ['/v1/realtime/sessions', { model: 'oai/unpriced' }],
    ['/v1/completions', { model: 'house/unpriced', prompt: 'x' }],
    ['/v1/responses', { model: 'res/unpriced', input: 'x' }],
    ['/v1/rerank', { model: 'house/unpriced', query: 'x', documents: [] }],
  ])('BUD-05: %s under a hard budget is booked at its price or refused', async (path, body) => {
    await open(budget('1'));
    const answer = await call(path, body);
    const text = await answer.text();
    expect(answer.status, text).toBeGreaterThanOrEqual(400);
    expect(answer.status, text).toBeLessThan(500);
    expect(at.upstream.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

it('BUD-06: a provider that charged and then failed, and the one that answered, are booked once each', async () => {
  await open(budget('1'));
  const broken = voice.opening(voice.usage(100, 0)) + voice.words('Half');
  at.upstream.answerWith(streamed(broken));
  at.upstream.answerWith(good(voice, true, 'Fine.', voice.usage(100, 50)));
  await ask(at.house.url, { format, model, isStream: true });
  await ask(at.house.url, { format, model, isStream: true });
  const entries = await at.house.entries(at.upstream.requests.length);
  expect(entries).toHaveLength(at.upstream.requests.length);
  const total = entries.reduce((sum, { cost_nano }) => sum + cost_nano, 0);
  await untilTrue(() => at.window('team')!.settled_nano === total);
  for (const { cost_nano } of entries) expect(cost_nano).toBeGreaterThan(0);
});
