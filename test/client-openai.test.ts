/** The official OpenAI client through Turnpike, on a provider of its own format (relay) and of another (translate). */
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRoad, orders, providers, type Road } from './support/cells.ts';
import { redPixel } from './support/samples.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());
beforeEach(() => road.forgetHealth());

const weather: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe.each(providers)('chat completions on $format', ({ provider, format }) => {
  const lane = format === 'openai-chat' ? 'relay' : 'translate';
  type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;
  const create = (prompt: string, more: Partial<Params> = {}, model = 'scribe') =>
    road.openai.chat.completions.create({
      model: `${provider}/${model}`,
      messages: [{ role: 'user', content: prompt }],
      ...more,
    });

  it('answers with text, finish reason, usage and our headers', async () => {
    const { data, response } = await road.openai.chat.completions
      .create({
        model: `${provider}/scribe`,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: orders('text="Grüße, 世界 🚀" input-tokens=321 output-tokens=12') },
        ],
      })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('Grüße, 世界 🚀');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage).toMatchObject({ prompt_tokens: 321, completion_tokens: 12, total_tokens: 333 });
    expect(response.headers.get('x-turnpike-lane')).toBe(lane);
    expect(response.headers.get('x-turnpike-exchange-id')).toMatch(/^exc_/);
  });

  it.each([true, false])('streams, with usage only when asked for (asked: %s)', async (isAsked) => {
    const stream = await road.openai.chat.completions.create({
      model: `${provider}/scribe`,
      stream: true,
      messages: [{ role: 'user', content: orders('text="one two three" output-tokens=77') }],
      ...(isAsked && { stream_options: { include_usage: true } }),
    });
    let text = '';
    let finish: string | null | undefined;
    const usages: OpenAI.CompletionUsage[] = [];
    let empty = 0;
    for await (const chunk of stream) {
      if (chunk.choices.length === 0) empty += 1;
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      if (chunk.usage) usages.push(chunk.usage);
    }
    expect(text).toBe('one two three');
    expect(finish).toBe('stop');
    expect(usages.map((usage) => usage.completion_tokens)).toEqual(isAsked ? [77] : []);
    expect(empty).toBe(isAsked ? 1 : 0);
  });

  it.each([false, true])('calls tools in parallel and takes their results (stream: %s)', async (isStream) => {
    const params: Params = {
      model: `${provider}/toolsmith`,
      tools: [weather],
      messages: [{ role: 'user', content: orders('tool=get_weather args={"city":"Oslo"} parallel=2') }],
    };
    const completion = isStream
      ? await road.openai.chat.completions.stream({ ...params, stream: true }).finalChatCompletion()
      : await road.openai.chat.completions.create(params);
    const message = completion.choices[0]!.message;
    const calls = (message.tool_calls ?? []).filter((call) => call.type === 'function');
    expect(completion.choices[0]!.finish_reason).toBe('tool_calls');
    expect(calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
      ['get_weather', { city: 'Oslo' }],
      ['get_weather', { city: 'Oslo' }],
    ]);
    const answer = await road.openai.chat.completions.create({
      ...params,
      messages: [
        ...params.messages,
        { role: 'assistant', content: null, tool_calls: calls },
        ...calls.map((call, index) => ({
          role: 'tool' as const,
          tool_call_id: call.id,
          content: `${index} degrees`,
        })),
      ],
    });
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.choices[0]?.message.content).toContain('degrees');
  });

  it('shows images', async () => {
    const completion = await create(
      '',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: orders('', 'What is this?') },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${redPixel}` } },
            ],
          },
        ],
      },
      'vision',
    );
    expect(completion.choices[0]?.message.content).toContain('image/png');
  });

  it('thinks, in the field compatible servers use', async () => {
    const completion = await create(
      orders('thinking=12 text="done"'),
      { reasoning_effort: 'medium', max_completion_tokens: 20_000 },
      'thinker',
    );
    expect(completion.choices[0]?.message).toMatchObject({
      content: 'done',
      reasoning_content: expect.stringMatching(/\w/),
    });
  });

  it('answers in the shape of a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
      additionalProperties: false,
    };
    const completion = await create(
      orders('', 'go'),
      { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } },
      'json',
    );
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ ok: expect.any(Boolean) });
  });

  const errors: [string, new (...args: never[]) => InstanceType<typeof OpenAI.APIError>][] = [
    ['400', OpenAI.BadRequestError],
    ['403', OpenAI.PermissionDeniedError],
    ['404', OpenAI.NotFoundError],
    ['429', OpenAI.RateLimitError],
    ['500', OpenAI.InternalServerError],
    ['529', OpenAI.InternalServerError],
  ];
  it.each(errors)('passes on an upstream %s as the class the client throws', async (status, errorClass) => {
    const error = await create('x', {}, `fault-${status}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect((error as InstanceType<typeof OpenAI.APIError>).message.length).toBeGreaterThan(5);
  });

  it('ends a stream that breaks with an error, never as if it were whole', async () => {
    for (const fault of ['cut', 'eof', 'error-event']) {
      const stream = await road.openai.chat.completions.create({
        model: `${provider}/scribe`,
        stream: true,
        messages: [{ role: 'user', content: orders(`words=200 fail=${fault} after=20`) }],
      });
      const drain = async (): Promise<void> => {
        for await (const _ of stream);
      };
      await expect(drain(), fault).rejects.toBeInstanceOf(OpenAI.APIError);
    }
  });

  it('aborts the upstream when the client goes away', async () => {
    const stream = await road.openai.chat.completions.create({
      model: `${provider}/scribe`,
      stream: true,
      messages: [{ role: 'user', content: '[[sandbox ttfb=0 pace=20 words=4000]]' }],
    });
    let seen = 0;
    for await (const _ of stream) {
      seen += 1;
      if (seen === 5) break;
    }
    await expect.poll(() => road.upstream.requests.at(-1)?.aborted, { timeout: 5000 }).toBe(true);
  });
});

