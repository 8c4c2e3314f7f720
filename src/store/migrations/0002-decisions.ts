/** What the decision record of an exchange says beyond its ledger entries: one row for an attempt that has more to say. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, clustered: sql`strict, without rowid` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, clustered: sql`` },
} as const;

/** No foreign key, as on all that traffic writes: a row is written in the transaction of its entry, or not at all. */
export function decisions(dialect: Dialect): Migration {
  const { whole, text, clustered } = words[dialect];
  return {
    async up(db) {
      await db.schema
        .createTable('decisions')
        .addColumn('exchange_id', text, (c) => c.notNull())
        .addColumn('attempt', whole, (c) => c.notNull())
        .addColumn('facts', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('decisions_key', ['exchange_id', 'attempt'])
        .modifyEnd(clustered)
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('decisions').execute();
    },
  };
}
