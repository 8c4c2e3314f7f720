/** What operators set of models: for prompts and workspaces, and which models stand in for which. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function modelRules(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('model_rules')
        .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
        .addColumn('prompt_id', text, (c) => c.notNull())
        .addColumn('ref', text, (c) => c.notNull())
        .addColumn('fallback', text)
        .addColumn('created_by', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addPrimaryKeyConstraint('model_rules_pkey', ['workspace_id', 'prompt_id'])
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createTable('fallback_chains')
        .addColumn('model', text, (c) => c.primaryKey().notNull())
        .addColumn('refs', text, (c) => c.notNull())
        .addColumn('created_by', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .modifyEnd(strict)
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('fallback_chains').execute();
      await db.schema.dropTable('model_rules').execute();
    },
  };
}
