/** The face of the room that knows people: who they are, how they sign in, and what keeps them signed in. */
import type { Id, PersonId } from '../base/ids.ts';

export type SessionId = Id<'ses'>;

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  /** In lower case; no two persons have the same. */
  readonly email: string;
  readonly createdAtMs: number;
  /** Absent = nobody signed in as this person so far. */
  readonly lastSignInAtMs?: number;
  readonly hasPassword: boolean;
  /** Signing in by password takes a code of an authenticator as well. */
  readonly hasTotp: boolean;
}

/** A session that holds, and whose it is. */
export interface SignedIn {
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  readonly name: string;
  readonly email: string;
}

/** Where a request comes from, as far as the transport knows. */
export interface From {
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/** What may be shown of a session: nothing that opens it. */
export interface SessionFacts {
  readonly id: SessionId;
  readonly createdAtMs: number;
  /** Some minutes late. */
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  readonly address?: string;
  readonly userAgent?: string;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export type CreateOutcome =
  | { readonly kind: 'done'; readonly person: Person }
  | { readonly kind: 'email_taken' }
  /** Too short, too long, or one of the commonest; `message` says which. */
  | { readonly kind: 'password_weak'; readonly message: string };

/** Whoever tries too often waits, and is told how long; nobody is locked out for good. */
export interface Limited {
  readonly kind: 'limited';
  readonly retryAfterS: number;
}

export interface SignInTry {
  readonly email: string;
  readonly password: string;
  /** Six digits of the authenticator, or one of the recovery codes. */
  readonly code?: string;
}

/** `setCookies`: values of `Set-Cookie` headers for the answer. */
export interface Admitted {
  readonly kind: 'done';
  readonly person: Person;
  readonly setCookies: readonly string[];
}

export type SignInOutcome =
  | Admitted
  /** Unknown e-mail address or wrong password: which, is not told. */
  | { readonly kind: 'wrong' }
  /** The password was right; the code was wrong or is wanted too. */
  | { readonly kind: 'code_wanted' }
  | { readonly kind: 'code_wrong' }
  /** This installation takes no passwords. */
  | { readonly kind: 'passwords_off' }
  | Limited;

export type PasswordOutcome =
  | { readonly kind: 'done'; readonly setCookies: readonly string[] }
  /** The present password is another, or there is none. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'password_weak'; readonly message: string }
  | { readonly kind: 'passwords_off' }
  | Limited;

/** Of somebody who need not know the present password. */
export type ResetOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'password_weak'; readonly message: string };

export type TotpStart =
  /** `uri` is for the authenticator; it and the codes are shown this once. It counts after `confirmTotp`. */
  | { readonly kind: 'done'; readonly uri: string; readonly recoveryCodes: readonly string[] }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'already_on' }
  | Limited;

export type TotpOutcome =
  | { readonly kind: 'done'; readonly setCookies: readonly string[] }
  /** Wrong code, or wrong password. */
  | { readonly kind: 'wrong' }
  /** There is nothing to confirm, or nothing to switch off. */
  | { readonly kind: 'not_on' }
  | Limited;

/** A place that people may be sent to for signing in. */
export interface Issuer {
  /** As the configuration names it. */
  readonly name: string;
}

/** Where newcomers of an issuer are to become members. */
export interface Joins {
  readonly workspace: string;
  readonly role: string;
}

export interface OidcVisit {
  /** Where the issuer is to send the browser back to: one URL for each issuer, which it has been told of. */
  readonly redirectUri: string;
  /** Whatever the browser asked for; what `OidcOutcome.next` says is safe to go to. */
  readonly next: string | undefined;
}

export interface OidcReturn {
  readonly redirectUri: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

export type OidcStart =
  | { readonly kind: 'done'; readonly location: string; readonly setCookies: readonly string[] }
  | { readonly kind: 'unknown' }
  /** The issuer could not be asked; `message` is for the operator and holds no secret. */
  | { readonly kind: 'failed'; readonly message: string }
  | Limited;

export type OidcOutcome =
  | (Admitted & {
      /** A path of this installation, to go on with. */
      readonly next: string;
      /** Only where the issuer's entry says so: see that the person is a member there. */
      readonly joins?: Joins;
    })
  | { readonly kind: 'unknown' }
  /** The issuer knows the person, this installation lets it not in. */
  | { readonly kind: 'not_invited' }
  | { readonly kind: 'failed'; readonly message: string }
  | Limited;

/**
 * Everything but `sessionOf` and what only reads may take some 0.5 s the first time: the library behind it is loaded
 * then. `headers` are the request's; the session is the one their cookie names.
 */
export interface People {
  /** undefined = no cookie of ours, or none that still holds. One question to the database, and never the library. */
  sessionOf(headers: Headers, nowMs: number): Promise<SignedIn | undefined>;
  /** Signs nobody in. Who may call it is the caller's to decide. */
  createPerson(person: NewPerson): Promise<CreateOutcome>;
  signIn(attempt: SignInTry, from: From): Promise<SignInOutcome>;
  /** Ends the session of the cookie, if there is one. */
  signOut(headers: Headers): Promise<{ readonly setCookies: readonly string[] }>;
  /** Newest first; only those that hold. */
  sessionsOf(personId: PersonId, nowMs: number): Promise<readonly SessionFacts[]>;
  /** false = the person has no such session. */
  endSession(personId: PersonId, id: string): Promise<boolean>;
  /** All of them: for whoever is no member any more, say. */
  endSessionsOf(personId: PersonId): Promise<void>;
  /** Ends all other sessions, and gives this one another id. */
  changePassword(
    headers: Headers,
    change: { readonly current: string; readonly next: string },
    from: From,
  ): Promise<PasswordOutcome>;
  /** For who has lost it: ends all sessions and switches the authenticator off. Who may do so is the caller's to decide. */
  resetPassword(personId: PersonId, password: string): Promise<ResetOutcome>;
  startTotp(headers: Headers, password: string, from: From): Promise<TotpStart>;
  confirmTotp(headers: Headers, code: string, from: From): Promise<TotpOutcome>;
  stopTotp(headers: Headers, password: string, from: From): Promise<TotpOutcome>;
  /** By name. */
  issuers(): readonly Issuer[];
  takesPasswords(): boolean;
  startOidc(issuer: string, start: OidcVisit, from: From): Promise<OidcStart>;
  finishOidc(issuer: string, end: OidcReturn, from: From): Promise<OidcOutcome>;
  findPerson(who: { readonly id: string } | { readonly email: string }): Promise<Person | undefined>;
  /** Of those ids that there are. */
  findPersons(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Person>>;
  /** The person, what it signs in with and its sessions are gone; false = there is none. */
  erasePerson(id: PersonId): Promise<boolean>;
}
