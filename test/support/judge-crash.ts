/** What must be true of the books of `ledger-victim.ts` once the next process has recovered them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { thresholdAt } from '../../src/ledger/alert.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { SqliteStore } from '../../src/store/sqlite.ts';

export interface Booked {
  readonly exchange_id: string;
  readonly status: string;
}

/** @returns all that is booked */
export async function judgeCrash(store: SqliteStore, path: string): Promise<readonly Booked[]> {
  const { database } = store;
  const booked = database.prepare('select exchange_id, status from ledger_entries').all() as Booked[];
  const times = new Map<string, number>();
  for (const { exchange_id: id } of booked) times.set(id, (times.get(id) ?? 0) + 1);
  // Ends with a newline, so the last part is empty; a line that was cut off is not whole.
  const sent = readFileSync(`${path}.sent`, 'utf8').split('\n').slice(0, -1);
  expect(sent.filter((id) => times.get(id) !== 1)).toEqual([]);
  expect([...times.values()].every((count) => count === 1)).toBe(true);
  const isSent = new Set(sent);
  const unsent = booked.filter(({ exchange_id: id }) => !isSent.has(id));
  expect(unsent.every(({ status }) => status === 'interrupted')).toBe(true);
  expect(database.prepare('select count(*) from reservations').pluck().get()).toBe(0);
  expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: booked.length, problems: [] });
  judgeBudgets(store);
  return booked;
}

interface WindowRow {
  readonly budget_id: string;
  readonly subject: string;
  readonly start_at: bigint;
  readonly settled_nano: bigint;
  readonly limit_nano: bigint;
}

/** That the windows add up, verification has said: nothing is held any more, and every threshold was told of once. */
function judgeBudgets({ database }: SqliteStore): void {
  const count = (from: string) => database.prepare(`select count(*) from ${from}`).pluck().get();
  expect(count('budget_windows where reserved_nano <> 0')).toBe(0);
  expect(count('rate_limits where in_flight <> 0')).toBe(0);
  const windows = database.prepare('select * from budget_windows').safeIntegers(true).all() as WindowRow[];
  for (const { budget_id, subject, start_at, settled_nano, limit_nano } of windows) {
    const thresholds = JSON.parse(
      database.prepare('select thresholds from budgets where id = ?').pluck().get(budget_id) as string,
    ) as number[];
    const key = [budget_id, subject, start_at] as const;
    const kept = database
      .prepare('select threshold from budget_alerts where budget_id = ? and subject = ? and start_at = ?')
      .pluck()
      .all(...key) as number[];
    // Hours are told of by their sum.
    if (budget_id === 'bud_key') continue;
    const passed = thresholds.filter((percent) => thresholdAt(limit_nano, percent) <= settled_nano);
    expect(kept.toSorted((a, b) => a - b)).toEqual(passed);
    const told = `outbox where topic = 'budget.threshold' and id like 'budget.threshold/${budget_id}/%'`;
    const highest = passed.at(-1);
    if (highest !== undefined) expect(count(`${told} and id like '%/${highest}/v1'`)).toBe(1);
  }
}
