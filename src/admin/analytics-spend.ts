/** Spend by one dimension, by day or hour, and beside the stretch before. */
import { z } from '@hono/zod-openapi';
import { formatUsd } from '../base/money.ts';
import type { DaySum } from '../ledger/analytics/days.ts';
import type { Sums } from '../ledger/analytics/sums.ts';
import {
  type Comparison,
  comparePeriod,
  compareRange,
  percentChange,
  type Trend,
} from '../ledger/analytics/trends.ts';
import {
  filterQuery,
  meanOf,
  rateOf,
  readFilter,
  readStretch,
  serviceFields,
  stretchQuery,
  zoneQuery,
} from './analytics-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { iso, limitOf, rangeQuery, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { addUp, renderSums, sumFields } from './sums.ts';

/** Dimensions a rollup has. */
export const spendDimensions = ['model', 'provider', 'agent', 'key', 'member'] as const;
const Dimension = z.enum(spendDimensions);

/** Rows of one answer. */
const MAX_ROWS = 10_000;

export const SpendBody = z
  .strictObject({
    by: Dimension,
    since: When,
    until: When,
    rows: z.array(
      z.strictObject({
        value: z.string().openapi({ description: 'Empty where entries have none' }),
        label: z.string(),
        ...serviceFields,
      }),
    ),
    total: z.strictObject(sumFields),
    isTruncated: z.boolean().openapi({ description: 'More rows than the limit; the total is of all' }),
  })
  .openapi('Spend');
export type SpendBody = z.infer<typeof SpendBody>;

export const TimelineBody = z
  .strictObject({
    by: z.enum(['day', 'hour']),
    timeZone: z.string(),
    since: When,
    until: When,
    rows: z.array(
      z.strictObject({
        value: z
          .string()
          .openapi({ description: 'The local date, or the hour in UTC', example: '2026-11-21' }),
        since: When,
        until: When,
        ...serviceFields,
      }),
    ),
    total: z.strictObject(sumFields),
    isTruncated: z.boolean().openapi({ description: 'More rows than the limit: the newest are shown' }),
  })
  .openapi('Timeline');
export type TimelineBody = z.infer<typeof TimelineBody>;

const Side = z.strictObject({ since: When, until: When });
const Change = z.strictObject({
  value: z.string(),
  label: z.string(),
  current: z.strictObject(sumFields),
  previous: z.strictObject(sumFields),
  costChangeUsd: z.string().openapi({ example: '-0.50' }),
  costChangePercent: z.number().nullable().openapi({ description: 'null = there was no cost before' }),
  entriesChange: z.int(),
  entriesChangePercent: z.number().nullable(),
});

export const TrendsBody = z
  .strictObject({
    by: Dimension.nullable(),
    timeZone: z.string(),
    current: Side,
    previous: Side,
    total: Change,
    rows: z.array(Change).openapi({ description: 'Those whose cost changed most first' }),
  })
  .openapi('Trends');
export type TrendsBody = z.infer<typeof TrendsBody>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: { 'application/json': { schema } } },
  400: problemResponse('query_invalid'),
  ...denied,
});

const spendRoute = (by: (typeof spendDimensions)[number]) =>
  adminRoute('viewer', {
    method: 'get',
    path: `/analytics/spend/by-${by}`,
    summary: `Tokens and cost by ${by} (default: 30 days)`,
    request: { query: z.strictObject({ ...stretchQuery, limit: limitOf(100, MAX_ROWS) }) },
    responses: json('Dearest first', SpendBody),
  });

const timelineRoute = (by: 'day' | 'hour') =>
  adminRoute('viewer', {
    method: 'get',
    path: `/analytics/spend/by-${by}`,
    summary: `Tokens and cost by ${by} (default: ${by === 'day' ? '30 days' : 'today'})`,
    request: { query: z.strictObject({ ...stretchQuery, ...zoneQuery, limit: limitOf(1_000, MAX_ROWS) }) },
    responses: json('In order of time', TimelineBody),
  });

