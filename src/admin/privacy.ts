/** What a workspace has kept of what its requests say: nothing, without what is sensitive, or all of it. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { CONTENT_MODES } from '../registry/privacy.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { PrivacyFacts } from './deps-privacy.ts';
import { Count, iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const MAX_DAYS = 3_650;
const Mode = z.enum(CONTENT_MODES).openapi({
  description: '`metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`',
});

export const PrivacyBody = z
  .strictObject({
    content: Mode,
    retentionDays: z
      .int()
      .min(1)
      .max(MAX_DAYS)
      .nullable()
      .default(null)
      .openapi({ description: 'null = as long as the installation allows' }),
  })
  .openapi('PrivacyTerms');
export type PrivacyBody = z.input<typeof PrivacyBody>;

export const Privacy = z
  .strictObject({
    content: Mode,
    retentionDays: z.int().nullable(),
    ceiling: z
      .strictObject({ content: Mode, retentionDays: z.int() })
      .openapi({ description: 'What the installation allows at most (`privacy` in turnpike.yaml)' }),
    effective: z
      .strictObject({ content: Mode, retentionDays: z.int() })
      .openapi({ description: 'What counts' }),
    stored: z.strictObject({ exchanges: Count, oldestAt: When.nullable() }),
    sinceStart: z
      .strictObject({ kept: Count, dropped: Count, failed: Count })
      .openapi({ description: 'Of this process, all workspaces together' }),
  })
  .openapi('Privacy');
export type Privacy = z.infer<typeof Privacy>;

export const ErasedContent = z.strictObject({ exchanges: Count }).openapi('ErasedContent');
export type ErasedContent = z.infer<typeof ErasedContent>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/privacy',
  summary: 'What is kept of what requests say, and for how long',
  responses: { 200: json('The terms', Privacy), ...denied },
});

const setRoute = adminRoute('owner', {
  method: 'put',
  path: '/privacy',
  summary: 'Say what is kept from now on; what is kept already stays until its time is over',
  request: { body: { required: true, ...json('The terms', PrivacyBody) } },
  responses: {
    200: json('The terms as they are now', Privacy),
    400: problemResponse('body_invalid'),
    409: problemResponse('vault_closed'),
    ...denied,
  },
});

const eraseRoute = adminRoute('owner', {
  method: 'delete',
  path: '/privacy/content',
  summary: 'Shred all that is kept of what requests said; cannot be undone',
  responses: { 200: json('How many exchanges it was of', ErasedContent), ...denied },
});

export function registerPrivacy(app: AdminApp, { privacy }: AdminDeps): void {
  app.openapi(showRoute, async (c) => c.json(render(await privacy.show()), 200));
  app.openapi(setRoute, async (c) => {
    const { content, retentionDays } = c.req.valid('json');
    const answer = await privacy.set({ content, ...(retentionDays !== null && { retentionDays }) });
    switch (answer.kind) {
      case 'done':
        return c.json(render(answer.facts), 200);
      case 'above': {
        const { content: most, retentionDays: days } = answer.ceiling;
        const message = `this installation keeps no more than ${most}, for ${days} days at most (privacy in turnpike.yaml)`;
        return c.json(problemOf(refuse('body_invalid', message)), 400);
      }
      case 'vault_closed':
        return c.json(problemOf(refuse('vault_closed', 'there is no master key to seal content with')), 409);
      default:
        return answer satisfies never;
    }
  });
  app.openapi(eraseRoute, async (c) => c.json({ exchanges: await privacy.eraseContent() }, 200));
}

function render({ terms, ceiling, effective, stored, kept, dropped, failed }: PrivacyFacts): Privacy {
  return {
    content: terms.content,
    retentionDays: terms.retentionDays ?? null,
    ceiling: { ...ceiling },
    effective,
    stored: {
      exchanges: stored.exchanges,
      oldestAt: stored.oldestAtMs === undefined ? null : iso(stored.oldestAtMs),
    },
    sinceStart: { kept, dropped, failed },
  };
}
