/** The array reader: the same frames at every cut, brackets in texts, limits, and what is no array at all. */
import { describe, expect, it } from 'vitest';
import { FrameTooLongError, MAX_FRAME_BYTES } from './frames.ts';
import { createArrayReader } from './frames-array.ts';

function read(chunks: readonly Uint8Array[]): string[] {
  const reader = createArrayReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()].map(({ data, event }) => {
    expect(event).toBeUndefined();
    return data;
  });
}

const cases: readonly (readonly [name: string, text: string, frames: readonly string[]])[] = [
  ['nothing', '', []],
  ['blanks', ' \r\n\t', []],
  ['an empty array', '[]', []],
  ['one element', '[{"a":1}]', ['{"a":1}']],
  [
    'as Google writes it',
    '[{\n  "a": [1, 2]\n}\n,\r\n{"b":{"c":[]}}\n]\n',
    ['{\n  "a": [1, 2]\n}', '{"b":{"c":[]}}'],
  ],
  [
    'brackets, quotes and escapes in texts',
    '[{"a":"]},{\\"[\\\\"},{"}":"\\u005d\\\\\\""}]',
    ['{"a":"]},{\\"[\\\\"}', '{"}":"\\u005d\\\\\\""}'],
  ],
  ['letters of several bytes', '[{"ä":"日本語😀"},{"é":"\u2028"}]', ['{"ä":"日本語😀"}', '{"é":"\u2028"}']],
  ['a mark of byte order', '\ufeff[{"a":1}]', ['{"a":1}']],
  [
    'elements that are no objects',
    '[1, "a]b" ,null,[[2],[]],true]',
    ['1', '"a]b"', 'null', '[[2],[]]', 'true'],
  ],
  ['no outer brackets', '{"error":{"code":500}}', ['{"error":{"code":500}}']],
  ['objects one after the other', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['a bare word at the end', '[{"a":1},nul', ['{"a":1}', 'nul']],
  ['an element that does not end', '[{"a":1},{"b":[2', ['{"a":1}']],
  ['a text that does not end', '[{"a":1},{"b":"c}', ['{"a":1}']],
  ['what follows the end', '[{"a":1}] {"b":2}', ['{"a":1}']],
];

describe.each(cases)('%s', (_name, text, frames) => {
  const bytes = Buffer.from(text);

  it('is read whole', () => expect(read([bytes])).toEqual(frames));

  it('is read the same at every cut in two, and byte by byte', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(frames);
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(frames);
  });
});

describe('the reader', () => {
  it('gives an element as soon as it has ended', () => {
    const reader = createArrayReader();
    expect(reader.push(Buffer.from('[{"a":1'))).toEqual([]);
    expect(reader.push(Buffer.from('}'))).toEqual([{ data: '{"a":1}' }]);
    expect(reader.push(Buffer.from(',{"b":2}'))).toEqual([{ data: '{"b":2}' }]);
  });

  it('keeps no view of the chunk it was given', () => {
    const reader = createArrayReader();
    const chunk = Buffer.from('[{"a":"x');
    reader.push(chunk);
    chunk.fill(0);
    expect(reader.push(Buffer.from('y"}'))).toEqual([{ data: '{"a":"xy"}' }]);
  });

  it('gives up an element that is longer than any frame', () => {
    const reader = createArrayReader();
    const piece = Buffer.alloc(MAX_FRAME_BYTES / 4, 'x');
    reader.push(Buffer.from('["'));
    for (let count = 0; count < 3; count += 1) reader.push(piece);
    expect(() => reader.push(piece)).toThrow(FrameTooLongError);
  });

  it('reads on after a long element, as the limit is for each alone', () => {
    const reader = createArrayReader();
    const long = Buffer.from(`["${'x'.repeat(MAX_FRAME_BYTES - 2)}"`);
    expect(reader.push(long)).toHaveLength(1);
    expect(reader.push(long.subarray(1))).toHaveLength(1);
  });
});
