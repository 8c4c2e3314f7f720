/** `turnpike ask` with prompt files: which text is sent as what, whose it is said to be, and what is said of the answer. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.ts';
import { orders } from './support/cells.ts';
import { behind, fakeServer, resetBehind, turnpike } from './support/cli-harness.ts';
import { createFakeIo } from './support/fake-io.ts';
import { type KeptHouse, openKept } from './support/kept-answers.ts';
import { operatorToken } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

resetBehind();

/** A person's folder, with what coding agents keep in it. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-ask-'));
  write('.claude/agents/reviewer.md', '---\nname: reviewer\nmodel: oai/scribe\n---\n\nYou review.\n');
  write('.claude/agents/plain.md', '---\nname: plain\nmodel: inherit\n---\nYou are plain.');
  write(
    '.claude/commands/git/ship.md',
    '---\ndescription: ship it\n---\nShip $ARGUMENTS, then say $ARGUMENTS.',
  );
  write('.claude/commands/greet.md', 'Say hello.');
  write('.claude/skills/pdf/SKILL.md', '---\nname: pdf\n---\nYou read PDFs.');
  write('notes/agents/loose.md', '---\nmodel: ant/scribe\n---\nYou are loose.');
  write('notes/other.md', 'No frontmatter.');
  write('notes/broken\nname.md', 'A name that no header takes.');
  write('notes/huge.md', 'x'.repeat(300 * 1024));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const system = (content: string) => ({ role: 'system', content });
const user = (content: string) => ({ role: 'user', content });

async function ask(words: readonly string[], options: { readonly url?: string; readonly key?: string } = {}) {
  const client = options.url === undefined ? {} : { client: options };
  const fetcher = options.url === undefined ? fakeServer : (request: Request) => fetch(request);
  const fake = createFakeIo({ fetch: fetcher, env: { HOME: folder }, ...client });
  const code = await runCli(['ask', ...words], fake.io);
  return { code, out: fake.out(), err: fake.err() };
}

describe('the text', () => {
  it.each([
    {
      title: 'of an agent is the system prompt, its model the request’s own',
      words: ['--agent', 'reviewer', 'Look at this'],
      prompt: 'agent:reviewer',
      messages: [system('You review.'), user('Look at this')],
      model: 'oai/scribe',
    },
    {
      title: 'of an agent that takes the model of who calls it names none',
      words: ['--agent', 'plain', 'Hi'],
      prompt: 'agent:plain',
      messages: [system('You are plain.'), user('Hi')],
      model: undefined,
    },
    {
      title: 'of a command is what is asked, with the question in the place of $ARGUMENTS',
      words: ['--command', 'git:ship', 'v2 $& now'],
      prompt: 'command:git:ship',
      messages: [user('Ship v2 $& now, then say v2 $& now.')],
      model: undefined,
    },
    {
      title: 'of a command without a question is all that is asked',
      words: ['--command', 'greet'],
      prompt: 'command:greet',
      messages: [user('Say hello.')],
      model: undefined,
    },
    {
      title: 'of a command without $ARGUMENTS stands before the question',
      words: ['--command', 'greet', 'in Greek'],
      prompt: 'command:greet',
      messages: [user('Say hello.\n\nin Greek')],
      model: undefined,
    },
    {
      title: 'of a skill is the system prompt',
      words: ['--skill', 'pdf', 'Read it'],
      prompt: 'skill:pdf',
      messages: [system('You read PDFs.'), user('Read it')],
      model: undefined,
    },
    {
      title: 'that is given on the line stands in the place of the file’s',
      words: ['--agent', 'reviewer', '--system', 'Be kind.', 'Hi'],
      prompt: 'agent:reviewer',
      messages: [system('Be kind.'), user('Hi')],
      model: 'oai/scribe',
    },
  ])('$title', async ({ words, prompt, messages, model }) => {
    expect((await ask(words)).code).toBe(0);
    const { headers, body } = behind.asked[0]!;
    expect(headers.get('x-turnpike-prompt')).toBe(prompt);
    expect(headers.get('x-turnpike-model')).toBeNull();
    expect((body as { model?: string }).model).toBe(model);
    expect(body).toMatchObject({ messages });
  });

  it.each([
    ['.claude/agents/reviewer.md', 'agent:reviewer', 'oai/scribe'],
    ['.claude/commands/git/ship.md', 'command:git:ship', undefined],
    ['notes/agents/loose.md', 'agent:loose', 'ant/scribe'],
    ['notes/other.md', 'agent:other', undefined],
  ])('of any file: %s is %s', async (file, prompt, model) => {
    expect((await ask(['--prompt', join(folder, file), 'Hi'])).code).toBe(0);
    expect(behind.asked[0]!.headers.get('x-turnpike-prompt')).toBe(prompt);
    expect((behind.asked[0]!.body as { model?: string }).model).toBe(model);
  });

  it('is not sent of an agent that has no file here, and that is said', async () => {
    const { code, err } = await ask(['--agent', 'elsewhere', 'Hi']);
    expect(code).toBe(0);
    expect(err).toContain('There is no file of the agent elsewhere here');
    expect(behind.asked[0]!.headers.get('x-turnpike-prompt')).toBe('agent:elsewhere');
    expect(behind.asked[0]!.body).toMatchObject({ messages: [user('Hi')] });
  });
});

describe('refuses', () => {
  it.each([
    [['--command', 'nothing'], 2, 'there is no command nothing here\n  There are git:ship, greet;'],
    [['--skill', 'nothing', 'Hi'], 2, 'there is no skill nothing here'],
    [['--agent', 'a', '--skill', 'b', 'Hi'], 2, 'only one of --agent, --prompt, --command and --skill'],
    [['--agent', 'a\r\nx: y', 'Hi'], 2, 'cannot be named in a header'],
    [['--model', 'a b', 'Hi'], 2, '--model "a b" is no model ref'],
    [['--prompt', 'missing.md', 'Hi'], 2, 'missing.md cannot be read (ENOENT)'],
  ] as const)('%j', async (words, code, message) => {
    const told = await ask(words);
    expect([told.code, behind.asked]).toEqual([code, []]);
    expect(told.err).toContain(message);
  });

  it.each([
    ['notes/huge.md', 'a prompt has at most 262144'],
    ['notes/broken\nname.md', 'cannot be named in a header'],
  ])('the file %j', async (file, message) => {
    const told = await ask(['--prompt', join(folder, file), 'Hi']);
    expect([told.code, behind.asked]).toEqual([2, []]);
    expect(told.err).toContain(message);
  });
});

it('sends --model as the explicit choice, and nothing else', async () => {
  await turnpike('ask hi --model gemini/gemini-2.5-flash');
  const { headers, body } = behind.asked[0]!;
  expect(headers.get('x-turnpike-model')).toBe('gemini/gemini-2.5-flash');
  expect(body).not.toHaveProperty('model');
});

describe('on a real server', () => {
  let kept: KeptHouse;
  let client: { url: string; key: string; operatorToken: string };
  beforeAll(async () => {
    // Nobody listens at the address of `gone`.
    kept = await openKept(`  gone: { kind: ollama, base_url: "http://127.0.0.1:9" }
models:
  agents: { local: gone/codellama, cheap: oai/scribe }
  commands: { ship: gem/scribe }
fallback: { enabled: true, default: ant/scribe }
`);
    const { url, home } = kept.house;
    client = { url, key: BOOTSTRAP_KEY, operatorToken: operatorToken(home) };
  });
  afterAll(() => kept.close());

  it('says which layer chose the model, and where that is written', async () => {
    const { code, out, err } = await ask(['--agent', 'cheap', orders('text="Fine."')], client);
    expect([code, out]).toEqual([0, 'Fine.\n']);
    expect(err).toMatch(/^oai\/scribe · by user \(.*config\.yaml.*\) · \d+ in, \d+ out · cost unknown$/m);
  });

  it('says that --model came before', async () => {
    const words = ['--agent', 'cheap', '--model', 'gem/scribe', orders('text="Fine."')];
    expect((await ask(words, client)).err).toContain('gem/scribe · by explicit');
  });

  it('gives notice when another answered than was chosen', async () => {
    const { code, err } = await ask(['--agent', 'local', orders('text="Fine."')], client);
    expect(code).toBe(0);
    expect(err).toMatch(/^⚠ gone\/codellama did not answer \(.+\); ant\/scribe did$/m);
    // Nobody knows a price of that model here: nothing would be the cost of the attempt before it.
    expect(err).toMatch(/^ant\/scribe · by user .* · cost unknown$/m);
  });

  it('says when an answer was given again, and so does explain', async () => {
    const key = await kept.makeKey({ cacheTtlMs: 60_000 });
    const words = ['--model', 'oai/scribe', orders('text="Kept."')];
    await ask(words, { ...client, key });
    const { out, err } = await ask([...words, '--json'], { ...client, key });
    const { exchangeId, ...told } = JSON.parse(out);
    expect([err, told]).toMatchObject(['', { text: 'Kept.', isCached: true, costUsd: '0.00' }]);
    const fake = createFakeIo({ fetch: (request) => fetch(request), client });
    expect(await runCli(['explain', exchangeId], fake.io)).toBe(0);
    expect(fake.out()).toMatch(/^given again +from the cache: nothing was sent$/m);
  });

  it('takes the model of a file’s own frontmatter where the server knows no better', async () => {
    const { err } = await ask(['--agent', 'reviewer', orders('text="Fine."')], client);
    expect(err).toContain('oai/scribe · by request');
  });
});
