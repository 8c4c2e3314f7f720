/** Spend and service at a glance: overview, summary, projections, errors. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import type { Latency } from '../ledger/analytics/latency.ts';
import type { PeriodProjection } from '../ledger/analytics/projections.ts';
import type { Leader, PeriodSummary } from '../ledger/analytics/summary.ts';
import type { Sums } from '../ledger/analytics/sums.ts';
import {
  filterQuery,
  Millis,
  meanOf,
  rateOf,
  readFilter,
  readStretch,
  serviceFields,
  stretchQuery,
  zoneQuery,
} from './analytics-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { Count, iso, limitOf, Usd, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { renderSums, sumFields } from './sums.ts';

export const Latencies = z.strictObject({ p50Ms: Millis, p95Ms: Millis, p99Ms: Millis }).openapi('Latencies');

const measuredFields = { ...serviceFields, latency: Latencies };

export const OverviewBody = z
  .strictObject({
    since: When,
    until: When,
    ...measuredFields,
    audioInputTokens: Count,
    audioOutputTokens: Count,
  })
  .openapi('Overview');
export type OverviewBody = z.infer<typeof OverviewBody>;

export const ErrorsBody = z
  .strictObject({
    by: z.enum(['provider', 'model']),
    since: When,
    until: When,
    rows: z.array(z.strictObject({ value: z.string(), ...measuredFields })),
  })
  .openapi('Errors');
export type ErrorsBody = z.infer<typeof ErrorsBody>;

const LeaderBody = z.strictObject({ value: z.string(), entries: Count, costUsd: Usd });

export const SummaryBody = z
  .strictObject({
    timeZone: z.string(),
    periods: z.array(
      z.strictObject({
        period: z.enum(['day', 'week', 'month']),
        since: When,
        until: When,
        ...sumFields,
        before: z
          .strictObject({ since: When, until: When, ...sumFields })
          .openapi({ description: 'As much of the period before' }),
        topModel: LeaderBody.nullable(),
        topProvider: LeaderBody.nullable(),
      }),
    ),
  })
  .openapi('Summary');
export type SummaryBody = z.infer<typeof SummaryBody>;

export const ProjectionsBody = z
  .strictObject({
    timeZone: z.string(),
    paceSince: When.openapi({ description: 'The pace is that of the stretch from here to now' }),
    pacePerDayUsd: Usd,
    periods: z.array(
      z.strictObject({
        period: z.enum(['day', 'week', 'month']),
        since: When,
        endsAt: When,
        spentUsd: Usd,
        projectedUsd: Usd.openapi({ description: 'At the end, if it goes on at this pace' }),
        previousUsd: Usd.openapi({ description: 'All of the period before' }),
      }),
    ),
  })
  .openapi('Projections');
export type ProjectionsBody = z.infer<typeof ProjectionsBody>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: { 'application/json': { schema } } },
  400: problemResponse('query_invalid'),
  ...denied,
});

const overviewRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/overview',
  summary: 'One stretch of time: requests, tokens, cost, errors, latencies (default: 30 days)',
  request: { query: z.strictObject(stretchQuery) },
  responses: json('The stretch', OverviewBody),
});

const MAX_ROWS = 1_000;

const errorsRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/errors',
  summary: 'Errors and latencies by provider or model, most errors first',
  request: {
    query: z.strictObject({
      by: z.enum(['provider', 'model']).default('model'),
      ...stretchQuery,
      limit: limitOf(100, MAX_ROWS),
    }),
  },
  responses: json('The rows', ErrorsBody),
});

const summaryRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/summary',
  summary: 'Today, this week and this month, each beside as much of the one before',
  request: { query: z.strictObject({ ...filterQuery, ...zoneQuery }) },
  responses: json('Three periods', SummaryBody),
});

const projectionsRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/projections',
  summary: 'What day, week and month will have cost at their end',
  request: { query: z.strictObject({ ...filterQuery, ...zoneQuery }) },
  responses: json('Three periods', ProjectionsBody),
});

export function registerAnalytics(app: AdminApp, { analytics, clock }: AdminDeps): void {
  app.openapi(overviewRoute, async (c) => {
    const range = readStretch(c.req.valid('query'), clock.now());
    if ('code' in range) return c.json(problemOf(range), 400);
    const found = await analytics.overview(range);
    const { audioInput: audioInputTokens, audioOutput: audioOutputTokens } = found;
    const stretch = { since: iso(range.sinceMs), until: iso(range.untilMs) };
    return c.json({ ...stretch, ...renderService(found), audioInputTokens, audioOutputTokens }, 200);
  });
  app.openapi(errorsRoute, async (c) => {
    const { by, limit, ...query } = c.req.valid('query');
    const range = readStretch(query, clock.now());
    if ('code' in range) return c.json(problemOf(range), 400);
    const rows = await analytics.services({ ...range, by, limit });
    const shown = rows.map((row) => ({ value: row.value, ...renderService(row) }));
    return c.json({ by, since: iso(range.sinceMs), until: iso(range.untilMs), rows: shown }, 200);
  });
  app.openapi(summaryRoute, async (c) => {
    const { timeZone, ...filter } = c.req.valid('query');
    const periods = await analytics.summary(readFilter(filter), timeZone, clock.now() + 1);
    return c.json({ timeZone, periods: periods.map(renderPeriod) }, 200);
  });
  app.openapi(projectionsRoute, async (c) => {
    const { timeZone, ...filter } = c.req.valid('query');
    const periods = await analytics.projections(readFilter(filter), timeZone, clock.now() + 1);
    return c.json(renderProjections(timeZone, periods), 200);
  });
}

function renderService(sums: Sums & Latency) {
  return {
    ...renderSums(sums),
    errorRate: rateOf(sums.errors, sums.entries),
    meanTtftMs: meanOf(sums.ttftMs, sums.ttftEntries),
    latency: { p50Ms: sums.p50Ms ?? null, p95Ms: sums.p95Ms ?? null, p99Ms: sums.p99Ms ?? null },
  };
}

function renderPeriod({ period, current, previous, sums, before, ...found }: PeriodSummary) {
  return {
    period,
    since: iso(current.sinceMs),
    until: iso(current.untilMs),
    ...renderSums(sums),
    before: { since: iso(previous.sinceMs), until: iso(previous.untilMs), ...renderSums(before) },
    topModel: renderLeader(found.topModel),
    topProvider: renderLeader(found.topProvider),
  };
}

function renderLeader(leader: Leader | undefined) {
  if (!leader) return null;
  return { value: leader.value, entries: leader.sums.entries, costUsd: formatUsd(leader.sums.cost) };
}

function renderProjections(timeZone: string, periods: readonly PeriodProjection[]): ProjectionsBody {
  const [first] = periods;
  return {
    timeZone,
    paceSince: iso(first?.paceSinceMs ?? 0),
    pacePerDayUsd: formatUsd(first?.pace ?? 0n),
    periods: periods.map(({ period, startMs, endMs, spent, projected, previous }) => ({
      period,
      since: iso(startMs),
      endsAt: iso(endMs),
      spentUsd: formatUsd(spent),
      projectedUsd: formatUsd(projected),
      previousUsd: formatUsd(previous),
    })),
  };
}
