// People over every store: signing in and out, sessions, passwords and authenticators.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeAt, wrongCodeAt } from '../../test/support/authenticator.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Clock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { Secret } from '../base/secret.ts';
import type { Store } from '../store/store.ts';
import { SESSION_IDLE_MS, SESSION_MAX_MS } from './lifetimes.ts';
import { openPeople } from './open-people.ts';
import type { People, Person } from './people.ts';

const PASSWORD = 'a quiet harbour in march';
const newSecret = () => new Secret(randomBytes(32).toString('base64url'));
let secret = newSecret();
const from = { address: '203.0.113.9', userAgent: 'a browser' };

/** What a browser sends back. */
const browser = (setCookies: readonly string[]): Headers =>
  new Headers({ cookie: setCookies.map((line) => line.split(';', 1)[0]).join('; ') });

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('people on $name', (under) => {
  /** What depends on no database. */
  const once = it.skipIf(!under.name.startsWith('SQLite'));
  let store: Store;
  let people: People;
  let late = 0;
  let alice: Person;
  const clock: Clock = { now: () => Date.now() + late, monotonic: () => performance.now() + late };
  const open = () =>
    openPeople({
      ...{ store, clock, log: silentLog, fetch },
      secret: async () => secret,
      settings: () => ({ takesPasswords: true, issuers: [] }),
    });
  const signIn = async (more: object = {}) => {
    const outcome = await people.signIn({ email: 'alice@example.com', password: PASSWORD, ...more }, from);
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    return { ...outcome, headers: browser(outcome.setCookies) };
  };
  const withTotp = async () => {
    const { headers } = await signIn();
    const begun = await people.startTotp(headers, PASSWORD, from);
    if (begun.kind !== 'done') throw new Error(begun.kind);
    const done = await people.confirmTotp(headers, codeAt(begun.uri, Date.now()), from);
    if (done.kind !== 'done') throw new Error(done.kind);
    return { ...begun, headers: browser(done.setCookies), before: headers };
  };

  beforeEach(async () => {
    late = 0;
    store = (await under.open()).store;
    people = open();
    const made = await people.createPerson({
      name: 'Alice',
      email: ' Alice@Example.com ',
      password: PASSWORD,
    });
    if (made.kind !== 'done') throw new Error(made.kind);
    alice = made.person;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  it('makes a person once', async () => {
    expect(alice).toMatchObject({
      name: 'Alice',
      email: 'alice@example.com',
      hasPassword: true,
      hasTotp: false,
    });
    const again = { name: 'Other', email: 'ALICE@example.com', password: PASSWORD };
    expect(await people.createPerson(again)).toEqual({ kind: 'email_taken' });
    expect(await people.findPerson({ email: 'alice@EXAMPLE.com' })).toEqual(alice);
    expect(await people.findPerson({ id: alice.id })).toEqual(alice);
    expect(await people.findPersons([alice.id])).toEqual(new Map([[alice.id, alice]]));
    expect(await people.findPerson({ id: 'per_nobody' })).toBeUndefined();
  });

  once.each([
    ['short', 'elevenchars'],
    ['common', 'Password1234'],
    ['the name', 'alice@example.com'],
    ['few characters', 'abababababab'],
    ['endless', 'x y z w '.repeat(40)],
  ])('takes no password that is %s', async (_, password) => {
    const person = { name: 'Bob', email: 'alice@example.com', password };
    expect((await people.createPerson(person)).kind).toBe('password_weak');
  });

  it('signs in, says who it is, and signs out', async () => {
    const { setCookies, headers, person } = await signIn();
    expect(setCookies).toHaveLength(1);
    const [cookie] = setCookies;
    expect(cookie).toMatch(/^__Host-turnpike-session=[A-Za-z0-9]{32}\./);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toMatch(/domain/i);
    expect(person.lastSignInAtMs).toBeGreaterThan(0);
    const signedIn = await people.sessionOf(headers, clock.now());
    expect(signedIn).toMatchObject({ personId: alice.id, name: 'Alice', email: 'alice@example.com' });
    const [session] = await people.sessionsOf(alice.id, clock.now());
    expect(session).toMatchObject({
      id: signedIn?.sessionId,
      address: '203.0.113.9',
      userAgent: 'a browser',
    });
    await people.signOut(headers);
    expect(await people.sessionOf(headers, clock.now())).toBeUndefined();
  });

  it('keeps nothing in the database that opens a session or is a password', async () => {
    const { setCookies } = await signIn();
    const token = /=([A-Za-z0-9]{32})/.exec(setCookies[0]!)![1]!;
    const { kysely } = store;
    const rows = JSON.stringify([
      await kysely.selectFrom('sessions').selectAll().execute(),
      await kysely.selectFrom('sign_ins').selectAll().execute(),
      await kysely.selectFrom('verifications').selectAll().execute(),
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(PASSWORD);
    expect(rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  once.each([
    ['an unknown person', { email: 'nobody@example.com' }],
    ['a wrong password', { password: 'a quiet harbour in april' }],
    ['the stored hash as the password', 'hash'],
    ['an endless password', { password: 'x'.repeat(5000) }],
    ['something that is no address', { email: 'nobody' }],
  ])('refuses %s with the same words', async (_, change) => {
    const { password } = await store.kysely
      .selectFrom('sign_ins')
      .select('password')
      .executeTakeFirstOrThrow();
    const attempt = { email: 'alice@example.com', password: PASSWORD };
    const wrong = { ...attempt, ...(change === 'hash' ? { password: password! } : (change as object)) };
    expect(await people.signIn(wrong, from)).toEqual({ kind: 'wrong' });
  });

  it('gives each sign-in a session of its own, and ends the one that is named', async () => {
    const [first, second] = [await signIn(), await signIn()];
    const of = (headers: Headers) => people.sessionOf(headers, clock.now());
    const [a, b] = [await of(first.headers), await of(second.headers)];
    expect(a?.sessionId).not.toBe(b?.sessionId);
    expect(await people.endSession(alice.id, 'ses_nobody')).toBe(false);
    expect(await people.endSession('per_somebody' as typeof alice.id, a!.sessionId)).toBe(false);
    expect(await people.endSession(alice.id, a!.sessionId)).toBe(true);
    expect(await of(first.headers)).toBeUndefined();
    expect(await of(second.headers)).toEqual(b);
    await people.endSessionsOf(alice.id);
    expect(await of(second.headers)).toBeUndefined();
  });

  it('ends sessions that are not used, and used ones in the end', async () => {
    const { headers } = await signIn();
    const at = (ms: number) => people.sessionOf(headers, Date.now() + ms);
    expect(await at(SESSION_IDLE_MS - 60_000)).toBeDefined();
    // That it was used then has been kept.
    expect(await at(SESSION_IDLE_MS + 60_000)).toBeDefined();
    expect(await at(3 * SESSION_IDLE_MS)).toBeUndefined();
    for (let ms = SESSION_IDLE_MS; ms < SESSION_MAX_MS; ms += SESSION_IDLE_MS / 2)
      expect(await at(ms)).toBeDefined();
    expect(await at(SESSION_MAX_MS)).toBeUndefined();
  });

  once.each([
    ['none', ''],
    ['an empty one', '__Host-turnpike-session='],
    ['a short one', '__Host-turnpike-session=abc'],
    ['a made-up one', `__Host-turnpike-session=${'a'.repeat(32)}.sig`],
    ['a long one', `__Host-turnpike-session=${'a'.repeat(5000)}`],
    ['SQL', "__Host-turnpike-session=' or 1=1 --"],
  ])('knows nobody by a cookie that is %s', async (_, cookie) => {
    await signIn();
    expect(await people.sessionOf(new Headers(cookie ? { cookie } : {}), clock.now())).toBeUndefined();
  });

  once('knows nobody by two cookies that contradict', async () => {
    const [first, second] = [await signIn(), await signIn()];
    const both = `${first.headers.get('cookie')}; ${second.headers.get('cookie')}`;
    expect(await people.sessionOf(new Headers({ cookie: both }), clock.now())).toBeUndefined();
  });

  it('changes the password, and ends all other sessions', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const next = 'another harbour in autumn';
    const wrong = await people.changePassword(here.headers, { current: 'not the password', next }, from);
    expect(wrong).toEqual({ kind: 'wrong' });
    const weak = await people.changePassword(here.headers, { current: PASSWORD, next: 'password1234' }, from);
    expect(weak.kind).toBe('password_weak');
    const changed = await people.changePassword(here.headers, { current: PASSWORD, next }, from);
    if (changed.kind !== 'done') throw new Error(changed.kind);
    expect(await people.sessionOf(there.headers, clock.now())).toBeUndefined();
    expect(await people.sessionOf(here.headers, clock.now())).toBeUndefined();
    expect(await people.sessionOf(browser(changed.setCookies), clock.now())).toBeDefined();
    expect((await people.signIn({ email: alice.email, password: PASSWORD }, from)).kind).toBe('wrong');
    expect((await signIn({ password: next })).person.id).toBe(alice.id);
  });

  once('gives a password to who has lost it', async () => {
    const { headers } = await withTotp();
    expect(await people.resetPassword('per_nobody' as typeof alice.id, PASSWORD)).toEqual({
      kind: 'unknown',
    });
    expect(await people.resetPassword(alice.id, 'a new start in summer')).toEqual({ kind: 'done' });
    expect(await people.sessionOf(headers, clock.now())).toBeUndefined();
    expect((await signIn({ password: 'a new start in summer' })).person.hasTotp).toBe(false);
  });

  it('asks for a code where there is an authenticator', async () => {
    const { uri, headers, before } = await withTotp();
    expect(uri).toContain('otpauth://totp/Turnpike');
    expect(await people.sessionOf(before, clock.now())).toBeUndefined();
    expect((await people.findPerson({ id: alice.id }))?.hasTotp).toBe(true);
    const attempt = { email: alice.email, password: PASSWORD };
    expect(await people.signIn(attempt, from)).toEqual({ kind: 'code_wanted' });
    const code = wrongCodeAt(uri, Date.now());
    expect(await people.signIn({ ...attempt, code }, from)).toEqual({ kind: 'code_wrong' });
    expect(await people.signIn({ ...attempt, password: 'not it not it', code }, from)).toEqual({
      kind: 'wrong',
    });
    const right = codeAt(uri, Date.now());
    expect((await signIn({ code: right })).person.hasTotp).toBe(true);
    expect(await people.signIn({ ...attempt, code: right }, from)).toEqual({ kind: 'code_wrong' });
    expect(await people.stopTotp(headers, 'not the password', from)).toEqual({ kind: 'wrong' });
    expect((await people.stopTotp(headers, PASSWORD, from)).kind).toBe('done');
    expect((await signIn()).person.hasTotp).toBe(false);
  });

  it('takes each recovery code once', async () => {
    const { recoveryCodes } = await withTotp();
    expect(recoveryCodes).toHaveLength(10);
    await signIn({ code: recoveryCodes[3] });
    const attempt = { email: alice.email, password: PASSWORD, code: recoveryCodes[3]! };
    expect(await people.signIn(attempt, from)).toEqual({ kind: 'code_wrong' });
    await signIn({ code: recoveryCodes[4] });
  });

  it.each([
    ['of the authenticator', (on: { uri: string }) => codeAt(on.uri, Date.now())],
    ['for recovery', (on: { recoveryCodes: readonly string[] }) => on.recoveryCodes[0]!],
  ])('lets one in of several who bring the same code %s at once', async (_, codeOf) => {
    const code = codeOf(await withTotp());
    const attempt = { email: alice.email, password: PASSWORD, code };
    const outcomes = await Promise.all([1, 2, 3].map(() => people.signIn(attempt, from)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['code_wrong', 'code_wrong', 'done']);
  });

  once(
    'takes no code where the secret of authenticators is another, until the password is replaced',
    async () => {
      const { uri, recoveryCodes } = await withTotp();
      secret = newSecret();
      people = open();
      const attempt = { email: alice.email, password: PASSWORD };
      expect(await people.signIn(attempt, from)).toEqual({ kind: 'code_wanted' });
      for (const code of [codeAt(uri, Date.now()), recoveryCodes[0]!])
        expect(await people.signIn({ ...attempt, code }, from)).toEqual({ kind: 'code_wrong' });
      await people.resetPassword(alice.id, 'a new start in summer');
      expect((await signIn({ password: 'a new start in summer' })).kind).toBe('done');
    },
  );

  it('lets nobody past the code by any other way', async () => {
    const { headers, uri } = await withTotp();
    expect(await people.startTotp(headers, PASSWORD, from)).toEqual({ kind: 'already_on' });
    expect(await people.confirmTotp(headers, codeAt(uri, Date.now()), from)).toEqual({ kind: 'not_on' });
    const session = await store.kysely.selectFrom('sessions').select('id').execute();
    await people.signIn({ email: alice.email, password: PASSWORD }, from);
    expect(await store.kysely.selectFrom('sessions').select('id').execute()).toEqual(session);
  });

  once('counts tries at a person from everywhere, but not at a place it has signed in from', async () => {
    await signIn();
    const attempt = { email: alice.email, password: 'wrong wrong wrong' };
    const kinds: string[] = [];
    for (let place = 1; place <= 12; place++)
      kinds.push((await people.signIn(attempt, { ...from, address: `198.51.100.${place}` })).kind);
    expect(kinds.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'wrong'));
    expect(kinds.slice(10)).toEqual(['limited', 'limited']);
    const elsewhere = { ...from, address: '192.0.2.1' };
    const right = { email: alice.email, password: PASSWORD };
    expect(await people.signIn(right, elsewhere)).toEqual({
      kind: 'limited',
      retryAfterS: expect.any(Number),
    });
    expect((await signIn()).kind).toBe('done');
    late = 16 * 60_000;
    expect((await people.signIn(right, elsewhere)).kind).toBe('done');
  });

  once('counts tries of a place at whomever', async () => {
    const kinds: string[] = [];
    for (let person = 1; person <= 17; person++)
      kinds.push(
        (await people.signIn({ email: `p${person}@example.com`, password: 'wrong wrong' }, from)).kind,
      );
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(15);
    expect(kinds.slice(15)).toEqual(['limited', 'limited']);
  });

  once('signs in at a process that starts with the same secret', async () => {
    const { uri } = await withTotp();
    people = open();
    late = 30_000;
    expect((await signIn({ code: codeAt(uri, Date.now() + late) })).kind).toBe('done');
  });

  it('forgets a person whole', async () => {
    const { headers } = await withTotp();
    expect(await people.erasePerson(alice.id)).toBe(true);
    expect(await people.erasePerson(alice.id)).toBe(false);
    expect(await people.sessionOf(headers, clock.now())).toBeUndefined();
    for (const table of ['persons', 'sign_ins', 'sessions', 'two_factors'] as const)
      expect(await store.kysely.selectFrom(table).selectAll().execute()).toEqual([]);
    expect((await people.signIn({ email: alice.email, password: PASSWORD }, from)).kind).toBe('wrong');
  });
});
