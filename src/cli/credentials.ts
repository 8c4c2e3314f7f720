/** `turnpike credentials`: the keys of providers in the vault. A secret comes by stdin or a hidden prompt, never by an argument. */
import type { Credential, TestedCredentials } from '../admin/credentials.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { moment, paintFor, printJson, printLine, printTable } from './print.ts';

export interface SetOptions {
  readonly label?: string;
  readonly weight?: number;
  readonly force?: boolean;
  readonly holder?: 'workspace' | 'me';
  readonly json?: boolean;
  /** A secret where none belongs. */
  readonly key?: string;
  readonly secret?: string;
  readonly apiKey?: string;
}

/** The file of a service account is some 2,400 characters. */
const MAX_SECRET_BYTES = 16 * 1024;

export async function setCredential(
  io: Io,
  provider: string,
  surplus: readonly string[],
  options: SetOptions,
): Promise<ExitCode> {
  const { label, weight, force, holder, json, key, secret, apiKey } = options;
  const given = [...surplus, key, secret, apiKey].some((text) => text !== undefined);
  if (given || looksSecret(provider) || (label !== undefined && looksSecret(label))) throw secretOnArgv();
  const text = await readSecret(io, provider);
  const made = await withBooks(io, (client) =>
    client.credentials.save({
      provider,
      secret: text,
      ...(label !== undefined && { label }),
      ...(weight !== undefined && { weight }),
      ...(force && { isForced: true }),
      ...(holder !== undefined && { holder }),
    }),
  );
  if (json) {
    printJson(io, made);
    return 0;
  }
  const paint = paintFor(io.stdout, io.env);
  const { credential, isReplaced, trial } = made;
  const what = `${isReplaced ? 'Replaced' : 'Saved'} ${credential.provider} ${credential.label} (${credential.preview})`;
  const mark = trial.kind === 'good' ? paint.green('✓') : paint.yellow('!');
  printLine(io.stdout, `${mark} ${what}: ${trial.message}.`);
  if (credential.rank === null) {
    printLine(io.stdout, `    ${paint.dim('It is not used: see `turnpike credentials list`.')}`);
  }
  return 0;
}

/** As vendors begin their keys, or long and mixed as no name of ours is. */
function looksSecret(text: string): boolean {
  return (
    /^(sk[-_]|rk_|AIza|AQ\.|gsk_|xai-|hf_|pplx-|nvapi-|eyJ|AKIA|ABSK|tp-|tpo-)/.test(text) ||
    (text.length >= 24 && /[0-9]/.test(text) && /[A-Za-z]/.test(text))
  );
}

/** The text itself is not repeated: the terminal's history has it once too often already. */
function secretOnArgv(): CliError {
  return usageError(
    'a key on the command line can be read by every program of this machine, and stays in the history of the shell',
    'Give it by the prompt of `turnpike credentials set <provider>`, or pipe it in: `… set <provider> < file`. ' +
      'If this was a real one, revoke it at the provider.',
  );
}

async function readSecret(io: Io, provider: string): Promise<string> {
  const text = io.stdin.isTerminal
    ? await io.askSecret(`Key of ${provider} (it is not shown)`)
    : await io.stdin.readAll(MAX_SECRET_BYTES);
  const secret = text?.trim();
  if (!secret) throw usageError('no key was given', 'Paste it at the prompt, or pipe it in.');
  return secret;
}

export async function listCredentials(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { credentials } = await withBooks(io, (client) => client.credentials.list());
  if (options.json) {
    printJson(io, { credentials });
    return 0;
  }
  if (credentials.length === 0) {
    printLine(io.stdout, 'No provider has a key. Save one with `turnpike credentials set <provider>`.');
    return 0;
  }
  const columns = [
    'provider',
    'label',
    'from',
    'of',
    'key',
    'order',
    'weight',
    'state',
    'tried',
    'used',
    'id',
  ];
  printTable(
    io,
    columns.map((title) => ({ title })),
    credentials.map(renderRow),
  );
  return 0;
}

function renderRow(row: Credential): string[] {
  return [
    row.provider,
    row.label,
    row.source,
    row.memberId ?? row.holder,
    row.preview,
    row.rank === null ? '–' : String(row.rank + 1),
    String(row.weight),
    row.state,
    moment(row.validatedAt),
    moment(row.lastUsedAt),
    row.source === 'vault' ? row.id : '',
  ];
}

