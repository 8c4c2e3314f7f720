// How people may sign in: what files may say, and what becomes of it.
import { describe, expect, it } from 'vitest';
import { publicUrl, signInOf, signInSchema, trustedProxies } from './config-sign-in.ts';

const entry = { issuer: 'https://login.example.com', client_id: 'turnpike' };
const read = (content: unknown) => signInSchema.safeParse(content);

describe('sign_in', () => {
  it('takes passwords and has no issuers where nothing is said', () => {
    const sources = {};
    expect(signInOf([{ path: 'a', content: {} }], sources)).toEqual({
      takesPasswords: true,
      issuers: [],
      services: [],
    });
    expect(sources).toEqual({
      'signIn.takesPasswords': 'default',
      'signIn.issuers': 'default',
      'signIn.services': 'default',
    });
  });

  it('reads an issuer, and counts the last file', () => {
    const said = read({
      password: false,
      oidc: {
        company: {
          ...entry,
          issuer: 'https://login.example.com/realm/',
          client_secret: 'hush',
          allowed_domains: ['Example.com'],
          workspace: 'main',
        },
      },
    });
    const files = [
      { path: 'a', content: { sign_in: { password: true } } },
      { path: 'b', content: { sign_in: said.data } },
    ];
    const settings = signInOf(files, {});
    expect(settings).toMatchObject({
      takesPasswords: false,
      issuers: [
        {
          name: 'company',
          issuer: 'https://login.example.com/realm',
          clientId: 'turnpike',
          allowedDomains: ['example.com'],
          trustsEmail: false,
          joins: { workspace: 'main', role: 'viewer' },
        },
      ],
    });
    expect(settings.issuers[0]?.clientSecret?.reveal()).toBe('hush');
    expect(JSON.stringify(settings)).not.toContain('hush');
  });

  it.each([
    ['an unknown setting', { passwords: true }],
    ['an issuer without https', { oidc: { company: { ...entry, issuer: 'http://login.example.com' } } }],
    [
      'an issuer with a name and password',
      { oidc: { company: { ...entry, issuer: 'https://a:b@login.example.com' } } },
    ],
    ['an issuer that is no URL', { oidc: { company: { ...entry, issuer: 'login' } } }],
    ['a name that is no part of a path', { oidc: { 'a/b': entry } }],
    ['a workspace for everybody', { oidc: { company: { ...entry, workspace: 'main' } } }],
    ['a role that is none', { oidc: { company: { ...entry, role: 'root' } } }],
    ['a domain that is an address', { oidc: { company: { ...entry, allowed_domains: ['a@example.com'] } } }],
  ])('refuses %s', (_, content) => {
    expect(read(content).success).toBe(false);
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1:9/x', 'https://login.example.com/realms/a'])(
    'takes %s for an issuer',
    (issuer) => expect(read({ oidc: { company: { ...entry, issuer } } }).success).toBe(true),
  );
});

describe('where the installation stands', () => {
  it.each([
    ['https://turnpike.example.com', true],
    ['http://10.0.0.1:8642/', true],
    ['https://turnpike.example.com/path', false],
    ['https://turnpike.example.com?a', false],
    ['ftp://turnpike.example.com', false],
    ['turnpike.example.com', false],
  ])('public_url %s: %s', (text, isGood) => {
    expect(publicUrl.safeParse(text).success).toBe(isGood);
  });

  it.each([
    [['10.0.0.0/8', '2001:db8::1'], true],
    [['10.0.0.0/8', 'proxy.internal'], false],
    [['10.0/8'], false],
  ])('trusted_proxies %j: %s', (list, isGood) => {
    expect(trustedProxies.safeParse(list).success).toBe(isGood);
  });
});
