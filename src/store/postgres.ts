/** Opens a PostgreSQL database that many processes share: one ledger connection, a few for queries, one that listens. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Compilable, Kysely } from 'kysely';
import pg from 'pg';
import { isPostgresUrl, maskDatabaseUrl } from '../base/database-url.ts';
import type { Log } from '../base/log.ts';
import { migrateUp } from './migrate.ts';
import { createPostgresDialect, exactTypes, runCompiled } from './postgres-dialect.ts';
import { breaksConnection, describePostgresError, judgePostgresError } from './postgres-error.ts';
import { createPostgresLine, REVISION_CHANNEL } from './postgres-line.ts';
import { createSession, type PostgresSession } from './postgres-session.ts';
import { bumpRevision, loadRevision, type Revision, readRevision } from './revision.ts';
import type { Tables } from './schema.ts';
import type { Durability, Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** Connections for queries of the registry. With readers, ledger and line a replica has at most four more. */
const QUERY_CONNECTIONS = 4;
/** For heavy reads alone: however long they take, a key can be revoked meanwhile. Opened on first use. */
const READER_CONNECTIONS = 2;
const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement after this; the client gives up a little later, when not even that is heard. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Of the ledger: what waits for it are requests. Well under the time after which a silent replica may not send. */
const LEDGER_STATEMENT_TIMEOUT_MS = 8_000;
const HEARING_MS = 2_000;
/** How long a statement waits for another's lock. */
const LOCK_TIMEOUT_MS = 5_000;
/** Connections of queries that nobody needed for this long are closed. */
const IDLE_MS = 60_000;
/** Tries of a registry change that others made roll back, with a pause between them. */
const BUSY_TRIES = 20;
const BUSY_PAUSE_MS = 25;
/** The first version with all that the migrations use, and still maintained when this was written. */
const MIN_VERSION = 140_000;
/** Revisions come by notification; this finds what no notification told. */
const REVISION_POLL_MS = 2_000;

export interface PostgresOptions {
  readonly durability: Durability;
  readonly log: Log;
}

export interface PostgresStore extends Store {
  readonly dialect: 'postgres';
  /** The one connection of the ledger. */
  readonly ledgerSession: PostgresSession;
  /**
   * Takes a name that one process at a time may have; false = another one has it. It is kept for as long as this
   * process lives and is connected, and goes with its connection.
   */
  claim(name: string): Promise<boolean>;
}

/** Opens and migrates. Throws `StoreError` for what the operator can mend; no message has the password. */
export async function openPostgres(url: string, options: PostgresOptions): Promise<PostgresStore> {
  if (!isPostgresUrl(url)) throw new StoreError('location', 'this is no URL of a PostgreSQL database');
  await prepareDatabase(url, options).catch((error: unknown) => explainUnreachable(url, error));
  const pool = openPool(url, options.log, QUERY_CONNECTIONS);
  const kysely = new Kysely<Tables>({ dialect: createPostgresDialect(pool, { isOpen: false }) });
  try {
    const revision = await loadRevision(kysely, options.log);
    return await assemble({ url, pool, kysely, revision, ...options });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** What it is, in words, without changing anything in it. Throws as `openPostgres` does. */
export async function probePostgres(url: string): Promise<string> {
  const pool = makePool({ ...clientConfig(url, STATEMENT_TIMEOUT_MS), max: 1 });
  try {
    await checkServer(pool);
    const { rows } = await pool.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return `PostgreSQL ${rows[0]!.version}`;
  } catch (error) {
    return explainUnreachable(url, error);
  } finally {
    await pool.end();
  }
}

/** A mistake of ours stays what it is. */
function explainUnreachable(url: string, error: unknown): never {
  if (error instanceof StoreError || !breaksConnection(error)) throw error;
  const reason = describePostgresError(error);
  throw new StoreError(
    'unreachable',
    `the PostgreSQL database ${maskDatabaseUrl(url)} cannot be used: ${reason}`,
    { cause: error },
  );
}

function clientConfig(url: string, statementMs: number): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'turnpike',
    types: exactTypes,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(statementMs > 0 && {
      statement_timeout: statementMs,
      lock_timeout: Math.min(LOCK_TIMEOUT_MS, statementMs),
      query_timeout: statementMs + HEARING_MS,
    }),
  };
}

function openPool(url: string, log: Log, max: number): pg.Pool {
  const config = { ...clientConfig(url, STATEMENT_TIMEOUT_MS), max, idleTimeoutMillis: IDLE_MS };
  return makePool(config, (error) =>
    log.warn({ error: describePostgresError(error) }, 'an idle connection to the database is lost'),
  );
}

/** Without somebody to hear it, a connection that breaks would end the process. Who asks next gets a new one. */
function makePool(config: pg.PoolConfig, onIdleLoss: (error: Error) => void = () => undefined): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', onIdleLoss);
  // While it is lent out the pool does not listen; whoever has it is told by the statement that fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Any number that no other program is likely to lock by. */
const MIGRATION_LOCK = 8_642_000_001;

