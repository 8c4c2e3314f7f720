/** Signing in by password, with a code where the person has an authenticator, and changing the password. */
import { SESSION_COOKIE, sessionCookieOf, tokenOf } from './cookie.ts';
import type { Desk } from './desk.ts';
import { type Library, libraryHeaders, libraryRefusal, sessionCookies, UNREADABLE } from './library.ts';
import { limited } from './limits.ts';
import { passwordProblem, TooManyPasswords } from './passwords.ts';
import type { From, Limited, PasswordOutcome, SignedIn, SignInOutcome, SignInTry } from './people.ts';
import { emailOf, findPerson, noteSignIn } from './persons.ts';
import { findSession, tidySessions } from './sessions.ts';
import { takeCode } from './used-codes.ts';

/** Of those who come while all places are taken. */
const BUSY_MS = 2_000;

export async function signInByPassword(desk: Desk, attempt: SignInTry, from: From): Promise<SignInOutcome> {
  if (!desk.settings().takesPasswords) return { kind: 'passwords_off' };
  const email = emailOf(attempt.email);
  const wait = desk.limits.begin(email, from);
  if (wait) return wait;
  const library = await desk.library();
  const outcome = await guarded(async () => {
    const { headers, response } = await library.api.signInEmail({
      body: { email, password: attempt.password },
      headers: libraryHeaders(from),
      returnHeaders: true,
    });
    if (!('twoFactorRedirect' in response)) return { kind: 'in', headers } as const;
    const { code } = attempt;
    return code === undefined
      ? ({ kind: 'code_wanted' } as const)
      : checkCode(desk, library, headers, email, code, from);
  });
  if (outcome.kind === 'refused') return { kind: 'wrong' };
  if (outcome.kind !== 'in') return outcome;
  return admit(desk, email, outcome.headers, from);
}

/** The second question, with the challenge that answered the first. */
async function checkCode(
  desk: Desk,
  library: Library,
  challenge: Headers,
  email: string,
  typed: string,
  from: From,
): Promise<{ kind: 'in'; headers: Headers } | { kind: 'code_wrong' } | Limited> {
  const code = typed.replaceAll(/[\s]/g, '');
  const isRecovery = !/^\d{6}$/.test(code);
  if (!isRecovery && !(await takeCode(desk, email, code))) return { kind: 'code_wrong' };
  const cookie = challenge
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const question = { body: { code }, headers: libraryHeaders(from, cookie), returnHeaders: true } as const;
  const outcome = await guarded(async () => {
    const { headers } = isRecovery
      ? await library.api.verifyBackupCode(question)
      : await library.api.verifyTOTP(question);
    return { kind: 'in', headers } as const;
  });
  if (outcome.kind !== 'refused') return outcome;
  if (outcome.code === UNREADABLE) {
    const person = (await findPerson(desk.store, { email }))?.id;
    desk.log.error(
      { person },
      'an authenticator was made with another master key; have the password replaced',
    );
  }
  return { kind: 'code_wrong' };
}

/** Whoever it was, it has shown it. */
export async function admit(desk: Desk, email: string, headers: Headers, from: From): Promise<SignInOutcome> {
  const { store, clock, limits } = desk;
  const setCookies = sessionCookies(headers);
  const person = await findPerson(store, { email });
  // It was removed in this very moment, or there is a fault of ours: both let nobody in.
  if (!person || setCookies.length === 0) return { kind: 'wrong' };
  limits.succeeded(email, from);
  await noteSignIn(store, person.id, clock.now());
  await tidySessions(store, person.id, clock.now());
  return { kind: 'done', person: { ...person, lastSignInAtMs: clock.now() }, setCookies };
}

export async function changePassword(
  desk: Desk,
  headers: Headers,
  change: { readonly current: string; readonly next: string },
  from: From,
): Promise<PasswordOutcome> {
  if (!desk.settings().takesPasswords) return { kind: 'passwords_off' };
  const outcome = await asSignedIn(desk, headers, from, async (library, signedIn, ours) => {
    const message = passwordProblem(change.next, [signedIn.name, signedIn.email]);
    if (message !== undefined) return { kind: 'password_weak', message } as const;
    const answer = await library.api.changePassword({
      body: { currentPassword: change.current, newPassword: change.next, revokeOtherSessions: true },
      headers: ours,
      returnHeaders: true,
    });
    return { kind: 'done', setCookies: sessionCookies(answer.headers) } as const;
  });
  return outcome.kind === 'refused' ? { kind: 'wrong' } : outcome;
}

/**
 * For what a person does while signed in that takes a password or a code: tries of it are counted as of signing in. What
 * is refused for having no session is refused like a wrong password: no route lets it come so far.
 */
export async function asSignedIn<T extends { readonly kind: string }>(
  desk: Desk,
  headers: Headers,
  from: From,
  work: (library: Library, signedIn: SignedIn, ours: Headers) => Promise<T>,
): Promise<T | Refused | Limited> {
  const token = tokenOf(headers);
  const signedIn = token === undefined ? undefined : await findSession(desk.store, token, desk.clock.now());
  if (!signedIn) return { kind: 'refused', code: '' };
  const wait = desk.limits.begin(signedIn.email, from);
  if (wait) return wait;
  const library = await desk.library();
  const ours = libraryHeaders(from, `${SESSION_COOKIE}=${sessionCookieOf(headers)}`);
  const outcome = await guarded(() => work(library, signedIn, ours));
  if (outcome.kind === 'done') desk.limits.succeeded(signedIn.email, from);
  return outcome;
}

export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
}

/** What the library says no to comes back as a value; its faults and ours are thrown. */
async function guarded<T>(work: () => Promise<T>): Promise<T | Refused | Limited> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyPasswords) return limited(BUSY_MS);
    const refusal = libraryRefusal(error);
    if (!refusal || refusal.status >= 500) throw error;
    return { kind: 'refused', code: refusal.code };
  }
}
