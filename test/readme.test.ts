/**
 * Does what the README and the guides say: every command of theirs is run against a started process, or stands below
 * with the reason why not; every link leads somewhere; the YAML loads; the headers are on a real answer.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { ROOT } from './support/source-tree.ts';
import {
  BOOTSTRAP_KEY,
  cleanEnv,
  newHome,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from './support/turnpike-process.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = read('README.md');

const folder = newHome();
const home = join(folder, '.turnpike');
let server: TurnpikeProcess;

beforeAll(async () => {
  mkdirSync(home, { mode: 0o700 });
  const shims = join(folder, 'bin');
  mkdirSync(shims);
  // What `npx turnpike` finds in a checkout, without npm's start-up.
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/main.js')}" "$@"\n`;
  writeFileSync(join(shims, 'npx'), npx, { mode: 0o755 });
  server = await startTurnpike({ home, env: { HOME: folder, LOG_LEVEL: 'error' } });
});
afterAll(async () => {
  await server.stop('SIGKILL');
  removeHome(folder);
});

/** What a reader's shell remembers of the commands before. */
const exported: string[] = [];

/** Runs one command as a reader would, at this server. */
function run(command: string): Promise<{ code: number | null; text: string }> {
  const path = `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`;
  const env = { ...cleanEnv(home), HOME: folder, PATH: path };
  const script = command.replaceAll('http://127.0.0.1:8642', server.url);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, text }));
  });
}

