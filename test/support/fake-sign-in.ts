/** A desk of signing in that holds still: Ada has one session, and every password is wrong. */
import type { SignInDesk } from '../../src/admin/deps-sign-in.ts';
import type { Person, SessionFacts, SignedIn } from '../../src/people/people.ts';

export function fakeSignIn(nowMs: number): SignInDesk {
  const ada: Person = {
    id: 'per_1',
    name: 'Ada',
    email: 'ada@example.com',
    createdAtMs: nowMs - 80_000,
    hasPassword: true,
    hasTotp: false,
  };
  const signedIn: SignedIn = { sessionId: 'ses_1', personId: 'per_1', name: 'Ada', email: ada.email };
  const session: SessionFacts = {
    id: 'ses_1',
    createdAtMs: nowMs - 60_000,
    lastSeenAtMs: nowMs - 1_000,
    expiresAtMs: nowMs + 60_000,
    address: '203.0.113.9',
  };
  const isAda = (headers: Headers) => headers.get('cookie')?.includes('ada') === true;
  return {
    publicUrl: () => undefined,
    newPassword: () => 'a new password',
    join: async () => undefined,
    people: {
      sessionOf: async (headers) => (isAda(headers) ? signedIn : undefined),
      createPerson: async () => ({ kind: 'email_taken' }),
      signIn: async () => ({ kind: 'wrong' }),
      signOut: async () => ({ setCookies: [] }),
      sessionsOf: async () => [session],
      endSession: async (_, id) => id === 'ses_1',
      endSessionsOf: async () => undefined,
      changePassword: async () => ({ kind: 'wrong' }),
      resetPassword: async (id) => ({ kind: id === ada.id ? 'done' : 'unknown' }),
      startTotp: async () => ({ kind: 'wrong' }),
      confirmTotp: async () => ({ kind: 'wrong' }),
      stopTotp: async () => ({ kind: 'wrong' }),
      issuers: () => [{ name: 'company' }],
      takesPasswords: () => true,
      startOidc: async (name) =>
        name === 'company' ? { kind: 'failed', message: 'it sleeps' } : { kind: 'unknown' },
      finishOidc: async (name) => ({ kind: name === 'company' ? 'not_invited' : 'unknown' }),
      findPerson: async (who) =>
        ('id' in who ? who.id === ada.id : who.email === ada.email) ? ada : undefined,
      findPersons: async (ids) => new Map(ids.filter((id) => id === ada.id).map((id) => [id, ada])),
      erasePerson: async () => false,
    },
  };
}
