/** A running Turnpike whose DNS a test answers, and listeners of this machine that must not hear of anything. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import type { Resolve } from '../../src/upstream/egress.ts';
import { type Desk, openDesk, operatorToken } from './open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './turnpike-process.ts';

export interface Said {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface GuardedHouse extends Desk {
  readonly url: string;
  readonly home: string;
  /** Names that DNS knows: each lookup takes the next set of addresses, the last one for ever. */
  readonly dns: Map<string, string[][]>;
  /** A request to the admin API as the operator; whatever it is answered with. */
  api(method: string, path: string, body?: unknown): Promise<Said>;
  /** A chat as a client, with the first key. */
  chat(model: string, more?: object, headers?: Record<string, string>): Promise<Said>;
  /** Past the API, as somebody who has the database. */
  write(statement: string, ...values: readonly string[]): void;
  close(): Promise<void>;
}

export async function openGuardedHouse(
  config: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<GuardedHouse> {
  const home = newHome();
  const dns = new Map<string, string[][]>();
  writeFileSync(join(home, 'config.yaml'), config);
  const env = {
    TURNPIKE_HOME: home,
    TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY,
    LOG_LEVEL: 'silent',
    ...environment,
  };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: home }), {
    resolve: answersOf(dns),
  });
  const { url } = server;
  return {
    ...openDesk(url, home),
    url,
    home,
    dns,
    api: (method, path, body) =>
      call(`${url}/api/v1${path}`, method, { authorization: `Bearer ${operatorToken(home)}` }, body),
    chat: (model, more = {}, headers = {}) =>
      call(
        `${url}/v1/chat/completions`,
        'POST',
        { authorization: `Bearer ${BOOTSTRAP_KEY}`, ...headers },
        { model, messages: [{ role: 'user', content: 'hi' }], ...more },
      ),
    write(statement, ...values) {
      const database = new Database(join(home, 'turnpike.db'));
      try {
        database.prepare(statement).run(...values);
      } finally {
        database.close();
      }
    },
    async close() {
      await server.close();
      removeHome(home);
    },
  };
}

function answersOf(dns: Map<string, string[][]>): Resolve {
  return (hostname, _options, done) => {
    const sets = dns.get(hostname);
    if (!sets) return done(Object.assign(new Error(`no ${hostname}`), { code: 'ENOTFOUND' }), []);
    const addresses = sets.length > 1 ? sets.shift()! : sets[0]!;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

async function call(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Said> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const read = (text.startsWith('{') ? JSON.parse(text) : {}) as Said['body'];
  const { code, message = '' } = (read.error ?? {}) as { code?: string; message?: string };
  return { status: answer.status, code, message, body: read };
}

export interface Listener {
  readonly port: number;
  /** Connections that were opened to it. */
  readonly heard: () => number;
  close(): void;
}

/** Takes connections and says nothing. */
export async function startListener(): Promise<Listener> {
  let heard = 0;
  const server = createServer((socket) => {
    heard += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as { port: number }).port,
    heard: () => heard,
    close: () => server.close(),
  };
}
