/** Who the caller is, in which workspaces and with which role. Of itself it may change its name, and nothing else. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { type Caller, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { iso, When } from './fields.ts';
import { json, Name, RoleName } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export const Me = z
  .strictObject({
    kind: z.enum(['person', 'operator', 'service']),
    id: z.string().openapi({ description: 'As the audit names it' }),
    name: z.string(),
    person: z
      .strictObject({
        id: z.string(),
        email: z.string(),
        createdAt: When,
        hasPassword: z.boolean(),
        hasTotp: z.boolean(),
      })
      .nullable(),
    workspaceId: z.string().openapi({ description: 'The one that this request acted in' }),
    memberId: z.string().nullable(),
    role: RoleName.nullable().openapi({ description: 'In that workspace; null = none' }),
    isOperator: z.boolean().openapi({ description: 'May change the installation itself' }),
    workspaces: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          memberId: z.string(),
          role: RoleName,
          isSuspended: z.boolean().openapi({ description: 'The workspace, or the caller in it' }),
        }),
      )
      .openapi({ description: 'Of a person, the one used last first' }),
  })
  .openapi('Me');
export type Me = z.infer<typeof Me>;

export const MeChangeBody = z.strictObject({ name: Name }).openapi('MeChange');
export type MeChangeBody = z.infer<typeof MeChangeBody>;

const meRoute = adminRoute('person', {
  method: 'get',
  path: '/me',
  summary: 'Who the caller is, and where it may act',
  responses: { 200: json('The caller', Me), ...denied },
});
const changeRoute = adminRoute('person', {
  method: 'patch',
  path: '/me',
  summary: 'Change the caller\u2019s own name',
  request: { body: { required: true, ...json('The change', MeChangeBody) } },
  responses: {
    200: json('The caller as it is now', Me),
    400: problemResponse('body_invalid'),
    409: problemResponse('no_person'),
    ...denied,
  },
});

export function registerMe(app: AdminApp, deps: AdminDeps): void {
  app.openapi(meRoute, async (c) => c.json(await describe(deps, callerOf(c)), 200));
  app.openapi(changeRoute, async (c) => {
    const caller = callerOf(c);
    const { name } = c.req.valid('json');
    const renamed =
      caller.personId === undefined ? undefined : await deps.persons.rename(caller.personId, name);
    if (!renamed) return c.json(problemOf(refuse('no_person', `${caller.name} is no person`)), 409);
    return c.json(await describe(deps, { ...caller, name: renamed.name }), 200);
  });
}

async function describe({ persons, workspaces }: AdminDeps, caller: Caller): Promise<Me> {
  const { personId, memberId, role, isOperator, workspaceId, id, name } = caller;
  const [person, memberships] =
    personId === undefined
      ? [undefined, []]
      : await Promise.all([persons.find(personId), workspaces.membershipsOf(personId)]);
  return {
    kind: personId !== undefined ? 'person' : id.startsWith('service:') ? 'service' : 'operator',
    id,
    name,
    person: person
      ? {
          id: person.id,
          email: person.email,
          createdAt: iso(person.createdAtMs),
          hasPassword: person.hasPassword,
          hasTotp: person.hasTotp,
        }
      : null,
    workspaceId,
    memberId: memberId ?? null,
    role: role ?? null,
    isOperator,
    workspaces: memberships.map(({ member, workspace }) => ({
      id: workspace.id,
      name: workspace.name,
      memberId: member.id,
      role: member.role,
      isSuspended: member.suspendedAtMs !== undefined || workspace.suspendedAtMs !== undefined,
    })),
  };
}
