/** Providers, routes and aliases that workspaces declare through the API, beside those of the files. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function declarations(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('declarations')
        .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
        .addColumn('kind', text, (c) => c.notNull().check(sql`kind in ('provider', 'route', 'alias')`))
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('terms', text, (c) => c.notNull())
        .addColumn('created_by', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('changed_at', whole, (c) => c.notNull())
        .addPrimaryKeyConstraint('declarations_names', ['workspace_id', 'kind', 'name'])
        .modifyEnd(strict)
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('declarations').execute();
    },
  };
}
