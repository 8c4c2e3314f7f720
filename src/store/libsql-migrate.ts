/**
 * Migrations on a libSQL server: each is written down first, statement by statement, and then done in one transaction
 * and one round trip. Half a schema cannot be left behind, which statements sent one by one would allow.
 */
import { type CompiledQuery, Kysely } from 'kysely';
import type { LibsqlClient, Statement } from './libsql-client.ts';
import { statementOf } from './libsql-client.ts';
import { migrations } from './migrate.ts';
import { createDialectOver } from './sqlite-dialect.ts';
import { StoreError } from './store-error.ts';

/** As Kysely keeps them, so that a file made by SQLite can be taken to a server as it is. */
const createTables: readonly Statement[] = [
  `create table if not exists kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)`,
  `create table if not exists kysely_migration_lock (id varchar(255) not null primary key,
    is_locked integer default 0 not null)`,
  `insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0) on conflict do nothing`,
].map((sql) => ({ sql, parameters: [] }));

/** Applies what is missing; the names applied. Throws `StoreError` when the database is newer than this program. */
export async function migrateLibsql(client: LibsqlClient, nowMs: number): Promise<readonly string[]> {
  await client.runAll(createTables);
  const known = Object.keys(migrations).sort();
  const done = await listDone(client);
  const odd = done.find((name, at) => known[at] !== name);
  if (odd !== undefined) {
    throw new StoreError(
      'schema_newer',
      `the database was made by another version of Turnpike (${odd}); start that version, or use another database`,
    );
  }
  const missing = known.slice(done.length);
  for (const name of missing) await applyOne(client, name, nowMs);
  return missing;
}

async function listDone(client: LibsqlClient): Promise<readonly string[]> {
  const { rows } = await client.run<{ name: string }>({
    sql: 'select name from kysely_migration order by name',
    parameters: [],
  });
  return rows.map(({ name }) => name);
}

async function applyOne(client: LibsqlClient, name: string, nowMs: number): Promise<void> {
  const note = {
    sql: 'insert into kysely_migration (name, timestamp) values (?, ?)',
    parameters: [name, new Date(nowMs).toISOString()],
  };
  try {
    await client.runAll([note, ...(await writeDown(name))]);
  } catch (error) {
    // Another process that starts at the same time has done it.
    if (!(await listDone(client)).includes(name)) throw error;
  }
}

/** What the migration does, without doing it. */
async function writeDown(name: string): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  const note = async (query: CompiledQuery) => {
    if (/^\s*(select|with)\b/i.test(query.sql))
      throw new Error(`migration ${name} reads what it would change`);
    statements.push(statementOf(query));
    return { rows: [] };
  };
  const kysely = new Kysely<unknown>({ dialect: createDialectOver(note, { isOpen: false }) });
  await migrations[name]!('sqlite').up(kysely);
  return statements;
}
