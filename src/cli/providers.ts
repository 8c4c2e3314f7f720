/** `turnpike providers`: list all, declare those of the workspace, try and remove them. Keys go by `turnpike credentials`. */
import type { NewProviderBody } from '../admin/declared-providers.ts';
import type { Provider } from '../admin/providers.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine, printTable } from './print.ts';

export async function listProviders(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { providers } = await withBooks(io, (client) => client.providers());
  if (options.json) {
    printJson(io, { providers });
    return 0;
  }
  const columns = ['provider', 'kind', 'declared in', 'address', 'key'];
  printTable(
    io,
    columns.map((title) => ({ title })),
    providers.map(renderRow),
  );
  return 0;
}

function renderRow({ name, kind, source, baseUrl, needsCredential, credentialSource }: Provider): string[] {
  return [
    name,
    kind,
    placeNames[source],
    baseUrl,
    credentialSource ?? (needsCredential ? 'missing' : 'none needed'),
  ];
}

const placeNames = {
  file: 'file',
  environment: 'environment',
  registry: 'the workspace',
  'built-in': '–',
} as const;

export interface AddOptions {
  readonly kind: string;
  readonly baseUrl?: string;
  readonly model?: readonly string[];
  readonly header?: Readonly<Record<string, string>>;
  readonly format?: readonly string[];
  readonly region?: string;
  readonly project?: string;
  readonly location?: string;
  readonly apiVersion?: string;
  readonly json?: boolean;
}

export async function addProvider(io: Io, name: string, options: AddOptions): Promise<ExitCode> {
  const made = await withBooks(io, (client) => client.declared.addProvider(bodyOf(name, options)));
  if (options.json) {
    printJson(io, made);
    return 0;
  }
  const paint = paintFor(io.stdout, io.env);
  printLine(io.stdout, `${paint.green('✓')} Declared ${made.name} (${made.kind}).`);
  if (made.problem !== null)
    printLine(io.stdout, `    ${made.problem}: turnpike credentials set ${made.name}`);
  return 0;
}

function bodyOf(name: string, options: AddOptions): NewProviderBody {
  const { kind, baseUrl, model, header, format, region, project, location, apiVersion } = options;
  return {
    ...{ name, kind },
    ...(baseUrl !== undefined && { baseUrl }),
    ...(model && { models: [...model] }),
    ...(header && { headers: header }),
    // The server says which there are.
    ...(format && { formats: [...format] as NonNullable<NewProviderBody['formats']> }),
    settings: {
      ...(region !== undefined && { region }),
      ...(project !== undefined && { project }),
      ...(location !== undefined && { location }),
      ...(apiVersion !== undefined && { apiVersion }),
    },
  };
}

/** Exit code 1 when it cannot be reached, or refuses its key. */
export async function testProvider(
  io: Io,
  name: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const tested = await withBooks(io, (client) => client.declared.testProvider(name));
  const { isReachable, message, credential } = tested;
  if (options.json) printJson(io, tested);
  else {
    const paint = paintFor(io.stdout, io.env);
    const mark = (isGood: boolean) => (isGood ? paint.green('✓') : paint.red('✗'));
    printLine(io.stdout, `${mark(isReachable)} ${name}: ${message}`);
    if (credential)
      printLine(io.stdout, `${mark(credential.kind === 'good')} its key: ${credential.message}`);
  }
  return isReachable && credential?.kind !== 'refused' ? 0 : 1;
}

export async function removeProvider(
  io: Io,
  name: string,
  options: { readonly yes?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  if (!options.yes && !(await isConfirmed(io, name))) {
    printLine(io.stderr, 'Nothing was removed.');
    return 1;
  }
  const removed = await withBooks(io, (client) => client.declared.removeProvider(name));
  if (options.json) printJson(io, removed);
  else {
    const { credentials } = removed;
    const also = credentials === 0 ? '' : `, and ${credentials} of its keys from the vault`;
    printLine(
      io.stdout,
      `${paintFor(io.stdout, io.env).green('✓')} Removed ${removed.provider.name}${also}.`,
    );
  }
  return 0;
}

async function isConfirmed(io: Io, name: string): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('removing cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(`Remove ${name}, and its keys from the vault? This cannot be undone.`);
}
