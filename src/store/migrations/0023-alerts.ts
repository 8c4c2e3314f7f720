/**
 * Whose a message of the outbox is: read off its payload by the database itself, so that no place that writes one can
 * forget it, and those that lie there have it too.
 */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

/** Of what is no JSON it says nothing, as a message that cannot be read must not keep others from being written. */
const workspaceOf = sql`
create function turnpike_workspace_of(p_payload text) returns text language plpgsql immutable as $$
begin
  return p_payload::json->>'workspaceId';
exception when data_exception then
  return null;
end
$$`;

const column = {
  sqlite: sql`alter table outbox add column workspace_id text
    generated always as (case when json_valid(payload) then json_extract(payload, '$.workspaceId') end) virtual`,
  postgres: sql`alter table outbox add column workspace_id text collate "C"
    generated always as (turnpike_workspace_of(payload)) stored`,
} as const;

export function alerts(dialect: Dialect): Migration {
  return {
    async up(db) {
      if (dialect === 'postgres') await workspaceOf.execute(db);
      await column[dialect].execute(db);
      // For the people of one workspace, newest first.
      await db.schema
        .createIndex('outbox_by_workspace')
        .on('outbox')
        .columns(['workspace_id', 'next_at', 'id'])
        .execute();
    },
    async down(db) {
      await db.schema.dropIndex('outbox_by_workspace').execute();
      await db.schema.alterTable('outbox').dropColumn('workspace_id').execute();
      if (dialect === 'postgres') await sql`drop function turnpike_workspace_of(text)`.execute(db);
    },
  };
}
