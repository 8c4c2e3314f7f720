/** Streams: what the decoder makes of them, and the laws under every cut, line end and fault. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import { decodeBytes, factsOf, fixtures, streamFixture, tapFacts } from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

const streams = fixtures('streams');
const HAVE_ERROR = ['error-then-failed', 'failed', 'error-at-once', 'truncated', 'truncated-custom'];

function decode(name: string): ChatEvent[] {
  return decodeBytes(streamFixture(name));
}

describe.each(streams)('$name', ({ name, bytes }) => {
  const whole = decodeBytes(bytes);

  it('has an error where it should', () => {
    expect(whole.some(({ type }) => type === 'error')).toBe(HAVE_ERROR.includes(name));
  });

  it.each(['\n', '\r\n', '\r'])('gives the same events at cuts in two, line end %j', (lineEnd) => {
    const variant = Buffer.from(bytes.toString().replaceAll('\r\n', '\n').replaceAll('\n', lineEnd));
    for (let at = 0; at <= variant.length; at += 97) {
      const events = decodeBytes(variant.subarray(0, at), variant.subarray(at));
      if (!isDeepStrictEqual(events, whole)) expect(events, `cut at ${at}`).toEqual(whole);
    }
  });

  it('gives the same byte by byte', () => {
    expect(decodeBytes(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('ends in an error wherever it is cut off, and the tap reports what had come', () => {
    const terminal = bytes.lastIndexOf('response.completed"', bytes.lastIndexOf('response.completed"') - 1);
    for (let end = 0; end < (terminal === -1 ? bytes.length - 400 : terminal); end += 211) {
      const part = bytes.subarray(0, end);
      const events = decodeBytes(part);
      if (events.at(-1)?.type !== 'error') expect.fail(`cut off at ${end}, it ends as if it were whole`);
      const [tapped, facts] = [tapFacts([part]), factsOf(events, part)];
      if (!isDeepStrictEqual(tapped, facts)) expect(tapped, `cut off at ${end}`).toEqual(facts);
    }
  });

  it('starts and ends each part once', () => {
    const open = new Set<number>();
    for (const event of whole) {
      if (!('index' in event)) continue;
      if (event.type.endsWith('-start')) open.add(event.index);
      else if (event.type.endsWith('-end')) expect(open.delete(event.index)).toBe(true);
      else if (event.type.endsWith('-delta')) expect(open).toContain(event.index);
    }
    // An error ends all that is open.
    if (whole.at(-1)?.type === 'end') expect([...open]).toEqual([]);
  });
});

const has = (type: ChatEvent['type'], fields: object) => expect.objectContaining({ type, ...fields });

describe('the decoder', () => {
  it.each<[string, unknown[]]>([
    [
      'text',
      [
        has('start', { id: 'resp_1', createdAtMs: 1_760_000_000_000 }),
        { type: 'text-delta', index: 0, text: ' 😀.' },
      ],
    ],
    [
      'calls',
      [
        has('tool-call-start', { index: 1, id: 'call_1', name: 'weather' }),
        { type: 'tool-call-delta', index: 1, arguments: '{"ci' },
        has('tool-call-start', { index: 2, name: 'mcp__fs__read' }),
        has('stop', { stop: { kind: 'tool-calls', raw: 'completed' } }),
      ],
    ],
    [
      'summary',
      [
        { type: 'thinking-delta', index: 0, text: '**One**' },
        // Inside a paragraph the same text comes in two pieces, between two in one.
        { type: 'thinking-delta', index: 0, text: '\n' },
        { type: 'thinking-delta', index: 0, text: '\n\n' },
        has('thinking-signature', {
          signature: expect.objectContaining({ format: 'openai-responses', value: 'gAAAA1' }),
        }),
      ],
    ],
    ['encrypted', [has('thinking-signature', { index: 0 }), { type: 'thinking-end', index: 0 }]],
    ['empty-reasoning', [has('opaque-part', { index: 0 })]],
    [
      'open-thoughts',
      [
        { type: 'thinking-delta', index: 0, text: 'says hi.' },
        has('thinking-signature', { signature: expect.objectContaining({ value: '' }) }),
      ],
    ],
    [
      'custom-call',
      [
        has('tool-call-start', { id: 'call_1', name: 'apply_patch' }),
        { type: 'tool-call-delta', index: 0, arguments: '{"input":"' },
        { type: 'tool-call-delta', index: 0, arguments: '*** Begin Patch\\n\\"a\\" \\\\' },
        { type: 'tool-call-delta', index: 0, arguments: '"}' },
      ],
    ],
    [
      'refusal',
      [
        { type: 'refusal-delta', index: 0, text: 'I cannot' },
        has('stop', { stop: { kind: 'end', raw: 'completed' } }),
      ],
    ],
    [
      'cited',
      [
        has('opaque-part', { index: 0 }),
        has('opaque-delta', { value: { annotations: [expect.objectContaining({ type: 'url_citation' })] } }),
      ],
    ],
    [
      'image',
      [
        has('image-part', {
          part: expect.objectContaining({
            source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
          }),
        }),
      ],
    ],
    ['cut', [has('stop', { stop: { kind: 'length', raw: 'max_output_tokens' } })]],
    ['filtered', [has('stop', { stop: { kind: 'content-filter', raw: 'content_filter' } })]],
    [
      'few-events',
      [
        { type: 'text-delta', index: 0, text: 'frills' },
        { type: 'text-delta', index: 0, text: '.' },
      ],
    ],
    [
      'late-names',
      [
        has('tool-call-start', { index: 0, id: 'call_1', name: 'weather' }),
        { type: 'tool-call-delta', index: 1, arguments: '{"a":1}' },
      ],
    ],
    [
      'logprobs',
      [
        has('opaque-delta', {
          value: { logprobs: [expect.objectContaining({ bytes: [97] }), expect.anything()] },
        }),
      ],
    ],
    ['unknown-things', [{ type: 'ping' }, has('text-delta', { text: 'Still here.' })]],
    [
      'error-then-failed',
      [
        has('error', {
          error: expect.objectContaining({ kind: 'budget', status: 429, code: 'insufficient_quota' }),
        }),
      ],
    ],
    [
      'failed',
      [
        has('error', {
          error: expect.objectContaining({
            kind: 'upstream',
            code: 'server_error',
            message: 'Something broke.',
          }),
        }),
      ],
    ],
    [
      'error-at-once',
      [
        has('error', {
          error: expect.objectContaining({ kind: 'rate-limit', status: 429, message: 'Slow down.' }),
        }),
      ],
    ],
    [
      'truncated',
      [
        { type: 'text-end', index: 0 },
        { type: 'tool-call-end', index: 1 },
        has('error', { error: expect.objectContaining({ code: 'stream_truncated' }) }),
      ],
    ],
    [
      'truncated-custom',
      [
        { type: 'tool-call-delta', index: 0, arguments: '"}' },
        { type: 'tool-call-end', index: 0 },
      ],
    ],
  ])('reads %s', (name, expected) => {
    expect(decode(name)).toEqual(expect.arrayContaining(expected));
  });

  it('takes everything from the terminal event where nothing else was sent', () => {
    const folded = foldEvents(decode('only-the-end'));
    expect(folded).toMatchObject({
      reply: {
        parts: [
          { type: 'thinking', text: 'Hm.' },
          { type: 'text', text: 'All at once.' },
          { type: 'tool-call', id: 'call_1' },
        ],
        stop: { kind: 'tool-calls' },
      },
    });
  });

  it('gives halves of a character in a custom tool’s text back whole', () => {
    const decoder = openaiResponses.createDecoder();
    const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'f', input: '' };
    const events = [
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: '\ud83d' },
      { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: '\ude00' },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, input: '😀' } },
    ].flatMap((event) => decoder.push({ data: JSON.stringify(event) }));
    const folded = foldEvents(events);
    const [call] = folded.type === 'error' ? folded.partial.parts : [];
    expect(call).toMatchObject({ type: 'tool-call', arguments: expect.any(String) });
    expect(JSON.parse(call?.type === 'tool-call' ? call.arguments : '')).toEqual({ input: '😀' });
  });

  it.each(['{"type":', '[]', '"text"', '7'])(
    'passes over a few frames like %s, then gives the stream up',
    (data) => {
      const decoder = openaiResponses.createDecoder();
      for (let count = 0; count < 3; count += 1) expect(decoder.push({ data })).toEqual([]);
      expect(decoder.push({ data })).toEqual([
        has('error', { error: expect.objectContaining({ code: 'stream_invalid' }) }),
      ]);
      expect(decoder.push({ data: '{"type":"response.completed"}' })).toEqual([]);
      expect(decoder.end()).toEqual([]);
    },
  );

  it('never throws, whatever is in the frames', () => {
    const values = ['null', '1', '"x"', '{}', '[]', '[1]', 'true', '[{"type":"message"}]'];
    const types = [
      'created',
      'output_item.added',
      'output_item.done',
      'content_part.added',
      'content_part.done',
      'output_text.delta',
      'output_text.done',
      'output_text.annotation.added',
      'refusal.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'custom_tool_call_input.delta',
      'reasoning_summary_text.delta',
      'reasoning_text.delta',
      'failed',
      'completed',
    ];
    const fields = [
      'response',
      'item',
      'part',
      'delta',
      'text',
      'output_index',
      'content_index',
      'summary_index',
      'annotation',
      'arguments',
    ];
    for (const open of ['message', 'function_call', 'custom_tool_call', 'reasoning', 'web_search_call']) {
      for (const type of types) {
        for (const value of values) {
          const decoder = openaiResponses.createDecoder();
          decoder.push({
            data: `{"type":"response.output_item.added","output_index":0,"item":{"type":"${open}","name":"f"}}`,
          });
          const rest = fields.map((field) => `"${field}":${value}`).join(',');
          decoder.push({ data: `{"type":"response.${type}",${rest}}` });
          decoder.push({
            data: `{"type":"response.output_item.done","output_index":0,"item":{"type":"${open}","content":${value},"summary":${value}}}`,
          });
          expect(['error', undefined]).toContain(decoder.end().at(-1)?.type);
        }
      }
    }
  });

  it('ignores what follows the end', () => {
    const bytes = Buffer.concat([streamFixture('text'), streamFixture('calls')]);
    expect(decodeBytes(bytes)).toEqual(decode('text'));
    expect(tapFacts([bytes])).toEqual(factsOf(decode('text'), bytes));
  });
});
