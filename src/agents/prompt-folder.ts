/** Finds the prompt files of a folder: within limits, and never outside of it. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { PromptKind } from '../base/prompt-id.ts';
import type { DefinitionProblem } from './definition.ts';

export interface FoundFile {
  readonly file: string;
  /** Its name unless the frontmatter has another: `review`, of commands in folders `sub:review`. */
  readonly name: string;
  /** Folders that stay before the name whatever the frontmatter says, with their colon. */
  readonly prefix: string;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly stamp: string;
}

/** What one reading of all places has found so far. */
export interface Finding {
  files: number;
  readonly problems: DefinitionProblem[];
}

/** Large collections have some hundred; a folder with more is something else that lies in the way. */
export const MAX_FILES = 5_000;
/** Folders in folders: people sort by two or three. */
const MAX_DEPTH = 8;

export async function findPromptFiles(
  root: string,
  kind: PromptKind,
  finding: Finding,
): Promise<FoundFile[]> {
  const real = await realpath(root).catch(() => undefined);
  if (real === undefined) return [];
  const found: FoundFile[] = [];
  await walk({ kind, root, real, finding, found, seen: new Set() }, root, []);
  return found;
}

interface Walk {
  readonly kind: PromptKind;
  readonly root: string;
  /** The root without symbolic links: what leads out of it is not followed. */
  readonly real: string;
  readonly finding: Finding;
  readonly found: FoundFile[];
  /** Folders walked, without symbolic links: those may lead in circles. */
  readonly seen: Set<string>;
}

async function walk(state: Walk, folder: string, parents: readonly string[]): Promise<void> {
  if (parents.length > MAX_DEPTH) {
    return complain(state, folder, `is deeper than ${MAX_DEPTH} folders and is not read`);
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) =>
    explain(state, folder, error),
  );
  if (!entries) return;
  const skill =
    state.kind === 'skill' ? entries.find(({ name }) => name.toLowerCase() === 'skill.md') : undefined;
  const wanted = skill ? [skill] : entries.filter(({ name }) => !isPassedOver(name));
  const sorted = wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
  const looked = await Promise.all(
    sorted.map((entry) => look(state, join(folder, entry.name), entry.isSymbolicLink())),
  );
  for (const [at, { name }] of sorted.entries()) {
    const one = looked[at];
    if (!one || state.finding.files > MAX_FILES) continue;
    if (one.isDirectory()) {
      if (await isNew(state, join(folder, name))) await walk(state, join(folder, name), [...parents, name]);
    } else if (one.isFile() && isPrompt(state, name)) {
      note(state, join(folder, name), parents, one);
    }
  }
}

/** Hidden things and other programs' packages. */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function isPrompt({ kind }: Walk, name: string): boolean {
  return kind === 'skill' ? name.toLowerCase() === 'skill.md' : /.\.md$/i.test(name);
}

type Look = Awaited<ReturnType<typeof stat>>;

/** What it is, where it may be read. */
async function look(state: Walk, path: string, isLink: boolean): Promise<Look | undefined> {
  try {
    if (!isLink) return await lstat(path);
    const real = await realpath(path);
    if (real.startsWith(state.real + sep)) return await stat(real);
    complain(state, path, `is a link that leads out of ${state.root} and is not followed`);
  } catch (error) {
    explain(state, path, error);
  }
  return undefined;
}

async function isNew({ seen }: Walk, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || seen.has(real)) return false;
  seen.add(real);
  return true;
}

function note({ kind, finding, found }: Walk, file: string, parents: readonly string[], one: Look): void {
  finding.files += 1;
  if (finding.files > MAX_FILES) {
    const reason = `is beyond the ${MAX_FILES} prompt files that are read, and so are those after it`;
    finding.problems.push({ file, line: undefined, reason });
    return;
  }
  const own = basename(file).replace(/\.md$/i, '');
  // An agent's subfolders and those above a skill are order for people; of a command they are part of its name.
  const isNested = kind === 'command' || kind === 'hook';
  found.push({
    file,
    name: kind === 'skill' ? (parents.at(-1) ?? own) : own,
    prefix: isNested ? parents.map((parent) => `${parent}:`).join('') : '',
    bytes: Number(one.size),
    stamp: `${one.mtimeMs} ${one.ctimeMs} ${one.size} ${one.ino}`,
  });
}

function complain({ finding }: Walk, file: string, reason: string): void {
  finding.problems.push({ file, line: undefined, reason });
}

/** What is gone between two looks was removed by its owner: nothing to complain of. */
function explain(state: Walk, path: string, error: unknown): undefined {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code !== 'ENOENT') complain(state, path, `cannot be read (${String(code ?? error)})`);
  return undefined;
}
