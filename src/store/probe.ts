/** A look at a database that changes nothing in it: whether it can be reached, and what it is. */
import { existsSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { isLibsqlUrl, isPostgresUrl } from '../base/database-url.ts';
import { probeLibsql } from './libsql.ts';
import { probePostgres } from './postgres.ts';
import { readLocation } from './sqlite.ts';

/**
 * In words; undefined = it is not there yet, and the first start makes it. Rejects with what is wrong with it.
 * @param authToken of a libSQL server
 */
export async function probeDatabase(url: string, authToken?: string): Promise<string | undefined> {
  if (isLibsqlUrl(url)) return probeLibsql(url, authToken);
  return isPostgresUrl(url) ? probePostgres(url) : probeSqlite(readLocation(url));
}

function probeSqlite(path: string): string | undefined {
  if (path === ':memory:') return 'SQLite in memory; nothing is kept';
  if (!existsSync(path)) return undefined;
  const database = new Sqlite(path, { readonly: true });
  try {
    database.prepare('select count(*) from sqlite_schema').get();
    const version = database.prepare('select sqlite_version()').pluck().get();
    return `SQLite ${version}, ${(statSync(path).size / 2 ** 20).toFixed(1)} MiB`;
  } finally {
    database.close();
  }
}
