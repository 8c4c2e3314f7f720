/** The audit: who did what, proof that nobody was at it, and all of it as a file. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { AuditEvent } from '../registry/audit-events.ts';
import type { ChainReport } from '../registry/audit-verify.ts';
import { callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { type AuditFilter, auditFormats } from './deps-audit.ts';
import { Count, iso, limitOf, Moment, When } from './fields.ts';
import { streamOf } from './ledger-export.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const MAX_ROWS = 500;
/** Where the chain of an export ends: to be kept elsewhere. */
export const HEAD_HEADER = 'x-turnpike-audit-head';

const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
  .openapi({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' });
const Place = z
  .strictObject({ position: Count, hash: Hash })
  .openapi('AuditPlace', { description: 'A place in the chain: all up to there has this hash' });
const Outcome = z.enum(['done', 'refused', 'failed']);

export const AuditEventBody = z
  .strictObject({
    id: z.string().openapi({ example: 'aud_01k9…' }),
    at: When,
    actor: z.strictObject({
      id: z.string().openapi({ example: 'mem_01k9…', description: 'Empty = nobody who is known' }),
      name: z.string(),
      role: z.string().nullable(),
      via: z.string().openapi({ example: 'session' }),
      address: z.string().nullable(),
    }),
    action: z.string().openapi({ example: 'budgets.create' }),
    target: z.string().nullable().openapi({ description: 'Id of what it was done to' }),
    outcome: Outcome,
    detail: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'The request, and what it changed; secrets are left out' }),
    position: Count.nullable().openapi({
      description: 'In the chain of the workspace; null = not linked yet',
    }),
    hash: z.string().nullable(),
  })
  .openapi('AuditEvent');
export type AuditEventBody = z.infer<typeof AuditEventBody>;

export const AuditList = z
  .strictObject({
    events: z.array(AuditEventBody),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'The `after` of the next page; null = this is the last' }),
  })
  .openapi('AuditList');
export type AuditList = z.infer<typeof AuditList>;

export const AuditVerifyBody = z.strictObject({ expected: Place.optional() }).openapi('AuditVerify');
export type AuditVerifyBody = z.infer<typeof AuditVerifyBody>;

export const AuditProof = z
  .strictObject({
    isSound: z.boolean(),
    chains: z.array(
      z.strictObject({
        workspace: z.string(),
        isSound: z.boolean(),
        events: Count,
        unlinked: Count.openapi({ description: 'Too new to be in the chain: nothing proves them yet' }),
        cutAt: Count.openapi({ description: 'Events up to here were taken away as old; 0 = none were' }),
        head: Place,
        problems: z.array(z.string()),
      }),
    ),
  })
  .openapi('AuditProof');
export type AuditProof = z.infer<typeof AuditProof>;

const filterQuery = {
  actor: z.string().max(200).optional().openapi({ description: 'Id of who did it' }),
  action: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'One action, or all of a noun: budgets.*', example: 'budgets.*' }),
  target: z.string().max(200).optional().openapi({ description: 'Id of what it was done to' }),
  outcome: Outcome.optional(),
  since: Moment.optional(),
  until: Moment.optional(),
};

const listRoute = adminRoute('admin', {
  method: 'get',
  path: '/audit',
  summary: 'Who did what in this workspace, newest first',
  request: {
    query: z.strictObject({
      ...filterQuery,
      limit: limitOf(50, MAX_ROWS),
      after: z
        .string()
        .regex(/^aud_[0-9a-z]{1,40}$/, 'is no place that this list has named')
        .optional(),
    }),
  },
  responses: {
    200: { description: 'The events', content: { 'application/json': { schema: AuditList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const verifyRoute = adminRoute('admin', {
  method: 'post',
  path: '/audit/verify',
  summary: 'Prove the chain of events anew: of this workspace, for operators of every workspace',
  request: { body: { required: false, content: { 'application/json': { schema: AuditVerifyBody } } } },
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: AuditProof } } },
    400: problemResponse('body_invalid'),
    ...denied,
  },
});

const exportRoute = adminRoute('admin', {
  method: 'get',
  path: '/audit/export',
  summary: 'Events of this workspace, oldest first, as JSON lines or CSV',
  request: { query: z.strictObject({ ...filterQuery, format: z.enum(auditFormats).default('jsonl') }) },
  responses: {
    200: {
      description: 'One line per event; an answer that is cut off is not whole',
      headers: z.object({ [HEAD_HEADER]: z.string() }),
      content: { 'application/jsonl': { schema: z.string() }, 'text/csv': { schema: z.string() } },
    },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl' } as const;

export function registerAudit(app: AdminApp, { audit }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit, after, ...query } = c.req.valid('query');
    const found = await audit.list({ ...filterOf(query), limit: limit + 1, after });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)!.id : null;
    return c.json({ events: shown.map(renderEvent), next }, 200);
  });
  app.openapi(verifyRoute, async (c) => {
    const { expected } = c.req.valid('json') ?? {};
    const reports = await audit.verify(callerOf(c).isOperator, expected);
    return c.json(
      { isSound: reports.every(({ isSound }) => isSound), chains: reports.map(renderReport) },
      200,
    );
  });
  app.openapi(exportRoute, async (c) => {
    const { format, ...query } = c.req.valid('query');
    const filter = filterOf(query);
    if (filter.untilMs !== undefined && filter.untilMs <= (filter.sinceMs ?? 0)) {
      return c.json(problemOf(refuse('query_invalid', 'until: must be after since')), 400);
    }
    const { position, hash } = await audit.head();
    return c.body(streamOf(audit.export(format, filter)), 200, {
      'content-type': mediaTypes[format],
      'content-disposition': `attachment; filename="audit.${format}"`,
      'x-content-type-options': 'nosniff',
      [HEAD_HEADER]: `${position}:${hash}`,
    });
  });
}

type FilterQuery = { [K in keyof typeof filterQuery]?: z.infer<(typeof filterQuery)[K]> };

function filterOf({ since, until, ...rest }: FilterQuery): AuditFilter {
  return {
    ...rest,
    ...(since !== undefined && { sinceMs: Date.parse(since) }),
    ...(until !== undefined && { untilMs: Date.parse(until) }),
  };
}

/** Also what listeners to live updates are sent. */
export function renderEvent(event: AuditEvent): AuditEventBody {
  const { id, atMs, actor, action, target, outcome, detail, link } = event;
  return {
    ...{ id, at: iso(atMs) },
    actor: { ...actor, role: actor.role ?? null, address: actor.address ?? null },
    ...{ action, target: target ?? null, outcome, detail: { ...detail } },
    ...{ position: link?.position ?? null, hash: link?.hash ?? null },
  };
}

function renderReport({ workspaceId, problems, ...report }: ChainReport) {
  return { workspace: workspaceId, ...report, problems: [...problems] };
}
