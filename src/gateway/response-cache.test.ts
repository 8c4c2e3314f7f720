/** What the memory of answers keeps, for how long, and what makes room first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResponseCache, type KeptAnswer } from './response-cache.ts';

const MiB = 1024 * 1024;

function cacheAt(limitBytes = MiB) {
  let nowMs = 1_000;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const cache = createResponseCache(clock, limitBytes);
  return { cache, pass: (ms: number) => (nowMs += ms) };
}

function answer(text: string): KeptAnswer {
  return {
    body: Buffer.from(text),
    isStream: false,
    contentType: 'application/json',
    provider: 'openai',
    model: 'gpt-4o',
    headerRef: 'openai/gpt-4o',
    lane: 'relay',
    translation: 'lossless',
  };
}

describe('the memory of answers', () => {
  it('gives what was kept, and says how old it is', () => {
    const { cache, pass } = cacheAt();
    expect(cache.find('a', 60_000)).toBeUndefined();
    cache.keep('a', answer('one'), 60_000);
    pass(1_500);
    expect(cache.find('a', 60_000)).toEqual({ answer: answer('one'), ageMs: 1_500 });
    expect(cache.find('b', 60_000)).toBeUndefined();
    expect(cache.stats()).toMatchObject({ answers: 1, hits: 1, misses: 2, evicted: 0 });
  });

  it.each([
    { title: 'before its end', passed: 999, ttlMs: 5_000, isThere: true },
    { title: 'at its end', passed: 1_000, ttlMs: 5_000, isThere: false },
    { title: 'to who wants it fresher', passed: 600, ttlMs: 500, isThere: false },
    { title: 'to who takes it as fresh', passed: 600, ttlMs: 601, isThere: true },
  ])('gives an answer kept for a second: $title: $isThere', ({ passed, ttlMs, isThere }) => {
    const { cache, pass } = cacheAt();
    cache.keep('a', answer('one'), 1_000);
    pass(passed);
    expect(cache.find('a', ttlMs) !== undefined).toBe(isThere);
  });

  it('lets go of what has ended, also where nobody asks', () => {
    const { cache, pass } = cacheAt();
    cache.keep('a', answer('one'), 1_000);
    cache.keep('b', answer('two'), 3_000);
    pass(2_000);
    cache.sweep();
    expect(cache.stats().answers).toBe(1);
    pass(2_000);
    expect(cache.find('b', 9_000)).toBeUndefined();
    expect(cache.stats()).toMatchObject({ answers: 0, bytes: 0, evicted: 0 });
  });

  it('makes room by what was not asked for longest', () => {
    const { cache } = cacheAt(64 * 1024);
    const large = 'x'.repeat(7_000);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) cache.keep(key, answer(large), 1_000);
    expect(cache.stats()).toMatchObject({ answers: 8, evicted: 0 });
    cache.find('a', 1_000);
    cache.keep('i', answer(large), 1_000);
    expect(cache.find('a', 1_000)).toBeDefined();
    expect(cache.find('b', 1_000)).toBeUndefined();
    expect(cache.stats()).toMatchObject({ answers: 8, evicted: 1 });
  });

  it('keeps the later of two answers', () => {
    const { cache } = cacheAt();
    cache.keep('a', answer('one'), 1_000);
    cache.keep('a', answer('another'), 1_000);
    expect(cache.find('a', 1_000)?.answer.body.toString()).toBe('another');
    expect(cache.stats()).toMatchObject({ answers: 1, evicted: 0 });
  });

  it('keeps no answer that would push out most others', () => {
    const { cache } = cacheAt(64 * 1024);
    cache.keep('a', answer('x'.repeat(cache.maxAnswerBytes)), 1_000);
    expect(cache.stats().answers).toBe(0);
  });

  it('keeps nothing at a limit of 0', () => {
    const { cache } = cacheAt(0);
    expect(cache.maxAnswerBytes).toBe(0);
    cache.keep('a', answer(''), 1_000);
    expect(cache.stats().answers).toBe(0);
    expect(cache.makeRoom(1)).toBe(false);
  });

  it('has room for half of its size on the way', () => {
    const { cache } = cacheAt(1_000);
    expect(cache.makeRoom(300)).toBe(true);
    expect(cache.makeRoom(201)).toBe(false);
    expect(cache.makeRoom(200)).toBe(true);
    cache.makeRoom(-300);
    expect(cache.makeRoom(300)).toBe(true);
  });

  it('never holds more than it may, and counts it to the byte', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 20 }).map(String),
      length: fc.integer({ min: 0, max: 9_000 }),
      ttlMs: fc.integer({ min: 1, max: 500 }),
      pass: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { cache, pass } = cacheAt(64 * 1024);
        for (const { key, length, ttlMs, pass: ms } of steps) {
          pass(ms);
          cache.find(key, 300);
          cache.keep(key, answer('x'.repeat(length)), ttlMs);
          expect(cache.stats().bytes).toBeLessThanOrEqual(64 * 1024);
        }
        pass(1_000);
        cache.sweep();
        expect(cache.stats()).toMatchObject({ answers: 0, bytes: 0 });
      }),
      { numRuns: 100 },
    );
  });
});
