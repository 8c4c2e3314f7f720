/** The official Anthropic client through Turnpike, on a provider of its own format (relay) and of another (translate). */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRoad, orders, providers, type Road } from './support/cells.ts';
import { redPixel } from './support/samples.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());
beforeEach(() => road.forgetHealth());

const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe.each(providers)('messages on $format', ({ provider, format }) => {
  const lane = format === 'anthropic-messages' ? 'relay' : 'translate';
  const create = (
    prompt: string,
    more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
    model = 'scribe',
  ) =>
    road.anthropic.messages.create({
      model: `${provider}/${model}`,
      max_tokens: 500,
      messages: [{ role: 'user', content: prompt }],
      ...more,
    });

  it('answers with text, stop reason, usage and our headers', async () => {
    const { data, response } = await road.anthropic.messages
      .create({
        model: `${provider}/scribe`,
        max_tokens: 500,
        system: 'Be brief.',
        messages: [
          { role: 'user', content: orders('text="Grüße, 世界 🚀" input-tokens=321 output-tokens=12') },
        ],
      })
      .withResponse();
    expect(data.content).toEqual([expect.objectContaining({ type: 'text', text: 'Grüße, 世界 🚀' })]);
    expect(data.stop_reason).toBe('end_turn');
    expect(data.usage).toMatchObject({ input_tokens: 321, output_tokens: 12 });
    expect(response.headers.get('x-turnpike-lane')).toBe(lane);
    expect(response.headers.get('x-turnpike-model')).toBe(`${provider}/scribe`);
    expect(response.headers.get('x-turnpike-exchange-id')).toMatch(/^exc_/);
    expect(response.headers.get('x-turnpike-attempts')).toBe('1');
  });

  it('streams', async () => {
    const stream = road.anthropic.messages.stream({
      model: `${provider}/scribe`,
      max_tokens: 500,
      messages: [{ role: 'user', content: orders('words=60 output-tokens=77') }],
    });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type);
    const message = await stream.finalMessage();
    expect([...types].sort()).toEqual([
      'content_block_delta',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_start',
      'message_stop',
    ]);
    expect(message.usage.output_tokens).toBe(77);
    expect(message.content[0]).toMatchObject({ type: 'text' });
  });

  it.each([false, true])('calls tools in parallel and takes their results (stream: %s)', async (isStream) => {
    const params: Anthropic.MessageCreateParamsNonStreaming = {
      model: `${provider}/toolsmith`,
      max_tokens: 500,
      tools: [weather],
      messages: [{ role: 'user', content: orders('tool=get_weather args={"city":"Oslo"} parallel=2') }],
    };
    const message = isStream
      ? await road.anthropic.messages.stream(params).finalMessage()
      : await road.anthropic.messages.create(params);
    const calls = message.content.filter((block) => block.type === 'tool_use');
    expect(message.stop_reason).toBe('tool_use');
    expect(calls.map((call) => [call.name, call.input])).toEqual([
      ['get_weather', { city: 'Oslo' }],
      ['get_weather', { city: 'Oslo' }],
    ]);
    const answer = await road.anthropic.messages.create({
      ...params,
      messages: [
        ...params.messages,
        { role: 'assistant', content: message.content },
        {
          role: 'user',
          content: calls.map((call, index) => ({
            type: 'tool_result' as const,
            tool_use_id: call.id,
            content: `${index} degrees`,
            is_error: index === 1,
          })),
        },
      ],
    });
    expect(answer.stop_reason).toBe('end_turn');
    expect(JSON.stringify(answer.content)).toContain('degrees');
  });

  it('shows images', async () => {
    const message = await create(
      '',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: orders('', 'What is this?') },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: redPixel } },
            ],
          },
        ],
      },
      'vision',
    );
    expect(JSON.stringify(message.content)).toContain('image/png');
  });

  it('thinks', async () => {
    const stream = road.anthropic.messages.stream({
      model: `${provider}/thinker`,
      max_tokens: 4000,
      thinking: { type: 'enabled', budget_tokens: 2000 },
      messages: [{ role: 'user', content: orders('thinking=12 text="done"') }],
    });
    const message = await stream.finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text']);
  });

  const errors: [string, new (...args: never[]) => InstanceType<typeof Anthropic.APIError>, string][] = [
    ['400', Anthropic.BadRequestError, 'invalid_request_error'],
    ['403', Anthropic.PermissionDeniedError, 'permission_error'],
    ['404', Anthropic.NotFoundError, 'not_found_error'],
    ['429', Anthropic.RateLimitError, 'rate_limit_error'],
    ['500', Anthropic.InternalServerError, 'api_error'],
    ['529', Anthropic.InternalServerError, 'overloaded_error'],
  ];
  it.each(errors)(
    'passes on an upstream %s as the class the client throws',
    async (status, errorClass, type) => {
      const error = await create('x', {}, `fault-${status}`).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(errorClass);
      expect((error as InstanceType<typeof Anthropic.APIError>).error).toMatchObject({
        type: 'error',
        error: { type },
      });
    },
  );

  it('ends a stream that breaks with an error, never as if it were whole', async () => {
    for (const fault of ['cut', 'eof', 'error-event']) {
      const stream = road.anthropic.messages.stream({
        model: `${provider}/scribe`,
        max_tokens: 500,
        messages: [{ role: 'user', content: orders(`words=200 fail=${fault} after=20`) }],
      });
      await expect(stream.finalMessage(), fault).rejects.toBeInstanceOf(Anthropic.APIError);
    }
  });

  it('aborts the upstream when the client goes away, and books it once', async () => {
    const controller = new AbortController();
    const stream = await road.anthropic.messages.create(
      {
        model: `${provider}/scribe`,
        max_tokens: 5000,
        stream: true,
        messages: [{ role: 'user', content: `[[sandbox ttfb=0 pace=20 words=4000]]` }],
      },
      { signal: controller.signal },
    );
    let seen = 0;
    await (async () => {
      for await (const _ of stream) {
        seen += 1;
        if (seen === 5) controller.abort();
      }
    })().catch(() => undefined);
    await expect.poll(() => road.upstream.requests.at(-1)?.aborted, { timeout: 5000 }).toBe(true);
    expect(seen).toBeGreaterThanOrEqual(5);
  });

  it('counts tokens', async () => {
    const counted = await road.anthropic.messages.countTokens({
      model: `${provider}/scribe`,
      messages: [{ role: 'user', content: 'How many tokens are these few words?' }],
    });
    expect(counted.input_tokens).toBeGreaterThan(4);
    expect(counted.input_tokens).toBeLessThan(60);
  });
});

