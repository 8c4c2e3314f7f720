/** Streams: what the decoder makes of them, and the laws under every cut, line end and fault. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import {
  checkStream,
  decodeAll,
  encodeAll,
  fixtures,
  readFrames,
  reportOf,
  tapReport,
} from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';
import { MAX_BROKEN_FRAMES } from './stream-decode.ts';

const streams = fixtures('streams');
const HAVE_ERROR: readonly string[] = [
  'error-first',
  'error-overloaded',
  'error-text',
  'truncated',
  'truncated-whole-block',
];

function stream(name: string): Buffer {
  return streams.find((one) => one.name === name)!.bytes;
}

function decode(name: string): ChatEvent[] {
  return decodeAll(readFrames([stream(name)]));
}

describe.each(streams)('$name', ({ name, bytes }) => {
  const whole = decodeAll(readFrames([bytes]));

  it('keeps the laws', () => {
    checkStream(bytes, { hasError: HAVE_ERROR.includes(name) });
  });

  // Events depend on frames alone, so equal frames are equal events.
  it.each([
    { lineEnd: '\n', step: 1 },
    { lineEnd: '\r\n', step: 3 },
    { lineEnd: '\r', step: 7 },
  ])('gives the same frames and report at every cut in two, line end $lineEnd', ({ lineEnd, step }) => {
    const variant = Buffer.from(bytes.toString().replaceAll('\n', lineEnd));
    const frames = readFrames([bytes]);
    const report = reportOf(frames);
    for (let at = 0; at <= variant.length; at += step) {
      const chunks = [variant.subarray(0, at), variant.subarray(at)];
      const cutFrames = readFrames(chunks);
      if (!isDeepStrictEqual(cutFrames, frames)) expect(cutFrames, `cut at ${at}`).toEqual(frames);
      const cutReport = tapReport(chunks);
      if (!isDeepStrictEqual(cutReport, report)) expect(cutReport, `cut at ${at}`).toEqual(report);
    }
  });

  it('gives the same byte by byte, a report asked for after each', () => {
    const tap = anthropicMessages.createTap();
    for (const byte of bytes) {
      tap.push(Uint8Array.of(byte));
      tap.report();
    }
    expect(tap.report()).toMatchObject(reportOf(readFrames([bytes])));
    expect(decodeAll(readFrames(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(whole);
  });

  it('ends in an error wherever it is cut off, and the tap reports what had come', () => {
    const terminal = bytes.lastIndexOf('message_stop"}');
    for (let end = 0; end < (terminal === -1 ? bytes.length : terminal); end += 5) {
      const frames = readFrames([bytes.subarray(0, end)]);
      if (decodeAll(frames).at(-1)?.type !== 'error')
        expect.fail(`cut off at ${end}, it ends as if it were whole`);
      const [tapped, report] = [tapReport([bytes.subarray(0, end)]), reportOf(frames)];
      if (!isDeepStrictEqual(tapped, report)) expect(tapped, `cut off at ${end}`).toEqual(report);
    }
  });

  it('encodes as indexes without gaps, starts and stops in pairs, a terminal event at the end', () => {
    const sent = readFrames([Buffer.from(encodeAll(whole, 'm'))]).map((frame) => JSON.parse(frame.data));
    const starts = sent.filter(({ type }) => type === 'content_block_start').map(({ index }) => index);
    const stops = sent.filter(({ type }) => type === 'content_block_stop').map(({ index }) => index);
    expect(starts).toEqual(starts.map((_index, place) => place));
    if (HAVE_ERROR.includes(name)) expect(sent.at(-1).type).toBe('error');
    else {
      expect(stops).toEqual(starts);
      expect(sent.map(({ type }) => type).filter((type) => !type.startsWith('content_block'))).toEqual([
        'message_start',
        ...sent.filter(({ type }) => type === 'ping').map(() => 'ping'),
        'message_delta',
        'message_stop',
      ]);
    }
  });
});

describe('the decoder', () => {
  const indexed = (type: ChatEvent['type'], fields: object) => expect.objectContaining({ type, ...fields });

  it.each<[string, unknown[]]>([
    [
      'tools',
      [
        indexed('tool-call-start', { index: 1, id: 'toolu_1', name: 'get_weather' }),
        { type: 'tool-call-delta', index: 1, arguments: '{"ci' },
        { type: 'tool-call-delta', index: 2, arguments: '{}' },
        { type: 'stop', stop: { kind: 'tool-calls', raw: 'tool_use' } },
      ],
    ],
    [
      'thinking',
      [
        { type: 'thinking-delta', index: 0, text: 'Ma mõ' },
        {
          type: 'thinking-signature',
          index: 0,
          signature: { format: 'anthropic-messages', value: 'EqQBCkYIChgC' },
        },
        { type: 'redacted-thinking', index: 1, data: { format: 'anthropic-messages', value: 'EmwKAhgB' } },
      ],
    ],
    ['input-in-start', [{ type: 'tool-call-delta', index: 0, arguments: '{"player":"ä"}' }]],
    [
      'content-in-start',
      [
        indexed('tool-call-start', { index: 0, name: 'roll' }),
        { type: 'stop', stop: { kind: 'tool-calls', raw: 'tool_use' } },
      ],
    ],
    [
      'server-tools',
      [
        indexed('opaque-part', {
          index: 0,
          part: {
            type: 'opaque',
            format: 'anthropic-messages',
            value: {
              type: 'server_tool_use',
              id: 'srvtoolu_1',
              name: 'web_search',
              input: { query: 'toll' },
            },
          },
        }),
      ],
    ],
    [
      'unknown-things',
      [
        indexed('opaque-part', {
          part: expect.objectContaining({ value: { type: 'hologram', frames: ['a', 'b'] } }),
        }),
        indexed('opaque-delta', { index: 1, value: { mood_delta: [{ type: 'mood_delta', mood: 'glad' }] } }),
        indexed('stop', { stop: { kind: 'unknown', raw: 'moon_phase' } }),
      ],
    ],
    [
      'stop-sequence',
      [indexed('stop', { stop: { kind: 'stop-sequence', raw: 'stop_sequence', sequence: 'END' } })],
    ],
    [
      'error-overloaded',
      [
        indexed('error', {
          error: expect.objectContaining({ kind: 'overloaded', status: 529, message: 'Overloaded' }),
        }),
      ],
    ],
    [
      'error-first',
      [
        {
          type: 'error',
          error: { kind: 'rate-limit', status: 429, message: 'Slow down', code: 'ramp_limit_exceeded' },
        },
      ],
    ],
    ['error-text', [indexed('error', { error: expect.objectContaining({ message: 'upstream exploded' }) })]],
    [
      'truncated',
      [
        { type: 'text-end', index: 0 },
        { type: 'tool-call-end', index: 1 },
        indexed('error', { error: expect.objectContaining({ kind: 'upstream', code: 'stream_truncated' }) }),
      ],
    ],
  ])('reads %s', (name, expected) => {
    expect(decode(name)).toEqual(expect.arrayContaining(expected));
  });

  it('takes the last cumulative usage, field by field', () => {
    const usages = decode('usage-many-times').filter((event) => event.type === 'usage');
    expect(usages.map(({ usage }) => [usage.input, usage.output])).toEqual([
      [10, 1],
      [10, 5],
      [10, 9],
      [10, 12],
    ]);
  });

  it('folds a stream into the reply a unary answer would be', () => {
    const folded = foldEvents(decode('citations'));
    expect(folded).toMatchObject({
      type: 'reply',
      reply: {
        parts: [
          {
            type: 'text',
            text: 'As it says',
            extra: { fields: { citations: [{ cited_text: 'a' }, { cited_text: 'b' }] } },
          },
        ],
      },
    });
  });

  const BROKEN = [
    '{"type":',
    '[]',
    '"text"',
    '{}',
    '{"type":"content_block_delta","index":9,"delta":{}}',
    '{"type":"message_start"}',
  ];

  it.each(BROKEN)('passes over a few frames like %s, then gives the stream up', (data) => {
    const decoder = anthropicMessages.createDecoder();
    for (let count = 0; count < MAX_BROKEN_FRAMES; count += 1) expect(decoder.push({ data })).toEqual([]);
    expect(decoder.push({ data })).toEqual([
      { type: 'error', error: expect.objectContaining({ kind: 'upstream', code: 'stream_invalid' }) },
    ]);
    expect(decoder.push({ data: '{"type":"message_stop"}' })).toEqual([]);
    expect(decoder.end()).toEqual([]);
  });

  it('never throws, whatever is in the frames', () => {
    const values = ['null', '1', '"x"', '{}', '[]', '[1]', 'true'];
    const types = [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
    ];
    for (const type of types) {
      for (const value of values) {
        const decoder = anthropicMessages.createDecoder();
        const fields = ['message', 'index', 'content_block', 'delta', 'usage'].map(
          (key) => `"${key}":${value}`,
        );
        const begun = decoder.push({
          data: '{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}',
        });
        const events = [
          ...begun,
          ...decoder.push({ data: `{"type":"${type}",${fields.join(',')}}` }),
          ...decoder.end(),
        ];
        expect(events.at(-1)?.type).toBe('error');
      }
    }
  });

  it('ignores what follows the end', () => {
    const bytes = Buffer.concat([stream('text'), stream('tools')]);
    expect(decodeAll(readFrames([bytes]))).toEqual(decode('text'));
    expect(tapReport([bytes])).toEqual(reportOf(readFrames([stream('text')])));
  });
});
