/** What became of deployments' health: for people, and so that nobody is told of the same twice. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function healthEvents(dialect: Dialect): Migration {
  const { whole, text, strict } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('health_events')
        .addColumn('id', text, (c) => c.primaryKey().notNull())
        .addColumn('replica', text, (c) => c.notNull())
        .addColumn('ref', text, (c) => c.notNull())
        .addColumn('provider', text, (c) => c.notNull())
        .addColumn('credential', text, (c) => c.notNull())
        .addColumn('from_state', text, (c) => c.notNull())
        .addColumn('to_state', text, (c) => c.notNull())
        .addColumn('reason', text, (c) => c.notNull())
        .addColumn('at', whole, (c) => c.notNull())
        .addColumn('until_at', whole)
        .modifyEnd(strict)
        .execute();
      await db.schema
        .createIndex('health_events_by_time')
        .on('health_events')
        .columns(['at', 'id'])
        .execute();
      await db.schema
        .createIndex('health_events_by_provider')
        .on('health_events')
        .columns(['provider', 'at', 'id'])
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('health_events').execute();
    },
  };
}
