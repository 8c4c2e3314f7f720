/**
 * Answers that are given again, over real sockets: to the official clients of three vendors, whole and streamed, from
 * providers of their own format and of others. And all that must not be given again.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../src/base/log.ts';
import { createKey } from '../src/registry/keys.ts';
import { createWorkspace, ensureFirstWorkspace } from '../src/registry/workspaces.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { orders } from './support/cells.ts';
import { type Asked, clients, type KeptHouse, openKept } from './support/kept-answers.ts';
import { BOOTSTRAP_KEY, newHome } from './support/turnpike-process.ts';

const HOUR = 3_600_000;
const [chat] = clients as [(typeof clients)[number]];

let kept: KeptHouse;
let key: string;
let url: string;
beforeAll(async () => {
  kept = await openKept('routes:\n  again: { models: [oai/scribe], cache_ttl_s: 600 }\n');
  key = await kept.makeKey({ cacheTtlMs: HOUR });
  url = kept.house.url;
});
afterAll(() => kept.close());
afterEach(async () => {
  await kept.house.entries(0);
  await kept.house.verify();
});

let questions = 0;
/** Another one each time. */
const question = (directive = 'text="One. Two. Three." output-tokens=12'): string => {
  questions += 1;
  return orders(directive, `question ${questions}`);
};
const asked = (more: Partial<Asked> = {}): Asked => ({
  ...{ url, key, model: 'oai/scribe', prompt: question(), isStream: false },
  ...more,
});

/** How often the provider is asked, and what the last answer said of the cache. */
async function twice(first: Asked, second: Asked = first, client = chat) {
  const before = kept.asked();
  const one = await client.ask(first);
  const other = await client.ask(second);
  return {
    one,
    other,
    sent: kept.asked() - before,
    told: [one, other].map(({ shown }) => shown.headers.get('x-turnpike-cache')),
  };
}

describe.each(clients)('$name', (client) => {
  const lanes = [
    { provider: 'oai', format: 'openai-chat' },
    { provider: 'ant', format: 'anthropic-messages' },
    { provider: 'gem', format: 'gemini-generate' },
  ].filter(({ provider }) => client.canStream || provider !== 'ant');
  const ways = lanes.flatMap(({ provider, format }) =>
    (client.canStream ? [false, true] : [false]).map((isStream) => ({ provider, format, isStream })),
  );

  it.each(ways)('gets the same answer again from $format (streamed: $isStream)', async (way) => {
    const ask = asked({ model: `${way.provider}/scribe`, isStream: way.isStream });
    const { one, other, sent, told } = await twice(ask, ask, client);
    expect(told).toEqual(['miss', 'hit']);
    expect(sent).toBe(1);
    expect(other.read).toEqual(one.read);
    expect(other.shown.raw.equals(one.shown.raw)).toBe(true);
    const first = one.shown.headers;
    const { headers } = other.shown;
    for (const name of ['content-type', 'x-turnpike-model', 'x-turnpike-lane', 'x-turnpike-translation'])
      expect([name, headers.get(name)]).toEqual([name, first.get(name)]);
    expect(headers.get('x-turnpike-cost-usd')).toBe('0.00');
    expect(headers.get('age')).toMatch(/^\d$/);
    expect(headers.get('x-turnpike-attempts')).toBe('0');
    expect(headers.get('x-upstream-request-id')).toBeNull();
    expect(headers.get('x-turnpike-exchange-id')).not.toBe(first.get('x-turnpike-exchange-id'));
  });
});

it('books an answer that is given again: one entry, no tokens, no cost, and says so', async () => {
  const { one, other } = await twice(asked());
  const idOf = ({ shown }: typeof one) => shown.headers.get('x-turnpike-exchange-id')!;
  const [paid] = await kept.house.entriesOf(idOf(one), 1);
  const [free] = await kept.house.entriesOf(idOf(other), 1);
  expect(paid).toMatchObject({ flags: 'unpriced', output_tokens: 12 });
  expect(free).toMatchObject({
    ...{ provider: 'oai', model: 'scribe', status: 'ok', flags: 'cached', http_status: 200 },
    ...{ cost_nano: 0, input_tokens: 0, output_tokens: 0, is_estimated: 0, lane: 'relay', windows: null },
  });
  const told = await kept.house.admin('GET', `/exchanges/${idOf(other)}`);
  expect(told).toMatchObject({
    ...{ costUsd: '0.00', entries: [{ kind: 'settle', flags: ['cached'] }] },
    decision: { asked: 'oai/scribe', choice: { layer: 'request' } },
  });
});

