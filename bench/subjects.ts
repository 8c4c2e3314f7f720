/** Who is measured: the upstream called directly, nginx, Turnpike, Portkey. Each starts on loopback with its own temporary folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Format } from './bodies.ts';
import { hasCommand } from './native.ts';
import { renderNginxConfig } from './nginx.ts';
import { CACHE, ROOT } from './places.ts';
import { family, findPort, type Running, start, waitUntilReady } from './processes.ts';
import { isPaced, type Scenario, type SubjectName } from './scenarios.ts';

/** Where the load generator sends a scenario's requests. */
export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Format and model of the body that is sent. */
  readonly format: Format;
  readonly model: string;
}

export interface Subject {
  readonly name: SubjectName;
  /** Its processes, all of them. */
  pids(): number[];
  /** Undefined: this subject has no such road. */
  target(scenario: Scenario): Target | undefined;
  stop(): Promise<void>;
}

/** A subject, or why it is left out. */
export type Started = Subject | { readonly missing: string };

export interface StartWish {
  readonly upstreamPort: number;
  readonly upstreamPid: number;
  /** Extra arguments for Node itself (Turnpike only). */
  readonly nodeArguments?: readonly string[];
}

type StartSubject = (wish: StartWish) => Promise<Started>;

/** The release that is compared with; the override is explained in README.md. */
const PORTKEY = { version: '1.15.2', nodeServer: '1.13.8' };
const PATHS = { 'openai-chat': '/v1/chat/completions', 'anthropic-messages': '/v1/messages' } as const;
/** Models the catalog knows, so that Turnpike prices every request as it would in life. */
const PRICED = {
  'openai-chat': { provider: 'fake', model: 'gpt-4o-mini' },
  'anthropic-messages': { provider: 'fakeanthropic', model: 'claude-sonnet-4-5' },
} as const;
const CLIENT_KEY = `tp-bench-${'0'.repeat(32)}`;

export const STARTERS: Readonly<Record<SubjectName, StartSubject>> = {
  direct: async ({ upstreamPort, upstreamPid }) => ({
    name: 'direct',
    pids: () => [upstreamPid],
    target: (scenario) => upstreamTarget(scenario, upstreamPort),
    stop: async () => {},
  }),
  nginx: startNginx,
  turnpike: (wish) => startTurnpike('turnpike', 'power', wish),
  'turnpike-process': (wish) => startTurnpike('turnpike-process', 'process', wish),
  'turnpike-budgets': (wish) => startTurnpike('turnpike-budgets', 'power', wish, BUDGETS),
  portkey: startPortkey,
};

/** Four that every request counts against, one of them shared by all, and far from full. */
const BUDGETS = ['workspace', '"key:*"', '"provider:*"', '"model:*"']
  .map((scope) => `{ scope: ${scope}, period: month, limit_usd: 100000000 }`)
  .join(', ');

