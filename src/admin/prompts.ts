/** The prompt files that are read, what they say of models, and whether requests are known by their texts. */
import { z } from '@hono/zod-openapi';
import type { PromptDefinition } from '../agents/definition.ts';
import { PROMPT_KINDS, promptIdText } from '../base/prompt-id.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { PromptFacts } from './deps-prompts.ts';
import { Count } from './fields.ts';
import { denied } from './problem.ts';
import { adminRoute } from './route.ts';

export const Prompt = z
  .strictObject({
    id: z.string().openapi({ example: 'agent:oss:code-reviewer' }),
    kind: z.enum(PROMPT_KINDS),
    file: z.string(),
    side: z.enum(['project', 'user']),
    description: z.string().nullable(),
    model: z.string().nullable().openapi({ description: 'As the frontmatter has it' }),
    fallback: z.array(z.string()),
    isFoundByText: z
      .boolean()
      .openapi({ description: 'Requests are known to be its own by the text in them' }),
    whyNot: z.string().nullable(),
  })
  .openapi('Prompt');
export type Prompt = z.infer<typeof Prompt>;

export const PromptList = z
  .strictObject({
    prompts: z.array(Prompt),
    problems: z
      .array(z.strictObject({ file: z.string(), line: Count.nullable(), reason: z.string() }))
      .openapi({
        description: 'What is wrong with prompt files and agents.yaml; what is right in them counts',
      }),
  })
  .openapi('PromptList');
export type PromptList = z.infer<typeof PromptList>;

const route = adminRoute('viewer', {
  method: 'get',
  path: '/prompts',
  summary: 'Prompt files, the models they want, and what is wrong with them',
  responses: {
    200: { description: 'The prompts', content: { 'application/json': { schema: PromptList } } },
    ...denied,
  },
});

export function registerPrompts(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, (c) => {
    const { definitions, left } = deps.describePrompts();
    const problems = definitions.problems.map(({ file, line, reason }) => ({
      file,
      line: line ?? null,
      reason,
    }));
    const prompts = definitions.prompts.map((prompt) => renderPrompt(prompt, left));
    return c.json({ prompts, problems } satisfies PromptList, 200);
  });
}

/** Descriptions in frontmatters may hold pages of examples. */
const MAX_DESCRIPTION = 500;

function renderPrompt(
  { id, file, side, description, model, fallback }: PromptDefinition,
  left: PromptFacts['left'],
): Prompt {
  const text = promptIdText(id);
  const whyNot = left.get(text) ?? null;
  return {
    id: text,
    kind: id.kind,
    file,
    side,
    description: description?.slice(0, MAX_DESCRIPTION) ?? null,
    model: model ?? null,
    fallback: [...fallback],
    isFoundByText: whyNot === null,
    whyNot,
  };
}
