/** The connection that stays open to hear of other processes, and to show that this one lives. */
import type pg from 'pg';
import type { Log } from '../base/log.ts';
import { createSession } from './postgres-session.ts';

export const REVISION_CHANNEL = 'turnpike_revision';

export interface LineOptions {
  readonly config: pg.ClientConfig;
  readonly log: Log;
  /** Another process, or this one, has changed the registry. */
  readonly onRevision: (revision: number) => void;
}

export interface PostgresLine {
  /** Resolves when it hears. From then on a lost connection is made again by itself. */
  listen(): Promise<void>;
  /** Takes a name for this process; false = another process has it. Taken again on every new connection. */
  claim(name: string): Promise<boolean>;
  close(): Promise<void>;
}

/** The server notices that this process is gone after this, even when its machine lost power: 10 + 3 x 5 seconds. */
const keepAlives = `
  select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '3', false)`;
const tryLock = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as is_ours';

export function createPostgresLine({ config, log, onRevision }: LineOptions): PostgresLine {
  const claimed = new Set<string>();
  const session = createSession({
    config,
    log,
    name: 'line',
    isKept: true,
    onNotification(payload) {
      const revision = Number(payload);
      if (Number.isSafeInteger(revision)) onRevision(revision);
    },
    async prepare(client) {
      await client.query(keepAlives);
      await client.query(`listen ${REVISION_CHANNEL}`);
      for (const name of claimed) {
        const { rows } = await client.query<{ is_ours: boolean }>(tryLock, [`turnpike ${name}`]);
        if (!rows[0]?.is_ours) log.error({ name }, 'another process has taken this name meanwhile');
      }
    },
  });
  return {
    async listen() {
      await session.ask('select 1');
    },
    async claim(name) {
      if (claimed.has(name)) return true;
      const { rows } = await session.ask<{ is_ours: boolean }>(tryLock, [`turnpike ${name}`]);
      if (!rows[0]?.is_ours) return false;
      claimed.add(name);
      return true;
    },
    close: () => session.close(),
  };
}
