// Requests of this wire: what they mean, and that they come back as they were.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { anyRequest } from './__fixtures__/any-request.ts';
import { CREATED_AT, context, readObject, readObjects } from './__fixtures__/read-fixtures.ts';
import { ollamaChat } from './index.ts';
import { renderLoaded } from './request.ts';

const { parseRequest, renderRequest } = ollamaChat;
const parse = (more: JsonObject): ChatRequest =>
  parseRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...more });
const said = (turn: ChatTurn) => ({ role: turn.role, parts: turn.parts });

describe('a request that came from here', () => {
  it.each(readObjects('requests'))('%s goes back as it was', (_name, body) => {
    expect(renderRequest(parseRequest(body))).toEqual({ body, warnings: [] });
  });

  it('goes back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(anyRequest(), (body) => {
        expect(renderRequest(parseRequest(body))).toEqual({ body, warnings: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a field named __proto__', () => {
    const body = JSON.parse(
      '{"model":"m","__proto__":{"a":1},"options":{"__proto__":1},"messages":[{"role":"user","content":"x","__proto__":{"b":1}}]}',
    ) as JsonObject;
    const { body: again } = renderRequest(parseRequest(body));
    expect(JSON.parse(JSON.stringify(again))).toEqual(body);
    expect(Object.keys(again)).toContain('__proto__');
  });
});

describe('settings', () => {
  it.each<[string, JsonObject, Partial<ChatRequest>]>([
    ['streams unless told not to', {}, { stream: true }],
    ['streams when told', { stream: true }, { stream: true }],
    ['does not when told not to', { stream: false }, { stream: false }],
    ['streams at null', { stream: null }, { stream: true }],
    ['limits the answer', { options: { num_predict: 5 } }, { maxOutputTokens: 5 }],
    ['has no limit at -1', { options: { num_predict: -1 } }, {}],
    ['has no limit at -2', { options: { num_predict: -2 } }, {}],
    ['has no limit at 0', { options: { num_predict: 0 } }, {}],
    [
      'samples',
      {
        options: { temperature: 0, top_p: 0.5, top_k: 4, seed: 0, presence_penalty: 1, frequency_penalty: 2 },
      },
      { temperature: 0, topP: 0.5, topK: 4, seed: 0, presencePenalty: 1, frequencyPenalty: 2 },
    ],
    ['stops', { options: { stop: ['a', 'b'] } }, { stop: ['a', 'b'] }],
    ['stops at one', { options: { stop: 'a' } }, { stop: ['a'] }],
    ['answers in JSON', { format: 'json' }, { output: { type: 'json' } }],
    [
      'answers as a schema says',
      { format: { type: 'object' } },
      { output: { type: 'json-schema', schema: { type: 'object' } } },
    ],
    ['answers as it likes', { format: '' }, {}],
    ['thinks', { think: true }, { reasoning: { mode: 'on' } }],
    ['does not think', { think: false }, { reasoning: { mode: 'off' } }],
    ['thinks so much', { think: 'low' }, { reasoning: { mode: 'on', effort: 'low' } }],
  ])('%s', (_name, body, expected) => {
    const { model, turns, tools, extra, stream, ...settings } = parse(body);
    expect({ stream, ...settings }).toEqual({ stream: true, ...expected });
  });

  it('tells what only this wire knows apart from how the server loads the model', () => {
    const { extra } = parseRequest(readObject('requests', 'options'));
    expect(extra).toEqual({
      format: 'ollama-chat',
      fields: { 'options.min_p': 0.05, 'options.repeat_penalty': 1.2, 'options.mirostat': 1 },
      spelling: {
        stream: true,
        keep_alive: '10m',
        truncate: false,
        shift: true,
        options: { num_ctx: 16_384, num_thread: 8 },
      },
    });
  });

  it('writes a setting that was changed, and leaves the others as they were spelled', () => {
    const chat = parse({ stream: null, options: { num_predict: -1, stop: 'END', num_gpu: 1 } });
    expect(renderRequest({ ...chat, maxOutputTokens: 7 }).body).toMatchObject({
      stream: null,
      options: { num_predict: 7, stop: 'END', num_gpu: 1 },
    });
    expect(renderRequest({ ...chat, stop: ['X'], stream: false }).body).toMatchObject({
      stream: false,
      options: { num_predict: -1, stop: ['X'] },
    });
    expect(renderRequest({ ...parse({ options: null }), seed: 1 }).body.options).toEqual({ seed: 1 });
  });
});

describe('messages', () => {
  it('has thoughts, words, images and calls in this order', () => {
    const message = {
      role: 'assistant',
      content: 'so',
      thinking: 'hm',
      images: ['/9j/4AAQ', 'UklGRiIAAABXRUJQVlA4', 'AAAA'],
      tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }],
    };
    const image = (mediaType: string, data: string) => ({
      type: 'image',
      source: { kind: 'base64', mediaType, data },
    });
    expect(parse({ messages: [message] }).turns[0]!.parts).toEqual([
      { type: 'thinking', text: 'hm', signature: { format: 'ollama-chat', value: '' } },
      { type: 'text', text: 'so' },
      image('image/jpeg', '/9j/4AAQ'),
      // Eight letters of the size stand between the two words.
      image('image/webp', 'UklGRiIAAABXRUJQVlA4'),
      image('image/png', 'AAAA'),
      { type: 'tool-call', id: 'call_0_0', name: 'f', arguments: '{"a":1}' },
    ]);
  });

  it.each([
    ['data:image/jpeg;base64,AAAA', 'image/jpeg', 'AAAA'],
    ['data:;base64,/9j/4A==', 'image/jpeg', '/9j/4A=='],
    ['data:image/webp;name=x;base64,AAAA', 'image/webp', 'AAAA'],
  ])('takes an image that came as a URL with its bytes: %s', (url, mediaType, data) => {
    const { parts } = parse({ messages: [{ role: 'user', content: '', images: [url] }] }).turns[0]!;
    expect(parts).toEqual([{ type: 'image', source: { kind: 'base64', mediaType, data } }]);
  });

  it('matches results by id, and made ids are the same each time', () => {
    const { turns } = parseRequest(readObject('requests', 'tools'));
    expect(turns.slice(2, 4).map(({ parts }) => parts[0])).toMatchObject([
      { type: 'tool-result', callId: 'call_a1', content: [{ type: 'text', text: '12 degrees' }] },
      { type: 'tool-result', callId: 'call_a2' },
    ]);
  });

  it('matches results without ids by name, then by order', () => {
    const { turns } = parseRequest(readObject('requests', 'tools-without-ids'));
    const [, called, now, graz, linz] = turns;
    expect(called!.parts.map((part) => part.type === 'tool-call' && part.id)).toEqual([
      'call_1_0',
      'call_1_1',
      'call_1_2',
    ]);
    const ids = [now, graz, linz].map((turn) => turn!.parts.map((part) => 'callId' in part && part.callId));
    expect(ids).toEqual([['call_1_1'], ['call_1_0'], ['call_1_2']]);
  });

  it.each<[string, JsonObject[], string]>([
    ['of no call', [{ role: 'tool', content: 'x' }], 'call_0'],
    ['of an unknown id', [{ role: 'tool', content: 'x', tool_call_id: 'c9' }], 'c9'],
    [
      'of an unknown name',
      [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', function: { name: 'f', arguments: {} } }],
        },
        { role: 'tool', content: 'x', tool_name: 'g' },
      ],
      'call_1',
    ],
    [
      'of the last calls only',
      [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', function: { name: 'f', arguments: {} } }],
        },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c2', function: { name: 'f', arguments: {} } }],
        },
        { role: 'tool', content: 'x' },
      ],
      'c2',
    ],
  ])('takes a result %s', (_name, messages, callId) => {
    expect(parse({ messages }).turns.at(-1)!.parts[0]).toMatchObject({ type: 'tool-result', callId });
  });

  it('writes a message that was changed, not the one that was kept', () => {
    const chat = parse({ messages: [{ role: 'user', content: 'secret', images: [] }] });
    const [turn] = chat.turns;
    const redacted = { ...turn!, parts: [{ type: 'text', text: '***' } as const] };
    expect(renderRequest({ ...chat, turns: [redacted] }).body.messages).toEqual([
      { role: 'user', content: '***' },
    ]);
  });

  it('leaves an empty content to be none', () => {
    const messages = [{ role: 'user', content: '' }, { role: 'user' }, { role: 'user', content: null }];
    expect(parse({ messages }).turns.map(said)).toEqual(messages.map(() => ({ role: 'user', parts: [] })));
  });

  it('reads a developer as one', () => {
    expect(parseRequest(readObject('requests', 'developer')).turns[0]!.role).toBe('developer');
  });

  it('only loads a model without messages', () => {
    expect(parseRequest(readObject('requests', 'load')).turns).toEqual([]);
    expect(parseRequest({ model: 'm' }).turns).toEqual([]);
  });

  it.each<[JsonObject, string | undefined]>([
    [{ messages: [] }, 'load'],
    [{}, 'load'],
    [{ messages: [], keep_alive: '5m' }, 'load'],
    [{ messages: [], keep_alive: 0 }, 'unload'],
    [{ messages: [{ role: 'user', content: '' }] }, undefined],
  ])('answers for models that need no loading: %j', (body, reason) => {
    const loaded = renderLoaded(parseRequest({ model: 'm', ...body }), context);
    const message = { role: 'assistant', content: '' };
    expect(loaded).toEqual(
      reason && { model: 'shown', created_at: CREATED_AT, message, done: true, done_reason: reason },
    );
  });
});

