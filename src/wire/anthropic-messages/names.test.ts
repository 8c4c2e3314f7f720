/** Names: a bijection between any text and Anthropic's alphabet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNameRestorer, fitName, MAX_NAME_CHARS, readName, writeName } from './names.ts';

const ALPHABET = /^[a-zA-Z0-9_-]+$/;

describe('writeName and readName', () => {
  it.each([
    ['get_weather', 'get_weather'],
    ['functions.bash:0', 'functions-x2e-bash-x3a-0'],
    ['õ🌍', '-xf5--x1f30d-'],
    ['', '-x-'],
    ['-x-', '-x2d-x-'],
    ['a-x2e-b', 'a-x2d-x2e-b'],
    ['a-x61-b', 'a-x61-b'],
    ['a-x2e.', 'a-x2d-x2e-x2e-'],
    ['-x2d-b', '-x2d-b'],
    ['\ud800', '-xd800-'],
  ])('%j is written %j', (name, written) => {
    expect(writeName(name)).toBe(written);
    expect(readName(written)).toBe(name);
  });

  const piece = fc.constantFrom(
    'a',
    'x',
    '-',
    '-x',
    '2e',
    '2d',
    '-x2d-',
    '-x2e-',
    '.',
    ':',
    '_',
    'ä',
    '🌍',
    '',
  );
  const pieces = (allowed: fc.Arbitrary<string>) =>
    fc.array(allowed, { maxLength: 12 }).map((all) => all.join(''));

  it('gives every text back, within the alphabet', () => {
    fc.assert(
      fc.property(pieces(piece), (name) => {
        expect(writeName(name)).toMatch(ALPHABET);
        expect(readName(writeName(name))).toBe(name);
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives every name of the alphabet back', () => {
    const name = pieces(piece.filter((text) => /^[a-z0-9_-]*$/.test(text))).filter((text) => text !== '');
    fc.assert(
      fc.property(name, (written) => {
        expect(writeName(readName(written))).toBe(written);
      }),
      { numRuns: 5_000 },
    );
  });

  it('does not look into endless texts', () => {
    const long = '-x2d'.repeat(500_000);
    expect(readName(long)).toBe(long);
  });
});

describe('fitName and createNameRestorer', () => {
  const [long, other] = [`${'n.'.repeat(100)}a`, `${'n.'.repeat(100)}b`];

  it('cuts to the limit, the same way each time, differently for different names', () => {
    expect(fitName(long)).toHaveLength(MAX_NAME_CHARS);
    expect(fitName(long)).toBe(fitName(long));
    expect(fitName(long)).not.toBe(fitName(other));
    expect(fitName('get.weather')).toBe(writeName('get.weather'));
  });

  it('finds the whole name again', () => {
    const restore = createNameRestorer([{ name: long }, { name: other }, { name: 'get.weather' }]);
    for (const name of [long, other, 'get.weather', 'unknown'])
      expect(restore(readName(fitName(name)))).toBe(name);
  });
});
