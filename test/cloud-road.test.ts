/** A request's whole way to each cloud and back: over the socket, through the lanes, into the books. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSseReader, type Frame } from '../src/wire/frames.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { awsChunk, awsException } from './support/aws-event-stream.ts';
import { authorizationOf, expectedSignature } from './support/aws-signature.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let upstream: FakeUpstream;
let house: OpenHouse;

const SECRET = 'secret-of-the-house';
const BEDROCK_CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

beforeAll(async () => {
  upstream = await startFakeUpstream();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKHOUSE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  house = await openHouse(`
providers:
  bedrock: { base_url: '${upstream.url}', region: us-east-1 }
  vertex: { base_url: '${upstream.url}', project: house, location: us-east5, api_key: ya29.token }
  gemini: { base_url: '${upstream.url}/v1beta', api_key: AIza-house }
  azure: { base_url: '${upstream.url}', api_key: azure-key }
  classic: { kind: azure, base_url: '${upstream.url}', api_key: azure-key, api_version: '2024-10-21' }
`);
});
beforeEach(() => house.forgetHealth());
afterAll(async () => {
  await house.close();
  await upstream.close();
  vi.unstubAllEnvs();
});

async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(house.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What the cloud was asked last. */
function asked() {
  const request = upstream.requests.at(-1)!;
  return { ...request, json: JSON.parse(request.body.toString()) as Record<string, unknown> };
}

function framesOf(text: string): Frame[] {
  const reader = createSseReader();
  return [...reader.push(Buffer.from(text)), ...reader.end()];
}

const question = { max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] };

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
};

const events = [
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 5 },
  },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10 } },
];

/** In pieces that end nowhere in particular. */
function answerFramed(...messages: readonly Buffer[]): void {
  const bytes = Buffer.concat(messages);
  const third = Math.ceil(bytes.length / 3);
  const chunks = [0, 1, 2].map((nth) => bytes.subarray(nth * third, (nth + 1) * third));
  upstream.answerWith({ headers: { 'content-type': 'application/vnd.amazon.eventstream' }, chunks });
}

function answerJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  const json = { 'content-type': 'application/json', ...headers };
  upstream.answerWith({ status, headers: json, chunks: [JSON.stringify(body)] });
}

async function lastEntry(exchangeId: string | null) {
  return (await house.entriesOf(exchangeId!, 1))[0]!;
}

