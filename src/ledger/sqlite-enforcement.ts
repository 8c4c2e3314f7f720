/** What a batch does to windows and rates on SQLite: gives back, adds cost, changes holds, refuses and grants. */

import type { Entry } from './book.ts';
import type { Claim } from './budget.ts';
import { readRates, readWindows } from './claims.ts';
import { judgeReserve, type Standing } from './judge-reserve.ts';
import type { AttemptKey, Grant } from './ledger.ts';
import type { HoldChange, Reserve } from './ledger-store.ts';
import type { RateLeft } from './rate.ts';
import { type Alerts, noteSettled, openAlerts, tellBlocked } from './sqlite-alerts.ts';
import { giveRatesBack, judgeRates, openRates, type Rates, takeRates, writeRates } from './sqlite-rates.ts';
import type { Held, Statements } from './sqlite-statements.ts';
import {
  changeWindow,
  findWindow,
  openWindows,
  sumFrom,
  touchWindow,
  type WindowRow,
  type Windows,
  writeWindows,
} from './sqlite-windows.ts';

/** The part of one transaction that enforces. */
export interface Enforcement {
  readonly statements: Statements;
  readonly windows: Windows;
  readonly rates: Rates;
  readonly alerts: Alerts;
  readonly nowMs: number;
  /** The windows that were looked up last, as the attempt names them. */
  last: { readonly text: string; readonly rows: readonly WindowRow[] };
  /** The same of the claims that were asked for last. */
  asked: { readonly claims: readonly Claim[]; readonly rows: readonly WindowRow[] };
}

const NOTHING = { text: '', rows: [] };
const NOBODY = { claims: [], rows: [] };

export function openEnforcement(statements: Statements, nowMs: number): Enforcement {
  const windows = openWindows(statements.windows);
  const rates = openRates(statements.rates);
  return {
    statements,
    windows,
    rates,
    alerts: openAlerts(statements.alerts, windows, nowMs),
    nowMs,
    last: NOTHING,
    asked: NOBODY,
  };
}

/** @returns how many rows were written besides those of attempts */
export function closeEnforcement({ windows, rates, alerts }: Enforcement): number {
  return writeWindows(windows) + writeRates(rates) + alerts.written;
}

type TakenRow = readonly [amount: bigint, windows: string | null, rates: string | null];

/**
 * Takes a reservation away, and what it held out of its windows and rates.
 * @param entry what became of the attempt; undefined = it was never sent
 * @returns what it held in windows; 0 where there is none
 */
export function giveBack(on: Enforcement, key: AttemptKey, entry: Entry | undefined): bigint {
  const { takePlainReservation, takeReservation } = on.statements;
  if (entry?.windows === null && takePlainReservation.run(key.exchangeId, key.attempt).changes > 0) return 0n;
  const taken = takeReservation.get(key.exchangeId, key.attempt) as TakenRow | undefined;
  if (!taken) return 0n;
  const [amount, windows, rates] = taken;
  if (windows !== null) for (const row of rowsOf(on, windows)) row.reserved -= amount;
  if (rates !== null) giveRatesBack(on.rates, readRates(rates), entry);
  return amount;
}

/** Adds what an attempt cost to its windows. @param given what was given back for it */
export function addCost(on: Enforcement, entry: Entry, given: bigint): void {
  if (entry.windows === null) return;
  const { cost_nano: cost } = entry;
  for (const row of rowsOf(on, entry.windows)) {
    row.settled += cost;
    if (cost > given) row.overruns += 1;
    noteSettled(on.alerts, row, cost);
  }
}

/** To be written to. */
function rowsOf(on: Enforcement, text: string): readonly WindowRow[] {
  // What is given back and what it cost are of the same windows.
  if (on.last.text === text) return on.last.rows;
  const { windows } = on;
  const rows: WindowRow[] = [];
  const keys = readWindows(text);
  for (const key of keys) {
    const row = findWindow(windows, key);
    if (!row) continue;
    changeWindow(windows, row);
    rows.push(row);
  }
  if (rows.length === keys.length) on.last = { text, rows };
  return rows;
}