export interface TestOptions {
  readonly label?: string;
  readonly json?: boolean;
}

/** Exit code 1 when one is not good. */
export async function testCredentials(io: Io, provider: string, options: TestOptions): Promise<ExitCode> {
  const { label, json } = options;
  const { tested } = await withBooks(io, async (client) => {
    if (label === undefined) return client.credentials.test({ provider });
    const { credentials } = await client.credentials.list();
    const found = credentials.find((one) => one.provider === provider && one.label === label);
    if (!found) throw new CliError(`${provider} has no credential ${label}`, LIST);
    return client.credentials.test({ provider, id: found.id });
  });
  if (json) printJson(io, { tested });
  else for (const one of tested) printTested(io, one);
  return tested.every(({ trial }) => trial.kind === 'good') ? 0 : 1;
}

function printTested(io: Io, { label, source, trial }: TestedCredentials['tested'][number]): void {
  const paint = paintFor(io.stdout, io.env);
  const mark = { good: paint.green('✓'), refused: paint.red('✗'), unclear: paint.yellow('!') }[trial.kind];
  const from = source === 'vault' ? '' : ` (${source})`;
  printLine(io.stdout, `${mark} ${label}${from}: ${trial.message}`);
}

export interface ChangeOptions {
  readonly weight?: number;
  readonly disable?: boolean;
  readonly enable?: boolean;
  readonly json?: boolean;
}

export async function changeCredential(io: Io, wanted: string, options: ChangeOptions): Promise<ExitCode> {
  const { weight, disable, enable } = options;
  if (weight === undefined && !disable && !enable) {
    throw usageError('nothing is to be changed', 'Name --weight, --disable or --enable.');
  }
  if (disable && enable) throw usageError('--disable and --enable contradict each other');
  const changed = await withBooks(io, async (client) => {
    const { id } = pickCredential((await client.credentials.list()).credentials, wanted);
    return client.credentials.change(id, {
      ...(weight !== undefined && { weight }),
      ...((disable || enable) && { isDisabled: disable === true }),
    });
  });
  if (options.json) printJson(io, changed);
  else
    printDone(
      io,
      `Changed ${changed.provider} ${changed.label}: weight ${changed.weight}, ${changed.state}.`,
    );
  return 0;
}

export interface RemoveOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Takes an id, `provider/label`, or a provider that has but one. */
export async function removeCredential(io: Io, wanted: string, options: RemoveOptions): Promise<ExitCode> {
  const found = await withBooks(io, async (client) =>
    pickCredential((await client.credentials.list()).credentials, wanted),
  );
  if (!options.yes && !(await isConfirmed(io, found))) {
    printLine(io.stderr, 'Nothing was removed.');
    return 1;
  }
  const removed = await withBooks(io, (client) => client.credentials.remove(found.id));
  if (options.json) printJson(io, removed);
  else printDone(io, `Removed ${removed.provider} ${removed.label} (${removed.preview}).`);
  return 0;
}

const LIST = 'See `turnpike credentials list`.';

/** @throws {CliError} */
function pickCredential(credentials: readonly Credential[], wanted: string): Credential {
  const kept = credentials.filter(({ source }) => source === 'vault');
  const byId = kept.find(({ id }) => id === wanted);
  if (byId) return byId;
  const named = kept.filter(
    ({ provider, label }) => `${provider}/${label}` === wanted || provider === wanted,
  );
  const exact = named.filter(({ provider, label }) => `${provider}/${label}` === wanted);
  if (exact.length === 1) return exact[0]!;
  if (named.length === 1) return named[0]!;
  if (named.length > 1) {
    throw new CliError(
      `${wanted} has ${named.length} credentials in the vault`,
      'Name one as provider/label, or by its id.',
    );
  }
  const isElsewhere = credentials.some(({ provider, id }) => provider === wanted || id === wanted);
  throw new CliError(
    `the vault has no credential ${wanted}`,
    isElsewhere ? 'A key of the environment or a file is changed where it stands.' : LIST,
  );
}

async function isConfirmed(io: Io, { provider, label, preview }: Credential): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('removing cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(`Remove ${provider} ${label} (${preview})? This cannot be undone.`);
}

function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}
