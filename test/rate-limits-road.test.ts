/** Rate limits as clients of each vendor meet them: what is left, the refusal, and when their own libraries come back. */
import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RateLimitList } from '../src/admin/rate-limits.ts';
import { type OpenHouse, openHouse, untilTrue } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse(`rate_limits:
  - { scope: "agent:*", requests_per_minute: 30, burst_seconds: 4, output_tokens_per_minute: 100000, input_tokens_per_minute: 9000000 }
  - { scope: "agent:hungry", output_tokens_per_minute: 1000, burst_seconds: 60, concurrent: 9 }
  - { scope: "agent:busy", concurrent: 1 }
  - { scope: "deployment:sandbox/toolsmith", requests_per_minute: 1 }
routes: { either: { models: [sandbox/toolsmith, sandbox/echo] } }
`);
});
afterAll(() => house.close());
afterEach(() => {
  vi.useRealTimers();
});

const question = [{ role: 'user', content: 'hi' }];
const calls = {
  'openai-chat': ['/v1/chat/completions', { model: 'sandbox/echo', max_tokens: 50, messages: question }],
  'openai-responses': ['/v1/responses', { model: 'sandbox/echo', max_output_tokens: 50, input: 'hi' }],
  'anthropic-messages': ['/v1/messages', { model: 'sandbox/echo', max_tokens: 50, messages: question }],
  'gemini-generate': [
    '/v1beta/models/any:generateContent',
    { contents: [{ role: 'user', parts: [{ text: 'hi' }] }], generationConfig: { maxOutputTokens: 50 } },
  ],
  'ollama-chat': [
    '/api/chat',
    { model: 'sandbox/echo', stream: false, messages: question, options: { num_predict: 50 } },
  ],
} as const;
type Call = keyof typeof calls;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** Each agent has rows of its own. */
async function ask(call: Call, agent: string, more: object = {}, model = 'sandbox/echo'): Promise<Answer> {
  const [path, body] = calls[call];
  const answer = await fetch(house.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${BOOTSTRAP_KEY}`,
      'content-type': 'application/json',
      'x-turnpike-agent': agent,
      'x-turnpike-model': model,
    },
    body: JSON.stringify({ ...body, ...more }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    text: await answer.text(),
  };
}

/** Two requests of thirty a minute may come at once. */
async function third(
  call: Call,
  agent: string,
): Promise<{ readonly good: Answer; readonly refused: Answer }> {
  const good = await ask(call, agent);
  expect([good.status, (await ask(call, agent)).status]).toEqual([200, 200]);
  return { good, refused: await ask(call, agent) };
}

/** Takes long enough to ask again meanwhile. */
function askSlowly(agent: string, more: object = {}): Promise<Answer> {
  const messages = [{ role: 'user', content: '[[sandbox ttfb=300 pace=0]]' }];
  return ask('openai-chat', agent, { messages, ...more }, 'sandbox/scribe');
}

async function untilRunning(agent: string, count: number): Promise<void> {
  const rows = () =>
    house.rows<{ in_flight: number }>(
      `select in_flight from rate_limits where metric = 'streams' and subject like '%:${agent}'`,
    );
  await untilTrue(() => rows()[0]?.in_flight === count);
}

/** What a library is answered, one after the other; and how often it has asked. */
function scripted(...answers: readonly Answer[]) {
  const script = { asked: 0, fetch: async () => next() };
  const next = (): Response => {
    const { text, status, headers } = answers[Math.min(script.asked, answers.length - 1)]!;
    script.asked += 1;
    const { 'content-length': _length, 'content-encoding': _encoding, ...rest } = headers;
    return new Response(text, { status, headers: rest });
  };
  return script;
}

describe('what is left', () => {
  it.each(['openai-chat', 'openai-responses'] as const)('stands in the headers of %s', async (call) => {
    const { headers } = await ask(call, `left-${call}`);
    expect(headers).toMatchObject({
      'x-ratelimit-limit-requests': '30',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-reset-tokens': '30ms',
    });
    expect(headers['x-ratelimit-reset-requests']).toBe('2s');
    expect(headers['x-ratelimit-remaining-tokens']).toBe('6616');
  });

  it('stands in the headers of anthropic-messages', async () => {
    const { headers } = await ask('anthropic-messages', 'left-anthropic');
    const stem = 'anthropic-ratelimit';
    expect(headers).toMatchObject({
      [`${stem}-requests-limit`]: '30',
      [`${stem}-requests-remaining`]: '1',
      [`${stem}-output-tokens-limit`]: '100000',
      [`${stem}-output-tokens-remaining`]: '6616',
      [`${stem}-input-tokens-limit`]: '9000000',
      [`${stem}-tokens-limit`]: '100000',
    });
    const inMs = Date.parse(headers[`${stem}-requests-reset`]!) - Date.now();
    expect(inMs).toBeGreaterThan(0);
    expect(inMs).toBeLessThanOrEqual(3_000);
  });

  it.each(['gemini-generate', 'ollama-chat'] as const)('is not said in %s', async (call) => {
    const { headers } = await ask(call, `left-${call}`);
    expect(Object.keys(headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('is shown to the operator', async () => {
    await ask('openai-chat', 'seen');
    const { rateLimits } = await house.admin<RateLimitList>('GET', '/rate-limits?limit=100');
    const all = rateLimits.find(({ scope }) => scope === 'agent:*')!;
    const seen = all.uses.find(({ subject, metric }) => subject === 'seen' && metric === 'requests');
    expect(seen).toMatchObject({ limit: 30, used: 1 });
  });
});

const sentence =
  /^The limit of 30 requests per minute for agent [a-z-]+ is used up; retry in [12] s\. Wait as long as the message says/;

describe('the refusal', () => {
  it.each(['openai-chat', 'openai-responses'] as const)('in %s', async (call) => {
    const { refused } = await third(call, `refused-${call}`);
    const { message, ...rest } = JSON.parse(refused.text).error;
    expect([refused.status, message]).toEqual([429, expect.stringMatching(sentence)]);
    expect(rest).toEqual({ type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' });
    expect(refused.headers['retry-after']).toMatch(/^[12]$/);
    expect(Number(refused.headers['retry-after-ms'])).toBeGreaterThan(0);
    expect(refused.headers['x-should-retry']).toBeUndefined();
  });

  it('in anthropic-messages', async () => {
    const { refused } = await third('anthropic-messages', 'refused-anthropic');
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      429,
      {
        type: 'error',
        error: {
          type: 'rate_limit_error',
          message: expect.stringMatching(sentence),
          details: { error_code: 'rate_limited' },
        },
        request_id: expect.stringMatching(/^exc_/),
      },
    ]);
    expect(refused.headers['retry-after']).toMatch(/^[12]$/);
  });

  it('in gemini-generate, with the delay in its details', async () => {
    const { refused } = await third('gemini-generate', 'refused-gemini');
    const { error } = JSON.parse(refused.text);
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(error.message).toMatch(sentence);
    expect(error.details).toContainEqual({
      '@type': 'type.googleapis.com/google.rpc.RetryInfo',
      retryDelay: expect.stringMatching(/^[01](\.\d{1,3})?s$|^2s$/),
    });
  });

  it('in ollama-chat', async () => {
    const { refused } = await third('ollama-chat', 'refused-ollama');
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      429,
      { error: expect.stringMatching(sentence) },
    ]);
  });

  it('of tokens says how many were asked for, and one that is larger than the limit is not refused for good', async () => {
    const large = askSlowly('hungry', { max_tokens: 4_000 });
    await untilRunning('hungry', 1);
    const { status, text } = await ask('openai-chat', 'hungry', { max_tokens: 990 });
    expect((await large).status).toBe(200);
    expect([status, JSON.parse(text).error.message]).toEqual([
      429,
      expect.stringMatching(
        /^The limit of 1,000 output tokens per minute for agent hungry has no room for the 990 this request may take; retry in/,
      ),
    ]);
  });

  it('of one deployment sends the request on to the next of the route', async () => {
    const model = async () => (await ask('openai-chat', 'routed', {}, 'either')).headers['x-turnpike-model'];
    expect([await model(), await model()]).toEqual(['sandbox/toolsmith', 'sandbox/echo']);
    const { status } = await ask('openai-chat', 'elsewhere', {}, 'sandbox/toolsmith');
    expect(status).toBe(429);
  });

  it('of requests at once ends with one of them', async () => {
    const running = askSlowly('busy');
    await untilRunning('busy', 1);
    const refused = await ask('openai-chat', 'busy');
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text).error.message).toMatch(
      /^As many requests as agent busy may have at once \(1\) are under way; retry in 1 s\./,
    );
    await running;
    await untilRunning('busy', 0);
  });
});

describe("the vendor's own library", () => {
  it('of OpenAI sees a rate limit, and comes back after the milliseconds it is told', async () => {
    const { good, refused } = await third('openai-chat', 'library-openai');
    const client = (script: ReturnType<typeof scripted>, maxRetries: number) =>
      new OpenAI({ apiKey: 'k', baseURL: 'http://turnpike/v1', fetch: script.fetch, maxRetries });
    const chat = (openai: OpenAI) =>
      openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    const failed = chat(client(scripted(refused), 0));
    await expect(failed).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(failed).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    const script = scripted(refused, good);
    vi.useFakeTimers();
    const came = chat(client(script, 1));
    await vi.advanceTimersByTimeAsync(Number(refused.headers['retry-after-ms']) - 1);
    expect(script.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await came).choices).toHaveLength(1);
    expect(script.asked).toBe(2);
  });

  it('of Anthropic sees a rate limit, and comes back after the seconds it is told', async () => {
    const { good, refused } = await third('anthropic-messages', 'library-anthropic');
    const client = (script: ReturnType<typeof scripted>, maxRetries: number) =>
      new Anthropic({ apiKey: 'k', baseURL: 'http://turnpike', fetch: script.fetch, maxRetries });
    const chat = (anthropic: Anthropic) =>
      anthropic.messages.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
    const failed = chat(client(scripted(refused), 0));
    await expect(failed).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(failed).rejects.toMatchObject({
      status: 429,
      error: { error: { type: 'rate_limit_error' } },
    });
    const script = scripted(refused, good);
    vi.useFakeTimers();
    const came = chat(client(script, 1));
    await vi.advanceTimersByTimeAsync(Number(refused.headers['retry-after']) * 1_000 - 1);
    expect(script.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await came).content).not.toEqual([]);
    expect(script.asked).toBe(2);
  });

  it('of Google and of Ollama sees a 429 and the reason', async () => {
    const gemini = await third('gemini-generate', 'library-gemini');
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(scripted(gemini.refused).fetch);
    const google = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: 'http://turnpike' } });
    const failed = google.models.generateContent({ model: 'm', contents: 'hi' });
    await expect(failed).rejects.toBeInstanceOf(ApiError);
    await expect(failed).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('RetryInfo'),
    });
    fetched.mockRestore();
    const { refused } = await third('ollama-chat', 'library-ollama');
    const ollama = new Ollama({ host: 'http://turnpike', fetch: scripted(refused).fetch });
    await expect(
      ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
    ).rejects.toMatchObject({
      status_code: 429,
      error: expect.stringMatching(sentence),
    });
  });
});
