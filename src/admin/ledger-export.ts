/** The ledger as a file, written while it is read. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { exportFormats } from '../ledger/export.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { rangeQuery, readRange } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const route = adminRoute('admin', {
  method: 'get',
  path: '/ledger/export',
  summary: 'Every entry of a stretch of time, as CSV or JSON lines',
  request: { query: z.strictObject({ ...rangeQuery, format: z.enum(exportFormats).default('csv') }) },
  responses: {
    200: {
      description: 'One line per entry; an answer that is cut off is not whole',
      content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
    },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl' } as const;

export function registerLedgerExport(app: AdminApp, { spending, clock }: AdminDeps): void {
  app.openapi(route, async (c) => {
    const { format, ...query } = c.req.valid('query');
    const range = readRange(query, clock.now());
    if (range.untilMs <= range.sinceMs) {
      return c.json(problemOf(refuse('query_invalid', 'until: must be after since')), 400);
    }
    const headers = {
      'content-type': mediaTypes[format],
      'content-disposition': `attachment; filename="ledger.${format}"`,
      // What clients and providers chose is text, whatever it looks like.
      'x-content-type-options': 'nosniff',
    };
    return c.body(streamOf(spending.export({ ...range, format })), 200, headers);
  });
}

/** Reads on only as fast as the client takes it. */
export function streamOf(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
