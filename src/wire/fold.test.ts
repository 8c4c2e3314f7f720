/** Folding streams into replies and playing replies as streams. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatPart, ChatReply, Extra } from './chat.ts';
import { createFold, foldEvents, isStreamable, MAX_REPLY_CHARS, unfoldReply } from './fold.ts';

const text = fc.string({ maxLength: 8 });
const extra = fc.record(
  { format: fc.constant('openai-chat' as const), fields: fc.dictionary(fc.stringMatching(/^[a-z]+$/), text) },
  { requiredKeys: ['format', 'fields'] },
) satisfies fc.Arbitrary<Extra>;
const signature = fc.record({ format: fc.constant('gemini-generate' as const), value: text });
const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text, extra }, { requiredKeys: ['type', 'text'] }),
  fc.record({ type: fc.constant('refusal'), text, extra }, { requiredKeys: ['type', 'text'] }),
  fc.record({ type: fc.constant('thinking'), text, signature, extra }, { requiredKeys: ['type', 'text'] }),
  fc.record(
    { type: fc.constant('redacted-thinking'), data: signature, extra },
    { requiredKeys: ['type', 'data'] },
  ),
  fc.record(
    { type: fc.constant('tool-call'), id: text, name: text, arguments: text, signature, extra },
    { requiredKeys: ['type', 'id', 'name', 'arguments'] },
  ),
  fc.record({
    type: fc.constant('image'),
    source: fc.constant({ kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' }),
  }),
  fc.record({
    type: fc.constant('opaque'),
    format: fc.constant('openai-chat'),
    value: fc.constant({ a: 1 }),
  }),
) as fc.Arbitrary<ChatPart>;
const reply = fc.record(
  {
    id: text,
    model: text,
    createdAtMs: fc.nat(),
    parts: fc.array(part, { maxLength: 5 }),
    stop: fc.record({ kind: fc.constantFrom('end', 'length'), raw: fc.option(text) }),
    usage: fc.record({ input: fc.nat(), raw: fc.constant(null) }),
    extra,
  },
  { requiredKeys: ['id', 'model', 'parts', 'stop'] },
) as fc.Arbitrary<ChatReply>;

const START: ChatEvent = { type: 'start', id: 'a', model: 'm' };

describe('foldEvents', () => {
  it('undoes unfoldReply', () => {
    fc.assert(
      fc.property(reply, (whole) => {
        expect(foldEvents(unfoldReply(whole))).toEqual({ type: 'reply', reply: whole });
      }),
      { numRuns: 500 },
    );
  });

  it('takes the last usage, the first stop, and joins what start and stop say', () => {
    const more = (fields: Record<string, string>): Extra => ({ format: 'openai-chat', fields });
    const folded = foldEvents([
      { ...START, extra: { ...more({ a: '1', b: '1' }), spelling: { s: null } } },
      { type: 'usage', usage: { input: 1, raw: 1 } },
      { type: 'usage', usage: { input: 2, raw: 2 } },
      { type: 'stop', stop: { kind: 'end', raw: 'x' }, extra: more({ b: '2' }) },
      { type: 'stop', stop: { kind: 'length', raw: 'y' } },
      { type: 'end' },
    ]);
    expect(folded).toEqual({
      type: 'reply',
      reply: {
        id: 'a',
        model: 'm',
        parts: [],
        usage: { input: 2, raw: 2 },
        stop: { kind: 'end', raw: 'x' },
        extra: { format: 'openai-chat', fields: { a: '1', b: '2' }, spelling: { s: null } },
      },
    });
  });

  it('patches extra by opaque deltas: lists grow, other values are replaced', () => {
    const patch = (value: { [key: string]: string | string[] }): ChatEvent => ({
      type: 'opaque-delta',
      index: 0,
      format: 'openai-chat',
      value,
    });
    const folded = foldEvents([
      START,
      { type: 'text-start', index: 0 },
      patch({ list: ['a'], one: 'a' }),
      patch({ list: ['b'], one: 'b' }),
      { type: 'end' },
    ]);
    expect(folded).toMatchObject({
      reply: { parts: [{ extra: { fields: { list: ['a', 'b'], one: 'b' } } }] },
    });
  });

  it('keeps what had come before an error, and before the end of a cut stream', () => {
    const fold = createFold();
    for (const event of [
      START,
      { type: 'text-start', index: 0 },
      { type: 'text-delta', index: 0, text: 'So' },
    ] as const) {
      fold.push(event);
    }
    expect(fold.result()).toMatchObject({
      type: 'error',
      error: { code: 'stream_truncated' },
      partial: { parts: [{ text: 'So' }] },
    });
    fold.push({ type: 'error', error: { kind: 'overloaded', status: 529, message: 'x' } });
    fold.push({ type: 'text-delta', index: 0, text: ' late' });
    expect(fold.result()).toMatchObject({
      type: 'error',
      error: { kind: 'overloaded' },
      partial: { parts: [{ text: 'So' }] },
    });
  });

  it('orders parts by index and ignores fragments of parts that never began', () => {
    const folded = foldEvents([
      START,
      { type: 'tool-call-start', index: 1, id: 'b', name: 'f' },
      { type: 'text-start', index: 0 },
      { type: 'tool-call-delta', index: 0, arguments: 'stray' },
      { type: 'text-delta', index: 7, text: 'stray' },
      { type: 'end' },
    ]);
    expect(folded).toMatchObject({
      reply: {
        parts: [
          { type: 'text', text: '' },
          { type: 'tool-call', arguments: '' },
        ],
      },
    });
  });

  it('does not keep an endless reply', () => {
    const fold = createFold();
    fold.push(START);
    fold.push({ type: 'text-start', index: 0 });
    const huge = 'x'.repeat(MAX_REPLY_CHARS / 4);
    for (let count = 0; count < 5; count += 1) fold.push({ type: 'text-delta', index: 0, text: huge });
    expect(fold.result()).toMatchObject({ type: 'error', error: { code: 'reply_too_long' } });
  });
});

it('leaves out what no event can carry, and says so', () => {
  const clip: ChatPart = { type: 'audio', source: { kind: 'url', url: 'https://example.com' } };
  const whole: ChatReply = {
    id: 'a',
    model: 'm',
    parts: [clip, { type: 'text', text: 'x' }],
    stop: { kind: 'end', raw: null },
  };
  expect(isStreamable(clip)).toBe(false);
  expect(foldEvents(unfoldReply(whole))).toMatchObject({ reply: { parts: [{ type: 'text' }] } });
});
