// What is sealed to a recovery key opens with it alone, and its text survives paper.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import {
  fingerprintOf,
  isPublicKey,
  makeRecoveryKey,
  openFromRecovery,
  readRecoveryKey,
  sealToRecovery,
} from './recovery-key.ts';
import { vaultKeyOf } from './vault-key.ts';

const made = makeRecoveryKey(randomBytes);
const text = made.text.reveal();
const mine = readRecoveryKey(made.text)!;
const key = vaultKeyOf(randomBytes(32));

describe('its text', () => {
  it('is the same key whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const one = makeRecoveryKey(() => Buffer.from(bytes));
        expect(one.text.reveal()).toMatch(/^TPR1(-[0-9A-HJKMNP-TV-Z]{4}){14}$/);
        expect(readRecoveryKey(one.text)?.publicKey).toBe(one.publicKey);
      }),
      { numRuns: 100 },
    );
  });
  it.each<[string, (text: string) => string]>([
    ['small letters', (one) => one.toLowerCase()],
    ['without dashes', (one) => one.replaceAll('-', '')],
    ['spaces and a line end', (one) => `  ${one.replaceAll('-', ' ')}\n`],
    ['digits read as letters', (one) => one.replaceAll('0', 'O').replaceAll('1', 'l')],
  ])('is read with %s', (_name, change) => {
    expect(readRecoveryKey(new Secret(change(text)))?.publicKey).toBe(made.publicKey);
  });
  it('is not read with any one letter of it mistyped', () => {
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === '-') continue;
      const other = text[at] === '7' ? '8' : '7';
      expect(readRecoveryKey(new Secret(text.slice(0, at) + other + text.slice(at + 1)))).toBeUndefined();
    }
  });
  it.each(['', 'TPR1', 'hunter2', text.slice(0, -1), `${text}7`, text.replace('TPR1', 'TPR2')])(
    'is not %#',
    (other) => {
      expect(readRecoveryKey(new Secret(other))).toBeUndefined();
    },
  );
});

describe('a wrapping key', () => {
  const sealed = sealToRecovery(key, made.publicKey, randomBytes);
  it('opens with the recovery key', () => {
    const opened = openFromRecovery(key.name, sealed, mine);
    expect(opened?.wrapping.equals(key.wrapping)).toBe(true);
    expect([opened?.name, opened?.check]).toEqual([key.name, '']);
  });
  it('is another text each time', () => {
    expect(sealToRecovery(key, made.publicKey, randomBytes)).not.toBe(sealed);
  });
  it('does not open with another one, nor under another name', () => {
    const other = readRecoveryKey(makeRecoveryKey(randomBytes).text)!;
    expect(openFromRecovery(key.name, sealed, other)).toBeUndefined();
    expect(openFromRecovery('0'.repeat(16), sealed, mine)).toBeUndefined();
  });
  it('does not open when any one byte of it is another', () => {
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [index, part] of parts.entries()) {
      for (let at = 0; at < part.length; at += 1) {
        const changed = Buffer.from(part);
        changed[at]! ^= 1;
        const other = parts.with(index, changed).map((bytes) => bytes.toString('base64url'));
        expect(openFromRecovery(key.name, other.join('.'), mine)).toBeUndefined();
      }
    }
  });
  it.each([
    '',
    '.',
    'a.b',
    `${'A'.repeat(43)}.${sealed.split('.')[1]}`,
    sealed.slice(0, -2),
    `${sealed}.`,
    `${sealed}=`,
  ])('does not open from %j', (other) => {
    expect(openFromRecovery(key.name, other, mine)).toBeUndefined();
  });
  it('shows nothing of itself', () => {
    const bytes = key.wrapping.export();
    for (const shown of [sealed, text, made.publicKey]) {
      expect(shown).not.toContain(bytes.toString('base64url').slice(0, 10));
      expect(Buffer.from(shown.split('.').at(-1)!, 'base64url').includes(bytes.subarray(0, 6))).toBe(false);
    }
  });
});

it('is told from others by a fingerprint', () => {
  const other = makeRecoveryKey(randomBytes);
  expect(fingerprintOf(made.publicKey)).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprintOf(made.publicKey)).not.toBe(fingerprintOf(other.publicKey));
  expect([isPublicKey(made.publicKey), isPublicKey(text), isPublicKey('')]).toEqual([true, false, false]);
});
