/** Persons, in the database. */
import type { Compilable } from 'kysely';
import { newId, type PersonId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import type { Person } from './people.ts';

/** How a sign-in by password is called among a person's. */
export const BY_PASSWORD = 'credential';

export interface PersonRow {
  readonly name: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
}

/** What a person is to sign in with. */
export type FirstSignIn =
  | { readonly kind: 'password'; readonly hash: string }
  | { readonly kind: 'issuer'; readonly issuer: string; readonly subject: string };

export async function findPerson(
  store: Store,
  who: { readonly id: string } | { readonly email: string },
): Promise<Person | undefined> {
  const query = select(store).limit(1);
  const row = await ('id' in who
    ? query.where('persons.id', '=', who.id as PersonId)
    : query.where('persons.email', '=', emailOf(who.email))
  ).executeTakeFirst();
  return row && personOf(row);
}

/** More at once than any list shows. */
const MAX_IDS = 1000;

export async function findPersons(
  store: Store,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Person>> {
  const found = new Map<PersonId, Person>();
  for (let at = 0; at < ids.length; at += MAX_IDS) {
    const some = ids.slice(at, at + MAX_IDS);
    for (const row of await select(store).where('persons.id', 'in', some).execute())
      found.set(row.id, personOf(row));
  }
  return found;
}

/** undefined = there is one with that address. */
export async function insertPerson(
  store: Store,
  person: PersonRow,
  first: FirstSignIn,
  nowMs: number,
): Promise<PersonId | undefined> {
  const id = newId('per');
  const { kysely } = store;
  const [made] = await store.write([
    kysely
      .insertInto('persons')
      .values({
        id,
        name: person.name,
        email: emailOf(person.email),
        email_verified: Number(person.isEmailVerified),
        two_factor_enabled: 0,
        created_at: nowMs,
        updated_at: nowMs,
        last_sign_in_at: null,
      })
      .onConflict((conflict) => conflict.column('email').doNothing()),
    signInQuery(store, id, first, nowMs),
  ]);
  return made === 1 ? id : undefined;
}

/** Adds nothing where there is no such person. */
export function signInQuery(store: Store, id: PersonId, first: FirstSignIn, nowMs: number): Compilable {
  const { kysely } = store;
  const isPassword = first.kind === 'password';
  const signInId = newId('sgn');
  return kysely
    .insertInto('sign_ins')
    .columns(['id', 'person_id', 'issuer', 'subject', 'password', 'created_at', 'updated_at'])
    .expression(
      kysely
        .selectFrom('persons')
        .select((eb) => [
          eb.cast<typeof signInId>(eb.val(signInId), 'text').as('id'),
          'persons.id as person_id',
          eb.cast<string>(eb.val(isPassword ? BY_PASSWORD : first.issuer), 'text').as('issuer'),
          eb.cast<string>(eb.val(isPassword ? id : first.subject), 'text').as('subject'),
          eb.cast<string | null>(eb.val(isPassword ? first.hash : null), 'text').as('password'),
          eb.cast<number>(eb.val(nowMs), 'bigint').as('created_at'),
          eb.cast<number>(eb.val(nowMs), 'bigint').as('updated_at'),
        ])
        .where('persons.id', '=', id),
    );
}

/**
 * An issuer vouches that the address is of whom it sends. Where nobody has before, whoever made the account need not have
 * been that person (invitations are links, not mails): what was there to sign in with until now ends.
 */
export async function signInVouchedFor(
  store: Store,
  id: PersonId,
  first: FirstSignIn,
  nowMs: number,
): Promise<void> {
  const { kysely } = store;
  const unproven = kysely
    .selectFrom('persons')
    .select('id')
    .where('id', '=', id)
    .where('email_verified', '=', 0);
  await store.write([
    kysely.deleteFrom('sign_ins').where('person_id', 'in', unproven),
    kysely.deleteFrom('two_factors').where('person_id', 'in', unproven),
    kysely.deleteFrom('sessions').where('person_id', 'in', unproven),
    kysely
      .updateTable('persons')
      .set({ email_verified: 1, two_factor_enabled: 0, updated_at: nowMs })
      .where('id', '=', id)
      .where('email_verified', '=', 0),
    signInQuery(store, id, first, nowMs),
  ]);
}

/** undefined = nobody known by this issuer. */
export async function personOfIssuer(
  store: Store,
  issuer: string,
  subject: string,
): Promise<Person | undefined> {
  const row = await select(store)
    .innerJoin('sign_ins', 'sign_ins.person_id', 'persons.id')
    .where('sign_ins.issuer', '=', issuer)
    .where('sign_ins.subject', '=', subject)
    .executeTakeFirst();
  return row && personOf(row);
}

/** A password in the place of the one there was; sessions end, and no code is asked for any more. */
export async function replacePassword(
  store: Store,
  id: PersonId,
  hash: string,
  nowMs: number,
): Promise<void> {
  const { kysely } = store;
  await store.write([
    kysely.deleteFrom('sign_ins').where('person_id', '=', id).where('issuer', '=', BY_PASSWORD),
    signInQuery(store, id, { kind: 'password', hash }, nowMs),
    kysely.deleteFrom('two_factors').where('person_id', '=', id),
    kysely.updateTable('persons').set({ two_factor_enabled: 0, updated_at: nowMs }).where('id', '=', id),
    kysely.deleteFrom('sessions').where('person_id', '=', id),
  ]);
}

export async function noteSignIn(store: Store, id: PersonId, nowMs: number): Promise<void> {
  await store.write([
    store.kysely.updateTable('persons').set({ last_sign_in_at: nowMs }).where('id', '=', id),
  ]);
}

/** false = there is no such person. */
export async function removePerson(store: Store, id: PersonId): Promise<boolean> {
  const { kysely } = store;
  const counts = await store.write([
    kysely.deleteFrom('verifications').where('value', '=', id),
    kysely.deleteFrom('two_factors').where('person_id', '=', id),
    kysely.deleteFrom('sessions').where('person_id', '=', id),
    kysely.deleteFrom('sign_ins').where('person_id', '=', id),
    kysely.deleteFrom('persons').where('id', '=', id),
  ]);
  return counts.at(-1) === 1;
}

/** One spelling of an address. */
export function emailOf(text: string): string {
  return text.trim().toLowerCase();
}

function select({ kysely }: Store) {
  return kysely
    .selectFrom('persons')
    .select([
      'persons.id',
      'persons.name',
      'persons.email',
      'persons.created_at',
      'persons.last_sign_in_at',
      'persons.two_factor_enabled',
    ])
    .select((eb) =>
      eb
        .selectFrom('sign_ins as passwords')
        .select((inner) => inner.fn.countAll().as('count'))
        .whereRef('passwords.person_id', '=', 'persons.id')
        .where('passwords.issuer', '=', BY_PASSWORD)
        .as('passwords'),
    );
}

type Selected = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function personOf(row: Selected): Person {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    createdAtMs: row.created_at,
    hasPassword: Number(row.passwords) > 0,
    hasTotp: row.two_factor_enabled === 1,
    ...(row.last_sign_in_at !== null && { lastSignInAtMs: row.last_sign_in_at }),
  };
}
