// Attacks on sessions, over HTTP: guessing, riding on somebody's cookie, leading somebody elsewhere. Ids as in the threat model.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { codeAt } from '../support/authenticator.ts';
import { type Answer, type Browser, openBrowser } from '../support/browser.ts';
import { type OpenHouse, openHouse } from '../support/open-house.ts';

const API = '/api/v1';
const EVIL = 'https://evil.example';
const PASSWORD = 'a quiet harbour in march';
const SESSION = '__Host-turnpike-session';

let house: OpenHouse;
let counter = 0;

beforeAll(async () => {
  house = await openHouse(`
providers: {}
trusted_proxies: [127.0.0.1/32]
`);
}, 30_000);
afterAll(() => house.close());
afterEach(() => vi.useRealTimers());

/** From an address nobody has tried anything from, behind the proxy that is trusted. */
const newBrowser = (): Browser => openBrowser(house.url, { 'x-forwarded-for': `2001:db8:${++counter}::1` });

/** Somebody new who is a member, with a browser that is signed in. */
async function newPerson(): Promise<{ browser: Browser; email: string }> {
  const email = `p${++counter}@example.com`;
  const { link } = await house.admin<{ link: string }>('POST', '/invitations', { email, role: 'admin' });
  const token = new URL(link).searchParams.get('token');
  const browser = newBrowser();
  const accepted = await browser.call('POST', `${API}/invitations/accept`, {
    token,
    name: 'P',
    password: PASSWORD,
  });
  expect(accepted.status).toBe(201);
  return { browser, email };
}

const signIn = (browser: Browser, email: string, more: object = {}) =>
  browser.call('POST', `${API}/auth/sign-in`, { email, password: PASSWORD, ...more });
const isIn = async (browser: Browser) => (await browser.call('GET', `${API}/auth/session`)).status === 200;

