/** Words: made in the number asked for, cut where they end, and always the same for the same seed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords, cutWords, writeProse, writeThought } from './prose.ts';
import { createRandom, hashText, pick } from './random.ts';

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

it('writes exactly as many words as told', () => {
  const law = fc.property(fc.nat(200), fc.nat(), fc.string(), (count, seed, prompt) => {
    expect(words(writeProse(createRandom(seed), prompt, count))).toHaveLength(count);
    expect(countWords(writeThought(createRandom(seed), prompt, count))).toBe(count);
  });
  fc.assert(law, { numRuns: 200 });
});

it('cuts at words and loses nothing before the cut', () => {
  const law = fc.property(
    fc.array(fc.constantFrom('a', 'bc', ' ', '  ', '\n', 'ü', '🚀')),
    fc.nat(12),
    (parts, count) => {
      const text = parts.join('');
      const cut = cutWords(text, count);
      expect(text.startsWith(cut)).toBe(true);
      expect(countWords(cut)).toBe(Math.min(count, countWords(text)));
      expect(countWords(text)).toBe(text.split(/[ \n]+/).filter((word) => word !== '').length);
    },
  );
  fc.assert(law, { numRuns: 300 });
});

describe('a greeting', () => {
  it.each(['hello', 'Hi!', 'Hello, who are you?', 'good morning', '', 'test'])('%s is welcomed', (prompt) => {
    expect(writeProse(createRandom(1), prompt, undefined)).toContain('simulated model in Turnpike’s sandbox');
  });
  it.each(['hide the file', 'Tell me about hello world programs', 'tester wanted'])(
    '%s is none',
    (prompt) => {
      expect(writeProse(createRandom(1), prompt, undefined)).not.toContain('You are talking to');
    },
  );
});

describe('chance', () => {
  it('repeats by seed and spreads', () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, createRandom(seed));
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    const mean = draw(7).reduce((sum, value) => sum + value, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(draw(8).every((value) => value >= 0 && value < 1)).toBe(true);
  });
  it('hashes tell texts and seeds apart, long ones by their ends and length', () => {
    const long = 'x'.repeat(100_000);
    const texts = ['', 'a', 'b', 'ab', 'ba', long, `${long}x`, `${long.slice(1)}y`, `y${long.slice(1)}`];
    const hashes = texts.flatMap((text) => [0, 1, 2, 3].map((seed) => hashText(text, seed)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
  it('picks nothing from nothing', () => {
    expect(() => pick(createRandom(1), [])).toThrow(RangeError);
  });
});
