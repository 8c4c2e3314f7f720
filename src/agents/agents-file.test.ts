/** What agents.yaml may say, and what is said of one that is wrong. */
import { describe, expect, it } from 'vitest';
import { parseAgentsFile } from './agents-file.ts';

const parse = (text: string) => parseAgentsFile(text, 'agents.yaml', 'project');

describe('parseAgentsFile', () => {
  it('reads agents and pipelines', () => {
    const { agents, pipelines, problems } = parse(`
agents:
  - name: coder
    description: Writes code
    default_model: anthropic/claude-sonnet-4-5
    system_prompt_additions: Be brief.
    executor: chat
  - { name: reviewer, description: Reads code }
pipelines:
  - name: ship
    steps:
      - { type: agent, agent: coder, model: openai/gpt-4o, description: Write it }
      - { type: approval, description: Is it right? }
      - { type: agent, agent: reviewer }
`);
    expect(problems).toEqual([]);
    expect(agents).toMatchObject([
      {
        name: 'coder',
        defaultModel: 'anthropic/claude-sonnet-4-5',
        systemPromptAdditions: 'Be brief.',
        executor: 'chat',
      },
      { name: 'reviewer', description: 'Reads code', defaultModel: undefined },
    ]);
    expect(pipelines).toMatchObject([
      {
        name: 'ship',
        steps: [
          { type: 'agent', agent: 'coder', model: 'openai/gpt-4o', description: 'Write it' },
          { type: 'approval', description: 'Is it right?' },
          { type: 'agent', agent: 'reviewer', model: undefined },
        ],
      },
    ]);
  });

  it.each([
    ['no YAML', 'agents: [', /no YAML/, 1],
    ['a list', '- a', /must hold `agents` and `pipelines`/, 1],
    ['another word', 'agent: []', /agent is not known here; known are agents, pipelines/, 1],
    ['no list', 'agents: { a: b }', /agents must be a list/, 1],
    ['a text for an entry', 'agents: [coder]', /agents\[1\] must be an entry/, 1],
    ['no description', 'agents:\n  - name: a', /agents\[1\]\.description must be text/, 2],
    [
      'a typo',
      'agents:\n  - name: a\n    description: b\n    default-model: c',
      /default-model is not known here/,
      4,
    ],
    [
      'a name twice',
      'agents:\n  - { name: a, description: b }\n  - { name: a, description: c }',
      /"a" stands there twice/,
      3,
    ],
    ['a pipeline without steps', 'pipelines:\n  - name: p', /pipelines\[1\] needs `steps`/, 2],
    [
      'a step of no type',
      'pipelines:\n  - name: p\n    steps:\n      - agent: a',
      /steps\[1\] `type` must be agent or approval/,
      4,
    ],
    [
      'a step without agent',
      'pipelines: [{ name: p, steps: [{ type: agent }] }]',
      /steps\[1\]\.agent must be text/,
      1,
    ],
    [
      'an approval with a model',
      'pipelines: [{ name: p, steps: [{ type: approval, model: m }] }]',
      /steps\[1\]\.model is not known/,
      1,
    ],
  ])('names what is wrong and where: %s', (_, text, reason, line) => {
    const { problems, agents, pipelines } = parse(text);
    expect(problems).toEqual([{ file: 'agents.yaml', line, reason: expect.stringMatching(reason) }]);
    expect([...agents, ...pipelines].length).toBeLessThan(2);
  });

  it('leaves out only the entry that is wrong', () => {
    const { agents, problems } = parse('agents:\n  - { name: a }\n  - { name: b, description: B }');
    expect(agents.map(({ name }) => name)).toEqual(['b']);
    expect(problems).toHaveLength(1);
  });

  it.each(['', '# nothing yet', 'agents:\npipelines:\n'])('takes %j for an empty file', (text) => {
    expect(parse(text)).toEqual({ isReadable: true, agents: [], pipelines: [], problems: [] });
  });
});
