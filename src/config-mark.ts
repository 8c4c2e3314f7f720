/** What tells that files have changed: a stamp of each, of folders with all that is in them. Nothing of their content is read. */
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Stamp {
  /** Another one whenever the file was written or another was put in its place. */
  readonly text: string;
  readonly isFolder: boolean;
  /** Bytes; of a folder 0. */
  readonly size: number;
}

/** By path, of those that are there. */
export type Mark = ReadonlyMap<string, Stamp>;

/** Looked at at once: the file system is not quicker for more, and requests want it too. */
const AT_ONCE = 16;
/** Of all folders together; more are no prompts. */
const MAX_PATHS = 20_000;
/** Levels below a folder that is looked at. */
const MAX_DEPTH = 8;

/**
 * Of files and folders, which need not exist; what cannot be looked at counts as not there.
 * @param levels below a folder, which is looked into
 */
export async function takeMark(paths: readonly string[], levels: number = MAX_DEPTH): Promise<Mark> {
  const mark = new Map<string, Stamp>();
  const open = paths.map((path) => ({ path, depth: 0 }));
  const work = async (): Promise<void> => {
    for (let next = open.pop(); next && mark.size < MAX_PATHS; next = open.pop()) {
      const { path, depth } = next;
      const facts = await stat(path, { bigint: true }).catch(() => undefined);
      if (!facts || mark.has(path)) continue;
      mark.set(path, stampOf(facts));
      if (facts.isDirectory() && depth < levels)
        open.push(...(await namesIn(path)).map((name) => ({ path: join(path, name), depth: depth + 1 })));
    }
  };
  // Again, for what a folder has brought after the others had found nothing left to do.
  while (open.length > 0 && mark.size < MAX_PATHS) await Promise.all(Array.from({ length: AT_ONCE }, work));
  return mark;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.') && name !== 'node_modules');
}

/** The time of change is of the system's own making: a tool that sets back the other one does not deceive it. */
function stampOf(facts: BigIntStats): Stamp {
  const isFolder = facts.isDirectory();
  const text = isFolder
    ? `folder ${facts.dev}:${facts.ino}`
    : `${facts.dev}:${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
  return { text, isFolder, size: isFolder ? 0 : Number(facts.size) };
}

export function isSameMark(a: Mark, b: Mark): boolean {
  if (a.size !== b.size) return false;
  for (const [path, { text }] of a) if (b.get(path)?.text !== text) return false;
  return true;
}

/** A file that had content is gone or empty: so it looks for a moment while many editors save. */
export function isThinner(before: Mark, after: Mark): boolean {
  for (const [path, { isFolder, size }] of before)
    if (!isFolder && size > 0 && !after.get(path)?.size) return true;
  return false;
}
