/** The data of a member: handed over to itself or to the owner, and taken away for good. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { refuse } from '../base/refusal.ts';
import { actorOf } from './audit-watch.ts';
import { callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count } from './fields.ts';
import { streamOf } from './ledger-export.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export const EraseBody = z
  .strictObject({ confirm: z.string().openapi({ description: 'The id of the member, once more' }) })
  .openapi('EraseMember');
export type EraseBody = z.infer<typeof EraseBody>;

export const ErasedMemberBody = z
  .strictObject({
    memberId: z.string(),
    isPersonErased: z.boolean().openapi({ description: 'false = the person is a member elsewhere, too' }),
    keys: Count.openapi({ description: 'Revoked, and their names cleared' }),
    credentials: Count,
    contents: Count.openapi({ description: 'Exchanges whose content was shredded' }),
  })
  .openapi('ErasedMember');
export type ErasedMemberBody = z.infer<typeof ErasedMemberBody>;

const params = z.strictObject({ id: z.string().max(100) });
const lines = {
  description: 'JSON lines, each with its `kind`; an answer that is cut off is not whole',
  content: { 'application/jsonl': { schema: z.string() } },
};

const exportRoute = adminRoute('owner', {
  method: 'get',
  path: '/members/{id}/export',
  summary: 'All that is held of a member, without secrets',
  request: { params },
  responses: { 200: lines, 404: problemResponse('record_unknown'), ...denied },
});

const ownRoute = adminRoute('viewer', {
  method: 'get',
  path: '/me/export',
  summary: 'All that is held of the caller in this workspace, without secrets',
  responses: { 200: lines, 404: problemResponse('record_unknown'), ...denied },
});

const eraseRoute = adminRoute('owner', {
  method: 'post',
  path: '/members/{id}/erase',
  summary: 'Remove a member and take away what tells who it was; cannot be undone',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: EraseBody } } },
  },
  responses: {
    200: {
      description: 'What was taken away',
      content: { 'application/json': { schema: ErasedMemberBody } },
    },
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    409: problemResponse('owner_last'),
    ...denied,
  },
});

const exportHeaders = {
  'content-type': 'application/jsonl',
  'content-disposition': 'attachment; filename="member.jsonl"',
  // What members and providers wrote is text, whatever it looks like.
  'x-content-type-options': 'nosniff',
};

/** To the types of routes every `application/json…` is one JSON value. */
function answerLines(c: Context, data: AsyncIterable<string>): never {
  return c.body(streamOf(data), 200, exportHeaders) as never;
}

const unknown = (id: string) => refuse('record_unknown', `there is no member ${id}`);

export function registerMemberData(app: AdminApp, { memberData, audit }: AdminDeps): void {
  const tell = (actor: ReturnType<typeof actorOf>, target: string) =>
    audit.record({ actor, action: 'members.export.read', target, outcome: 'done' });
  app.openapi(exportRoute, async (c) => {
    const { id } = c.req.valid('param');
    const data = await memberData.export(id, id === callerOf(c).memberId);
    if (!data) return c.json(problemOf(unknown(id)), 404);
    await tell(actorOf(c.env.caller, c.env.address), id);
    return answerLines(c, data);
  });
  app.openapi(ownRoute, async (c) => {
    const { memberId } = callerOf(c);
    const data = memberId && (await memberData.export(memberId, true));
    if (!data) return c.json(problemOf(refuse('record_unknown', 'the caller is no member')), 404);
    await tell(actorOf(c.env.caller, c.env.address), memberId);
    return answerLines(c, data);
  });
  app.openapi(eraseRoute, async (c) => {
    const { id } = c.req.valid('param');
    if (c.req.valid('json').confirm !== id) {
      const message = `confirm: must be "${id}", as what is erased cannot be had again; export it first`;
      return c.json(problemOf(refuse('body_invalid', message, { param: 'confirm' })), 400);
    }
    const answer = await memberData.erase(id, callerOf(c));
    switch (answer.kind) {
      case 'done':
        return c.json({ ...answer.erased }, 200);
      case 'unknown':
        return c.json(problemOf(unknown(id)), 404);
      case 'last_owner':
        return c.json(problemOf(refuse('owner_last', 'nobody else owns the workspace')), 409);
      case 'above':
        return c.json(problemOf(refuse('role_insufficient', 'that member is above the caller')), 403);
      default:
        return answer satisfies never;
    }
  });
}
