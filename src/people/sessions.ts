/** Sessions, in the database. */
import type { PersonId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { hashOfToken } from './cookie.ts';
import { MAX_SESSIONS, SESSION_IDLE_MS, SESSION_TOUCH_MS } from './lifetimes.ts';
import type { SessionFacts, SessionId, SignedIn } from './people.ts';

/** Whose session it is; undefined = it is none, or has ended. Notes that it was used, where that is due. */
export async function findSession(store: Store, token: string, nowMs: number): Promise<SignedIn | undefined> {
  const row = await store.kysely
    .selectFrom('sessions')
    .innerJoin('persons', 'persons.id', 'sessions.person_id')
    .select([
      'sessions.id',
      'sessions.updated_at',
      'persons.id as person_id',
      'persons.name',
      'persons.email',
    ])
    .where('sessions.token_hash', '=', hashOfToken(token))
    .where('sessions.expires_at', '>', nowMs)
    .where('sessions.updated_at', '>', nowMs - SESSION_IDLE_MS)
    .executeTakeFirst();
  if (!row) return undefined;
  if (nowMs - row.updated_at >= SESSION_TOUCH_MS) await touch(store, row.id, nowMs);
  return { sessionId: row.id, personId: row.person_id, name: row.name, email: row.email };
}

async function touch(store: Store, id: SessionId, nowMs: number): Promise<void> {
  await store.write([store.kysely.updateTable('sessions').set({ updated_at: nowMs }).where('id', '=', id)]);
}

/** Newest first. */
export async function listSessions(store: Store, personId: PersonId, nowMs: number): Promise<SessionFacts[]> {
  const rows = await store.kysely
    .selectFrom('sessions')
    .selectAll()
    .where('person_id', '=', personId)
    .where('expires_at', '>', nowMs)
    .where('updated_at', '>', nowMs - SESSION_IDLE_MS)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_SESSIONS)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAtMs: row.created_at,
    lastSeenAtMs: row.updated_at,
    expiresAtMs: Math.min(row.expires_at, row.updated_at + SESSION_IDLE_MS),
    ...(row.address !== null && { address: row.address }),
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
  }));
}

export async function endSession(store: Store, personId: PersonId, id: string): Promise<boolean> {
  const { kysely } = store;
  const [count] = await store.write([
    kysely
      .deleteFrom('sessions')
      .where('id', '=', id as SessionId)
      .where('person_id', '=', personId),
  ]);
  return count === 1;
}

export async function endSessionOf(store: Store, token: string): Promise<void> {
  await store.write([store.kysely.deleteFrom('sessions').where('token_hash', '=', hashOfToken(token))]);
}

export async function endSessionsOf(store: Store, personId: PersonId): Promise<void> {
  await store.write([store.kysely.deleteFrom('sessions').where('person_id', '=', personId)]);
}

/** Those that have ended, of whomever, and what a person has too many of. */
export async function tidySessions(store: Store, personId: PersonId, nowMs: number): Promise<void> {
  const { kysely } = store;
  const kept = kysely
    .selectFrom('sessions')
    .select('id')
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_SESSIONS);
  await store.write([
    kysely
      .deleteFrom('sessions')
      .where((eb) => eb.or([eb('expires_at', '<=', nowMs), eb('updated_at', '<=', nowMs - SESSION_IDLE_MS)])),
    kysely.deleteFrom('verifications').where('expires_at', '<=', nowMs),
    kysely.deleteFrom('sessions').where('person_id', '=', personId).where('id', 'not in', kept),
  ]);
}
