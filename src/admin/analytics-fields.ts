/** What the questions of analytics have in common: whose spend, of when, and where days begin. */
import { z } from '@hono/zod-openapi';
import { isTimeZone } from '../base/budget.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import { windowAt } from '../ledger/period.ts';
import type { FilteredRange, UsageFilter } from './analytics-desk.ts';
import { rangeQuery } from './fields.ts';
import { sumFields } from './sums.ts';

/** Longer than any name there is. */
const MAX_NAME_LENGTH = 400;
const Name = z.string().max(MAX_NAME_LENGTH);

export const filterQuery = {
  provider: Name.optional(),
  model: Name.optional().openapi({ description: 'With or without its provider before it' }),
  key: Name.optional().openapi({ description: 'Id of a key' }),
  agent: Name.optional().openapi({ description: 'Empty = what came from no agent' }),
  member: Name.optional().openapi({ description: 'Empty = what belongs to no member' }),
};

export const TimeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin')
  .openapi({ example: 'Europe/Berlin', description: 'Where days, weeks and months begin' });
export const zoneQuery = { timeZone: TimeZone.default('UTC') };

export const stretchQuery = { ...rangeQuery, ...filterQuery };

interface FilterText {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly key?: string | undefined;
  readonly agent?: string | undefined;
  readonly member?: string | undefined;
}

export function readFilter({ provider, model, key, agent, member }: FilterText): UsageFilter {
  return {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(key !== undefined && { keyId: key }),
    ...(agent !== undefined && { agentId: agent }),
    ...(member !== undefined && { memberId: member }),
  };
}

const DAY_MS = 86_400_000;

interface StretchText extends FilterText {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * Where the question does not say since when, it is today and the days before, whole.
 * @param days how many, today with them
 */
export function readStretch(
  query: StretchText,
  nowMs: number,
  { days = 30, timeZone = 'UTC' }: { readonly days?: number; readonly timeZone?: string } = {},
): FilteredRange | Refusal {
  // Up to and including this millisecond, or the newest entry would be missing.
  const untilMs = query.until === undefined ? nowMs + 1 : Date.parse(query.until);
  const usualMs = startOfDay(untilMs - 1 - (days - 1) * DAY_MS, timeZone);
  const sinceMs = query.since === undefined ? usualMs : Date.parse(query.since);
  if (untilMs <= sinceMs) return refuse('query_invalid', 'until: must be after since');
  return { sinceMs, untilMs, ...readFilter(query) };
}

function startOfDay(atMs: number, timeZone: string): number {
  return windowAt({ period: 'day', timeZone, anchorDay: 1 }, atMs).startMs;
}

export const Share = z
  .number()
  .min(0)
  .max(1)
  .openapi({ description: 'failedEntries / entries', example: 0.02 });
export const Millis = z
  .number()
  .nonnegative()
  .nullable()
  .openapi({ description: 'null = nothing was measured' });

export const serviceFields = {
  ...sumFields,
  errorRate: Share,
  meanTtftMs: Millis.openapi({ description: 'Mean time to the first token, of attempts that have one' }),
};

/** Rounded to a hundredth of a per cent: more digits say nothing. */
export function rateOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}

export function meanOf(sum: number, count: number): number | null {
  return count === 0 ? null : Math.round(sum / count);
}
