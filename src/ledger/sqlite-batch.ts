/** One batch on SQLite: what its transaction does, in the order the contract gives. */
import type { PriceId } from '../base/ids.ts';
import { bookLateSettle, type Entry, type EntrySums } from './book.ts';
import type { AttemptKey, Grant } from './ledger.ts';
import type { Batch, Post, Reserve } from './ledger-store.ts';
import { DAY_MS, HOUR_MS, rollUp } from './rollup.ts';
import {
  addCost,
  changeHold,
  closeEnforcement,
  countRefusal,
  type Enforcement,
  giveBack,
  grantReserve,
  openEnforcement,
} from './sqlite-enforcement.ts';
import {
  entryValues,
  priceValues,
  reservationValues,
  rollupValues,
  type Statements,
} from './sqlite-statements.ts';

/** What this process knows of the database. */
export interface Known {
  readonly prices: Set<PriceId>;
  /** Of this life; 0 before the first. */
  epoch: number;
}

export interface Applied {
  readonly duplicates: AttemptKey[];
  readonly late: AttemptKey[];
  readonly newPrices: PriceId[];
  readonly holds: readonly boolean[];
  readonly grants: readonly Grant[];
  /** Written, about. */
  readonly rows: number;
}

export function applySqliteBatch(statements: Statements, known: Known, batch: Batch, nowMs: number): Applied {
  const on = openEnforcement(statements, nowMs);
  const newPrices = insertPrices(statements, known.prices, batch);
  for (const key of batch.releases) giveBack(on, key, undefined);
  const posted = insertEntries(on, batch.posts);
  const holds = batch.holds.map((change) => changeHold(on, change));
  for (const claim of batch.refusals) countRefusal(on, claim);
  const grants = batch.reserves.map((reserve) => insertReservation(on, reserve, known.epoch));
  for (const { exchangeId, attempt, outputEstimate } of batch.progress) {
    statements.noteProgress.run(outputEstimate, exchangeId, attempt, outputEstimate);
  }
  if (batch.isProbe) statements.probe.run();
  const { duplicates, late } = posted;
  const { releases, reserves, progress } = batch;
  const attempts = releases.length + reserves.length + progress.length + holds.length;
  const rows = posted.rows + attempts + closeEnforcement(on);
  return { duplicates, late, newPrices, holds, grants, rows };
}

function insertPrices(statements: Statements, knownPrices: ReadonlySet<PriceId>, batch: Batch): PriceId[] {
  const added: PriceId[] = [];
  const insert = ({ price }: Reserve | Post) => {
    if (!price || knownPrices.has(price.id) || added.includes(price.id)) return;
    statements.insertPrice.run(priceValues(price));
    added.push(price.id);
  };
  batch.posts.forEach(insert);
  batch.reserves.forEach(insert);
  return added;
}

function insertReservation(on: Enforcement, reserve: Reserve, epoch: number): Grant {
  const { grant, held } = grantReserve(on, reserve);
  if (held) on.statements.insertReservation.run(reservationValues(reserve.reservation, held, epoch));
  return grant;
}

interface Posted {
  readonly duplicates: AttemptKey[];
  readonly late: AttemptKey[];
  rows: number;
}

/** Only entries that were not there yet are added to the rollups. */
function insertEntries(on: Enforcement, posts: readonly Post[]): Posted {
  const { statements } = on;
  const posted: Posted = { duplicates: [], late: [], rows: 0 };
  const added: Entry[] = [];
  for (const { entry, decision } of posts) {
    const key = { exchangeId: entry.exchange_id, attempt: entry.attempt };
    const given = giveBack(on, key, entry);
    const booked = insertEntry(statements, entry);
    if (booked !== entry) posted.duplicates.push(key);
    if (!booked) continue;
    if (booked !== entry) posted.late.push(key);
    added.push(booked);
    addCost(on, booked, given);
    if (decision === undefined) continue;
    statements.insertDecision.run(key.exchangeId, key.attempt, decision);
    posted.rows += 1;
  }
  if (added.length === 0) return posted;
  for (const rollup of rollUp(added, HOUR_MS)) statements.upsertHour.run(rollupValues(rollup));
  for (const rollup of rollUp(added, DAY_MS)) statements.upsertDay.run(rollupValues(rollup));
  posted.rows += 2 * posts.length;
  return posted;
}

/** What was booked: the entry, or the correction that a late settle comes to; undefined = nothing. */
function insertEntry(statements: Statements, entry: Entry): Entry | undefined {
  if (statements.insertEntry.run(entryValues(entry)).changes > 0) return entry;
  if (entry.sequence !== 0 || entry.status === 'interrupted') return undefined;
  const booked = statements.findInterrupted.get(entry.exchange_id, entry.attempt) as EntrySums | undefined;
  if (!booked) return undefined;
  const correction = bookLateSettle(entry, booked);
  return statements.insertEntry.run(entryValues(correction)).changes > 0 ? correction : undefined;
}
