/** Tokens of services: only those that an issuer we know signed for us, for now, whoever the subject is. */
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceSettings } from '../base/service-settings.ts';
import { createServiceTokens, isServiceToken, type ServiceTokens } from './service-token.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const S = NOW / 1000;
const ISSUER = 'https://issuer.example';
const JWKS_URL = 'https://issuer.example/keys';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let mine: Pair;
let other: Pair;
let base: ServiceSettings;
beforeAll(async () => {
  mine = await generateKeyPair('ES256', { extractable: true });
  other = await generateKeyPair('ES256', { extractable: true });
});

let nowMs = NOW;
let asked: string[];
let served: () => Promise<unknown>;
let tokens: ServiceTokens;
let settings: ServiceSettings[];
beforeEach(async () => {
  nowMs = NOW;
  asked = [];
  const jwk = { ...(await exportJWK(mine.publicKey)), kid: 'k1', alg: 'ES256' };
  served = async () => ({ keys: [jwk] });
  base = {
    issuer: ISSUER,
    audience: 'turnpike',
    keys: { kind: 'jwks', url: JWKS_URL },
    workspace: 'default',
    role: 'member',
    subjects: undefined,
  };
  settings = [base];
  tokens = createServiceTokens({
    settings: () => settings,
    clock: { now: () => nowMs, monotonic: () => nowMs },
    ask: (async (url: string | URL | Request) => {
      asked.push(String(url));
      return Response.json(await served());
    }) as typeof fetch,
  });
});

interface Made {
  readonly claims?: Record<string, unknown>;
  readonly pair?: Pair;
  readonly header?: Record<string, unknown>;
}

function make({ claims = {}, pair = mine, header = {} }: Made = {}): Promise<string> {
  const said = { iss: ISSUER, aud: 'turnpike', sub: 'billing', exp: S + 600, ...claims };
  const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return new SignJWT(known).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(pair.privateKey);
}

describe('a token that holds', () => {
  it('says whose it is, by keys that are asked for once in ten minutes', async () => {
    for (const sub of ['billing', 'nightly']) {
      expect(await tokens.verify(await make({ claims: { sub } }))).toEqual({
        ok: true,
        settings: base,
        subject: sub,
      });
    }
    expect(asked).toEqual([JWKS_URL]);
    nowMs += 10 * 60_000;
    await tokens.verify(await make({ claims: { exp: nowMs / 1000 + 60 } }));
    expect(asked).toHaveLength(2);
  });

  it('may be signed with one key from the configuration', async () => {
    settings = [{ ...base, keys: { kind: 'pem', pem: await exportSPKI(mine.publicKey) } }];
    expect(await tokens.verify(await make())).toMatchObject({ ok: true, subject: 'billing' });
    expect(await tokens.verify(await make({ pair: other }))).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });

  it('gets what the first entry gives that fits it', async () => {
    const narrow = { ...base, subjects: ['nightly'], role: 'admin' as const };
    settings = [narrow, base];
    expect(await tokens.verify(await make({ claims: { sub: 'nightly' } }))).toMatchObject({
      settings: narrow,
    });
    expect(await tokens.verify(await make())).toMatchObject({ settings: base });
    settings = [narrow];
    expect(await tokens.verify(await make())).toMatchObject({ ok: false });
  });

  it('KEY-03: is another identity than one of the same first 64 characters', async () => {
    const first = await make({ claims: { sub: 'billing' } });
    const second = await make({ claims: { sub: 'billinh' } });
    expect(second.slice(0, 64)).toBe(first.slice(0, 64));
    const subjects = [];
    for (const token of [first, second, first]) subjects.push(await tokens.verify(token));
    expect(subjects).toMatchObject([{ subject: 'billing' }, { subject: 'billinh' }, { subject: 'billing' }]);
  });

  it('may be signed with a key that is new, asked for at most every half a minute', async () => {
    await tokens.verify(await make());
    const jwk = { ...(await exportJWK(other.publicKey)), kid: 'k2', alg: 'ES256' };
    served = async () => ({ keys: [jwk] });
    const fresh = await make({ pair: other, header: { kid: 'k2' } });
    expect(await tokens.verify(fresh)).toMatchObject({ ok: false });
    expect(asked).toHaveLength(1);
    nowMs += 30_000;
    expect(await tokens.verify(fresh)).toMatchObject({ ok: true });
    const madeUp = await make({ pair: other, header: { kid: 'k3' } });
    for (let i = 0; i < 5; i += 1) expect(await tokens.verify(madeUp)).toMatchObject({ ok: false });
    expect(asked).toHaveLength(2);
  });

  it('goes on to hold while its issuer cannot be asked', async () => {
    await tokens.verify(await make());
    served = async () => Promise.reject(new Error('down'));
    nowMs += 11 * 60_000;
    const claims = { exp: nowMs / 1000 + 60 };
    expect(await tokens.verify(await make({ claims }))).toMatchObject({ ok: false });
    expect(await tokens.verify(await make({ claims }))).toMatchObject({ ok: true });
  });
});

