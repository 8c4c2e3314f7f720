/** What people must be told of budgets, on SQLite: alerts and messages, in the transaction that makes them true. */
import { type BudgetId, type Period, rollingHours } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { SqliteDatabase } from '../store/sqlite.ts';
import { type BudgetAlert, dedupeKeyOf, thresholdAt } from './alert.ts';
import {
  bringTerms,
  nextAlertAt,
  sumFrom,
  type Terms,
  type WindowRow,
  type Windows,
} from './sqlite-windows.ts';

const HOUR_MS = 3_600_000;

export type AlertStatements = ReturnType<typeof prepareAlerts>;

export function prepareAlerts(database: SqliteDatabase) {
  return {
    findBudget: database
      .prepare(
        'select workspace_id, name, scope_kind, period, limit_nano, thresholds, version from budgets where id = ?',
      )
      .safeIntegers(true),
    insertAlert: database.prepare(
      `insert into budget_alerts (budget_id, subject, start_at, threshold, limit_version, settled_nano, created_at)
       values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    ),
    insertMessage: database.prepare(
      `insert into outbox (id, topic, dedupe_key, payload, attempts, next_at, done_at)
       values (?, ?, ?, ?, 0, ?, null) on conflict do nothing`,
    ),
  };
}

/** What the table of budgets says now. */
interface BudgetRow extends Terms {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly scopeKind: string;
  readonly period: Period;
}

export interface Alerts {
  readonly statements: AlertStatements;
  readonly windows: Windows;
  readonly nowMs: number;
  /** Each is read once in a transaction; undefined = there is none. */
  readonly budgets: Map<BudgetId, BudgetRow | undefined>;
  written: number;
}

export function openAlerts(statements: AlertStatements, windows: Windows, nowMs: number): Alerts {
  return { statements, windows, nowMs, budgets: new Map(), written: 0 };
}

function findBudget({ statements, budgets }: Alerts, id: BudgetId): BudgetRow | undefined {
  if (budgets.has(id)) return budgets.get(id);
  const found = statements.findBudget.get(id) as
    | {
        readonly workspace_id: WorkspaceId;
        readonly name: string;
        readonly scope_kind: string;
        readonly period: Period;
        readonly limit_nano: bigint;
        readonly thresholds: string;
        readonly version: bigint;
      }
    | undefined;
  const row: BudgetRow | undefined = found && {
    workspaceId: found.workspace_id,
    name: found.name,
    scopeKind: found.scope_kind,
    period: found.period,
    limit: found.limit_nano,
    thresholds: JSON.parse(found.thresholds) as number[],
    version: Number(found.version),
  };
  budgets.set(id, row);
  return row;
}

/** Looks for thresholds that were crossed when `cost` was added to what the window had settled. */
export function noteSettled(alerts: Alerts, row: WindowRow, cost: bigint): void {
  if (row.alertAt !== null) {
    if (row.settled >= row.alertAt) crossCalendar(alerts, row, cost);
  } else if (row.endAt - row.startAt <= HOUR_MS) crossRolling(alerts, row, cost);
}

function crossCalendar(alerts: Alerts, row: WindowRow, cost: bigint): void {
  const budget = findBudget(alerts, row.budgetId);
  if (!budget) return;
  // The limit was changed, and no request has come since.
  if (budget.version > row.version) bringTerms(row, budget, row.settled - cost, false);
  const { alertAt, settled, limit, version } = row;
  if (alertAt === null || settled < alertAt) return;
  const crossed = budget.thresholds.filter((percent) => {
    const amount = thresholdAt(limit, percent);
    return amount >= alertAt && amount <= settled;
  });
  row.alertAt = nextAlertAt({ limit, thresholds: budget.thresholds }, settled);
  keepAlerts(alerts, row, budget, { crossed, settled, limit, version });
}

/** The rows of a rolling period are its hours; what counts is their sum. */
function crossRolling(alerts: Alerts, row: WindowRow, cost: bigint): void {
  const budget = findBudget(alerts, row.budgetId);
  const hours = budget && rollingHours(budget.period);
  if (!budget || hours === undefined || cost <= 0n) return;
  const { settled } = sumFrom(alerts.windows, row, row.startAt - hours * HOUR_MS);
  const { limit, version } = budget.version > row.version ? budget : row;
  const crossed = budget.thresholds.filter((percent) => {
    const amount = thresholdAt(limit, percent);
    return amount > settled - cost && amount <= settled;
  });
  keepAlerts(alerts, row, budget, { crossed, settled, limit, version });
}

interface Crossing {
  /** Per cents, ascending. */
  readonly crossed: readonly number[];
  readonly settled: bigint;
  readonly limit: bigint;
  readonly version: number;
}

/** All of them are kept, and the highest that is new is told. */
function keepAlerts(alerts: Alerts, row: WindowRow, budget: BudgetRow, crossing: Crossing): void {
  const { statements, nowMs } = alerts;
  const { crossed, settled, version } = crossing;
  let highest: number | undefined;
  for (const percent of crossed) {
    const { changes } = statements.insertAlert.run(
      row.budgetId,
      row.subject,
      row.startAt,
      percent,
      version,
      settled,
      nowMs,
    );
    alerts.written += changes;
    if (changes > 0) highest = percent;
  }
  if (highest !== undefined) tell(alerts, 'budget.threshold', highest, row, budget, crossing);
}

/** The first request of a window was refused. @param countedFrom of the claim it was refused for */
export function tellBlocked(alerts: Alerts, row: WindowRow, countedFrom: number): void {
  const budget = findBudget(alerts, row.budgetId);
  if (!budget) return;
  const { settled } = sumFrom(alerts.windows, row, countedFrom);
  tell(alerts, 'budget.blocked', null, row, budget, { settled, limit: row.limit, version: row.version });
}

function tell(
  alerts: Alerts,
  topic: BudgetAlert['topic'],
  threshold: number | null,
  row: WindowRow,
  budget: BudgetRow,
  { settled, limit, version }: Omit<Crossing, 'crossed'>,
): void {
  const alert: BudgetAlert = {
    topic,
    budgetId: row.budgetId,
    budgetName: budget.name,
    workspaceId: budget.workspaceId,
    scopeKind: budget.scopeKind,
    subject: row.subject,
    period: budget.period,
    windowStart: row.startAt,
    windowEnd: row.endAt,
    threshold,
    limitVersion: version,
    limitNano: String(limit),
    settledNano: String(settled),
    at: alerts.nowMs,
  };
  const id = dedupeKeyOf(alert);
  alerts.written += 1;
  alerts.statements.insertMessage.run(id, topic, id, JSON.stringify(alert), alerts.nowMs);
}
