/** Requests: what is read, and that rendering what was read changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { hasRecordings, readObject, readObjects, recordedRequests } from './__fixtures__/read-fixtures.ts';
import { openaiChat } from './index.ts';

const { parseRequest, renderRequest } = openaiChat;
const own = { format: 'openai-chat', fields: {} } as const;

function parsed(name: string): ChatRequest {
  return parseRequest(readObject('requests', name));
}

describe('a request of this format', () => {
  it.each(readObjects('requests'))('comes back as it was: %s', (_name, body) => {
    expect(renderRequest(parseRequest(body))).toEqual({ body, warnings: [] });
  });
  it.skipIf(!hasRecordings)('comes back as it was, recorded (skipped without recordings)', () => {
    for (const [, body] of recordedRequests) expect(renderRequest(parseRequest(body)).body).toEqual(body);
    expect(recordedRequests.length).toBeGreaterThan(3);
  });
  it('comes back as it was, whatever its fields', () => {
    fc.assert(
      fc.property(anyRequest(), (body) => {
        expect(renderRequest(parseRequest(body)).body).toEqual(body);
      }),
      { numRuns: 400 },
    );
  });
});

describe('parseRequest', () => {
  it('reads settings', () => {
    const { turns: _, ...chat } = parsed('settings');
    expect(chat).toEqual({
      model: 'gpt-4.1',
      tools: [],
      stream: false,
      temperature: 0.2,
      topP: 0.9,
      seed: 7,
      presencePenalty: 0.5,
      frequencyPenalty: -0.5,
      maxOutputTokens: 256,
      stop: ['END'],
      endUser: 'u-1',
      serviceTier: 'flex',
      parallelToolCalls: false,
      extra: {
        format: 'openai-chat',
        fields: {
          logit_bias: { '50256': -100 },
          logprobs: true,
          top_logprobs: 2,
          store: true,
          metadata: { run: '7' },
          prompt_cache_key: 'k',
          verbosity: 'low',
        },
        spelling: { stop: 'END', stream: false, n: 1 },
      },
    });
  });
  it('reads the turns of an agent', () => {
    const chat = parsed('agent-turns');
    expect(chat.turns.map(({ role }) => role).join(' ')).toBe(
      'developer user assistant tool tool tool assistant user',
    );
    expect(chat.turns[2]).toEqual({
      role: 'assistant',
      shape: 'empty',
      parts: [
        { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"city": "Graz"}' },
        { type: 'tool-call', id: 'call_2', name: 'weather', arguments: '{"city":"Li' },
        { type: 'tool-call', id: 'call_3', name: 'now', arguments: '' },
      ],
    });
    expect(chat.turns[3]?.parts).toEqual([
      { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: '12 °C' }], shape: 'string' },
    ]);
    expect(chat.tools[0]).toMatchObject({ name: 'weather', strict: true, inputSchema: { type: 'object' } });
    expect(chat.tools[1]).toEqual({ name: 'now' });
    expect(chat).toMatchObject({
      toolChoice: { type: 'auto' },
      maxOutputTokens: 1000,
      stream: true,
      streamUsage: true,
    });
  });
  it('reads media', () => {
    expect(parsed('media').turns[0]?.parts).toEqual([
      { type: 'text', text: 'What is here?' },
      {
        type: 'image',
        source: { kind: 'base64', mediaType: 'image/png', data: expect.stringMatching(/^iVBOR.*==$/) },
        detail: 'low',
      },
      { type: 'image', source: { kind: 'url', url: 'https://example.com/cat.jpg' } },
      {
        type: 'audio',
        source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' },
        encoding: 'wav',
      },
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
        title: 'a.pdf',
      },
      { type: 'document', source: { kind: 'file', fileId: 'file-abc' } },
    ]);
  });
  it('reads media as clients really write it', () => {
    expect(parsed('odd-media').turns[0]?.parts).toEqual([
      { type: 'image', source: { kind: 'url', url: 'https://example.com/cat.jpg' } },
      { type: 'image', source: { kind: 'url', url: 'data:image/svg+xml,%3Csvg/%3E' } },
      {
        type: 'image',
        source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
        extra: { ...own, fields: { image_url: { max_pixels: 100 } } },
      },
      { type: 'opaque', format: 'openai-chat', value: expect.objectContaining({ type: 'video_url' }) },
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
        title: 'b.pdf',
      },
      { type: 'document', source: { kind: 'url', url: 'https://example.com/c.pdf' } },
    ]);
  });
  it('pairs legacy function calls with their results', () => {
    const { turns, tools, toolChoice, maxOutputTokens } = parsed('legacy-functions');
    const ids = turns.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.type === 'tool-call' ? part.id : part.type === 'tool-result' ? part.callId : [],
      ),
    );
    expect(ids).toEqual(['call_function_1', 'call_function_1', 'call_function_3', 'call_function_3']);
    expect(tools.map(({ name }) => name)).toEqual(['weather']);
    expect(toolChoice).toEqual({ type: 'tool', name: 'weather' });
    expect(maxOutputTokens).toBe(12);
  });
  it('reads OpenRouter: cache marks, reasoning, unknown fields', () => {
    const { turns, reasoning, tools, extra } = parsed('openrouter-cached');
    expect(turns[0]?.parts[0]).toEqual({ type: 'text', text: 'Long prompt.', cache: { ttl: '1h' } });
    expect(turns[1]?.parts[0]).toEqual({ type: 'text', text: 'Hi', cache: {} });
    expect(turns[2]?.parts[0]).toMatchObject({ type: 'thinking', text: 'They greet.' });
    expect(turns[2]?.extra?.fields).toHaveProperty('reasoning_details');
    expect(tools[0]?.cache).toEqual({});
    expect(reasoning).toMatchObject({
      mode: 'on',
      budgetTokens: 2000,
      extra: { fields: { exclude: false } },
    });
    expect(extra?.fields).toEqual({ provider: { order: ['Anthropic'] }, usage: { include: true } });
  });
  it.each([
    [
      'cache-breakpoint',
      (chat: ChatRequest) => chat.turns[0]?.parts.map((part) => 'cache' in part),
      [true, false],
    ],
    ['refusals', (chat: ChatRequest) => chat.reasoning?.mode, 'off'],
    ['refusals', (chat: ChatRequest) => chat.turns[1]?.parts, [{ type: 'refusal', text: "I can't." }]],
    ['magistral', (chat: ChatRequest) => chat.turns[1]?.parts.map(({ type }) => type), ['thinking', 'text']],
    ['magistral', (chat: ChatRequest) => chat.toolChoice, { type: 'required' }],
    ['allowed-tools', (chat: ChatRequest) => chat.toolChoice, { type: 'required' }],
    ['allowed-tools', (chat: ChatRequest) => 'tool_choice' in (chat.extra?.fields ?? {}), true],
    ['allowed-tools', (chat: ChatRequest) => chat.tools[1]?.builtin?.format, 'openai-chat'],
    [
      'custom-calls',
      (chat: ChatRequest) => chat.turns[1]?.parts[0],
      {
        type: 'tool-call',
        id: 'call_c',
        name: 'code',
        arguments: 'print("hi")',
        extra: { ...own, fields: { type: 'custom' } },
      },
    ],
    ['grammar-output', (chat: ChatRequest) => chat.output, undefined],
    ['grammar-output', (chat: ChatRequest) => 'response_format' in (chat.extra?.fields ?? {}), true],
    ['json-schema', (chat: ChatRequest) => chat.output?.type, 'json-schema'],
    ['json-schema', (chat: ChatRequest) => [chat.stream, chat.streamUsage], [true, undefined]],
    [
      'tool-choice-object',
      (chat: ChatRequest) => [chat.endUser, chat.reasoning],
      ['h1', { mode: 'on', effort: 'minimal' }],
    ],
    ['gemini-signature', (chat: ChatRequest) => chat.extra?.fields, { constructor: 1 }],
    ['nulls', (chat: ChatRequest) => chat.extra?.fields, {}],
  ] as const)('%s %#', (name, read, expected) => {
    expect(read(parsed(name))).toEqual(expected);
  });
});

describe('a chat changed on its way', () => {
  it.each([
    ['the field the client used', { max_completion_tokens: 500 }, { max_completion_tokens: 100 }],
    ['the usual field', { max_tokens: 500 }, { max_tokens: 100 }],
    [
      'both, as a server may heed either',
      { max_tokens: 500, max_completion_tokens: 50 },
      { max_tokens: 100, max_completion_tokens: 50 },
    ],
    [
      'the one that is not null',
      { max_tokens: null, max_completion_tokens: 500 },
      { max_completion_tokens: 100 },
    ],
    ['the usual field where there was none', {}, { max_tokens: 100 }],
  ])('a lowered limit is written to %s', (_name, given, expected) => {
    const chat = parseRequest({ model: 'llama', messages: [{ role: 'user', content: 'x' }], ...given });
    const { body } = renderRequest({ ...chat, maxOutputTokens: 100 });
    expect(body).toEqual({ model: 'llama', messages: [{ role: 'user', content: 'x' }], ...expected });
  });
  it('a redacted text keeps the rest of its message', () => {
    const chat = parsed('openrouter-cached');
    const turns = chat.turns.map((turn) => ({
      ...turn,
      parts: turn.parts.map((part) => (part.type === 'text' ? { ...part, text: '***' } : part)),
    }));
    const body = readObject('requests', 'openrouter-cached');
    const texts = JSON.stringify(body.messages).replace(/(Long prompt\.|Hi|Hm\.|Go on\.)/g, '***');
    expect(renderRequest({ ...chat, turns }).body).toEqual({ ...body, messages: JSON.parse(texts) });
  });
  it('usage asked for by the gateway is asked for', () => {
    const chat = parsed('json-schema');
    expect(renderRequest({ ...chat, streamUsage: true }).body.stream_options).toEqual({
      include_usage: true,
      include_obfuscation: false,
    });
  });
  it('a new tool choice overrules the old spelling', () => {
    const chat = parsed('allowed-tools');
    expect(renderRequest({ ...chat, toolChoice: { type: 'none' } }).body.tool_choice).toBe('none');
  });
});

describe('what is no request', () => {
  const user = { role: 'user', content: 'x' };
  it.each([
    [{ messages: [user] }, 'model'],
    [{ model: 'm' }, 'messages'],
    [{ model: 'm', messages: [] }, 'messages'],
    [{ model: 'm', messages: ['x'] }, 'messages[0]'],
    [{ model: 'm', messages: [user, { role: 'constructor', content: 'x' }] }, 'messages[1].role'],
    [{ model: 'm', messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [
      { model: 'm', messages: [{ role: 'user', content: [user, { type: 'text' }] }] },
      'messages[0].content[1]',
    ],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content[0]',
    ],
    [{ model: 'm', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [{ model: 'm', messages: [{ role: 'assistant', tool_calls: 'x' }] }, 'messages[0].tool_calls'],
    [{ model: 'm', messages: [{ role: 'assistant', tool_calls: [{}] }] }, 'messages[0].tool_calls[0]'],
    [{ model: 'm', messages: [user], temperature: 'hot' }, 'temperature'],
    [{ model: 'm', messages: [user], max_tokens: '5' }, 'max_tokens'],
    [{ model: 'm', messages: [user], stream: 1 }, 'stream'],
    [{ model: 'm', messages: [user], stop: ['a', 1] }, 'stop'],
    [{ model: 'm', messages: [user], tools: {} }, 'tools'],
    [{ model: 'm', messages: [user], tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ model: 'm', messages: [user], response_format: 'json' }, 'response_format'],
  ] as [JsonObject, string][])('is refused, naming the field: %j', (body, param) => {
    expect(() => parseRequest(body)).toThrow(WireError);
    expect(() => parseRequest(body)).toThrow(expect.objectContaining({ param }));
  });
});

/** Requests with every field present or absent, null or odd, in any mixture that is valid on this wire. */
function anyRequest(): fc.Arbitrary<JsonObject> {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonObject>;
  const text = fc.string({ maxLength: 8 });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const object = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
    fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<JsonObject>;
  const cache = fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }, { type: 'other' });
  const part = fc.oneof(
    object({ type: fc.constant('text'), text, cache_control: cache, note: json }, ['type', 'text']),
    object({ type: fc.constant('refusal'), refusal: text }, ['type', 'refusal']),
    object(
      {
        type: fc.constant('image_url'),
        image_url: object(
          { url: fc.constantFrom('https://x', 'data:image/png;base64,AA', 'data:,x'), detail: maybe(text) },
          ['url'],
        ),
      },
      ['type', 'image_url'],
    ),
    object(
      { type: fc.constant('input_audio'), input_audio: object({ data: text, format: text }, ['data']) },
      ['type', 'input_audio'],
    ),
    object({ type: fc.constant('file'), file: object({ file_id: text, filename: text }, ['file_id']) }, [
      'type',
      'file',
    ]),
    object({ type: fc.constantFrom('video_url', 'toString'), value: json }, ['type']),
  );
  const content = fc.oneof(fc.constant(null), text, fc.array(part, { maxLength: 3 }));
  const inner = object({ name: text, arguments: fc.oneof(text, fc.constant('{}'), json), more: json }, [
    'name',
  ]);
  const call = fc.oneof(
    object({ id: maybe(text), type: text, index: fc.nat(3), function: inner, extra_content: json }, [
      'function',
    ]),
    object({ id: text, type: fc.constant('custom'), custom: object({ name: text, input: text }) }, [
      'id',
      'type',
      'custom',
    ]),
  );
  const message = fc.oneof(
    object({ role: fc.constantFrom('system', 'developer', 'user'), content, name: maybe(text), more: json }, [
      'role',
    ]),
    object(
      {
        role: fc.constant('assistant'),
        content,
        name: text,
        refusal: maybe(text),
        reasoning: maybe(text),
        reasoning_content: maybe(text),
        reasoning_details: json,
        images: json,
        audio: json,
        tool_calls: maybe(fc.array(call, { maxLength: 3 })),
        function_call: maybe(inner),
      },
      ['role'],
    ),
    object(
      {
        role: fc.constant('tool'),
        tool_call_id: fc.string({ minLength: 1, maxLength: 5 }),
        content,
        name: text,
        cache_control: cache,
      },
      ['role', 'tool_call_id'],
    ),
    object({ role: fc.constant('function'), name: text, content, more: json }, ['role', 'name']),
  );
  const fn = object(
    {
      name: text,
      description: maybe(text),
      parameters: maybe(fc.dictionary(text, json)),
      strict: maybe(fc.boolean()),
      more: json,
    },
    ['name'],
  );
  const tool = fc.oneof(
    object({ type: fc.constant('function'), function: fn, cache_control: cache, more: json }, [
      'type',
      'function',
    ]),
    object({ type: fc.constantFrom('custom', 'web_search'), custom: json, name: text }, ['type']),
  );
  const choice = fc.oneof(
    text,
    fc.constantFrom('auto', 'none', 'required', 'any'),
    object({ type: fc.constant('function'), function: object({ name: text }, ['name']) }),
    object({ type: fc.constant('allowed_tools'), allowed_tools: json }),
  );
  const number = maybe(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  );
  return object(
    {
      model: fc.constantFrom('gpt-4o', 'openai/o3', 'gpt-5.2', 'llama', 'magistral-small'),
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      tools: maybe(fc.array(tool, { maxLength: 3 })),
      functions: maybe(fc.array(fn, { maxLength: 2 })),
      tool_choice: maybe(choice),
      function_call: maybe(choice),
      max_tokens: maybe(fc.nat()),
      max_completion_tokens: maybe(fc.nat()),
      temperature: number,
      top_p: number,
      top_k: number,
      seed: number,
      presence_penalty: number,
      parallel_tool_calls: maybe(fc.boolean()),
      service_tier: maybe(text),
      stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 3 }))),
      reasoning_effort: maybe(fc.constantFrom('none', 'low', 'xhigh', '')),
      reasoning: maybe(
        object({
          effort: maybe(text),
          max_tokens: maybe(fc.nat()),
          enabled: fc.boolean(),
          exclude: fc.boolean(),
        }),
      ),
      response_format: maybe(
        object(
          {
            type: fc.constantFrom('text', 'json_object', 'json_schema', 'grammar'),
            json_schema: object({
              name: text,
              schema: fc.dictionary(text, json),
              strict: maybe(fc.boolean()),
              more: json,
            }),
          },
          ['type'],
        ),
      ),
      user: maybe(text),
      safety_identifier: maybe(text),
      stream: maybe(fc.boolean()),
      stream_options: maybe(
        object({ include_usage: maybe(fc.boolean()), include_obfuscation: fc.boolean() }),
      ),
      n: fc.nat(3),
      store: maybe(fc.boolean()),
      metadata: json,
      logit_bias: json,
      constructor: json,
    },
    ['model', 'messages'],
  );
}
