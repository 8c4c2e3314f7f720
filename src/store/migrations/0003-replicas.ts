/** Who serves: processes that share the database, and whose each reservation is. PostgreSQL gets its functions too. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';
import { dropFunctions, ledgerFunctions } from './0003-postgres-functions.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, clustered: sql`strict, without rowid` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, clustered: sql`` },
} as const;

/** Tables that are updated in place, and how full PostgreSQL packs their pages: room spares the indexes. */
const updatedInPlace = { replicas: 50, reservations: 70, usage_hours: 70, usage_days: 70 } as const;

export function replicas(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createReplicas(db, dialect);
      await addOwner(db, dialect);
      if (dialect === 'sqlite') return;
      for (const [table, percent] of Object.entries(updatedInPlace)) {
        await sql`alter table ${sql.table(table)} set (fillfactor = ${sql.lit(percent)})`.execute(db);
      }
      for (const text of ledgerFunctions) await sql.raw(text).execute(db);
    },
    async down(db) {
      if (dialect === 'postgres') for (const text of dropFunctions) await sql.raw(text).execute(db);
      for (const column of ['state', 'replica_epoch', 'replica_id']) {
        await db.schema.alterTable('reservations').dropColumn(column).execute();
      }
      await db.schema.dropTable('replicas').execute();
    },
  };
}

async function createReplicas(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, clustered } = words[dialect];
  await db.schema
    .createTable('replicas')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('epoch', whole, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('heartbeat_at', whole, (c) => c.notNull())
    .addColumn('seq', whole, (c) => c.notNull())
    .addColumn('version', text, (c) => c.notNull())
    .modifyEnd(clustered)
    .execute();
}

/** Reservations that are there already belong to a life of the one process before its first numbered one. */
async function addOwner(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text } = words[dialect];
  const add = db.schema.alterTable('reservations');
  await add.addColumn('replica_id', text, (c) => c.notNull().defaultTo('local')).execute();
  await add.addColumn('replica_epoch', whole, (c) => c.notNull().defaultTo(0)).execute();
  await add.addColumn('state', text, (c) => c.notNull().defaultTo('pending')).execute();
}
