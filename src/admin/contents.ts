/** What one exchange said and was answered, where that is kept. Every reading is told in the audit. */
import { z } from '@hono/zod-openapi';
import type { ExchangeId } from '../base/ids.ts';
import { refuse } from '../base/refusal.ts';
import { actorOf } from './audit-watch.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const Side = z
  .strictObject({
    kind: z.enum(['text', 'base64', 'left-out']).openapi({
      description: '`left-out`: it could not be looked through, so that nothing of it was kept',
    }),
    text: z.string(),
    bytes: Count.openapi({ description: 'Of the whole' }),
    isCut: z.boolean().openapi({ description: 'Only its beginning is kept' }),
    isFolded: z.boolean().openapi({ description: 'The pieces of a stream, put together' }),
    redactions: Count.openapi({ description: 'Stretches that were taken out' }),
  })
  .openapi('ContentSide');

export const ExchangeContent = z
  .strictObject({
    exchangeId: z.string(),
    startedAt: When,
    mode: z.enum(['redacted', 'full']),
    clientFormat: z.string(),
    httpStatus: z.int().nullable(),
    request: Side,
    reply: Side,
  })
  .openapi('ExchangeContent');
export type ExchangeContent = z.infer<typeof ExchangeContent>;

const route = adminRoute('admin', {
  method: 'get',
  path: '/exchanges/{id}/content',
  summary: 'What an exchange said and was answered, where the workspace has that kept',
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: {
    200: { description: 'Both sides', content: { 'application/json': { schema: ExchangeContent } } },
    404: problemResponse('record_unknown'),
    409: problemResponse('vault_closed'),
    ...denied,
  },
});

export function registerContents(app: AdminApp, { privacy, audit }: AdminDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const found = id.startsWith('exc_') ? await privacy.content(id as ExchangeId) : undefined;
    if (!found) {
      const message = `nothing is kept of what an exchange ${id} said; see GET /privacy for what is`;
      return c.json(problemOf(refuse('record_unknown', message)), 404);
    }
    const { content } = found;
    // Before anything of it is shown.
    await audit.record({
      actor: actorOf(c.env.caller, c.env.address),
      action: 'exchanges.content.read',
      target: found.exchangeId,
      outcome: content === 'unreadable' ? 'failed' : 'done',
      detail: { mode: found.mode },
    });
    if (content === 'unreadable') {
      const message = 'what is kept of it was sealed with another master key, or was changed';
      return c.json(problemOf(refuse('vault_closed', message)), 409);
    }
    const { exchangeId, mode, startedAtMs } = found;
    const { format, status, request, reply } = content;
    const httpStatus = status === 0 ? null : status;
    return c.json(
      { exchangeId, startedAt: iso(startedAtMs), mode, clientFormat: format, httpStatus, request, reply },
      200,
    );
  });
}