const trendsRoute = adminRoute('viewer', {
  method: 'get',
  path: '/analytics/trends',
  summary: 'A stretch of time beside the one before: a period so far, or since and until',
  request: {
    query: z.strictObject({
      by: Dimension.optional(),
      period: z.enum(['day', 'week', 'month']).optional().openapi({ description: 'Default: month' }),
      ...rangeQuery,
      ...filterQuery,
      ...zoneQuery,
      limit: limitOf(20, MAX_ROWS),
    }),
  },
  responses: json('What changed', TrendsBody),
});

export function registerSpend(app: AdminApp, { analytics, clock }: AdminDeps): void {
  for (const by of spendDimensions) {
    app.openapi(spendRoute(by), async (c) => {
      const { limit, ...query } = c.req.valid('query');
      const range = readStretch(query, clock.now());
      if ('code' in range) return c.json(problemOf(range), 400);
      const found = await analytics.spend(by, range, MAX_ROWS);
      const stretch = { since: iso(range.sinceMs), until: iso(range.untilMs) };
      const rows = found.slice(0, limit).map((row) => ({
        value: row.value,
        label: row.label ?? row.value,
        ...renderService(row),
      }));
      return c.json(
        { by, ...stretch, rows, total: renderSums(addUp(found)), isTruncated: found.length > limit },
        200,
      );
    });
  }
  registerTimelines(app, { analytics, clock });
  registerTrends(app, { analytics, clock });
}

type Needs = Pick<AdminDeps, 'analytics' | 'clock'>;

function registerTimelines(app: AdminApp, { analytics, clock }: Needs): void {
  for (const by of ['day', 'hour'] as const) {
    app.openapi(timelineRoute(by), async (c) => {
      const { limit, timeZone, ...query } = c.req.valid('query');
      const usual = by === 'hour' ? { days: 1 } : { timeZone };
      const range = readStretch(query, clock.now(), usual);
      if ('code' in range) return c.json(problemOf(range), 400);
      const found = await (by === 'hour' ? analytics.hours(range) : analytics.days(range, timeZone));
      const shown = found.slice(-limit);
      const body: TimelineBody = {
        by,
        timeZone: by === 'hour' ? 'UTC' : timeZone,
        since: iso(range.sinceMs),
        until: iso(range.untilMs),
        rows: shown.map(renderMoment),
        total: renderSums(addUp(found)),
        isTruncated: found.length > limit,
      };
      return c.json(body, 200);
    });
  }
}

function registerTrends(app: AdminApp, { analytics, clock }: Needs): void {
  app.openapi(trendsRoute, async (c) => {
    const { by, period, limit, timeZone, since, until, ...filter } = c.req.valid('query');
    let compared: Comparison;
    if (since !== undefined) {
      const range = readStretch({ since, until }, clock.now());
      if ('code' in range) return c.json(problemOf(range), 400);
      compared = compareRange(range);
    } else {
      const untilMs = until === undefined ? clock.now() + 1 : Date.parse(until);
      compared = comparePeriod(period ?? 'month', timeZone, untilMs);
    }
    const { total, rows } = await analytics.trends(by, { ...readFilter(filter), ...compared }, limit);
    const side = (range: Comparison['current']) => ({ since: iso(range.sinceMs), until: iso(range.untilMs) });
    const body: TrendsBody = {
      by: by ?? null,
      timeZone,
      current: side(compared.current),
      previous: side(compared.previous),
      total: renderChange(total),
      rows: rows.map(renderChange),
    };
    return c.json(body, 200);
  });
}

function renderService(sums: Sums) {
  return {
    ...renderSums(sums),
    errorRate: rateOf(sums.errors, sums.entries),
    meanTtftMs: meanOf(sums.ttftMs, sums.ttftEntries),
  };
}

function renderMoment(row: DaySum) {
  return { value: row.value, since: iso(row.sinceMs), until: iso(row.untilMs), ...renderService(row) };
}

function renderChange({ value, label, current, previous }: Trend) {
  return {
    value,
    label: label ?? value,
    current: renderSums(current),
    previous: renderSums(previous),
    costChangeUsd: formatUsd(current.cost - previous.cost),
    costChangePercent: percentChange(current.cost, previous.cost) ?? null,
    entriesChange: current.entries - previous.entries,
    entriesChangePercent: percentChange(BigInt(current.entries), BigInt(previous.entries)) ?? null,
  };
}
