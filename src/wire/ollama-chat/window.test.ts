// The context window a request asks for.
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { editFields } from '../edit-fields.ts';
import { walkTopLevel } from '../walk.ts';
import { numCtxEdit, numCtxFor, ollamaChat, readNumCtx, withNumCtx } from './index.ts';

describe('numCtxFor', () => {
  it.each<[number, number | undefined, number]>([
    [0, undefined, 8_192],
    [4_096, undefined, 8_192],
    [4_097, undefined, 16_384],
    [8_000, 192, 8_192],
    [8_001, 192, 16_384],
    [100_000, 32_000, 262_144],
    [1_000_000, 1, 1_048_576],
  ])('%i and %s: %i', (input, limit, size) => {
    expect(numCtxFor(input, limit)).toBe(size);
  });
});

describe('a request of another format', () => {
  const sized = (words: number, more: Partial<ChatRequest> = {}): number | undefined => {
    const turns = [{ role: 'user', parts: [{ type: 'text', text: 'word '.repeat(words) }] }] as const;
    return readNumCtx(ollamaChat.renderRequest({ model: 'm', turns, tools: [], stream: true, ...more }).body);
  };

  it('asks for a window that holds it', () => {
    expect([sized(10), sized(5_000), sized(20_000)]).toEqual([8_192, 16_384, 32_768]);
  });

  it('with its answer', () => {
    expect(sized(10, { maxOutputTokens: 30_000 })).toBe(32_768);
  });

  it('and its tools', () => {
    const tools = [{ name: 'f', description: 'word '.repeat(20_000) }];
    expect(sized(10, { tools })).toBe(32_768);
  });

  it('of the same size for turn after turn', () => {
    expect(new Set([2_000, 2_100, 2_500, 3_000].map((words) => sized(words))).size).toBe(1);
  });

  it('and has the server refuse what does not fit all the same', () => {
    const { body } = ollamaChat.renderRequest({ model: 'm', turns: [], tools: [], stream: false });
    expect(body).toMatchObject({ truncate: false, shift: false });
  });
});

it('leaves a client its own word', () => {
  const body = { model: 'm', messages: [], options: { num_ctx: 2_048 } };
  expect(ollamaChat.renderRequest(ollamaChat.parseRequest(body)).body).toEqual(body);
});

it('changes the size in a body', () => {
  const body = { model: 'm', options: { num_ctx: 1, seed: 2 } };
  expect(withNumCtx(body, 9)).toEqual({ model: 'm', options: { num_ctx: 9, seed: 2 } });
  expect(withNumCtx({ model: 'm' }, 9)).toEqual({ model: 'm', options: { num_ctx: 9 } });
  expect(readNumCtx({ options: { num_ctx: '9' } })).toBeUndefined();
  expect(readNumCtx({ options: null })).toBeUndefined();
});

describe('numCtxEdit', () => {
  /** The body after the edit, or the word for what is to be done instead. */
  function edited(text: string, numCtx = 16_384): JsonObject | string {
    const body = Buffer.from(text);
    const walk = walkTopLevel(body, ['options', 'model']);
    if (!walk.ok) throw new Error(walk.message);
    const edit = numCtxEdit(body, walk.fields.get('options'), numCtx);
    if (edit.kind === 'said') return `said ${edit.numCtx}`;
    if (edit.kind === 'unreadable') return edit.kind;
    const edits =
      edit.kind === 'add' ? { added: [[edit.name, edit.json] as const] } : { replaced: [edit.edit] };
    return JSON.parse(Buffer.concat(editFields(body, walk, edits)).toString()) as JsonObject;
  }
  const options = { num_ctx: 16_384 };

  it.each<[string, JsonObject | string]>([
    ['{}', { options }],
    ['{ "model": "m" }', { model: 'm', options }],
    ['{"options":null,"a":1}', { options, a: 1 }],
    ['{"options": {} }', { options }],
    [
      '{"a":"é","options":{ "seed" : 1 , "stop":["}"]}}',
      { a: 'é', options: { seed: 1, stop: ['}'], ...options } },
    ],
    ['{"options":{"num_ctx":null,"seed":1}}', { options: { ...options, seed: 1 } }],
    ['{"options":{"seed":1,"num_ctx":0}}', { options: { seed: 1, ...options } }],
    ['{"options":{"seed":1,"num_ctx": 4096 }}', 'said 4096'],
    ['{"options":{"nested":{"num_ctx":7}}}', { options: { nested: { num_ctx: 7 }, ...options } }],
    ['{"options":{"num_ctx":1,"num_ctx":2}}', 'unreadable'],
    ['{"options":{"num_ctx":"4096"}}', 'unreadable'],
    ['{"options":{"num_ctx":-1}}', 'unreadable'],
    ['{"options":[]}', 'unreadable'],
    ['{"options":"x"}', 'unreadable'],
  ])('%s', (text, expected) => {
    expect(edited(text)).toEqual(expected);
  });
});
