/** People, what they sign in with, and their sessions. */
import { type ColumnDefinitionBuilder, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function people(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      const id = (c: ColumnDefinitionBuilder) => c.primaryKey().notNull();
      const table = (name: string) => db.schema.createTable(name).addColumn('id', text, id).modifyEnd(strict);
      const ofPerson = (name: string) =>
        table(name).addColumn('person_id', text, (c) => c.notNull().references('persons.id'));
      await table('persons')
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('email', text, (c) => c.notNull().unique())
        .addColumn('email_verified', whole, (c) => c.notNull())
        .addColumn('two_factor_enabled', whole, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('updated_at', whole, (c) => c.notNull())
        .addColumn('last_sign_in_at', whole)
        .execute();
      await ofPerson('sign_ins')
        .addColumn('issuer', text, (c) => c.notNull())
        .addColumn('subject', text, (c) => c.notNull())
        .addColumn('password', text)
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('updated_at', whole, (c) => c.notNull())
        .addUniqueConstraint('sign_ins_subjects', ['issuer', 'subject'])
        .execute();
      await ofPerson('sessions')
        .addColumn('token_hash', text, (c) => c.notNull().unique())
        .addColumn('address', text)
        .addColumn('user_agent', text)
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('updated_at', whole, (c) => c.notNull())
        .addColumn('expires_at', whole, (c) => c.notNull())
        .execute();
      await table('verifications')
        .addColumn('identifier', text, (c) => c.notNull())
        .addColumn('value', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('updated_at', whole, (c) => c.notNull())
        .addColumn('expires_at', whole, (c) => c.notNull())
        .execute();
      await ofPerson('two_factors')
        .addColumn('secret', text, (c) => c.notNull())
        .addColumn('recovery_codes', text, (c) => c.notNull())
        .addColumn('verified', whole, (c) => c.notNull())
        .addColumn('failures', whole, (c) => c.notNull())
        .addColumn('locked_until', whole)
        .addUniqueConstraint('two_factors_persons', ['person_id'])
        .execute();
      await table('people_secrets')
        .addColumn('sealed', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .execute();
      for (const [name, column] of INDEXES)
        await db.schema.createIndex(`${name}_${column}`).on(name).column(column).execute();
    },
    async down(db) {
      for (const name of TABLES.toReversed()) await db.schema.dropTable(name).execute();
    },
  };
}

const TABLES = ['persons', 'sign_ins', 'sessions', 'verifications', 'two_factors', 'people_secrets'];

const INDEXES = [
  ['sign_ins', 'person_id'],
  ['sessions', 'person_id'],
  ['sessions', 'expires_at'],
  ['verifications', 'identifier'],
  ['verifications', 'expires_at'],
] as const;
