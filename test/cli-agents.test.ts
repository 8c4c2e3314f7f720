/** `turnpike agents`: what is asked of the admin API, and what is shown of its answers; and whose text `ask` takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentDesk } from '../src/admin/deps-agents.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { createFakeIo } from './support/fake-io.ts';

resetBehind();

function change(more: Partial<AgentDesk>): void {
  const { deps } = behind.house;
  behind.house.deps = { ...deps, agents: { ...deps.agents, ...more } };
}

it('lists them, with what each spent and which model it gets', async () => {
  const { code, out, err } = await turnpike('agents list', { columns: 300 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "name      state    last seen         model                             by     requests  this month  in all  from
    coder     online   2026-11-21 11:59  openai/gpt-4o                     agent     5,678       $2.50  $20.00  registry
    reviewer  offline  never             ollama/codellama (leads nowhere)  agent         0          $0      $0  file
    "
  `);
  expect(JSON.parse((await turnpike('agents list --json')).out).agents).toMatchObject([
    { id: 'agt_1', name: 'coder', state: 'online' },
    { id: 'reviewer', source: 'file', lastSeenAt: null },
  ]);
});

it('lists those that are asked for, all pages of them', async () => {
  await turnpike('agents list --search cod --source registry --state idle --archived');
  expect(behind.house.made).toEqual([
    { after: undefined, text: 'cod', source: 'registry', presence: 'idle', withArchived: true, limit: 201 },
  ]);
  change({ list: async () => [] });
  expect((await turnpike('agents list')).out).toBe(
    'No agents. Make one with `turnpike agents create <name>`.\n',
  );
});

it('shows one, and nothing that a terminal would obey', async () => {
  const { code, out } = await turnpike('agents show coder');
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "coder
      id          agt_1
      description Writes code
      prefers     openai/gpt-4o
      gets        openai/gpt-4o, by agent (agent coder of the registry)
      state       online, last seen 2026-11-21 11:59 UTC
      spent       $2.50 this month (1,234 requests), $20.00 in all (5,678)
      made        2026-11-20 12:00 UTC by operator

    You write code.
    "
  `);
  expect((await turnpike('agents show reviewer')).out).toMatchInlineSnapshot(`
    "reviewer
      file        /repo/agents.yaml
      prefers     the default
      gets        ollama/codellama, by agent (/repo/agents.yaml, agent reviewer)
      problem     no provider ollama is declared; set OLLAMA_HOST or providers.ollama
      state       never seen
      spent       $0 this month (0 requests), $0 in all (0)
    "
  `);
  const whole = (await behind.house.deps.agents.find('coder'))!;
  change({ find: async () => ({ ...whole, systemPrompt: 'One\n\u001b[2Jtwo\u202e' }) });
  expect((await turnpike('agents show coder')).out).toContain('One\n\ufffd[2Jtwo\ufffd');
});

it('says where there is none', async () => {
  const { code, err } = await turnpike('agents show nobody');
  expect([code, err]).toEqual([1, expect.stringContaining('there is no agent nobody')]);
});

describe('create', () => {
  it('takes a name, and all that may go with it', async () => {
    expect((await turnpike('agents create tester')).out).toBe('✓ Agent tester (agt_1).\n');
    const fake = createFakeIo();
    const file = join(fake.home, 'tester.md');
    mkdirSync(fake.home, { recursive: true });
    writeFileSync(file, '---\nname: tester\nmodel: a/b\n---\nYou test.\n');
    const words = `agents create tester --prompt ${file} --model openai/gpt-4o --budget 25/month,2/day --force --description Tests --json`;
    expect(JSON.parse((await turnpike(words)).out)).toMatchObject({ name: 'tester' });
    expect(behind.house.made).toEqual([
      [{ name: 'tester' }, [], { by: 'operator', force: false }],
      [
        {
          name: 'tester',
          description: 'Tests',
          systemPrompt: 'You test.',
          preferredModel: 'openai/gpt-4o',
        },
        [
          expect.objectContaining({ name: 'agent:tester month', period: 'month' }),
          expect.objectContaining({ name: 'agent:tester day', period: 'day' }),
        ],
        { by: 'operator', force: true },
      ],
    ]);
  });

  it.each([
    ['agents create coder', 1, 'another agent is called "coder"'],
    ['agents create two,words', 1, 'name: must be'],
    ['agents create x --budget 25', 2, '--budget 25 is no budget'],
    ['agents create x --prompt nowhere.md', 2, 'cannot be read'],
    ['agents create', 2, 'name'],
  ])('%s is refused', async (words, code, message) => {
    const told = await turnpike(words);
    expect([told.code, told.err]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('update, model and archive', () => {
  it('change what is named', async () => {
    expect((await turnpike('agents update coder --description none --prompt none')).out).toBe(
      '✓ Changed coder.\n',
    );
    expect(behind.house.made).toEqual([['coder', { description: null, systemPrompt: null }]]);
    expect((await turnpike('agents update coder')).code).toBe(2);
    const declared = await turnpike('agents update reviewer --description x');
    expect([declared.code, declared.err]).toEqual([1, expect.stringContaining('is declared in a file')]);
  });

  it('prefer a model, or use the default again', async () => {
    expect((await turnpike('agents model coder openai/o3')).out).toBe(
      '✓ coder prefers openai/o3 and gets openai/gpt-4o (agent coder of the registry).\n',
    );
    expect((await turnpike('agents model coder default')).out).toContain('coder prefers the default');
    const nowhere = await turnpike('agents model coder nowhere/x');
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('or add --force')]);
    const forced = await turnpike('agents model reviewer nowhere/x --force');
    expect([forced.code, forced.err]).toEqual([0, expect.stringContaining('no provider ollama is declared')]);
    expect(behind.house.made).toEqual([
      ['coder', 'openai/o3', false],
      ['coder', undefined, false],
      ['coder', 'nowhere/x', false],
      ['reviewer', 'nowhere/x', true],
    ]);
  });

  it('archive when it is confirmed', async () => {
    const unconfirmed = await turnpike('agents archive coder', { stdin: '' });
    expect([unconfirmed.code, unconfirmed.err]).toEqual([2, expect.stringContaining('--yes')]);
    expect((await turnpike('agents archive coder --yes')).out).toBe('✓ Archived coder (agt_1).\n');
    expect(behind.house.made).toEqual([['archive', 'agt_1']]);
  });
});

describe('tasks', () => {
  it('are listed, and one is shown with what was reported of it', async () => {
    expect((await turnpike('agents tasks coder', { columns: 200 })).out).toMatchInlineSnapshot(`
      "task          state    done  begun             ended  session    id
      Fix the door  running  40 %  2026-11-21 11:58         session-7  tsk_1
      "
    `);
    expect((await turnpike('agents tasks coder --state done')).out).toBe(
      'coder has reported no such task.\n',
    );
    expect((await turnpike('agents tasks coder tsk_1')).out).toMatchInlineSnapshot(`
      "Fix the door
        state    running, 40 %
        session  session-7
        reported 2026-11-21 11:58 UTC
        begun    2026-11-21 11:58 UTC

      2026-11-21 11:58  state     running
      "
    `);
    const json = JSON.parse((await turnpike('agents tasks coder tsk_1 --json')).out);
    expect(json).toMatchObject({ id: 'tsk_1', events: [{ kind: 'state' }] });
    expect(JSON.parse((await turnpike('agents tasks coder --json')).out)).toMatchObject({
      tasks: [{}],
      next: null,
    });
  });

  it.each([
    ['agents tasks coder tsk_none', 1, 'no task tsk_none'],
    ['agents tasks nobody', 1, 'there is no agent nobody'],
    ['agents tasks reviewer', 1, 'is declared in a file'],
    ['agents tasks coder --limit 501', 2, 'from 1 to 500'],
    ['agents tasks coder tsk_1 --state done', 2, '--state is of lists'],
  ])('%s is refused', async (words, code, message) => {
    const told = await turnpike(words);
    expect([told.code, told.err]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('ask --agent', () => {
  const sent = () => behind.asked[0]!.body as { messages: object[] };

  it('puts the text of the registry above the question where there is no file', async () => {
    const { code, err } = await turnpike('ask --agent coder Hi');
    expect(code).toBe(0);
    expect(err).not.toContain('There is no file');
    expect(sent().messages).toEqual([
      { role: 'system', content: 'You write code.' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(behind.asked[0]!.headers.get('x-turnpike-prompt')).toBe('agent:coder');
  });

  it('says so where the registry has no text of it either', async () => {
    const { err } = await turnpike('ask --agent reviewer Hi');
    expect(err).toContain('There is no file of the agent reviewer here, nor a text in the registry');
    expect(sent().messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });
});
