/** Prices that operators have set themselves. Those that hold no more stay: entries were priced by them. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function priceOverrides(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('price_overrides')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
        .addColumn('provider', text, (c) => c.notNull())
        .addColumn('model', text, (c) => c.notNull())
        .addColumn('service_tier', text, (c) => c.notNull())
        .addColumn('tiers', text, (c) => c.notNull())
        .addColumn('effective_from', whole, (c) => c.notNull())
        .addColumn('until_at', whole)
        .addColumn('source', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .addColumn('archived_at', whole)
        .modifyEnd(strict)
        .execute();
      await sql`create unique index price_overrides_live on price_overrides
        (workspace_id, provider, model, service_tier, effective_from) where archived_at is null`.execute(db);
    },
    async down(db) {
      await db.schema.dropTable('price_overrides').execute();
    },
  };
}
