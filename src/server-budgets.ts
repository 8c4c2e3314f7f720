/** Makes the budgets of the configuration file those of the registry, when the server starts. */
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { type Config, ConfigError } from './config.ts';
import { calendarChangeAt } from './ledger/budget.ts';
import { reconcileBudgets } from './registry/budgets.ts';
import type { Store } from './store/store.ts';

/** Processes that share a database read the same file: the last one to start has its way. @throws {ConfigError} */
export async function declareBudgets(
  { budgets, sources }: Config,
  store: Store,
  { workspaceId, nowMs, log }: { workspaceId: WorkspaceId; nowMs: number; log: Log },
): Promise<void> {
  const context = { workspaceId, nowMs, calendarChangeAt };
  const { created, changed, archived, taken } = await reconcileBudgets(store, budgets, context);
  if (taken[0] !== undefined) {
    throw new ConfigError(
      `${sources[`budgets.${taken[0]}`]}: the budget "${taken[0]}" was made by the admin API already. ` +
        'Give the one in the file another name, or archive the other with `turnpike budgets archive`.',
    );
  }
  if (created.length + changed.length + archived.length > 0) {
    log.info({ created, changed, archived }, 'the budgets of the configuration file have changed');
  }
}
