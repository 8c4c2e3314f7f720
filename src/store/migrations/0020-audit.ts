/** Who did what, in a chain for each workspace; and writes that are not to be done twice. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

type Words = (typeof words)[Dialect];

export function audit(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createEvents(db, words[dialect]);
      await createIdempotencyKeys(db, words[dialect]);
      // What agents reported lately is told to who listens, workspace by workspace.
      await sql`create index agent_events_by_time on agent_events (workspace_id, at)`.execute(db);
    },
    async down(db) {
      await db.schema.dropIndex('agent_events_by_time').execute();
      await db.schema.dropTable('idempotency_keys').execute();
      await db.schema.dropTable('audit_events').execute();
    },
  };
}

async function createEvents(db: Kysely<unknown>, { whole, text, strict }: Words): Promise<void> {
  await db.schema
    .createTable('audit_events')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    // No reference: what was done in a workspace is told when the workspace is no more.
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn('at', whole, (c) => c.notNull())
    .addColumn('actor_id', text, (c) => c.notNull())
    .addColumn('actor_name', text, (c) => c.notNull())
    .addColumn('actor_role', text)
    .addColumn('via', text, (c) => c.notNull())
    .addColumn('address', text)
    .addColumn('action', text, (c) => c.notNull())
    .addColumn('target', text)
    .addColumn('outcome', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('position', whole)
    .addColumn('prev_hash', text)
    .addColumn('hash', text)
    .modifyEnd(strict)
    .execute();
  // Of two processes that link at once one is told so by this.
  await sql`create unique index audit_chain on audit_events (workspace_id, position)`.execute(db);
  await sql`create index audit_unlinked on audit_events (id) where position is null`.execute(db);
  await sql`create index audit_newest on audit_events (workspace_id, id)`.execute(db);
  await sql`create index audit_actors on audit_events (workspace_id, actor_id, id)`.execute(db);
  await sql`create index audit_targets on audit_events (workspace_id, target, id)`.execute(db);
}

async function createIdempotencyKeys(db: Kysely<unknown>, { whole, text, strict }: Words): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn('caller_id', text, (c) => c.notNull())
    .addColumn('key_hash', text, (c) => c.notNull())
    .addColumn('request_hash', text, (c) => c.notNull())
    .addColumn('claim', text, (c) => c.notNull())
    .addColumn('is_committed', whole, (c) => c.notNull())
    .addColumn('status', whole)
    .addColumn('answer', text)
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('expires_at', whole, (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['workspace_id', 'caller_id', 'key_hash'])
    .modifyEnd(strict)
    .execute();
  await sql`create index idempotency_keys_expiry on idempotency_keys (expires_at)`.execute(db);
}
