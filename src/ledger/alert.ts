/** What the ledger has to tell people of budgets: rows of the outbox, written in the transaction that makes them true. */
import type { BudgetId } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';

/** `topic` of the outbox row. */
export type AlertTopic = 'budget.threshold' | 'budget.blocked';

/** `payload` of the outbox row, as JSON. Both stores write these fields, with money as decimal text. */
export interface BudgetAlert {
  readonly topic: AlertTopic;
  readonly budgetId: BudgetId;
  readonly budgetName: string;
  readonly workspaceId: WorkspaceId;
  readonly scopeKind: string;
  /** The value whose window it is. */
  readonly subject: string;
  readonly period: string;
  readonly windowStart: number;
  readonly windowEnd: number;
  /** Per cent; null = the first request was refused. */
  readonly threshold: number | null;
  readonly limitVersion: number;
  readonly limitNano: string;
  /** Over all windows that count. */
  readonly settledNano: string;
  readonly at: number;
}

/** Unique, and the id of the row: whoever comes second finds it there. */
export function dedupeKeyOf(
  alert: Pick<BudgetAlert, 'topic' | 'budgetId' | 'subject' | 'windowStart' | 'threshold' | 'limitVersion'>,
): string {
  const window = `${alert.topic}/${alert.budgetId}/${alert.subject}/${alert.windowStart}`;
  return alert.threshold === null ? window : `${window}/${alert.threshold}/v${alert.limitVersion}`;
}

/** Spend at which a threshold is crossed, in nano-dollars: the per cent of the limit, rounded up. */
export function thresholdAt(limitNano: bigint, percent: number): bigint {
  return (limitNano * BigInt(percent) + 99n) / 100n;
}
