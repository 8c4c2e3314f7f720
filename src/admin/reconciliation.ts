/** Reconciliation with the providers' bills: runs, the adjustments they propose, and the ledger as a file. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import { type RefusalCode, refuse } from '../base/refusal.ts';
import type { DriftRow } from '../ledger/reconcile/compare.ts';
import type { StoredProposal } from '../ledger/reconcile/proposals.ts';
import type { Reconciliation } from '../ledger/reconcile/reconcile.ts';
import type { AdminApp, AdminDeps, ReconcileAnswer } from './deps.ts';
import { Count, iso, limitOf, Moment, readRange, Usd, When } from './fields.ts';
import { registerLedgerExport } from './ledger-export.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const Difference = z.int();
const Tokens = z.strictObject({
  input: Difference,
  cacheRead: Difference,
  cacheWrite5m: Difference,
  cacheWrite1h: Difference,
  output: Difference,
  audioInput: Difference,
  audioOutput: Difference,
});

export const Drift = z
  .strictObject({
    provider: z.string(),
    model: z.string().nullable().openapi({ description: 'null = for no model: calls of built-in tools' }),
    otherNames: z.array(z.string()).openapi({ description: 'Names of the same model compared together' }),
    start: When,
    end: When,
    ours: z.strictObject({ tokens: Tokens, costUsd: Usd }),
    theirs: z.strictObject({ tokens: Tokens, costUsd: Usd.nullable() }),
    driftUsd: Usd.openapi({ description: 'What the provider bills, less what is booked' }),
    causes: z
      .array(z.strictObject({ cause: z.string(), usd: Usd }))
      .openapi({ description: 'They add up to driftUsd' }),
    keylessTokens: Count.openapi({ description: 'Used without an API key: not by any gateway' }),
    isOver: z.boolean().openapi({ description: 'More than 1 % and more than $1' }),
  })
  .openapi('Drift');
export type Drift = z.infer<typeof Drift>;

export const Proposal = z
  .strictObject({
    id: z.string().openapi({ example: 'adj_01k9…' }),
    reconciliation: z.string(),
    createdAt: When,
    provider: z.string(),
    model: z.string().nullable(),
    day: z.string().openapi({ example: '2026-11-20' }),
    tokens: Tokens,
    costUsd: Usd.openapi({ description: 'To add to what is booked; may be negative' }),
    reason: z.string(),
    state: z.enum(['open', 'accepted', 'dismissed']),
    decidedAt: When.nullable(),
    decidedBy: z.string().nullable(),
    exchangeId: z.string().nullable().openapi({ description: 'Of the entry that was booked' }),
  })
  .openapi('Proposal');
export type Proposal = z.infer<typeof Proposal>;

export const ReconciliationReport = z
  .strictObject({
    id: z.string(),
    createdAt: When,
    by: z.enum(['day', 'hour']),
    since: When,
    until: When,
    providers: z.array(z.string()),
    rows: z.array(Drift).openapi({ description: 'Rows that differ' }),
    rowsCompared: Count,
    unjudged: z.array(
      z.strictObject({ provider: z.string(), start: When, reason: z.enum(['young', 'unreported']) }),
    ),
    notes: z.array(z.string()),
    driftUsd: Usd,
    rowsOver: Count,
  })
  .openapi('ReconciliationReport');
export type ReconciliationReport = z.infer<typeof ReconciliationReport>;

export const ReconciliationRun = z
  .strictObject({
    ...ReconciliationReport.shape,
    failures: z.array(z.strictObject({ provider: z.string(), message: z.string() })),
    proposals: z.array(Proposal),
  })
  .openapi('ReconciliationRun');
export type ReconciliationRun = z.infer<typeof ReconciliationRun>;

export const ReconciliationList = z
  .strictObject({ reconciliations: z.array(ReconciliationReport) })
  .openapi('ReconciliationList');
export type ReconciliationList = z.infer<typeof ReconciliationList>;
export const ProposalList = z.strictObject({ proposals: z.array(Proposal) }).openapi('ProposalList');
export type ProposalList = z.infer<typeof ProposalList>;

const runRoute = adminRoute('operator', {
  method: 'post',
  path: '/ledger/reconcile',
  summary: "Compare the ledger with the providers' bills; books nothing",
  request: {
    query: z.strictObject({
      provider: z.string().max(100).optional(),
      by: z.enum(['day', 'hour']).default('day'),
      since: Moment.optional().openapi({ description: 'Default: 7 days ago' }),
      until: Moment.optional(),
    }),
  },
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: ReconciliationRun } } },
    400: problemResponse('bill_source_missing'),
    409: problemResponse('reconciliation_running'),
    ...denied,
  },
});

const listRunsRoute = adminRoute('operator', {
  method: 'get',
  path: '/ledger/reconciliations',
  summary: 'Earlier runs, newest first',
  request: { query: z.strictObject({ limit: limitOf(20, 100) }) },
  responses: {
    200: { description: 'The runs', content: { 'application/json': { schema: ReconciliationList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const listProposalsRoute = adminRoute('operator', {
  method: 'get',
  path: '/ledger/proposals',
  summary: 'Proposed adjustments, newest first',
  request: {
    query: z.strictObject({
      state: z.enum(['open', 'accepted', 'dismissed']).optional(),
      limit: limitOf(100, 1_000),
    }),
  },
  responses: {
    200: { description: 'The proposals', content: { 'application/json': { schema: ProposalList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

function decideRoute<V extends 'accept' | 'dismiss'>(verdict: V) {
  return adminRoute('operator', {
    method: 'post',
    path: `/ledger/proposals/{id}/${verdict}`,
    summary: verdict === 'accept' ? 'Book the proposed adjustment, once' : 'Set the proposal aside',
    request: { params: z.strictObject({ id: z.string().max(100) }) },
    responses: {
      200: { description: 'As it is now', content: { 'application/json': { schema: Proposal } } },
      404: problemResponse('record_unknown'),
      409: problemResponse('proposal_decided'),
      ...denied,
    },
  });
}

/** Whoever holds the operator token. */
const OPERATOR = 'operator';
const DEFAULT_STRETCH_MS = 7 * 86_400_000;

