// Lines as frames, cut at every byte.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameTooLongError, MAX_FRAME_BYTES } from './frames.ts';
import { createLineReader } from './frames-lines.ts';

function read(chunks: readonly Uint8Array[]): string[] {
  const reader = createLineReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()].map(({ data }) => data);
}

const cases: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
  ['nothing', '', []],
  ['one line', '{"a":1}\n', ['{"a":1}']],
  ['several', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['a last line without its end', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['CRLF', '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ['a last line that ends in CR', '{"a":1}\r', ['{"a":1}']],
  ['blank lines', '\n\n{"a":1}\n \t\r\n\n{"b":2}\n\n', ['{"a":1}', '{"b":2}']],
  ['blanks in front, as a keep-alive leaves them', '   {"a":1}\n ', ['{"a":1}']],
  ['characters of two, three and four bytes', '{"é":"€"}\n{"x":"😀"}\n', ['{"é":"€"}', '{"x":"😀"}']],
  ['a byte order mark', '\ufeff{"a":1}\n', ['{"a":1}']],
  ['separators that are no line ends here', '{"a":"\u2028\u2029\u0085"}\n', ['{"a":"\u2028\u2029\u0085"}']],
  ['what is no JSON', 'oops\n', ['oops']],
];

describe('createLineReader', () => {
  it.each(cases)('reads %s', (_name, text, lines) => {
    expect(read([Buffer.from(text)])).toEqual(lines);
  });

  it.each(cases)('reads %s, cut at every byte', (_name, text, lines) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(lines);
    }
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(lines);
  });

  it('keeps what it holds when the chunk is used again', () => {
    const reader = createLineReader();
    const chunk = Buffer.from('{"a"');
    expect(reader.push(chunk)).toEqual([]);
    chunk.fill(0);
    expect(reader.push(Buffer.from(':1}\n'))).toEqual([{ data: '{"a":1}' }]);
  });

  it('gives a line as soon as it has ended', () => {
    const reader = createLineReader();
    expect(reader.push(Buffer.from('{"a":1}\n{"b"'))).toEqual([{ data: '{"a":1}' }]);
    expect(reader.end()).toEqual([{ data: '{"b"' }]);
    expect(reader.end()).toEqual([]);
  });

  it('reads any lines, however they are cut', () => {
    const line = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify({ text }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)];
        const chunks = cuts.map((from, at) => bytes.subarray(from, cuts[at + 1] ?? bytes.length));
        expect(read(chunks)).toEqual(lines);
      }),
      { numRuns: 200 },
    );
  });

  it('stops at a line without end', () => {
    const reader = createLineReader();
    const piece = Buffer.alloc(MAX_FRAME_BYTES / 2, 'x');
    reader.push(piece);
    reader.push(piece);
    expect(() => reader.push(Buffer.from('x'))).toThrow(FrameTooLongError);
  });

  it('stops at a line that came whole and is too long', () => {
    const bytes = Buffer.from(`${'x'.repeat(MAX_FRAME_BYTES + 1)}\n`);
    expect(() => createLineReader().push(bytes)).toThrow(FrameTooLongError);
  });
});
