/** What this installation is and how it fares: for the CLI's doctor, the console's footer and scripts. */
import { z } from '@hono/zod-openapi';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, iso, When } from './fields.ts';
import { denied } from './problem.ts';
import { adminRoute } from './route.ts';

export const Installation = z
  .strictObject({
    product: z.literal('turnpike'),
    version: z.string(),
    startedAt: When,
    uptimeMs: z.number(),
    /** Only the operator gets this far, and so may see where the data is. */
    home: z.string(),
    /** Where the books are: a path, or a URL without what is secret. */
    database: z.string(),
    durability: z.string(),
    revision: Count,
    formats: z.array(z.string()),
    ledger: z.strictObject({
      isWritable: z.boolean(),
      pendingSettles: Count,
      openReservations: Count,
      /** Of the last write that failed, in this life of the process. */
      lastError: z.string().optional(),
    }),
  })
  .openapi('Installation');
export type Installation = z.infer<typeof Installation>;

const route = adminRoute('operator', {
  method: 'get',
  path: '/installation',
  summary: 'Version, uptime, durability, revision and the state of the ledger',
  responses: {
    200: { description: 'The installation', content: { 'application/json': { schema: Installation } } },
    ...denied,
  },
});

export function registerInstallation(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, (c) => {
    const facts = deps.describeInstallation();
    const installation: Installation = {
      product: 'turnpike',
      version: facts.version,
      startedAt: iso(facts.startedAtMs),
      uptimeMs: Math.max(0, deps.clock.now() - facts.startedAtMs),
      home: facts.home,
      database: facts.database,
      durability: facts.durability,
      revision: facts.revision,
      formats: [...facts.formats],
      ledger: {
        isWritable: facts.isLedgerWritable,
        pendingSettles: facts.pendingSettles,
        openReservations: facts.openReservations,
        ...(facts.lastError !== undefined && { lastError: facts.lastError }),
      },
    };
    return c.json(installation, 200);
  });
}