describe('it is the same request', () => {
  const prompt = question();
  const body = (text: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: text,
    });
  const plain = (more = '') =>
    `{"model":"oai/scribe","messages":[{"role":"user","content":${JSON.stringify(prompt)}}]${more}}`;

  it('however its fields are ordered and spaced', async () => {
    await (await body(plain(',"temperature":0.5'))).text();
    const spaced = `{ "temperature" : 0.5,\n "messages": [ { "content": ${JSON.stringify(prompt)}, "role": "user" } ],\n "model": "oai/scribe" }`;
    const again = await body(spaced);
    expect(again.headers.get('x-turnpike-cache')).toBe('hit');
    await again.text();
  });

  it.each([
    ['a field', ',"temperature":1'],
    ['a number written otherwise', ',"temperature":0.50'],
    ['a field that nobody knows', ',"temperature":0.5,"x_house":1'],
    ['streaming', ',"temperature":0.5,"stream":true'],
  ])('but not with %s that differs', async (_, more) => {
    const other = await body(plain(more));
    expect(other.headers.get('x-turnpike-cache')).toBe('miss');
    await other.text();
  });
});

describe('headers', () => {
  it.each([
    { name: 'openai-beta', value: 'assistants=v2', told: 'miss' },
    { name: 'x-turnpike-strict', value: 'true', told: 'miss' },
    { name: 'x-turnpike-session', value: 'another', told: 'hit' },
    { name: 'user-agent', value: 'another/1.0', told: 'hit' },
    { name: 'cache-control', value: 'no-cache', told: 'off' },
    { name: 'cache-control', value: 'max-age=0, no-store', told: 'off' },
    { name: 'cache-control', value: 'max-age=0', told: 'hit' },
    { name: 'x-turnpike-no-cache', value: '1', told: 'off' },
    { name: 'x-turnpike-no-cache', value: 'false', told: 'hit' },
  ])('$name: $value makes it a $told', async ({ name, value, told }) => {
    const ask = asked();
    const other = await twice(ask, { ...ask, headers: { [name]: value } });
    expect(other.told[1]).toBe(told);
    expect(other.sent).toBe(told === 'hit' ? 1 : 2);
  });

  it('an answer that was not wanted from the cache is not kept for it either', async () => {
    const ask = asked();
    const off = { ...ask, headers: { 'x-turnpike-no-cache': 'true' } };
    expect((await twice(off, ask)).told).toEqual(['off', 'miss']);
  });

  it('an Anthropic beta is another request', async () => {
    const anthropic = clients.find(({ name }) => name === '@anthropic-ai/sdk')!;
    const ask = asked({ model: 'ant/scribe' });
    const beta = { ...ask, headers: { 'anthropic-beta': 'context-1m-2025-08-07' } };
    expect((await twice(ask, beta, anthropic)).told).toEqual(['miss', 'miss']);
    expect((await twice(ask, beta, anthropic)).told).toEqual(['hit', 'hit']);
  });
});

