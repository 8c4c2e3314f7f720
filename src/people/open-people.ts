/** The people of an installation: puts the parts of this room together. */
import { expired, SESSION_COOKIE, tokenOf } from './cookie.ts';
import type { Desk, PeopleInput } from './desk.ts';
import { type Library, loadLibrary } from './library.ts';
import { createLimits } from './limits.ts';
import { createOidc } from './oidc.ts';
import { changePassword, signInByPassword } from './password-sign-in.ts';
import { createPasswords, passwordProblem } from './passwords.ts';
import type { NewPerson, People, ResetOutcome } from './people.ts';
import { emailOf, findPerson, findPersons, insertPerson, removePerson, replacePassword } from './persons.ts';
import { endSession, endSessionOf, endSessionsOf, findSession, listSessions } from './sessions.ts';
import { confirmTotp, startTotp, stopTotp } from './totp.ts';

export function openPeople(input: PeopleInput): People {
  const { store, clock } = input;
  const desk: Desk = { ...input, ...createTools(input) };
  const { passwords } = desk;
  return {
    sessionOf: async (headers, nowMs) => {
      const token = tokenOf(headers);
      return token === undefined ? undefined : findSession(store, token, nowMs);
    },
    createPerson: (person) => createPerson(desk, person),
    signIn: (attempt, from) => signInByPassword(desk, attempt, from),
    async signOut(headers) {
      const token = tokenOf(headers);
      if (token !== undefined) await endSessionOf(store, token);
      return { setCookies: [expired(SESSION_COOKIE)] };
    },
    sessionsOf: (personId, nowMs) => listSessions(store, personId, nowMs),
    endSession: (personId, id) => endSession(store, personId, id),
    endSessionsOf: (personId) => endSessionsOf(store, personId),
    changePassword: (headers, change, from) => changePassword(desk, headers, change, from),
    async resetPassword(personId, password): Promise<ResetOutcome> {
      const person = await findPerson(store, { id: personId });
      if (!person) return { kind: 'unknown' };
      const message = passwordProblem(password, [person.name, person.email]);
      if (message !== undefined) return { kind: 'password_weak', message };
      await replacePassword(store, personId, await passwords.hash(password), clock.now());
      return { kind: 'done' };
    },
    startTotp: (headers, password, from) => startTotp(desk, headers, password, from),
    confirmTotp: (headers, code, from) => confirmTotp(desk, headers, code, from),
    stopTotp: (headers, password, from) => stopTotp(desk, headers, password, from),
    issuers: () => input.settings().issuers.map(({ name }) => ({ name })),
    takesPasswords: () => input.settings().takesPasswords,
    ...createOidc(desk),
    findPerson: (who) => findPerson(store, who),
    findPersons: (ids) => findPersons(store, ids),
    erasePerson: (id) => removePerson(store, id),
  };
}

function createTools(input: PeopleInput): Pick<Desk, 'passwords' | 'limits' | 'library'> {
  const passwords = createPasswords();
  let loading: Promise<Library> | undefined;
  const load = async (): Promise<Library> => {
    const { store, log } = input;
    return loadLibrary({ store, log, passwords, secret: await input.secret() });
  };
  return {
    passwords,
    limits: createLimits(input.clock),
    library() {
      loading ??= load().catch((error: unknown) => {
        // The next who asks tries again.
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

async function createPerson({ store, clock, passwords }: Desk, person: NewPerson) {
  const message = passwordProblem(person.password, [person.name, emailOf(person.email)]);
  if (message !== undefined) return { kind: 'password_weak', message } as const;
  const hash = await passwords.hash(person.password);
  const { name, email } = person;
  const first = { kind: 'password', hash } as const;
  const id = await insertPerson(store, { name, email, isEmailVerified: false }, first, clock.now());
  const made = id && (await findPerson(store, { id }));
  return made ? ({ kind: 'done', person: made } as const) : ({ kind: 'email_taken' } as const);
}
