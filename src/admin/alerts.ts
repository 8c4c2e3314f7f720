/** Alerts: which there were and who took them, and a test of the sinks. */
import { z } from '@hono/zod-openapi';
import type { AlertFacts, AlertPlace, DeliveryFacts } from '../alerts/desk.ts';
import { refuse } from '../base/refusal.ts';
import { callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, iso, limitOf, When } from './fields.ts';
import { isKeepable } from './keepable.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const MAX_ROWS = 200;

export const Delivery = z
  .strictObject({
    sink: z.string().openapi({ example: 'webhook:hooks.example.com:1f6b2a90' }),
    state: z.enum(['waiting', 'failing', 'taken', 'given_up']),
    attempts: Count,
    takenAt: When.nullable(),
    nextAt: When.nullable().openapi({ description: 'When it is tried again' }),
    lastError: z.string().nullable(),
  })
  .openapi('AlertDelivery');

export const AlertBody = z
  .strictObject({
    id: z.string().openapi({ description: 'Dedupe key: the webhook-id of its webhooks' }),
    topic: z.string().openapi({ example: 'budget.threshold' }),
    at: When,
    title: z.string(),
    data: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'As webhooks carry it, without the projection' }),
    isDone: z.boolean(),
    deliveries: z.array(Delivery),
  })
  .openapi('Alert');
export type AlertBody = z.infer<typeof AlertBody>;

export const AlertList = z
  .strictObject({
    alerts: z.array(AlertBody),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'The `after` of the next page; null = this is the last' }),
  })
  .openapi('AlertList');
export type AlertList = z.infer<typeof AlertList>;

export const AlertTest = z
  .strictObject({
    sinks: z.array(
      z.strictObject({
        sink: z.string(),
        isTaken: z.boolean(),
        said: z.string().openapi({ example: 'answered 204' }),
        tookMs: z.number(),
      }),
    ),
  })
  .openapi('AlertTest');
export type AlertTest = z.infer<typeof AlertTest>;

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/alerts',
  summary: 'Alerts of the last thirty days, newest first, with what became of them at each sink',
  request: {
    query: z.strictObject({ limit: limitOf(50, MAX_ROWS), after: z.string().max(3_000).optional() }),
  },
  responses: {
    200: { description: 'The alerts', content: { 'application/json': { schema: AlertList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const testRoute = adminRoute('operator', {
  method: 'post',
  path: '/alerts/test',
  summary: 'Send a test through every sink now',
  responses: {
    200: { description: 'What each said', content: { 'application/json': { schema: AlertTest } } },
    ...denied,
  },
});

export function registerAlerts(app: AdminApp, { alerts }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit, after: text } = c.req.valid('query');
    const after = text === undefined ? undefined : readPlace(text);
    if (text !== undefined && !after) {
      return c.json(problemOf(refuse('query_invalid', 'after: is no place that this list has named')), 400);
    }
    const { isOperator } = callerOf(c);
    const found = await alerts.list({ limit: limit + 1, isOperator, ...(after && { after }) });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return c.json({ alerts: shown.map(renderAlert), next: last ? writePlace(last) : null }, 200);
  });
  app.openapi(testRoute, async (c) => {
    const reports = await alerts.test();
    return c.json(
      { sinks: reports.map((report) => ({ ...report, tookMs: Math.round(report.tookMs) })) },
      200,
    );
  });
}

function writePlace({ atMs, id }: AlertPlace): string {
  return Buffer.from(JSON.stringify([atMs, id])).toString('base64url');
}

function readPlace(text: string): AlertPlace | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(value)) return undefined;
    const [atMs, id] = value as unknown[];
    const isPlace = Number.isSafeInteger(atMs) && typeof id === 'string' && isKeepable(id);
    return isPlace ? { atMs: atMs as number, id } : undefined;
  } catch {
    return undefined;
  }
}

function renderAlert({ id, topic, atMs, title, fields, isDone, deliveries }: AlertFacts): AlertBody {
  return {
    id,
    topic,
    at: iso(atMs),
    title,
    data: { ...fields },
    isDone,
    deliveries: deliveries.map(renderDelivery),
  };
}

function renderDelivery(facts: DeliveryFacts): z.infer<typeof Delivery> {
  const { sink, state, attempts, takenAtMs, nextAtMs, lastError } = facts;
  return {
    ...{ sink, state, attempts },
    takenAt: takenAtMs === undefined ? null : iso(takenAtMs),
    nextAt: nextAtMs === undefined ? null : iso(nextAtMs),
    lastError: lastError ?? null,
  };
}
