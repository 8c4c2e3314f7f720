/** Reads the configuration files again and again, beside the event loop; a file that has not changed is not parsed again. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type Config, type ConfigInput, configPlace, loadConfig } from './config.ts';
import { configCandidates, configPaths, fileProblem, MAX_FILE_BYTES } from './config-files.ts';
import { takeMark } from './config-mark.ts';
import type { ParsedYaml } from './config-yaml.ts';
import { createEntryParser, type EntryParser } from './config-yaml-entries.ts';
import { createYamlParser } from './config-yaml-thread.ts';

export interface ConfigReader {
  /** The same object as long as the files are the same. Rejects with {@link ConfigError} where one is not right. */
  read(): Promise<Config>;
  /** Where there are files, or would be. */
  paths(): readonly string[];
  /** Of what the last reading found in the files: the same for the same content. */
  digest(): string;
  close(): Promise<void>;
}

interface Known {
  readonly stamp: string;
  readonly parsed: ParsedYaml;
}

/** As it was asked for at the start: the same flags, environment and folder. */
export function createConfigReader(input: ConfigInput): ConfigReader {
  const parser = createYamlParser();
  const place = configPlace(input);
  let known: ReadonlyMap<string, Known> = new Map();
  let last: { readonly of: ReadonlyMap<string, Known>; readonly config: Config } | undefined;
  const digests = new Map<string, string>();
  const entries = new Map<string, EntryParser>();
  const parse = async (path: string): Promise<ParsedYaml> => {
    digests.delete(path);
    try {
      const { size } = await stat(path);
      if (size > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
      const text = await readFile(path, 'utf8');
      digests.set(path, createHash('sha256').update(text).digest('hex'));
      const parse = entries.get(path) ?? createEntryParser((whole) => parser.parse(whole));
      entries.set(path, parse);
      return await parse.parse(text);
    } catch (error) {
      throw fileProblem(path, error);
    }
  };
  return {
    async read() {
      const paths = configPaths(place);
      const mark = await takeMark(paths);
      const next = new Map<string, Known>();
      for (const path of paths) {
        const stamp = mark.get(path)?.text ?? '';
        const before = known.get(path);
        next.set(path, before?.stamp === stamp ? before : { stamp, parsed: await parse(path) });
      }
      known = next;
      if (last && isSameRead(last.of, next)) return last.config;
      const config = loadConfig(input, new Map([...next].map(([path, { parsed }]) => [path, parsed])));
      last = { of: next, config };
      return config;
    },
    paths() {
      const { user, named, project } = configCandidates(place);
      return [user, ...(named === undefined ? project : [named])];
    },
    digest: () => [...digests].sort().join(' '),
    close: () => parser.close(),
  };
}

/** In the same order: it is their precedence. */
function isSameRead(a: ReadonlyMap<string, Known>, b: ReadonlyMap<string, Known>): boolean {
  const before = [...a];
  return (
    a.size === b.size &&
    [...b].every(([path, known], at) => before[at]![0] === path && before[at]![1] === known)
  );
}
