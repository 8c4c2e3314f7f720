/** The model's thresholds: what is kept as an alert, and what is told. */
import type { Budget } from '../../src/ledger/budget.ts';
import { type BudgetModel, type ModelWindow, sumFrom, type ToldAlert } from './budget-model.ts';

const HOUR_MS = 3_600_000;

function amountAt(limit: bigint, percent: number): bigint {
  const hundredfold = limit * BigInt(percent);
  return hundredfold % 100n === 0n ? hundredfold / 100n : hundredfold / 100n + 1n;
}

/** The lowest threshold that was not passed: by this limit, or by the one before it. */
export function nextAlert(
  { limit, thresholds }: { readonly limit: bigint; readonly thresholds: readonly number[] },
  settled: bigint,
  limitBefore: bigint | undefined,
): bigint | undefined {
  const open = thresholds.filter(
    (percent) =>
      amountAt(limit, percent) > settled ||
      (limitBefore !== undefined && amountAt(limitBefore, percent) > settled),
  );
  return open.map((percent) => amountAt(limit, percent)).toSorted((a, b) => (a < b ? -1 : 1))[0];
}

interface Terms {
  readonly limit: bigint;
  readonly version: number;
  readonly thresholds: readonly number[];
}

export function bring(window: ModelWindow, terms: Terms, isRolling: boolean): void {
  window.alertAt = isRolling ? undefined : nextAlert(terms, window.settled, window.limit);
  if (terms.limit < window.limit) window.isExcused = true;
  window.limit = terms.limit;
  window.version = terms.version;
}

function hoursOf({ period }: Budget): number | undefined {
  return period.startsWith('rolling:') ? Number(period.slice('rolling:'.length)) : undefined;
}

/** Adds the cost, and keeps the thresholds it crosses. */
export function crossAlert(model: BudgetModel, window: ModelWindow, cost: bigint, nowMs: number): void {
  const budget = model.budgets.get(window.budgetId);
  const hours = budget && hoursOf(budget);
  if (!budget) {
    window.settled += cost;
    return;
  }
  if (hours === undefined) crossOnCalendar(model, window, budget, cost, nowMs);
  else crossOnRolling(model, window, budget, { cost, from: window.start - hours * HOUR_MS, nowMs });
}

function crossOnCalendar(
  model: BudgetModel,
  window: ModelWindow,
  budget: Budget,
  cost: bigint,
  nowMs: number,
): void {
  const after = window.settled + cost;
  const isReached = () => window.alertAt !== undefined && after >= window.alertAt;
  if (isReached() && budget.version > window.version) bring(window, budget, false);
  const from = window.alertAt;
  const isTold = isReached();
  window.settled = after;
  if (!isTold) return;
  const crossed = budget.thresholds.filter((percent) => {
    const amount = amountAt(window.limit, percent);
    return amount >= from! && amount <= after;
  });
  window.alertAt = nextAlert({ limit: window.limit, thresholds: budget.thresholds }, after, undefined);
  keep(model, window, budget, {
    crossed,
    settled: after,
    limit: window.limit,
    version: window.version,
    nowMs,
  });
}

function crossOnRolling(
  model: BudgetModel,
  window: ModelWindow,
  budget: Budget,
  { cost, from, nowMs }: { readonly cost: bigint; readonly from: number; readonly nowMs: number },
): void {
  const before = sumFrom(model, window, from).settled;
  window.settled += cost;
  const after = before + cost;
  const { limit, version } = budget.version > window.version ? budget : window;
  const crossed = budget.thresholds.filter((percent) => {
    const amount = amountAt(limit, percent);
    return amount > before && amount <= after;
  });
  keep(model, window, budget, { crossed, settled: after, limit, version, nowMs });
}

interface Crossing {
  readonly crossed: readonly number[];
  readonly settled: bigint;
  readonly limit: bigint;
  readonly version: number;
  readonly nowMs: number;
}

function keep(model: BudgetModel, window: ModelWindow, budget: Budget, crossing: Crossing): void {
  const { crossed, settled, version, nowMs } = crossing;
  const { budgetId, subject, start } = window;
  let highest: number | undefined;
  for (const percent of crossed) {
    const key = JSON.stringify([budgetId, subject, start, percent, version]);
    if (model.alerts.has(key)) continue;
    model.alerts.set(key, { settled, at: nowMs });
    highest = Math.max(highest ?? 0, percent);
  }
  if (highest === undefined) return;
  const name = `budget.threshold/${budgetId}/${subject}/${start}/${highest}/v${version}`;
  const { limit } = crossing;
  model.told.set(
    name,
    describe(window, budget, 'budget.threshold', highest, { limit, settled, version, nowMs }),
  );
}

export function tellBlocked(model: BudgetModel, window: ModelWindow, settled: bigint, nowMs: number): void {
  const budget = model.budgets.get(window.budgetId);
  if (!budget) return;
  const { limit, version } = window;
  const name = `budget.blocked/${window.budgetId}/${window.subject}/${window.start}`;
  model.told.set(name, describe(window, budget, 'budget.blocked', null, { limit, settled, version, nowMs }));
}

function describe(
  window: ModelWindow,
  budget: Budget,
  topic: string,
  threshold: number | null,
  { limit, settled, version, nowMs }: Omit<Crossing, 'crossed'>,
): ToldAlert {
  return {
    topic,
    budgetId: window.budgetId,
    budgetName: budget.name,
    workspaceId: budget.workspaceId,
    scopeKind: budget.scope.kind,
    subject: window.subject,
    period: budget.period,
    windowStart: window.start,
    windowEnd: window.end,
    threshold,
    limitVersion: version,
    limitNano: String(limit),
    settledNano: String(settled),
    at: nowMs,
  };
}
