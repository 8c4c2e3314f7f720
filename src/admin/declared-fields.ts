/** Fields that declared routes and aliases share: their names, and where they are declared. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { NameAnswer, NamedFacts } from './deps-declared.ts';
import { iso, When } from './fields.ts';
import { problemOf, problemResponse } from './problem.ts';

export const DeclaredName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64')
  .openapi({ example: 'fast' });

/** Where it is declared, and whether it leads somewhere. */
export const declaredFields = {
  source: z.enum(['file', 'registry']).openapi({ description: 'registry = through this API' }),
  file: z.string().nullable().openapi({ description: 'The file that declares it' }),
  problem: z
    .string()
    .nullable()
    .openapi({ description: 'Why it leads nowhere now; null = it leads somewhere' }),
  createdBy: z.string().nullable(),
  createdAt: When.nullable(),
  changedAt: When.nullable(),
};

export function renderWhere({ file, problem, record }: NamedFacts<unknown>) {
  return {
    source: file === undefined ? ('registry' as const) : ('file' as const),
    file: file ?? null,
    problem: problem ?? null,
    createdBy: record?.createdBy ?? null,
    createdAt: record ? iso(record.createdAtMs) : null,
    changedAt: record ? iso(record.changedAtMs) : null,
  };
}

export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

/** In a path a name is read as it comes: one that is none is unknown. */
export const nameParams = z.strictObject({ name: z.string().max(200) });

export const nameRefusals = {
  404: problemResponse('record_unknown'),
  409: problemResponse('name_fixed'),
};

export function problemOfName(answer: Exclude<NameAnswer<unknown>, { kind: 'done' }>) {
  switch (answer.kind) {
    case 'fixed':
      return { status: 409, problem: problemOf(refuse('name_fixed', answer.message)) } as const;
    case 'invalid':
      return { status: 400, problem: problemOf(refuse('body_invalid', answer.message)) } as const;
    case 'too_many':
      return {
        status: 400,
        problem: problemOf(refuse('body_invalid', 'the workspace has no room for more')),
      } as const;
    default:
      return answer satisfies never;
  }
}
