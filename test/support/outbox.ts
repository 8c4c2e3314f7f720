/** Rows for the outbox, as the ledger stores write them, and a clock with timers that a test moves by hand. */
import type { Clock } from '../../src/base/clock.ts';
import { type BudgetAlert, dedupeKeyOf } from '../../src/ledger/alert.ts';
import type { Store } from '../../src/store/store.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const NOW = Date.parse('2026-11-21T12:00:00Z');

export function budgetAlert(change: Partial<BudgetAlert> = {}): BudgetAlert {
  const dayStart = Date.parse('2026-11-21T00:00:00Z');
  return {
    topic: 'budget.threshold',
    budgetId: 'bud_1',
    budgetName: 'coders',
    workspaceId: 'ws_1',
    scopeKind: 'agent',
    subject: 'coder',
    period: 'day',
    windowStart: dayStart,
    windowEnd: dayStart + DAY_MS,
    threshold: 80,
    limitVersion: 3,
    limitNano: '25000000000',
    settledNano: '20000000001',
    at: NOW,
    ...change,
  };
}

/** Those that are there already change nothing. Their ids, in the order given. */
export async function putAlerts(store: Store, ...alerts: readonly BudgetAlert[]): Promise<string[]> {
  const ids = alerts.map(dedupeKeyOf);
  const rows = alerts.map((alert, at) => ({
    id: ids[at]!,
    topic: alert.topic,
    dedupe_key: ids[at]!,
    payload: JSON.stringify(alert),
    next_at: alert.at,
    done_at: null,
  }));
  await store.write([
    store.kysely
      .insertInto('outbox')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing()),
  ]);
  return ids;
}

export interface HandTime {
  readonly clock: Clock;
  wait(delayMs: number, run: () => void): () => void;
  /** Moves on at once; what has fallen due is run once, in its order. What it sets anew waits for the next time. */
  jump(byMs: number): void;
}

export function handTime(): HandTime {
  let nowMs = NOW;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs - NOW },
    wait(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    jump(byMs) {
      nowMs += byMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
    },
  };
}
