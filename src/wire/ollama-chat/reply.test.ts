// Whole replies, both ways.
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatReply, JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { seal, sealId } from '../seal.ts';
import { CREATED_AT, context, readObject, readObjects } from './__fixtures__/read-fixtures.ts';
import { ollamaChat } from './index.ts';

const { parseReply, renderReply, readUsage, readStop } = ollamaChat;
const OWN = { format: 'ollama-chat', value: '' } as const;

describe('a reply that came from here', () => {
  it.each(readObjects('replies'))('%s goes back as it was, but for the name', (_name, body) => {
    const reply = parseReply(body, { fallbackId: 'exc_1' });
    expect(renderReply(reply, context)).toEqual({ body: { ...body, model: 'shown' }, warnings: [] });
  });

  it('says what was changed in it', () => {
    const reply = parseReply(readObject('replies', 'text'), { fallbackId: 'e' });
    const { body } = renderReply({ ...reply, parts: [{ type: 'text', text: '***' }] }, context);
    expect(body).toMatchObject({
      message: { role: 'assistant', content: '***' },
      created_at: '2025-07-07T20:32:53.844Z',
      done: true,
      done_reason: 'stop',
      total_duration: 883_583_458,
      eval_count: 42,
    });
  });
});

describe('parseReply', () => {
  it.each<[string, Partial<ChatReply>]>([
    [
      'thinking',
      {
        model: 'qwen3',
        createdAtMs: Date.parse('2025-07-07T20:32:53.844Z'),
        parts: [
          { type: 'thinking', text: '17 times 3 is 51.', signature: OWN },
          { type: 'text', text: '51.' },
        ],
        stop: { kind: 'end', raw: 'stop' },
      },
    ],
    [
      'tools',
      {
        parts: [
          { type: 'tool-call', id: 'call_exc_1_1', name: 'get_weather', arguments: '{"city":"Graz"}' },
          { type: 'tool-call', id: 'call_exc_1_2', name: 'get_weather', arguments: '{"city":"Linz"}' },
        ],
        stop: { kind: 'tool-calls', raw: 'stop' },
      },
    ],
    [
      // The second has the id of the first, which two calls may not share.
      'tools-with-ids',
      {
        parts: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: 'call_x1', name: 'get_weather', arguments: '{"city":"Graz"}' },
          { type: 'tool-call', id: 'call_exc_1_1', name: 'now', arguments: '{}' },
        ],
      },
    ],
    ['length', { stop: { kind: 'length', raw: 'length' } }],
    ['load', { parts: [], stop: { kind: 'end', raw: 'load' } }],
    ['unload', { stop: { kind: 'end', raw: 'unload' } }],
    ['no-reason', { stop: { kind: 'unknown', raw: null } }],
    ['odd', { stop: { kind: 'unknown', raw: 'new_reason' } }],
  ])('%s', (name, expected) => {
    expect(parseReply(readObject('replies', name), { fallbackId: 'exc_1' })).toMatchObject(expected);
  });

  it('gives no two exchanges the same ids', () => {
    const ids = ['exc_a', 'exc_b', ''].map((fallbackId) => {
      const { id, parts } = parseReply(readObject('replies', 'tools'), { fallbackId });
      return [id, ...parts.map((part) => part.type === 'tool-call' && part.id)];
    });
    expect(ids).toEqual([
      ['exc_a', 'call_exc_a_1', 'call_exc_a_2'],
      ['exc_b', 'call_exc_b_1', 'call_exc_b_2'],
      ['', 'call_1', 'call_2'],
    ]);
  });

  it('tells times and servers to nobody, and what is new to everybody', () => {
    expect(parseReply(readObject('replies', 'cloud')).extra!.fields).toEqual({});
    expect(parseReply(readObject('replies', 'odd')).extra!.fields).toEqual({
      extra: { a: 1 },
      message: { mood: 'good' },
    });
  });

  it('refuses what is no reply', () => {
    expect(() => parseReply({ choices: [] })).toThrow(WireError);
    expect(() => parseReply({ message: 'x' })).toThrow(WireError);
  });

  it.each<JsonObject>([
    { message: {} },
    { message: { content: 1, thinking: [], tool_calls: {}, images: 'x', thinking_signatures: 3 } },
    { message: { tool_calls: [null, {}, { function: {} }, { function: { name: 1 } }] }, created_at: 'soon' },
  ])('makes nothing of %j', (body) => {
    expect(parseReply(body)).toMatchObject({ parts: [], stop: { kind: 'unknown', raw: null } });
  });
});

describe('usage', () => {
  it.each<[JsonObject, unknown]>([
    [
      { prompt_eval_count: 10, eval_count: 5 },
      { input: 10, output: 5 },
    ],
    [
      { prompt_eval_count: 10, prompt_eval_cached_count: 7, eval_count: 5 },
      { input: 3, cacheRead: 7, output: 5 },
    ],
    [
      { prompt_eval_count: 10, prompt_eval_cached_count: 0, eval_count: 5 },
      { input: 10, cacheRead: 0, output: 5 },
    ],
    // An old server that had the whole prompt in its cache.
    [{ eval_count: 5 }, { output: 5 }],
    [{ prompt_eval_count: 'ten', eval_count: null }, { input: Number.NaN }],
    [{ total_duration: 1 }, undefined],
  ])('%j', (body, expected) => {
    const usage = readUsage(body);
    expect(usage && { ...usage, raw: undefined }).toEqual(expected);
    expect(usage?.raw).toEqual(usage && body);
  });
});

it.each<[JsonObject, string | undefined]>([
  [{ done_reason: 'length' }, 'length'],
  [{ done_reason: '' }, undefined],
  [{}, undefined],
])('the stop of %j', (body, stop) => {
  expect(readStop(body)).toBe(stop);
});

