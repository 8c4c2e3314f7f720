/** A held stream is cut at the ends of its frames, and nothing of it is lost. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesOf } from './response-cache-frames.ts';

const cut = (text: string, framing: 'sse' | 'lines' | 'array'): string[] =>
  [...piecesOf(Buffer.from(text), framing)].map(String);

it.each([
  { framing: 'sse', text: 'data: 1\n\ndata: 2\n\n', pieces: ['data: 1\n\n', 'data: 2\n\n'] },
  { framing: 'sse', text: 'data: 1\r\n\r\ndata: 2\r\n\r\n', pieces: ['data: 1\r\n\r\n', 'data: 2\r\n\r\n'] },
  { framing: 'sse', text: 'data: 1\n\ndata: half', pieces: ['data: 1\n\n', 'data: half'] },
  { framing: 'lines', text: '{"a":1}\n{"a":2}\n', pieces: ['{"a":1}\n', '{"a":2}\n'] },
  { framing: 'array', text: '[{"a":1},\n{"a":2}]', pieces: ['[{"a":1},\n{"a":2}]'] },
] as const)('cuts $framing: $text', ({ framing, text, pieces }) =>
  expect(cut(text, framing)).toEqual(pieces),
);

it.each(['sse', 'lines', 'array'] as const)('cuts long frames of %s smaller', (framing) => {
  const text = `data: ${'x'.repeat(40_000)}\n\n`;
  expect(cut(text, framing).length).toBeGreaterThan(2);
  expect(cut(text, framing).join('')).toBe(text);
});

it('loses and adds nothing', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '\n\n', 'data: x'), { maxLength: 30 });
  fc.assert(
    fc.property(text, fc.constantFrom('sse', 'lines', 'array'), (parts, framing) => {
      expect(cut(parts.join(''), framing as 'sse').join('')).toBe(parts.join(''));
    }),
    { numRuns: 300 },
  );
});
