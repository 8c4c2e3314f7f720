/** The books of this installation: the database that DATABASE_URL names, and the ledger on it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './base/clock.ts';
import { isLibsqlUrl, isPostgresUrl } from './base/database-url.ts';
import type { Log } from './base/log.ts';
import { type Config, ConfigError } from './config.ts';
import { REPLICA_ID } from './config-database.ts';
import type { ResolvePrice } from './ledger/book.ts';
import { createLedger, type RunningLedger } from './ledger/create-ledger.ts';
import type { LedgerStore } from './ledger/ledger-store.ts';
import { openLibsqlLedgerStore } from './ledger/libsql-ledger-store.ts';
import { createPostgresLedgerStore } from './ledger/postgres-ledger-store.ts';
import { keepSwept, recoverLedger } from './ledger/recover.ts';
import { createSqliteLedgerStore } from './ledger/sqlite-ledger-store.ts';
import { openLibsql } from './store/libsql.ts';
import { lockDatabase } from './store/lock.ts';
import { openPostgres } from './store/postgres.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

export interface Books {
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
  /** Among the replicas that share the database; undefined = it is shared with nobody. */
  readonly replicaId: string | undefined;
}

/** @throws {ConfigError} and store errors: the operator's to mend */
export async function openBooks(config: Config, log: Log, clock: Clock, version: string): Promise<Books> {
  const { databaseUrl, durability } = config;
  if (isLibsqlUrl(databaseUrl)) return openLibsqlBooks(config, log, clock, version);
  if (!isPostgresUrl(databaseUrl)) {
    const store = await openSqlite(databaseUrl, { durability, log });
    return { store, ledgerStore: createSqliteLedgerStore(store, clock), replicaId: undefined };
  }
  const replicaId = config.replicaId ?? keptReplicaId(config.home);
  const store = await openPostgres(databaseUrl, { durability, log });
  const ledgerStore = createPostgresLedgerStore({ store, replicaId, version, clock, log });
  return { store, ledgerStore, replicaId };
}

/** One process, as with a file; its name is only told to others that ask who has the database. */
async function openLibsqlBooks(config: Config, log: Log, clock: Clock, version: string): Promise<Books> {
  const { databaseUrl, home, env } = config;
  const lock = lockDatabase(join(home, 'libsql'), 'data folder');
  try {
    const authToken = env.TURSO_AUTH_TOKEN || undefined;
    const options = { authToken, holderId: keptReplicaId(home), lock, version, clock, log };
    const store = await openLibsql(databaseUrl, options);
    return { store, ledgerStore: await openLibsqlLedgerStore(store, clock), replicaId: undefined };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The same after each restart, so that a replica knows what its last life has left. Made up at the first start. */
function keptReplicaId(home: string): string {
  const path = join(home, 'replica-id');
  if (existsSync(path)) {
    const id = readFileSync(path, 'utf8').trim();
    if (!REPLICA_ID.test(id))
      throw new ConfigError(`${path} holds no replica id: remove it, or set TURNPIKE_REPLICA_ID.`);
    return id;
  }
  const machine = hostname()
    .replace(/[^A-Za-z0-9-]/g, '-')
    .slice(0, 40);
  const id = `${machine}-${randomBytes(4).toString('hex')}`;
  // Two first starts of one home at once: the second finds the name taken.
  writeFileSync(path, `${id}\n`, { mode: 0o600, flag: 'wx' });
  return id;
}

/** The ledger on the books, recovered from what its last life has left; `close` ends it, within so many milliseconds. */
export async function openLedger(
  { ledgerStore, replicaId }: Books,
  isServing: boolean,
  { clock, log, resolvePrice }: { clock: Clock; log: Log; resolvePrice: ResolvePrice },
): Promise<{ readonly ledger: RunningLedger; close(drainMs: number): Promise<void> }> {
  const isMember = isServing || replicaId === undefined;
  if (isMember) await recoverLedger({ store: ledgerStore, clock, log });
  const stopSweeping = isMember ? keepSwept({ store: ledgerStore, clock, log }) : () => {};
  const ledger = createLedger({ store: ledgerStore, clock, log, resolvePrice });
  return {
    ledger,
    async close(drainMs) {
      await ledger.drain(drainMs);
      ledger.stop();
      await stopSweeping();
    },
  };
}

export async function closeBooks({ store, ledgerStore }: Books, log: Log): Promise<void> {
  await ledgerStore.leave().catch((error: unknown) => {
    log.warn({ error: String(error) }, 'the database could not be told that this process stops');
  });
  await store.close();
}
