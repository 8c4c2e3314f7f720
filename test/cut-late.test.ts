/**
 * Streams that are read along by their bytes until their limit comes near, and frame by frame from there: what ends
 * them, and what is known of them, is the same.
 */
import { describe, expect, it } from 'vitest';
import { formats } from '../src/wire/formats.ts';
import { openLane } from './support/cut-lane.ts';
import { type Said, voices } from './support/voices/index.ts';

const said: Said = {
  thinking: 'Somebody asks for the weather, and so I have to look it up before I say anything of it. '.repeat(
    4,
  ),
  text: 'I will look it up at once, and then I will tell you how the weather of the next days is. '.repeat(8),
  calls: [{ id: 'call_1', name: 'look_up', input: { city: 'Reykjavík', days: [1, 2, 3, 4, 5] } }],
  stop: 'tool-calls',
  usage: { input: 400, output: 120 },
};

const limits = [1, 20, 60, 100, 150, 10_000];
/** Frames in one read: one, a few, all of them. */
const sizes = [1, 3, 1_000];
const cells = Object.values(formats).flatMap((format) =>
  limits.flatMap((from) => sizes.map((size) => ({ id: format.id, format, from, size }))),
);

function readsOf(frames: readonly string[], size: number): Buffer[] {
  const reads: Buffer[] = [];
  for (let at = 0; at < frames.length; at += size)
    reads.push(Buffer.from(frames.slice(at, at + size).join('')));
  return reads;
}

describe.each(cells)('$id from $from tokens on, $size frames a read', ({ format, from, size }) => {
  const { opening, content, closing } = voices[format.id].stream(said);

  it('passes the bytes as they came, and knows the end', () => {
    const lane = openLane(format, format, { from });
    const reads = readsOf([...opening, ...content, ...closing], size);
    const out = Buffer.concat([
      ...reads.map((read) => Buffer.from(lane.take(read))),
      Buffer.from(lane.end().rest),
    ]);
    expect(out.toString()).toBe(Buffer.concat(reads).toString());
    expect(lane.error()).toBeUndefined();
    expect(lane.observed().usage).toMatchObject({ input: 400, output: 120 });
  });

  it('ends as if every frame had been read', () => {
    const late = openLane(format, format, { from });
    const whole = openLane(format, format);
    const reads = readsOf([...opening, ...content], size);
    for (const read of reads) {
      late.take(Buffer.from(read));
      whole.take(Buffer.from(read));
    }
    const cut = late.cut?.();
    if (late.observed().outputEstimate < from && format.id !== 'openai-responses') {
      expect(cut).toBeUndefined();
      return;
    }
    const usages = /"(?:[a-z_]*tokens|[a-z]*TokenCount|eval_count)":\d+/gi;
    expect(String(cut?.rest).replace(usages, '')).toBe(String(whole.cut?.()?.rest).replace(usages, ''));
    const [a, b] = [late.observed().outputEstimate, whole.observed().outputEstimate];
    // What was counted by its bytes is near what it is.
    expect(Math.abs(a - b)).toBeLessThan(b / 4 + 20);
  });
});
