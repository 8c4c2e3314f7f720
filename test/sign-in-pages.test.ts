// The pages of signing in, from the first owner's link to signing out, over HTTP; and an issuer on the way.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeAt } from './support/authenticator.ts';
import { openBrowser } from './support/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, type FakeIssuer, openFakeIssuer } from './support/fake-issuer.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { openPage } from './support/page.ts';

const PASSWORD = 'a quiet harbour in march';
let issuer: FakeIssuer;
let house: OpenHouse;

beforeAll(async () => {
  issuer = await openFakeIssuer();
  house = await openHouse(`
providers: {}
sign_in:
  oidc:
    company:
      issuer: ${issuer.url}
      client_id: ${CLIENT_ID}
      client_secret: ${CLIENT_SECRET}
      allowed_domains: [example.com]
      workspace: default
      role: member
`);
}, 30_000);
afterAll(async () => {
  await house.close();
  await issuer.close();
});

const linkOf = (link: string): string => link.slice(link.indexOf('/console'));

it('makes the first owner by its link, signs out and in again, with a code from then on', async () => {
  const { link } = await house.admin<{ link: string }>('POST', '/owner-link');
  const browser = openBrowser(house.url);
  const up = await openPage(browser, linkOf(link));
  expect(up.text('about')).toBe('Turnpike has no owner yet: become the owner of default.');
  expect(up.text('email-row')).toBeDefined();
  up.fill('email', 'ada@example.org');
  up.fill('name', 'Ada <b>Lovelace</b>');
  up.fill('password', 'short');
  await up.press('form');
  expect(up.text('problem')).toContain('at least 12 characters');
  up.fill('password', PASSWORD);
  await up.press('form');
  expect(up.text('about')).toBe('You are a member of default now, as owner.');
  expect(up.text('form')).toBeUndefined();

  const page = await openPage(browser, '/console/sign-in');
  expect(page.text('name')).toBe('Ada <b>Lovelace</b>');
  expect(page.text('form')).toBeUndefined();
  await page.press('out');
  expect(page.text('who')).toBeUndefined();
  expect(browser.cookies.size).toBe(0);

  page.fill('email', 'ada@example.org');
  page.fill('password', 'not the password');
  await page.press('form');
  expect(page.text('problem')).toBe('the address or the password is wrong');
  page.fill('password', PASSWORD);
  await page.press('form');
  expect(page.text('address')).toBe('ada@example.org');

  const { json } = await browser.call('POST', '/api/v1/auth/totp', { password: PASSWORD });
  const code = codeAt(json.uri, Date.now());
  await browser.call('POST', '/api/v1/auth/totp/verify', { code });
  await page.press('out');
  page.fill('email', 'ada@example.org');
  page.fill('password', PASSWORD);
  expect(page.text('code-row')).toBeUndefined();
  await page.press('form');
  expect(page.text('code-row')).toBeDefined();
  page.fill('code', json.recoveryCodes[0]!);
  await page.press('form');
  expect(page.text('address')).toBe('ada@example.org');
});

it('says of a link that is good no more', async () => {
  const page = await openPage(openBrowser(house.url), '/console/sign-up?token=nothing');
  expect(page.text('problem')).toBe('this link is good no more');
  expect(page.text('form')).toBeUndefined();
});

it('says what it is for where the link is cut off', async () => {
  const page = await openPage(openBrowser(house.url), '/console/sign-up');
  expect(page.text('problem')).toContain('turnpike console');
  expect(page.text('form')).toBeUndefined();
});

it('goes on to where the browser wanted to, on this installation', async () => {
  const { link } = await house.admin<{ link: string }>('POST', '/invitations', {
    email: 'bob@example.com',
    role: 'member',
  });
  const up = await openPage(openBrowser(house.url), linkOf(link));
  up.fill('name', 'Bob');
  up.fill('password', PASSWORD);
  await up.press('form');
  for (const [next, expected] of [
    ['/console/keys?tab=1', '/console/keys?tab=1'],
    ['//evil.example', undefined],
  ] as const) {
    const page = await openPage(openBrowser(house.url), `/console/sign-in?${new URLSearchParams({ next })}`);
    page.fill('email', 'bob@example.com');
    page.fill('password', PASSWORD);
    await page.press('form');
    expect(page.went()).toBe(expected);
  }
});

