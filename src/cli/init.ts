/** `turnpike init claude`: writes the files that make `/turnpike:models` and others work inside Claude Code. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { findProgram } from './find-program.ts';
import { claudeCommands } from './init-claude.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine } from './print.ts';

export interface InitOptions {
  /** In the folder it is called in; the default. */
  readonly project?: boolean;
  /** In the caller's own folder, for all projects. */
  readonly user?: boolean;
  /** Also files that somebody changed. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `kept` = somebody changed it, so it was left alone. */
type Deed = 'written' | 'updated' | 'unchanged' | 'kept' | 'overwritten';

interface Done {
  readonly file: string;
  readonly deed: Deed;
}

/** Exit code 1 where a file was left alone. */
export async function initClient(io: Io, client: string, options: InitOptions): Promise<ExitCode> {
  if (client !== 'claude') throw usageError(`there is nothing to set up for ${client}`, 'Known: claude.');
  if (options.project && options.user) throw usageError('it is either --project or --user');
  const folder = join(homeOf(io, options), '.claude', 'commands', 'turnpike');
  const done: Done[] = [];
  for (const { name, text } of claudeCommands) {
    const file = join(folder, `${name}.md`);
    done.push({ file, deed: await write(file, signed(text), options) });
  }
  const isKept = done.some(({ deed }) => deed === 'kept');
  if (options.json) printJson(io, { files: done, isDryRun: options.dryRun === true });
  else print(io, done, options);
  return isKept ? 1 : 0;
}

function homeOf(io: Io, { user }: InitOptions): string {
  if (!user) return io.cwd;
  const home = io.env.HOME || io.env.USERPROFILE;
  if (home) return home;
  throw new CliError('nobody says where your own folder is', 'Set HOME, or use --project.');
}

/** What a file ends with that was written here: by it, a change by hand is told from an older version. */
const MARK = /\n<!-- written by turnpike init; ([0-9a-f]{16}) -->\n$/;

function signed(text: string): string {
  return `${text}\n<!-- written by turnpike init; ${digestOf(`${text}`)} -->\n`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function isAsWritten(content: string): boolean {
  const mark = MARK.exec(content);
  return mark !== null && digestOf(content.slice(0, mark.index)) === mark[1];
}

async function write(file: string, content: string, { force, dryRun }: InitOptions): Promise<Deed> {
  const there = await contentOf(file);
  if (there === content) return 'unchanged';
  const isOurs = there === undefined || isAsWritten(there);
  if (!isOurs && !force) return 'kept';
  if (!dryRun) await put(file, content);
  return there === undefined ? 'written' : isOurs ? 'updated' : 'overwritten';
}

/** undefined = there is none. @throws {CliError} where something else is in its place */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file);
    // A link leads to a file that belongs to somebody else.
    if (!found.isFile()) throw new CliError(`${file} is no file of its own`, 'Move it away first.');
    return await readFile(file, 'utf8');
  } catch (error) {
    if (Reflect.get(error as object, 'code') === 'ENOENT') return undefined;
    throw error instanceof CliError ? error : cannot('read', file, error);
  }
}

async function put(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw cannot('write', file, error);
  }
}

function cannot(what: string, file: string, error: unknown): CliError {
  return new CliError(`cannot ${what} ${file} (${String(Reflect.get(error as object, 'code') ?? error)})`);
}

const words: Readonly<Record<Deed, { readonly done: string; readonly planned: string }>> = {
  written: { done: '✓ wrote', planned: '+ would write' },
  updated: { done: '✓ updated', planned: '+ would update' },
  overwritten: { done: '✓ overwrote', planned: '+ would overwrite' },
  unchanged: { done: '= unchanged', planned: '= unchanged' },
  kept: { done: '! left alone', planned: '! would leave alone' },
};

function print(io: Io, done: readonly Done[], { dryRun, user }: InitOptions): void {
  const paint = paintFor(io.stdout, io.env);
  for (const { file, deed } of done) {
    const text = `${words[deed][dryRun ? 'planned' : 'done']} ${user ? file : relative(io.cwd, file)}`;
    const note = deed === 'kept' ? ' (it was changed by hand; --force overwrites it)' : '';
    printLine(io.stdout, deed === 'kept' ? paint.yellow(text + note) : text);
  }
  if (dryRun) return;
  const names = claudeCommands.map(({ name }) => `/turnpike:${name}`).join(', ');
  printLine(io.stdout, `Claude Code has ${names} from its next start on.`);
  if (findProgram('turnpike', io.env)) return;
  printLine(
    io.stderr,
    paint.yellow('! There is no turnpike on the PATH, which they call: install it with `npm link`.'),
  );
}
