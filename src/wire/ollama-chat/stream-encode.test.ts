// Chat events as lines.
import { describe, expect, it } from 'vitest';
import type { ChatEvent, JsonObject } from '../chat.ts';
import { CREATED_AT, encode } from './__fixtures__/read-fixtures.ts';

const start: ChatEvent = {
  type: 'start',
  id: 'msg_1',
  model: 'claude',
  extra: { format: 'anthropic-messages', fields: {} },
};
const finish: ChatEvent[] = [
  { type: 'usage', usage: { input: 3, output: 4, raw: null } },
  { type: 'stop', stop: { kind: 'end', raw: 'end_turn' } },
  { type: 'end' },
];
const line = (message: JsonObject, more: JsonObject = { done: false }): JsonObject => ({
  model: 'shown',
  created_at: CREATED_AT,
  message: { role: 'assistant', content: '', ...message },
  ...more,
});
const last = line({}, { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 4 });

const words = (index: number, ...texts: string[]): ChatEvent[] => [
  { type: 'text-start', index },
  ...texts.map((text): ChatEvent => ({ type: 'text-delta', index, text })),
  { type: 'text-end', index },
];

describe('encoder', () => {
  it.each<[string, ChatEvent[], JsonObject[], string[]]>([
    [
      'text, piece by piece',
      [start, ...words(0, 'a', '', 'b'), ...finish],
      [line({ content: 'a' }), line({ content: 'b' }), last],
      [],
    ],
    ['nothing but the end', [start, { type: 'ping' }, ...finish], [last], []],
    [
      'calls, whole',
      [
        start,
        { type: 'tool-call-start', index: 0, id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
        { type: 'tool-call-start', index: 1, id: 'c2', name: 'g' },
        { type: 'tool-call-delta', index: 1, arguments: '{}' },
        { type: 'tool-call-delta', index: 0, arguments: ':1}' },
        { type: 'tool-call-end', index: 1 },
        { type: 'tool-call-end', index: 0 },
        ...finish,
      ],
      [
        line({ tool_calls: [{ id: 'c1', function: { index: 0, name: 'f', arguments: { a: 1 } } }] }),
        line({ tool_calls: [{ id: 'c2', function: { index: 1, name: 'g', arguments: {} } }] }),
        last,
      ],
      [],
    ],
    [
      'a call that never ends, before the error',
      [
        start,
        { type: 'tool-call-start', index: 0, id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
        { type: 'error', error: { kind: 'upstream', status: 502, message: 'gone' } },
        ...finish,
      ],
      [{ error: 'gone' }],
      [],
    ],
    [
      'a refusal as text',
      [
        start,
        { type: 'refusal-start', index: 0 },
        { type: 'refusal-delta', index: 0, text: 'No.' },
        { type: 'refusal-end', index: 0 },
        ...finish,
      ],
      [line({ content: 'No.' }), last],
      ['approximated parts[0]'],
    ],
    [
      'an image',
      [
        start,
        {
          type: 'image-part',
          index: 0,
          part: { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
        },
        {
          type: 'image-part',
          index: 1,
          part: { type: 'image', source: { kind: 'url', url: 'https://x.test' } },
        },
        ...finish,
      ],
      [line({ images: ['AA'] }), last],
      ['dropped parts[1]'],
    ],
    [
      'what another format knows, named once',
      [
        { ...start, extra: { format: 'anthropic-messages', fields: { container: {} } } } as ChatEvent,
        { type: 'opaque-part', index: 0, part: { type: 'opaque', format: 'anthropic-messages', value: {} } },
        { type: 'text-start', index: 1, extra: { format: 'anthropic-messages', fields: { citations: [] } } },
        { type: 'opaque-delta', index: 1, format: 'anthropic-messages', value: { citations: [1] } },
        { type: 'opaque-delta', index: 1, format: 'anthropic-messages', value: { citations: [2] } },
        { type: 'text-end', index: 1 },
        {
          type: 'stop',
          stop: { kind: 'refusal', raw: 'refusal', sequence: 'END' },
          extra: { format: 'anthropic-messages', fields: { details: 1 } },
        },
        { type: 'end' },
      ],
      [line({}, { done: true, done_reason: 'stop', prompt_eval_count: 0, eval_count: 0 })],
      [
        'dropped extra.container',
        'dropped parts[0]',
        'dropped parts[1].extra.citations',
        'dropped parts[1].extra',
        'dropped extra.details',
        'approximated stop',
        'dropped stop.sequence',
      ],
    ],
    [
      'arguments that are none',
      [
        start,
        { type: 'tool-call-start', index: 0, id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 0, arguments: 'oops' },
        { type: 'tool-call-end', index: 0 },
        ...finish,
      ],
      [
        line({ tool_calls: [{ id: 'c1', function: { index: 0, name: 'f', arguments: { raw: 'oops' } } }] }),
        last,
      ],
      ['approximated parts[0].arguments'],
    ],
  ])('%s', (_name, events, lines, warnings) => {
    const { lines: got, warnings: named } = encode(events);
    expect(got).toEqual(lines);
    expect(named).toEqual(warnings);
  });

  it('writes nothing after the last line', () => {
    const { lines } = encode([
      start,
      ...finish,
      ...words(0, 'x'),
      { type: 'error', error: { kind: 'internal', status: 500, message: 'x' } },
    ]);
    expect(lines).toEqual([last]);
  });

  it('says when the reply was made, where that is known', () => {
    const [one] = encode([{ ...start, createdAtMs: 0 } as ChatEvent, ...finish]).lines;
    expect(one!.created_at).toBe('1970-01-01T00:00:00.000Z');
  });

  it('ends each line, and has none inside', () => {
    const { text } = encode([start, ...words(0, 'a\nb\u2028'), ...finish]);
    expect(text.split('\n')).toHaveLength(3);
    expect(text.endsWith('}\n')).toBe(true);
  });
});
