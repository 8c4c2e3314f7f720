/** What the doctor finds at the server's address: ours, another's, something else, or nobody. */
import type { Config } from '../config.ts';
import { maskDatabaseUrl } from '../config-database.ts';
import { type AdminClient, createClient, NotRunningError, RefusedError } from './client.ts';
import { type ClientFile, homeOf, readClientFile } from './client-file.ts';
import type { Finding } from './doctor-finding.ts';
import type { Io } from './io.ts';

type Note = (finding: Finding) => void;
type UseBooks = (client: AdminClient) => Promise<void>;

const check = 'server';

/** Notes what is there and, where the books can be had, runs `useBooks` on them. */
export async function checkServer(
  io: Io,
  config: Config | undefined,
  note: Note,
  useBooks: UseBooks,
): Promise<void> {
  const file = tryClientFile(io);
  const url = io.env.TURNPIKE_URL || file.url || (config && urlOf(config));
  if (!url) return;
  const isLocal = url === file.url;
  const token = io.env.TURNPIKE_OPERATOR_TOKEN || (isLocal ? file.operatorToken : undefined) || '';
  const client = createClient(io.fetch, url, token);
  try {
    const { version, home } = await client.installation();
    note({ check, state: 'ok', detail: `${url} runs Turnpike ${version} with the data of ${home}` });
  } catch (error) {
    const isDown = error instanceof NotRunningError;
    note(isDown ? notRunning(url) : somethingElse(url, error));
    // What stands behind a server of another machine is that machine's.
    if (!isDown || io.env.TURNPIKE_URL || !config) return;
    const isThere = await checkDatabase(io, config, note);
    if (isThere && isLocal && token) await checkOffline(io, config, url, token, note, useBooks);
    return;
  }
  await useBooks(client);
}

/** True: it can be opened. */
async function checkDatabase(io: Io, config: Config, note: Note): Promise<boolean> {
  const check = 'database';
  const name = maskDatabaseUrl(config.databaseUrl);
  try {
    const what = await io.probeDatabase(config);
    const isThere = what !== undefined;
    note({ check, state: 'ok', detail: `${name}: ${what ?? 'not there yet; the first start makes it'}` });
    return isThere;
  } catch (error) {
    note({
      check,
      state: 'fail',
      detail: (error as Error).message,
      fix: 'Check DATABASE_URL, that the server of the database runs, and its password or token.',
    });
    return false;
  }
}

async function checkOffline(
  io: Io,
  config: Config,
  url: string,
  token: string,
  note: Note,
  useBooks: UseBooks,
): Promise<void> {
  try {
    const offline = await io.openOffline(config);
    try {
      await useBooks(createClient(offline.fetch, url, token));
    } finally {
      await offline.close();
    }
  } catch (error) {
    const detail = `the database cannot be opened: ${(error as Error).message}`;
    note({
      check: 'ledger',
      state: 'fail',
      detail,
      fix: 'Check that no other process uses it, and its permissions.',
    });
  }
}

function notRunning(url: string): Finding {
  const detail = `nobody listens at ${url}; the port is free`;
  return { check, state: 'warn', detail, fix: 'Start it with `turnpike serve`.' };
}

function somethingElse(url: string, error: unknown): Finding {
  if (error instanceof RefusedError && error.code.startsWith('operator_token_')) {
    const detail = `${url} runs the Turnpike of another data folder: it does not know the operator token of this one`;
    return {
      check,
      state: 'fail',
      detail,
      fix: 'Stop it, set TURNPIKE_HOME to its folder, or use another TURNPIKE_PORT.',
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { check, state: 'fail', detail, fix: 'Stop what listens there, or use another TURNPIKE_PORT.' };
}

function tryClientFile(io: Io): ClientFile {
  try {
    return readClientFile(homeOf(io.env, io.cwd)) ?? {};
  } catch {
    // Its own check has said what is wrong with it.
    return {};
  }
}

/** A server bound to every address is reached on the loopback one. */
function urlOf({ host, port }: Config): string {
  const name =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
