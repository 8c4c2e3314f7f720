/** What the resource of budgets stands on. */
import type { BudgetChange, BudgetTerms, Scope } from '../base/budget.ts';
import type { OpenWindows } from '../ledger/budget-windows.ts';
import type { Projection } from '../ledger/projection.ts';
import type { BudgetOutcome, BudgetRecord } from '../registry/budgets.ts';

/** A budget and what of it is spent and held now. */
export interface BudgetFacts extends OpenWindows {
  readonly budget: BudgetRecord;
  /** Where its windows are going, by subject; absent = nothing can be said. */
  readonly projections: ReadonlyMap<string, Projection>;
}

export type BudgetAnswer =
  | { readonly kind: 'done'; readonly facts: BudgetFacts }
  | Exclude<BudgetOutcome, { kind: 'done' }>;

export interface BudgetDesk {
  /** By name, at most `limit`; archived ones only when asked for. */
  list(withArchived: boolean, limit: number): Promise<readonly BudgetFacts[]>;
  find(id: string): Promise<BudgetAnswer>;
  /** Of one value, by name: its own that are not archived, not those of each. */
  ofScope(scope: Scope): Promise<readonly BudgetFacts[]>;
  create(terms: BudgetTerms): Promise<BudgetAnswer>;
  change(id: string, change: BudgetChange): Promise<BudgetAnswer>;
  /** Twice changes nothing. */
  archive(id: string): Promise<BudgetAnswer>;
}
