/** Which of the models that files name become rules. */
import { describe, expect, it } from 'vitest';
import type { PromptDefinition } from './definition.ts';
import { noDefinitions } from './definition.ts';
import { promptRulesOf } from './rules.ts';

const prompt = (model: string | undefined, fallback: readonly string[] = []): PromptDefinition => ({
  id: { kind: 'agent', name: 'a' },
  file: 'a.md',
  side: 'user',
  text: '',
  model,
  fallback,
  description: undefined,
});

const ruleOf = (one: PromptDefinition, names: readonly string[] = []) =>
  promptRulesOf({ ...noDefinitions, prompts: [one] }, (ref) => names.includes(ref)).frontmatter.exact.get(
    'agent:a',
  );

describe('promptRulesOf', () => {
  it.each([undefined, 'inherit', 'sonnet', 'Opus', 'haiku', 'opusplan', 'sonnet[1m]'])(
    'takes no rule from the model %s of a frontmatter',
    (model) => {
      expect(ruleOf(prompt(model))).toBeUndefined();
    },
  );

  it.each(['openai/gpt-4o', 'sonnet-4', 'my-sonnet'])('takes the model %s as it stands', (model) => {
    expect(ruleOf(prompt(model))).toEqual({ ref: model, source: 'a.md' });
  });

  it('takes a word of Claude Code for the alias of that name', () => {
    expect(ruleOf(prompt('sonnet'), ['sonnet'])).toEqual({ ref: 'sonnet', source: 'a.md' });
  });

  it.each([undefined, 'inherit', 'sonnet'])('keeps what comes after the model %s of others', (model) => {
    expect(ruleOf(prompt(model, ['n']))).toEqual({ ref: 'inherit', source: 'a.md', fallback: ['n'] });
  });

  it('keeps what comes after the model', () => {
    expect(ruleOf(prompt('m', ['n', 'o']))?.fallback).toEqual(['n', 'o']);
  });

  it('has a rule for each agent with a model of its own', () => {
    const agent = {
      description: '',
      systemPromptAdditions: undefined,
      executor: undefined,
      file: 'f',
      side: 'user',
    } as const;
    const agents = [
      { ...agent, name: 'a', defaultModel: 'm' },
      { ...agent, name: 'b', defaultModel: undefined },
    ];
    const rules = promptRulesOf({ ...noDefinitions, agents }, () => false);
    expect([...rules.agents.exact]).toEqual([['agent:a', { ref: 'm', source: 'f, agent a' }]]);
  });

  it('has a step for each of a pipeline, in order', () => {
    const steps = [
      { type: 'agent', agent: 'a', model: 'm', description: 'Write it' },
      { type: 'approval', description: undefined },
      { type: 'agent', agent: 'b', model: undefined, description: undefined },
    ] as const;
    const pipelines = [{ name: 'ship', steps, file: 'f', side: 'user' }] as const;
    expect(promptRulesOf({ ...noDefinitions, pipelines }, () => false).pipelines.get('ship')).toEqual([
      { name: 'Write it', agent: 'a', rule: { ref: 'm', source: 'f, pipeline ship, step 1' } },
      { name: 'approval', agent: undefined, rule: undefined },
      { name: 'b', agent: 'b', rule: undefined },
    ]);
  });
});
