/** The first tables: workspaces, keys, settings, prices, reservations, entries, rollups. */
import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

/**
 * How a dialect says "64-bit integer" and "text in the order of its bytes", and what it wants at the end of
 * CREATE TABLE. The order of bytes is the same in every database and on every system, and the fastest there is.
 */
const words = {
  sqlite: {
    whole: sql`integer`,
    text: sql`text`,
    strict: sql`strict`,
    clustered: sql`strict, without rowid`,
  },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql``, clustered: sql`` },
} as const;

type Db = Kysely<unknown>;

export function ground(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createRegistryTables(db, dialect);
      await createReservations(db, dialect);
      await createEntries(db, dialect);
      await createRollup(db, dialect, 'usage_hours', 'hour');
      await createRollup(db, dialect, 'usage_days', 'day');
    },
    async down(db) {
      for (const table of tables) await db.schema.dropTable(table).execute();
    },
  };
}

/** In an order in which they may be dropped. */
const tables = [
  'usage_days',
  'usage_hours',
  'ledger_entries',
  'reservations',
  'price_snapshots',
  'settings',
  'keys',
  'workspaces',
] as const;

async function createRegistryTables(db: Db, dialect: Dialect): Promise<void> {
  const { whole, text, strict, clustered } = words[dialect];
  await db.schema
    .createTable('workspaces')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createTable('keys')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('token_hash', text, (c) => c.notNull().unique())
    .addColumn('preview', text, (c) => c.notNull())
    .addColumn('member_id', text)
    .addColumn('agent_id', text)
    .addColumn('default_model', text)
    .addColumn('allowed_models', text)
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('expires_at', whole)
    .addColumn('revoked_at', whole)
    .addColumn('last_used_at', whole)
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createTable('settings')
    .addColumn('key', text, (c) => c.primaryKey().notNull())
    .addColumn('value', text, (c) => c.notNull())
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable('price_snapshots')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('content_hash', text, (c) => c.notNull().unique())
    .addColumn('provider', text, (c) => c.notNull())
    .addColumn('model', text, (c) => c.notNull())
    .addColumn('service_tier', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('effective_from', whole, (c) => c.notNull())
    .addColumn('tiers', text, (c) => c.notNull())
    .modifyEnd(strict)
    .execute();
}

/** Who and what an attempt belongs to: the same in a reservation and in an entry. */
function addOwner<T extends string, C extends string>(table: CreateTableBuilder<T, C>, dialect: Dialect) {
  const { whole, text } = words[dialect];
  return table
    .addColumn('exchange_id', text, (c) => c.notNull())
    .addColumn('attempt', whole, (c) => c.notNull())
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn('key_id', text, (c) => c.notNull())
    .addColumn('member_id', text)
    .addColumn('agent_id', text)
    .addColumn('session_id', text)
    .addColumn('end_user', text)
    .addColumn('provider', text, (c) => c.notNull())
    .addColumn('model', text, (c) => c.notNull())
    .addColumn('client_format', text, (c) => c.notNull())
    .addColumn('lane', text, (c) => c.notNull())
    .addColumn('price_id', text);
}

/** No foreign keys on what traffic writes: each would be one more look-up per request. `verify` checks them. */
async function createReservations(db: Db, dialect: Dialect): Promise<void> {
  const { whole, clustered } = words[dialect];
  await addOwner(db.schema.createTable('reservations'), dialect)
    .addColumn('input_estimate', whole, (c) => c.notNull())
    .addColumn('max_output_tokens', whole)
    .addColumn('observed_output', whole, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('deadline_at', whole, (c) => c.notNull())
    .addPrimaryKeyConstraint('reservations_key', ['exchange_id', 'attempt'])
    .modifyEnd(clustered)
    .execute();
}

const tokenColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
] as const;

async function createEntries(db: Db, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  let table = addOwner(
    db.schema.createTable('ledger_entries').addColumn('seq', whole, (c) => {
      return dialect === 'sqlite' ? c.primaryKey() : c.primaryKey().generatedAlwaysAsIdentity();
    }),
    dialect,
  )
    .addColumn('sequence', whole, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('http_status', whole)
    .addColumn('stop', text)
    .addColumn('error_class', text)
    .addColumn('upstream_request_id', text)
    .addColumn('service_tier', text)
    .addColumn('price_state', text, (c) => c.notNull());
  for (const column of tokenColumns) table = table.addColumn(column, whole, (c) => c.notNull());
  table = table.addColumn('calls', text).addColumn('cost_nano', whole, (c) => c.notNull());
  for (const line of ['input', 'cache', 'output', 'other'] as const) {
    table = table.addColumn(`${line}_cost_nano` as string, whole, (c) => c.notNull()) as typeof table;
  }
  await table
    .addColumn('is_estimated', whole, (c) => c.notNull())
    .addColumn('flags', text)
    .addColumn('raw_usage', text)
    .addColumn('ttft_ms', whole)
    .addColumn('latency_ms', whole)
    .addColumn('started_at', whole, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addUniqueConstraint('ledger_entries_once', ['exchange_id', 'attempt', 'sequence'])
    .modifyEnd(strict)
    .execute();
  await createIndex(db, 'ledger_entries_by_workspace', ['workspace_id', 'created_at']);
  await createIndex(db, 'ledger_entries_by_key', ['key_id', 'created_at']);
}

async function createIndex(db: Db, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(name).on('ledger_entries').columns(columns).execute();
}

async function createRollup(db: Db, dialect: Dialect, name: string, period: string): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  let table: CreateTableBuilder<string, string> = db.schema
    .createTable(name)
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn(period, whole, (c) => c.notNull());
  for (const column of ['key_id', 'member_id', 'agent_id', 'provider', 'model']) {
    table = table.addColumn(column, text, (c) => c.notNull());
  }
  for (const column of ['entries', 'errors', 'estimated', 'unpriced', ...tokenColumns, 'cost_nano']) {
    table = table.addColumn(column, whole, (c) => c.notNull());
  }
  for (const column of ['latency_ms', 'ttft_ms', 'ttft_entries']) {
    table = table.addColumn(column, whole, (c) => c.notNull());
  }
  await table
    .addColumn('latency_histogram', text, (c) => c.notNull())
    .addPrimaryKeyConstraint(`${name}_key`, [
      'workspace_id',
      period,
      'key_id',
      'member_id',
      'agent_id',
      'provider',
      'model',
    ])
    .modifyEnd(clustered)
    .execute();
}
