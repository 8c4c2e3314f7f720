/** Relayed calls that go wrong: by the client, by the provider, by the connection between. */
import { request } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRelayHouse, type RelayHouse, relayConfig, unknownCost } from './support/relay-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let relay: RelayHouse;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  relay = await openRelayHouse(relayConfig);
  openai = new OpenAI({ apiKey: BOOTSTRAP_KEY, baseURL: `${relay.house.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: BOOTSTRAP_KEY, baseURL: relay.house.url, maxRetries: 0 });
});
afterAll(() => relay.close());

const json = { 'content-type': 'application/json' };

describe('bad input', () => {
  const form = (...parts: string[]): string =>
    `${parts.map((part) => `--B\r\n${part}\r\n`).join('')}--B--\r\n`;
  const model = (name: string): string => `Content-Disposition: form-data; name="model"\r\n\r\n${name}`;
  const multipart = { 'content-type': 'multipart/form-data; boundary=B' };

  it.each<[string, string, string, Record<string, string>, number, string]>([
    ['no JSON', '/v1/completions', 'oops', {}, 400, 'body_not_json'],
    ['a list', '/v1/images/generations', '[]', {}, 400, 'body_not_json'],
    ['nothing', '/v1/moderations', '', {}, 400, 'body_not_json'],
    ['a model that is no text', '/v1/rerank', '{"model":5}', {}, 400, 'body_invalid'],
    ['two models', '/v1/rerank', '{"model":"a","model":"b"}', {}, 400, 'body_invalid'],
    ['a model in other letters', '/v1/rerank', '{"Model":"a"}', {}, 400, 'body_invalid'],
    [
      'a form without a boundary',
      '/v1/audio/transcriptions',
      form(model('x')),
      { 'content-type': 'multipart/form-data' },
      400,
      'body_invalid',
    ],
    [
      'a form of another kind',
      '/v1/audio/transcriptions',
      form(model('x')),
      { 'content-type': 'multipart/mixed; boundary=B' },
      400,
      'body_invalid',
    ],
    [
      'two models in a form',
      '/v1/audio/transcriptions',
      form(model('house/a'), model('house/b')),
      multipart,
      400,
      'body_invalid',
    ],
    ['an endless model', '/v1/images/edits', form(model('x'.repeat(301))), multipart, 400, 'body_invalid'],
    [
      'an endless model at a named provider',
      '/v1/images/edits',
      form(model('x'.repeat(301))),
      { ...multipart, 'x-turnpike-model': 'house' },
      400,
      'body_invalid',
    ],
    [
      'a model with a line end',
      '/v1/rerank',
      '{"model":"a\\nb"}',
      { 'x-turnpike-model': 'house' },
      400,
      'body_invalid',
    ],
    ['an empty model', '/v1/rerank', '{"model":""}', {}, 400, 'model_missing'],
    ['half a form', '/v1/images/edits', form(model('house/a')).slice(0, 30), multipart, 400, 'body_invalid'],
    ['an id that climbs', '/v1/files/..%2f..%2fadmin', '', {}, 404, 'path_unknown'],
    ['an id with a slash', '/v1/batches/a/b/cancel', '', {}, 404, 'path_unknown'],
    ['a call nobody has', '/v1/images/dreams', '{}', {}, 404, 'path_unknown'],
  ])('is refused before anything is sent: %s', async (_name, path, body, headers, status, code) => {
    const requests = relay.upstream.requests.length;
    const refused = await relay.post(path, body, headers);
    expect([refused.status, refused.body.error?.code]).toEqual([status, code]);
    expect(relay.upstream.requests.length).toBe(requests);
    await relay.expectUnbooked();
  });

  it('may be a method, and those that are there are named', async () => {
    const put = await relay.call('PUT', '/v1/files');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect((await relay.call('DELETE', '/v1/files')).headers.get('allow')).toBe('GET, POST');
    expect((await relay.call('GET', '/v1/batches/b/cancel')).headers.get('allow')).toBe('POST');
  });

  it('may be a name for the body that is another, which the provider does not hear', async () => {
    relay.answer({ results: [] });
    const body = '{"model":"house/a","x":"&model=b&"}';
    await relay.post('/v1/rerank', body, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(relay.lastRequest().headers['content-type']).toBe('application/json');
    await relay.expectBooked({ ...unknownCost, model: 'a' });
  });

  it('may be a body where there is none, which goes nowhere', async () => {
    const smuggled = 'DELETE /v1/files/file-1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n';
    const requests = relay.upstream.requests.length;
    for (const method of ['GET', 'DELETE']) {
      relay.answer({ id: 'file-1' });
      expect(await sendRaw(method, '/v1/files/file-1', smuggled)).toBe(200);
      expect(relay.lastRequest()).toMatchObject({ method, path: '/v1/files/file-1', body: Buffer.alloc(0) });
    }
    expect(relay.upstream.requests.length).toBe(requests + 2);
  });

  it('is no key', async () => {
    const answered = await relay.call('GET', '/v1/files', { authorization: 'Bearer tp-none' });
    expect([answered.status, answered.body.error?.code]).toEqual([401, 'key_unknown']);
  });

  it('that the provider finds is told in its own words, without a bill', async () => {
    relay.answer(
      { error: { message: 'no such file upstream-key-openai', type: 'not_found' } },
      { status: 404 },
    );
    const missing = await relay.call('GET', '/v1/files/file-9');
    expect([missing.status, missing.body.error?.message]).toEqual([404, 'no such file [credential]']);
    relay.answer({ error: { message: 'bad size' } }, { status: 400 });
    const refused = await relay.post('/v1/images/generations', { model: 'openai/gpt-image-1', prompt: 'x' });
    expect(refused.status).toBe(400);
    await relay.expectBooked({
      status: 'upstream_error',
      price_state: 'free',
      cost_nano: 0,
      http_status: 400,
    });
  });

  it('is told in the shape of Anthropic’s to Anthropic’s clients', async () => {
    await expect(
      anthropic.beta.files.retrieveMetadata('a', {}, { headers: { 'x-turnpike-model': 'openai' } }),
    ).rejects.toThrow(Anthropic.BadRequestError);
  });
});

describe('an end before the end', () => {
  it.each([
    ['before its head', { ending: 'cut', headAfterMs: 0, chunks: [] }, 'upstream_truncated'],
    ['in the middle of a small answer', { ending: 'cut', chunks: ['{"data":['] }, 'upstream_truncated'],
  ] as const)('of an answer %s is an error, booked at unknown cost', async (_name, canned, code) => {
    relay.upstream.answerWith({ headers: json, ...canned });
    const broken = await relay.post('/v1/images/generations', { model: 'openai/gpt-image-1', prompt: 'x' });
    expect([broken.status, broken.body.error?.code]).toEqual([502, code]);
    await relay.expectBooked({ ...unknownCost, status: 'truncated' });
  });

  it('of sound that has begun breaks the connection', async () => {
    const chunks = [Buffer.alloc(1000, 1), { bytes: Buffer.alloc(1), delayMs: 10 }];
    relay.upstream.answerWith({ headers: { 'content-type': 'audio/mpeg' }, chunks, ending: 'cut' });
    const speech = await openai.audio.speech.create({ model: 'openai/tts-1', voice: 'alloy', input: 'x' });
    await expect(speech.arrayBuffer()).rejects.toThrow();
    await relay.expectBooked({ ...unknownCost, status: 'truncated' });
  });

  it('by a client that goes away is booked as such', async () => {
    relay.upstream.answerWith({
      headers: { 'content-type': 'audio/mpeg' },
      chunks: [Buffer.alloc(10, 1)],
      ending: 'silence',
    });
    const controller = new AbortController();
    const speech = await openai.audio.speech.create(
      { model: 'openai/tts-1', voice: 'alloy', input: 'x' },
      { signal: controller.signal },
    );
    await speech.body!.getReader().read();
    controller.abort();
    await relay.expectBooked({ ...unknownCost, status: 'client_abort' });
  });
});

/** `fetch` sends no body with GET. */
function sendRaw(method: string, path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-length': Buffer.byteLength(body) };
    const sent = request(relay.house.url + path, { method, headers }, (answered) => {
      answered.resume().on('end', () => resolve(answered.statusCode));
    });
    sent.on('error', reject).end(body);
  });
}
