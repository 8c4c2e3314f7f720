/**
 * Embeddings over real sockets: the official clients of three vendors against providers of three shapes and the
 * sandbox, what is booked for each, and what is refused.
 */
import { GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let upstream: FakeUpstream;
let house: OpenHouse;
let openai: OpenAI;
let gemini: GoogleGenAI;
let ollama: Ollama;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(`providers:
  oai: { kind: openai-compatible, base_url: "${upstream.url}/v1", api_key: upstream-key-oai }
  openai: { base_url: "${upstream.url}/v1", api_key: upstream-key-openai }
  gem: { kind: gemini, base_url: "${upstream.url}/v1beta", api_key: upstream-key-gem }
  oll: { kind: ollama, base_url: "${upstream.url}" }
  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: upstream-key-ant }
routes:
  safe: { models: [oai/fault-503, ant/none, oll/embedder] }
  tokens: { models: [gem/embedder, oai/embedder] }
`);
  const headers = { Authorization: `Bearer ${BOOTSTRAP_KEY}` };
  openai = new OpenAI({ apiKey: BOOTSTRAP_KEY, baseURL: `${house.url}/v1`, maxRetries: 0 });
  gemini = new GoogleGenAI({ apiKey: BOOTSTRAP_KEY, httpOptions: { baseUrl: house.url } });
  ollama = new Ollama({ host: house.url, headers });
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

/** What each text is, as the sandbox embeds it: asked of it in its plainest shape. */
async function truth(texts: readonly string[], dimensions: number): Promise<number[][]> {
  const answer = await fetch(`${upstream.url}/api/embed`, {
    method: 'POST',
    body: JSON.stringify({ model: 'embedder', input: texts, dimensions }),
  });
  return ((await answer.json()) as { embeddings: number[][] }).embeddings;
}

const TEXTS = ['The quick brown fox', 'Grüße, 世界 🚀', ''];
const DIMENSIONS = 16;
/** Of the texts above, at four characters a token. */
const TOKENS = 5 + 3;

const targets = [
  { ref: 'oai/embedder', format: 'openai' },
  { ref: 'oll/embedder', format: 'ollama' },
  { ref: 'gem/embedder', format: 'gemini' },
  { ref: 'sandbox/embedder', format: 'any' },
] as const;

/** The newest entry, once it is there. */
async function lastEntry(count: number) {
  return (await house.entries(count)).at(-1)!;
}

let booked = 0;

async function expectBooked(ref: string, clientFormat: string, lane: string): Promise<void> {
  booked += 1;
  const [provider, model] = ref.split('/');
  const isSandbox = provider === 'sandbox';
  const expected = {
    provider,
    model,
    client_format: clientFormat,
    lane,
    status: 'ok',
    input_tokens: TOKENS,
    output_tokens: 0,
    is_estimated: 0,
    // $0.02 a million tokens, in nano-dollars.
    cost_nano: isSandbox ? TOKENS * 20 : 0,
    price_state: isSandbox ? 'priced' : provider === 'oll' ? 'priced' : 'unknown',
  };
  expect(await lastEntry(booked)).toMatchObject(expected);
}

describe.each(targets)('to $ref', ({ ref, format }) => {
  const lane = (own: string): string =>
    format === own || format === 'any' || ref === `oll/${own}` ? 'relay' : 'translate';

  it('the OpenAI client gets numbers from the base64 it asks for by itself', async () => {
    const { data, response } = await openai.embeddings
      .create({ model: ref, input: TEXTS, dimensions: DIMENSIONS })
      .withResponse();
    const vectors = await truth(TEXTS, DIMENSIONS);
    expect(data.data.map((row) => row.embedding)).toEqual(vectors.map((row) => row.map(Math.fround)));
    expect(data.data.map((row) => row.index)).toEqual([0, 1, 2]);
    expect(data.usage).toEqual({ prompt_tokens: TOKENS, total_tokens: TOKENS });
    // Ollama's server has this shape too.
    const own = format === 'ollama' ? 'relay' : lane('openai');
    expect(response.headers.get('x-turnpike-lane')).toBe(own);
    expect(response.headers.get('x-turnpike-model')).toBe(ref);
    expect(response.headers.get('x-turnpike-cost-usd')).toBe(
      ref.startsWith('sandbox') ? '0.00000016' : ref.startsWith('oll') ? '0.00' : null,
    );
    await expectBooked(ref, 'openai-embeddings', own);
  });

  it('the OpenAI client gets the numbers it asks for', async () => {
    const reply = await openai.embeddings.create({
      model: ref,
      input: TEXTS,
      dimensions: DIMENSIONS,
      encoding_format: 'float',
    });
    expect(reply.data.map((row) => row.embedding)).toEqual(await truth(TEXTS, DIMENSIONS));
    await expectBooked(ref, 'openai-embeddings', format === 'ollama' ? 'relay' : lane('openai'));
  });

  it('the Gemini client gets its vectors in order', async () => {
    const reply = await gemini.models.embedContent({
      model: ref,
      contents: TEXTS.map((text) => ({ parts: [{ text }] })),
      config: { outputDimensionality: DIMENSIONS },
    });
    expect(reply.embeddings?.map(({ values }) => values)).toEqual(await truth(TEXTS, DIMENSIONS));
    await expectBooked(ref, 'gemini-batch-embed', lane('gemini'));
  });

  it('the Ollama client gets its vectors in order', async () => {
    const reply = await ollama.embed({ model: ref, input: TEXTS, dimensions: DIMENSIONS });
    expect(reply.embeddings).toEqual(await truth(TEXTS, DIMENSIONS));
    expect(reply.prompt_eval_count).toBe(TOKENS);
    await expectBooked(ref, 'ollama-embed', lane('ollama'));
  });

  it('the Ollama client’s older call gets the one vector it asks for', async () => {
    const reply = await ollama.embeddings({ model: ref, prompt: 'one' });
    expect([reply.embedding]).toEqual(await truth(['one'], 256));
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ client_format: 'ollama-embeddings', status: 'ok' });
  });
});

interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & {
    readonly error?: { readonly message: string; readonly code?: string };
  };
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Posted> {
  const answer = await fetch(house.url + path, {
    method: 'POST',
    headers: { 'x-api-key': BOOTSTRAP_KEY, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) as Posted['body'] };
}

const json = { 'content-type': 'application/json' };

describe('the road', () => {
  it('prices by the catalog, and sends the bytes as they came but for the model', async () => {
    upstream.answerWith({
      headers: json,
      chunks: ['{"object":"list","data":[],"model":"x","usage":{"prompt_tokens":1000,"total_tokens":1000}}'],
    });
    const sent = '{ "model" : "openai/text-embedding-3-small", "input":"a", "new_field": 1.0 }';
    const { status, headers } = await post('/v1/embeddings', sent);
    expect(status).toBe(200);
    expect(headers.get('x-turnpike-cost-usd')).toBe('0.00002');
    expect(upstream.requests.at(-1)!.body.toString()).toBe(
      '{ "model" : "text-embedding-3-small", "input":"a", "new_field": 1.0 }',
    );
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({
      input_tokens: 1000,
      cost_nano: 20_000,
      price_state: 'priced',
    });
  });

  it('believes a large batch, though it is many times the window of one input', async () => {
    upstream.answerWith({
      headers: json,
      chunks: ['{"data":[],"usage":{"prompt_tokens":290000,"total_tokens":290000}}'],
    });
    await post('/v1/embeddings', { model: 'openai/text-embedding-3-small', input: ['a'] });
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ input_tokens: 290_000, is_estimated: 0, flags: null });
  });

  it('falls back past those that embed nothing, and books what was tried', async () => {
    const { status, headers, body } = await post('/v1/embeddings', { model: 'safe', input: 'a' });
    expect([status, headers.get('x-turnpike-model')]).toEqual([200, 'oll/embedder']);
    expect(headers.get('x-turnpike-fallback')).toBe('true');
    expect(body.data).toHaveLength(1);
    booked += 2;
    const entries = await house.entriesOf(headers.get('x-turnpike-exchange-id')!, 2);
    expect(entries.map(({ model, status }) => `${model} ${status}`)).toEqual([
      'fault-503 upstream_error',
      'embedder ok',
    ]);
  });

  it('passes over a provider that cannot take what another can', async () => {
    const { status, headers } = await post('/v1/embeddings', { model: 'tokens', input: [[1, 2]] });
    expect([status, headers.get('x-turnpike-model')]).toEqual([200, 'oai/embedder']);
    booked += 1;
    const alone = await post('/v1/embeddings', { model: 'gem/embedder', input: [[1, 2]] });
    expect([alone.status, alone.body.error]).toEqual([
      400,
      expect.objectContaining({ code: 'translation_impossible', param: 'input[0]' }),
    ]);
  });

  it('tells a client its provider’s no in its own words', async () => {
    await expect(ollama.embed({ model: 'oai/fault-429', input: 'a' })).rejects.toMatchObject({
      status_code: 429,
    });
    const { status, headers, body } = await post('/v1/embeddings', { model: 'gem/fault-429', input: 'a' });
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    expect(body.error).toMatchObject({
      type: 'rate_limit_error',
      message: expect.stringMatching(/Too many/),
    });
    booked += 2;
    expect(await lastEntry(booked)).toMatchObject({
      status: 'upstream_error',
      http_status: 429,
      price_state: 'free',
    });
  });

  it('turns numbers into the base64 a client asked for, where its provider knows none', async () => {
    upstream.answerWith({
      headers: json,
      chunks: ['{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1, -2, 0.5]}],"x":1}'],
    });
    const reply = await openai.embeddings.create({ model: 'oai/llama', input: 'a' });
    expect(reply.data[0]!.embedding).toEqual([1, -2, 0.5]);
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ is_estimated: 1, flags: 'missing,unpriced' });
  });

  it('says that it counted itself where a provider reports nothing', async () => {
    upstream.answerWith({ headers: json, chunks: ['{"embeddings":[[1,2]]}'] });
    const { headers, body } = await post('/v1/embeddings', { model: 'oll/embedder', input: 'a b c' });
    booked += 1;
    // Ollama's server has OpenAI's shape too, and then its answer passes as it came.
    expect([headers.get('x-turnpike-lane'), body]).toEqual(['relay', { embeddings: [[1, 2]] }]);
    upstream.answerWith({ headers: json, chunks: ['{"data":[{"index":0,"embedding":[1,2]}]}'] });
    const other = await post('/api/embed', { model: 'oai/embedder', input: 'a b c' });
    expect(other.headers.get('x-turnpike-translation')).toBe('lossy;n=1');
    expect(other.body).toEqual({ model: 'oai/embedder', embeddings: [[1, 2]], prompt_eval_count: 4 });
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ input_tokens: 4, is_estimated: 1 });
  });

  it('tells what it dropped, and refuses to drop when asked to be strict', async () => {
    const body = { model: 'oai/embedder', input: 'a', truncate: false, keep_alive: '5m' };
    const { headers } = await post('/api/embed', body);
    booked += 1;
    expect(headers.get('x-turnpike-translation')).toBe('lossy;n=2');
    const strict = await post('/api/embed', body, { 'x-turnpike-strict': 'true' });
    expect(strict.status).toBe(400);
    expect(JSON.stringify(strict.body)).toMatch(/truncate .*keep_alive/);
  });

  it('asks no other shape for vectors of token ids', async () => {
    const { status, body } = await post('/api/embed', { model: 'oai/embedder', input: [[1, 2]] });
    expect([status, typeof body.error]).toEqual([400, 'string']);
    const tokens = await post('/v1/embeddings', { model: 'oai/embedder', input: [[1, 2], [3]] });
    expect(tokens.body.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    booked += 1;
  });

  it.each([
    ['is no JSON', 'oops'],
    ['has too few vectors', '{"data":[]}'],
    ['has no vectors', '{"data":[{"embedding":[]}]}'],
  ])('takes an answer that %s for none', async (_name, chunk) => {
    upstream.answerWith({ headers: json, chunks: [chunk] });
    const { status, body } = await post('/api/embed', { model: 'oai/embedder', input: 'a' });
    expect([status, body.error]).toEqual([502, expect.stringMatching(/not openai-chat/)]);
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ status: 'upstream_error', output_tokens: 0 });
  });

  it('books no tokens for half an answer', async () => {
    const half = `{"data":[{"embedding":[${'0.123456789,'.repeat(20_000)}`;
    upstream.answerWith({ headers: json, chunks: [half], ending: 'cut' });
    const { status } = await post('/v1/embeddings', { model: 'oai/embedder', input: 'a' });
    expect(status).toBe(502);
    booked += 1;
    expect(await lastEntry(booked)).toMatchObject({ status: 'truncated', output_tokens: 0 });
  });

  it('states the cost of an answer of a megabyte, which is not begun before its end', async () => {
    const input = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const { headers, body } = await post('/v1/embeddings', {
      model: 'sandbox/embedder',
      input,
      dimensions: 4000,
    });
    expect(headers.get('x-turnpike-cost-usd')).toMatch(/^0\.0000/);
    expect(body.data).toHaveLength(20);
    booked += 1;
    await lastEntry(booked);
  });
});

