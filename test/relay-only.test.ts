/** Calls that work at once and are relayed as they are, with the official OpenAI client: bytes both ways, the model's name in JSON and in forms, and what the ledger has of each. */
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryRow } from './support/open-house.ts';
import { openRelayHouse, type RelayHouse, relayConfig, unknownCost } from './support/relay-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let relay: RelayHouse;
let openai: OpenAI;

beforeAll(async () => {
  relay = await openRelayHouse(relayConfig);
  openai = new OpenAI({ apiKey: BOOTSTRAP_KEY, baseURL: `${relay.house.url}/v1`, maxRetries: 0 });
});
afterAll(() => relay.close());

const sse = { 'content-type': 'text/event-stream' };

describe('completions', () => {
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

  it('are priced by the catalog', async () => {
    relay.answer({ id: 'cmpl-1', choices: [{ text: 'hi', index: 0 }], usage });
    const { data, response } = await openai.completions
      .create({ model: 'openai/gpt-3.5-turbo-instruct', prompt: 'Say hi' })
      .withResponse();
    expect(data.choices[0]!.text).toBe('hi');
    expect(relay.lastRequest()).toMatchObject({ method: 'POST', path: '/v1/completions' });
    expect(JSON.parse(relay.lastRequest().body.toString())).toEqual({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'Say hi',
    });
    expect(relay.lastRequest().headers.authorization).toBe('Bearer upstream-key-openai');
    expect(response.headers.get('x-turnpike-model')).toBe('openai/gpt-3.5-turbo-instruct');
    expect(response.headers.get('x-turnpike-cost-usd')).toBe('0.00019');
    await relay.expectBooked({
      client_format: 'openai-completions',
      model: 'gpt-3.5-turbo-instruct',
      input_tokens: 100,
      output_tokens: 20,
      cost_nano: 190_000,
      price_state: 'priced',
    });
  });

  it('stream, and the usage that was asked for on the client’s behalf is not shown', async () => {
    const frame = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
    relay.upstream.answerWith({
      headers: sse,
      chunks: [
        frame({ choices: [{ index: 0, text: 'one ' }] }),
        frame({ choices: [{ index: 0, text: 'two' }] }),
        frame({ choices: [], usage }),
        'data: [DONE]\n\n',
      ],
    });
    const stream = await openai.completions.create({
      model: 'openai/gpt-3.5-turbo-instruct',
      prompt: 'Count',
      stream: true,
    });
    const seen: unknown[] = [];
    for await (const chunk of stream) seen.push(chunk);
    expect(seen).toEqual([
      { choices: [{ index: 0, text: 'one ' }] },
      { choices: [{ index: 0, text: 'two' }] },
    ]);
    expect(JSON.parse(relay.lastRequest().body.toString()).stream_options).toEqual({ include_usage: true });
    await relay.expectBooked({ input_tokens: 100, output_tokens: 20, cost_nano: 190_000, is_estimated: 0 });
  });

  it('are counted where nothing is reported, and never pass for whole when they broke off', async () => {
    relay.upstream.answerWith({
      headers: sse,
      chunks: ['data: {"choices":[{"text":"one"}]}\n\n', 'data: {"choices":[{"text":"two"}]}\n\n'],
    });
    const stream = await openai.completions.create({
      model: 'openai/davinci',
      prompt: 'Count',
      stream: true,
    });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const chunk of stream) seen.push(chunk);
    };
    await expect(read()).rejects.toThrow(/ended before it was finished/);
    expect(seen).toHaveLength(2);
    await relay.expectBooked({
      status: 'truncated',
      output_tokens: 2,
      is_estimated: 1,
      price_state: 'priced',
    });
  });

  it('are an error before the first word, and not a stream', async () => {
    relay.upstream.answerWith({
      headers: sse,
      chunks: ['data: {"error":{"message":"too hot","code":"busy"}}\n\n'],
    });
    const asked = openai.completions.create({ model: 'openai/davinci', prompt: 'x', stream: true });
    await expect(asked).rejects.toThrow(/too hot/);
    await relay.expectBooked({ status: 'upstream_error', error_class: 'error_event', cost_nano: 0 });
  });
});

