/** Requests: what is read, and that rendering what was read changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { anyRequest } from './__fixtures__/any-request.ts';
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
      { type: 'document', source: { kind: 'file', fileId: 'file-abc', vendor: 'openai' } },
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
    expect(turns[2]?.parts[0]).toHaveProperty('signature.fields.details');
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
