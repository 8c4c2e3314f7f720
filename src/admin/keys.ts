/**
 * Virtual keys: list, make, show, change, rotate, revoke. A token is in one answer only, that of its making. A member
 * sees and changes its own keys alone; who administers the workspace, all of them.
 */
import { z } from '@hono/zod-openapi';
import { type Refusal, refuse } from '../base/refusal.ts';
import { isRoleAtLeast } from '../base/role.ts';
import { MAX_MEMBER_KEYS } from '../registry/key-list.ts';
import { MAX_OLD_TOKENS } from '../registry/key-rotation.ts';
import { type Caller, callerOf, ownOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { NewKey, Unfound } from './deps-keys.ts';
import { limitOf } from './fields.ts';
import {
  changeOf,
  Key,
  KeyChangeBody,
  MadeKey,
  NewKeyBody,
  newKeyOf,
  RotationBody,
  renderKey,
  textOf,
  whyInvalid,
} from './key-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export type { Key, KeyChangeBody, MadeKey, NewKeyBody, RotationBody } from './key-fields.ts';

export const KeyList = z
  .strictObject({
    keys: z.array(Key),
    next: z.string().nullable().openapi({ description: 'What to ask for next, as `after`; null = no more' }),
  })
  .openapi('KeyList');
export type KeyList = z.infer<typeof KeyList>;

export const KeyListQuery = z.strictObject({
  limit: limitOf(100, 1_000),
  after: z
    .string()
    .regex(/^key_[0-9a-z]{1,40}$/, 'must be what `next` named')
    .optional(),
  state: z.enum(['active', 'expired', 'revoked']).optional(),
  member: textOf(100).optional().openapi({ description: 'Those of one member' }),
  agent: textOf(100).optional(),
  name: textOf(100).optional().openapi({ description: 'How the name begins' }),
  search: textOf(200)
    .optional()
    .openapi({ description: 'What stands in name, description, tags or preview; it has no wildcards' }),
  honeypots: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'Honeypots instead of keys; for admins' }),
});
export type KeyListQuery = z.input<typeof KeyListQuery>;

const params = z.strictObject({ id: textOf(100) });
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
const one = { description: 'The key as it is now', ...json(Key) };
const unknownOr = { 404: problemResponse('record_unknown'), ...denied };

const listRoute = adminRoute('member', {
  method: 'get',
  path: '/keys',
  summary: 'Virtual keys, newest first',
  request: { query: KeyListQuery },
  responses: {
    200: { description: 'A page of keys', ...json(KeyList) },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const createKeyRoute = adminRoute('member', {
  method: 'post',
  path: '/keys',
  summary: 'Make a virtual key, with budgets and a rate limit of its own',
  request: { body: { required: true, ...json(NewKeyBody) } },
  responses: {
    201: { description: 'The key and its token', ...json(MadeKey) },
    400: problemResponse('body_invalid'),
    409: problemResponse('key_limit'),
    ...unknownOr,
  },
});

const findRoute = adminRoute('member', {
  method: 'get',
  path: '/keys/{id}',
  summary: 'One virtual key',
  request: { params },
  responses: { 200: one, ...unknownOr },
});

const changeRoute = adminRoute('member', {
  method: 'patch',
  path: '/keys/{id}',
  summary: 'Change a virtual key; it counts for the next request',
  request: { params, body: { required: true, ...json(KeyChangeBody) } },
  responses: {
    200: one,
    400: problemResponse('body_invalid'),
    409: problemResponse('key_ended'),
    ...unknownOr,
  },
});

const rotateRoute = adminRoute('member', {
  method: 'post',
  path: '/keys/{id}/rotate',
  summary: 'Give a virtual key a new token; the old one may work on for a while',
  request: { params, body: { required: true, ...json(RotationBody) } },
  responses: {
    200: { description: 'The key and its new token', ...json(MadeKey) },
    400: problemResponse('body_invalid'),
    409: problemResponse('key_ended'),
    ...unknownOr,
  },
});

const revokeRoute = adminRoute('member', {
  method: 'delete',
  path: '/keys/{id}',
  summary: 'Revoke a virtual key, with all its tokens',
  request: { params },
  responses: { 200: one, ...unknownOr },
});

export function registerKeys(app: AdminApp, deps: AdminDeps): void {
  const { keys, clock } = deps;
  app.openapi(listRoute, async (c) => {
    const { limit, member, agent, name, honeypots, ...rest } = c.req.valid('query');
    const caller = callerOf(c);
    const isHoneypot = honeypots === 'true';
    if (isHoneypot && !isAdmin(caller)) return c.json(problemOf(forAdmins('honeypots')), 403);
    const own = ownOf(caller);
    // What is asked of others' keys has no answer, as if there were none.
    const isElse = own !== undefined && member !== undefined && member !== own;
    const wanted = { ...rest, memberId: own ?? member, agentId: agent, namePrefix: name, isHoneypot };
    const found = isElse ? [] : await keys.list({ ...wanted, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)!.id : null;
    return c.json({ keys: shown.map((key) => renderKey(key, clock.now())), next }, 200);
  });
  app.openapi(findRoute, async (c) => {
    const { id } = c.req.valid('param');
    const key = await keys.find(id, ownOf(callerOf(c)));
    if (!key) return c.json(problemOf(unknown(id)), 404);
    return c.json(renderKey(key, clock.now()), 200);
  });
  registerMaking(app, deps);
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    const caller = callerOf(c);
    if (body.member !== undefined && !isAdmin(caller)) return c.json(problemOf(forAdmins('member')), 403);
    const why = whyInvalid(body, keys.calls, clock.now());
    if (why !== undefined) return c.json(problemOf(refuse('body_invalid', why)), 400);
    const answer = await keys.change(id, changeOf(body), ownOf(caller));
    if (answer.kind === 'done') return c.json(renderKey(answer.key, clock.now()), 200);
    if (answer.kind === 'ended') return c.json(problemOf(ended(id)), 409);
    if (answer.kind === 'honeypot') return c.json(problemOf(refuse('body_invalid', NOBODYS)), 400);
    return c.json(problemOf(answer.kind === 'unknown' ? unknown(id) : unfound(answer.kind, body)), 404);
  });
  app.openapi(rotateRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { overlapSeconds } = c.req.valid('json');
    const caller = callerOf(c);
    const answer = await keys.rotate(id, overlapSeconds * 1000, ownOf(caller), caller.memberId);
    if (answer.kind === 'done')
      return c.json({ key: renderKey(answer.key, clock.now()), token: answer.token }, 200);
    if (answer.kind === 'unknown') return c.json(problemOf(unknown(id)), 404);
    return c.json(problemOf(unrotated[answer.kind](id)), 409);
  });
  app.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const revoked = await keys.revoke(id, ownOf(callerOf(c)));
    if (!revoked) return c.json(problemOf(unknown(id)), 404);
    return c.json(renderKey(revoked, clock.now()), 200);
  });
}

