/** Starts the built Turnpike as a process of its own, in a fresh home folder, for tests that kill, drain or use the CLI. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretsBelow, secretsInText } from './left-secrets.ts';

export const BOOTSTRAP_KEY = 'tp-test-bootstrap-key-0123456789';
const entry = resolve(fileURLToPath(import.meta.url), '../../../dist/cli/main.js');
const START_LIMIT_MS = 20_000;

export interface TurnpikeProcess {
  readonly url: string;
  readonly home: string;
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'turnpike-test-'));
}

/** @throws when a secret is in its database, or in another file that is not meant to hold any */
export function removeHome(home: string): void {
  const found = secretsBelow(home);
  rmSync(home, { recursive: true, force: true });
  if (found.length > 0) throw new Error(`left behind in plain: ${found.join('; ')}`);
}

/** A small environment: nothing of the developer's own keys or settings leaks into a test. */
export function cleanEnv(home: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    TURNPIKE_HOME: home,
    CI: 'true',
    NO_COLOR: '1',
    ...more,
  };
}

export async function startTurnpike(options: {
  home?: string;
  config?: string;
  env?: Record<string, string>;
  args?: readonly string[];
  bootstrapKey?: string | undefined;
}): Promise<TurnpikeProcess> {
  if (!existsSync(entry)) throw new Error('dist/ is missing: run `npm run build` (npm test does)');
  const home = options.home ?? newHome();
  if (options.config !== undefined) writeFileSync(join(home, 'config.yaml'), options.config);
  rmSync(join(home, 'client.json'), { force: true });
  const key = 'bootstrapKey' in options ? options.bootstrapKey : BOOTSTRAP_KEY;
  const env = cleanEnv(home, { ...(key !== undefined && { TURNPIKE_BOOTSTRAP_KEY: key }), ...options.env });
  const child = spawn(process.execPath, [entry, 'serve', '--port', '0', ...(options.args ?? [])], {
    env,
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout!.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    text += chunk;
  });
  const url = await waitUntilReady(child, home, () => text);
  return {
    url,
    home,
    child,
    output: () => text,
    async stop(signal = 'SIGTERM') {
      const code = await stop(child, signal);
      // Without a bootstrap key the first start shows the one it made.
      const found = key === undefined ? [] : secretsInText(text, 'the log');
      if (found.length > 0) throw new Error(`written to the log: ${found.join('; ')}`);
      return code;
    },
  };
}

async function waitUntilReady(child: ChildProcess, home: string, output: () => string): Promise<string> {
  const file = join(home, 'client.json');
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null)
      throw new Error(`turnpike ended with ${child.exitCode} at start:\n${output()}`);
    if (existsSync(file)) {
      const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
      const answer = await fetch(`${url}/ready`).catch(() => undefined);
      if (answer?.ok) return url;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`turnpike did not start within ${START_LIMIT_MS} ms:\n${output()}`);
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => {
    child.once('exit', (code) => done(code));
    child.kill(signal);
  });
}
