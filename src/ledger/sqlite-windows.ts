/**
 * Budget windows within one transaction on SQLite: each row is read once, changed in memory, and written back once at
 * the end. Nothing of it outlives the transaction, so there are no counters that could drift from the table.
 */
import type { BudgetId } from '../base/budget.ts';
import type { SqliteDatabase } from '../store/sqlite.ts';
import { thresholdAt } from './alert.ts';
import type { Claim } from './budget.ts';
import type { WindowKey } from './claims.ts';

/** A row of `budget_windows`. */
export interface WindowRow {
  readonly budgetId: BudgetId;
  readonly subject: string;
  readonly startAt: number;
  readonly endAt: number;
  limit: bigint;
  settled: bigint;
  reserved: bigint;
  overruns: number;
  blockedAt: number | null;
  refusals: number;
  requests: number;
  version: number;
  alertAt: bigint | null;
  /** Not in the table yet. */
  readonly isNew: boolean;
  isChanged: boolean;
  /** For the rest of the batch: a reserve waits for room here, and none may overtake it. */
  isClosed: boolean;
}

export interface Sums {
  readonly settled: bigint;
  readonly reserved: bigint;
}

/** The windows of one budget and subject. */
interface Shelf {
  readonly rows: WindowRow[];
  /** All that start here or later are in `rows`. */
  loadedFrom: number;
  /** Sums over those that start at the key or later, but before `loadedFrom`. */
  readonly earlier: Map<number, Sums>;
}

/** Those that one transaction has looked at. */
export interface Windows {
  readonly statements: WindowStatements;
  readonly shelves: Map<string, Shelf>;
  readonly changed: WindowRow[];
}

export type WindowStatements = ReturnType<typeof prepareWindows>;

const sumColumns = 'coalesce(sum(settled_nano), 0), coalesce(sum(reserved_nano), 0)';
const ofShelf = 'from budget_windows where budget_id = ? and subject = ? and start_at >= ? and start_at < ?';

