/** Streams: what the decoder makes of them, and the laws under every cut, line end and fault. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import { MAX_FRAME_BYTES } from '../frames.ts';
import {
  checkContract,
  checkStream,
  decodeAll,
  fixtures,
  readFrames,
  reportOf,
  tapReport,
} from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';
import { MAX_ARGUMENT_CHARS } from './partial-args.ts';
import { MAX_BROKEN_FRAMES } from './stream-decode.ts';

const streams = fixtures('streams');
const HAVE_ERROR: readonly string[] = [
  'error-first',
  'error-later',
  'truncated',
  'array-truncated',
  'array-error',
  'array-error-first',
];

function stream(name: string): Buffer {
  return streams.find((one) => one.name === name)!.bytes;
}

function decode(name: string): ChatEvent[] {
  return decodeAll(readFrames([stream(name)]));
}

describe.each(streams)('$name', ({ name, bytes }) => {
  const frames = readFrames([bytes]);
  const report = reportOf(frames);

  it('keeps the laws', () => {
    checkContract(checkStream(bytes, { hasError: HAVE_ERROR.includes(name) }));
  });

  it('gives the same frames and report at every cut in two', () => {
    for (let at = 0; at <= bytes.length; at += 3) {
      const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
      const cutFrames = readFrames(chunks);
      if (!isDeepStrictEqual(cutFrames, frames)) expect(cutFrames, `cut at ${at}`).toEqual(frames);
      const cutReport = tapReport(chunks);
      if (!isDeepStrictEqual(cutReport, report)) expect(cutReport, `cut at ${at}`).toEqual(report);
    }
  });

  it('gives the same byte by byte, a report asked for now and then', () => {
    const tap = geminiGenerate.createTap();
    for (const [at, byte] of bytes.entries()) {
      tap.push(Uint8Array.of(byte));
      if (at % 7 === 0) tap.report();
    }
    expect(withoutStop(tap.report())).toMatchObject(withoutStop(report));
  });

  // A stream that is given up for its broken frames, the tap does not notice.
  it.skipIf(name === 'broken-frames')('is told by the tap as by the decoder wherever it is cut off', () => {
    for (let end = 0; end < bytes.length; end += 5) {
      const part = [bytes.subarray(0, end)];
      const [tapped, told] = [tapReport(part), reportOf(readFrames(part))];
      if (!isDeepStrictEqual(tapped, told)) expect(tapped, `cut off at ${end}`).toEqual(told);
    }
  });
});

function withoutStop(report: object): object {
  const { stop: _stop, ...rest } = report as { stop?: unknown };
  return rest;
}

describe('the decoder', () => {
  const event = (type: ChatEvent['type'], fields: object) => expect.objectContaining({ type, ...fields });
  const own = (value: string) => ({ format: 'gemini-generate', value });
  const SIGNATURE = 'CiQBVKhc7oMr1n2k';

  it.each<[string, unknown[]]>([
    [
      'text',
      [
        event('start', { id: 'resp_s', model: 'gemini-2.5-flash' }),
        { type: 'text-start', index: 0 },
        { type: 'text-delta', index: 0, text: 'In the ' },
        event('usage', { usage: expect.objectContaining({ input: 4, output: 9 }) }),
        { type: 'stop', stop: { kind: 'end', raw: 'STOP' } },
      ],
    ],
    [
      'thinking',
      [
        { type: 'thinking-delta', index: 0, text: 'at the map.' },
        { type: 'thinking-end', index: 0 },
        event('usage', { usage: expect.objectContaining({ output: 20, reasoning: 20 }) }),
        {
          type: 'thinking-signature',
          index: 2,
          signature: { ...own(SIGNATURE), fields: { on: 'text' } },
        },
      ],
    ],
    [
      'signed-text',
      [
        { type: 'thinking-signature', index: 0, signature: own('CiQBabc=') },
        { type: 'text-delta', index: 1, text: ' whole.' },
        {
          type: 'thinking-signature',
          index: 2,
          signature: { ...own(SIGNATURE), fields: { on: 'text' } },
        },
      ],
    ],
    [
      'calls',
      [
        event('tool-call-start', { index: 1, id: 'exc_1_1', name: 'weather', signature: own(SIGNATURE) }),
        { type: 'tool-call-delta', index: 1, arguments: '{"city":"Bovec"}' },
        event('tool-call-start', { index: 2, id: 'exc_1_2', name: 'weather' }),
        { type: 'tool-call-start', index: 3, id: 'fc_3', name: 'now' },
        { type: 'stop', stop: { kind: 'tool-calls', raw: 'STOP' } },
      ],
    ],
    [
      'partial-arguments',
      [
        event('tool-call-start', { index: 0, name: 'cook', signature: own(SIGNATURE) }),
        {
          type: 'tool-call-delta',
          index: 0,
          arguments:
            '{"dish":{"name":"Ričet \\"thick\\"","steps":["Soak.","Boil."]},"minutes":90,"hot pot":true,"lid":null,"notes":[]}',
        },
        { type: 'tool-call-delta', index: 1, arguments: '{"spoon":"big"}' },
        { type: 'tool-call-end', index: 2 },
        { type: 'tool-call-delta', index: 3, arguments: '{"piece":"half"}' },
      ],
    ],
    [
      'image',
      [
        event('image-part', {
          index: 1,
          part: {
            type: 'image',
            source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
          },
        }),
      ],
    ],
    ['safety', [event('stop', { stop: { kind: 'content-filter', raw: 'SAFETY' } })]],
    ['prompt-blocked', [event('stop', { stop: { kind: 'content-filter', raw: 'SAFETY' } })]],
    ['max-tokens', [event('stop', { stop: { kind: 'length', raw: 'MAX_TOKENS' } })]],
    ['unknown-things', [event('stop', { stop: { kind: 'unknown', raw: 'MOON_PHASE' } })]],
    [
      'error-first',
      [
        event('error', {
          error: expect.objectContaining({ kind: 'rate-limit', status: 429, retryAfterS: 7 }),
        }),
      ],
    ],
    [
      'error-later',
      [event('error', { error: expect.objectContaining({ kind: 'overloaded', status: 503 }) })],
    ],
    ['truncated', [event('error', { error: expect.objectContaining({ code: 'stream_truncated' }) })]],
  ])('reads %s', (name, expected) => {
    expect(decode(name)).toEqual(expect.arrayContaining(expected));
  });

  it('takes a finish reason in every frame for no end', () => {
    const folded = foldEvents(decode('finish-everywhere'));
    expect(folded).toMatchObject({
      type: 'reply',
      reply: { parts: [{ text: 'abc' }], stop: { kind: 'end' } },
    });
  });

  it('keeps what stands around the parts to the end', () => {
    const folded = foldEvents(decode('grounded'));
    expect(folded).toMatchObject({
      reply: {
        extra: {
          fields: {
            promptFeedback: { safetyRatings: [{}] },
            candidates: [
              {
                groundingMetadata: { webSearchQueries: ['x'] },
                citationMetadata: { citationSources: [{ uri: 'https://a.test' }, { uri: 'https://b.test' }] },
              },
            ],
          },
        },
      },
    });
  });

  it('reads an array as it reads events', () => {
    expect(decode('array-text')).toEqual(decode('text'));
    expect(decode('array-calls')).toEqual(decode('calls'));
  });

  it.each(['{"candidates":', '[]', '"text"', '{}', '{"mood":"glad"}'])(
    'passes over a few frames like %s, then gives the stream up',
    (data) => {
      const decoder = geminiGenerate.createDecoder();
      for (let count = 0; count < MAX_BROKEN_FRAMES; count += 1) expect(decoder.push({ data })).toEqual([]);
      expect(decoder.push({ data })).toEqual([
        { type: 'error', error: expect.objectContaining({ kind: 'upstream', code: 'stream_invalid' }) },
      ]);
      expect(decoder.push({ data: '{"candidates":[{"finishReason":"STOP"}]}' })).toEqual([]);
      expect(decoder.end()).toEqual([]);
    },
  );

  it('gives up a call whose pieces are more than any arguments', () => {
    const decoder = geminiGenerate.createDecoder();
    const frame = (call: object) => ({
      data: JSON.stringify({ candidates: [{ content: { parts: [{ functionCall: call }] } }] }),
    });
    decoder.push(frame({ name: 'f', willContinue: true }));
    const piece = { jsonPath: '$.a', stringValue: 'x'.repeat(MAX_ARGUMENT_CHARS / 4), willContinue: true };
    const events = [1, 2, 3, 4].flatMap(() =>
      decoder.push(frame({ partialArgs: [piece], willContinue: true })),
    );
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_invalid' } });
  });

  it('never throws, whatever is in the frames', () => {
    const values = [
      'null',
      '1',
      '"x"',
      '{}',
      '[]',
      '[1]',
      '[{}]',
      '[{"content":1}]',
      '[{"content":{"parts":[1,{}]}}]',
    ];
    const keys = ['candidates', 'usageMetadata', 'promptFeedback', 'error', 'modelVersion'];
    for (const key of keys) {
      for (const value of values) {
        const decoder = geminiGenerate.createDecoder();
        const events = [...decoder.push({ data: `{"responseId":"r","${key}":${value}}` }), ...decoder.end()];
        expect(events.at(-1)?.type).toBe('error');
      }
    }
    for (const field of [
      'functionCall',
      'functionResponse',
      'inlineData',
      'text',
      'thoughtSignature',
      'thought',
    ]) {
      for (const value of [
        'null',
        '1',
        '"x"',
        '{}',
        '[]',
        'true',
        '{"name":1}',
        '{"name":"f","args":7,"partialArgs":[3]}',
      ]) {
        const decoder = geminiGenerate.createDecoder();
        const part = `{"${field}":${value}}`;
        const events = [
          ...decoder.push({ data: `{"candidates":[{"content":{"parts":[${part}]},"finishReason":"STOP"}]}` }),
          ...decoder.end(),
        ];
        checkContract(events);
      }
    }
  });

  it('makes ids of the reply where it knows no exchange', () => {
    const decoder = geminiGenerate.createDecoder();
    const events = readFrames([stream('calls')]).flatMap((frame) => decoder.push(frame));
    const ids = events.flatMap((one) => (one.type === 'tool-call-start' ? one.id : []));
    expect(ids).toEqual(['resp_s_1', 'resp_s_2', 'fc_3']);
  });
});

describe('the reader', () => {
  it('passes over blanks and a mark of byte order before it decides', () => {
    const text = '\ufeff \r\n\n';
    const frames = (body: string) =>
      readFrames(Array.from(Buffer.from(text + body), (byte) => Uint8Array.of(byte)));
    expect(frames('data: {"a":1}\n\n')).toEqual([{ data: '{"a":1}' }]);
    expect(frames('[{"a":1}]')).toEqual([{ data: '{"a":1}' }]);
    expect(frames('{"error":{"code":400}}')).toEqual([{ data: '{"error":{"code":400}}' }]);
    expect(frames('')).toEqual([]);
  });
});

describe('the tap', () => {
  it('says nothing of nothing', () => {
    expect(geminiGenerate.createTap().report()).toEqual({
      usage: undefined,
      isComplete: false,
      error: undefined,
      stop: undefined,
      outputEstimate: 0,
      hasContent: false,
    });
  });

  it.each(['sse', 'array'] as const)('estimates the output of a long stream: %s', (shape) => {
    const encoder = geminiGenerate.createEncoder({
      model: 'm',
      fallbackId: 'x',
      nowMs: 0,
      streamUsage: true,
      streamShape: shape,
    });
    const events: ChatEvent[] = [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'text-start', index: 0 },
    ];
    for (let count = 0; count < 3000; count += 1) {
      events.push({ type: 'text-delta', index: 0, text: 'x'.repeat(1 + ((count * 7) % 23)) });
    }
    const bytes = Buffer.from(events.map((one) => encoder.push(one)).join(''));
    const tap = geminiGenerate.createTap();
    for (let at = 0; at < bytes.length; at += 1400) tap.push(bytes.subarray(at, at + 1400));
    const ratio = tap.report().outputEstimate / ((3000 * 12) / 4);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it('bears an element that is longer than any frame', () => {
    const tap = geminiGenerate.createTap();
    tap.push(Buffer.from('["'));
    tap.push(Buffer.alloc(MAX_FRAME_BYTES + 1, 'x'));
    tap.push(Buffer.from('"]'));
    expect(tap.report()).toMatchObject({ isComplete: false, error: undefined });
  });
});
