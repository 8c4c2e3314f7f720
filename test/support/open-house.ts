/** A running Turnpike in this process whose books a test may look into: its entries as they lie in the database, and its admin API. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import type { LedgerEntriesTable } from '../../src/store/schema.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './turnpike-process.ts';

/** Money columns come as whole numbers here: test amounts are far below 2^53 nano-dollars. */
type InTests<T> = { [K in keyof T]: T[K] extends bigint ? number : T[K] };
export type EntryRow = InTests<Omit<LedgerEntriesTable, 'seq'>>;

export interface Desk {
  /** A request to the admin API with the operator's token; the path from behind `/api/v1`. */
  admin<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
  /** All entries in the order they were committed, once there are at least so many and nothing is held any more. */
  entries(count: number): Promise<EntryRow[]>;
  /** Those of one exchange, in the order of its attempts. */
  entriesOf(exchangeId: string, count: number): Promise<EntryRow[]>;
  /** Throws with the problems where the books do not add up. */
  verify(): Promise<{ readonly entries: number; readonly costUsd: string }>;
  rows<T>(query: string): T[];
  /** Faults of one test are none of the next one's business. */
  forgetHealth(): Promise<void>;
}

export interface OpenHouse extends Desk {
  readonly url: string;
  readonly home: string;
  close(): Promise<void>;
}

/** How long entries may take to be written; they are written 10 ms after the end. */
const BOOKED_LIMIT_MS = 10_000;
const POLL_MS = 5;

/**
 * @param home its data folder, where that must be a certain one; removed in the end
 * @param databaseUrl its database, where that is not in the folder: then nothing here can look into its books
 */
export async function openHouse(config: string, home = newHome(), databaseUrl?: string): Promise<OpenHouse> {
  writeFileSync(join(home, 'config.yaml'), config);
  const env = {
    ...{ TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent' },
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: home }));
  return {
    url: server.url,
    home,
    ...openDesk(server.url, home),
    async close() {
      await server.close();
      removeHome(home);
    },
  };
}

export function openDesk(url: string, home: string): Desk {
  const rows = <T>(query: string): T[] => readRows<T>(home, query);
  const desk: Desk = {
    admin: (method, path, body) => callAdmin(url, home, method, path, body),
    async entries(count) {
      const isThere = () => rows('select 1 from ledger_entries').length >= count;
      await untilTrue(() => isThere() && rows('select 1 from reservations').length === 0);
      return rows<EntryRow>('select * from ledger_entries order by seq');
    },
    async entriesOf(exchangeId, count) {
      const query = `select * from ledger_entries where exchange_id = '${exchangeId}' order by attempt`;
      await untilTrue(() => rows(query).length >= count);
      return rows<EntryRow>(query);
    },
    async verify() {
      const report = await desk.admin<{
        isSound: boolean;
        entries: number;
        costUsd: string;
        problems: string[];
      }>('POST', '/ledger/verify');
      if (!report.isSound) throw new Error(report.problems.join('\n'));
      return report;
    },
    rows,
    async forgetHealth() {
      await desk.admin('POST', '/health/reset', {});
    },
  };
  return desk;
}

function readRows<T>(home: string, query: string): T[] {
  const database = new Database(join(home, 'turnpike.db'), { readonly: true });
  try {
    return database.prepare(query).all() as T[];
  } finally {
    database.close();
  }
}

async function callAdmin<T>(
  url: string,
  home: string,
  method: string,
  path: string,
  body: object | undefined,
): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${operatorToken(home)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

export function operatorToken(home: string): string {
  const file = JSON.parse(readFileSync(join(home, 'client.json'), 'utf8')) as { operatorToken: string };
  return file.operatorToken;
}

export async function untilTrue(isTrue: () => boolean, limitMs = BOOKED_LIMIT_MS): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  while (!isTrue()) {
    if (Date.now() > giveUpAt) throw new Error(`still not so after ${limitMs} ms: ${isTrue}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
