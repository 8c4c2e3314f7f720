/** Which database, and under which name: what may be said there, and how it is shown. */
import { isLibsqlUrl, isPostgresUrl } from './base/database-url.ts';

export { maskDatabaseUrl } from './base/database-url.ts';

/** What a replica may be called. */
export const REPLICA_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** What is wrong with it, and the mend; undefined = nothing. Never shows more of it than its scheme. */
export function judgeDatabaseUrl(url: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0];
  const isServer = isPostgresUrl(url) || isLibsqlUrl(url);
  if (scheme === 'file:' || (isServer && canBeRead(url))) return undefined;
  const use =
    'use file:/path/to/turnpike.db (SQLite), postgres://user:password@host/database or libsql://host (Turso).';
  const what = isServer ? 'cannot be read' : scheme ? `has the scheme "${scheme}"` : 'is no URL';
  return `DATABASE_URL ${what}; ${use}`;
}

/** PostgreSQL may be had by a socket, which has no host. */
function canBeRead(url: string): boolean {
  return URL.canParse(url) && (isPostgresUrl(url) || new URL(url).hostname !== '');
}

export function judgeReplicaId(id: string | undefined): string | undefined {
  if (id === undefined || REPLICA_ID.test(id)) return undefined;
  return `TURNPIKE_REPLICA_ID is "${id}"; it must be 1 to 64 letters, digits, dots, dashes or underscores.`;
}
