/** From prompt files to the model that answers: by text, by command, by header, and after a file was changed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptList } from '../src/admin/prompts.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome } from './support/turnpike-process.ts';

const REVIEWER = 'You are a senior code reviewer.\n\nRead the change before you say anything about it.';
const home = newHome();

function write(name: string, text: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text);
}

let house: OpenHouse;
beforeAll(async () => {
  write(
    '.claude/agents/code-reviewer.md',
    `---\nname: code-reviewer\nmodel: sandbox/thinker\n---\n${REVIEWER}\n`,
  );
  write(
    '.claude/agents/helper.md',
    '---\nmodel: sonnet\n---\nYou help with whatever it is that people ask of you.',
  );
  write('plugin/commands/ship.md', '---\nmodel: sandbox/toolsmith\n---\nShip what is there: $ARGUMENTS\n');
  write('.claude/agents/broken.md', '---\nmodel: [\n---\nNobody knows what this one is there to do.');
  write('agents.yaml', 'agents:\n  - { name: helper, description: Helps, default_model: sandbox/thinker }\n');
  house = await openHouse('prompts: { folders: [{ path: plugin, namespace: oss }] }\n', home);
});
afterAll(() => house.close());

const text = (said: string) => ({ type: 'text', text: said });

/** The model that answered. */
async function served(body: object, headers: Record<string, string> = {}): Promise<string | null> {
  const answer = await fetch(`${house.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': BOOTSTRAP_KEY, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'sandbox/echo',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hi' }],
      ...body,
    }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  await answer.text();
  return answer.headers.get('x-turnpike-model');
}

/** As Claude Code sends it for a subagent. */
const subagent = {
  system: [
    text('x-anthropic-billing-header: cc_version=2.1.329; cc_entrypoint=cli;'),
    text("You are Claude Code, Anthropic's official CLI for Claude."),
    text(`${REVIEWER}\n\nNotes:\n- Agent threads always have their cwd reset between bash calls.`),
  ],
};
const command = {
  messages: [
    {
      role: 'user',
      content: [
        text('<command-message>oss:ship</command-message>\n<command-name>/oss:ship</command-name>'),
        text('Ship what is there: now'),
      ],
    },
  ],
};

describe('a request', () => {
  it.each([
    ['of nobody keeps its model', {}, {}, 'sandbox/echo'],
    ['of an agent gets the model of its file', subagent, {}, 'sandbox/thinker'],
    ['of a command gets the model of its file', command, {}, 'sandbox/toolsmith'],
    [
      'that names its prompt is believed',
      subagent,
      { 'x-turnpike-prompt': 'command:oss:ship' },
      'sandbox/toolsmith',
    ],
    ['of an agent of agents.yaml gets its model', {}, { 'x-turnpike-agent': 'helper' }, 'sandbox/thinker'],
    ['that names its model gets that', subagent, { 'x-turnpike-model': 'sandbox/scribe' }, 'sandbox/scribe'],
  ])('%s', async (_, body, headers, model) => {
    expect(await served(body, headers as Record<string, string>)).toBe(model);
  });

  it('gets the other model once the file says another', async () => {
    write(
      '.claude/agents/code-reviewer.md',
      `---\nname: code-reviewer\nmodel: sandbox/scribe\n---\n${REVIEWER}\n`,
    );
    await house.admin('POST', '/config/reload', {});
    expect(await served(subagent)).toBe('sandbox/scribe');
  });
});

describe('GET /api/v1/prompts', () => {
  it('lists the files with what is wrong with them', async () => {
    const { prompts, problems } = await house.admin<PromptList>('GET', '/prompts');
    expect(prompts.map(({ id, model, isFoundByText }) => [id, model, isFoundByText])).toEqual([
      ['agent:broken', null, true],
      ['agent:code-reviewer', expect.stringContaining('sandbox/'), true],
      ['agent:helper', 'sonnet', true],
      ['command:oss:ship', 'sandbox/toolsmith', false],
    ]);
    expect(problems).toEqual([
      { file: join(home, '.claude/agents/broken.md'), line: 2, reason: expect.stringContaining('no YAML') },
    ]);
  });
});
