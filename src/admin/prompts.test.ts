/** The answer of GET /api/v1/prompts. */
import { expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import { PromptList } from './prompts.ts';

it('lists prompts with what they want, and whether they are known by their text', async () => {
  const admin = createAdmin(fakeHouse().deps);
  const request = new Request('http://t/api/v1/prompts', { headers: { authorization: `Bearer ${TOKEN}` } });
  const answer = await admin.fetch(request);
  expect(answer.status).toBe(200);
  expect(PromptList.parse(await answer.json())).toEqual({
    prompts: [
      {
        id: 'agent:oss:code-reviewer',
        kind: 'agent',
        file: '/repo/.claude/agents/code-reviewer.md',
        side: 'project',
        description: null,
        model: 'ollama/codellama',
        fallback: ['openai/gpt-4o'],
        isFoundByText: false,
        whyNot: 'its text has fewer than 32 characters',
      },
    ],
    problems: [{ file: '/repo/agents.yaml', line: null, reason: 'is no file' }],
  });
});
