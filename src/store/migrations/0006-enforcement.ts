/** What enforcing takes: what a reservation holds of which windows and rates, and where entries were counted. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';
import { dropEnforcing, enforcingFunctions } from './0006-postgres-functions.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, clustered: sql`strict, without rowid` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, clustered: sql`` },
} as const;

/** How full PostgreSQL packs the pages of rates, which every request updates in place. */
const RATE_FILL_PERCENT = 50;

export function enforcement(dialect: Dialect): Migration {
  return {
    async up(db) {
      const { whole, text } = words[dialect];
      const held = db.schema.alterTable('reservations');
      await held.addColumn('amount_nano', whole, (c) => c.notNull().defaultTo(0)).execute();
      await held.addColumn('windows', text).execute();
      await held.addColumn('rates', text).execute();
      await db.schema.alterTable('ledger_entries').addColumn('windows', text).execute();
      const windows = db.schema.alterTable('budget_windows');
      await windows.addColumn('limit_version', whole, (c) => c.notNull().defaultTo(0)).execute();
      await windows.addColumn('alert_nano', whole).execute();
      await createRates(db, dialect);
      if (dialect === 'postgres') for (const text of enforcingFunctions) await sql.raw(text).execute(db);
    },
    async down(db) {
      if (dialect === 'postgres') for (const text of dropEnforcing) await sql.raw(text).execute(db);
      await db.schema.dropTable('rate_limits').execute();
      const columns = {
        budget_windows: ['alert_nano', 'limit_version'],
        ledger_entries: ['windows'],
        reservations: ['rates', 'windows', 'amount_nano'],
      } as const;
      for (const [table, names] of Object.entries(columns))
        for (const name of names) await db.schema.alterTable(table).dropColumn(name).execute();
    },
  };
}

async function createRates(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  await db.schema
    .createTable('rate_limits')
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('metric', text, (c) => c.notNull())
    .addColumn('full_at_us', whole, (c) => c.notNull().defaultTo(0))
    .addColumn('in_flight', whole, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('rate_limits_key', ['subject', 'metric'])
    .modifyEnd(clustered)
    .execute();
  if (dialect === 'sqlite') return;
  await sql`alter table rate_limits set (fillfactor = ${sql.lit(RATE_FILL_PERCENT)})`.execute(db);
}