describe('who opted in', () => {
  it('is told of by its key: others are not kept, and hear nothing of it', async () => {
    const ask = asked({ key: BOOTSTRAP_KEY });
    expect(await twice(ask)).toMatchObject({ told: [null, null], sent: 2 });
  });

  it('is told of by a route', async () => {
    const ask = asked({ key: BOOTSTRAP_KEY, model: 'again' });
    expect(await twice(ask)).toMatchObject({ told: ['miss', 'hit'], sent: 1 });
  });

  it('is not told of by a key that says never', async () => {
    const never = await kept.makeKey({ cacheTtlMs: 0 });
    expect(await twice(asked({ key: never, model: 'again' }))).toMatchObject({
      told: ['off', 'off'],
      sent: 2,
    });
  });

  it('does not get what is older than it wants', async () => {
    const brief = await kept.makeKey({ cacheTtlMs: 1 });
    const ask = asked();
    await chat.ask(ask);
    await new Promise((done) => setTimeout(done, 5));
    expect(await twice(ask, { ...ask, key: brief })).toMatchObject({ told: ['hit', 'miss'] });
  });

  it('shares answers with keys that may use the same, and with no others', async () => {
    const [same, narrow, alike] = await Promise.all([
      kept.makeKey({ cacheTtlMs: HOUR }),
      kept.makeKey({ cacheTtlMs: HOUR, allowedModels: ['oai/*'] }),
      kept.makeKey({ cacheTtlMs: HOUR, allowedModels: ['oai/*'] }),
    ]);
    const ask = asked();
    expect((await twice(ask, { ...ask, key: same })).told).toEqual(['miss', 'hit']);
    expect((await twice({ ...ask, key: narrow }, { ...ask, key: alike })).told).toEqual(['miss', 'hit']);
  });
});

describe('nothing is kept of', () => {
  /** Of its own: what fails here is left alone for a while. */
  let own: KeptHouse;
  let ask: Asked;
  beforeEach(async () => {
    own = await openKept('routes:\n  two: { models: [oai/fault-503, ant/scribe], cache_ttl_s: 60 }\n');
    ask = { ...asked(), url: own.house.url, key: await own.makeKey({ cacheTtlMs: HOUR }) };
  });
  afterEach(() => own.close());
  const answersKept = async () => figure(own, 'turnpike_cache_answers');

  it.each(['429', '500', '503', '400'])('an error (%s)', async (fault) => {
    const failed = chat.ask({ ...ask, prompt: question(`fail=${fault}`) });
    await expect(failed).rejects.toThrow();
    expect(own.asked()).toBeGreaterThan(0);
    expect(await answersKept()).toBe(0);
  });

  it.each([false, true])('an answer that broke off (streamed: %s)', async (isStream) => {
    const prompt = question('text="One. Two. Three. Four." fail=cut after=2');
    await expect(chat.ask({ ...ask, prompt, isStream })).rejects.toThrow();
    expect(own.asked()).toBeGreaterThan(0);
    expect(await answersKept()).toBe(0);
  });

  it('an answer whose client left', async () => {
    const leaving = new AbortController();
    const first = await fetch(`${ask.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ask.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: ask.model, stream: true, ...say('[[sandbox words=500 pace=5]] Go on.') }),
      signal: leaving.signal,
    });
    expect(first.headers.get('x-turnpike-cache')).toBe('miss');
    await first.body!.getReader().read();
    leaving.abort();
    const [entry] = await own.house.entries(1);
    expect(entry).toMatchObject({ status: 'client_abort' });
    expect(await answersKept()).toBe(0);
    expect(await figure(own, 'turnpike_cache_coming_bytes')).toBe(0);
  });

  it('a stand-in, so that who was asked answers as soon as it can', async () => {
    const { shown } = await chat.ask({ ...ask, model: 'two' });
    expect(shown.headers.get('x-turnpike-model')).toBe('ant/scribe');
    expect(shown.headers.get('x-turnpike-cache')).toBe('miss');
    expect(await answersKept()).toBe(0);
  });

  it('an answer that a budget cut', async () => {
    await own.house.admin('POST', '/prices', {
      ...{ provider: 'oai', model: 'scribe' },
      tiers: [{ aboveInputTokens: 0, usdPerMillion: { input: '0.01', output: '10' } }],
    });
    const headers = { 'x-turnpike-max-cost-usd': '0.02' };
    const cut = await chat.ask({ ...ask, headers, prompt: question('words=5000') });
    expect(cut.shown.headers.get('x-turnpike-max-tokens')).toMatch(/^\d+$/);
    expect(await answersKept()).toBe(0);
    await chat.ask({ ...ask, headers, prompt: question('text="Short." output-tokens=2') });
    expect(await answersKept()).toBe(1);
  });
});

async function figure({ house }: KeptHouse, name: string): Promise<number> {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

const responses = (body: object) => ['/v1/responses', body] as const;
const completions = (body: object) => ['/v1/chat/completions', body] as const;
const messages = (body: object) => ['/v1/messages', { max_tokens: 100, ...body }] as const;
const say = (prompt: string) => ({ messages: [{ role: 'user', content: prompt }] });

describe('nothing is looked for, or kept, of a request that', () => {
  it.each([
    ['is stored', () => responses({ model: 'rsp/scribe', input: question() })],
    ['is stored by its word', () => completions({ model: 'oai/scribe', store: true, ...say(question()) })],
    [
      'goes on from a stored one',
      () =>
        responses({ model: 'rsp/scribe', input: question(), store: false, previous_response_id: 'resp_1' }),
    ],
    [
      'runs a tool at the provider',
      () =>
        messages({
          model: 'ant/scribe',
          tools: [{ type: 'web_search_20250305', name: 'web_search' }],
          ...say(question()),
        }),
    ],
    [
      'shows a picture by its address',
      () =>
        completions({
          model: 'oai/scribe',
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: question() },
                { type: 'image_url', image_url: { url: 'https://example.com/today.png' } },
              ],
            },
          ],
        }),
    ],
  ])('%s', async (_, make) => {
    const [path, body] = make();
    const send = async () => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.headers.get('x-turnpike-cache');
    };
    const before = kept.asked();
    const told = [await send(), await send()];
    expect(told.filter((word) => word === 'hit' || word === 'miss')).toEqual([]);
    expect(kept.asked() - before).toBe(2);
  });

  it('counts tokens', async () => {
    const body = JSON.stringify({ model: 'ant/scribe', ...say(question()) });
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/messages/count_tokens`, { method: 'POST', headers, body });
    expect([response.status, response.headers.get('x-turnpike-cache')]).toEqual([200, null]);
    await response.text();
  });
});

