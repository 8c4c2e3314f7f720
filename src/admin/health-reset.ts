/** Puts a provider back into use by hand: what its deployments showed so far is forgotten. */
import { z } from '@hono/zod-openapi';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count } from './fields.ts';
import { denied, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export const HealthReset = z
  .strictObject({
    /** Deployments that are remembered no more. */
    forgotten: Count,
  })
  .openapi('HealthReset');
export type HealthReset = z.infer<typeof HealthReset>;

const route = adminRoute('operator', {
  method: 'post',
  path: '/health/reset',
  summary: 'Forget what deployments showed: breakers close, limits and disabled credentials are tried again',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            /** Absent = every provider. */
            provider: z.string().min(1).max(64).optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: 'Done', content: { 'application/json': { schema: HealthReset } } },
    400: problemResponse('body_invalid'),
    ...denied,
  },
});

export function registerHealthReset(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, (c) => {
    const { provider } = c.req.valid('json');
    return c.json({ forgotten: deps.resetHealth(provider) } satisfies HealthReset, 200);
  });
}