/** The commands of all shell blocks, one each: lines joined at their backslash, comments taken off. */
function commandsIn(page: string): string[] {
  return blocksIn(page, 'sh').flatMap((block) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

function blocksIn(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((found) => found[1]!);
}

/** Commands in the running text: `turnpike …` in backticks. */
function inlineCommandsIn(page: string): string[] {
  const text = page.replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/`((?:npx )?turnpike [a-z][^`]*)`/g)].map((found) => found[1]!);
}

/** What a command says when it has done what the page promises. In this order: a key is made before it is revoked. */
const DONE: readonly (readonly [command: string, says: RegExp])[] = [
  [
    'npx turnpike ask --model sandbox/scribe "Hello, who are you?"',
    /\w+ \w+[\s\S]*sandbox\/scribe · by explicit.* · \d+ in, \d+ out · \$0\.\d+/,
  ],
  ['npx turnpike usage', /sandbox\/scribe +1 /],
  [`export TURNPIKE_KEY=$(node -p "require(os.homedir() + '/.turnpike/client.json').key")`, /^$/],
  [
    `curl -N http://127.0.0.1:8642/v1/chat/completions -H "authorization: Bearer $TURNPIKE_KEY" -H 'content-type: application/json' -d '{"model":"sandbox/scribe","stream":true,"messages":[{"role":"user","content":"Hello, who are you?"}]}'`,
    /data: \{"id"[\s\S]*data: \[DONE\]/,
  ],
  ['npx turnpike doctor', /✓ server/],
  ['npx turnpike models list', /sandbox\/scribe +200,000 +\$1\.00 +\$5\.00/],
  ['npx turnpike run claude --print', /ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+/],
  ['turnpike config print', /^port +8642 +default$/m],
  ['turnpike keys create ci', /^tp-\w+/m],
  ['turnpike keys list', /^ci +key_\w+/m],
  ['turnpike keys revoke ci', /ci/],
  ['turnpike members invite ada@example.com', /\/console\/sign-up\?token=[\w-]{43}$/m],
  ['turnpike workspaces create research', /Workspace research \(ws_/],
  ['turnpike usage --by agent', /^agent/m],
  ['turnpike budgets create team --scope workspace --period month --limit 500', /Budget team \(bud_/],
  ['turnpike ledger verify', /The ledger adds up/],
  ['turnpike audit verify', /✓ ws_\w+: \d+ events/],
  ['turnpike doctor', /✓ ledger/],
  ['turnpike explain --agent code-reviewer --dry-run', /^default +sandbox\/scribe.*<- chosen$/m],
];

/** Why a command is not run here. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm install': 'the checkout of this test is installed',
  'npm start': 'build and `turnpike serve`: the server of this test is one',
  'ANTHROPIC_API_KEY=sk-ant-… OPENAI_API_KEY=sk-… npm start': 'needs keys of providers',
  'npx turnpike models test anthropic/claude-sonnet-4-5': 'needs a key of Anthropic',
  'npx turnpike ask --model openai/gpt-4o "In one line: what is a turnpike?"': 'needs a key of OpenAI',
  'npx turnpike run claude': 'needs Claude Code',
  'npx turnpike run claude --model openai/gpt-4o': 'needs Claude Code and a key of OpenAI',
  'npx turnpike run codex --model anthropic/claude-sonnet-4-5': 'needs Codex and a key of Anthropic',
  'npx turnpike run gemini --model openai/gpt-4o': 'needs Gemini CLI and a key of OpenAI',
  'npx turnpike run opencode --model sandbox/toolsmith': 'needs opencode',
  'turnpike models set agent:code-reviewer ollama/codellama': 'needs Ollama; cli-model-rules.test.ts runs it',
  'turnpike explain <exchange>': 'takes an id of its reader; cli-explain.test.ts runs it',
  'turnpike import litellm': 'takes a file of its reader; cli-import.test.ts runs it',
  'turnpike import ccr': 'takes a file of its reader; cli-import.test.ts runs it',
  'turnpike vault rotate': 'needs a secret in the vault; cli-vault.test.ts runs it',
  'turnpike vault recovery-key': 'shows a secret; cli-vault.test.ts runs it',
  'npm test': 'this test is part of it',
  'npm run check': 'this test is part of it',
  'npm run bench': 'needs a quiet machine',
};

describe('README.md', () => {
  const written = [...commandsIn(readme), ...inlineCommandsIn(readme)];
  it('has no command that is neither run nor excused, and none is listed that is gone', () => {
    expect(new Set(written)).toEqual(new Set([...DONE.map(([command]) => command), ...Object.keys(NOT_RUN)]));
  });
  it.each(DONE)('%s', async (command, says) => {
    // A person would be asked.
    const asRun = command.replace(/ revoke \w+$/, '$& --yes').replace(/^turnpike /, 'npx turnpike ');
    const { code, text } = await run([...exported, asRun].join('\n'));
    if (command.startsWith('export ')) exported.push(command);
    expect(text).toMatch(says);
    expect(code, text).toBe(0);
  });
  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [
      ...commandsIn(readme)
        .join('\n')
        .matchAll(/npm (?:run )?(start|test|check|bench)\b/g),
    ];
    expect(named.length).toBeGreaterThan(3);
    for (const [, script] of named) expect(Object.keys(scripts)).toContain(script);
  });
  it('shows a configuration that loads without a warning', () => {
    const [text, ...more] = blocksIn(readme, 'yaml');
    expect(more).toEqual([]);
    writeFileSync(join(folder, 'turnpike.yaml'), text!);
    const env = { TURNPIKE_HOME: home, OPENAI_API_KEY: 'sk-1' };
    const config = loadConfig({ flags: { config: 'turnpike.yaml' }, env, cwd: folder });
    expect(config.warnings).toEqual([]);
    expect(config.providers.map(({ name }) => name)).toEqual(['openai', 'groq', 'house']);
    expect({ ...config.aliases }).toEqual({ fast: 'openai/gpt-4o-mini' });
    const refs = config.routes.smart?.targets.map(({ ref }) => ref);
    expect(refs).toEqual(['anthropic/claude-sonnet-4-5', 'openai/gpt-4o']);
  });
  it.each(['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', '?key='])(
    'takes the key from %s',
    async (place) => {
      expect(readme).toContain(place === 'authorization' ? 'Authorization: Bearer' : place);
      const value = place === 'authorization' ? `Bearer ${BOOTSTRAP_KEY}` : BOOTSTRAP_KEY;
      const inUrl = place.startsWith('?');
      const url = `${server.url}/v1/models${inUrl ? place + BOOTSTRAP_KEY : ''}`;
      const answer = await fetch(url, { headers: inUrl ? {} : { [place]: value } });
      expect(answer.status).toBe(200);
    },
  );
});

describe('docs/reference/http.md', () => {
  const page = read('docs/reference/http.md');
  const chat = (path: string, more: object = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sandbox/echo', messages: [{ role: 'user', content: 'Hi' }], ...more }),
    });
  it('lists the response headers there are, and no others', async () => {
    const section = page.split('### Response headers')[1]!.split('###')[0]!;
    const listed = [...section.matchAll(/`(x-[a-z-]+)`/g)].map((found) => found[1]!);
    const answer = await chat('/v1/chat/completions');
    await answer.text();
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-')).sort()).toEqual(listed.sort());
  });
  it.each(['', '/anthropic', '/openai', '/gemini', '/ollama'])(
    'serves its paths under "%s"',
    async (prefix) => {
      const statuses = await Promise.all([
        chat(`${prefix}/v1/chat/completions`),
        chat(`${prefix}/v1/messages`, { max_tokens: 9 }),
        chat(`${prefix}/v1/messages/count_tokens`),
      ]);
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
    },
  );
  it.each(['/health', '/ready', '/metrics'])('serves %s to anybody', async (path) => {
    expect(page).toContain(`\`GET ${path}\``);
    expect((await fetch(server.url + path)).status).toBe(200);
  });
});

const pages = ['.', 'docs/guide', 'docs/reference', 'docs/decisions', 'bench'].flatMap((place) =>
  readdirSync(join(ROOT, place))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(place, name)),
);

it.each(pages)('%s links to files that exist', (page) => {
  const text = read(page).replaceAll(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((found) => found[1]!);
  const local = links.filter((link) => !/^(https?:|mailto:|#)/.test(link));
  const dead = local.filter((link) => !existsSync(join(ROOT, dirname(page), link.split('#')[0]!)));
  expect(dead).toEqual([]);
});
