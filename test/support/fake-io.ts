/** A command line in a box: its own data folder, environment, terminal and network, and what was written where. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Environment, Io } from '../../src/cli/io.ts';
import { NOW, TOKEN, VIRTUAL_KEY } from './fake-house.ts';

export const FAKE_URL = 'http://127.0.0.1:8642';

export interface FakeIo {
  readonly io: Io;
  readonly home: string;
  out(): string;
  err(): string;
  /** Programs that were started. */
  readonly started: { command: string; args: readonly string[]; env: Environment }[];
  /** Sends the stop signal once more. */
  stop(): void;
  /** Sends SIGHUP. */
  hangUp(): void;
  readonly exits: number[];
}

export interface FakeIoOptions {
  readonly env?: Environment;
  readonly fetch?: (request: Request) => Response | Promise<Response>;
  readonly openOffline?: Io['openOffline'];
  readonly probeDatabase?: Io['probeDatabase'];
  readonly stdin?: string;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly confirms?: boolean;
  /** What is typed at a hidden prompt; absent = it is abandoned. */
  readonly typed?: string;
  /** Exit code of a program that is started. */
  readonly childCode?: number;
  /** Content of client.json; null = there is none. */
  readonly client?: object | null;
}

/** What `fetch` throws when nobody listens. */
export function connectionRefused(): Promise<never> {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  return Promise.reject(new TypeError('fetch failed', { cause }));
}

/** Call inside a test: the data folder goes when the test ends. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  const home = makeHome(options.client);
  const written = { out: '', err: '' };
  const started: FakeIo['started'] = [];
  const exits: number[] = [];
  let stop: () => void = () => {};
  let hangUp: () => void = () => {};
  let nowMs = NOW;
  const isTerminal = options.isTerminal ?? false;
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal,
    columns: options.columns,
  });
  const io: Io = {
    stdout: output('out'),
    stderr: output('err'),
    stdin: { isTerminal: options.stdin === undefined, readAll: async () => options.stdin ?? '' },
    env: { TURNPIKE_HOME: home, HOME: home, PATH: '', NO_COLOR: '1', ...options.env },
    cwd: home,
    // Every look at the clock takes 250 ms, so that latencies are known.
    now: () => {
      nowMs += 250;
      return nowMs - 250;
    },
    sleep: async () => {},
    fetch: async (request) => (options.fetch ?? connectionRefused)(request),
    probeDatabase: options.probeDatabase ?? (async () => 'SQLite 3.53.0, 0.3 MiB'),
    openOffline: options.openOffline ?? (() => Promise.reject(new Error('the database is locked'))),
    confirm: async () => options.confirms ?? false,
    askSecret: async () => options.typed,
    start: async (command, args, env) => {
      started.push({ command, args, env });
      return options.childCode ?? 0;
    },
    firstLine: async () => '1.2.3',
    onStop: (handler) => {
      stop = handler;
      return () => {};
    },
    onHangup: (handler) => {
      hangUp = handler;
      return () => {};
    },
    exit: (code) => void exits.push(code),
  };
  return {
    io,
    home,
    out: () => written.out,
    err: () => written.err,
    started,
    stop: () => stop(),
    hangUp: () => hangUp(),
    exits,
  };
}

function makeHome(client: object | null | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  if (client !== null) {
    const content = client ?? { url: FAKE_URL, key: VIRTUAL_KEY, operatorToken: TOKEN };
    writeFileSync(join(home, 'client.json'), JSON.stringify(content), { mode: 0o600 });
  }
  return home;
}
