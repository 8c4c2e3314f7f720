/** Our own key in what an upstream says: taken out wherever it stands, and nothing else touched. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import type { ChatError } from '../wire/chat.ts';
import { withoutCredential, withoutCredentialInError, withoutCredentialInHeaders } from './redact.ts';

const key = 'sk-upstream-0123456789';
const credential = new Secret(key);

describe('a body', () => {
  it('loses every occurrence', () => {
    const body = Buffer.from(`{"a":"${key}","b":"x${key}y"}`);
    expect(withoutCredential(body, credential).toString()).toBe('{"a":"[credential]","b":"x[credential]y"}');
  });

  it.each([
    ['another key', credential],
    ['no key at all', undefined],
    ['a placeholder', new Secret('x')],
  ] as const)('is the same buffer with %s', (_, secret) => {
    const body = Buffer.from('{"x":"Grüße"}');
    expect(withoutCredential(body, secret)).toBe(body);
  });
});

describe('parts of it', () => {
  it.each([
    ['cut', `the key ${key.slice(0, 15)}… is not valid`, 'the key [credential]… is not valid'],
    ['its end', `ends in ${key.slice(-14)}`, 'ends in [credential]'],
    ['too short to tell', `ends in ${key.slice(-4)}`, `ends in ${key.slice(-4)}`],
    ['twice', `${key}${key}`, '[credential]'],
  ])('are taken out: %s', (_name, said, clean) => {
    expect(withoutCredential(Buffer.from(said), credential).toString()).toBe(clean);
    const error = { kind: 'upstream', status: 500, message: said } as const;
    expect(withoutCredentialInError(error, credential).message).toBe(clean);
  });
  it.each([0, 1, 2])('in base64, %i characters further', (before) => {
    const encoded = Buffer.from(`${'u'.repeat(before)}${key}`).toString('base64');
    const clean = withoutCredential(Buffer.from(`Basic ${encoded}`), credential).toString();
    expect(clean).toContain('[credential]');
    for (let at = 4; at + 12 < encoded.length - 4; at += 1)
      expect(clean).not.toContain(encoded.slice(at, at + 12));
  });
  it('leave the rest of a body that is no text as it is', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(key), Buffer.from([0x80])]);
    const clean = withoutCredential(body, credential);
    expect([clean[0], clean[1], clean.at(-1)]).toEqual([0xff, 0x00, 0x80]);
    expect(clean.includes(key)).toBe(false);
  });
});

it('an error loses a key that JSON writes otherwise', () => {
  const odd = '{"private_key":"-----BEGIN\\n0123456789"}';
  const error = { kind: 'upstream', status: 500, message: `bad ${odd}`, extra: { [odd]: [odd] } };
  const clean = withoutCredentialInError(error as unknown as ChatError, new Secret(odd));
  expect(clean).toEqual({
    kind: 'upstream',
    status: 500,
    message: 'bad [credential]',
    extra: { '[credential]': ['[credential]'] },
  });
});

it('an error loses it in any field', () => {
  const error = { kind: 'authentication', status: 401, message: `bad key ${key}`, code: key } as const;
  expect(JSON.stringify(withoutCredentialInError(error, credential))).not.toContain(key);
});

describe('headers', () => {
  it('lose it and keep the rest', () => {
    const headers = { 'x-request-id': `r-${key}`, 'content-type': 'text/plain' };
    expect(withoutCredentialInHeaders(headers, credential)).toEqual({
      'x-request-id': 'r-[credential]',
      'content-type': 'text/plain',
    });
  });

  it('are the same record without it', () => {
    const headers = { 'content-type': 'text/plain' };
    expect(withoutCredentialInHeaders(headers, credential)).toBe(headers);
  });
});
