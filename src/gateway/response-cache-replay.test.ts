/** A held stream is cut at the ends of its frames, loses nothing, and waits for who reads it. */
import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MAX_REPLAY_MS, piecesOf, replay } from './response-cache-replay.ts';

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

/** A client's side that takes so many pieces at a time. */
function clientTaking(pieces: number) {
  const client = Object.assign(new EventEmitter(), {
    written: [] as string[],
    hasEnded: false,
    destroyed: false,
    write(piece: Buffer) {
      client.written.push(String(piece));
      return client.written.length % pieces !== 0;
    },
    end: () => Object.assign(client, { hasEnded: true }),
    destroy() {
      client.destroyed = true;
      client.emit('close');
      return client;
    },
  });
  return client as typeof client & Parameters<typeof replay>[0];
}

describe('a stream that is sent again', () => {
  const frames = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n', 'data: 4\n\n'];
  const body = Buffer.from(frames.join(''));
  const aTurn = () => new Promise((done) => setImmediate(done));

  it('goes no further than the client has read', async () => {
    const client = clientTaking(2);
    const sending = replay(client, body, 'sse');
    await aTurn();
    expect([client.written, client.hasEnded]).toEqual([frames.slice(0, 2), false]);
    client.emit('drain');
    await aTurn();
    expect(client.written).toEqual(frames);
    client.emit('drain');
    expect(await sending).toBe(true);
    expect(client.hasEnded).toBe(true);
    expect(client.eventNames()).toEqual([]);
  });

  it('ends where the client leaves', async () => {
    const client = clientTaking(1);
    const sending = replay(client, body, 'sse');
    await aTurn();
    client.destroy();
    expect(await sending).toBe(false);
    expect([client.written, client.hasEnded]).toEqual([frames.slice(0, 1), false]);
  });

  it('does not wait for ever', async () => {
    vi.useFakeTimers();
    try {
      const client = clientTaking(1);
      const sending = replay(client, body, 'sse');
      await vi.advanceTimersByTimeAsync(MAX_REPLAY_MS);
      expect(await sending).toBe(false);
      expect(client.destroyed).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
