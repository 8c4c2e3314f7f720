/** The desk that compares the ledger with the providers' bills: fetches them, runs, and decides on proposals. */
import { randomUUID } from 'node:crypto';
import type { WorkspaceId } from '../base/ids.ts';
import { widthMs } from '../ledger/reconcile/own-books.ts';
import { acceptProposal, dismissProposal, listProposals } from '../ledger/reconcile/proposals.ts';
import { listReconciliations, reconcile } from '../ledger/reconcile/reconcile.ts';
import type { Bill, FindRates } from '../ledger/reconcile/sides.ts';
import type { Store } from '../store/store.ts';
import { BillError, type BillQuery, type BillSource } from '../upstream/bills/bill.ts';
import { fetchBill } from '../upstream/bills/fetch-bill.ts';
import type { BillMeans } from '../upstream/bills/get-page.ts';
import type { BillSources } from '../upstream/bills/sources.ts';
import type { ReconcileAnswer, ReconcileQuery, ReconciliationDesk } from './deps.ts';

export interface ReconciliationMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  /** As the configuration has them by now. */
  bills(): BillSources;
  readonly means: BillMeans;
  readonly findRates: FindRates;
}

/** Periods of one run: providers answer about this much, and the report stays readable. */
const MAX_PERIODS = { day: 92, hour: 14 * 24 } as const;
/** Proposals of one run that are shown with it. */
const MAX_SHOWN = 1_000;

export function createReconciliationDesk(desk: ReconciliationMeans): ReconciliationDesk {
  const { store, workspaceId, means } = desk;
  let isRunning = false;
  return {
    async run(query) {
      // Two at once would each replace what the other proposes.
      if (isRunning) return { kind: 'running', message: 'a reconciliation is going on' };
      isRunning = true;
      try {
        return await runOnce(desk, query);
      } finally {
        isRunning = false;
      }
    },
    runs: (limit) => listReconciliations(store, limit),
    proposals: (query) => listProposals(store, query),
    decide(id, verdict, by) {
      const deciding = { id, by, nowMs: means.clock.now(), decision: randomUUID() };
      return verdict === 'accept'
        ? acceptProposal(store, workspaceId, deciding)
        : dismissProposal(store, deciding);
    },
  };
}

async function runOnce(desk: ReconciliationMeans, query: ReconcileQuery): Promise<ReconcileAnswer> {
  const { store, means, findRates } = desk;
  const bills = desk.bills();
  const sources = bills.sources.filter(
    ({ provider }) => query.provider === undefined || provider === query.provider,
  );
  if (sources.length === 0) return { kind: 'no_source', message: sayNoSource(bills, query.provider) };
  const asked = wholePeriods(query);
  const periods = (asked.endMs - asked.startMs) / widthMs[query.width];
  const most = MAX_PERIODS[query.width];
  if (periods > most) {
    const message = `since: ${periods} ${query.width}s are asked for; one run compares at most ${most}`;
    return { kind: 'too_long', message };
  }
  const fetched = await Promise.all(sources.map((source) => tryFetch(means, source, asked)));
  const had = fetched.flatMap((one) => ('bill' in one ? [one.bill] : []));
  const run = await reconcile(store, { ...asked, bills: had, nowMs: means.clock.now(), findRates });
  const proposals = await listProposals(store, { state: 'open', reconciliationId: run.id, limit: MAX_SHOWN });
  return {
    kind: 'done',
    run: { ...run, notes: [...run.notes, ...bills.problems] },
    proposals,
    failures: fetched.flatMap((one) => ('bill' in one ? [] : [one])),
  };
}

function sayNoSource({ sources, problems }: BillSources, provider: string | undefined): string {
  const known = sources.map((source) => source.provider).join(', ');
  const what =
    provider === undefined
      ? 'no provider has an admin key'
      : `the bill of ${provider} cannot be fetched${known === '' ? '' : `; those of ${known} can`}`;
  return [what, ...problems].join('; ');
}

/** The last period is the one that goes on now; it is too young to be judged. */
function wholePeriods({ sinceMs, untilMs, width }: ReconcileQuery): BillQuery {
  const length = widthMs[width];
  return {
    width,
    startMs: Math.floor(sinceMs / length) * length,
    endMs: Math.ceil(untilMs / length) * length,
  };
}

async function tryFetch(
  means: BillMeans,
  source: BillSource,
  query: BillQuery,
): Promise<{ readonly bill: Bill } | { readonly provider: string; readonly message: string }> {
  try {
    return { bill: await fetchBill(means, source, query) };
  } catch (error) {
    if (error instanceof BillError) return { provider: source.provider, message: error.message };
    throw error;
  }
}