export function registerReconciliation(app: AdminApp, deps: AdminDeps): void {
  const { reconciliation, clock } = deps;
  registerLedgerExport(app, deps);
  app.openapi(runRoute, async (c) => {
    const { provider, by, ...query } = c.req.valid('query');
    const nowMs = clock.now();
    const range = {
      ...readRange(query, nowMs),
      ...(query.since === undefined && { sinceMs: nowMs - DEFAULT_STRETCH_MS }),
    };
    if (range.untilMs <= range.sinceMs) {
      return c.json(problemOf(refuse('query_invalid', 'until: must be after since')), 400);
    }
    const answer = await reconciliation.run({
      ...range,
      width: by,
      ...(provider !== undefined && { provider }),
    });
    if (answer.kind === 'done') return c.json(renderRun(answer), 200);
    const problem = problemOf(refuse(codes[answer.kind], answer.message));
    return answer.kind === 'running' ? c.json(problem, 409) : c.json(problem, 400);
  });
  app.openapi(listRunsRoute, async (c) => {
    const runs = await reconciliation.runs(c.req.valid('query').limit);
    return c.json({ reconciliations: runs.map(renderReport) }, 200);
  });
  app.openapi(listProposalsRoute, async (c) => {
    const { state, limit } = c.req.valid('query');
    const found = await reconciliation.proposals({ limit, ...(state !== undefined && { state }) });
    return c.json({ proposals: found.map(renderProposal) }, 200);
  });
  registerDecisions(app, deps);
}

function registerDecisions(app: AdminApp, { reconciliation }: AdminDeps): void {
  const wanted = { accept: 'accepted', dismiss: 'dismissed' } as const;
  for (const verdict of ['accept', 'dismiss'] as const) {
    app.openapi(decideRoute(verdict), async (c) => {
      const { id } = c.req.valid('param');
      const proposal = await reconciliation.decide(id, verdict, OPERATOR);
      if (!proposal) return c.json(problemOf(refuse('record_unknown', `there is no proposal ${id}`)), 404);
      if (proposal.state === wanted[verdict]) return c.json(renderProposal(proposal), 200);
      const message = `the proposal ${id} was ${proposal.state} by ${proposal.decidedBy ?? 'somebody'} before`;
      return c.json(problemOf(refuse('proposal_decided', message)), 409);
    });
  }
}

const codes: Readonly<Record<Exclude<ReconcileAnswer['kind'], 'done'>, RefusalCode>> = {
  no_source: 'bill_source_missing',
  too_long: 'query_invalid',
  running: 'reconciliation_running',
};

function renderRun({ run, proposals, failures }: ReconcileAnswer & { kind: 'done' }): ReconciliationRun {
  return { ...renderReport(run), failures: [...failures], proposals: proposals.map(renderProposal) };
}

function renderReport(run: Reconciliation): ReconciliationReport {
  return {
    id: run.id,
    createdAt: iso(run.createdAtMs),
    by: run.width,
    since: iso(run.startMs),
    until: iso(run.endMs),
    providers: [...run.providers],
    rows: run.rows.map(renderDrift),
    rowsCompared: run.judged,
    unjudged: run.unjudged.map(({ provider, startMs, reason }) => ({
      provider,
      start: iso(startMs),
      reason,
    })),
    notes: [...run.notes],
    driftUsd: formatUsd(run.drift),
    rowsOver: run.over,
  };
}

function renderDrift(row: DriftRow): Drift {
  const { ours, theirs } = row;
  return {
    provider: row.provider,
    model: row.model ?? null,
    otherNames: [...row.otherNames],
    start: iso(row.startMs),
    end: iso(row.endMs),
    ours: { tokens: ours.tokens, costUsd: formatUsd(ours.cost) },
    theirs: { tokens: theirs.tokens, costUsd: theirs.cost === undefined ? null : formatUsd(theirs.cost) },
    driftUsd: formatUsd(row.drift),
    causes: row.causes.map(({ cause, amount }) => ({ cause, usd: formatUsd(amount) })),
    keylessTokens: row.keylessTokens,
    isOver: row.isOver,
  };
}

function renderProposal(proposal: StoredProposal): Proposal {
  return {
    id: proposal.id,
    reconciliation: proposal.reconciliationId,
    createdAt: iso(proposal.createdAtMs),
    provider: proposal.provider,
    model: proposal.model === '' ? null : proposal.model,
    day: iso(proposal.startMs).slice(0, 10),
    tokens: proposal.tokens,
    costUsd: formatUsd(proposal.cost),
    reason: proposal.reason,
    state: proposal.state,
    decidedAt: proposal.decidedAtMs === undefined ? null : iso(proposal.decidedAtMs),
    decidedBy: proposal.decidedBy ?? null,
    exchangeId: proposal.exchangeId ?? null,
  };
}
