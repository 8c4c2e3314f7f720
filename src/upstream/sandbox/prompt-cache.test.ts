/** The simulated prompt cache: marked prefixes are written, then read; unmarked ones only read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../test/support/manual-time.ts';
import { createPromptCache, type Segment } from './prompt-cache.ts';

const part = (name: string, ttl?: string): Segment => ({
  text: name,
  tokens: 100,
  ...(ttl !== undefined && { mark: ttl === '' ? {} : { ttl } }),
});
const counts = (input: number, cacheRead: number, cacheWrite5m: number, cacheWrite1h = 0) => ({
  input,
  cacheRead,
  cacheWrite5m,
  cacheWrite1h,
});
const MINUTE = 60_000;

describe('with marks', () => {
  it('writes up to the last mark, then reads', () => {
    const cache = createPromptCache(createManualTime().clock);
    const request = [part('tools', '1h'), part('system', ''), part('question')];
    expect(cache.count(request)).toEqual(counts(100, 0, 100, 100));
    expect(cache.count(request)).toEqual(counts(100, 200, 0));
  });
  it('finds an earlier prefix when the mark has moved on', () => {
    const cache = createPromptCache(createManualTime().clock);
    cache.count([part('a'), part('b', '')]);
    expect(cache.count([part('a'), part('b'), part('c'), part('d', '')])).toEqual(counts(0, 200, 200));
  });
  it('reads nothing of a prefix that changed', () => {
    const cache = createPromptCache(createManualTime().clock);
    cache.count([part('a'), part('b', '')]);
    expect(cache.count([part('x'), part('b', '')])).toEqual(counts(0, 0, 200));
  });
  it('does not keep what is too short', () => {
    const cache = createPromptCache(createManualTime().clock);
    const short: Segment[] = [{ text: 'a', tokens: 10, mark: {} }];
    expect(cache.count(short)).toEqual(counts(10, 0, 0));
    expect(cache.count(short)).toEqual(counts(10, 0, 0));
  });
  it('forgets after five minutes or an hour, and each read prolongs', async () => {
    const time = createManualTime();
    const cache = createPromptCache(time.clock);
    const request = [part('long', '1h'), part('short', '')];
    cache.count(request);
    await time.advance(4 * MINUTE);
    expect(cache.count(request)).toEqual(counts(0, 200, 0));
    await time.advance(4 * MINUTE);
    expect(cache.count(request)).toEqual(counts(0, 200, 0));
    await time.advance(6 * MINUTE);
    expect(cache.count(request)).toEqual(counts(0, 100, 100));
    await time.advance(61 * MINUTE);
    expect(cache.count(request)).toEqual(counts(0, 0, 100, 100));
  });
});

describe('without marks', () => {
  it('keeps the whole request unasked and tells only of reads', () => {
    const cache = createPromptCache(createManualTime().clock);
    expect(cache.count([part('a'), part('b')])).toEqual(counts(200, 0, 0));
    expect(cache.count([part('a'), part('b'), part('c')])).toEqual(counts(100, 200, 0));
  });
});

it('never loses or invents a token', () => {
  const segment = fc.record({
    text: fc.constantFrom('a', 'b', 'c'),
    tokens: fc.integer({ min: 0, max: 200 }),
    mark: fc.option(fc.constantFrom({}, { ttl: '1h' }, { ttl: '5m' }), { nil: undefined }),
  });
  const law = fc.property(fc.array(fc.array(segment, { maxLength: 6 }), { maxLength: 6 }), (requests) => {
    const cache = createPromptCache(createManualTime().clock);
    for (const request of requests) {
      const counted = cache.count(request as Segment[]);
      const classes = Object.values(counted);
      expect(classes.every((count) => count >= 0)).toBe(true);
      expect(classes.reduce((a, b) => a + b, 0)).toBe(request.reduce((sum, one) => sum + one.tokens, 0));
    }
  });
  fc.assert(law, { numRuns: 300 });
});
