/** Members of the workspace: who, with which role; change, suspend, remove. They come by invitation. */
import { z } from '@hono/zod-openapi';
import { type Refusal, refuse } from '../base/refusal.ts';
import { isRoleAtLeast } from '../base/role.ts';
import { type Caller, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { MemberAnswer, MemberFacts } from './deps-members.ts';
import { iso, limitOf, When } from './fields.ts';
import { aboveRefusal, json, RoleName } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer. */
const MAX_ROWS = 1_000;

export const MemberBody = z
  .strictObject({
    id: z.string().openapi({ example: 'mem_01k9…' }),
    name: z.string().openapi({ description: 'Empty = the person is erased' }),
    email: z
      .string()
      .nullable()
      .openapi({ description: 'For admins, and the member itself; null = not shown' }),
    role: RoleName,
    createdAt: When,
    suspendedAt: When.nullable(),
    lastSignInAt: When.nullable().openapi({ description: 'For admins; null = never, or not shown' }),
    isSelf: z.boolean(),
  })
  .openapi('Member');
export type MemberBody = z.infer<typeof MemberBody>;

export const MemberList = z
  .strictObject({ members: z.array(MemberBody), isTruncated: z.boolean() })
  .openapi('MemberList');
export type MemberList = z.infer<typeof MemberList>;

export const MemberChangeBody = z
  .strictObject({ role: RoleName.optional(), isSuspended: z.boolean().optional() })
  .refine(
    ({ role, isSuspended }) => (role === undefined) !== (isSuspended === undefined),
    'names one change: role or isSuspended',
  )
  .openapi('MemberChange');
export type MemberChangeBody = z.infer<typeof MemberChangeBody>;

const params = z.strictObject({ id: z.string().max(100) });
const changed = { 404: problemResponse('record_unknown'), 409: problemResponse('owner_last'), ...denied };

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/members',
  summary: 'Members of the workspace, by when they came',
  request: { query: z.strictObject({ limit: limitOf(200, MAX_ROWS) }) },
  responses: { 200: json('The members', MemberList), 400: problemResponse('query_invalid'), ...denied },
});
const changeRoute = adminRoute('admin', {
  method: 'patch',
  path: '/members/{id}',
  summary: 'Change the role of a member, or suspend it; it counts from its next request',
  request: { params, body: { required: true, ...json('The change', MemberChangeBody) } },
  responses: {
    200: json('The member as it is now', MemberBody),
    400: problemResponse('body_invalid'),
    ...changed,
  },
});
const removeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/members/{id}',
  summary: 'Remove a member; its keys end with it',
  request: { params },
  responses: { 200: json('Who it was', MemberBody), ...changed },
});

export function registerMembers(app: AdminApp, { members }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit } = c.req.valid('query');
    const found = await members.list(limit + 1);
    const caller = callerOf(c);
    const shown = found.slice(0, limit).map((facts) => renderMember(facts, caller));
    return c.json({ members: shown, isTruncated: found.length > limit }, 200);
  });
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { role, isSuspended } = c.req.valid('json');
    const caller = callerOf(c);
    const answer =
      role !== undefined
        ? await members.changeRole(id, role, caller)
        : await (isSuspended ? members.suspend : members.resume)(id, caller);
    if (answer.kind === 'done') return c.json(renderMember(answer.facts, caller), 200);
    const { status, refusal } = refusalOf(id, answer);
    return c.json(problemOf(refusal), status);
  });
  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const caller = callerOf(c);
    const answer = await members.remove(id, caller);
    if (answer.kind === 'done') return c.json(renderMember(answer.facts, caller), 200);
    const { status, refusal } = refusalOf(id, answer);
    return c.json(problemOf(refusal), status);
  });
}

function refusalOf(
  id: string,
  { kind }: Exclude<MemberAnswer, { kind: 'done' }>,
): { status: 403 | 404 | 409; refusal: Refusal } {
  switch (kind) {
    case 'unknown':
      return { status: 404, refusal: refuse('record_unknown', `there is no member ${id}`) };
    case 'above':
      return { status: 403, refusal: aboveRefusal };
    case 'last_owner':
      return { status: 409, refusal: refuse('owner_last', 'nobody would be left who owns the workspace') };
    default:
      return kind satisfies never;
  }
}

function renderMember({ member, person }: MemberFacts, caller: Caller): MemberBody {
  const isSelf = member.id === caller.memberId;
  const isShown = isSelf || (caller.role !== undefined && isRoleAtLeast(caller.role, 'admin'));
  const lastSignInAtMs = isShown ? person?.lastSignInAtMs : undefined;
  return {
    id: member.id,
    name: person?.name ?? '',
    email: isShown ? (person?.email ?? null) : null,
    role: member.role,
    createdAt: iso(member.createdAtMs),
    suspendedAt: member.suspendedAtMs === undefined ? null : iso(member.suspendedAtMs),
    lastSignInAt: lastSignInAtMs === undefined ? null : iso(lastSignInAtMs),
    isSelf,
  };
}