describe('sessions', () => {
  it('SESS-01: the cookie is ours alone, new at each sign-in, and void once signed out', async () => {
    const { browser, email } = await newPerson();
    const first = browser.cookies.get(SESSION);
    expect((await signIn(browser, email)).status).toBe(200);
    const [line] = browser.lines;
    expect(browser.lines).toHaveLength(1);
    expect(line).toMatch(/^__Host-turnpike-session=/);
    const attributes = line!
      .split(/; */)
      .slice(1)
      .map((text) => text.toLowerCase());
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'secure', 'samesite=lax', 'path=/']));
    expect(attributes.filter((text) => text.startsWith('domain'))).toEqual([]);
    expect(browser.cookies.get(SESSION)).not.toBe(first);
    const former = openBrowser(house.url);
    former.cookies.set(SESSION, first!);
    expect(await isIn(former)).toBe(false);
    const stolen = openBrowser(house.url);
    stolen.cookies.set(SESSION, browser.cookies.get(SESSION)!);
    expect(await isIn(stolen)).toBe(true);
    expect((await browser.call('POST', `${API}/auth/sign-out`)).status).toBe(204);
    expect(browser.cookies.has(SESSION)).toBe(false);
    expect(await isIn(stolen)).toBe(false);
  });

  it('SESS-01: who was given a session beforehand gets nothing by it', async () => {
    const { email } = await newPerson();
    const victim = newBrowser();
    const planted = `${'a'.repeat(32)}.planted`;
    victim.cookies.set(SESSION, planted);
    expect((await signIn(victim, email)).status).toBe(200);
    const attacker = openBrowser(house.url);
    attacker.cookies.set(SESSION, planted);
    expect(await isIn(attacker)).toBe(false);
  });

  it('SESS-01: a new password ends every other session', async () => {
    const { browser, email } = await newPerson();
    const other = newBrowser();
    await signIn(other, email);
    const before = browser.cookies.get(SESSION);
    const change = { current: PASSWORD, next: 'another harbour in autumn' };
    expect((await browser.call('POST', `${API}/auth/password`, change)).status).toBe(200);
    expect(browser.cookies.get(SESSION)).not.toBe(before);
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(other)).toBe(false);
    expect((await signIn(newBrowser(), email)).status).toBe(401);
    expect((await signIn(newBrowser(), email, { password: change.next })).status).toBe(200);
  });

  it('SESS-01: a person ends its own sessions, and nobody else\u2019s', async () => {
    const { browser, email } = await newPerson();
    const stranger = await newPerson();
    const other = newBrowser();
    await signIn(other, email);
    const { json } = await browser.call('GET', `${API}/auth/sessions`);
    expect(json.sessions).toHaveLength(2);
    const { id } = json.sessions.find((one) => !one.isCurrent)!;
    const path = `${API}/auth/sessions/${id}`;
    expect((await stranger.browser.call('DELETE', path)).status).toBe(404);
    expect(await isIn(other)).toBe(true);
    expect((await browser.call('DELETE', path)).status).toBe(204);
    expect(await isIn(other)).toBe(false);
  });

  it('SESS-01: with an authenticator the password alone opens nothing', async () => {
    const { browser, email } = await newPerson();
    const begun = await browser.call('POST', `${API}/auth/totp`, { password: PASSWORD });
    const code = codeAt(begun.json.uri, Date.now());
    expect((await browser.call('POST', `${API}/auth/totp/verify`, { code })).status).toBe(200);
    const other = newBrowser();
    const half = await signIn(other, email);
    expect(half).toMatchObject({ status: 401, json: { error: { code: 'sign_in_code_wanted' } } });
    expect(other.cookies.size).toBe(0);
    expect((await signIn(other, email, { code: begun.json.recoveryCodes[0] })).status).toBe(200);
    const again = await signIn(newBrowser(), email, { code: begun.json.recoveryCodes[0] });
    expect(again.json.error.code).toBe('sign_in_code_wrong');
    const body = { password: PASSWORD };
    expect((await other.call('DELETE', `${API}/auth/totp`, body)).status).toBe(200);
    expect((await signIn(newBrowser(), email)).status).toBe(200);
  });

  it('SESS-02: whoever guesses from one place waits; what a client says of its address counts for nothing', async () => {
    const guesser = openBrowser(house.url, { 'x-forwarded-for': '198.51.100.1' });
    const answers: number[] = [];
    for (let at = 0; at < 20; at++) {
      // The nearest entry is the proxy's; those before it are the client's own.
      const headers = { 'x-forwarded-for': `203.0.113.${at}, 198.51.100.1` };
      const { status, headers: said } = await guesser.call(
        'POST',
        `${API}/auth/sign-in`,
        { email: `nobody${at}@example.com`, password: PASSWORD },
        headers,
      );
      answers.push(status);
      if (status === 429) expect(Number(said.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(answers).toEqual([...Array(15).fill(401), ...Array(5).fill(429)]);
    const { email } = await newPerson();
    expect((await signIn(guesser, email)).status).toBe(429);
    expect((await signIn(newBrowser(), email)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    expect((await signIn(guesser, email)).status).toBe(200);
  });

  it('SESS-02: whoever guesses at one person from many places waits, and the person does not', async () => {
    const { browser, email } = await newPerson();
    const answers: number[] = [];
    for (let at = 0; at < 20; at++)
      answers.push((await signIn(newBrowser(), email, { password: `wrong guess ${at}` })).status);
    expect(answers).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
    // Where it has signed in from before, it still does.
    expect((await signIn(browser, email)).status).toBe(200);
    expect((await signIn(newBrowser(), email)).status).toBe(429);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16 * 60_000 });
    expect((await signIn(newBrowser(), email)).status).toBe(200);
  });

  it('SESS-02: an unknown person and a wrong password are answered alike', async () => {
    const { email } = await newPerson();
    const wrong = await signIn(newBrowser(), email, { password: 'not the password' });
    const unknown = await signIn(newBrowser(), 'nobody.at.all@example.com');
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(unknown.text).toBe(wrong.text);
    const names = (headers: Headers) => [...headers.keys()].filter((name) => name !== 'date').toSorted();
    expect(names(unknown.headers)).toEqual(names(wrong.headers));
  });

  it.each(['//evil.example', '/\\evil.example', 'javascript:alert(1)', `${EVIL}/`, '/..//evil.example'])(
    'SESS-03: nobody is sent to %s',
    async (next) => {
      const { email } = await newPerson();
      const { json } = await signIn(newBrowser(), email, { next });
      expect(json.next).toBe('/console/sign-in');
    },
  );

  it('KEY-03: two sessions that begin alike are two sessions', async () => {
    const [ada, bob] = [await newPerson(), await newPerson()];
    const [a, b] = [ada, bob].map(({ browser }) => browser.cookies.get(SESSION)!);
    for (const shared of [20, 31]) {
      const mixed = openBrowser(house.url);
      mixed.cookies.set(SESSION, a!.slice(0, shared) + b!.slice(shared));
      expect(await isIn(mixed)).toBe(false);
    }
    const who = async ({ browser }: { browser: Browser }) =>
      (await browser.call('GET', `${API}/auth/session`)).json.person.email;
    expect([await who(ada), await who(bob)]).toEqual([ada.email, bob.email]);
  });

  it('LEAK-05: what is stored of a password is no password', async () => {
    const { email } = await newPerson();
    const [row] = house.rows<{ password: string }>(
      `select password from sign_ins join persons on persons.id = person_id where email = '${email}'`,
    );
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await signIn(newBrowser(), email, { password: row!.password })).status).toBe(401);
  });

  it('LEAK-02: no password, cookie or secret of an authenticator is in the data folder', async () => {
    const { browser } = await newPerson();
    const begun = await browser.call('POST', `${API}/auth/totp`, { password: PASSWORD });
    const uri = new URL(begun.json.uri);
    const bytes = readdirSync(house.home)
      .filter((name) => name.includes('.db'))
      .map((name) => readFileSync(join(house.home, name)).toString('latin1'))
      .join('');
    expect(bytes).toContain('argon2id');
    const secrets = [
      PASSWORD,
      browser.cookies.get(SESSION)!.slice(0, 32),
      uri.searchParams.get('secret')!,
      ...begun.json.recoveryCodes,
    ];
    for (const secret of secrets) expect(bytes.includes(secret), secret.slice(0, 4)).toBe(false);
  });
});

