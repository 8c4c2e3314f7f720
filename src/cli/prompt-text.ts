/**
 * The prompt files of this machine, as the server reads its own: found by name in the folders that the configuration
 * knows here, or read where they are. Only their text is taken; what they tell an agent to run is not run.
 */
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import type { Definitions, PromptDefinition } from '../agents/definition.ts';
import { readDefinitions } from '../agents/definitions.ts';
import { folderOfKind, placesOf } from '../agents/places.ts';
import { MAX_PROMPT_BYTES, parsePromptFile } from '../agents/prompt-file.ts';
import { promptRulesOf } from '../agents/rules.ts';
import { type Config, loadConfig } from '../config.ts';
import { CliError, type Io, usageError } from './io.ts';

export type AskedKind = 'agent' | 'command' | 'skill';

export interface PromptText {
  /** `agent:oss:code-reviewer`. */
  readonly id: string;
  readonly kind: PromptDefinition['id']['kind'];
  readonly file: string;
  /** What follows the frontmatter. */
  readonly text: string;
  /** As its frontmatter has it, where that is a model ref: for a server that does not know the file. */
  readonly model: string | undefined;
}

/** undefined = no folder has a file of that name. */
export async function findPrompt(io: Io, kind: AskedKind, name: string): Promise<PromptText | undefined> {
  const config = configHere(io);
  const { prompts } = await definitionsOf(config);
  const found = prompts.find(({ id }) => id.kind === kind && id.name === name);
  return found && textOf(found, config);
}

/** @throws {CliError} with the names there are */
export async function needPrompt(io: Io, kind: AskedKind, name: string): Promise<PromptText> {
  const found = await findPrompt(io, kind, name);
  if (found) return found;
  const { prompts } = await definitionsOf(configHere(io));
  const known = prompts.filter(({ id }) => id.kind === kind).map(({ id }) => id.name);
  const shown = known.length > MAX_SHOWN ? [...known.slice(0, MAX_SHOWN), '…'] : known;
  const hint = shown.length === 0 ? `There is no ${kind} here at all` : `There are ${shown.join(', ')}`;
  throw new CliError(`there is no ${kind} ${name} here`, `${hint}; --prompt takes any file.`, 2);
}

/** A screen has some lines. */
const MAX_SHOWN = 20;

/** A file anywhere. Its id is that of its place, or what its folder and name say. @throws {CliError} */
export async function readPrompt(io: Io, path: string): Promise<PromptText> {
  const file = resolve(io.cwd, path);
  const source = await readText(file);
  const config = configHere(io);
  const real = await realpath(file);
  const { prompts } = await definitionsOf(config);
  for (const prompt of prompts)
    if ((await realpath(prompt.file).catch(() => '')) === real) return textOf(prompt, config);
  const { name, model, fallback, description, text } = parsePromptFile(source);
  const kind = kindOf(file);
  const own = basename(file).replace(/\.md$/i, '');
  const id = { kind, name: name ?? (kind === 'skill' ? basename(dirname(file)) : own) };
  return textOf({ id, file, side: 'project', text, model, fallback, description }, config);
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${error.code ?? error.message})`);
  });
  if (bytes.length > MAX_PROMPT_BYTES)
    throw usageError(`${file} has ${bytes.length} bytes; a prompt has at most ${MAX_PROMPT_BYTES}`);
  return bytes.toString('utf8');
}

/** By the folder it is in, as coding agents have them; what is in none is an agent's. */
function kindOf(file: string): PromptDefinition['id']['kind'] {
  const folders = dirname(file).split(sep).reverse();
  const known = Object.entries(folderOfKind);
  for (const folder of folders) {
    const found = known.find(([, name]) => name === folder);
    if (found) return found[0] as PromptDefinition['id']['kind'];
  }
  return 'agent';
}

function configHere(io: Io): Config {
  return loadConfig({ flags: {}, env: io.env, cwd: io.cwd });
}

function definitionsOf({ home, prompts }: Config): Promise<Definitions> {
  return readDefinitions(placesOf({ home, ...prompts }));
}

function textOf(prompt: PromptDefinition, { aliases, routes }: Config): PromptText {
  const isName = (ref: string): boolean => Object.hasOwn(aliases, ref) || Object.hasOwn(routes, ref);
  const only = { prompts: [prompt], agents: [], pipelines: [], problems: [] };
  const [rule] = promptRulesOf(only, isName).frontmatter.exact.values();
  const { kind, name } = prompt.id;
  return { id: `${kind}:${name}`, kind, file: prompt.file, text: prompt.text.trim(), model: rule?.ref };
}
