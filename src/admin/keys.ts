/** Virtual keys: list, make, revoke. The token of a key is in one answer only, that of its making. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { AdminApp, AdminDeps, KeyFacts } from './deps.ts';
import { iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const ref = z.string().min(1).max(300);
/** Thirty days: what is older was said by another version of its model. */
const MAX_CACHE_TTL_MS = 30 * 86_400_000;

export const Key = z
  .strictObject({
    id: z.string().openapi({ example: 'key_01k9…' }),
    name: z.string(),
    preview: z.string().openapi({ description: 'Beginning and end of the token' }),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: When,
    expiresAt: When.nullable(),
    revokedAt: When.nullable(),
    agent: z.string().nullable(),
    defaultModel: z.string().nullable(),
    allowedModels: z.array(z.string()).nullable().openapi({ description: 'null = every model' }),
    cacheTtlMs: z.int().nullable().openapi({
      description: 'Answers may be given to it again for so long; 0 = never, null = where its route says so',
    }),
  })
  .openapi('Key');
export type Key = z.infer<typeof Key>;

export const KeyList = z.strictObject({ keys: z.array(Key) }).openapi('KeyList');
export type KeyList = z.infer<typeof KeyList>;

export const NewKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
    agent: z.string().trim().min(1).max(100).optional(),
    defaultModel: ref.optional(),
    allowedModels: z.array(ref).min(1).max(200).optional(),
    cacheTtlMs: z.int().min(0).max(MAX_CACHE_TTL_MS).optional(),
  })
  .openapi('NewKey');
export type NewKeyBody = z.infer<typeof NewKeyBody>;

export const MadeKey = z
  .strictObject({
    key: Key,
    token: z.string().openapi({ description: 'Shown this once; only its hash is kept' }),
  })
  .openapi('MadeKey');
export type MadeKey = z.infer<typeof MadeKey>;

const listRoute = adminRoute('member', {
  method: 'get',
  path: '/keys',
  summary: 'All virtual keys, newest first',
  responses: {
    200: { description: 'The keys', content: { 'application/json': { schema: KeyList } } },
    ...denied,
  },
});

const createKeyRoute = adminRoute('member', {
  method: 'post',
  path: '/keys',
  summary: 'Make a virtual key',
  request: { body: { required: true, content: { 'application/json': { schema: NewKeyBody } } } },
  responses: {
    201: { description: 'The key and its token', content: { 'application/json': { schema: MadeKey } } },
    400: problemResponse('body_invalid'),
    ...denied,
  },
});

const revokeRoute = adminRoute('member', {
  method: 'delete',
  path: '/keys/{id}',
  summary: 'Revoke a virtual key; requests under way finish, later ones are refused',
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: {
    200: { description: 'The revoked key', content: { 'application/json': { schema: Key } } },
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

export function registerKeys(app: AdminApp, { keys, clock }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const nowMs = clock.now();
    const all = [...(await keys.list())].sort((a, b) => b.createdAtMs - a.createdAtMs);
    return c.json({ keys: all.map((key) => renderKey(key, nowMs)) }, 200);
  });
  app.openapi(createKeyRoute, async (c) => {
    const { expiresAt, agent, ...rest } = c.req.valid('json');
    const nowMs = clock.now();
    const expiresAtMs = expiresAt === undefined ? undefined : Date.parse(expiresAt);
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
      return c.json(problemOf(refuse('body_invalid', 'expiresAt: is in the past')), 400);
    }
    const made = await keys.create({
      name: rest.name,
      ...(expiresAtMs !== undefined && { expiresAtMs }),
      ...(agent !== undefined && { agentId: agent }),
      ...(rest.defaultModel !== undefined && { defaultModel: rest.defaultModel }),
      ...(rest.allowedModels !== undefined && { allowedModels: rest.allowedModels }),
      ...(rest.cacheTtlMs !== undefined && { cacheTtlMs: rest.cacheTtlMs }),
    });
    return c.json({ key: renderKey(made.key, nowMs), token: made.token }, 201);
  });
  app.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const revoked = await keys.revoke(id);
    if (!revoked) return c.json(problemOf(refuse('record_unknown', `there is no key ${id}`)), 404);
    return c.json(renderKey(revoked, clock.now()), 200);
  });
}

function renderKey(key: KeyFacts, nowMs: number): Key {
  const { revokedAtMs, expiresAtMs } = key;
  const isExpired = expiresAtMs !== undefined && nowMs >= expiresAtMs;
  return {
    id: key.id,
    name: key.name,
    preview: key.preview,
    state: revokedAtMs !== undefined ? 'revoked' : isExpired ? 'expired' : 'active',
    createdAt: iso(key.createdAtMs),
    expiresAt: expiresAtMs === undefined ? null : iso(expiresAtMs),
    revokedAt: revokedAtMs === undefined ? null : iso(revokedAtMs),
    agent: key.agentId ?? null,
    defaultModel: key.defaultModel ?? null,
    allowedModels: key.allowedModels ? [...key.allowedModels] : null,
    cacheTtlMs: key.cacheTtlMs ?? null,
  };
}
