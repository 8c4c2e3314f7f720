/** Who has been told of what: one row per message of the outbox and receiver, made when the message is found. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, clustered: sql`strict, without rowid` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, clustered: sql`` },
} as const;

export function deliveries(dialect: Dialect): Migration {
  return {
    async up(db) {
      const { whole, text, clustered } = words[dialect];
      await db.schema
        .createTable('outbox_deliveries')
        .addColumn('outbox_id', text, (c) => c.notNull())
        .addColumn('sink', text, (c) => c.notNull())
        .addColumn('attempts', whole, (c) => c.notNull().defaultTo(0))
        .addColumn('next_at', whole, (c) => c.notNull())
        .addColumn('done_at', whole)
        .addColumn('given_up_at', whole)
        .addColumn('last_error', text)
        .addPrimaryKeyConstraint('outbox_deliveries_key', ['outbox_id', 'sink'])
        .modifyEnd(clustered)
        .execute();
      await db.schema.alterTable('outbox').addColumn('addressed_at', whole).execute();
      // Both hold what is still to be done, and so are nearly empty.
      await db.schema
        .createIndex('outbox_new')
        .on('outbox')
        .column('next_at')
        .where(sql.ref('addressed_at'), 'is', null)
        .where(sql.ref('done_at'), 'is', null)
        .execute();
      await db.schema
        .createIndex('outbox_deliveries_open')
        .on('outbox_deliveries')
        .columns(['sink', 'next_at'])
        .where(sql.ref('done_at'), 'is', null)
        .where(sql.ref('given_up_at'), 'is', null)
        .execute();
      // For people who look at what was sent, newest first.
      await db.schema.createIndex('outbox_by_time').on('outbox').columns(['next_at', 'id']).execute();
    },
    async down(db) {
      await db.schema.dropIndex('outbox_by_time').execute();
      await db.schema.dropIndex('outbox_new').execute();
      await db.schema.alterTable('outbox').dropColumn('addressed_at').execute();
      await db.schema.dropTable('outbox_deliveries').execute();
    },
  };
}
