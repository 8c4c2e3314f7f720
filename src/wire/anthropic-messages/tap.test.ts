/** The tap's estimate of output tokens; what else it reports is tested with the streams. */
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { encodeAll } from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';

/** A stream of so many text deltas of so many bytes, without its end. */
function longStream(deltas: number, bytes: (count: number) => number): Buffer {
  const events: ChatEvent[] = [
    { type: 'start', id: 'a', model: 'm' },
    { type: 'text-start', index: 0 },
  ];
  for (let count = 0; count < deltas; count += 1) {
    events.push({ type: 'text-delta', index: 0, text: 'x'.repeat(bytes(count)) });
  }
  return Buffer.from(encodeAll(events, 'm'));
}

function estimate(stream: Buffer, chunkBytes: number): number {
  const tap = anthropicMessages.createTap();
  for (let at = 0; at < stream.length; at += chunkBytes) tap.push(stream.subarray(at, at + chunkBytes));
  return tap.report().outputEstimate;
}

describe('outputEstimate', () => {
  it('is exact for a short stream', () => {
    expect(
      estimate(
        longStream(20, () => 8),
        100,
      ),
    ).toBe(40);
  });

  it('is 0 where nothing came', () => {
    expect(anthropicMessages.createTap().report()).toEqual({
      usage: undefined,
      isComplete: false,
      error: undefined,
      stop: undefined,
      outputEstimate: 0,
      hasContent: false,
    });
  });

  it.each([97, 1_500, 16_384, 10_000_000])(
    'is near the truth for a long stream in chunks of %i bytes',
    (chunkBytes) => {
      const sizes = (count: number) => 1 + ((count * 7) % 23);
      const stream = longStream(5_000, sizes);
      const truth =
        Array.from({ length: 5_000 }, (_none, count) => sizes(count)).reduce((a, b) => a + b, 0) / 4;
      const ratio = estimate(stream, chunkBytes) / truth;
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.25);
    },
  );
});
