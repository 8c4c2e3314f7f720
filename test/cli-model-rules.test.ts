/** `turnpike models set|unset|config`: what is asked of the admin API, what files become, and what is shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAdmin } from '../src/admin/app.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { connectionRefused } from './support/fake-io.ts';

resetBehind();

const fileOf = (home: string, name: string) => readFileSync(join(home, name), 'utf8');
/** Nobody listens, and the books are opened themselves. */
const offline = {
  fetch: connectionRefused,
  openOffline: async () => ({
    fetch: (request: Request) => createAdmin(behind.house.deps).fetch(request),
    close: async () => {},
  }),
};

describe('config', () => {
  it('shows every rule, name and setting, where it comes from, and what leads nowhere', async () => {
    const { code, out, err } = await turnpike('models config', { columns: 200 });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "prompt       model                 by       from
      step ship 1  as agent:planner
      step ship 2  fast                  step     agents.yaml, pipeline ship, step 2
      agent:*      ollama/codellama      project  turnpike.yaml models.agents.*
      agent:coder  openai/gpt-4o > fast  setting  setting agent:coder
      default      (none)

      name   leads to             is              from
      fast   openai/gpt-4o        alias           /code/turnpike.yaml
      smart  openai/gpt-4o, fast  cheapest route  /code/turnpike.yaml

      fallback: on, last openai/gpt-4o
      "
    `);
    expect(err).toMatchInlineSnapshot(`
      "! turnpike.yaml models.agents.*: ollama/codellama: no provider ollama is declared; set OLLAMA_HOST or providers.ollama
      "
    `);
  });

  it('as JSON', async () => {
    const { out } = await turnpike('models config --json');
    expect(JSON.parse(out)).toMatchObject({ rules: [{ id: 'agent:*' }, {}, {}], problems: [{}] });
  });

  it('without a server', async () => {
    const { code, out } = await turnpike('models config', offline);
    expect([code, out.includes('agent:coder')]).toEqual([0, true]);
  });
});

it('config print has what files say of models', async () => {
  const { fake } = await turnpike('models set agent:coder fast --fallback a/b --project --force');
  writeFileSync(join(fake.home, 'config.yaml'), 'fallback: { chains: { gpt-4o: [] } }\n');
  const { runCli } = await import('../src/cli/run-cli.ts');
  expect(await runCli(['config', 'print'], fake.io)).toBe(0);
  const rows = fake.out().replaceAll(fake.home, '~').split('\n');
  const shown = rows.filter((row) => /^(models\.agents|fallback)/.test(row)).map((row) => row.split(/ {2,}/));
  expect(shown).toEqual([
    ['models.agents.coder', 'fast > a/b', '~/turnpike.yaml'],
    ['fallback', 'on, 1 chain declared, built-in ones used', 'default'],
    ['fallback.chains.gpt-4o', 'nobody', '~/config.yaml'],
  ]);
});

describe('set', () => {
  it('in the registry', async () => {
    const { code, out, err } = await turnpike('models set agent:coder openai/gpt-4o --fallback fast,smart');
    expect([code, out, err]).toEqual([0, '✓ agent:coder -> openai/gpt-4o, then fast, then smart\n', '']);
    expect(behind.house.made).toEqual([
      ['agent:coder', { ref: 'openai/gpt-4o', fallback: ['fast', 'smart'] }, false],
    ]);
  });

  it('in the registry, as JSON and without a server', async () => {
    const { out } = await turnpike('models set default fast --json', offline);
    expect(JSON.parse(out)).toMatchObject({ id: 'default', effective: { ref: 'fast', layer: 'setting' } });
  });

  it('refuses what leads nowhere, unless forced', async () => {
    const refused = await turnpike('models set agent:coder nowhere/x');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('nowhere/x: no provider ollama is declared; set OLLAMA_HOST');
    expect(refused.err).toContain('add --force');
    expect(await turnpike('models set agent:coder nowhere/x --force')).toMatchObject({ code: 0 });
  });

  it('in the file of the project, and says what comes before it', async () => {
    const { code, out, err, fake } = await turnpike('models set agent:coder openai/gpt-4o --project');
    expect(code).toBe(0);
    expect(out).toBe('✓ agent:coder -> openai/gpt-4o in ~/.turnpike/turnpike.yaml\n');
    expect(err).toBe('! setting agent:coder comes before it: openai/gpt-4o\n');
    expect(fileOf(fake.home, 'turnpike.yaml')).toBe('models:\n  agents:\n    coder: openai/gpt-4o\n');
    expect(behind.house.made).toEqual([]);
  });

  it('in the file of the user, where nobody has started a server yet', async () => {
    const nobody = { fetch: connectionRefused, client: null };
    const { code, out, err, fake } = await turnpike(
      'models set command:oss:ship fast --fallback a/b --user',
      nobody,
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('✓ command:oss:ship -> fast, then a/b in ~/.turnpike/config.yaml\n');
    expect(fileOf(fake.home, 'config.yaml')).toContain('oss:ship:\n      model: fast\n');
  });

  it('in a file refuses what the server knows to lead nowhere', async () => {
    behind.house.deps = {
      ...behind.house.deps,
      routing: { ...behind.house.deps.routing, whoAnswers: () => ({ ok: false, message: 'no such model' }) },
    };
    const refused = await turnpike('models set agent:coder nobody/x --project');
    expect([refused.code, refused.err]).toEqual([
      1,
      '✗ no such model\n  Correct the model, or add --force.\n',
    ]);
    expect(await turnpike('models set agent:coder nobody/x --project --force')).toMatchObject({ code: 0 });
    expect(await turnpike('models set agent:coder inherit --project')).toMatchObject({ code: 0 });
  });

  it.each([
    ['models set agent:coder', 2, "missing required argument 'model'"],
    ['models set robot:x fast', 1, 'is no prompt'],
    ['models set robot:x fast --project', 1, 'is no prompt'],
    ['models set agent:x fast --project --user', 2, 'two files'],
    ['models set agent:x fast --fallback a,,b', 2, 'single commas'],
    ['models set default fast --fallback a/b --user', 1, 'has no fallback'],
  ])('%s is refused', async (words, code, part) => {
    const told = await turnpike(words);
    expect([told.code, told.err.includes(part)]).toEqual([code, true]);
  });
});

describe('unset', () => {
  it('in the registry', async () => {
    const { code, out } = await turnpike('models unset agent:coder');
    expect([code, out]).toEqual([
      0,
      '✓ agent:coder is no longer openai/gpt-4o; now ollama/codellama (turnpike.yaml models.agents.*)\n',
    ]);
    expect(behind.house.made).toEqual(['agent:coder']);
    expect((await turnpike('models unset agent:other')).err).toContain('nothing was set of agent:other');
  });

  it('in a file', async () => {
    const { code, out, err, fake } = await turnpike('models unset agent:coder --user');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('config.yaml says nothing of agent:coder');
    writeFileSync(join(fake.home, 'turnpike.yaml'), 'port: 1\nmodels: { agents: { coder: a/b } }\n');
    const { runCli } = await import('../src/cli/run-cli.ts');
    expect(await runCli(['models', 'unset', 'agent:coder', '--project'], fake.io)).toBe(0);
    expect(fileOf(fake.home, 'turnpike.yaml')).toBe('port: 1\n');
  });
});
