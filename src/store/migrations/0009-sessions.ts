/** The way to the entries of one session of a client, for its cost tree. Entries without a session are not in it. */
import { type Migration, sql } from 'kysely';

export function sessions(): Migration {
  return {
    async up(db) {
      await sql`
        create index ledger_entries_by_session on ledger_entries (workspace_id, session_id, created_at)
        where session_id is not null`.execute(db);
    },
    async down(db) {
      await db.schema.dropIndex('ledger_entries_by_session').execute();
    },
  };
}
