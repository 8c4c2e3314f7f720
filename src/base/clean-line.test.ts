/** Lines of the log without what must not stand there. */
import { describe, expect, it } from 'vitest';
import { createLineCleaner } from './clean-line.ts';
import { Secret } from './secret.ts';

const KEY = 'house-key-0123456789';
const ODD = 'quote"and\\slash';

function cleaner(...texts: string[]) {
  const made = createLineCleaner();
  made.hide(texts.map((text) => new Secret(text)));
  return made;
}

describe('lines of the log', () => {
  it.each([
    ['a known one', `{"error":"bad key ${KEY}"}`, '{"error":"bad key [secret]"}'],
    ['at both ends', `${KEY} and ${KEY}`, '[secret] and [secret]'],
    ['one after the other', KEY + KEY, '[secret][secret]'],
    ['as JSON writes it', JSON.stringify({ msg: `x ${ODD}` }), '{"msg":"x [secret]"}'],
    ['our own', 'key tp-aB3dE5gH7jK9aB3dE5gH', 'key [secret]'],
    ['an operator token', 'tpo-aB3dE5gH7jK9aB3dE5gH', '[secret]'],
    ['a vendor’s', 'got sk-ant-aB3dE5gH7jK9aB3dE5gH', 'got [secret]'],
    ['behind Bearer', 'authorization: Bearer aB3dE5gH7jK9aB3dE5gH', 'authorization: Bearer [secret]'],
  ])('are cleaned of %s', (_name, line, clean) => {
    expect(cleaner(KEY, ODD).clean(line)).toBe(clean);
  });
  it.each([
    'exchange exc_01k9abcdefghijklmnop ended',
    'tp-abcd…wxyz was revoked',
    'task-force sk-learn short 1234567',
    '',
  ])('stay as they are: %s', (line) => {
    expect(cleaner(KEY, 'short', '1234567').clean(line)).toBe(line);
  });
  it('goes by those said last', () => {
    const made = cleaner(KEY);
    made.hide([new Secret('another-key-987654')]);
    expect(made.clean(`${KEY} another-key-987654`)).toBe(`${KEY} [secret]`);
  });
  it('takes the longer of two that begin alike where it stands', () => {
    expect(cleaner('house-key-0', KEY).clean(`${KEY}!`)).toMatch(/^\[secret\]/);
  });
});
