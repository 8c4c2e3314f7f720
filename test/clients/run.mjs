/**
 * Runs real coding agents headless through Turnpike, on the sandbox, each through one tool-using turn, and
 * says what each sent. Not part of `npm test`: it installs the clients from the npm registry into a temporary
 * folder. Usage: `npm run build && node test/clients/run.mjs [claude] [codex] [opencode] [gemini]`
 *
 * The prompt orders the sandbox to call the agent's own shell tool, which writes a file: the turn is complete
 * when the file is there and the agent's last words quote the tool's output.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = {
  claude: {
    package: '@anthropic-ai/claude-code@2.1.329',
    bin: 'node_modules/@anthropic-ai/claude-code-linux-x64',
  },
  codex: { package: '@openai/codex@0.169.0', bin: 'node_modules/.bin' },
  opencode: { package: 'opencode-ai@1.18.33', bin: 'node_modules/opencode-linux-x64/bin' },
  gemini: { package: '@google/gemini-cli@0.61.0', bin: 'node_modules/.bin' },
};
const cli = resolve(fileURLToPath(import.meta.url), '../../../dist/cli/main.js');
const START_MS = 20_000;
const TURN_MS = 120_000;
const KEY = 'tp-client-run-key-000000000000';

const chosen = process.argv.slice(2).filter((name) => name in PACKAGES);
const names = chosen.length > 0 ? chosen : Object.keys(PACKAGES);
const folder = process.env.CLIENTS_FOLDER ?? mkdtempSync(join(tmpdir(), 'turnpike-clients-'));
const home = mkdtempSync(join(tmpdir(), 'turnpike-home-'));
const environment = {
  ...process.env,
  HOME: home,
  TURNPIKE_HOME: join(home, '.turnpike'),
  TURNPIKE_BOOTSTRAP_KEY: KEY,
};

function install() {
  if (existsSync(join(folder, 'node_modules'))) return;
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--prefix', folder, ...names.map((name) => PACKAGES[name].package)], {
    stdio: 'inherit',
  });
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function serve() {
  const port = await freePort();
  mkdirSync(environment.TURNPIKE_HOME, { recursive: true });
  writeFileSync(
    join(environment.TURNPIKE_HOME, 'config.yaml'),
    `providers:
  loopchat: { kind: openai-compatible, base_url: "http://127.0.0.1:${port}/v1", api_key: ${KEY} }
  loopmessages: { kind: anthropic, base_url: "http://127.0.0.1:${port}", api_key: ${KEY} }
  loopgemini: { kind: gemini, base_url: "http://127.0.0.1:${port}/v1beta", api_key: ${KEY} }
  loopollama: { kind: ollama, base_url: "http://127.0.0.1:${port}", api_key: ${KEY} }
`,
  );
  const child = spawn(process.execPath, [cli, 'serve', '--port', String(port)], {
    env: environment,
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const file = join(environment.TURNPIKE_HOME, 'client.json');
  for (const until = Date.now() + START_MS; Date.now() < until; ) {
    if (existsSync(file)) {
      const { url } = JSON.parse(readFileSync(file, 'utf8'));
      if ((await fetch(`${url}/ready`).catch(() => undefined))?.ok) return { child, url };
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('turnpike did not start');
}

/** Runs `turnpike run <client> …` in an empty project and gives what it printed. */
function runClient(name, model, prompt, project) {
  const args = {
    claude: ['-p', prompt, '--dangerously-skip-permissions', '--output-format', 'json'],
    // On stdin: as an argument it would come quoted, with the directive's quotes escaped.
    opencode: ['run'],
    codex: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json', prompt],
    gemini: ['--yolo', '-p', prompt, '--output-format', 'json'],
  }[name];
  const env = {
    ...environment,
    // Some clients take their folder from here, not from the process.
    PWD: project,
    PATH: `${join(folder, PACKAGES[name].bin)}:${process.env.PATH}`,
    // Claude Code refuses to skip permissions as root unless told that it is in a sandbox.
    IS_SANDBOX: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Without it the folder is not trusted, and no tool runs unasked.
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
    NO_BROWSER: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
  };
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, 'run', name, '--model', model, '--', ...args], {
      cwd: project,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(name === 'opencode' ? prompt : '');
    let text = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), TURN_MS);
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      done({ code, text });
    });
  });
}

/** Spoken to in its own format, and through a provider of the other one: Turnpike calling itself, translating on the way. */
const MODELS = {
  claude: ['sandbox/toolsmith', 'loopchat/sandbox/toolsmith', 'loopgemini/sandbox/toolsmith'],
  codex: ['sandbox/toolsmith', 'loopmessages/sandbox/toolsmith', 'loopgemini/sandbox/toolsmith'],
  opencode: ['sandbox/toolsmith', 'loopmessages/sandbox/toolsmith', 'loopollama/sandbox/toolsmith'],
  gemini: ['sandbox/toolsmith', 'loopchat/sandbox/toolsmith', 'loopmessages/sandbox/toolsmith'],
};
/** The shell tool of each, and what it takes. */
const TOOLS = {
  claude: { name: 'Bash', args: (command) => ({ command, description: 'Write the proof' }) },
  codex: { name: 'exec_command', args: (command) => ({ cmd: command }) },
  opencode: { name: 'bash', args: (command) => ({ command, description: 'Write the proof' }) },
  gemini: { name: 'run_shell_command', args: (command) => ({ command, description: 'Write the proof' }) },
};

function promptFor(name) {
  const tool = TOOLS[name];
  const args = tool.args('echo made-by-tool | tee proof.txt');
  return `[[sandbox ttfb=0 pace=0 tool=${tool.name} args=${JSON.stringify(args)}]] Write the proof file.`;
}

/** What Gemini CLI asks once in its own dialog. */
function chooseApiKey() {
  const settings = {
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
  };
  mkdirSync(join(home, '.gemini'), { recursive: true });
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
}

async function oneTurn(name, model) {
  const project = mkdtempSync(join(home, `project-${name}-`));
  const { code, text } = await runClient(name, model, promptFor(name), project);
  const proof = join(project, 'proof.txt');
  const isWritten = existsSync(proof) && readFileSync(proof, 'utf8').includes('made-by-tool');
  const isDone = code === 0 && isWritten && text.includes('made-by-tool');
  console.log(
    `${isDone ? '\u2713' : '\u2717'} ${name} (${PACKAGES[name].package}) on ${model}: exit ${code}, proof ${isWritten ? 'written' : 'missing'}`,
  );
  if (!isDone || process.env.VERBOSE) console.log(text.slice(0, 4000));
  return isDone;
}

install();
chooseApiKey();
const { child, url } = await serve();
let failures = 0;
try {
  for (const name of names) {
    for (const model of MODELS[name]) if (!(await oneTurn(name, model))) failures += 1;
  }
  console.log(
    execFileSync(process.execPath, [cli, 'usage', '--by', 'session'], {
      env: { ...environment, NO_COLOR: '1' },
      encoding: 'utf8',
    }),
  );
  const { ok } = await fetch(`${url}/ready`);
  if (!ok) failures += 1;
} finally {
  child.kill('SIGTERM');
  await new Promise((done) => child.once('exit', done));
  rmSync(home, { recursive: true, force: true });
  if (!process.env.CLIENTS_FOLDER) rmSync(folder, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