it('says so where the browser keeps no cookie', async () => {
  const browser = openBrowser(house.url);
  const forgetful = {
    ...browser,
    async call(...asked: Parameters<typeof browser.call>) {
      browser.cookies.clear();
      return browser.call(...asked);
    },
  };
  const page = await openPage(forgetful, '/console/sign-in');
  page.fill('email', 'bob@example.com');
  page.fill('password', PASSWORD);
  await page.press('form');
  expect(page.text('problem')).toContain('did not keep the cookie');
});

it('signs in at an issuer, and makes who comes first a member', async () => {
  const browser = openBrowser(house.url);
  const page = await openPage(browser, '/console/sign-in?next=%2Fconsole%2Fkeys');
  expect(page.links()).toEqual(['/api/v1/auth/oidc/company/start?next=%2Fconsole%2Fkeys']);
  const there = await browser.call('GET', page.links()[0]!, undefined, {});
  expect(there.status).toBe(302);
  const back = await fetch(there.headers.get('location')!, { redirect: 'manual' });
  const url = new URL(back.headers.get('location')!);
  expect(url.origin).toBe(house.url);
  // The issuer sends the browser: another site has caused this request.
  const cameBack = await browser.call('GET', url.pathname + url.search, undefined, {
    'sec-fetch-site': 'cross-site',
  });
  expect([cameBack.status, cameBack.headers.get('location')]).toEqual([302, '/console/keys']);
  expect([...browser.cookies.keys()]).toEqual(['__Host-turnpike-session']);
  const me = await browser.call('GET', '/api/v1/me');
  expect(me.json).toMatchObject({ role: 'member', person: { email: 'ada@example.com' } });
});

it.each([
  ['a stranger', { email: 'eve@elsewhere.org', sub: 'eve' }, 'not_invited', 'not invited here'],
  ['a token that does not hold', { nonce: 'another', sub: 'eve' }, 'issuer_failed', 'did not work'],
])('says to %s what became of it', async (_, claims, problem, words) => {
  issuer.faults.claims = claims;
  const browser = openBrowser(house.url);
  const there = await browser.call('GET', '/api/v1/auth/oidc/company/start', undefined, {});
  const back = await fetch(there.headers.get('location')!, { redirect: 'manual' });
  const { pathname, search } = new URL(back.headers.get('location')!);
  const cameBack = await browser.call('GET', pathname + search, undefined, {});
  expect(cameBack.headers.get('location')).toBe(`/console/sign-in?problem=${problem}`);
  expect((await openPage(browser, cameBack.headers.get('location')!)).text('problem')).toContain(words);
  expect(browser.cookies.has('__Host-turnpike-session')).toBe(false);
});

it('gives who has lost the password another one, by an operator', async () => {
  const email = 'bob@example.com';
  const before = openBrowser(house.url);
  await before.call('POST', '/api/v1/auth/sign-in', { email, password: PASSWORD });
  expect((await before.call('POST', '/api/v1/auth/reset', { email })).status).toBe(403);
  const { password } = await house.admin<{ password: string }>('POST', '/auth/reset', { email });
  expect((await before.call('GET', '/api/v1/auth/session')).status).toBe(401);
  const after = openBrowser(house.url);
  expect((await after.call('POST', '/api/v1/auth/sign-in', { email, password: PASSWORD })).status).toBe(401);
  expect((await after.call('POST', '/api/v1/auth/sign-in', { email, password })).status).toBe(200);
  await expect(house.admin('POST', '/auth/reset', { email: 'nobody@example.com' })).rejects.toThrow('404');
});

it('tells the audit who has signed in, and nothing of how', async () => {
  const answer = await house.admin<{ events: { action: string }[] }>('GET', '/audit?limit=200');
  const text = JSON.stringify(answer);
  expect(text).toContain('session.create');
  expect(text).toContain('totp.create');
  expect(text).toContain('password.reset');
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain('not the password');
});