/** A fresh folder for one subject's files. On the disk of the checkout: a database in memory would flatter. */
export function freshFolder(name: string): string {
  const folder = join(CACHE, 'run', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Who cannot translate is given the upstream's own format, with as many bytes. */
function upstreamTarget(scenario: Scenario, port: number): Target {
  return {
    port,
    path: PATHS[scenario.upstream],
    headers: {},
    format: scenario.upstream,
    model: scenario.model,
  };
}

async function startNginx({ upstreamPort }: StartWish): Promise<Started> {
  const command = ['nginx', '/usr/sbin/nginx'].find(hasCommand);
  if (command === undefined) return { missing: 'nginx is not installed (Debian: apt-get install nginx)' };
  const folder = freshFolder('nginx');
  const port = await findPort();
  const pacedPort = await findPort();
  const config = join(folder, 'nginx.conf');
  const logFile = join(folder, 'output.log');
  writeFileSync(config, renderNginxConfig({ folder, port, pacedPort, upstreamPort }));
  const running = start({ command, args: ['-p', folder, '-c', config, '-e', logFile], logFile });
  await waitUntilReady(`http://127.0.0.1:${port}/v1/models`, running, 'nginx', logFile);
  return {
    name: 'nginx',
    pids: () => family(running.pid),
    target: (scenario) => upstreamTarget(scenario, isPaced(scenario) ? pacedPort : port),
    stop: running.stop,
  };
}

async function startTurnpike(
  name: 'turnpike' | 'turnpike-process' | 'turnpike-budgets',
  durability: 'power' | 'process',
  { upstreamPort, nodeArguments = [] }: StartWish,
  budgets = '',
): Promise<Started> {
  const main = join(ROOT, 'dist/cli/main.js');
  if (!existsSync(main)) return { missing: 'dist/cli/main.js is not built (npm run build)' };
  const folder = freshFolder(name);
  const port = await findPort();
  const logFile = join(folder, 'output.log');
  const config = join(folder, 'turnpike.yaml');
  writeFileSync(config, renderTurnpikeConfig(upstreamPort, durability, budgets));
  const running = start({
    command: process.execPath,
    args: [...nodeArguments, main, 'serve', '--port', String(port), '--config', config],
    env: { HOME: folder, TURNPIKE_HOME: folder, TURNPIKE_BOOTSTRAP_KEY: CLIENT_KEY },
    cwd: folder,
    logFile,
  });
  await waitUntilReady(`http://127.0.0.1:${port}/health`, running, name, logFile);
  const target = (scenario: Scenario): Target => ({
    port,
    path: PATHS[scenario.client],
    headers: { authorization: `Bearer ${CLIENT_KEY}` },
    format: scenario.client,
    model: turnpikeModel(scenario),
  });
  return { name, pids: () => [running.pid], target, stop: running.stop };
}

function turnpikeModel(scenario: Scenario): string {
  const { provider, model } = PRICED[scenario.upstream];
  return `${provider}/${isPaced(scenario) ? scenario.model : model}`;
}

function renderTurnpikeConfig(upstreamPort: number, durability: string, budgets: string): string {
  return [
    'providers:',
    `  fake: { kind: openai, base_url: "http://127.0.0.1:${upstreamPort}/v1", api_key: x }`,
    `  fakeanthropic: { kind: anthropic, base_url: "http://127.0.0.1:${upstreamPort}", api_key: x }`,
    `durability: ${durability}`,
    `budgets: [ ${budgets} ]`,
    '',
  ].join('\n');
}

async function startPortkey({ upstreamPort }: StartWish): Promise<Started> {
  const folder = join(CACHE, 'portkey');
  const main = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(main)) installPortkey(folder);
  const port = await findPort();
  const logFile = join(freshFolder('portkey'), 'output.log');
  const running: Running = start({
    command: process.execPath,
    args: [main, '--headless', `--port=${port}`],
    // Its guard against requests to private addresses lets loopback through only when that is named (or nothing is).
    env: { HOME: folder, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1' },
    cwd: folder,
    logFile,
  });
  await waitUntilReady(`http://127.0.0.1:${port}/`, running, 'portkey', logFile);
  return {
    name: 'portkey',
    pids: () => [running.pid],
    target: portkeyTarget(port, upstreamPort),
    stop: running.stop,
  };
}

function portkeyTarget(port: number, upstreamPort: number): Subject['target'] {
  return (scenario) => {
    // "messages is not supported by openai": it translates from OpenAI's format only.
    if (scenario.client === 'anthropic-messages' && scenario.upstream !== scenario.client) return undefined;
    const headers = {
      authorization: 'Bearer x',
      'x-portkey-provider': scenario.upstream === 'openai-chat' ? 'openai' : 'anthropic',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    };
    return { port, path: PATHS[scenario.client], headers, format: scenario.client, model: scenario.model };
  };
}

function installPortkey(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { '@portkey-ai/gateway': PORTKEY.version },
    overrides: { '@hono/node-server': PORTKEY.nodeServer },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
  });
}
