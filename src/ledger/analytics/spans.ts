/**
 * Which rows add up to a stretch of time: whole days from the day rollups, whole hours from the hour rollups, and
 * what is left at the two ends from the entries, so that any stretch is exact and few rows are read.
 */
import { sql } from 'kysely';
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

/** What retention has left, by when it was booked. Days are kept for ever. */
export interface Kept {
  /** Start of a UTC day: entries before it may be gone. */
  readonly entriesFromMs: number;
  /** Start of a UTC day: hours before it may be gone. */
  readonly hoursFromMs: number;
}

export const keptAll: Kept = { entriesFromMs: 0, hoursFromMs: 0 };

/** Where retention writes down how far it has gone: epoch milliseconds. */
export const retentionKeys = {
  entries: 'retention.entries_before',
  hours: 'retention.hours_before',
  decisions: 'retention.decisions_before',
} as const;

export async function loadKept({ kysely }: Pick<Store, 'kysely'>): Promise<Kept> {
  const { rows } = await sql<{ key: string; value: string }>`
    select key, value from settings where key in (${retentionKeys.entries}, ${retentionKeys.hours})`.execute(
    kysely,
  );
  const atMs = (key: string) => Number(rows.find((row) => row.key === key)?.value ?? 0);
  return { entriesFromMs: atMs(retentionKeys.entries), hoursFromMs: atMs(retentionKeys.hours) };
}

/**
 * The moment as exactly as it can still be told: where the entries are gone the nearest hour, where the hours are
 * gone the nearest midnight of UTC. Stretches that adjoin still do.
 */
export function tellable(atMs: number, { entriesFromMs, hoursFromMs }: Kept): number {
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
