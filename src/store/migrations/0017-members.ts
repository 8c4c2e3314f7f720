/** Workspaces that can be suspended and deleted, who is a member of them, who is invited, and what members prefer. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

export function members(dialect: Dialect): Migration {
  return {
    async up(db) {
      await changeWorkspaces(db, dialect);
      await createMembers(db, dialect);
      await createInvitations(db, dialect);
      await createPreferences(db, dialect);
    },
    async down(db) {
      for (const table of ['preferences', 'invitations', 'members'])
        await db.schema.dropTable(table).execute();
      await db.schema.dropIndex('workspaces_live_name').execute();
      for (const column of ['suspended_at', 'deleted_at', 'changes'])
        await db.schema.alterTable('workspaces').dropColumn(column).execute();
    },
  };
}

async function changeWorkspaces(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole } = words[dialect];
  await db.schema.alterTable('workspaces').addColumn('suspended_at', whole).execute();
  await db.schema.alterTable('workspaces').addColumn('deleted_at', whole).execute();
  await db.schema
    .alterTable('workspaces')
    .addColumn('changes', whole, (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`create unique index workspaces_live_name on workspaces (lower(name))
    where deleted_at is null`.execute(db);
}

async function createMembers(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('members')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('person_id', text, (c) => c.notNull())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('suspended_at', whole)
    .addColumn('removed_at', whole)
    .addColumn('used_at', whole)
    .modifyEnd(strict)
    .execute();
  // Who comes back is another member: what was its own stays where it was left.
  await sql`create unique index members_live on members (person_id, workspace_id)
    where removed_at is null`.execute(db);
  await db.schema.createIndex('members_workspace').on('members').columns(['workspace_id', 'id']).execute();
}

async function createInvitations(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('invitations')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('token_hash', text, (c) => c.notNull().unique())
    .addColumn('email', text)
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('invited_by', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('expires_at', whole, (c) => c.notNull())
    .addColumn('accepted_at', whole)
    .addColumn('accepted_by', text)
    .addColumn('revoked_at', whole)
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createIndex('invitations_workspace')
    .on('invitations')
    .columns(['workspace_id', 'id'])
    .execute();
}

async function createPreferences(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('preferences')
    .addColumn('member_id', text, (c) => c.primaryKey().notNull().references('members.id'))
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('provider', text)
    .addColumn('model', text)
    .addColumn('fallback', text)
    .addColumn('has_fallback', whole)
    .addColumn('updated_at', whole, (c) => c.notNull())
    .modifyEnd(strict)
    .execute();
}
