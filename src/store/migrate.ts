/** Brings the schema up to date. Migrations are an explicit list: adding one is one file and one line. */
import { type Kysely, type Migration, Migrator, NO_MIGRATIONS } from 'kysely';
import { ground } from './migrations/0001-ground.ts';
import { decisions } from './migrations/0002-decisions.ts';
import { replicas } from './migrations/0003-replicas.ts';
import { budgets } from './migrations/0004-budgets.ts';
import { bills } from './migrations/0005-bills.ts';
import { enforcement } from './migrations/0006-enforcement.ts';
import { rateLimits } from './migrations/0007-rate-limits.ts';
import { deliveries } from './migrations/0008-deliveries.ts';
import { priceOverrides } from './migrations/0010-prices.ts';
import { modelRules } from './migrations/0011-model-rules.ts';
import { healthEvents } from './migrations/0012-health-events.ts';
import { credentials } from './migrations/0013-credentials.ts';
import { cachedKeys } from './migrations/0014-cached-keys.ts';
import { people } from './migrations/0016-people.ts';
import { members } from './migrations/0017-members.ts';
import { keyScopes } from './migrations/0018-key-scopes.ts';
import { agents } from './migrations/0019-agents.ts';
import { audit } from './migrations/0020-audit.ts';
import { contents } from './migrations/0021-contents.ts';
import { declarations } from './migrations/0022-declarations.ts';
import { alerts } from './migrations/0023-alerts.ts';
import { drawnTokens } from './migrations/0024-drawn-tokens.ts';
import type { Dialect } from './store.ts';
import { StoreError } from './store-error.ts';

export const migrations: Readonly<Record<string, (dialect: Dialect) => Migration>> = {
  '0001-ground': ground,
  '0002-decisions': decisions,
  '0003-replicas': replicas,
  '0004-budgets': budgets,
  '0005-bills': bills,
  '0006-enforcement': enforcement,
  '0007-rate-limits': rateLimits,
  '0008-deliveries': deliveries,
  '0010-prices': priceOverrides,
  '0011-model-rules': modelRules,
  '0012-health-events': healthEvents,
  '0013-credentials': credentials,
  '0014-cached-keys': cachedKeys,
  '0016-people': people,
  '0017-members': members,
  '0018-key-scopes': keyScopes,
  '0019-agents': agents,
  '0020-audit': audit,
  '0021-contents': contents,
  '0022-declarations': declarations,
  '0023-alerts': alerts,
  '0024-drawn-tokens': drawnTokens,
};

function migratorOf<T>(kysely: Kysely<T>, dialect: Dialect): Migrator {
  const made = Object.fromEntries(Object.entries(migrations).map(([name, make]) => [name, make(dialect)]));
  return new Migrator({ db: kysely, provider: { getMigrations: async () => made } });
}

/** Applies what is missing; the names applied. Throws `StoreError` when the database is newer than this program. */
export async function migrateUp<T>(kysely: Kysely<T>, dialect: Dialect): Promise<readonly string[]> {
  const { error, results } = await migratorOf(kysely, dialect).migrateToLatest();
  if (error !== undefined) throw explain(error);
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** Takes every migration back, data included: for tests, and for leaving. */
export async function migrateDown<T>(kysely: Kysely<T>, dialect: Dialect): Promise<void> {
  const { error } = await migratorOf(kysely, dialect).migrateTo(NO_MIGRATIONS);
  if (error !== undefined) throw explain(error);
}

function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (!/corrupted migrations/.test(message)) return error;
  return new StoreError(
    'schema_newer',
    `the database was made by another version of Turnpike (${message}); start that version, or use another database`,
    { cause: error },
  );
}
