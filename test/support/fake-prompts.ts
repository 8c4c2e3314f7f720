/** Prompt files as the admin API has them: one that is too short to be known by its text. */
import type { PromptFacts } from '../../src/admin/deps-prompts.ts';
import { noDefinitions } from '../../src/agents/definition.ts';

export const fakePrompts: PromptFacts = {
  definitions: {
    ...noDefinitions,
    prompts: [
      {
        id: { kind: 'agent', name: 'oss:code-reviewer' },
        file: '/repo/.claude/agents/code-reviewer.md',
        side: 'project',
        text: 'Review.',
        model: 'ollama/codellama',
        fallback: ['openai/gpt-4o'],
        description: undefined,
      },
    ],
    problems: [{ file: '/repo/agents.yaml', line: undefined, reason: 'is no file' }],
  },
  left: new Map([['agent:oss:code-reviewer', 'its text has fewer than 32 characters']]),
};
