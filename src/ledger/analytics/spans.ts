/**
 * Which rows add up to a stretch of time: whole days from the day rollups, whole hours from the hour rollups, and
 * what is left at the two ends from the entries, so that any stretch is exact and few rows are read.
 */
import { sql } from 'kysely';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Store } from '../../store/store.ts';
import { DAY_MS, HOUR_MS } from '../rollup.ts';

/** Half-open, epoch milliseconds. */
export interface TimeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

export type Source = 'days' | 'hours' | 'entries';

export interface Span extends TimeRange {
  readonly source: Source;
}

/** What there is to read, by when it was booked. Days are kept for ever. */
export interface Kept {
  /** Start of a UTC day: entries before it may be gone. */
  readonly entriesFromMs: number;
  /** Start of a UTC day: hours before it may be gone. */
  readonly hoursFromMs: number;
  /** Of the newest entry: whole hours and days that begin before and end after it have all there is. */
  readonly newestMs: number;
}

export const keptAll: Kept = { entriesFromMs: 0, hoursFromMs: 0, newestMs: Number.POSITIVE_INFINITY };

/** Where retention writes down how far it has gone: epoch milliseconds. */
export const retentionKeys = {
  entries: 'retention.entries_before',
  hours: 'retention.hours_before',
  decisions: 'retention.decisions_before',
} as const;

/** Without a workspace the newest entry is not looked for: only those of one workspace are in order of time. */
export async function loadKept({ kysely }: Pick<Store, 'kysely'>, workspaceId?: WorkspaceId): Promise<Kept> {
  const newest =
    workspaceId &&
    sql`
    union all select 'newest', max(created_at) from ledger_entries where workspace_id = ${workspaceId}`;
  const { rows } = await sql<{ key: string; at: number | null }>`
    select key, cast(value as bigint) as at from settings
    where key in (${retentionKeys.entries}, ${retentionKeys.hours}) ${newest ?? sql``}`.execute(kysely);
  const atMs = (key: string) => rows.find((row) => row.key === key)?.at ?? 0;
  return {
    entriesFromMs: atMs(retentionKeys.entries),
    hoursFromMs: atMs(retentionKeys.hours),
    newestMs: workspaceId ? atMs('newest') : Number.POSITIVE_INFINITY,
  };
}

/**
 * The moment as exactly as it can still be told: where the entries are gone the nearest hour, where the hours are
 * gone the nearest midnight of UTC. Stretches that adjoin still do. Behind the newest entry all moments are one:
 * the end of its UTC day.
 */
export function tellable(atMs: number, { entriesFromMs, hoursFromMs, newestMs }: Kept): number {
  if (atMs > newestMs) return Math.max(ceilTo(newestMs + 1, DAY_MS), floorTo(atMs, DAY_MS));
  if (atMs < hoursFromMs) return Math.round(atMs / DAY_MS) * DAY_MS;
  return atMs < entriesFromMs ? Math.round(atMs / HOUR_MS) * HOUR_MS : atMs;
}

/** The fewest rows that cover the range. */
export function spansOf(range: TimeRange, kept: Kept): readonly Span[] {
  const sinceMs = tellable(range.sinceMs, kept);
  const untilMs = tellable(range.untilMs, kept);
  const firstHour = Math.min(ceilTo(sinceMs, HOUR_MS), untilMs);
  const lastHour = Math.max(floorTo(untilMs, HOUR_MS), firstHour);
  const firstDay = Math.min(ceilTo(firstHour, DAY_MS), lastHour);
  const lastDay = Math.max(floorTo(lastHour, DAY_MS), firstDay);
  return keepWhole([
    { source: 'entries', sinceMs, untilMs: firstHour },
    { source: 'hours', sinceMs: firstHour, untilMs: firstDay },
    { source: 'days', sinceMs: firstDay, untilMs: lastDay },
    { source: 'hours', sinceMs: lastDay, untilMs: lastHour },
    { source: 'entries', sinceMs: lastHour, untilMs },
  ]);
}

/** The same without days: what a chart by the hour is made of. */
export function hourSpansOf(range: TimeRange, kept: Kept): readonly Span[] {
  const sinceMs = tellable(range.sinceMs, kept);
  const untilMs = tellable(range.untilMs, kept);
  const firstHour = Math.min(ceilTo(sinceMs, HOUR_MS), untilMs);
  const lastHour = Math.max(floorTo(untilMs, HOUR_MS), firstHour);
  return keepWhole([
    { source: 'entries', sinceMs, untilMs: firstHour },
    { source: 'hours', sinceMs: firstHour, untilMs: lastHour },
    { source: 'entries', sinceMs: lastHour, untilMs },
  ]);
}

export function keepWhole(spans: readonly Span[]): readonly Span[] {
  return spans.filter((span) => span.sinceMs < span.untilMs);
}

export function floorTo(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}

export function ceilTo(timeMs: number, stepMs: number): number {
  return Math.ceil(timeMs / stepMs) * stepMs;
}
