/** Live updates as server-sent events: what happens in a workspace, told as it happens. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { isRoleAtLeast } from '../base/role.ts';
import { type AdminEnv, type Caller, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { LiveNeed } from './deps-live.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const route = adminRoute('viewer', {
  method: 'get',
  path: '/events/live',
  summary:
    'Server-sent events of this workspace: exchange, budget, health, task, registry, and for admins audit',
  request: {
    headers: z.object({
      'last-event-id': z
        .string()
        .max(100)
        .optional()
        .openapi({ description: 'Goes on after this event; browsers send it by themselves' }),
    }),
  },
  responses: {
    200: {
      description: 'Events until either side ends it; see docs/guide/api.md',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    503: problemResponse('live_full'),
    ...denied,
  },
});

export function registerLive(app: AdminApp, { updates }: AdminDeps): void {
  app.openapi(route, async (c) => {
    const found = await updates.listen({
      lastEventId: c.req.valid('header')['last-event-id'],
      check: checkOf(callerOf(c), c.env.again),
    });
    switch (found.kind) {
      case 'open':
        // No balancer on the way may gather events before it passes them on.
        return c.body(found.stream, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      case 'full':
        return c.json(problemOf(refuse('live_full', 'as many listen already as may at once')), 503);
      case 'ending':
        return c.json(problemOf(refuse('shutting_down', 'this process is shutting down')), 503);
      default:
        return found satisfies never;
    }
  });
}

/** The same caller in the same workspace, as it is by now: whose key or session has ended may hear nothing more. */
function checkOf(first: Caller, again: AdminEnv['Bindings']['again']): () => Promise<LiveNeed | undefined> {
  return async () => {
    const { caller } = again ? await again() : { caller: first };
    const isSame = caller?.id === first.id && caller.workspaceId === first.workspaceId;
    if (!isSame || !caller.role) return undefined;
    return isRoleAtLeast(caller.role, 'admin') ? 'admin' : 'viewer';
  };
}
