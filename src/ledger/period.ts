/**
 * The windows of a period: half-open stretches of time that follow one another without gap or overlap.
 *
 * A day begins at the first instant whose local date is that day or later: where a clock jumps over midnight the
 * day begins after the jump, and where a clock is set back over midnight the repeated hour stays in the new day.
 */
import { type Calendar, rollingHours } from '../base/budget.ts';

export interface Window {
  readonly startMs: number;
  /** Not in it. `FOREVER_MS` = it has no end. */
  readonly endMs: number;
}

/** The last millisecond a date can name. */
export const FOREVER_MS = 8_640_000_000_000_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No local time is further from UTC than this. */
const MAX_OFFSET_MS = 16 * HOUR_MS;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const FIRST_WEEKDAY = 3;
const WEEK_DAYS = 7;

/**
 * The window that holds `atMs`. Of a rolling period it is an hour, the piece that spend is counted in; how many of
 * them an admission adds up, `countedFrom` says. @throws {RangeError} on a zone this system does not know
 */
export function windowAt(calendar: Calendar, atMs: number): Window {
  const { period, timeZone } = calendar;
  if (period === 'total') return { startMs: 0, endMs: FOREVER_MS };
  if (rollingHours(period) !== undefined) {
    const startMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    return { startMs, endMs: startMs + HOUR_MS };
  }
  let { first, next } = spanOf(calendar, localDay(timeZone, atMs));
  let endMs = startOfDay(timeZone, next);
  // A day that no clock showed is empty, and a repeated hour belongs to the day it came after.
  while (endMs <= atMs) {
    ({ first, next } = spanOf(calendar, next));
    endMs = startOfDay(timeZone, next);
  }
  return { startMs: startOfDay(timeZone, first), endMs };
}

/** From when on spend counts towards the limit in `window`: its start, but for rolling periods. */
export function countedFrom({ period }: Pick<Calendar, 'period'>, { startMs }: Window): number {
  // The oldest hour is in it only in part, and is counted whole: never too little.
  return startMs - (rollingHours(period) ?? 0) * HOUR_MS;
}

/** Remembers the last answer: nearly every call is in the same window as the one before. */
export function rememberWindow(find: (atMs: number) => Window): (atMs: number) => Window {
  let last: Window | undefined;
  return (atMs) => {
    if (!last || atMs < last.startMs || atMs >= last.endMs) last = find(atMs);
    return last;
  };
}

/** Days counted from 1970-01-01 by the calendar, whatever their length. */
type Day = number;

/** The first day of the window a day is in, and of the next window. */
function spanOf({ period, anchorDay }: Calendar, day: Day): { first: Day; next: Day } {
  if (period === 'week') {
    const first = day - ((((day + FIRST_WEEKDAY) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
    return { first, next: first + WEEK_DAYS };
  }
  if (period !== 'month') return { first: day, next: day + 1 };
  const date = new Date(day * DAY_MS);
  const isBefore = date.getUTCDate() < anchorDay;
  const month = date.getUTCMonth() - (isBefore ? 1 : 0);
  const dayOf = (offset: number) => Date.UTC(date.getUTCFullYear(), month + offset, anchorDay) / DAY_MS;
  return { first: dayOf(0), next: dayOf(1) };
}

function localDay(timeZone: string, atMs: number): Day {
  return Math.floor((atMs + offsetAt(timeZone, atMs)) / DAY_MS);
}

/** The first instant whose local date is `day` or later. */
function startOfDay(timeZone: string, day: Day): number {
  const midnight = day * DAY_MS;
  const before = offsetAt(timeZone, midnight - MAX_OFFSET_MS);
  const after = offsetAt(timeZone, midnight + MAX_OFFSET_MS);
  if (before === after) return midnight - before;
  const changeMs = changeOf(timeZone, midnight - MAX_OFFSET_MS, midnight + MAX_OFFSET_MS, before);
  if (midnight - before < changeMs) return midnight - before;
  return Math.max(midnight - after, changeMs);
}

/** The instant between the two at which the offset stops being `before`. */
function changeOf(timeZone: string, fromMs: number, untilMs: number, before: number): number {
  let low = fromMs;
  let high = untilMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** One formatter is some kilobytes; operators name a handful of zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** What is added to UTC to get local time. */
function offsetAt(timeZone: string, atMs: number): number {
  if (timeZone === 'UTC') return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(atMs)) part[type] = Number(value);
  const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return local - Math.floor(atMs / 1000) * 1000;
}
