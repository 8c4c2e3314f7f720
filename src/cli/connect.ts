/** Finds the server a command speaks to, or opens the books without one. */
import { type AdminClient, createClient, NotRunningError } from './client.ts';
import { type ClientFile, homeOf, readClientFile } from './client-file.ts';
import { CliError, type Io, usageError } from './io.ts';

export interface Connection {
  /** Without a trailing slash. */
  readonly url: string;
  readonly key: string | undefined;
  readonly operatorToken: string | undefined;
  /** Id or name of the workspace to act in; undefined = the first. */
  readonly workspace: string | undefined;
  /** The server is this machine's own, of this data folder: its database may be opened while it is down. */
  readonly isLocal: boolean;
}

const START = 'Start it with `turnpike serve`.';

/** Environment first, then the client file. @throws {CliError} when neither names a server */
export function findServer(io: Io): Connection {
  const { TURNPIKE_URL, TURNPIKE_KEY, TURNPIKE_OPERATOR_TOKEN } = io.env;
  const home = homeOf(io.env, io.cwd);
  const file: ClientFile = readClientFile(home) ?? {};
  const named = TURNPIKE_URL?.replace(/\/+$/, '');
  const url = named || file.url;
  if (!url) throw new CliError(`no Turnpike has been started with the data folder ${home}`, START);
  if (!URL.canParse(url)) throw new CliError(`${url} is no URL`, 'Set TURNPIKE_URL to http://host:port.', 2);
  // Secrets of the file belong to the server of the file; another one must not see them.
  const isLocal = url === file.url;
  return {
    url,
    key: TURNPIKE_KEY || (isLocal ? file.key : undefined),
    operatorToken: TURNPIKE_OPERATOR_TOKEN || (isLocal ? file.operatorToken : undefined),
    workspace: workspaceOf(io),
    isLocal,
  };
}

/** @throws {CliError} for a name that no header can carry */
function workspaceOf({ env }: Io): string | undefined {
  const wanted = env.TURNPIKE_WORKSPACE?.trim();
  if (!wanted) return undefined;
  if (/^[\x20-\x7e]{1,100}$/.test(wanted)) return wanted;
  throw usageError(
    `the workspace ${wanted.slice(0, 100)} cannot be named so`,
    'Use its id, as `turnpike workspaces list` shows it.',
  );
}

/** The virtual key for the data plane. @throws {CliError} when none is known */
export function keyOf({ key, url }: Connection): string {
  if (key) return key;
  throw new CliError(`no virtual key for ${url} is known here`, 'Set TURNPIKE_KEY to a key (tp-…).');
}

export function operatorTokenOf({ operatorToken, url }: Connection): string {
  if (operatorToken) return operatorToken;
  throw new CliError(
    `no operator token for ${url} is known here`,
    'Run this where the server was first started, or set TURNPIKE_OPERATOR_TOKEN.',
  );
}

/** Runs `use` against the server. @throws {CliError} when it is not running */
export async function withServer<T>(io: Io, use: (client: AdminClient) => Promise<T>): Promise<T> {
  const connection = findServer(io);
  const { url, workspace } = connection;
  const client = createClient(io.fetch, url, operatorTokenOf(connection), workspace);
  return orSayHowToStart(() => use(client));
}

/**
 * Runs `use` against the server or, when it is down and its database is here, against the books themselves.
 * `use` is run again from its start then: nothing of the first run can have happened.
 */
export async function withBooks<T>(io: Io, use: (client: AdminClient) => Promise<T>): Promise<T> {
  const connection = findServer(io);
  const token = operatorTokenOf(connection);
  try {
    return await use(createClient(io.fetch, connection.url, token, connection.workspace));
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    if (!connection.isLocal) throw notRunning(error);
  }
  const { loadConfig } = await import('../config.ts');
  const offline = await io.openOffline(loadConfig({ flags: {}, env: io.env, cwd: io.cwd }));
  try {
    return await use(createClient(offline.fetch, connection.url, token, connection.workspace));
  } finally {
    await offline.close();
  }
}

/** For calls that need a running server, the data plane's too. */
export async function orSayHowToStart<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof NotRunningError ? notRunning(error) : error;
  }
}

function notRunning(error: NotRunningError): CliError {
  return new CliError(error.message, START);
}
