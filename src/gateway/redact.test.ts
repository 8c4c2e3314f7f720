/** Our own key in what an upstream says: taken out wherever it stands, and nothing else touched. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
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