describe('tools', () => {
  it('have a name, a description and a schema', () => {
    const { tools } = parseRequest(readObject('requests', 'tool-shapes'));
    expect(tools.map(({ extra, ...tool }) => tool)).toEqual([
      { name: 'bare' },
      { name: 'more', description: '', inputSchema: { type: 'object', properties: {} } },
      { name: 'untyped', inputSchema: {} },
    ]);
    expect(tools[1]!.extra?.fields).toEqual({ tag: 't', function: { strict: true } });
  });

  it('are written anew when changed', () => {
    const chat = parseRequest(readObject('requests', 'tool-shapes'));
    const tools = chat.tools.map((tool) => ({ ...tool, description: 'new' }));
    expect(renderRequest({ ...chat, tools }).body.tools).toEqual([
      { type: 'function', function: { name: 'bare', description: 'new' } },
      {
        type: 'function',
        function: {
          name: 'more',
          description: 'new',
          parameters: { type: 'object', properties: {} },
          strict: true,
        },
        tag: 't',
      },
      { type: 'function', function: { name: 'untyped', description: 'new', parameters: {} } },
    ]);
  });
});

describe('what is no request', () => {
  it.each<[JsonObject, string]>([
    [{ model: 1 }, 'model'],
    [{ model: '' }, 'model'],
    [{ messages: 'x' }, 'messages'],
    [{ messages: [1] }, 'messages[0]'],
    [{ messages: [{ content: 'x' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'constructor' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    [{ messages: [{ role: 'assistant', tool_calls: {} }] }, 'messages[0].tool_calls'],
    [{ messages: [{ role: 'assistant', tool_calls: [{}] }] }, 'messages[0].tool_calls[0].function'],
    [{ tools: {} }, 'tools'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function'],
    [{ options: [] }, 'options'],
    [{ options: { temperature: 'hot' } }, 'options.temperature'],
    [{ options: { num_predict: '5' } }, 'options.num_predict'],
    [{ options: { stop: [1] } }, 'options.stop'],
    [{ stream: 'yes' }, 'stream'],
    [{ format: 'xml' }, 'format'],
    [{ think: 1 }, 'think'],
  ])('%j: %s', (body, param) => {
    try {
      parse(body);
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect((error as WireError).param).toBe(param);
      return;
    }
    expect.unreachable();
  });
});
