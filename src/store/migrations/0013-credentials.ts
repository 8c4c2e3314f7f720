/** What providers are called with, sealed by the vault. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function credentials(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('credentials')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
        .addColumn('member_id', text)
        .addColumn('provider', text, (c) => c.notNull())
        .addColumn('label', text, (c) => c.notNull())
        .addColumn('sealed', text, (c) => c.notNull())
        .addColumn('preview', text, (c) => c.notNull())
        .addColumn('weight', whole, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('validated_at', whole)
        .addColumn('last_used_at', whole)
        .addColumn('disabled_at', whole)
        .modifyEnd(strict)
        .execute();
      // Two nulls are not the same to an index; the text that stands for none is.
      await sql`create unique index credentials_labels on credentials
        (workspace_id, coalesce(member_id, ''), provider, label)`.execute(db);
    },
    async down(db) {
      await db.schema.dropTable('credentials').execute();
    },
  };
}
