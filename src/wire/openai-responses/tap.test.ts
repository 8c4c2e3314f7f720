/** The tap must say what the decoder says, however the bytes are cut, and cost far less. */
import { describe, expect, it, vi } from 'vitest';
import {
  contextFor,
  decodeBytes,
  encodeAll,
  factsOf,
  fixtures,
  streamFixture,
  tap,
  tapFacts,
} from './__fixtures__/laws.ts';

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

describe.each(fixtures('streams'))('$name', ({ bytes }) => {
  const facts = factsOf(decodeBytes(bytes), bytes);

  it('is reported alike in pieces of any size', () => {
    const crlf = Buffer.from(bytes.toString().replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
    for (const size of [1, 3, 64, 1000, bytes.length]) {
      expect(tapFacts(cut(bytes, size))).toEqual(facts);
      expect(tapFacts(cut(crlf, size))).toEqual(facts);
    }
  });
});

/** An answer of so many pieces, usage left out of the terminal event that never comes. */
function longAnswer(pieces: number, piece: string): Buffer {
  const text = encodeAll(
    [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'text-start', index: 0 },
      ...Array.from({ length: pieces }, () => ({ type: 'text-delta', index: 0, text: piece }) as const),
    ],
    contextFor('m'),
  );
  return Buffer.from(text);
}

describe('the estimate', () => {
  it.each([
    [400, 'four'],
    [3000, 'a longer piece of text'],
  ])('comes near the truth over %i pieces of %j', (pieces, piece) => {
    const { outputEstimate } = tap(cut(longAnswer(pieces, piece), 4000));
    const truth = (pieces * piece.length) / 4;
    expect(outputEstimate).toBeGreaterThan(truth / 2);
    expect(outputEstimate).toBeLessThan(truth * 2);
  });

  it('is nothing before content, and at least one after', () => {
    const bytes = streamFixture('encrypted');
    expect(tap([bytes.subarray(0, bytes.indexOf('event: response.output_item.added'))]).outputEstimate).toBe(
      0,
    );
    expect(
      tap([bytes.subarray(0, bytes.indexOf('event: response.completed'))]).outputEstimate,
    ).toBeGreaterThan(0);
  });
});

it('parses few frames of a long stream', () => {
  const bytes = longAnswer(5000, 'word ');
  const parse = vi.spyOn(JSON, 'parse');
  tap(cut(bytes, 16_384));
  const parsed = parse.mock.calls.length;
  parse.mockRestore();
  expect(parsed).toBeLessThan(500);
});
