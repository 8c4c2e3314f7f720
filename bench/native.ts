/** Compiles the fake upstream and the load generator, once for each version of their sources. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, HERE } from './places.ts';

const SOURCES = join(HERE, 'native');
const FLAGS = ['-O3', '-march=native', '-std=gnu11', '-Wall', '-Wextra', '-D_GNU_SOURCE'];

export interface Binaries {
  readonly upstream: string;
  readonly load: string;
}

/** Paths of the two programs; undefined when this machine has no C compiler. */
export function buildNative(): Binaries | undefined {
  const compiler = [process.env.CC ?? 'gcc', 'cc', 'clang'].find(hasCommand);
  if (compiler === undefined) return undefined;
  const folder = join(CACHE, 'native', hashSources());
  const build = (name: string): string => {
    const target = join(folder, name);
    if (!existsSync(target))
      execFileSync(compiler, [...FLAGS, '-o', target, join(SOURCES, `${name}.c`)], { stdio: 'inherit' });
    return target;
  };
  mkdirSync(folder, { recursive: true });
  return { upstream: build('upstream'), load: build('load') };
}

/** Is there a program of this name on the PATH (or at this path)? */
export function hasCommand(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function hashSources(): string {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const name of readdirSync(SOURCES).sort()) hash.update(name).update(readFileSync(join(SOURCES, name)));
  return hash.digest('hex').slice(0, 12);
}
