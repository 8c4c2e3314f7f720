/** Exchanges as the ledger has them: one row each, with the entries of their attempts. */
import { z } from '@hono/zod-openapi';
import type { ExchangeId } from '../base/ids.ts';
import { type NanoUsd, ZERO_USD } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import type { Place } from '../ledger/entries.ts';
import type { EntryStatus } from '../ledger/ledger.ts';
import { DecisionRecord, renderDecisionRecord } from './decision.ts';
import type { AdminApp, AdminDeps, EntryFacts, ExchangeQuery } from './deps.ts';
import { Count, iso, limitOf, rangeQuery, readRange, Usd, usdOf, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

export const Entry = z
  .strictObject({
    id: z.string(),
    attempt: Count,
    kind: z.string(),
    status: z.string(),
    createdAt: When,
    model: z.string().openapi({ description: 'Canonical provider/model' }),
    lane: z.string(),
    inputTokens: Count,
    cacheReadTokens: Count,
    cacheWriteTokens: Count,
    outputTokens: Count,
    reasoningTokens: Count,
    costUsd: Usd.nullable().openapi({ description: 'null = the price is unknown' }),
    isEstimated: z.boolean(),
    flags: z.array(z.string()),
    httpStatus: z.int().nullable(),
    stop: z.string().nullable(),
    errorClass: z.string().nullable(),
    upstreamRequestId: z.string().nullable(),
    ttftMs: z.number().nullable(),
    latencyMs: z.number().nullable(),
  })
  .openapi('Entry');
export type Entry = z.infer<typeof Entry>;

export const Exchange = z
  .strictObject({
    id: z.string().openapi({ example: 'exc_01k9…' }),
    startedAt: When,
    clientFormat: z.string(),
    key: z.string(),
    agent: z.string().nullable(),
    session: z.string().nullable(),
    endUser: z.string().nullable(),
    /** Of the last entry: what the client got. */
    status: z.string(),
    model: z.string(),
    costUsd: Usd.nullable().openapi({ description: 'Sum of the entries; null where one has no known price' }),
    entries: z.array(Entry),
  })
  .openapi('Exchange');
export type Exchange = z.infer<typeof Exchange>;

export const ExchangeList = z
  .strictObject({
    exchanges: z.array(Exchange),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'The `after` of the next page; null = this is the last' }),
  })
  .openapi('ExchangeList');
export type ExchangeList = z.infer<typeof ExchangeList>;

export const ExplainedExchange = z
  .strictObject({ ...Exchange.shape, decision: DecisionRecord })
  .openapi('ExplainedExchange');
export type ExplainedExchange = z.infer<typeof ExplainedExchange>;

