/** Scripts played in manual time: order, pace, pause, abort, endings, and the patience of the listener. */
import { describe, expect, it } from 'vitest';
import { createManualTime, type ManualTime } from '../../../test/support/manual-time.ts';
import { ENDLESS, type Patience, type Playback, play } from './player.ts';
import { createScheduler } from './scheduler.ts';
import { type Answer, piecesOf } from './script.ts';

interface Scene {
  readonly time: ManualTime;
  readonly log: string[];
  readonly playback: Playback;
}

function answer(pieces: readonly (string | Uint8Array)[], more: Partial<Answer> = {}): Answer {
  return {
    type: 'answer',
    status: 200,
    headers: {},
    headAfterMs: 0,
    delayMs: () => 0,
    next: piecesOf(pieces),
    ending: 'end',
    ...more,
  };
}

/** Plays and writes down what comes, each with the time it came at. */
function scene(
  script: Answer,
  patience: Partial<Patience> = {},
  onData?: (playback: Playback) => void,
): Scene {
  const time = createManualTime();
  const log: string[] = [];
  const note = (what: string) => log.push(`${time.clock.monotonic()} ${what}`);
  const listener = {
    onHead: (status: number) => note(`head ${status}`),
    onData(chunk: Buffer) {
      note(chunk.toString());
      onData?.(playback);
    },
    onEnd: () => note('end'),
    onCut: () => note('cut'),
    onTimeout: (kind: string) => note(kind),
  };
  const playback = play(script, listener, createScheduler(time.clock, time.wait), {
    ...ENDLESS,
    ...patience,
  });
  return { time, log, playback };
}

describe('pace', () => {
  it('without one sends everything in one chunk, but not before play has returned', async () => {
    const { time, log } = scene(answer(['a', 'b', 'c']));
    expect(log).toEqual([]);
    await time.advance(0);
    expect(log).toEqual(['0 head 200', '0 abc', '0 end']);
    expect(time.pending()).toBe(0);
  });
  it('sends each piece when it is due, and the end with the last', async () => {
    const { time, log } = scene(
      answer(['a', 'b', 'c'], { headAfterMs: 20, delayMs: (i) => (i === 0 ? 0 : 8) }),
    );
    await time.advance(100);
    expect(log).toEqual(['20 head 200', '20 a', '28 b', '36 c', '36 end']);
    expect(time.pending()).toBe(0);
  });
  it('joins text that fell due together, and catches up after a late timer', async () => {
    const { time, log } = scene(answer(['a', 'b', 'c', 'd'], { delayMs: () => 2 }));
    await time.advance(100);
    expect(log).toEqual(['0 head 200', '4 ab', '8 cd', '8 end']);
  });
  it('keeps bytes as they were cut', async () => {
    const { time, log } = scene(answer([Buffer.from('a'), Buffer.from('b'), 'c', 'd']));
    await time.advance(0);
    expect(log).toEqual(['0 head 200', '0 a', '0 b', '0 cd', '0 end']);
  });
  it('cuts long text into chunks, so that a pause can come between', async () => {
    const pieces = Array.from({ length: 40 }, () => 'x'.repeat(10_000));
    const sizes: number[] = [];
    const { time } = scene(answer(pieces), {}, (playback) => {
      sizes.push(1);
      playback.pause();
    });
    await time.advance(0);
    expect(sizes).toHaveLength(1);
  });
});

describe('endings', () => {
  it.each([
    ['end', ['0 head 200', '0 a', '0 end']],
    ['cut', ['0 head 200', '0 a', '0 cut']],
    ['silence', ['0 head 200', '0 a']],
  ] as const)('%s', async (ending, expected) => {
    const { time, log } = scene(answer(['a'], { ending }));
    await time.advance(1000);
    expect(log).toEqual(expected);
    expect(time.pending()).toBe(0);
  });
  it('comes after a body of nothing', async () => {
    const { time, log } = scene(answer([]));
    await time.advance(0);
    expect(log).toEqual(['0 head 200', '0 end']);
  });
});

describe('the reader', () => {
  const paced = () => answer(['a', 'b', 'c'], { delayMs: () => 40 });
  it('pauses: nothing comes, not even the end; resumes: what fell due comes at once', async () => {
    const { time, log, playback } = scene(paced());
    await time.advance(40);
    playback.pause();
    await time.advance(500);
    expect(log).toEqual(['0 head 200', '40 a']);
    playback.resume();
    await time.advance(0);
    expect(log).toEqual(['0 head 200', '40 a', '540 bc', '540 end']);
  });
  it('pauses inside a callback', async () => {
    const { time, log, playback } = scene(paced(), {}, (own) => own.pause());
    await time.advance(500);
    expect(log).toEqual(['0 head 200', '40 a']);
    playback.resume();
    await time.advance(0);
    expect(log.slice(2)).toEqual(['500 bc']);
    playback.resume();
    await time.advance(0);
    expect(log.slice(3)).toEqual(['500 end']);
  });
  it.each(['before the head', 'between pieces', 'inside a callback'])('aborts %s', async (when) => {
    const inside = when === 'inside a callback';
    const { time, log, playback } = scene(paced(), {}, (own) => inside && own.abort());
    if (when === 'before the head') playback.abort();
    await time.advance(40);
    playback.abort();
    await time.advance(500);
    expect(log).toEqual(when === 'before the head' ? [] : ['0 head 200', '40 a']);
    expect(time.pending()).toBe(0);
  });
});

describe('patience', () => {
  const limits = { firstByteMs: 100, idleMs: 40, totalMs: 400 };
  it.each([
    ['no head', answer(['a'], { headAfterMs: Infinity }), ['100 first-byte-timeout']],
    ['a head, no byte', answer([], { ending: 'silence' }), ['0 head 200', '100 first-byte-timeout']],
    ['a byte, then nothing', answer(['a'], { ending: 'silence' }), ['0 head 200', '0 a', '40 idle-timeout']],
    ['a slow start is not idleness', answer(['a'], { delayMs: () => 80 }), ['0 head 200', '80 a', '80 end']],
  ])('%s', async (_name, script, expected) => {
    const { time, log } = scene(script, limits);
    await time.advance(2000);
    expect(log).toEqual(expected);
    expect(time.pending()).toBe(0);
  });
  it('ends with the total, however lively the stream', async () => {
    const { time, log } = scene(answer([], { next: () => 'a', delayMs: () => 20 }), limits);
    await time.advance(2000);
    expect(log.at(-1)).toBe('400 total-timeout');
    expect(log).toHaveLength(1 + 20 + 1);
  });
  it('does not count a pause as idleness', async () => {
    const { time, log, playback } = scene(answer(['a', 'b'], { delayMs: (i) => i * 20 }), limits);
    await time.advance(4);
    playback.pause();
    await time.advance(200);
    playback.resume();
    await time.advance(0);
    expect(log).toEqual(['0 head 200', '0 a', '204 b', '204 end']);
  });
});