export function prepareWindows(database: SqliteDatabase) {
  return {
    load: database
      .prepare(
        `select start_at, end_at, limit_nano, settled_nano, reserved_nano, overruns, blocked_at, refusals, requests,
         limit_version, alert_nano ${ofShelf}`,
      )
      .raw(true)
      .safeIntegers(true),
    sum: database.prepare(`select ${sumColumns} ${ofShelf}`).raw(true).safeIntegers(true),
    insert: database.prepare(
      `insert into budget_windows (limit_nano, settled_nano, reserved_nano, overruns, blocked_at, refusals, requests,
       limit_version, alert_nano, budget_id, subject, start_at, end_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    update: database.prepare(
      `update budget_windows set limit_nano = ?, settled_nano = ?, reserved_nano = ?, overruns = ?, blocked_at = ?,
       refusals = ?, requests = ?, limit_version = ?, alert_nano = ?
       where budget_id = ? and subject = ? and start_at = ?`,
    ),
  };
}

export function openWindows(statements: WindowStatements): Windows {
  return { statements, shelves: new Map(), changed: [] };
}

/** Later than any window starts. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** With everything from `startAt` on: of a calendar period that is the window itself, but for clocks set back. */
function shelfFrom(windows: Windows, budgetId: BudgetId, subject: string, startAt: number): Shelf {
  const name = `${budgetId} ${subject}`;
  let shelf = windows.shelves.get(name);
  if (!shelf) {
    shelf = { rows: [], loadedFrom: END_OF_TIME, earlier: new Map() };
    windows.shelves.set(name, shelf);
  }
  if (startAt >= shelf.loadedFrom) return shelf;
  const found = windows.statements.load.all(budgetId, subject, startAt, shelf.loadedFrom) as LoadedRow[];
  for (const row of found) shelf.rows.push(readRow(budgetId, subject, row));
  shelf.loadedFrom = startAt;
  shelf.earlier.clear();
  return shelf;
}

type LoadedRow = readonly [
  startAt: bigint,
  endAt: bigint,
  limit: bigint,
  settled: bigint,
  reserved: bigint,
  overruns: bigint,
  blockedAt: bigint | null,
  refusals: bigint,
  requests: bigint,
  version: bigint,
  alertAt: bigint | null,
];

function readRow(budgetId: BudgetId, subject: string, row: LoadedRow): WindowRow {
  return {
    budgetId,
    subject,
    startAt: Number(row[0]),
    endAt: Number(row[1]),
    limit: row[2],
    settled: row[3],
    reserved: row[4],
    overruns: Number(row[5]),
    blockedAt: row[6] === null ? null : Number(row[6]),
    refusals: Number(row[7]),
    requests: Number(row[8]),
    version: Number(row[9]),
    alertAt: row[10],
    isNew: false,
    isChanged: false,
    isClosed: false,
  };
}

/** undefined = there is none: the budget's windows have been taken out of the books. */
export function findWindow(windows: Windows, [budgetId, subject, startAt]: WindowKey): WindowRow | undefined {
  return rowAt(shelfFrom(windows, budgetId, subject, startAt), startAt);
}

function rowAt({ rows }: Shelf, startAt: number): WindowRow | undefined {
  for (const row of rows) if (row.startAt === startAt) return row;
  return undefined;
}

/** Makes it where it is not there, and brings the limit of a newer version of its budget. */
export function touchWindow(windows: Windows, claim: Claim): WindowRow {
  const shelf = shelfFrom(windows, claim.budgetId, claim.subject, claim.windowStart);
  const known = rowAt(shelf, claim.windowStart);
  if (!known) {
    const made = makeRow(claim);
    shelf.rows.push(made);
    changeWindow(windows, made);
    return made;
  }
  if (claim.version > known.version) {
    bringTerms(known, claim, known.settled, isRolling(claim));
    changeWindow(windows, known);
  }
  return known;
}

/** To be called before it is written to: it is written back at the end. */
export function changeWindow(windows: Windows, row: WindowRow): void {
  if (row.isChanged) return;
  row.isChanged = true;
  windows.changed.push(row);
}

function makeRow(claim: Claim): WindowRow {
  return {
    budgetId: claim.budgetId,
    subject: claim.subject,
    startAt: claim.windowStart,
    endAt: claim.windowEnd,
    limit: claim.limit,
    settled: 0n,
    reserved: 0n,
    overruns: 0,
    blockedAt: null,
    refusals: 0,
    requests: 0,
    version: claim.version,
    alertAt: isRolling(claim) ? null : nextAlertAt(claim, 0n),
    isNew: true,
    isChanged: false,
    isClosed: false,
  };
}

/** Its pieces are alerted of by their sum, which no single row can say. */
function isRolling({ countedFrom, windowStart }: Claim): boolean {
  return countedFrom < windowStart;
}

/** What a version of a budget says. */
export interface Terms {
  readonly limit: bigint;
  readonly version: number;
  readonly thresholds: readonly number[];
}

/** @param settled what of the window's spend its thresholds have been judged by */
export function bringTerms(row: WindowRow, terms: Terms, settled: bigint, rolls: boolean): void {
  row.alertAt = rolls ? null : nextAlertAt(terms, settled, row.limit);
  row.limit = terms.limit;
  row.version = terms.version;
}

/** The lowest threshold that was not passed yet, by this limit or by the one before it. */
export function nextAlertAt(
  { limit, thresholds }: Pick<Terms, 'limit' | 'thresholds'>,
  settled: bigint,
  limitBefore = limit,
): bigint | null {
  const higher = limitBefore > limit ? limitBefore : limit;
  // Ascending, so the first is the lowest.
  for (const percent of thresholds)
    if (thresholdAt(higher, percent) > settled) return thresholdAt(limit, percent);
  return null;
}

/** Over all windows of the row's budget and subject that start at `from` or later. */
export function sumFrom(windows: Windows, { budgetId, subject, startAt }: WindowRow, from: number): Sums {
  const shelf = shelfFrom(windows, budgetId, subject, startAt);
  let { settled, reserved } =
    from < shelf.loadedFrom ? earlierSums(windows, shelf, budgetId, subject, from) : NONE;
  for (const row of shelf.rows) {
    if (row.startAt < from) continue;
    settled += row.settled;
    reserved += row.reserved;
  }
  return { settled, reserved };
}

const NONE: Sums = { settled: 0n, reserved: 0n };

/** Summed by the database: hours that are over are many, and seldom change. */
function earlierSums(
  { statements }: Windows,
  { earlier, loadedFrom }: Shelf,
  budgetId: BudgetId,
  subject: string,
  from: number,
): Sums {
  const known = earlier.get(from);
  if (known) return known;
  const [settled, reserved] = statements.sum.get(budgetId, subject, from, loadedFrom) as [bigint, bigint];
  const sums = { settled, reserved };
  earlier.set(from, sums);
  return sums;
}

/** @returns how many rows */
export function writeWindows({ statements, changed }: Windows): number {
  for (const row of changed) {
    const values = [
      row.limit,
      row.settled,
      row.reserved,
      row.overruns,
      row.blockedAt,
      row.refusals,
      row.requests,
      row.version,
      row.alertAt,
      row.budgetId,
      row.subject,
      row.startAt,
    ];
    if (row.isNew) statements.insert.run(...values, row.endAt);
    else statements.update.run(values);
  }
  return changed.length;
}
