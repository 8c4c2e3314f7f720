/** `turnpike run <client>`: starts a coding agent with its environment pointed at Turnpike. */
import { checkAgentName, checkModelRef } from './agent-name.ts';
import { createClient, NotRunningError, send } from './client.ts';
import { type Connection, findServer, keyOf, orSayHowToStart } from './connect.ts';
import { findProgram } from './find-program.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine } from './print.ts';
import { type Launch, type RunClient, runClients } from './run-clients.ts';
import { findConflict } from './run-settings.ts';

export interface RunOptions {
  readonly model?: string;
  readonly agent?: string;
  readonly print?: boolean;
  readonly showKey?: boolean;
  readonly json?: boolean;
}

/** Resolves with the client's own exit code. */
export async function runClient(
  io: Io,
  name: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ExitCode> {
  const client = Object.hasOwn(runClients, name) ? runClients[name] : undefined;
  if (!client) {
    throw usageError(
      `${name} is not a client Turnpike knows how to start`,
      `Known: ${Object.keys(runClients).join(', ')}.`,
    );
  }
  checkAgentName(options.agent);
  checkModelRef(options.model);
  const connection = findServer(io);
  const key = keyOf(connection);
  const isPlanOnly = options.print === true || options.json === true;
  const path = isPlanOnly ? client.command : findInstalled(client, io);
  if (!isPlanOnly) await checkFormat(io, connection, client);
  const needsList = client.needsModels && !(isPlanOnly && options.model !== undefined);
  const launch = client.prepare({
    url: connection.url,
    key,
    model: options.model,
    agent: options.agent,
    models: needsList ? await fetchModels(io, connection, key) : [],
    env: io.env,
  });
  if (isPlanOnly) {
    printLaunch(io, client.command, launch, args, options.showKey ? undefined : key, options.json === true);
    return 0;
  }
  const conflict = findConflict(client, io.env.HOME, launch.set);
  if (conflict) printLine(io.stderr, `${paintFor(io.stderr, io.env).yellow('!')} ${conflict}`);
  const unset = [...launch.unset, ...OPERATORS_ALONE];
  return io.start(path, [...launch.args, ...args], { ...io.env, ...blanks(unset), ...launch.set });
}

/** What opens the vault is nothing for a program that runs what a model tells it to. */
const OPERATORS_ALONE = [
  'TURNPIKE_MASTER_KEY',
  'TURNPIKE_MASTER_KEY_PREVIOUS',
  'TURNPIKE_MASTER_PASSPHRASE',
  'TURNPIKE_MASTER_PASSPHRASE_PREVIOUS',
  'TURNPIKE_BOOTSTRAP_KEY',
];

function findInstalled(client: RunClient, io: Io): string {
  const path = findProgram(client.command, io.env);
  if (path) return path;
  throw new CliError(
    `${client.name} is not installed: there is no ${client.command} on the PATH`,
    `Install it with: ${client.install}`,
  );
}

/** A client whose format this version does not serve would only show its own puzzling error. */
async function checkFormat(io: Io, connection: Connection, client: RunClient): Promise<void> {
  if (!connection.operatorToken) return;
  const admin = createClient(io.fetch, connection.url, connection.operatorToken);
  const { formats, version } = await orSayHowToStart(() => admin.installation());
  if (formats.includes(client.format)) return;
  throw new CliError(
    `${client.name} speaks ${client.format}, which Turnpike ${version} does not serve yet`,
    `Served are: ${formats.join(', ')}.`,
  );
}

async function fetchModels(io: Io, { url }: Connection, key: string): Promise<string[]> {
  const request = new Request(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  try {
    const response = await send(io.fetch, request);
    if (!response.ok) throw new CliError(`the list of models was answered with ${response.status}`);
    const body = (await response.json()) as { data?: readonly { id?: unknown }[] };
    return (body.data ?? []).map(({ id }) => id).filter((id) => typeof id === 'string');
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    throw new CliError(
      error.message,
      'Start it with `turnpike serve`, or name a model with --model and --print.',
    );
  }
}

function blanks(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** What would be run, as shell text or JSON. `hidden` is masked wherever it stands. */
function printLaunch(
  io: Io,
  command: string,
  launch: Launch,
  args: readonly string[],
  hidden: string | undefined,
  isJson: boolean,
): void {
  const mask = (text: string) => (hidden === undefined ? text : text.replaceAll(hidden, 'tp-••••'));
  const set = Object.fromEntries(Object.entries(launch.set).map(([name, value]) => [name, mask(value)]));
  const words = [...launch.args, ...args];
  if (isJson) {
    printJson(io, { set, unset: launch.unset, command, args: words });
    return;
  }
  const lines = [
    ...(launch.unset.length === 0 ? [] : [`unset ${launch.unset.join(' ')}`]),
    ...Object.entries(set).map(([name, value]) => `export ${name}=${quote(value)}`),
    [command, ...words].map(quote).join(' '),
  ];
  for (const line of lines) printLine(io.stdout, line);
}

/** One word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
