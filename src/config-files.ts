/** Configuration files: which there are, what they hold, and how those of several add up. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ConfigFile, fileSchema } from './config-schema.ts';
import { type ParsedYaml, parseYaml } from './config-yaml.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A file above this is no configuration. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** Folders searched upward for turnpike.yaml; deeper trees than this are no projects. */
const MAX_PARENTS = 40;

export interface LoadedFile {
  readonly path: string;
  readonly content: ConfigFile;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigPlace {
  readonly cwd: string;
  readonly named: string | undefined;
  readonly home: string;
}

/** Those there are: the user's, then the project's or the one that was named. @throws {ConfigError} */
export function configPaths(place: ConfigPlace): string[] {
  const { user, named, project } = configCandidates(place);
  const found = existsSync(user) ? [user] : [];
  if (named !== undefined && !existsSync(named))
    throw new ConfigError(`The configuration file ${named} does not exist.`);
  const nearest = named ?? project.find((path) => existsSync(path));
  return nearest === undefined ? found : [...found, nearest];
}

/** Where files would be read, once they are there. Of the project's only the first that is there counts. */
export function configCandidates({ cwd, named, home }: ConfigPlace): {
  readonly user: string;
  readonly named: string | undefined;
  readonly project: readonly string[];
} {
  const user = join(home, 'config.yaml');
  if (named) return { user, named: resolve(cwd, named), project: [] };
  const project: string[] = [];
  let folder = resolve(cwd);
  for (let depth = 0; depth < MAX_PARENTS; depth += 1) {
    project.push(join(folder, 'turnpike.yaml'));
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return { user, named: undefined, project };
}

/**
 * Values of the variables put in, and judged.
 * @param parsed what is in the file, where somebody has read it already
 * @throws {ConfigError}
 */
export function readConfigFile(
  path: string,
  env: Environment,
  warnings: string[],
  parsed: ParsedYaml = parseFile(path),
): LoadedFile {
  const unset: string[] = [];
  const value = expandVariables(parsed.value ?? {}, env, path, unset, []);
  warnings.push(...unset);
  const judged = fileSchema.safeParse(value);
  if (!judged.success) {
    const lines = judged.error.issues.map((issue) => {
      const at = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
      return `  ${at.join('.') || '(top)'}: ${issue.message} (line ${parsed.lineAt(at)})`;
    });
    // What is missing may only seem to be: its variable is not set.
    const causes = unset.map((warning) => `  ${warning}`);
    throw new ConfigError(`${path} is not valid:\n${[...lines, ...causes].join('\n')}`);
  }
  return { path, content: judged.data };
}

function parseFile(path: string): ParsedYaml {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
    return parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fileProblem(path, error);
  }
}

/** Not there any more, not ours to read, a folder, or YAML that cannot be resolved: all the operator's to mend. */
export function fileProblem(path: string, error: unknown): ConfigError {
  return new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
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
    if (!value.includes('${')) return value;
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
  // The path is walked along, not copied: lists may have thousands of entries.
  const below = (name: string, item: unknown): unknown => {
    path.push(name);
    const expanded = expandVariables(item, env, file, warnings, path);
    path.pop();
    return expanded;
  };
  if (Array.isArray(value))
    return value.map((item, index) => below(String(index), item)).filter((item) => item !== undefined);
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => [key, below(key, item)] as const);
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