describe('bad input', () => {
  it.each([
    ['/v1/embeddings', '{"model":"oll/embedder","input":{}}', 400],
    ['/v1/embeddings', '{"input":"a"}', 400],
    ['/v1/embeddings', '{"model":"nowhere/x","input":"a"}', 404],
    ['/v1/embeddings', '{"model":"ant/claude","input":"a"}', 400],
    ['/v1/embeddings', '{"model":"oai/a","model":"oai/b","input":"a"}', 400],
    ['/v1/embeddings', '{"model":5,"input":"a"}', 400],
    ['/v1/embeddings', '[]', 400],
    ['/v1/embeddings', '', 400],
    ['/v1/embeddings', '{"model":"oai/embedder","input":"\\x"}', 400],
    ['/api/embed', '{"model":"oai/embedder"}', 400],
    ['/api/embed', '{"model":"oai/embedder","input":"\\x"}', 400],
    ['/api/embed', '{"model":"oai/embedder","input":[]}', 400],
    ['/api/embed', 'oops', 400],
    ['/api/embeddings', '{"model":"oai/embedder"}', 400],
    ['/api/embeddings', '{"model":"oai/embedder","prompt":["a"]}', 400],
  ])('at %s: %s', async (path, body, status) => {
    const requests = upstream.requests.length;
    const answer = await post(path, body);
    // What is relayed, the provider finds fault with itself.
    booked += upstream.requests.length - requests;
    expect([answer.status, answer.body]).toEqual([status, { error: expect.anything() }]);
  });

  it('is answered in the words of the client’s vendor', async () => {
    const { body } = await post('/v1/embeddings', { model: 'nowhere/x', input: 'a' });
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'model_unknown',
      param: 'model',
    });
    expect((await post('/api/embed', { model: 'nowhere/x', input: 'a' })).body).toEqual({
      error: expect.stringMatching(/nowhere/),
    });
    await expect(ollama.embed({ model: 'nowhere/x', input: 'a' })).rejects.toThrow(/nowhere/);
  });

  it('may be a method', async () => {
    const answer = await fetch(`${house.url}/v1/embeddings`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('may be a model that the key may not use', async () => {
    const key = await house.admin<{ token: string }>('POST', '/keys', {
      name: 'narrow',
      allowedModels: ['oai/embedder'],
    });
    const allowed = await post(
      '/v1/embeddings',
      { model: 'oai/embedder', input: 'a' },
      { 'x-api-key': key.token },
    );
    booked += 1;
    expect(allowed.status).toBe(200);
    const other = await post(
      '/v1/embeddings',
      { model: 'oll/embedder', input: 'a' },
      { 'x-api-key': key.token },
    );
    expect([other.status, other.body.error?.code]).toEqual([403, 'model_not_allowed']);
  });
});

it('adds up', async () => {
  await house.entries(booked);
  expect((await house.verify()).entries).toBe(booked);
});