describe('Claude on Bedrock', () => {
  const ask = (more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
    post('/v1/messages?beta=true', { model: `bedrock/${BEDROCK_CLAUDE}`, ...question, ...more }, headers);

  it('is asked as Bedrock wants it, signed, and streams to a client of its own format', async () => {
    answerFramed(...events.map(awsChunk));
    const answer = await ask(
      { stream: true },
      { 'anthropic-beta': 'a-1, b-2', 'anthropic-version': '2023-06-01' },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(framesOf(answer.text)).toEqual(
      events.map((event) => ({ event: event.type, data: JSON.stringify(event) })),
    );
    const { path, headers, json, body } = asked();
    expect(path).toBe(`/model/${BEDROCK_CLAUDE.replace(':', '%3A')}/invoke-with-response-stream`);
    expect(json).toEqual({
      ...question,
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['a-1', 'b-2'],
    });
    const signed = { method: 'POST', path, headers, body };
    expect(authorizationOf(signed).signature).toBe(expectedSignature(signed, SECRET));
    const entry = await lastEntry(answer.headers.get('x-turnpike-exchange-id'));
    expect(entry).toMatchObject({ status: 'ok', input_tokens: 10, output_tokens: 5 });
    // 10 x 3.30 + 5 x 16.50 dollars per million.
    expect(entry.cost_nano).toBe(115_500);
  });

  it('answers whole', async () => {
    answerJson(200, message, { 'x-amzn-requestid': 'aws-1' });
    const answer = await ask();
    expect(JSON.parse(answer.text)).toEqual(message);
    expect(answer.headers.get('x-upstream-request-id')).toBe('aws-1');
    expect(asked().path).toMatch(/\/invoke$/);
    expect(asked().json).not.toHaveProperty('stream');
  });

  it('streams to a client of another format', async () => {
    answerFramed(...events.map(awsChunk));
    const body = { model: `bedrock/${BEDROCK_CLAUDE}`, stream: true, messages: question.messages };
    const answer = await post('/v1/chat/completions', body);
    const frames = framesOf(answer.text);
    expect(frames.at(-1)!.data).toBe('[DONE]');
    const chunks = frames.slice(0, -1).map(({ data }) => JSON.parse(data));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello');
    expect(asked().json).toMatchObject({ anthropic_version: 'bedrock-2023-05-31' });
    expect(asked().json).not.toHaveProperty('model');
  });

  it('fails before its first word with a real status', async () => {
    answerFramed(awsException('throttlingException', '{"message":"Too many requests"}'));
    const answer = await ask({ stream: true });
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.text).error).toMatchObject({ type: 'rate_limit_error' });
  });

  it('fails in the middle with an error event', async () => {
    const broken = awsException('modelStreamErrorException', '{"message":"oh no"}');
    answerFramed(...events.slice(0, 3).map(awsChunk), broken);
    const last = framesOf((await ask({ stream: true })).text).at(-1)!;
    expect(last.event).toBe('error');
    expect(JSON.parse(last.data).error).toMatchObject({ type: 'api_error' });
  });

  it('ends a damaged stream with an error event', async () => {
    const damaged = awsChunk(events[3]);
    damaged[40]! ^= 1;
    const good = Buffer.concat(events.slice(0, 3).map(awsChunk));
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' };
    upstream.answerWith({ headers, chunks: [good, { bytes: damaged, delayMs: 20 }], ending: 'silence' });
    const answer = await ask({ stream: true });
    const last = framesOf(answer.text).at(-1)!;
    expect(last.event).toBe('error');
    expect(JSON.parse(last.data).error.message).toContain('event stream is damaged');
    const entry = await lastEntry(answer.headers.get('x-turnpike-exchange-id'));
    expect(entry.error_class).toBe('frame_damaged');
  });

  it('tells what Bedrock says of a request it refuses', async () => {
    answerJson(400, { message: 'The provided model identifier is invalid.' });
    const answer = await ask();
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'The provided model identifier is invalid.' },
    });
  });
});

describe('others on Bedrock', () => {
  it('are asked in OpenAI chat', async () => {
    await post('/v1/chat/completions', {
      model: 'bedrock/openai.gpt-oss-120b-1:0',
      messages: question.messages,
    });
    const { path, headers, json, body } = asked();
    expect(path).toBe('/openai/v1/chat/completions');
    expect(json.model).toBe('openai.gpt-oss-120b-1:0');
    const signed = { method: 'POST', path, headers, body };
    expect(authorizationOf(signed).signature).toBe(expectedSignature(signed, SECRET));
  });
});

