/**
 * One writer: a row of `replicas` says which process has the database, and each of its transactions begins by
 * moving that row on. A transaction of anybody else, or one that comes late, finds the row moved and does nothing.
 */
import type { LibsqlClient, Statement } from './libsql-client.ts';
import { StoreError } from './store-error.ts';

/** Silence after which another process may take over, by the clock of the database. */
export const LEASE_MS = 30_000;
/** A renewal older than this, on our own monotonic clock, is no leave to send any more: half of the above. */
export const FRESH_MS = 15_000;

export interface Lease {
  /** The holder. The same after a restart. */
  readonly id: string;
  /** Number of this life. */
  readonly epoch: number;
}

export interface LeaseRow {
  readonly epoch: number;
  readonly state: string;
  readonly seq: number;
}

/** Epoch milliseconds by the clock of the database. */
const now = `cast(unixepoch('subsec') * 1000 as integer)`;

/**
 * Takes the database, or throws `StoreError` while another process has it. One of the same name may take over at
 * once: it is the restart of a process that a lock on this machine has shown to be gone.
 */
export async function takeLease(client: LibsqlClient, id: string, version: string): Promise<Lease> {
  const [taken, , holders] = await client.runAll([
    {
      sql: `insert into replicas (id, epoch, state, heartbeat_at, seq, version)
        select ?, 1, 'live', ${now}, 0, ? where not exists (
          select 1 from replicas where id <> ? and state = 'live' and heartbeat_at > ${now} - ${LEASE_MS})
        on conflict (id) do update set epoch = epoch + 1, state = 'live', heartbeat_at = excluded.heartbeat_at,
          seq = seq + 1, version = excluded.version
        returning epoch`,
      parameters: [id, version, id],
    },
    {
      sql: `update replicas set state = 'fenced' where id <> ? and state = 'live'
        and heartbeat_at <= ${now} - ${LEASE_MS}`,
      parameters: [id],
    },
    {
      sql: `select id from replicas where id <> ? and state = 'live' order by heartbeat_at desc`,
      parameters: [id],
    },
  ]);
  const [row] = taken!.rows;
  if (row) return { id, epoch: Number(row.epoch) };
  throw new StoreError(
    'locked',
    `another Turnpike process ("${holders!.rows[0]?.id}") is using this database: a libSQL database serves one ` +
      `process. Stop that one; if its machine is gone, try again in ${LEASE_MS / 1_000} seconds.`,
  );
}

/** To be asked in the transaction that reads what a later one is to change. */
export function readLease({ id }: Lease): Statement {
  return { sql: 'select epoch, state, seq from replicas where id = ?', parameters: [id] };
}

/**
 * The first statements of each transaction that writes. Where the lease is lost, or `seq` is given and somebody has
 * written since it was read, the second one fails (a setting must not be null), and with it the whole transaction.
 */
export function fence({ id, epoch }: Lease, seq?: number): readonly Statement[] {
  const unmoved = seq === undefined ? '' : ' and seq = ?';
  return [
    {
      sql: `update replicas set seq = seq + 1, heartbeat_at = ${now}
        where id = ? and epoch = ? and state = 'live'${unmoved}`,
      parameters: [id, epoch, ...(seq === undefined ? [] : [seq])],
    },
    {
      sql: `insert into settings (key, value) select 'lease.lost', null where changes() = 0`,
      parameters: [],
    },
  ];
}

/** True: a transaction was undone by its fence. */
export function isFencedOff(error: unknown): boolean {
  return error instanceof Error && /NOT NULL.*settings\.value/.test(error.message);
}

/** Gives the database back: the next process need not wait. */
export function endLease({ id, epoch }: Lease): Statement {
  return {
    sql: `update replicas set state = 'stopped' where id = ? and epoch = ? and state = 'live'`,
    parameters: [id, epoch],
  };
}
