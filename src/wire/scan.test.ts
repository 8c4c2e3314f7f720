/** The scan against the frame reader: under every cut, the frames that match and no others, in their order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseReader, type Frame, MAX_FRAME_BYTES } from './frames.ts';
import { createFrameScan } from './scan.ts';

const needle = /"usage": ?\{|\[DONE\]|message_(?:start|stop)/g;

function scanAll(chunks: readonly Uint8Array[], pattern = needle) {
  const found: Frame[] = [];
  const scan = createFrameScan(pattern, (frame) => found.push(frame));
  for (const chunk of chunks) scan.push(chunk);
  scan.flush();
  return { found, frames: scan.frames, bytes: scan.bytes, dropped: scan.dropped };
}

function readAll(bytes: Uint8Array): Frame[] {
  const reader = createSseReader();
  return [...reader.push(bytes), ...reader.end()];
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, at) => bytes.subarray(sorted[at], end));
}

const stream = [
  ': hello\n\n',
  'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3}}}\n\n',
  'data: {"delta":"caf\u00e9 \u{1f600}"}\n\n',
  '\n\n\n',
  'data: {"usage": \ndata: {"a":"\u{1f600}"}}\n\n',
  'id: 3\ndata: {"usage":{"output":1}}\n\n',
  'data: [DONE]\n\n',
].join('');
const expected: Frame[] = [
  { event: 'message_start', data: '{"type":"message_start","message":{"usage":{"input_tokens":3}}}' },
  { data: '{"usage":{"output":1}}' },
  { data: '[DONE]' },
];

describe('createFrameScan', () => {
  it.each(['\n', '\r\n', '\r'])('finds the same frames at every cut in two, line end %j', (lineEnd) => {
    const bytes = Buffer.from(stream.replaceAll('\n', lineEnd));
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(scanAll([bytes.subarray(0, at), bytes.subarray(at)]).found, `cut at ${at}`).toEqual(expected);
    }
  });

  it('finds the same frames byte by byte and counts them', () => {
    const bytes = Buffer.from(stream);
    const whole = scanAll([bytes]);
    expect(scanAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(whole).toMatchObject({ frames: 7, bytes: bytes.length, dropped: 0 });
  });

  it('agrees with the frame reader on any lines, line ends and cuts', () => {
    const word = fc.constantFrom(
      'data: x',
      'data: "usage":{ é',
      'data: [DONE]',
      'event: message_stop',
      'data',
      ':',
      '',
      '',
    );
    const line = fc.tuple(word, fc.constantFrom('\n', '\n', '\r\n', '\r')).map((pair) => pair.join(''));
    const places = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), places, (lines, at) => {
        const bytes = Buffer.from(lines.join(''));
        const isHit = (frame: Frame) => `${frame.event} ${frame.data}`.search(needle) !== -1;
        expect(scanAll(cut(bytes, at)).found.filter(isHit)).toEqual(readAll(bytes).filter(isHit));
        expect(scanAll(cut(bytes, at)).frames).toBe(scanAll([bytes]).frames);
      }),
      { numRuns: 400 },
    );
  });

  it('looks at an unfinished frame on flush and again when it is whole', () => {
    const found: string[] = [];
    const scan = createFrameScan(needle, (frame) => found.push(frame.data));
    scan.push(Buffer.from('data: {"usage":{'));
    scan.flush();
    scan.push(Buffer.from('}}\n\n'));
    scan.flush();
    expect(found).toEqual(['{"usage":{', '{"usage":{}}']);
  });

  it('takes another pattern from the next frame on', () => {
    const found: string[] = [];
    const scan = createFrameScan(/content/g, (frame) => {
      found.push(frame.data);
      scan.find(needle);
    });
    scan.push(Buffer.from('data: content 1\n\ndata: content 2\n\ndata: [DONE]\n\n'));
    expect(found).toEqual(['content 1', '[DONE]']);
  });

  it('drops a frame that is too long, says so, and goes on', () => {
    const piece = Buffer.alloc(4 * 1024 * 1024, 'x');
    const rounds = MAX_FRAME_BYTES / piece.length + 1;
    const chunks = [
      Buffer.from('data: [DONE]'),
      ...Array.from({ length: rounds }, () => piece),
      Buffer.from('\n\ndata: 1 [DONE]\n\n'),
    ];
    expect(scanAll(chunks)).toMatchObject({ dropped: 1, frames: 2, found: [{ data: '1 [DONE]' }] });
  });

  it('refuses a pattern without the flag g', () => {
    expect(() => createFrameScan(/x/, () => undefined)).toThrow('flag g');
  });
});
