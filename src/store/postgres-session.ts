/** One connection to PostgreSQL that is made anew when it is lost, and says which one it is. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../base/log.ts';
import { widen } from './integers.ts';
import { breaksConnection, describePostgresError } from './postgres-error.ts';

/** First pause before a lost connection is made again; it doubles up to the longest. */
const RETRY_MS = 100;
const MAX_RETRY_MS = 3_000;

export interface SessionOptions {
  readonly config: pg.ClientConfig;
  readonly log: Log;
  /** For the log. */
  readonly name: string;
  /** What each new connection does before anything else is asked on it. */
  readonly prepare?: (client: pg.Client) => Promise<void>;
  readonly onNotification?: (payload: string) => void;
  /** Made again by itself when it is lost, not only when somebody asks. */
  readonly isKept?: boolean;
}

export interface Answer<R> {
  readonly rows: readonly R[];
  readonly count: number;
  /** Number of the connection. What an earlier one has left unfinished may be lost. */
  readonly connection: number;
}

export interface PostgresSession {
  /** One statement; several wait for each other. Rejects with the error of the server or of the connection. */
  ask<R>(text: string, values?: readonly unknown[]): Promise<Answer<R>>;
  close(): Promise<void>;
}

interface Live {
  readonly client: pg.Client;
  readonly number: number;
}

interface SessionState {
  readonly options: SessionOptions;
  /** The connection, or the attempt to make one. */
  live: Promise<Live> | undefined;
  /** Connections made so far. */
  made: number;
  /** The statement under way: the driver is to get one at a time. */
  busy: Promise<unknown>;
  isClosed: boolean;
  isReviving: boolean;
}

export function createSession(options: SessionOptions): PostgresSession {
  const state: SessionState = {
    options,
    live: undefined,
    made: 0,
    busy: Promise.resolve(),
    isClosed: false,
    isReviving: false,
  };
  return {
    ask(text, values) {
      const answer = state.busy.then(() => ask<never>(state, text, values));
      state.busy = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      state.isClosed = true;
      const live = await state.live?.catch(() => undefined);
      await live?.client.end().catch(() => undefined);
    },
  };
}

async function ask<R>(
  state: SessionState,
  text: string,
  values: readonly unknown[] = [],
): Promise<Answer<R>> {
  if (state.isClosed) throw new Error('the database is closed');
  state.live ??= connect(state);
  const { client, number: connection } = await state.live;
  try {
    const { rows, rowCount } = await client.query<Record<string, unknown>>(text, [...values]);
    for (const row of rows) widen(row);
    return { rows: rows as R[], count: rowCount ?? 0, connection };
  } catch (error) {
    if (breaksConnection(error)) drop(state, client, error);
    throw error;
  }
}

async function connect(state: SessionState): Promise<Live> {
  const { config, prepare, onNotification } = state.options;
  state.made += 1;
  const number = state.made;
  const client = new pg.Client(config);
  client.on('error', (error) => drop(state, client, error));
  client.on('end', () => drop(state, client, new Error('the server has closed the connection')));
  if (onNotification) client.on('notification', ({ payload }) => onNotification(payload ?? ''));
  try {
    await client.connect();
    await prepare?.(client);
    return { client, number };
  } catch (error) {
    drop(state, client, error);
    throw error;
  }
}

const dropped = new WeakSet<pg.Client>();

/** Whatever still waits on it is rejected by the driver when its socket goes. */
function drop(state: SessionState, client: pg.Client, error: unknown): void {
  if (dropped.has(client)) return;
  dropped.add(client);
  state.live = undefined;
  client.end().catch(() => undefined);
  // A server that does not answer does not answer to a farewell either.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  if (state.isClosed) return;
  state.options.log.warn(
    { connection: state.options.name, error: describePostgresError(error) },
    'a connection to the database is lost',
  );
  if (state.options.isKept) void revive(state);
}

async function revive(state: SessionState): Promise<void> {
  if (state.isReviving) return;
  state.isReviving = true;
  for (let pauseMs = RETRY_MS; !state.isClosed; pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS)) {
    await delay(pauseMs, undefined, { ref: false });
    if (state.isClosed) break;
    state.live ??= connect(state);
    if (
      await state.live.then(
        () => true,
        () => false,
      )
    )
      break;
  }
  state.isReviving = false;
}
