/** Budgets, their windows, the alerts that were given, and what waits to be delivered. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: {
    whole: sql`integer`,
    text: sql`text`,
    strict: sql`strict`,
    clustered: sql`strict, without rowid`,
  },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql``, clustered: sql`` },
} as const;

/** How full PostgreSQL packs the pages of windows, which every request updates in place: room spares the index. */
const WINDOW_FILL_PERCENT = 50;

/** In an order in which they may be dropped. */
const tables = ['outbox', 'budget_alerts', 'budget_windows', 'budgets'] as const;

export function budgets(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createBudgets(db, dialect);
      await createWindows(db, dialect);
      await createAlerts(db, dialect);
      await createOutbox(db, dialect);
    },
    async down(db) {
      for (const table of tables) await db.schema.dropTable(table).execute();
    },
  };
}

async function createBudgets(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('budgets')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('scope_kind', text, (c) => c.notNull())
    .addColumn('scope_id', text, (c) => c.notNull())
    .addColumn('limit_nano', whole, (c) => c.notNull().check(sql`limit_nano >= 0`))
    .addColumn('enforcement', text, (c) => c.notNull())
    .addColumn('period', text, (c) => c.notNull())
    .addColumn('time_zone', text, (c) => c.notNull())
    .addColumn('anchor_day', whole, (c) => c.notNull())
    .addColumn('output_cap', whole)
    .addColumn('queue_ms', whole, (c) => c.notNull())
    .addColumn('thresholds', text, (c) => c.notNull())
    .addColumn('mode', text, (c) => c.notNull())
    .addColumn('version', whole, (c) => c.notNull())
    .addColumn('before_time_zone', text)
    .addColumn('before_anchor_day', whole)
    .addColumn('before_until', whole)
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('archived_at', whole)
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createIndex('budgets_live_name')
    .unique()
    .on('budgets')
    .columns(['workspace_id', 'name'])
    .where(sql.ref('archived_at'), 'is', null)
    .execute();
}

/** No foreign keys from here on, as on all that traffic writes. */
async function createWindows(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  await db.schema
    .createTable('budget_windows')
    .addColumn('budget_id', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('start_at', whole, (c) => c.notNull())
    .addColumn('end_at', whole, (c) => c.notNull())
    .addColumn('limit_nano', whole, (c) => c.notNull())
    .addColumn('settled_nano', whole, (c) => c.notNull().defaultTo(0))
    .addColumn('reserved_nano', whole, (c) => c.notNull().defaultTo(0).check(sql`reserved_nano >= 0`))
    .addColumn('overruns', whole, (c) => c.notNull().defaultTo(0))
    .addColumn('blocked_at', whole)
    .addColumn('refusals', whole, (c) => c.notNull().defaultTo(0))
    .addColumn('requests', whole, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('budget_windows_key', ['budget_id', 'subject', 'start_at'])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createIndex('budget_windows_end')
    .on('budget_windows')
    .columns(['budget_id', 'end_at'])
    .execute();
  if (dialect === 'sqlite') return;
  await sql`alter table budget_windows set (fillfactor = ${sql.lit(WINDOW_FILL_PERCENT)})`.execute(db);
}

async function createAlerts(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  await db.schema
    .createTable('budget_alerts')
    .addColumn('budget_id', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('start_at', whole, (c) => c.notNull())
    .addColumn('threshold', whole, (c) => c.notNull())
    .addColumn('limit_version', whole, (c) => c.notNull())
    .addColumn('settled_nano', whole, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addPrimaryKeyConstraint('budget_alerts_key', [
      'budget_id',
      'subject',
      'start_at',
      'threshold',
      'limit_version',
    ])
    .modifyEnd(clustered)
    .execute();
}

async function createOutbox(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('outbox')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('topic', text, (c) => c.notNull())
    .addColumn('dedupe_key', text, (c) => c.notNull().unique())
    .addColumn('payload', text, (c) => c.notNull())
    .addColumn('attempts', whole, (c) => c.notNull().defaultTo(0))
    .addColumn('next_at', whole, (c) => c.notNull())
    .addColumn('done_at', whole)
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createIndex('outbox_due')
    .on('outbox')
    .column('next_at')
    .where(sql.ref('done_at'), 'is', null)
    .execute();
}
