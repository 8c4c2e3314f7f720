/**
 * Sums by the days of a time zone. A local day is the UTC day it overlaps most, plus and minus the hours between
 * the two midnights: with days from the day rollups, only those hours are read of the finer rows.
 */
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { windowAt } from '../period.ts';
import { DAY_MS, HOUR_MS } from '../rollup.ts';
import {
  floorTo,
  hourSpansOf,
  type Kept,
  keepWhole,
  keptAll,
  loadKept,
  type Span,
  type TimeRange,
  tellable,
} from './spans.ts';
import {
  addSums,
  isNothing,
  noSums,
  readSums,
  type SumRow,
  type Sums,
  selectSpan,
  selectWhole,
  subtractSums,
  type UsageScope,
} from './sums.ts';

export interface DayQuery extends TimeRange, UsageScope {
  /** IANA name. */
  readonly timeZone: string;
}

export interface DaySum extends Sums, TimeRange {
  /** The local date, `2026-11-21`, or of hours their start in UTC, `2026-11-21T13:00Z`. */
  readonly value: string;
}

/** Days with something in them, in order; the first and the last only as far as they are in the range. */
export async function sumDays(store: Store, query: DayQuery): Promise<readonly DaySum[]> {
  const kept = await loadKept(store, query.workspaceId);
  const range = await clamp(store, query);
  if (range.untilMs <= range.sinceMs) return [];
  const edges = edgesOf(range, query.timeZone, kept);
  const { days, gaps } = await loadParts(store, edges, query);
  const found = edges.slice(0, -1).map((edge, at) => {
    const next = edges[at + 1]!;
    let sums = noSums;
    for (let day = edge.midnightMs; day < next.midnightMs; day += DAY_MS)
      sums = addSums(sums, days.get(day) ?? noSums);
    sums = moveEdge(sums, edge, gaps.get(at), subtractSums, addSums);
    sums = moveEdge(sums, next, gaps.get(at + 1), addSums, subtractSums);
    return { value: edge.date, sinceMs: edge.localMs, untilMs: next.localMs, ...sums };
  });
  return found.filter(({ value: _value, sinceMs: _since, untilMs: _until, ...sums }) => !isNothing(sums));
}

/** Hours with something in them, in order; the first and the last only as far as they are in the range. */
export async function sumHours(store: Store, query: TimeRange & UsageScope): Promise<readonly DaySum[]> {
  const kept = await loadKept(store, query.workspaceId);
  const range = await clamp(store, query);
  const parts = hourSpansOf(range, kept).map((span) => {
    const value = span.source === 'hours' ? sql`hour` : sql`${sql.lit(floorTo(span.sinceMs, HOUR_MS))}`;
    return selectSpan(span, value, query);
  });
  if (parts.length === 0) return [];
  const { rows } = await sql<SumRow & { value: number }>`
    ${sql.join(parts, sql` union all `)} order by value`.execute(store.kysely);
  return rows.map((row) => ({
    value: `${new Date(row.value).toISOString().slice(0, 16)}Z`,
    sinceMs: Math.max(row.value, range.sinceMs),
    untilMs: Math.min(row.value + HOUR_MS, range.untilMs),
    ...readSums(row),
  }));
}

/** A range that begins with the first day there is. */
async function clamp(store: Store, range: TimeRange & UsageScope): Promise<TimeRange> {
  const firstMs = await loadFirstDay(store, range);
  return { sinceMs: Math.max(range.sinceMs, firstMs ?? range.untilMs), untilMs: range.untilMs };
}

/** Start of the first UTC day that anything was booked on; undefined = nothing was. */
export async function loadFirstDay(
  { kysely }: Store,
  { workspaceId }: UsageScope,
): Promise<number | undefined> {
  let select = kysely.selectFrom('usage_days').select((row) => row.fn.min('day').as('first'));
  if (workspaceId !== undefined) select = select.where('workspace_id', '=', workspaceId);
  return (await select.executeTakeFirst())?.first ?? undefined;
}

/** Where one local day ends and the next begins. */
interface Edge {
  readonly localMs: number;
  /** As exactly as it can be told. */
  readonly atMs: number;
  /** The midnight in UTC that is nearest. */
  readonly midnightMs: number;
  /** Of the day that begins here. */
  readonly date: string;
}

function edgesOf(range: TimeRange, timeZone: string, kept: Kept): readonly Edge[] {
  const edges: Edge[] = [];
  const dateOf = localDates(timeZone);
  const calendar = { period: 'day', timeZone, anchorDay: 1 } as const;
  const put = (localMs: number) => {
    const atMs = tellable(localMs, kept);
    const midnightMs = Math.round(atMs / DAY_MS) * DAY_MS;
    edges.push({ localMs, atMs, midnightMs, date: dateOf(localMs) });
  };
  for (let atMs = range.sinceMs; atMs < range.untilMs; atMs = windowAt(calendar, atMs).endMs) put(atMs);
  put(range.untilMs);
  return edges;
}

function localDates(timeZone: string): (atMs: number) => string {
  // The Swedish way to write dates is ISO 8601.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (atMs) => format.format(atMs);
}

type Change = (a: Sums, b: Sums) => Sums;

/** What lies between the edge and its midnight, given to the side it belongs to. */
function moveEdge(
  sums: Sums,
  { atMs, midnightMs }: Edge,
  gap: Sums | undefined,
  after: Change,
  before: Change,
) {
  if (!gap) return sums;
  return atMs > midnightMs ? after(sums, gap) : before(sums, gap);
}

interface Parts {
  readonly days: Map<number, Sums>;
  /** By the number of the edge: what lies between it and its midnight. */
  readonly gaps: Map<number, Sums>;
}

/** SQLite joins 500 selects at most. Each reads one stretch by its index. */
const MAX_SELECTS = 400;

async function loadParts(store: Store, edges: readonly Edge[], scope: UsageScope): Promise<Parts> {
  const parts: Parts = { days: new Map(), gaps: new Map() };
  const whole: Span = { source: 'days', sinceMs: edges[0]!.midnightMs, untilMs: edges.at(-1)!.midnightMs };
  const gapSelects = edges.flatMap((edge, at) =>
    gapSpans(edge).map((span) => selectWhole(span, sql.lit(gapPlace(at)), scope)),
  );
  // The newest first: what is booked meanwhile is then in all parts of its day or in none.
  const selects = [
    ...keepWhole([whole]).map((span) => selectSpan(span, sql`day`, scope)),
    ...gapSelects.reverse(),
  ];
  for (let from = 0; from < selects.length; from += MAX_SELECTS) {
    const chunk = selects.slice(from, from + MAX_SELECTS);
    const { rows } = await sql<SumRow & { value: number }>`${sql.join(chunk, sql` union all `)}`.execute(
      store.kysely,
    );
    for (const row of rows) put(parts, row);
  }
  return parts;
}

/** Days are numbered by their first millisecond, gaps below zero by their edge. */
function gapPlace(at: number): number {
  return -1 - at;
}

function put({ days, gaps }: Parts, row: SumRow & { value: number }): void {
  const [map, key] = row.value < 0 ? [gaps, gapPlace(row.value)] : [days, row.value];
  map.set(key, addSums(map.get(key) ?? noSums, readSums(row)));
}

function gapSpans({ atMs, midnightMs }: Edge): readonly Span[] {
  return hourSpansOf({ sinceMs: Math.min(atMs, midnightMs), untilMs: Math.max(atMs, midnightMs) }, keptAll);
}