/** Processes that start together migrate one after the other. No timeout: a later migration may take its time. */
async function prepareDatabase(url: string, { log }: PostgresOptions): Promise<void> {
  const pool = makePool({ ...clientConfig(url, 0), max: 1, idleTimeoutMillis: 0 });
  try {
    await checkServer(pool);
    await pool.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const kysely = new Kysely<Tables>({ dialect: createPostgresDialect(pool, { isOpen: true }) });
    const applied = await migrateUp(kysely, 'postgres');
    if (applied.length > 0)
      log.info({ database: maskDatabaseUrl(url), applied }, 'database schema is up to date');
  } finally {
    // The lock goes with its connection.
    await pool.end();
  }
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string; is_standby: boolean }>(
    `select current_setting('server_version_num')::integer as version,
      current_setting('server_encoding') as encoding, pg_is_in_recovery() as is_standby`,
  );
  const { version, encoding, is_standby: isStandby } = rows[0]!;
  const unsuitable = (what: string) => new StoreError('unsuitable', `this PostgreSQL database ${what}`);
  if (version < MIN_VERSION)
    throw unsuitable(
      `is of version ${Math.floor(version / 10_000)}; Turnpike needs ${MIN_VERSION / 10_000} or newer`,
    );
  if (encoding !== 'UTF8') throw unsuitable(`has the encoding ${encoding}; Turnpike needs UTF8`);
  if (isStandby) throw unsuitable('is a standby that cannot be written; name the primary');
}

interface Parts extends PostgresOptions {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly kysely: Kysely<Tables>;
  readonly revision: Revision;
}

async function assemble(parts: Parts): Promise<PostgresStore> {
  const { url, pool, kysely, revision, durability, log } = parts;
  const { rows } = await pool.query<{ level: string }>(
    `select current_setting('synchronous_commit') as level`,
  );
  // A server that is set to forget is told to remember where we promise it; any stronger setting stays.
  const begin =
    rows[0]?.level === 'off' && durability === 'power' ? 'begin; set local synchronous_commit = on' : 'begin';
  const line = createPostgresLine({
    config: clientConfig(url, STATEMENT_TIMEOUT_MS),
    log,
    onRevision: revision.announce,
  });
  const ledgerSession = createSession({
    config: clientConfig(url, LEDGER_STATEMENT_TIMEOUT_MS),
    log,
    name: 'ledger',
  });
  await line.listen().catch(async (error: unknown) => {
    await line.close();
    throw error;
  });
  const stopPolling = pollRevision(kysely, revision);
  const readers = openPool(url, log, READER_CONNECTIONS);
  let isClosed = false;
  return {
    dialect: 'postgres',
    kysely,
    reader: new Kysely<Tables>({ dialect: createPostgresDialect(readers, { isOpen: false }) }),
    revision,
    durability,
    ledgerSession,
    claim: (name) => line.claim(name),
    write: async (queries) => (await runAll(pool, begin, queries)).map(countRows),
    async change(queries) {
      const results = await runAll(pool, begin, [...queries, bumpRevision(kysely)], announceInside);
      revision.announce(revisionIn(results));
      results.pop();
      return results.map(countRows);
    },
    alone: (work) => alone(pool, work),
    async close() {
      if (isClosed) return;
      isClosed = true;
      stopPolling();
      await Promise.all([line.close(), ledgerSession.close(), pool.end(), readers.end()]);
    },
  };
}

type Results = Awaited<ReturnType<typeof runCompiled<unknown>>>[];

function countRows({ numAffectedRows }: Results[number]): number {
  return Number(numAffectedRows ?? 0);
}

/** What the last statement of a change answers. */
function revisionIn(results: Results): number {
  const [row] = (results.at(-1)?.rows ?? []) as { value: string }[];
  return Number(row?.value);
}

/** In the transaction of the change, so that nobody hears of what is rolled back. */
async function announceInside(client: pg.PoolClient, results: Results): Promise<void> {
  await client.query('select pg_notify($1, $2)', [REVISION_CHANNEL, String(revisionIn(results))]);
}

type InTransaction = (client: pg.PoolClient, results: Results) => Promise<void>;

/** One transaction, tried again when others made it roll back. */
async function runAll(
  pool: pg.Pool,
  begin: string,
  queries: readonly Compilable[],
  finish?: InTransaction,
): Promise<Results> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runOnce(pool, begin, queries, finish);
    } catch (error) {
      if (judgePostgresError(error) !== 'busy' || tries === BUSY_TRIES) throw error;
      await delay(BUSY_PAUSE_MS);
    }
  }
}

async function runOnce(
  pool: pg.Pool,
  begin: string,
  queries: readonly Compilable[],
  finish?: InTransaction,
): Promise<Results> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query(begin);
    const results: Results = [];
    for (const query of queries) results.push(await runCompiled(client, query.compile()));
    await finish?.(client, results);
    await client.query('commit');
    return results;
  } catch (error) {
    isBroken = breaksConnection(error);
    if (!isBroken) await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

const ALONE_LOCK = 8_642_000_002;

async function alone<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [ALONE_LOCK]);
    return await work();
  } finally {
    // Closed, not given back: the lock goes with it whatever has happened.
    client.release(true);
  }
}

function pollRevision(kysely: Kysely<Tables>, revision: Revision): () => void {
  const timer = setInterval(() => {
    // A database that is down says so elsewhere.
    readRevision(kysely).then(revision.announce, () => undefined);
  }, REVISION_POLL_MS).unref();
  return () => clearInterval(timer);
}
