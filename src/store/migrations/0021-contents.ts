/** What requests said and were answered, where a workspace has it kept: sealed, and gone when its time is over. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function contents(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('privacy')
        .addColumn('workspace_id', text, (c) => c.primaryKey().notNull().references('workspaces.id'))
        .addColumn('content', text, (c) => c.notNull())
        .addColumn('retention_days', whole)
        .addColumn('changed_at', whole, (c) => c.notNull())
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createTable('content_keys')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('workspace_id', text, (c) => c.notNull())
        .addColumn('member_id', text)
        .addColumn('sealed', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createIndex('content_keys_owners')
        .on('content_keys')
        .columns(['workspace_id', 'member_id'])
        .execute();
      await db.schema
        .createTable('contents')
        .addColumn('exchange_id', text, (c) => c.primaryKey().notNull())
        .addColumn('workspace_id', text, (c) => c.notNull())
        .addColumn('member_id', text)
        .addColumn('key_id', text, (c) => c.notNull())
        .addColumn('content_key_id', text, (c) => c.notNull())
        .addColumn('mode', text, (c) => c.notNull())
        .addColumn('sealed', text, (c) => c.notNull())
        .addColumn('created_at', whole, (c) => c.notNull())
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createIndex('contents_times')
        .on('contents')
        .columns(['workspace_id', 'created_at'])
        .execute();
      await db.schema
        .createIndex('contents_members')
        .on('contents')
        .columns(['workspace_id', 'member_id'])
        .execute();
    },
    async down(db) {
      for (const table of ['contents', 'content_keys', 'privacy']) await db.schema.dropTable(table).execute();
    },
  };
}