it('keeps tool calls: the model asked for them, and that may be said again', async () => {
  const tool = {
    type: 'function',
    function: { name: 'look', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  };
  const body = JSON.stringify({
    model: 'oai/scribe',
    tools: [tool],
    tool_choice: 'required',
    ...say(orders('', question(''))),
  });
  const send = async () => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    return [response.headers.get('x-turnpike-cache'), await response.text()];
  };
  const [[first, said], [second, again]] = [await send(), await send()];
  expect([first, second]).toEqual(['miss', 'hit']);
  expect(said).toContain('tool_calls');
  expect(again).toBe(said);
});

it('tells of itself on /metrics', async () => {
  const names = ['hits_total', 'misses_total', 'answers', 'bytes', 'evicted_total', 'coming_bytes'];
  const read = () => Promise.all(names.map((name) => figure(kept, `turnpike_cache_${name}`)));
  const before = await read();
  await twice(asked());
  const after = await read();
  const [hits, misses, answers, bytes, evicted, coming] = after.map((value, at) => value - before[at]!);
  expect([hits, misses, answers, evicted, coming]).toEqual([1, 1, 1, 0, 0]);
  expect(bytes).toBeGreaterThan(200);
});

it('keeps nothing from one workspace for another', async () => {
  const home = newHome();
  const store = await openSqlite(join(home, 'turnpike.db'), { durability: 'process', log: silentLog });
  const first = await ensureFirstWorkspace(store, 1);
  const second = await createWorkspace(store, 'other', 2);
  const tokens: string[] = [];
  for (const { id } of [first, second])
    tokens.push(
      (await createKey(store, { workspaceId: id, name: 'app', cacheTtlMs: HOUR }, 3, randomBytes)).token,
    );
  await store.close();
  const house = await openKept('', home);
  try {
    const ask = { ...asked(), url: house.house.url };
    const told: (string | null)[] = [];
    for (const at of [0, 1, 0, 1])
      told.push((await chat.ask({ ...ask, key: tokens[at]! })).shown.headers.get('x-turnpike-cache'));
    expect(told).toEqual(['miss', 'miss', 'hit', 'hit']);
  } finally {
    await house.close();
  }
});
