/** The tables of people: who may sign in, with what, and who is. As in schema.ts. */
import type { Id, PersonId } from '../base/ids.ts';

export interface PeopleTables {
  persons: PersonsTable;
  sign_ins: SignInsTable;
  sessions: SessionsTable;
  verifications: VerificationsTable;
  two_factors: TwoFactorsTable;
  people_secrets: PeopleSecretsTable;
}

export interface PersonsTable {
  id: PersonId;
  name: string;
  /** In lower case; each once. */
  email: string;
  /** 1 = an issuer has confirmed that the person reads its mail. */
  email_verified: number;
  /** 1 = a password alone is not enough. */
  two_factor_enabled: number;
  created_at: number;
  updated_at: number;
  last_sign_in_at: number | null;
}

/** What a person signs in with: a password, or who it is to an issuer. */
export interface SignInsTable {
  id: Id<'sgn'>;
  person_id: PersonId;
  /** `credential` = by password; else `oidc:` and the issuer's URL. */
  issuer: string;
  /** The person to the issuer; of a password the person's own id. No two of an issuer are the same. */
  subject: string;
  /** Argon2id, with its settings and salt; null where there is none. */
  password: string | null;
  created_at: number;
  updated_at: number;
}

export interface SessionsTable {
  id: Id<'ses'>;
  person_id: PersonId;
  /** Lower-case hex SHA-256 of what the cookie holds: who reads the database can open no session. */
  token_hash: string;
  address: string | null;
  user_agent: string | null;
  created_at: number;
  /** When it was last used, some minutes late. */
  updated_at: number;
  /** However much it is used. */
  expires_at: number;
}

/** Of one use and short life: challenges, counters of tries, codes that were used. */
export interface VerificationsTable {
  id: string;
  identifier: string;
  value: string;
  created_at: number;
  updated_at: number;
  expires_at: number;
}

/** Authenticators. */
export interface TwoFactorsTable {
  id: Id<'tfa'>;
  person_id: PersonId;
  /** Encrypted, as are the codes. */
  secret: string;
  recovery_codes: string;
  /** 0 = the person has not shown yet that its authenticator knows the secret. */
  verified: number;
  failures: number;
  /** No code is taken until then; null = no such time. */
  locked_until: number | null;
}

/** What the secrets of authenticators are encrypted with: one row. */
export interface PeopleSecretsTable {
  id: Id<'psec'>;
  /** Opens with the master key alone: see registry/people-secret.ts. */
  sealed: string;
  created_at: number;
}