describe('Vertex', () => {
  const root = '/v1/projects/house/locations/us-east5';

  it('serves Claude in its own format', async () => {
    answerJson(200, message);
    const body = { model: 'vertex/claude-sonnet-4-5@20250929', ...question };
    const answer = await post('/v1/messages?beta=true', body, {
      'anthropic-beta': 'a-1',
      'anthropic-version': '2023-06-01',
    });
    expect(JSON.parse(answer.text)).toEqual(message);
    const { path, headers, json } = asked();
    expect(path).toBe(`${root}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`);
    expect(json).toEqual({ ...question, anthropic_version: 'vertex-2023-10-16' });
    expect(headers).toMatchObject({ authorization: 'Bearer ya29.token', 'anthropic-beta': 'a-1' });
    expect(headers).not.toHaveProperty('anthropic-version');
  });

  it.each<[header: string, body: object, version: string]>([
    ['2026-10-21', {}, '2026-10-21'],
    ['2023-06-01', {}, 'vertex-2023-10-16'],
    ['latest', {}, 'vertex-2023-10-16'],
    ['2026-10-21', { anthropic_version: 'mine' }, 'mine'],
  ])('takes the version %s with %j as %s', async (header, more, version) => {
    answerJson(200, message);
    await post(
      '/v1/messages',
      { model: 'vertex/claude-x', ...question, ...more },
      { 'anthropic-version': header },
    );
    expect(asked().json.anthropic_version).toBe(version);
  });

  it('keeps the stream flag of Claude', async () => {
    const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    upstream.answerWith({ headers: { 'content-type': 'text/event-stream' }, chunks: [text] });
    const answer = await post('/v1/messages', { model: 'vertex/claude-x', stream: true, ...question });
    expect(answer.text).toBe(text);
    expect(asked().path).toBe(`${root}/publishers/anthropic/models/claude-x:streamRawPredict`);
    expect(asked().json).toMatchObject({ stream: true });
  });

  it('counts tokens of the model in the body', async () => {
    answerJson(200, { input_tokens: 9 });
    const { messages } = question;
    const answer = await post('/v1/messages/count_tokens', { model: 'vertex/claude-x', messages });
    expect(JSON.parse(answer.text)).toEqual({ input_tokens: 9 });
    expect(asked().path).toBe(`${root}/publishers/anthropic/models/count-tokens:rawPredict`);
    expect(asked().json).toMatchObject({ model: 'claude-x', messages });
  });

  it("tells Google's errors in the client's words", async () => {
    answerJson(429, { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } });
    const answer = await post('/v1/messages', { model: 'vertex/claude-x', ...question });
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Quota exceeded' },
    });
  });

  it("serves other publishers' models in OpenAI chat", async () => {
    await post('/v1/chat/completions', { model: 'vertex/meta/llama-4', messages: question.messages });
    expect(asked().path).toBe(`${root}/endpoints/openapi/chat/completions`);
    expect(asked().json.model).toBe('meta/llama-4');
  });
});

describe('Azure', () => {
  it.each([
    ['azure', '/openai/v1/chat/completions'],
    ['classic', '/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21'],
  ])('%s is asked at %s', async (name, path) => {
    await post('/v1/chat/completions', { model: `${name}/our-gpt`, messages: question.messages });
    expect(asked().path).toBe(path);
    expect(asked().headers['api-key']).toBe('azure-key');
    expect(asked().headers).not.toHaveProperty('authorization');
    expect(asked().json.model).toBe('our-gpt');
  });
});

const spoken = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  modelVersion: 'gemini-2.5-pro',
  responseId: 'r1',
};
const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];

describe.each([
  ['gemini', '/v1beta', { 'x-goog-api-key': 'AIza-house' }],
  [
    'vertex',
    '/v1/projects/house/locations/us-east5/publishers/google',
    { authorization: 'Bearer ya29.token' },
  ],
])('Gemini by %s', (name, root, credential) => {
  it('answers a client of its own format', async () => {
    answerJson(200, spoken);
    const answer = await post(`/v1beta/models/${name}/gemini-2.5-pro:generateContent`, { contents });
    expect(JSON.parse(answer.text)).toEqual(spoken);
    expect(asked().path).toBe(`${root}/models/gemini-2.5-pro:generateContent`);
    expect(asked().json).toEqual({ contents });
    expect(asked().headers).toMatchObject(credential);
    const entry = await lastEntry(answer.headers.get('x-turnpike-exchange-id'));
    // 10 x 1.25 + 5 x 10 dollars per million.
    expect(entry.cost_nano).toBe(62_500);
  });

  it('streams to a client of another', async () => {
    upstream.answerWith({
      headers: { 'content-type': 'text/event-stream' },
      chunks: [`data: ${JSON.stringify(spoken)}\r\n\r\n`],
    });
    const body = { model: `${name}/gemini-2.5-pro`, stream: true, messages: question.messages };
    const answer = await post('/v1/chat/completions', body);
    expect(answer.text).toContain('"content":"Hello"');
    expect(framesOf(answer.text).at(-1)!.data).toBe('[DONE]');
    expect(asked().path).toBe(`${root}/models/gemini-2.5-pro:streamGenerateContent?alt=sse`);
  });
});

it('adds up', async () => {
  await house.verify();
});