function registerMaking(app: AdminApp, { keys, clock }: AdminDeps): void {
  app.openapi(createKeyRoute, async (c) => {
    const body = c.req.valid('json');
    const why = whyInvalid(body, keys.calls, clock.now()) ?? whyNoHoneypot(body);
    if (why !== undefined) return c.json(problemOf(refuse('body_invalid', why)), 400);
    const wanted = ofCaller(newKeyOf(body), callerOf(c));
    if ('code' in wanted) return c.json(problemOf(wanted), 403);
    const answer = await keys.create(wanted, callerOf(c).memberId);
    if (answer.kind === 'done')
      return c.json({ key: renderKey(answer.key, clock.now()), token: answer.token }, 201);
    if (answer.kind === 'budget_taken') return c.json(problemOf(budgetTaken), 400);
    if (answer.kind === 'too_many') return c.json(problemOf(tooMany), 409);
    return c.json(problemOf(unfound(answer.kind, body)), 404);
  });
}

function isAdmin({ role }: Caller): boolean {
  return role !== undefined && isRoleAtLeast(role, 'admin');
}

/** Nobody makes a key for somebody else who may not see theirs. */
function ofCaller(key: NewKey, caller: Caller): NewKey | Refusal {
  if (isAdmin(caller)) return key;
  if (key.isHoneypot) return forAdmins('isHoneypot');
  if (caller.memberId === undefined)
    return refuse('role_insufficient', 'who asks is no member who could own a key');
  if (key.memberId !== undefined && key.memberId !== caller.memberId) return forAdmins('member');
  return { ...key, memberId: caller.memberId };
}

const NOBODYS = 'member: a honeypot is nobody’s';

/** Its owner would find it among the own keys, and use it. */
function whyNoHoneypot({ isHoneypot, member }: NewKeyBody): string | undefined {
  return isHoneypot && member !== undefined ? NOBODYS : undefined;
}

const forAdmins = (field: string): Refusal =>
  refuse('role_insufficient', `${field}: that needs the role admin`);
const unknown = (id: string): Refusal => refuse('record_unknown', `there is no key ${id}`);
const ended = (id: string): Refusal => refuse('key_ended', `the key ${id} is revoked or has expired`);
const tooMany = refuse('key_limit', `the member has ${MAX_MEMBER_KEYS} keys that live`);
const budgetTaken = refuse('body_invalid', 'budgets: another budget has the name of one of these');

const unrotated: Readonly<Record<'ended' | 'overtaken' | 'too_many', (id: string) => Refusal>> = {
  ended,
  overtaken: (id) => refuse('key_not_rotated', `the token of ${id} was replaced by somebody else just now`),
  too_many: (id) => refuse('key_not_rotated', `${MAX_OLD_TOKENS} old tokens of ${id} work yet`),
};

function unfound(kind: Unfound['kind'], { member, agent }: Pick<KeyChangeBody, 'member' | 'agent'>): Refusal {
  return kind === 'member_unknown'
    ? refuse('record_unknown', `there is no member ${member}`)
    : refuse('record_unknown', `there is no agent ${agent}`);
}