describe('a token that does not', () => {
  it.each<[string, Made]>([
    ['is of another audience', { claims: { aud: 'other' } }],
    ['is of no audience', { claims: { aud: undefined } }],
    ['is of an issuer nobody knows', { claims: { iss: 'https://evil.example' } }],
    ['is of an issuer that looks alike', { claims: { iss: `${ISSUER}/` } }],
    ['is of no issuer', { claims: { iss: undefined } }],
    ['has expired', { claims: { exp: S - 61 } }],
    ['never ends', { claims: { exp: undefined } }],
    ['is not yet good', { claims: { nbf: S + 61 } }],
    ['is of nobody', { claims: { sub: '' } }],
    ['says no subject', { claims: { sub: undefined } }],
    ['says a subject of absurd length', { claims: { sub: 'x'.repeat(256) } }],
    ['is absurdly long', { claims: { more: 'x'.repeat(9_000) } }],
  ])('%s', async (_what, made) => {
    const identity = await tokens.verify(await make(made));
    expect(identity.ok).toBe(false);
  });

  it('is signed by somebody else', async () => {
    expect(await tokens.verify(await make({ pair: other }))).toMatchObject({ ok: false });
  });

  it('holds within a minute of tolerance only', async () => {
    expect(await tokens.verify(await make({ claims: { exp: S - 59, nbf: S + 59 } }))).toMatchObject({
      ok: true,
    });
  });

  it('is signed with our own public key as a shared secret, or not at all', async () => {
    const pem = await exportSPKI(mine.publicKey);
    settings = [{ ...base, keys: { kind: 'pem', pem } }];
    const claims = { iss: ISSUER, aud: 'turnpike', sub: 'billing', exp: S + 600 };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(pem));
    expect(await tokens.verify(forged)).toMatchObject({ ok: false });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part(claims)}.`;
    expect(isServiceToken(unsigned)).toBe(true);
    expect(await tokens.verify(unsigned)).toMatchObject({ ok: false });
  });

  it.each([
    ['three parts of nothing', 'eyJ..'],
    ['JSON that is no object', `eyJ.${Buffer.from('"x"').toString('base64url')}.x`],
    ['no JSON', 'eyJhbGciOiJFUzI1NiJ9.!!!.x'],
  ])('is %s', async (_what, text) => {
    expect(await tokens.verify(text)).toMatchObject({ ok: false });
  });

  it('repeats nothing of the token in its message', async () => {
    const token = await make({ claims: { sub: 'canary', aud: 'canary' } });
    const identity = await tokens.verify(token);
    expect(JSON.stringify(identity)).not.toMatch(/canary|eyJ/);
  });
});

it.each([
  ['tpo-abc', false],
  ['eyJhbGciOiJFUzI1NiJ9.e30.sig', true],
  ['eyJhbGciOiJFUzI1NiJ9.e30', false],
  ['eyJhbGciOiJFUzI1NiJ9.e30.sig.more.parts', false],
  ['xeyJ.a.b', false],
])('%s: looks like one: %s', (text, expected) => expect(isServiceToken(text)).toBe(expected));