describe('images', () => {
  const usage = {
    input_tokens: 50,
    output_tokens: 4000,
    total_tokens: 4050,
    input_tokens_details: { text_tokens: 50, image_tokens: 0 },
  };

  it('are priced where the report is in tokens that have a price, and come however large', async () => {
    const picture = Buffer.alloc(600_000, 'x').toString('base64');
    relay.answer({ created: 1, data: [{ b64_json: picture }], usage });
    const reply = await openai.images.generate({ model: 'painter', prompt: 'a fox' });
    expect(reply.data![0]!.b64_json).toBe(picture);
    expect(JSON.parse(relay.lastRequest().body.toString()).model).toBe('gpt-image-1');
    await relay.expectBooked({
      client_format: 'openai-images-generations',
      model: 'gpt-image-1',
      input_tokens: 50,
      output_tokens: 4000,
      // 50 at $5 and 4,000 at $40 a million.
      cost_nano: 250_000 + 160_000_000,
      price_state: 'priced',
    });
  });

  it.each([
    ['are billed by the piece', 'dall-e-3', undefined, { flags: 'missing,unpriced' }],
    [
      'are made of images',
      'gpt-image-1',
      { ...usage, input_tokens_details: { text_tokens: 10, image_tokens: 40 } },
      { input_tokens: 50, output_tokens: 4000, flags: 'unpriced' },
    ],
  ])('cost nobody knows how much when they %s', async (_name, model, reported, more) => {
    relay.answer({ created: 1, data: [{ url: 'https://x/1.png' }], ...(reported && { usage: reported }) });
    const { response } = await openai.images
      .generate({ model: `openai/${model}`, prompt: 'a fox' })
      .withResponse();
    expect(response.headers.get('x-turnpike-cost-usd')).toBeNull();
    await relay.expectBooked({ ...unknownCost, ...more });
  });

  it('are edited by a form whose files pass byte for byte', async () => {
    const bytes = Buffer.from('\x89PNG\r\n\x1a\n\0--\r\n\xff', 'latin1');
    relay.answer({ created: 1, data: [{ b64_json: 'AA==' }] });
    await openai.images.edit({
      model: 'openai/gpt-image-1',
      image: await toFile(bytes, 'fox.png', { type: 'image/png' }),
      prompt: 'make it blue',
    });
    const form = await relay.lastForm();
    expect(form.get('model')).toBe('gpt-image-1');
    expect(form.get('prompt')).toBe('make it blue');
    expect(Buffer.from(await (form.get('image') as File).arrayBuffer())).toEqual(bytes);
    await relay.expectBooked({ ...unknownCost, client_format: 'openai-images-edits', model: 'gpt-image-1' });
  });

  it('go without a model to the provider of the default, as they came', async () => {
    relay.answer({ created: 1, data: [] });
    await openai.images.createVariation({ image: await toFile(Buffer.from('png'), 'a.png') });
    expect((await relay.lastForm()).get('model')).toBeNull();
    await relay.expectBooked({ ...unknownCost, provider: 'openai', model: 'images-variations' });
  });

  it('stream frame by frame, with the usage of the last one', async () => {
    relay.upstream.answerWith({
      headers: sse,
      chunks: [
        'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"AA=="}\n\n',
        `event: image_generation.completed\ndata: ${JSON.stringify({ type: 'image_generation.completed', b64_json: 'AAA=', usage })}\n\n`,
      ],
    });
    const stream = await openai.images.generate({ model: 'openai/gpt-image-1', prompt: 'x', stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.completed']);
    await relay.expectBooked({ input_tokens: 50, output_tokens: 4000, price_state: 'priced' });
  });
});

describe('audio', () => {
  it('is spoken in bytes that are no text, a chunk at a time', async () => {
    const first = Buffer.from([0xff, 0xfb, 0, 1, 2]);
    relay.upstream.answerWith({
      headers: { 'content-type': 'audio/mpeg' },
      chunks: [first, { bytes: Buffer.from([3, 4]), delayMs: 20 }],
    });
    const speech = await openai.audio.speech.create({
      model: 'openai/tts-1',
      voice: 'alloy',
      input: 'Hello',
    });
    expect(speech.headers.get('content-type')).toBe('audio/mpeg');
    const reader = speech.body!.getReader();
    // The head and the first chunk are here before the second was sent.
    expect(Buffer.from((await reader.read()).value as Uint8Array)).toEqual(first);
    expect(Buffer.from((await reader.read()).value as Uint8Array)).toEqual(Buffer.from([3, 4]));
    expect((await reader.read()).done).toBe(true);
    await relay.expectBooked({ ...unknownCost, client_format: 'openai-audio-speech', model: 'tts-1' });
  });

  it.each<[string, string, object, Partial<EntryRow>]>([
    [
      'tokens, which have a price',
      'gpt-4o-transcribe',
      {
        type: 'tokens',
        input_tokens: 30,
        output_tokens: 10,
        input_token_details: { audio_tokens: 20, text_tokens: 10 },
      },
      // 10 at $2.50, 20 of sound at $6, 10 at $10 a million.
      {
        input_tokens: 10,
        audio_input_tokens: 20,
        output_tokens: 10,
        cost_nano: 245_000,
        price_state: 'priced',
      },
    ],
    [
      'seconds, which have none',
      'whisper-1',
      { type: 'duration', seconds: 12.3 },
      { ...unknownCost, calls: '{"second":13}' },
    ],
  ])('is written down and booked by %s', async (_name, model, usage, expected) => {
    relay.answer({ text: 'hello', usage });
    const reply = await openai.audio.transcriptions.create({
      model: `openai/${model}`,
      file: await toFile(Buffer.alloc(100_000, 7), 'a.mp3'),
    });
    expect(reply.text).toBe('hello');
    const form = await relay.lastForm();
    expect([form.get('model'), (form.get('file') as File).size]).toEqual([model, 100_000]);
    await relay.expectBooked({ client_format: 'openai-audio-transcriptions', model, ...expected });
  });

  it('goes on to the next provider of a route that has the call', async () => {
    relay.answer({ error: { message: 'overloaded' } }, { status: 503 });
    relay.answer('just text', { headers: { 'content-type': 'text/plain' } });
    const text = await openai.audio.translations.create({
      model: 'ears',
      file: await toFile(Buffer.from('mp3'), 'a.mp3'),
      response_format: 'text',
    });
    expect(text).toBe('just text');
    expect([relay.lastRequest().path, (await relay.lastForm()).get('model')]).toEqual([
      '/house/v1/audio/translations',
      'whisper',
    ]);
    await relay.expectBooked({ ...unknownCost, provider: 'house', model: 'whisper', attempt: 2 }, 1);
  });
});

describe('judging and ranking', () => {
  it('moderates, at a cost nobody states', async () => {
    relay.answer({ id: 'modr-1', results: [{ flagged: false }] });
    const reply = await openai.moderations.create({ model: 'openai/omni-moderation-latest', input: 'hi' });
    expect(reply.results[0]!.flagged).toBe(false);
    await relay.expectBooked({ ...unknownCost, model: 'omni-moderation-latest' });
  });

  it.each([
    ['/v1/rerank', { meta: { billed_units: { search_units: 1 } } }, { calls: '{"search_unit":1}' }],
    ['/v2/rerank', { usage: { total_tokens: 15 } }, { input_tokens: 15 }],
  ])('ranks at %s', async (path, body, expected) => {
    relay.answer({ results: [{ index: 1, relevance_score: 0.9 }], ...body });
    const { status } = await relay.post(path, { model: 'house/reranker', query: 'q', documents: ['a', 'b'] });
    expect([status, relay.lastRequest().path]).toEqual([200, '/house/v1/rerank']);
    await relay.expectBooked({
      ...unknownCost,
      client_format: 'openai-rerank',
      provider: 'house',
      ...expected,
    });
  });
});
