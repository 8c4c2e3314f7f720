// Signing in at an issuer: there and back, and everything that must not be believed on the way.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, type FakeIssuer, openFakeIssuer } from '../../test/support/fake-issuer.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { silentLog } from '../base/log.ts';
import { Secret } from '../base/secret.ts';
import type { IssuerSettings } from '../base/sign-in-settings.ts';
import type { Store } from '../store/store.ts';
import { openPeople } from './open-people.ts';
import type { OidcOutcome, People } from './people.ts';

const secret = new Secret(randomBytes(32).toString('base64url'));
const from = { address: '203.0.113.9', userAgent: 'a browser' };
const redirectUri = 'https://turnpike.example.com/api/v1/auth/oidc/company/callback';
const [under] = storesUnderTest().filter(({ name }) => name.endsWith('process'));

describe.skipIf(!under)('signing in at an issuer', () => {
  let issuer: FakeIssuer;
  let store: Store;
  let people: People;
  let late = 0;
  let terms: Partial<IssuerSettings>;

  beforeAll(async () => {
    issuer = await openFakeIssuer();
  });
  beforeEach(async () => {
    late = 0;
    terms = { allowedDomains: ['example.com'], joins: { workspace: 'default', role: 'member' } };
    issuer.person = { sub: 'ada-1', email: 'ada@example.com', email_verified: true, name: 'Ada' };
    issuer.faults = {};
    issuer.asked.length = 0;
    store = (await under!.open()).store;
    people = open();
  });
  afterEach(() => store.close());
  afterAll(async () => {
    await under!.remove();
    await issuer.close();
  });

  const open = () =>
    openPeople({
      ...{ store, log: silentLog, fetch },
      clock: { now: () => Date.now() + late, monotonic: () => performance.now() + late },
      secret: async () => secret,
      settings: () => ({ takesPasswords: true, issuers: [settings()] }),
    });
  const settings = (): IssuerSettings => ({
    name: 'company',
    issuer: issuer.url,
    clientId: CLIENT_ID,
    clientSecret: new Secret(CLIENT_SECRET),
    allowedDomains: [],
    trustsEmail: false,
    joins: undefined,
    ...terms,
  });
  /** What the browser brings back. */
  const go = async (next?: string) => {
    const started = await people.startOidc('company', { redirectUri, next }, from);
    if (started.kind !== 'done') throw new Error(JSON.stringify(started));
    const answer = await fetch(started.location, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location')!);
    const headers = new Headers({ cookie: started.setCookies[0]!.split(';', 1)[0]! });
    return { started, query: back.searchParams, headers };
  };
  const come = (visit: { query: URLSearchParams; headers: Headers }): Promise<OidcOutcome> =>
    people.finishOidc('company', { ...visit, redirectUri }, from);
  const signIn = async (next?: string) => come(await go(next));
  const persons = () => store.kysely.selectFrom('persons').selectAll().execute();

  it('goes there with state, nonce and PKCE, and seals what it must know again', async () => {
    const { started } = await go('/console/sign-in?tab=1');
    const asked = new URL(started.location).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const [cookie] = started.setCookies;
    expect(cookie).toMatch(
      /^__Host-turnpike-visit=\S+; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=600$/,
    );
    expect(cookie).not.toContain(asked.get('state'));
  });

  it('makes a person of an allowed domain, once, and says where it joins', async () => {
    const first = await signIn('/somewhere');
    expect(first).toMatchObject({
      kind: 'done',
      next: '/somewhere',
      joins: { workspace: 'default', role: 'member' },
      person: { name: 'Ada', email: 'ada@example.com', hasPassword: false },
    });
    if (first.kind !== 'done') return;
    const [session, forgotten] = first.setCookies;
    expect(session).toMatch(/^__Host-turnpike-session=/);
    expect(forgotten).toMatch(/^__Host-turnpike-visit=; .*Max-Age=0$/);
    const headers = new Headers({ cookie: session!.split(';', 1)[0]! });
    expect(await people.sessionOf(headers, Date.now())).toMatchObject({ personId: first.person.id });
    issuer.person = { sub: 'ada-1', email: 'ada.new@elsewhere.org', email_verified: false };
    const second = await signIn();
    expect(second).toMatchObject({ kind: 'done', person: { id: first.person.id } });
    expect(second).not.toHaveProperty('joins');
    expect(await persons()).toHaveLength(1);
  });

  it('is the person that is known by that address, by nothing that was there before it was vouched for', async () => {
    terms = {};
    const made = await people.createPerson({
      name: 'A',
      email: 'ada@example.com',
      password: 'a quiet harbour',
    });
    if (made.kind !== 'done') throw new Error(made.kind);
    expect(await signIn()).toMatchObject({
      kind: 'done',
      person: { id: made.person.id, hasPassword: false },
    });
  });

  it.each([
    ['nobody has named it', {}, {}],
    ['it is of another domain', { email: 'ada@elsewhere.org' }, { allowedDomains: ['example.com'] }],
    ['its domain only ends alike', { email: 'ada@evil-example.com' }, { allowedDomains: ['example.com'] }],
    ['its address has two', { email: 'ada@example.com@elsewhere.org' }, { allowedDomains: ['example.com'] }],
    ['its address is not verified', { email_verified: false }, { allowedDomains: ['example.com'] }],
    [
      'nobody says whether it is verified',
      { email_verified: undefined },
      { allowedDomains: ['example.com'] },
    ],
    ['there is nothing to join', {}, { allowedDomains: ['example.com'], joins: undefined }],
  ])('lets nobody in where %s', async (_, person, more) => {
    terms = more;
    Object.assign(issuer.person, person);
    expect((await signIn()).kind).toMatch(/^(not_invited|failed)$/);
    expect(await persons()).toEqual([]);
  });

  it('takes an address that is not verified where the operator says so', async () => {
    terms = { ...terms, trustsEmail: true };
    issuer.person.email_verified = undefined;
    expect((await signIn()).kind).toBe('done');
  });

  it('does not take over somebody by an address that is not verified', async () => {
    await people.createPerson({ name: 'A', email: 'ada@example.com', password: 'a quiet harbour' });
    issuer.person.email_verified = false;
    expect(await signIn()).toEqual({ kind: 'not_invited' });
  });

  it('asks for the address where the token has none, of the same person alone', async () => {
    issuer.person.email = undefined;
    expect(await signIn()).toMatchObject({ kind: 'done', person: { email: 'info@example.com' } });
    issuer.person = { sub: 'eve-1' };
    issuer.faults.claims = { sub: 'mallory-1' };
    expect(await signIn()).toEqual({ kind: 'failed', message: expect.stringContaining('e-mail') });
  });

  it.each([
    ['of another issuer', { claims: { iss: 'https://other.example' } }],
    ['for somebody else', { claims: { aud: 'another client' } }],
    ['asked for by somebody else', { claims: { aud: [CLIENT_ID, 'b'], azp: 'b' } }],
    ['that has expired', { claims: { exp: 1_000 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['of another visit', { claims: { nonce: 'another' } }],
    ['of no visit', { claims: { nonce: undefined } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['signed with another key', { signsWith: 'another key' as const }],
    ['signed with what we know too', { signsWith: 'our secret' as const }],
    ['signed with nothing', { signsWith: 'nothing' as const }],
  ])('believes no token %s', async (_, faults) => {
    issuer.faults = faults;
    expect((await signIn()).kind).toBe('failed');
    expect(await persons()).toEqual([]);
  });

  it('learns of a new key, but does not ask for each token', async () => {
    expect((await signIn()).kind).toBe('done');
    await issuer.changeKey();
    expect((await signIn()).kind).toBe('failed');
    late = 31_000;
    expect((await signIn()).kind).toBe('done');
    expect(issuer.asked.filter((line) => line === 'GET /keys')).toHaveLength(2);
  });

  it.each([
    ['/.well-known/openid-configuration', 'start'],
    ['/keys', 'start'],
    ['/token', 'finish'],
  ])('does not follow %s elsewhere', async (path) => {
    const target = await openFakeIssuer();
    issuer.faults.redirect = { path, to: `${target.url}/keys` };
    await expect(
      signIn().then((outcome) => {
        throw new Error(outcome.kind);
      }),
    ).rejects.toThrow('failed');
    expect(target.asked).toEqual([]);
    await target.close();
  });

  it.each([
    ['another name', { issuer: 'https://other.example' }],
    ['a private address', { token_endpoint: 'https://10.0.0.1/token' }],
    ['another private address', { jwks_uri: 'https://[fd00::1]/keys' }],
    ['a machine without a domain', { jwks_uri: 'https://metadata/keys' }],
    ['plain http elsewhere', { token_endpoint: 'http://login.example.com/token' }],
    ['another port of this machine', { token_endpoint: 'http://127.0.0.1:1/token' }],
    ['no place at all', { authorization_endpoint: undefined }],
    ['a place to show a script', { authorization_endpoint: 'javascript:alert(1)' }],
  ])('does not go to an issuer that says %s', async (_, discovery) => {
    issuer.faults.discovery = discovery;
    const started = await people.startOidc('company', { redirectUri, next: undefined }, from);
    expect(started.kind).toBe('failed');
  });

  it('takes nothing back that it did not begin', async () => {
    const visit = await go();
    const other = await go();
    const failed = { kind: 'failed', message: expect.stringContaining('begin again') };
    expect(await come({ ...visit, headers: new Headers() })).toEqual(failed);
    expect(await come({ ...visit, headers: other.headers })).toEqual(failed);
    const forged = new URLSearchParams(visit.query);
    forged.set('state', '\u00e9'.repeat(43));
    expect(await come({ ...visit, query: forged })).toEqual(failed);
    late = 11 * 60_000;
    expect(await come(visit)).toEqual(failed);
  });

  it('takes a code once', async () => {
    const visit = await go();
    expect((await come(visit)).kind).toBe('done');
    expect((await come(visit)).kind).toBe('failed');
  });

  it('hears what the issuer refused, and repeats no words of others', async () => {
    const { headers, query } = await go();
    query.delete('code');
    query.set('error', 'access_denied');
    expect(await come({ headers, query })).toMatchObject({ message: 'the issuer refused: access_denied' });
    query.set('error', '<script>alert(1)</script>');
    expect(await come({ headers, query })).toMatchObject({ message: 'the issuer refused' });
    query.delete('error');
    query.set('iss', 'https://other.example');
    query.set('code', 'x');
    expect(await come({ headers, query })).toMatchObject({ message: 'the answer is of another issuer' });
  });

  it('knows no issuer that is not configured', async () => {
    expect(await people.startOidc('home', { redirectUri, next: undefined }, from)).toEqual({
      kind: 'unknown',
    });
    const end = { redirectUri, query: new URLSearchParams(), headers: new Headers() };
    expect(await people.finishOidc('home', end, from)).toEqual({ kind: 'unknown' });
  });

  it('asks an issuer for one place so often only', async () => {
    const kinds: string[] = [];
    for (let visit = 1; visit <= 31; visit++)
      kinds.push((await people.startOidc('company', { redirectUri, next: undefined }, from)).kind);
    expect(kinds.filter((kind) => kind === 'done')).toHaveLength(30);
    expect(kinds.at(-1)).toBe('limited');
    expect(issuer.asked).toHaveLength(2);
  });
});