interface Operation {
  readonly method: string;
  readonly path: string;
}

/** All that changes something, as the API document has it. */
async function changes(): Promise<Operation[]> {
  const { paths } = await house.admin<{ paths: Record<string, Record<string, object>> }>(
    'GET',
    '/openapi.json',
  );
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'get')
      .map((method) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') })),
  );
}

describe('requests that another site caused', () => {
  let browser: Browser;
  let all: Operation[];
  beforeAll(async () => {
    ({ browser } = await newPerson());
    all = await changes();
  });

  const forms = [
    ['application/x-www-form-urlencoded', 'a=1'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    ],
    ['text/plain', '{"a":1}'],
  ] as const;

  it('CSRF-01: no form changes anything', async () => {
    expect(all.length).toBeGreaterThan(50);
    const passed: string[] = [];
    for (const { method, path } of all)
      for (const [type, body] of forms) {
        const headers = { origin: EVIL, 'sec-fetch-site': 'cross-site', 'content-type': type };
        const answer = await browser.call(method, path, body, headers);
        if (!isRefused(answer)) passed.push(`${method} ${path} ${type} ${answer.status}`);
      }
    expect(passed).toEqual([]);
  });

  const others: readonly (readonly [string, Record<string, string>])[] = [
    ['an origin', { origin: EVIL }],
    ['no origin', { origin: 'null' }],
    ['a mark of the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['nothing at all', {}],
    [
      'another method by a header',
      { origin: EVIL, 'x-http-method-override': 'GET', 'x-method-override': 'GET' },
    ],
  ];
  it.each(others)('CSRF-02: JSON with %s changes nothing', async (_, headers) => {
    const passed: string[] = [];
    for (const { method, path } of all) {
      const answer = await browser.call(method, path, {}, headers);
      const isProgram = Object.keys(headers).length === 0 && takesNoCookie.has(path);
      if (!isRefused(answer) && !isProgram) passed.push(`${method} ${path} ${answer.status}`);
    }
    expect(passed).toEqual([]);
    expect(await isIn(browser)).toBe(true);
  });

  it('CSRF-02: with a form\u2019s type our own page changes nothing either', async () => {
    const headers = { origin: house.url, 'content-type': 'text/plain' };
    const { status, json } = await browser.call('POST', `${API}/keys`, '{"name":"mine"}', headers);
    expect([status, json.error.code]).toEqual([403, 'cross_site']);
    expect((await browser.call('POST', `${API}/keys`, { name: 'mine' })).status).toBe(201);
  });

  it.each([`${API}/keys`, `${API}/auth/sign-in`, '/v1/chat/completions', '/console/sign-in'])(
    'CSRF-03: %s tells no other site that it may',
    async (path) => {
      const asked = {
        origin: EVIL,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      };
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const { headers } = await browser.call(method, path, method === 'POST' ? {} : undefined, asked);
        expect(headers.get('access-control-allow-credentials')).toBeNull();
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );
});

/** What programs may ask without one, and without saying where they stand: a cookie counts for nothing there. */
const takesNoCookie: ReadonlySet<string> = new Set([
  `${API}/auth/sign-in`,
  `${API}/invitations/show`,
  `${API}/invitations/accept`,
]);

function isRefused({ status, json }: Answer): boolean {
  return status === 403 && json.error?.code === 'cross_site';
}

describe('the pages', () => {
  it.each(['/console/sign-in', '/console/sign-up?token=x'])(
    '%s runs nothing of anybody else',
    async (path) => {
      const one = await openBrowser(house.url).call('GET', path);
      const two = await openBrowser(house.url).call('GET', path);
      const policy = one.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
      expect(two.headers.get('content-security-policy')).not.toContain(nonce);
      expect(one.text.match(/<(script|style)\b[^>]*>/g)).toEqual([
        `<style nonce="${nonce}">`,
        `<script nonce="${nonce}">`,
      ]);
      expect(one.text).not.toMatch(
        /(?:src|href|action)="(?!\/[^/])|\son\w+=|innerHTML|document\.write|@import|url\(/,
      );
      expect(one.headers.get('referrer-policy')).toBe('no-referrer');
      expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('answers of the API cannot be opened as pages', async () => {
    const { headers } = await openBrowser(house.url).call('GET', `${API}/auth/ways`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
