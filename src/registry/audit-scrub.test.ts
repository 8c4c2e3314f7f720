/** What may be written into the audit: secrets by name, by look, and however deep they lie. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailText, isSecretName, withoutSecrets } from './audit-scrub.ts';

const drawn = 'aB3'.repeat(12);

describe('names', () => {
  it.each([
    ...[
      'secret',
      'clientSecret',
      'client_secret',
      'password',
      'currentPassword',
      'apiKey',
      'api_key',
      'token',
    ],
    ...['token_hash', 'hash', 'sealed', 'accessKey', 'totp', 'code', 'backupCodes', 'recoveryKey', 'cookie'],
  ])('%s is one of a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
    expect(withoutSecrets({ [name]: 'plain' })).toEqual({ [name]: '[removed]' });
  });
  it.each([
    'name',
    'key',
    'keyId',
    'maxOutputTokens',
    'inputTokensPerMinute',
    'tokenId',
    'provider',
    'keys',
    'codec',
  ])('%s is not', (name) => expect(isSecretName(name)).toBe(false));
  it('that there is one is no secret', () => {
    expect(withoutSecrets({ hasSecret: true, password: null })).toEqual({ hasSecret: true, password: null });
  });
});

describe('texts', () => {
  it.each([
    ['a virtual key', `tp-${'b'.repeat(49)}`],
    ['an operator token', `tpo-${'a'.repeat(43)}`],
    ['a recovery key', `TPR1${'-7XYZ'.repeat(14)}`],
    ['a key of a vendor', 'sk-ant-api03-abcdefghijkl'],
    ['a key of Google', `AIza${'x'.repeat(30)}`],
    ['a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
    ['a digest', 'f'.repeat(64)],
    ['what was drawn', drawn],
    ['something sealed', `v1.${'0'.repeat(16)}.${'A'.repeat(40)}.${'B'.repeat(40)}`],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----'],
  ])('%s goes, wherever it stands', (_name, secret) => {
    const found = JSON.stringify(
      withoutSecrets({
        note: `it is ${secret}, keep it`,
        list: [{ deep: secret }],
        text: JSON.stringify({ x: secret }),
      }),
    );
    expect(found).not.toContain(secret.slice(0, 24));
    expect(found).toContain('it is [removed]');
  });
  it('an address loses who signs in, and nothing else', () => {
    expect(withoutSecrets('https://ada:hunter2@example.com/v1')).toBe('https://[removed]@example.com/v1');
  });
  it.each([
    'key_01k9zq3abcdefghjkmnpqrstvw',
    'anthropic/claude-sonnet-4-5',
    'asia-northeast1-b',
    'tp-abcd…wxyz',
  ])('%s stays', (text) => expect(withoutSecrets(text)).toBe(text));
  it('looks into JSON that is kept as text, by name too', () => {
    expect(withoutSecrets({ scopes: '{"password":"hunter2","ok":1}' })).toEqual({
      scopes: '{"password":"[removed]","ok":1}',
    });
  });
  it('cuts no secret into something that looks like none', () => {
    expect(withoutSecrets(`${'x '.repeat(140)}tp-${'b'.repeat(49)}`)).not.toContain('tp-bbb');
  });
});

describe('size', () => {
  it('bears any depth, breadth and length', () => {
    let deep: unknown = 'bottom';
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, 'x'.repeat(50)]));
    const text = detailText({ deep, wide, long: 'y'.repeat(1_000_000) });
    expect(text.length).toBeLessThan(17_000);
    expect(() => JSON.parse(text)).not.toThrow();
  });
  it('never throws, and says the same of what it has said', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const once = withoutSecrets(value);
        expect(() => JSON.stringify(once)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});
