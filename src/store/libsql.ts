/**
 * Opens a database on a libSQL server, such as Turso: one process, every transaction one round trip that begins by
 * showing that this process still has the lease. What is acknowledged is as durable as the server makes it.
 */
import { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { isLibsqlUrl, maskDatabaseUrl } from '../base/database-url.ts';
import type { Log } from '../base/log.ts';
import {
  describeLibsqlError,
  judgeLibsqlError,
  type LibsqlClient,
  openLibsqlClient,
  type Statement,
  statementOf,
} from './libsql-client.ts';
import { endLease, FRESH_MS, fence, isFencedOff, type Lease, takeLease } from './libsql-lease.ts';
import { migrateLibsql } from './libsql-migrate.ts';
import type { ProcessLock } from './lock.ts';
import { bumpRevision, loadRevision, type Revision } from './revision.ts';
import type { Tables } from './schema.ts';
import { createDialectOver } from './sqlite-dialect.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

export interface LibsqlOptions {
  readonly authToken: string | undefined;
  /** The name of this installation: the same after a restart, and nobody else's. */
  readonly holderId: string;
  /** Shows that no other process of this installation runs; given back when the store is closed. */
  readonly lock: ProcessLock | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface LibsqlStore extends Store {
  readonly dialect: 'sqlite';
  readonly client: LibsqlClient;
  /** Of the life of now. */
  lease(): Lease;
  /** Takes the lease again, for another life. Throws `StoreError` while another process has it. */
  beginLife(): Promise<void>;
  /** Runs work that reads and then writes by what it read; everything else that writes waits meanwhile. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Resolves when the lease has been shown to be ours within the time that we trust it for, and rejects where it is
   * not: nothing may be sent then.
   */
  holdLease(): Promise<void>;
  /** A transaction that began so long ago, on the monotonic clock, has shown the lease to be ours. */
  noteHeld(askedAtMs: number): void;
  /** Another process has taken over: this one may not write any more. */
  isLost(): boolean;
  noteLost(): void;
  /** Lets others have the database at once. */
  giveUp(): Promise<void>;
}

/** Migrates and takes the lease. Throws `StoreError` for what the operator can mend; no message has the token. */
export async function openLibsql(url: string, options: LibsqlOptions): Promise<LibsqlStore> {
  refusePlainText(url);
  const client = await openLibsqlClient({ url, authToken: options.authToken });
  try {
    const applied = await migrateLibsql(client, options.clock.now());
    if (applied.length > 0) {
      options.log.info({ database: maskDatabaseUrl(url), applied }, 'database schema is up to date');
    }
    const askedAtMs = options.clock.monotonic();
    const lease = await takeLease(client, options.holderId, options.version);
    const run = (statement: Statement) => client.run<unknown>(statement);
    const kysely = new Kysely<Tables>({
      dialect: createDialectOver((query) => run(statementOf(query)), { isOpen: false }),
    });
    const revision = await loadRevision(kysely, options.log);
    return assemble({ client, kysely, lease, revision, heldAtMs: askedAtMs, ...options });
  } catch (error) {
    client.close();
    throw explain(url, error);
  }
}

/** What it is, in words, without changing anything in it. Throws as `openLibsql` does. */
export async function probeLibsql(url: string, authToken: string | undefined): Promise<string> {
  refusePlainText(url);
  const client = await openLibsqlClient({ url, authToken });
  try {
    const sql = 'select sqlite_version() as version';
    const { rows } = await client.run<{ version: string }>({ sql, parameters: [] });
    return `libSQL (SQLite ${rows[0]!.version})`;
  } catch (error) {
    throw explain(url, error);
  } finally {
    client.close();
  }
}

/** Keys and spend would cross the network for all to read. */
function refusePlainText(url: string): void {
  if (!isLibsqlUrl(url) || !URL.canParse(url)) throw new StoreError('location', 'this is no libsql:// URL');
  const { searchParams, hostname } = new URL(url);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (searchParams.get('tls') === '0' && !isHere)
    throw new StoreError('location', `${maskDatabaseUrl(url)}: ?tls=0 is for a server on this machine alone`);
}

function explain(url: string, error: unknown): unknown {
  if (error instanceof StoreError || judgeLibsqlError(error) !== 'unavailable') return error;
  return new StoreError(
    'unreachable',
    `the libSQL database ${maskDatabaseUrl(url)} cannot be used: ${describeLibsqlError(error)}`,
    { cause: error },
  );
}

interface Parts extends LibsqlOptions {
  readonly client: LibsqlClient;
  readonly kysely: Kysely<Tables>;
  readonly lease: Lease;
  readonly revision: Revision;
  readonly heldAtMs: number;
}

interface HoldState {
  lease: Lease;
  /** When the newest transaction that showed the lease was asked, monotonic. */
  heldAtMs: number;
  isLost: boolean;
  isOver: boolean;
  turn: Promise<unknown>;
}

/** A renewal is due this long after the last transaction that showed the lease. */
const RENEW_AFTER_MS = 4_000;

function assemble(parts: Parts): LibsqlStore {
  const { client, kysely, revision, lock, clock, holderId, version } = parts;
  const state: HoldState = {
    lease: parts.lease,
    heldAtMs: parts.heldAtMs,
    isLost: false,
    isOver: false,
    turn: Promise.resolve(),
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = state.turn.then(work);
    state.turn = done.catch(() => undefined);
    return done;
  };
  const commit = (statements: readonly Statement[]) => inTurn(() => commitNow(parts, state, statements));
  return {
    dialect: 'sqlite',
    client,
    kysely,
    // The server reads for us: neither this event loop nor the ledger waits for it.
    reader: kysely,
    revision,
    durability: 'power',
    lease: () => state.lease,
    async beginLife() {
      const askedAtMs = clock.monotonic();
      state.lease = await takeLease(client, holderId, version);
      Object.assign(state, { heldAtMs: askedAtMs, isLost: false, isOver: false });
    },
    async write(queries) {
      const results = await commit(queries.map((query) => statementOf(query.compile())));
      return results.map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
    },
    async change(queries) {
      const all = [...queries, bumpRevision(kysely)];
      const results = await commit(all.map((query) => statementOf(query.compile())));
      revision.announce(Number(results.pop()?.rows[0]?.value));
      return results.map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
    },
    // One process has the database.
    alone: (work) => work(),
    inTurn,
    noteHeld(askedAtMs) {
      state.heldAtMs = Math.max(state.heldAtMs, askedAtMs);
    },
    isLost: () => state.isLost,
    noteLost() {
      state.isLost = true;
    },
    async holdLease() {
      if (clock.monotonic() - state.heldAtMs >= RENEW_AFTER_MS) await commit([]);
      if (state.isLost) throw lostError();
      // The answer itself may have been long on its way.
      if (clock.monotonic() - state.heldAtMs >= FRESH_MS)
        throw new Error('the lease on the database was renewed too late to send anything by it');
    },
    giveUp: () => giveUp(client, state),
    async close() {
      if (client.isClosed()) return;
      await giveUp(client, state).catch(() => undefined);
      client.close();
      lock?.release();
    },
  };
}

async function commitNow({ client, clock }: Parts, state: HoldState, statements: readonly Statement[]) {
  const askedAtMs = clock.monotonic();
  try {
    const results = await client.runAll([...fence(state.lease), ...statements]);
    state.heldAtMs = Math.max(state.heldAtMs, askedAtMs);
    return results.slice(2);
  } catch (error) {
    if (!isFencedOff(error)) throw error;
    state.isLost = true;
    throw lostError();
  }
}

async function giveUp(client: LibsqlClient, state: HoldState): Promise<void> {
  if (state.isOver || state.isLost) return;
  state.isOver = true;
  await client.run(endLease(state.lease));
}

function lostError(): StoreError {
  return new StoreError('locked', 'another Turnpike process has taken over this database');
}
