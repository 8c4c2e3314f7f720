/** Rate limits as operators declare them. What is used of them at the moment is in `rate_limits`. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function rateLimits(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('rate_limit_rules')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
        .addColumn('scope_kind', text, (c) => c.notNull())
        .addColumn('scope_id', text, (c) => c.notNull())
        .addColumn('requests_per_minute', whole)
        .addColumn('input_tokens_per_minute', whole)
        .addColumn('output_tokens_per_minute', whole)
        .addColumn('concurrent', whole)
        .addColumn('burst_seconds', whole, (c) => c.notNull())
        .addColumn('version', whole, (c) => c.notNull())
        .addColumn('source', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createIndex('rate_limit_rules_scope')
        .unique()
        .on('rate_limit_rules')
        .columns(['workspace_id', 'scope_kind', 'scope_id'])
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('rate_limit_rules').execute();
    },
  };
}
