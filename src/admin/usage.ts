/** What was spent, summed by one dimension over a stretch of time. */
import { createRoute, z } from '@hono/zod-openapi';
import { formatUsd, type NanoUsd, ZERO_USD } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import { type AdminApp, type AdminDeps, type UsageSum, usageDimensions } from './deps.ts';
import { Count, iso, limitOf, rangeQuery, readRange, Usd, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';

/** Rows of one answer; there may be many more sessions than anybody reads. */
const MAX_ROWS = 10_000;

const sums = {
  entries: Count.openapi({ description: 'One per attempt' }),
  failedEntries: Count,
  inputTokens: Count,
  cacheReadTokens: Count,
  cacheWriteTokens: Count,
  outputTokens: Count,
  reasoningTokens: Count,
  costUsd: Usd,
  unpricedEntries: Count.openapi({ description: 'Entries without a known price; not in costUsd' }),
  estimatedEntries: Count.openapi({ description: 'Entries whose tokens the provider did not report' }),
};

export const UsageRow = z
  .strictObject({
    value: z.string().openapi({ description: 'Value of the dimension; empty where entries have none' }),
    label: z.string(),
    ...sums,
  })
  .openapi('UsageRow');
export type UsageRow = z.infer<typeof UsageRow>;

export const Usage = z
  .strictObject({
    by: z.enum(usageDimensions),
    since: When.nullable(),
    until: When,
    rows: z.array(UsageRow),
    total: z.strictObject(sums),
    isTruncated: z
      .boolean()
      .openapi({ description: 'More rows than the limit; the total is of those shown' }),
  })
  .openapi('Usage');
export type Usage = z.infer<typeof Usage>;

const route = createRoute({
  method: 'get',
  path: '/usage',
  summary: 'Tokens and cost by model, provider, key, agent, day or session',
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

type Sums = Omit<UsageSum, 'value' | 'label'>;

function addUp(rows: readonly Sums[]): Sums {
  const add = (pick: (row: Sums) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  return {
    entries: add((row) => row.entries),
    errors: add((row) => row.errors),
    input: add((row) => row.input),
    cacheRead: add((row) => row.cacheRead),
    cacheWrite: add((row) => row.cacheWrite),
    output: add((row) => row.output),
    reasoning: add((row) => row.reasoning),
    cost: rows.reduce((sum, row) => (sum + row.cost) as NanoUsd, ZERO_USD),
    unpriced: add((row) => row.unpriced),
    estimated: add((row) => row.estimated),
  };
}

function renderSums(row: Sums) {
  return {
    entries: row.entries,
    failedEntries: row.errors,
    inputTokens: row.input,
    cacheReadTokens: row.cacheRead,
    cacheWriteTokens: row.cacheWrite,
    outputTokens: row.output,
    reasoningTokens: row.reasoning,
    costUsd: formatUsd(row.cost),
    unpricedEntries: row.unpriced,
    estimatedEntries: row.estimated,
  };
}
