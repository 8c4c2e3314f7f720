/** Services in configuration files: what is taken, and what is wrong in words. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { servicesOf, servicesSchema } from './config-services.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const base = { issuer: 'https://i.example', audience: 'turnpike', workspace: 'default' };

describe('services', () => {
  it.each([
    [{ jwks_url: 'https://i.example/keys' }, { kind: 'jwks', url: 'https://i.example/keys' }],
    [{ jwks_url: 'http://127.0.0.1:9/keys' }, { kind: 'jwks', url: 'http://127.0.0.1:9/keys' }],
    [{ public_key: publicKey }, { kind: 'pem', pem: publicKey }],
  ])('are read with %j', (keys, expected) => {
    const read = servicesOf(servicesSchema.parse([{ ...base, ...keys }]));
    expect(read).toEqual([{ ...base, keys: expected, role: 'viewer', subjects: undefined }]);
  });

  it('are none where the file says nothing', () => expect(servicesOf(undefined)).toEqual([]));

  it.each<[string, object]>([
    ['no key at all', {}],
    ['both kinds of keys', { jwks_url: 'https://i.example/keys', public_key: publicKey }],
    ['http to another machine', { jwks_url: 'http://i.example/keys' }],
    ['a password in the URL', { jwks_url: 'https://a:b@i.example/keys' }],
    ['a private key', { public_key: privateKey }],
    ['no key', { public_key: 'secret' }],
    ['a role that is none', { public_key: publicKey, role: 'god' }],
    ['no subjects', { public_key: publicKey, subjects: [] }],
    ['a shared secret', { public_key: publicKey, secret: 'x' }],
  ])('are refused with %s', (_what, more) => {
    expect(servicesSchema.safeParse([{ ...base, ...more }]).success).toBe(false);
  });
});
