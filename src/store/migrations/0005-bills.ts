/** Reconciliation: what providers have billed, the runs that compared it with the ledger, and what they proposed. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, clustered: sql`strict, without rowid` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, clustered: sql`` },
} as const;

export function bills(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createBuckets(db, dialect);
      await createReconciliations(db, dialect);
      await createProposals(db, dialect);
    },
    async down(db) {
      for (const table of ['adjustment_proposals', 'reconciliations', 'provider_cost_buckets']) {
        await db.schema.dropTable(table).execute();
      }
    },
  };
}

const tokenColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
] as const;

async function createBuckets(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  let table = db.schema
    .createTable('provider_cost_buckets')
    .addColumn('provider', text, (c) => c.notNull())
    .addColumn('width', text, (c) => c.notNull())
    .addColumn('start_at', whole, (c) => c.notNull())
    .addColumn('model', text, (c) => c.notNull());
  for (const column of tokenColumns)
    table = table.addColumn(column as string, whole, (c) => c.notNull()) as typeof table;
  await table
    .addColumn('cost_nano', whole)
    .addColumn('fetched_at', whole, (c) => c.notNull())
    .addPrimaryKeyConstraint('provider_cost_buckets_key', ['provider', 'width', 'start_at', 'model'])
    .modifyEnd(clustered)
    .execute();
}

async function createReconciliations(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  await db.schema
    .createTable('reconciliations')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('width', text, (c) => c.notNull())
    .addColumn('since_at', whole, (c) => c.notNull())
    .addColumn('until_at', whole, (c) => c.notNull())
    .addColumn('drift_nano', whole, (c) => c.notNull())
    .addColumn('over_rows', whole, (c) => c.notNull())
    .addColumn('report', text, (c) => c.notNull())
    .modifyEnd(clustered)
    .execute();
}

async function createProposals(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  let table = db.schema
    .createTable('adjustment_proposals')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('reconciliation_id', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('provider', text, (c) => c.notNull())
    .addColumn('model', text, (c) => c.notNull())
    .addColumn('start_at', whole, (c) => c.notNull());
  for (const column of tokenColumns)
    table = table.addColumn(column as string, whole, (c) => c.notNull()) as typeof table;
  await table
    .addColumn('cost_nano', whole, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('decided_at', whole)
    .addColumn('decided_by', text)
    .addColumn('decision', text)
    .addColumn('exchange_id', text)
    .modifyEnd(clustered)
    .execute();
  // Two open proposals about the same would be booked twice.
  await sql`create unique index adjustment_proposals_open on adjustment_proposals (provider, start_at, model)
    where state = 'open'`.execute(db);
  await db.schema
    .createIndex('adjustment_proposals_by_day')
    .on('adjustment_proposals')
    .columns(['provider', 'start_at'])
    .execute();
}
