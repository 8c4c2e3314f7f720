/** `turnpike models prompts`: what is shown of the prompt files there are. */
import { expect, it } from 'vitest';
import { noDefinitions } from '../src/agents/definition.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

it('lists them with what they want, and ends with 1 where something is wrong', async () => {
  const { code, out, err } = await turnpike('models prompts');
  expect(out).toMatchInlineSnapshot(`
    "prompt                   model                            by text  file
    agent:oss:code-reviewer  ollama/codellama, openai/gpt-4o  no       /repo/.claude/agents/code-reviewer.md
    agent:oss:code-reviewer is not known by its text: its text has fewer than 32 characters
    "
  `);
  expect(err).toContain('! /repo/agents.yaml: is no file\n');
  expect(code).toBe(1);
});

it('says where to put them when there are none', async () => {
  const nothing = { definitions: noDefinitions, left: new Map() };
  behind.house.deps = { ...behind.house.deps, describePrompts: () => nothing };
  const { code, out } = await turnpike('models prompts');
  expect(out).toContain('There are no prompt files.');
  expect(code).toBe(0);
});

it('prints what the API says as JSON', async () => {
  const { out } = await turnpike('models prompts --json');
  expect(JSON.parse(out)).toMatchObject({ prompts: [{ id: 'agent:oss:code-reviewer' }] });
});
