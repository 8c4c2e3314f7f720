/** `turnpike import`: turns the configuration of another gateway into a turnpike.yaml, and says what it could not carry. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileSchema } from '../config-schema.ts';
import { writeConfigText } from '../config-write.ts';
import { parseYaml } from '../config-yaml.ts';
import { importCcr } from './import-ccr.ts';
import type { Imported } from './import-draft.ts';
import { readLooseJson } from './import-json.ts';
import { importLitellm } from './import-litellm.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine } from './print.ts';

export interface ImportOptions {
  readonly write?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** As large as our own files may be. */
const MAX_FILE_BYTES = 1024 * 1024;

export async function importFrom(
  io: Io,
  gateway: 'litellm' | 'ccr',
  file: string | undefined,
  options: ImportOptions,
): Promise<ExitCode> {
  const path = resolve(io.cwd, file ?? usualPlace(io, gateway));
  const text = readSource(path);
  const content =
    gateway === 'litellm' ? read(path, () => parseYaml(text).value) : read(path, () => readLooseJson(text));
  const imported = gateway === 'litellm' ? importLitellm(content) : importCcr(content);
  if (Object.keys(imported.config).length === 0)
    throw new CliError(
      `${path} says nothing that Turnpike could take over`,
      `Is it a file of ${NAMES[gateway]}?`,
    );
  checkResult(imported, path);
  const yaml = writeConfigText(imported.config, headOf(imported, gateway, path));
  if (options.write !== undefined) writeResult(io, options.write, yaml, options.force === true);
  if (options.json) printJson(io, { yaml, ...imported });
  else {
    if (options.write === undefined) io.stdout.write(yaml);
    printReport(io, imported);
  }
  return 0;
}

const NAMES = { litellm: 'LiteLLM', ccr: 'claude-code-router' } as const;

function usualPlace(io: Io, gateway: 'litellm' | 'ccr'): string {
  if (gateway === 'litellm') return 'config.yaml';
  return join(io.env.HOME ?? homedir(), '.claude-code-router', 'config.json');
}

function readSource(path: string): string {
  if (!existsSync(path))
    throw usageError(`${path} does not exist`, 'Name the file: turnpike import <gateway> <file>');
  return read(path, () => {
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(path, 'utf8');
  });
}

function read<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is printed loads: a file that our own schema refuses would be no help. */
function checkResult({ config }: Imported, path: string): void {
  const parsed = fileSchema.safeParse(config);
  if (parsed.success) return;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new CliError(
    `${path} says something that a turnpike.yaml cannot:\n${lines.join('\n')}`,
    'Take it out of a copy of the file, and import that.',
  );
}

function headOf({ variables, notes, left }: Imported, gateway: 'litellm' | 'ccr', path: string): string[] {
  return [
    `Made of ${basename(path)} by \`turnpike import ${gateway}\`.`,
    ...section(
      'Set these variables before the start:',
      variables.map(({ name, reason }) => line(name, reason)),
    ),
    ...section('What works otherwise than it did:', notes),
    ...section('What could not be carried:', left),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((text) => `- ${text}`)];
}

function line(name: string, reason: string): string {
  return reason === '' ? name : `${name}: ${reason}`;
}

function writeResult(io: Io, file: string, yaml: string, isForced: boolean): void {
  const path = resolve(io.cwd, file);
  if (existsSync(path) && !isForced)
    throw usageError(`${path} is there already`, 'Add --force to write over it, or name another file.');
  writeFileSync(path, yaml, { mode: 0o600 });
}

/** Beside the file, which may be piped on. */
function printReport(io: Io, { config, variables, notes, left }: Imported): void {
  const paint = paintFor(io.stderr, io.env);
  const say = (mark: string, text: string) => printLine(io.stderr, `${mark} ${text}`);
  const counted = Object.entries(config).map(([part, value]) => `${part} ${countOf(value)}`.trim());
  say(paint.green('✓'), `Carried: ${counted.join(', ')}.`);
  for (const { name, reason } of variables) say(paint.yellow('$'), `set ${line(name, reason)}`);
  for (const note of notes) say(paint.yellow('!'), note);
  for (const place of left) say(paint.red('✗'), `not carried: ${place}`);
}

function countOf(value: unknown): string {
  if (Array.isArray(value)) return String(value.length);
  return typeof value === 'object' && value !== null ? String(Object.keys(value).length) : String(value);
}