const STATUSES = [
  'ok',
  'client_abort',
  'upstream_error',
  'truncated',
  'timeout',
  'interrupted',
  'not_sent',
] as const satisfies readonly EntryStatus[];

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/exchanges',
  summary: 'Exchanges by when they were booked last, newest first',
  request: {
    query: z.strictObject({
      ...rangeQuery,
      key: z.string().max(100).optional(),
      member: z.string().max(100).optional(),
      agent: z.string().max(200).optional(),
      session: z.string().max(200).optional(),
      endUser: z.string().max(200).optional(),
      provider: z.string().max(100).optional(),
      model: z.string().max(300).optional().openapi({ description: 'As the provider calls it' }),
      status: z.enum(STATUSES).optional().openapi({ description: 'Of one of its attempts' }),
      limit: limitOf(50, 500),
      after: z
        .string()
        .regex(/^\d{1,15}\.\d{1,15}$/, 'is no `next` of a page')
        .optional()
        .openapi({ description: 'The `next` of the page before' }),
    }),
  },
  responses: {
    200: { description: 'Newest first', content: { 'application/json': { schema: ExchangeList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/exchanges/{id}',
  summary: 'One exchange with its ledger entries and its decision record',
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: {
    200: { description: 'The exchange', content: { 'application/json': { schema: ExplainedExchange } } },
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

export function registerExchanges(app: AdminApp, { spending, clock }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { after, ...query } = c.req.valid('query');
    const { entries, next } = await spending.recent(filterOf(query, clock.now()), placeOf(after));
    const exchanges = groupByExchange(entries).map(renderExchange);
    return c.json({ exchanges, next: next ? `${next.createdAtMs}.${next.seq}` : null }, 200);
  });
  app.openapi(showRoute, async (c) => {
    const { id } = c.req.valid('param');
    const entries = isExchangeId(id) ? await spending.entriesOf(id) : [];
    if (!isExchangeId(id) || entries.length === 0) {
      const message = `the ledger has no entry of an exchange ${id}; a refused or open exchange has none`;
      return c.json(problemOf(refuse('record_unknown', message)), 404);
    }
    const [decisions, context] = await Promise.all([spending.decisionsOf(id), spending.contextOf(id)]);
    const decision = renderDecisionRecord(entries, decisions, context);
    return c.json({ ...renderExchange(entries), decision }, 200);
  });
}

type ListQuery = Parameters<typeof readRange>[0] & {
  readonly key?: string | undefined;
  readonly member?: string | undefined;
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly endUser?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly status?: EntryStatus | undefined;
  readonly limit: number;
};

function filterOf(query: ListQuery, nowMs: number): ExchangeQuery {
  const { key, member, agent, session, endUser, provider, model, status, limit } = query;
  return {
    ...readRange(query, nowMs),
    limit,
    ...(key !== undefined && { keyId: key }),
    ...(member !== undefined && { memberId: member }),
    ...(agent !== undefined && { agentId: agent }),
    ...(session !== undefined && { sessionId: session }),
    ...(endUser !== undefined && { endUser }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(status !== undefined && { status }),
  };
}

function placeOf(text: string | undefined): Place | undefined {
  const [createdAtMs, seq] = (text ?? '').split('.').map(Number);
  return createdAtMs !== undefined && seq !== undefined ? { createdAtMs, seq } : undefined;
}

function isExchangeId(text: string): text is ExchangeId {
  return text.startsWith('exc_');
}

function groupByExchange(entries: readonly EntryFacts[]): EntryFacts[][] {
  const groups = new Map<string, EntryFacts[]>();
  for (const entry of entries) {
    const group = groups.get(entry.exchangeId);
    if (group) group.push(entry);
    else groups.set(entry.exchangeId, [entry]);
  }
  return [...groups.values()];
}

/** At least one entry. */
function renderExchange(entries: readonly EntryFacts[]): Exchange {
  const first = entries[0]!;
  const last = entries.at(-1)!;
  return {
    id: first.exchangeId,
    startedAt: iso(first.startedAtMs),
    clientFormat: first.clientFormat,
    key: first.keyId,
    agent: first.agentId ?? null,
    session: first.sessionId ?? null,
    endUser: first.endUser ?? null,
    status: last.status,
    model: `${last.provider}/${last.model}`,
    costUsd: usdOf(sumCost(entries)),
    entries: entries.map(renderEntry),
  };
}

function isPriced({ kind, cost }: EntryFacts): boolean {
  return kind === 'adjustment' && cost !== undefined;
}

function sumCost(entries: readonly EntryFacts[]): NanoUsd | undefined {
  let sum: NanoUsd = ZERO_USD;
  // An attempt that had no price may have been given one since.
  const priced = new Set(entries.filter(isPriced).map(({ attempt }) => attempt));
  for (const { attempt, cost } of entries) {
    if (cost === undefined && !priced.has(attempt)) return undefined;
    sum = (sum + (cost ?? 0n)) as NanoUsd;
  }
  return sum;
}

function renderEntry(entry: EntryFacts): Entry {
  return {
    id: entry.id,
    attempt: entry.attempt,
    kind: entry.kind,
    status: entry.status,
    createdAt: iso(entry.createdAtMs),
    model: `${entry.provider}/${entry.model}`,
    lane: entry.lane,
    inputTokens: entry.input,
    cacheReadTokens: entry.cacheRead,
    cacheWriteTokens: entry.cacheWrite,
    outputTokens: entry.output,
    reasoningTokens: entry.reasoning,
    costUsd: usdOf(entry.cost),
    isEstimated: entry.isEstimated,
    flags: [...entry.flags],
    httpStatus: entry.httpStatus ?? null,
    stop: entry.stop ?? null,
    errorClass: entry.errorClass ?? null,
    upstreamRequestId: entry.upstreamRequestId ?? null,
    ttftMs: entry.ttftMs ?? null,
    latencyMs: entry.latencyMs ?? null,
  };
}
