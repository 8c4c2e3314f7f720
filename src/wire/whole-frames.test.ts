/** Whole frames pass, halves wait: every framing, cut at every byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, samplesOf } from './__fixtures__/corpus.ts';
import type { Format } from './format.ts';
import { formats } from './formats.ts';
import { MAX_FRAME_BYTES } from './frames.ts';
import { createFrameGate, type Framing } from './whole-frames.ts';

const CR = 13;

describe('what passes after each chunk', () => {
  it.each<[Framing, readonly string[], readonly string[]]>([
    ['sse', ['data: 1\n\n'], ['data: 1\n\n']],
    ['sse', ['data: 1\n\nda', 'ta: 2\n\n'], ['data: 1\n\n', 'data: 2\n\n']],
    ['sse', ['data: 1\n', '\n'], ['', 'data: 1\n\n']],
    ['sse', ['data: 1\r\n\r', '\n'], ['', 'data: 1\r\n\r\n']],
    ['sse', ['data: 1\r\n', '\r\ndata'], ['', 'data: 1\r\n\r\n']],
    ['sse', ['data: 1\r\rdata'], ['data: 1\r\r']],
    ['sse', ['event: a\ndata: 1'], ['']],
    ['lines', ['{"a":1}\n{"b"', ':2}\n'], ['{"a":1}\n', '{"b":2}\n']],
    ['array', ['[{"a":"]}"}', ',\n{"b":', '{}}', '\n]'], ['[{"a":"]}"}', '', ',\n{"b":{}}', '\n]']],
    ['array', ['[', '{"a":"\\"}"}]'], ['', '[{"a":"\\"}"}]']],
    ['array', ['[{"a":1}\n', ']\n'], ['[{"a":1}', '\n]\n']],
  ])('%s %j', (framing, chunks, passed) => {
    const gate = createFrameGate(framing);
    expect(chunks.map((chunk) => gate.push(Buffer.from(chunk)).toString())).toEqual(passed);
  });

  it('is the chunk itself where it ends with a frame', () => {
    const chunk = Buffer.from('data: 1\n\ndata: 2\n\n');
    expect(createFrameGate('sse').push(chunk)).toBe(chunk);
  });
});

it('keeps a copy of what waits, as a socket may use its memory again', () => {
  const gate = createFrameGate('sse');
  const chunk = Buffer.from('data: 1');
  gate.push(chunk);
  chunk.fill('x');
  expect(gate.push(Buffer.from('\n\n')).toString()).toBe('data: 1\n\n');
});

it('gives what waited at the end', () => {
  const gate = createFrameGate('sse');
  gate.push(Buffer.from('data: 1\n\ndata: 2'));
  expect(gate.end().toString()).toBe('data: 2');
  expect(gate.end().length).toBe(0);
});

it('lets a frame go that is longer than any, and all after it', () => {
  const gate = createFrameGate('lines');
  const chunk = Buffer.alloc(MAX_FRAME_BYTES / 4, 'x');
  const lengths = [1, 2, 3, 4, 5, 6].map(() => gate.push(chunk).length);
  expect(lengths).toEqual([0, 0, 0, 0, chunk.length * 5, chunk.length]);
  expect(gate.isOpen).toBe(true);
  expect(gate.end().length).toBe(0);
});

describe.each<Format>(Object.values(formats))('$id', (format) => {
  it.each(samplesOf(format, 'streams'))('$name', ({ bytes }) => {
    const framing: Framing = bytes[0] === '['.charCodeAt(0) ? 'array' : format.streamFraming;
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 8 }), (places) => {
        const gate = createFrameGate(framing);
        const passed: Buffer[] = [];
        const reader = format.createReader();
        let frames = 0;
        // Between CR and LF a reader knows the end already, and the gate waits for the LF.
        const between = places
          .map((place) => place % (bytes.length + 1))
          .filter((at) => bytes[at - 1] !== CR);
        for (const chunk of cutAt(bytes, between)) {
          frames += reader.push(chunk).length;
          passed.push(gate.push(Buffer.from(chunk)));
          const whole = format.createReader();
          // No frame waits that could be read, and no half of one went out.
          expect(whole.push(Buffer.concat(passed)).length).toBe(frames);
          expect(whole.end()).toEqual([]);
        }
        expect(Buffer.concat([...passed, gate.end()]).equals(bytes)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
