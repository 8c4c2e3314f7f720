/** The desk for everything that reads the ledger: one workspace. */
import type { WorkspaceId } from '../base/ids.ts';
import { decisionsOf } from '../ledger/decision.ts';
import { decisionContextOf } from '../ledger/decision-context.ts';
import { entriesOf, listRecentExchanges } from '../ledger/entries.ts';
import { exportEntries } from '../ledger/export.ts';
import { sumUsage } from '../ledger/usage.ts';
import { verifyLedger } from '../ledger/verify.ts';
import type { Store } from '../store/store.ts';
import type { SpendingDesk } from './deps.ts';

/** Everything here reads beside the road: see `Store.reader`. */
export function createSpendingDesk(serving: Store, workspaceId: WorkspaceId): SpendingDesk {
  const store: Store = { ...serving, kysely: serving.reader };
  return {
    usage: (by, range, limit) => sumUsage(store, { ...range, by, limit, workspaceId }),
    recent: (query, after) => listRecentExchanges(store, { ...query, workspaceId }, after),
    async entriesOf(id) {
      const entries = await entriesOf(store, id);
      return entries.filter((entry) => entry.workspaceId === workspaceId);
    },
    decisionsOf: (id) => decisionsOf(store, id),
    contextOf: (id) => decisionContextOf(store, id),
    verify: () => verifyLedger(store),
    export: (query) => exportEntries(store, workspaceId, query),
  };
}