describe('a reply of another format', () => {
  const base: ChatReply = {
    id: 'msg_1',
    model: 'claude',
    parts: [],
    stop: { kind: 'end', raw: 'end_turn' },
    extra: { format: 'anthropic-messages', fields: {} },
  };
  const show = (more: Partial<ChatReply>) => {
    const { body, warnings } = renderReply({ ...base, ...more }, context);
    return { body, warnings: warnings.map(({ kind, path }) => `${kind} ${path}`) };
  };

  it('is one of ours', () => {
    const { body, warnings } = show({
      parts: [
        { type: 'thinking', text: 'Hm.', signature: { format: 'anthropic-messages', value: 'c2ln' } },
        { type: 'text', text: 'I ' },
        { type: 'text', text: 'look.' },
        { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', id: 'toolu_2', name: 'g', arguments: '' },
      ],
      stop: { kind: 'tool-calls', raw: 'tool_use' },
      usage: { input: 5, cacheRead: 3, cacheWrite5m: 2, cacheWrite1h: 1, output: 7, reasoning: 4, raw: null },
    });
    expect(warnings).toEqual([]);
    expect(body).toEqual({
      model: 'shown',
      created_at: CREATED_AT,
      message: {
        role: 'assistant',
        content: 'I look.',
        thinking: 'Hm.',
        thinking_signatures: [
          { at: 0, chars: 3, signature: seal({ format: 'anthropic-messages', value: 'c2ln' }) },
        ],
        tool_calls: [
          { id: 'toolu_1', function: { index: 0, name: 'f', arguments: { a: 1 } } },
          { id: 'toolu_2', function: { index: 1, name: 'g', arguments: {} } },
        ],
      },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 11,
      prompt_eval_cached_count: 3,
      eval_count: 7,
    });
  });

  it('appends the state of a call to its id', () => {
    const signature = { format: 'gemini-generate', value: 's' } as const;
    const { body } = show({ parts: [{ type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature }] });
    expect(body.message).toMatchObject({ tool_calls: [{ id: sealId('c', signature) }] });
  });

  const other: ChatPart = { type: 'opaque', format: 'anthropic-messages', value: { type: 'x' } };
  it.each<[string, Partial<ChatReply>, JsonObject, string[]]>([
    [
      'a refusal is text',
      { parts: [{ type: 'refusal', text: 'No.' }] },
      { content: 'No.' },
      ['approximated parts[0]'],
    ],
    ['blocks go', { parts: [other, { type: 'text', text: 'x' }] }, { content: 'x' }, ['dropped parts[0]']],
    [
      'an image needs its bytes',
      {
        parts: [
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
          { type: 'image', source: { kind: 'url', url: 'https://x.test' } },
        ],
      },
      { content: '', images: ['AA'] },
      ['dropped parts[1]'],
    ],
    [
      'nothing else has a place',
      {
        parts: [
          { type: 'audio', source: { kind: 'file', fileId: 'f' } },
          { type: 'document', source: { kind: 'file', fileId: 'f' } },
          { type: 'tool-result', callId: 'c', content: [] },
        ],
      },
      { content: '' },
      ['dropped parts[0]', 'dropped parts[1]', 'dropped parts[2]'],
    ],
    [
      'arguments are objects',
      { parts: [{ type: 'tool-call', id: 'c', name: 'f', arguments: 'oops' }] },
      {
        content: '',
        tool_calls: [{ id: 'c', function: { index: 0, name: 'f', arguments: { raw: 'oops' } } }],
      },
      ['approximated parts[0].arguments'],
    ],
    [
      'fields of the other format go',
      { extra: { format: 'anthropic-messages', fields: { container: {} } } },
      { content: '' },
      ['dropped extra.container'],
    ],
  ])('%s', (_name, more, message, warnings) => {
    const { body, warnings: got } = show(more);
    expect(body.message).toEqual({ role: 'assistant', ...message });
    expect(got).toEqual(warnings);
  });

  it.each<[ChatReply['stop'], string, string[]]>([
    [{ kind: 'end', raw: 'end_turn' }, 'stop', []],
    [{ kind: 'length', raw: 'max_tokens' }, 'length', []],
    [{ kind: 'context-window', raw: null }, 'length', []],
    [{ kind: 'stop-sequence', raw: null, sequence: 'END' }, 'stop', ['dropped stop.sequence']],
    [{ kind: 'tool-calls', raw: null }, 'stop', []],
    [{ kind: 'refusal', raw: 'refusal' }, 'stop', ['approximated stop']],
    [{ kind: 'content-filter', raw: null }, 'stop', ['approximated stop']],
    [{ kind: 'pause', raw: 'pause_turn' }, 'stop', ['approximated stop']],
    [{ kind: 'unknown', raw: 'new' }, 'stop', []],
  ])('stops: %j', (stop, reason, warnings) => {
    const { body, warnings: got } = show({ stop });
    expect([body.done_reason, got]).toEqual([reason, warnings]);
  });

  it.each<[ChatReply['usage'], JsonObject]>([
    [undefined, { prompt_eval_count: 0, eval_count: 0 }],
    [{ raw: null }, { prompt_eval_count: 0, eval_count: 0 }],
    [
      { input: Number.NaN, output: 3, raw: null },
      { prompt_eval_count: 0, eval_count: 3 },
    ],
    [
      { input: 1, audioInput: 2, output: 3, audioOutput: 4, raw: null },
      { prompt_eval_count: 3, eval_count: 7 },
    ],
  ])('counts %j', (usage, counts) => {
    const { body } = show(usage ? { usage } : {});
    const { model, created_at, message, done, done_reason, ...rest } = body;
    expect(rest).toEqual(counts);
  });
});
