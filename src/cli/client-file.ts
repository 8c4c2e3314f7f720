/** `$TURNPIKE_HOME/client.json`: how the CLI on this machine finds the server, a virtual key and the operator token. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CliError, type Environment } from './io.ts';

export interface ClientFile {
  readonly url?: string;
  /** Virtual key, for the data plane. */
  readonly key?: string;
  /** For the admin API. */
  readonly operatorToken?: string;
}

/** The data folder, as `loadConfig` finds it, without the cost of reading configuration. */
export function homeOf(env: Environment, cwd: string): string {
  return resolve(cwd, env.TURNPIKE_HOME || join(env.HOME || homedir(), '.turnpike'));
}

export function clientFilePath(home: string): string {
  return join(home, 'client.json');
}

/** undefined = no server was ever started with this data folder. @throws {CliError} on a file that is no client file */
export function readClientFile(home: string): ClientFile | undefined {
  const path = clientFilePath(home);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(
      `${path} cannot be read: ${(error as Error).message}`,
      'Make it readable for you alone.',
    );
  }
  const content = parseObject(text);
  if (!content) throw new CliError(`${path} is not a JSON object`, 'Remove it and start the server anew.');
  const pick = (name: string) => {
    const value = content[name];
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  return { ...pick('url'), ...pick('key'), ...pick('operatorToken') };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
