/** Proof that the books add up: every entry against its hold, every rollup against its entries. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, Usd } from './fields.ts';
import { denied } from './problem.ts';
import { adminRoute } from './route.ts';

export const Verification = z
  .strictObject({
    isSound: z.boolean(),
    entries: Count,
    costUsd: Usd,
    problems: z.array(z.string()),
  })
  .openapi('Verification');
export type Verification = z.infer<typeof Verification>;

const route = adminRoute('operator', {
  method: 'post',
  path: '/ledger/verify',
  summary: 'Add up the whole ledger anew and compare',
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: Verification } } },
    ...denied,
  },
});

export function registerLedger(app: AdminApp, { spending }: AdminDeps): void {
  app.openapi(route, async (c) => {
    const report = await spending.verify();
    const found = {
      entries: report.entries,
      costUsd: formatUsd(report.cost),
      problems: [...report.problems],
    };
    return c.json({ isSound: report.isSound, ...found }, 200);
  });
}
