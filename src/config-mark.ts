/** What tells that files have changed: a stamp of each, of folders with all that is in them. Nothing of their content is read. */
import { type BigIntStats, readdir, stat } from 'node:fs';
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
export function takeMark(paths: readonly string[], levels: number = MAX_DEPTH): Promise<Mark> {
  const mark = new Map<string, Stamp>();
  const open = paths.map((path) => ({ path, depth: 0 }));
  return new Promise((done) => {
    let running = 0;
    const next = (): void => {
      while (running < AT_ONCE && open.length > 0 && mark.size + running < MAX_PATHS) {
        const { path, depth } = open.pop()!;
        running += 1;
        look(path, (stamp, names) => {
          running -= 1;
          if (stamp && !mark.has(path)) {
            mark.set(path, stamp);
            if (depth < levels)
              for (const name of names) open.push({ path: join(path, name), depth: depth + 1 });
          }
          next();
        });
      }
      if (running === 0) done(mark);
    };
    next();
  });
}

/** With callbacks: each look is a small part of thousands, and a promise for each would be most of its cost. */
function look(path: string, tell: (stamp: Stamp | undefined, names: readonly string[]) => void): void {
  stat(path, { bigint: true }, (error, facts) => {
    if (error) return tell(undefined, []);
    const stamp = stampOf(facts);
    if (!stamp.isFolder) return tell(stamp, []);
    readdir(path, (_, names: readonly string[] = []) => tell(stamp, names.filter(isOfPeople)));
  });
}

function isOfPeople(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
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