/** False: it is gone, or there is no room for more. */
export function changeHold(on: Enforcement, change: HoldChange): boolean {
  const { statements, windows } = on;
  const { exchangeId, attempt, amount, claims } = change;
  const held = statements.findHeld.get(exchangeId, attempt) as readonly [bigint, string | null] | undefined;
  if (!held) return false;
  const more = amount - held[0];
  if (more > 0n && !hasRoom(windows, claims, more)) return false;
  statements.changeHeld.run(amount, exchangeId, attempt);
  if (held[1] !== null) for (const row of rowsOf(on, held[1])) row.reserved += more;
  return true;
}

function hasRoom(windows: Windows, claims: readonly Claim[], more: bigint): boolean {
  const standings = claims.map((claim) => standingOf(windows, touchWindow(windows, claim), claim));
  return standings.every(
    ({ limit, settled, reserved }, at) => !claims[at]!.isHard || limit - settled - reserved >= more,
  );
}

function standingOf(windows: Windows, row: WindowRow, { countedFrom }: Claim): Standing {
  const { settled, reserved } = sumFrom(windows, row, countedFrom);
  return { limit: row.limit, settled, reserved, isClosed: row.isClosed };
}

export function countRefusal(on: Enforcement, claim: Claim): void {
  const row = touchWindow(on.windows, claim);
  changeWindow(on.windows, row);
  row.refusals += 1;
  if (row.blockedAt !== null) return;
  row.blockedAt = on.nowMs;
  tellBlocked(on.alerts, row, claim.countedFrom);
}

/** The claims of an owner are one list: many reserves of a batch ask for the same rows. */
function askedRows(on: Enforcement, claims: readonly Claim[]): readonly WindowRow[] {
  if (on.asked.claims !== claims) {
    on.asked = { claims, rows: claims.map((claim) => touchWindow(on.windows, claim)) };
  }
  return on.asked.rows;
}

const granted: Grant = { ok: true };

export interface Granted {
  readonly grant: Grant;
  /** What its reservation is to say; undefined = there is none. */
  readonly held: Held | undefined;
}

/** Takes what the reserve was found to have room for, or nothing. */
export function grantReserve(on: Enforcement, reserve: Reserve): Granted {
  const { reservation, claims, rates, bound } = reserve;
  const plain = { amount: reservation.amount_nano, maxOutput: reservation.max_output_tokens };
  if (claims.length === 0 && rates.length === 0) return { grant: granted, held: plain };
  const rated = judgeRates(on.rates, rates, on.nowMs);
  if (!rated.ok) {
    const { rate, retryMs } = rated;
    return { grant: { ok: false, reason: 'rate_limited', rate, retryMs }, held: undefined };
  }
  const rows = askedRows(on, claims);
  const standings = rows.map((row, at) => standingOf(on.windows, row, claims[at]!));
  const verdict = judgeReserve(reserve, standings);
  if (!verdict.ok) {
    for (const at of verdict.closes) rows[at]!.isClosed = true;
    return { grant: { ok: false, reason: 'over_budget', shortfall: verdict.shortfall }, held: undefined };
  }
  const { amount, maxOutput } = verdict;
  for (const row of rows) {
    changeWindow(on.windows, row);
    row.reserved += amount;
    row.requests += 1;
  }
  const left: readonly RateLeft[] = takeRates(on.rates, rates, rated.fullAts, on.nowMs);
  const grant: Grant = {
    ok: true,
    amount,
    ...(maxOutput !== undefined && { maxOutput }),
    ...(rates.length > 0 && { rates: left }),
  };
  return { grant, held: { amount, maxOutput: bound ? maxOutput! : plain.maxOutput } };
}
