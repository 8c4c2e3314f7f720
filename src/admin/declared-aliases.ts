/** Aliases: other names for model refs, of files and of the workspace. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { callerOf } from './caller.ts';
import {
  DeclaredName,
  declaredFields,
  json,
  nameParams,
  nameRefusals,
  problemOfName,
  renderWhere,
} from './declared-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { AliasFacts } from './deps-declared.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { Force, Ref } from './routing-fields.ts';

export const Alias = z
  .strictObject({ name: z.string(), ref: z.string(), ...declaredFields })
  .openapi('Alias');
export type Alias = z.infer<typeof Alias>;
export const AliasList = z.strictObject({ aliases: z.array(Alias) }).openapi('AliasList');
export type AliasList = z.infer<typeof AliasList>;
export const NewAliasBody = z.strictObject({ ref: Ref, force: Force }).openapi('NewAlias');
export type NewAliasBody = z.input<typeof NewAliasBody>;

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/aliases',
  summary: 'Aliases of the files and of the workspace',
  responses: { 200: json('The aliases', AliasList), ...denied },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/aliases/{name}',
  summary: 'One alias',
  request: { params: nameParams },
  responses: { 200: json('The alias', Alias), 404: nameRefusals[404], ...denied },
});

const setRoute = adminRoute('admin', {
  method: 'put',
  path: '/aliases/{name}',
  summary: 'Declare an alias of the workspace; the one there was is replaced',
  request: { params: nameParams, body: { required: true, ...json('The alias', NewAliasBody) } },
  responses: {
    200: json('The alias', Alias),
    201: json('The alias', Alias),
    400: problemResponse('body_invalid'),
    ...nameRefusals,
    ...denied,
  },
});

const removeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/aliases/{name}',
  summary: 'Remove an alias of the workspace',
  request: { params: nameParams },
  responses: { 200: json('What it was', Alias), ...nameRefusals, ...denied },
});

export function registerAliases(app: AdminApp, { declared: { aliases } }: AdminDeps): void {
  app.openapi(listRoute, async (c) => c.json({ aliases: (await aliases.list()).map(renderAlias) }, 200));
  app.openapi(showRoute, async (c) => {
    const { name } = c.req.valid('param');
    const facts = await aliases.find(name);
    return facts ? c.json(renderAlias(facts), 200) : c.json(unknown(name), 404);
  });
  app.openapi(setRoute, async (c) => {
    const { name } = c.req.valid('param');
    const { ref, force } = c.req.valid('json');
    const known = DeclaredName.safeParse(name);
    if (!known.success) return c.json(badName(known.error), 400);
    const answer = await aliases.set(name, { ref }, { by: callerOf(c).id, force });
    if (answer.kind === 'done') return c.json(renderAlias(answer.facts), answer.isNew ? 201 : 200);
    const { status, problem } = problemOfName(answer);
    return c.json(problem, status);
  });
  app.openapi(removeRoute, async (c) => {
    const { name } = c.req.valid('param');
    const removed = await aliases.remove(name);
    if (removed.kind === 'unknown') return c.json(unknown(name), 404);
    if (removed.kind === 'fixed') return c.json(problemOf(refuse('name_fixed', removed.message)), 409);
    const { record } = removed;
    return c.json(renderAlias({ ...record, record, file: undefined, problem: undefined }), 200);
  });
}

function unknown(name: string) {
  return problemOf(refuse('record_unknown', `there is no alias ${name}`));
}

function badName({ issues }: z.ZodError) {
  return problemOf(refuse('body_invalid', `name: ${issues[0]?.message ?? 'is none'}`));
}

function renderAlias(facts: AliasFacts): Alias {
  return { name: facts.name, ref: facts.terms.ref, ...renderWhere(facts) };
}