describe('what the client sees of Turnpike itself', () => {
  it('lists models', async () => {
    const ids: string[] = [];
    for await (const model of road.anthropic.models.list()) ids.push(model.id);
    expect(ids).toContain('sandbox/scribe');
    expect(ids).toContain('fast');
    expect(await road.anthropic.models.retrieve('sandbox/scribe')).toMatchObject({
      id: 'sandbox/scribe',
      type: 'model',
    });
  });

  it('refuses a wrong key with its own error class', async () => {
    const stranger = new Anthropic({ apiKey: 'tp-wrong', baseURL: road.url, maxRetries: 0 });
    const call = stranger.messages.create({
      model: 'sandbox/echo',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(call).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it('takes the key from x-api-key as well as from Authorization', async () => {
    for (const headers of [
      { 'x-api-key': BOOTSTRAP_KEY },
      { authorization: `Bearer ${BOOTSTRAP_KEY}` },
      { 'x-goog-api-key': BOOTSTRAP_KEY },
      { 'api-key': BOOTSTRAP_KEY },
    ]) {
      const answer = await fetch(`${road.url}/v1/messages`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' } as Record<string, string>,
        body: JSON.stringify({
          model: 'sandbox/echo',
          max_tokens: 5,
          messages: [{ role: 'user', content: 'x' }],
        }),
      });
      expect(answer.status, Object.keys(headers)[0]).toBe(200);
      await answer.arrayBuffer();
    }
  });
});
