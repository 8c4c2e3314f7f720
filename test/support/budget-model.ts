/** What the model of budgets knows: windows, what is held, rates, entries, alerts and what was told. */
import type { Entry } from '../../src/ledger/book.ts';
import type { Budget } from '../../src/ledger/budget.ts';

/** A row of the outbox, its payload read. */
export type ToldAlert = Readonly<Record<string, unknown>>;

export interface ModelRate {
  readonly fullAt: bigint;
  readonly inFlight: number;
}

export interface ModelWindow {
  readonly budgetId: string;
  readonly subject: string;
  readonly start: number;
  readonly end: number;
  limit: bigint;
  version: number;
  settled: bigint;
  reserved: bigint;
  requests: number;
  refusals: number;
  overruns: number;
  blockedAt: number | null;
  /** Of calendar periods: where the next threshold is; undefined = none is left. */
  alertAt: bigint | undefined;
  /** Its limit was lowered, or it was soft before it was hard: it may be above its limit. */
  isExcused: boolean;
}

export interface ModelHold {
  amount: bigint;
  readonly maxOutput: number | null;
  readonly windows: readonly string[];
  readonly rates: readonly (readonly [string, string, number, number])[];
}

export interface BudgetModel {
  /** As the table of budgets has them. */
  readonly budgets: Map<string, Budget>;
  readonly windows: Map<string, ModelWindow>;
  readonly holds: Map<string, ModelHold>;
  readonly rates: Map<string, ModelRate>;
  readonly entries: Map<string, Entry>;
  readonly corrected: Set<string>;
  /** By budget, window, threshold and version. */
  readonly alerts: Map<string, { readonly settled: bigint; readonly at: number }>;
  /** The outbox, by dedupe key. */
  readonly told: Map<string, ToldAlert>;
}

export function emptyModel(): BudgetModel {
  return {
    budgets: new Map(),
    windows: new Map(),
    holds: new Map(),
    rates: new Map(),
    entries: new Map(),
    corrected: new Set(),
    alerts: new Map(),
    told: new Map(),
  };
}

export function windowName(budgetId: string, subject: string, start: number): string {
  return JSON.stringify([budgetId, subject, start]);
}

/** All that count from `from` on. */
export function sumFrom(
  { windows }: BudgetModel,
  { budgetId, subject }: Pick<ModelWindow, 'budgetId' | 'subject'>,
  from: number,
): { settled: bigint; reserved: bigint } {
  const sum = { settled: 0n, reserved: 0n };
  for (const window of windows.values()) {
    if (window.budgetId !== budgetId || window.subject !== subject || window.start < from) continue;
    sum.settled += window.settled;
    sum.reserved += window.reserved;
  }
  return sum;
}
