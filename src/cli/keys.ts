/** `turnpike keys`: make, list and revoke virtual keys. */
import type { Key } from '../admin/keys.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { readMoment, readSpan } from './moment.ts';
import { count, moment, paintFor, printJson, printLine, printTable } from './print.ts';

export interface CreateOptions {
  readonly name?: string;
  readonly expires?: string;
  readonly agent?: string;
  readonly defaultModel?: string;
  readonly models?: readonly string[];
  /** A span, or `off`. */
  readonly cache?: string;
  readonly json?: boolean;
}

/** The token alone goes to stdout, so that `TURNPIKE_KEY=$(turnpike keys create ci)` works; the words go to stderr. */
export async function createKey(
  io: Io,
  argument: string | undefined,
  options: CreateOptions,
): Promise<ExitCode> {
  const name = argument ?? options.name;
  if (name === undefined) throw usageError('the key has no name', 'turnpike keys create <name>');
  const { expires, agent, defaultModel, models, cache } = options;
  const made = await withBooks(io, (client) =>
    client.createKey({
      name,
      ...(expires !== undefined && { expiresAt: readMoment(expires, io.now(), 1, '--expires') }),
      ...(agent !== undefined && { agent }),
      ...(defaultModel !== undefined && { defaultModel }),
      ...(models !== undefined && { allowedModels: [...models] }),
      ...(cache !== undefined && { cacheTtlMs: cache === 'off' ? 0 : readSpan(cache, '--cache') }),
    }),
  );
  if (options.json) {
    printJson(io, made);
    return 0;
  }
  const paint = paintFor(io.stderr, io.env);
  printLine(io.stdout, made.token);
  printLine(
    io.stderr,
    `${paint.green('✓')} Key ${made.key.name} (${made.key.id}). It is shown this once; keep it.`,
  );
  return 0;
}

export async function listKeys(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { keys } = await withBooks(io, (client) => client.keys());
  if (options.json) {
    printJson(io, { keys });
    return 0;
  }
  if (keys.length === 0) {
    printLine(io.stdout, 'No keys. Make one with `turnpike keys create <name>`.');
    return 0;
  }
  const titles = ['name', 'id', 'key', 'state', 'created', 'expires', 'models'];
  // Most installations have no key whose answers are kept.
  const hasCache = keys.some(({ cacheTtlMs }) => cacheTtlMs !== null);
  const columns = [...titles, ...(hasCache ? ['cache'] : [])].map((title) => ({ title }));
  printTable(
    io,
    columns,
    keys.map((key) => [...renderRow(key), ...(hasCache ? [renderCache(key)] : [])]),
  );
  return 0;
}

function renderCache({ cacheTtlMs }: Key): string {
  if (cacheTtlMs === null) return '';
  return cacheTtlMs === 0 ? 'off' : `${count(Math.round(cacheTtlMs / 60_000))} min`;
}

function renderRow(key: Key): string[] {
  return [
    key.name,
    key.id,
    key.preview,
    key.state,
    moment(key.createdAt),
    moment(key.expiresAt),
    key.allowedModels?.join(', ') ?? 'all',
  ];
}

export interface RevokeOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Takes an id, or a name that only one active key has. */
export async function revokeKey(io: Io, wanted: string, options: RevokeOptions): Promise<ExitCode> {
  const key = await withBooks(io, async (client) => pickKey((await client.keys()).keys, wanted));
  if (!options.yes && !(await isConfirmed(io, key))) {
    printLine(io.stderr, 'Nothing was revoked.');
    return 1;
  }
  const revoked = await withBooks(io, (client) => client.revokeKey(key.id));
  if (options.json) printJson(io, revoked);
  else
    printLine(
      io.stdout,
      `${paintFor(io.stdout, io.env).green('✓')} Revoked ${revoked.name} (${revoked.id}).`,
    );
  return 0;
}

/** By id, or by a name that only one active key has. @throws {CliError} */
export function pickKey(keys: readonly Key[], wanted: string): Key {
  const byId = keys.find((key) => key.id === wanted);
  if (byId) return byId;
  const named = keys.filter((key) => key.name === wanted && key.state !== 'revoked');
  if (named.length === 1) return named[0]!;
  const why = named.length === 0 ? `there is no key ${wanted}` : `${named.length} keys are called ${wanted}`;
  throw new CliError(why, 'Name the id that `turnpike keys list` shows.');
}

async function isConfirmed(io: Io, key: Key): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('revoking cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(`Revoke ${key.name} (${key.preview})? This cannot be undone.`);
}
