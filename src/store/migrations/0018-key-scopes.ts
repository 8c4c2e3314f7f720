/** What a key may be used for and from where, the tokens it had before, and numbers by which its changes are found. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function keyScopes(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      for (const column of TEXTS) await db.schema.alterTable('keys').addColumn(column, text).execute();
      for (const column of NUMBERS) {
        await db.schema
          .alterTable('keys')
          .addColumn(column, whole, (c) => c.notNull().defaultTo(0))
          .execute();
      }
      await db.schema.createIndex('keys_by_version').on('keys').columns(['version', 'id']).execute();
      await db.schema.createIndex('keys_by_workspace').on('keys').columns(['workspace_id', 'id']).execute();
      await db.schema
        .createTable('key_tokens')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('key_id', text, (c) => c.notNull().references('keys.id'))
        .addColumn('token_hash', text, (c) => c.notNull().unique())
        .addColumn('preview', text, (c) => c.notNull())
        .addColumn('replaced_at', whole, (c) => c.notNull())
        .addColumn('until_at', whole, (c) => c.notNull())
        .addColumn('last_used_at', whole)
        .modifyEnd(strict)
        .execute();
      await db.schema.createIndex('key_tokens_by_key').on('key_tokens').columns(['key_id']).execute();
    },
    async down(db) {
      await db.schema.dropTable('key_tokens').execute();
      await db.schema.dropIndex('keys_by_version').execute();
      await db.schema.dropIndex('keys_by_workspace').execute();
      for (const column of [...TEXTS, ...NUMBERS])
        await db.schema.alterTable('keys').dropColumn(column).execute();
    },
  };
}

const TEXTS = ['description', 'tags', 'allowed_formats', 'allowed_ranges'] as const;
const NUMBERS = ['is_honeypot', 'version'] as const;
