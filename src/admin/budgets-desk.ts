/** The desk for budgets on top of the registry and the ledger: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { calendarChangeAt } from '../ledger/budget.ts';
import { openWindows } from '../ledger/budget-windows.ts';
import { projectWindows } from '../ledger/pace.ts';
import {
  archiveBudget,
  type BudgetContext,
  type BudgetOutcome,
  type BudgetRecord,
  changeBudget,
  createBudget,
  findBudget,
  findBudgetsOf,
  listBudgets,
} from '../registry/budgets.ts';
import type { Store } from '../store/store.ts';
import type { BudgetAnswer, BudgetDesk, BudgetFacts } from './deps-budgets.ts';

/** Values shown of a budget that counts each value apart. */
const WINDOWS_IN_LIST = 5;
const WINDOWS_OF_ONE = 100;

export function createBudgetDesk(store: Store, workspaceId: WorkspaceId, clock: Clock): BudgetDesk {
  const context = (): BudgetContext => ({ workspaceId, nowMs: clock.now(), calendarChangeAt });
  const withWindows = async (budgets: readonly BudgetRecord[], limit: number): Promise<BudgetFacts[]> => {
    const open = await openWindows(store, budgets, clock.now(), limit);
    return Promise.all(
      budgets.map(async (budget) => {
        const found = open.get(budget.id)!;
        // An archived one goes nowhere.
        const moving = budget.archivedAtMs === undefined ? found.windows : [];
        const projections = await projectWindows(store, budget, moving, clock.now());
        return { budget, ...found, projections };
      }),
    );
  };
  const answer = async (outcome: BudgetOutcome): Promise<BudgetAnswer> => {
    if (outcome.kind !== 'done') return outcome;
    const [facts] = await withWindows([outcome.budget], WINDOWS_OF_ONE);
    return { kind: 'done', facts: facts! };
  };
  return {
    async list(withArchived, limit) {
      const budgets = await listBudgets(store, workspaceId, withArchived);
      return withWindows(budgets.slice(0, limit), WINDOWS_IN_LIST);
    },
    async find(id) {
      const budget = await findBudget(store, id, workspaceId);
      return answer(budget ? { kind: 'done', budget } : { kind: 'unknown' });
    },
    ofScope: async ({ kind, id }) =>
      withWindows(await findBudgetsOf(store, workspaceId, { kind, ids: [id] }), WINDOWS_IN_LIST),
    create: async (terms) => answer(await createBudget(store, terms, context())),
    change: async (id, change) => answer(await changeBudget(store, id, change, context())),
    archive: async (id) => answer(await archiveBudget(store, id, context())),
  };
}
