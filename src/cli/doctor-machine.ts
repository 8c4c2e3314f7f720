/** What the doctor finds on this machine: Node, the data folder, the client file. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { clientFilePath, homeOf, readClientFile } from './client-file.ts';
import type { Finding } from './doctor-finding.ts';
import type { Io } from './io.ts';

/** As in the `engines` of package.json: the first version with what we use. */
const NODE_MIN = [20, 19] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (isNew) return { check: 'node', state: 'ok', detail: version };
  const detail = `${version} is older than ${NODE_MIN.join('.')}`;
  return { check: 'node', state: 'fail', detail, fix: 'Install a current Node LTS.' };
}

export function checkHome(io: Io): Finding {
  const check = 'data folder';
  const home = homeOf(io.env, io.cwd);
  const found = statOf(home);
  if (!found) {
    return {
      check,
      state: 'warn',
      detail: `${home} is not there yet`,
      fix: 'The first `turnpike serve` makes it.',
    };
  }
  if (!found.isDirectory()) {
    return { check, state: 'fail', detail: `${home} is no folder`, fix: 'Set TURNPIKE_HOME to a folder.' };
  }
  if (!isWritable(home)) {
    return {
      check,
      state: 'fail',
      detail: `${home} is not writable`,
      fix: `Make it yours: chown -R $(id -u) ${home}`,
    };
  }
  return privacyOf(check, home, found, `chmod 700 ${home}`);
}

export function checkClientFile(io: Io): Finding {
  const check = 'client file';
  const home = homeOf(io.env, io.cwd);
  const path = clientFilePath(home);
  const found = statOf(path);
  if (!found) {
    return {
      check,
      state: 'warn',
      detail: `${path} is not there yet`,
      fix: 'The first `turnpike serve` writes it.',
    };
  }
  try {
    const { url, operatorToken } = readClientFile(home) ?? {};
    if (!url || !operatorToken) {
      return {
        check,
        state: 'warn',
        detail: `${path} has no url or no operatorToken`,
        fix: 'Restart the server.',
      };
    }
  } catch (error) {
    return {
      check,
      state: 'fail',
      detail: (error as Error).message,
      fix: 'Remove it and restart the server.',
    };
  }
  return privacyOf(check, path, found, `chmod 600 ${path}`);
}

/** Keys and spend are inside: nobody else on this machine may read it. */
function privacyOf(check: string, path: string, found: Stats, fix: string): Finding {
  const mode = (found.mode & 0o777).toString(8);
  // Windows has no such bits.
  const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (!isOpen) return { check, state: 'ok', detail: path };
  return { check, state: 'fail', detail: `${path} is open to others (mode ${mode})`, fix: `Run: ${fix}` };
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
