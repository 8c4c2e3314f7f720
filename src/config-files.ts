/** Configuration files: which there are, what they hold, and how those of several add up. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type ConfigFile, fileSchema } from './config-schema.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A file above this is no configuration. */
const MAX_FILE_BYTES = 1024 * 1024;
/** Folders searched upward for turnpike.yaml; deeper trees than this are no projects. */
const MAX_PARENTS = 40;

export interface LoadedFile {
  readonly path: string;
  readonly content: ConfigFile;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Those there are: the user's, then the project's or the one that was named. @throws {ConfigError} */
export function configPaths({
  cwd,
  named,
  home,
}: {
  readonly cwd: string;
  readonly named: string | undefined;
  readonly home: string;
}): string[] {
  const user = join(home, 'config.yaml');
  const found = existsSync(user) ? [user] : [];
  if (named) {
    const path = resolve(cwd, named);
    if (!existsSync(path)) throw new ConfigError(`The configuration file ${path} does not exist.`);
    return [...found, path];
  }
  let folder = resolve(cwd);
  for (let depth = 0; depth < MAX_PARENTS; depth += 1) {
    const path = join(folder, 'turnpike.yaml');
    if (existsSync(path)) return [...found, path];
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return found;
}

/** @throws {ConfigError} */
export function readConfigFile(path: string, env: Environment, warnings: string[]): LoadedFile {
  const unset: string[] = [];
  const value = expandVariables(parseYaml(path) ?? {}, env, path, unset, []);
  warnings.push(...unset);
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) => `  ${issue.path.join('.') || '(top)'}: ${issue.message}`,
    );
    // What is missing may only seem to be: its variable is not set.
    const causes = unset.map((warning) => `  ${warning}`);
    throw new ConfigError(`${path} is not valid:\n${[...lines, ...causes].join('\n')}`);
  }
  return { path, content: parsed.data };
}

function parseYaml(path: string): unknown {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
    const document = parseDocument(readFileSync(path, 'utf8'), { prettyErrors: true });
    if (document.errors[0]) throw document.errors[0];
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    // Not there any more, not ours to read, a folder, or YAML that cannot be resolved: all the operator's to mend.
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `${NAME}` in any string becomes the variable's value. A missing one leaves the setting out and says so. */
function expandVariables(
  value: unknown,
  env: Environment,
  file: string,
  warnings: string[],
  path: string[],
): unknown {
  if (typeof value === 'string') {
    let isMissing = false;
    const text = value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, variable: string) => {
      const found = env[variable];
      if (!found) {
        isMissing = true;
        warnings.push(`${file}: ${path.join('.')} names \${${variable}}, which is not set`);
      }
      return found ?? '';
    });
    return isMissing ? undefined : text;
  }
  if (Array.isArray(value)) {
    return value
      .map((item, index) => expandVariables(item, env, file, warnings, [...path, String(index)]))
      .filter((item) => item !== undefined);
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      expandVariables(item, env, file, warnings, [...path, key]),
    ]);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }
  return value;
}

/** Named things of all files; the later file's whole entry wins. */
export function merged<T>(
  files: readonly LoadedFile[],
  read: (file: ConfigFile) => Record<string, T> | undefined,
  setting: string,
  sources: Record<string, string>,
): Record<string, T> {
  const all: Record<string, T> = Object.create(null);
  for (const file of files) {
    for (const [name, value] of Object.entries(read(file.content) ?? {})) {
      all[name] = value;
      sources[`${setting}.${name}`] = file.path;
    }
  }
  return all;
}
