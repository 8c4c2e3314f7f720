/** The frame reader against another implementation of the standard, under every cut and every line end. */
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseReader, type Frame, FrameTooLongError, MAX_FRAME_BYTES } from './frames.ts';

function readAll(chunks: readonly Uint8Array[]): Frame[] {
  const reader = createSseReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

/** What the reference reads; the blank lines make it dispatch the last event, as ours does by design. */
function readByReference(text: string): Frame[] {
  const frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => frames.push(event === undefined ? { data } : { event, data }),
  });
  parser.feed(`${text}\n\n`);
  return frames;
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, at) => bytes.subarray(sorted[at], end));
}

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');
const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '',
    'data: {"a":"\u00e9\u{1f600}"}',
    'data:x',
    'data:  two spaces',
    'data',
    'data:',
  ),
  fc.constantFrom(
    'event: message_start',
    'event',
    'event:',
    'event: \u00fc',
    'id: 7',
    'retry: 10',
    'retry: soon',
  ),
  fc.constantFrom(
    ': comment',
    ':',
    'date: x',
    ' data: x',
    'data : x',
    'data: a:b',
    'unknown',
    'data: \u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n\ufeff]/g, '')),
);
const stream = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 40 })
  .map((lines) => lines.map((pair) => pair.join('')).join(''));

describe('createSseReader', () => {
  it('reads what the reference reads, however the bytes are cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 10 }), (text, places) => {
        const bytes = Buffer.from(text);
        expect(readAll(cut(bytes, places))).toEqual(readByReference(bytes.toString()));
      }),
      { numRuns: 1000 },
    );
  });

  const sample = [
    ': open\n\n',
    'event: message_start\nid: 1\nretry: 5\ndata: {"a":"\u00e9\u{1f600}"}\n\n',
    'data: one\ndata:two\ndata\n\n\n',
    'event: lonely\n\n',
    'data: [DONE]',
  ].join('');
  const expected: Frame[] = [
    { event: 'message_start', data: '{"a":"\u00e9\u{1f600}"}' },
    { data: 'one\ntwo\n' },
    { data: '[DONE]' },
  ];

  it.each(['\n', '\r\n', '\r'])('reads the same at every cut in two, line end %j', (end) => {
    const bytes = Buffer.from(sample.replaceAll('\n', end));
    for (let at = 0; at <= bytes.length; at += 1) {
      const chunks = [bytes.subarray(0, at), new Uint8Array(0), bytes.subarray(at)];
      expect(readAll(chunks), `cut at ${at}`).toEqual(expected);
    }
  });

  it('reads the same byte by byte', () => {
    expect(readAll(Array.from(Buffer.from(sample), (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('hands a frame over as soon as its blank line is there', () => {
    const reader = createSseReader();
    expect(reader.push(Buffer.from('data: a\n'))).toEqual([]);
    expect(reader.push(Buffer.from('\r'))).toEqual([{ data: 'a' }]);
    expect(reader.push(Buffer.from('\ndata: b'))).toEqual([]);
    expect(reader.end()).toEqual([{ data: 'b' }]);
    expect(reader.end()).toEqual([]);
  });

  it('does not keep the bytes it was given', () => {
    const reader = createSseReader();
    const chunk = Buffer.from('data: kept');
    reader.push(chunk);
    chunk.fill(0);
    expect(reader.end()).toEqual([{ data: 'kept' }]);
  });

  it.each([1, 2, 3, 99])('skips a byte order mark at the start only (first cut at %i)', (at) => {
    const bytes = Buffer.from('\ufeffdata: a\n\n\ufeffdata: b\n\n');
    expect(readAll([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([{ data: 'a' }]);
  });

  it('replaces bytes that are no UTF-8 instead of failing', () => {
    expect(readAll([Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a])])).toEqual([
      { data: '\ufffd' },
    ]);
  });

  const mebibyte = Buffer.alloc(1024 * 1024, 'x');

  it.each([
    ['one endless line', [mebibyte]],
    ['many data lines', [Buffer.from('data: '), mebibyte, Buffer.from('\n')]],
  ])('throws on a frame that is too long: %s', (_name, round) => {
    const reader = createSseReader();
    const rounds = MAX_FRAME_BYTES / mebibyte.length + 1;
    const feed = () => {
      for (let at = 0; at < rounds; at += 1) for (const chunk of round) reader.push(chunk);
    };
    expect(feed).toThrow(FrameTooLongError);
  });

  // Searching the rest of the chunk anew for each line would take minutes: the runner's time limit is the judge.
  it.each(['\r', '\n', '\n\r'])('reads megabytes of nothing but %j in linear time', (end) => {
    expect(readAll([Buffer.alloc(2 * 1024 * 1024, end)])).toEqual([]);
  });
});
