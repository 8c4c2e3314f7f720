// Attacks on accounts that several workspaces share: taken beforehand, taken over from above, looked at from beside.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, type FakeIssuer, openFakeIssuer } from '../support/fake-issuer.ts';
import { type OpenHouse, openHouse, operatorToken } from '../support/open-house.ts';

const API = '/api/v1';
const PASSWORD = 'a quiet harbour in march';
let issuer: FakeIssuer;
let house: OpenHouse;
let counter = 0;

beforeAll(async () => {
  issuer = await openFakeIssuer();
  house = await openHouse(`
providers: {}
trusted_proxies: [127.0.0.1/32]
sign_in:
  oidc:
    company:
      issuer: ${issuer.url}
      client_id: ${CLIENT_ID}
      client_secret: ${CLIENT_SECRET}
      allowed_domains: [alpha.example]
      workspace: default
      role: member
`);
  await operate('POST', '/workspaces', { name: 'beta' });
}, 30_000);
afterAll(async () => {
  await house.close();
  await issuer.close();
});

const newBrowser = (): Browser => openBrowser(house.url, { 'x-forwarded-for': `2001:db8:${++counter}::1` });

/** As the operator token. */
async function operate<T>(method: string, path: string, body: object, workspace = 'default'): Promise<T> {
  const answer = await fetch(`${house.url}${API}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${operatorToken(house.home)}`,
      'content-type': 'application/json',
      'x-turnpike-workspace': workspace,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function invite(workspace: string, role: string, email: string): Promise<string> {
  const made = await operate<{ link: string }>('POST', '/invitations', { email, role }, workspace);
  return new URL(made.link).searchParams.get('token')!;
}

interface Joined {
  readonly browser: Browser;
  readonly memberId: string;
}

async function join(workspace: string, role: string, email: string): Promise<Joined> {
  const browser = newBrowser();
  const guest = { token: await invite(workspace, role, email), name: email, password: PASSWORD };
  const { status, json } = await browser.call('POST', `${API}/invitations/accept`, guest);
  expect(status).toBe(201);
  return { browser, memberId: (json as unknown as { memberId: string }).memberId };
}

const signIn = (browser: Browser, email: string, password = PASSWORD) =>
  browser.call('POST', `${API}/auth/sign-in`, { email, password });
const isIn = async (browser: Browser) => (await browser.call('GET', `${API}/auth/session`)).status === 200;

async function comeFromIssuer(email: string): Promise<Browser> {
  issuer.person = { sub: email, email, email_verified: true, name: 'E' };
  const browser = newBrowser();
  const there = await browser.call('GET', `${API}/auth/oidc/company/start`, undefined, {});
  const back = await fetch(there.headers.get('location')!, { redirect: 'manual' });
  const { pathname, search } = new URL(back.headers.get('location')!);
  await browser.call('GET', pathname + search, undefined, {});
  expect(await isIn(browser)).toBe(true);
  return browser;
}

it('SESS-01: an account that somebody else has made for an address is its owner\u2019s alone once an issuer vouches', async () => {
  const email = 'chief@alpha.example';
  // The owner of beta gets the link of the invitation that it makes, and so signs up under any address.
  const thief = await join('beta', 'owner', email);
  const begun = await thief.browser.call('POST', `${API}/auth/totp`, { password: PASSWORD });
  expect(begun.status).toBe(200);
  const chief = await comeFromIssuer(email);
  expect(await isIn(thief.browser)).toBe(false);
  expect((await signIn(newBrowser(), email)).status).toBe(401);
  // Whoever has been vouched for keeps what comes afterwards.
  const { password } = await operate<{ password: string }>('POST', '/auth/reset', { email });
  await comeFromIssuer(email);
  expect((await signIn(newBrowser(), email, password)).status).toBe(200);
  expect(await isIn(chief)).toBe(false);
});

it('MASS-02: an admin of the first workspace gets into no account of an owner, or of another workspace', async () => {
  const admin = await join('default', 'admin', 'admin@alpha.example');
  const owner = await join('default', 'owner', 'owner@alpha.example');
  const other = await join('beta', 'owner', 'owner@beta.example');
  for (const email of ['owner@alpha.example', 'owner@beta.example']) {
    const { status, json } = await admin.browser.call('POST', `${API}/auth/reset`, { email });
    expect(status).toBe(403);
    expect(json.error.code).toBe('role_insufficient');
  }
  expect(await isIn(owner.browser)).toBe(true);
  expect(await isIn(other.browser)).toBe(true);
  expect((await signIn(newBrowser(), 'owner@beta.example')).status).toBe(200);
  const reset = await owner.browser.call('POST', `${API}/auth/reset`, { email: 'admin@alpha.example' });
  expect(reset.status).toBe(200);
});

it('IDOR-02: an owner learns nothing of where its members sign in from', async () => {
  const owner = await join('beta', 'owner', 'boss@beta.example');
  const member = await join('beta', 'member', 'worker@beta.example');
  const theirs = await owner.browser.call('GET', `${API}/members/${member.memberId}/export`);
  expect(theirs.text).toContain('"kind":"member"');
  expect(theirs.text).not.toContain('"kind":"session"');
  const own = await member.browser.call('GET', `${API}/me/export`);
  expect(own.text).toContain('"kind":"session"');
});

it('IDOR-01: a member explains requests with its own keys alone', async () => {
  const one = await join('beta', 'member', 'one@beta.example');
  const two = await join('beta', 'member', 'two@beta.example');
  await one.browser.call('POST', `${API}/keys`, { name: 'laptop-of-one' });
  const asOne = await one.browser.call('POST', `${API}/routing/explain`, { key: 'laptop-of-one' });
  expect(asOne.status).toBe(200);
  const asTwo = await two.browser.call('POST', `${API}/routing/explain`, { key: 'laptop-of-one' });
  expect(asTwo.status).toBe(404);
});

it('LEAK-05: a password that came with an Idempotency-Key cannot be guessed from the database', async () => {
  const { browser, memberId } = await join('beta', 'member', 'careful@beta.example');
  const body = JSON.stringify({ current: PASSWORD, next: 'another harbour in autumn' });
  const headers = { origin: house.url, 'content-type': 'application/json', 'idempotency-key': 'once-1' };
  expect((await browser.call('POST', `${API}/auth/password`, body, headers)).status).toBe(200);
  const [row] = house.rows<{ workspace_id: string; request_hash: string }>(
    `select workspace_id, request_hash from idempotency_keys where caller_id = '${memberId}'`,
  );
  // All but the password stands beside it, or is known.
  const guess = JSON.stringify([row!.workspace_id, 'POST', `${API}/auth/password`, '', body]);
  expect(row!.request_hash).not.toBe(createHash('sha256').update(guess).digest('hex'));
});
