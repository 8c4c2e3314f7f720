/** Which folders to listen in for changes of the configuration files, agents.yaml and prompts. */
import { basename, dirname } from 'node:path';
import type { Config } from './config.ts';
import { type Mark, takeMark } from './config-mark.ts';
import type { WatchedFolder } from './config-watch.ts';

/**
 * Folders of prompts with all that is in them; of others only the names that matter, and of the folders around the
 * project only those that hold a file now: one that appears there is found by looking.
 */
export async function foldersOf(
  paths: readonly string[],
  mark: Mark,
  { home, cwd }: Pick<Config, 'home' | 'cwd'>,
): Promise<WatchedFolder[]> {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    const folder = dirname(path);
    if (!mark.has(path) && folder !== home && folder !== cwd) continue;
    const known = names.get(folder) ?? new Set();
    names.set(folder, known.add(basename(path)));
  }
  const around = await takeMark([...names.keys()], 0);
  const inside = [...mark].filter(([, { isFolder }]) => isFolder);
  return [
    ...[...around].map(([folder, { text }]) => ({ folder, stamp: text, names: names.get(folder) })),
    ...inside
      .filter(([folder]) => !around.has(folder))
      .map(([folder, { text }]) => ({ folder, stamp: text, names: undefined })),
  ];
}
