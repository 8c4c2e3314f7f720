/** The agents registry: who they are, their tasks, and what they tell. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const words = {
  sqlite: { whole: sql`integer`, text: sql`text`, strict: sql`strict` },
  postgres: { whole: sql`bigint`, text: sql`text collate "C"`, strict: sql`` },
} as const;

type Db = Kysely<unknown>;

export function agents(dialect: Dialect): Migration {
  return {
    async up(db) {
      await createAgents(db, dialect);
      await createTasks(db, dialect);
      await createEvents(db, dialect);
    },
    async down(db) {
      for (const table of ['agent_events', 'agent_tasks', 'agents'])
        await db.schema.dropTable(table).execute();
    },
  };
}

async function createAgents(db: Db, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('agents')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspaces.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text)
    .addColumn('system_prompt', text)
    .addColumn('preferred_model', text)
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('last_seen_at', whole)
    .addColumn('archived_at', whole)
    .modifyEnd(strict)
    .execute();
  await sql`create unique index agents_live_name on agents (workspace_id, name)
    where archived_at is null`.execute(db);
  await sql`create index agents_by_name on agents (workspace_id, name, id)`.execute(db);
}

async function createTasks(db: Db, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('agent_tasks')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull().references('agents.id'))
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('session', text)
    .addColumn('progress', whole)
    .addColumn('result', text)
    .addColumn('version', whole, (c) => c.notNull())
    .addColumn('created_at', whole, (c) => c.notNull())
    .addColumn('updated_at', whole, (c) => c.notNull())
    .addColumn('started_at', whole)
    .addColumn('ended_at', whole)
    .modifyEnd(strict)
    .execute();
  await sql`create index agent_tasks_by_agent on agent_tasks (agent_id, id)`.execute(db);
}

async function createEvents(db: Db, dialect: Dialect): Promise<void> {
  const { whole, text, strict } = words[dialect];
  await db.schema
    .createTable('agent_events')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('workspace_id', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull().references('agents.id'))
    .addColumn('task_id', text)
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('message', text)
    .addColumn('at', whole, (c) => c.notNull())
    .modifyEnd(strict)
    .execute();
  await sql`create index agent_events_by_task on agent_events (agent_id, task_id, id)`.execute(db);
  await sql`create index agent_events_by_agent on agent_events (agent_id, id)`.execute(db);
}