describe('what the client sees of Turnpike itself', () => {
  it('lists models', async () => {
    const page = await road.openai.models.list();
    const ids = page.data.map((model) => model.id);
    expect(ids).toContain('sandbox/scribe');
    expect(ids).toContain('fast');
  });

  it('follows aliases and routes, and says when another than the first answered', async () => {
    const fast = await road.openai.chat.completions
      .create({ model: 'fast', messages: [{ role: 'user', content: 'ping' }] })
      .withResponse();
    expect(fast.response.headers.get('x-turnpike-model')).toBe('oai/echo');
    const safe = await road.openai.chat.completions
      .create({ model: 'safe', messages: [{ role: 'user', content: 'ping' }] })
      .withResponse();
    expect(safe.response.headers.get('x-turnpike-model')).toBe('ant/echo');
    expect(safe.response.headers.get('x-turnpike-attempts')).toBe('2');
    expect(safe.response.headers.get('x-turnpike-fallback')).toBe('true');
    expect(safe.data.choices[0]?.message.content).toContain('ping');
  });

  it('states the cost of a whole reply', async () => {
    const { response } = await road.openai.chat.completions
      .create({
        model: 'sandbox/scribe',
        messages: [{ role: 'user', content: orders('text="x" input-tokens=1000 output-tokens=100') }],
      })
      .withResponse();
    // $1 and $5 per million tokens: 1000 in, 100 out.
    expect(response.headers.get('x-turnpike-cost-usd')).toBe('0.0015');
  });

  it('refuses a wrong key with its own error class', async () => {
    const stranger = new OpenAI({ apiKey: 'tp-wrong', baseURL: `${road.url}/v1`, maxRetries: 0 });
    const call = stranger.chat.completions.create({
      model: 'sandbox/echo',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(call).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });
});
