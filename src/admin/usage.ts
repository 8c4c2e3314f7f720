/** What was spent, summed by one dimension over a stretch of time. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { type AdminApp, type AdminDeps, usageDimensions } from './deps.ts';
import { iso, limitOf, rangeQuery, readRange, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { addUp, renderSums, sumFields } from './sums.ts';

/** Rows of one answer; there may be many more sessions than anybody reads. */
const MAX_ROWS = 10_000;

export const UsageRow = z
  .strictObject({
    value: z.string().openapi({ description: 'Value of the dimension; empty where entries have none' }),
    label: z.string(),
    ...sumFields,
  })
  .openapi('UsageRow');
export type UsageRow = z.infer<typeof UsageRow>;

export const Usage = z
  .strictObject({
    by: z.enum(usageDimensions),
    since: When.nullable(),
    until: When,
    rows: z.array(UsageRow),
    total: z.strictObject(sumFields),
    isTruncated: z
      .boolean()
      .openapi({ description: 'More rows than the limit; the total is of those shown' }),
  })
  .openapi('Usage');
export type Usage = z.infer<typeof Usage>;

const route = adminRoute('viewer', {
  method: 'get',
  path: '/usage',
  summary: 'Tokens and cost by model, provider, key, agent, member, day or session',
  request: {
    query: z.strictObject({
      by: z.enum(usageDimensions).default('model'),
      ...rangeQuery,
      limit: limitOf(1000, MAX_ROWS),
    }),
  },
  responses: {
    200: { description: 'The sums', content: { 'application/json': { schema: Usage } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

export function registerUsage(app: AdminApp, { spending, clock }: AdminDeps): void {
  app.openapi(route, async (c) => {
    const { by, limit, ...query } = c.req.valid('query');
    const range = readRange(query, clock.now());
    if (range.untilMs <= range.sinceMs) {
      return c.json(problemOf(refuse('query_invalid', 'until: must be after since')), 400);
    }
    // One more than asked for shows whether there are more.
    const found = await spending.usage(by, range, limit + 1);
    const shown = found.slice(0, limit);
    const usage: Usage = {
      by,
      since: range.sinceMs === 0 ? null : iso(range.sinceMs),
      until: iso(range.untilMs),
      rows: shown.map((sum) => ({ value: sum.value, label: sum.label ?? sum.value, ...renderSums(sum) })),
      total: renderSums(addUp(shown)),
      isTruncated: found.length > limit,
    };
    return c.json(usage, 200);
  });
}
