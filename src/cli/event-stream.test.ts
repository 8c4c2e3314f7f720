/** Server-sent events, however the bytes are cut. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEvents } from './event-stream.ts';

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  const source = async function* () {
    yield* chunks;
  };
  for await (const event of readEvents(source())) found.push(event);
  return found;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each([
  ['one event', 'data: a\n\n', ['a']],
  ['no space after the colon', 'data:a\n\n', ['a']],
  ['carriage returns', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['lone carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
  ['comments and other fields', ': hi\nevent: x\nid: 1\ndata: a\n\n', ['a']],
  ['an end without a line break', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
  ['nothing', '', []],
])('reads %s', async (_name, text, expected) => {
  expect(await read([bytes(text)])).toEqual(expected);
});

it('reads the same wherever the bytes are cut', async () => {
  const whole = bytes('data: é\r\n\r\ndata: 日本\n\nevent: x\ndata: {"a":1}\r\n\r\n');
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const chunks = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
      expect(await read(chunks)).toEqual(['é', '日本', '{"a":1}']);
    }),
    { numRuns: 300 },
  );
});

it('gives up on a line without end', async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(97);
  await expect(read(Array.from({ length: 5 }, () => chunk))).rejects.toThrow('longer than');
});
