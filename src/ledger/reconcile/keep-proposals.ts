/**
 * What becomes of proposals when days are judged anew: those that still hold stay, under their ids, and those that an
 * operator has set aside are not made again. Runs come every hour; whoever looks at a proposal must find it again.
 */
import type { Compilable, Selectable } from 'kysely';
import { newId } from '../../base/ids.ts';
import type { AdjustmentProposalsTable } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { DriftRow, Unjudged } from './compare.ts';
import { tokenColumns, writeTokens } from './own-books.ts';
import { type Proposal, proposeAdjustments } from './propose.ts';
import type { Stretch } from './sides.ts';

/** Rows of one insert; databases take some thirty thousand values in one statement. */
const INSERT_ROWS = 500;

type Row = Selectable<AdjustmentProposalsTable>;

/** What of a run proposals hang on. */
interface Run {
  readonly id: string;
  readonly createdAtMs: number;
  readonly providers: readonly string[];
  readonly rows: readonly DriftRow[];
  readonly unjudged: readonly Unjudged[];
}

/** For the transaction that keeps the run. */
export async function keepProposals(
  store: Store,
  run: Run,
  periods: readonly Stretch[],
): Promise<readonly Compilable[]> {
  const judged = run.providers.map((provider) => ({ provider, days: judgedDays(run, provider, periods) }));
  const known = (await Promise.all(judged.map((one) => findKnown(store, one.provider, one.days)))).flat();
  const proposals = proposeAdjustments(run.rows);
  const same = (row: Row) => proposals.some((proposal) => isSame(row, proposal));
  const kept = known.filter((row) => row.state === 'open' && same(row)).map(({ id }) => id);
  const isKnown = (proposal: Proposal) =>
    known.some((row) => (row.state === 'open' || isOperators(row)) && isSame(row, proposal));
  return [
    ...judged.flatMap(({ provider, days }) =>
      days.length === 0 ? [] : [dismissOthers(store, run, provider, days, kept)],
    ),
    ...(kept.length === 0 ? [] : [takeOver(store, run, kept)]),
    ...insertAll(
      store,
      run,
      proposals.filter((proposal) => !isKnown(proposal)),
    ),
  ];
}

function judgedDays(run: Run, provider: string, periods: readonly Stretch[]): readonly number[] {
  const skipped = new Set(run.unjudged.flatMap((row) => (row.provider === provider ? [row.startMs] : [])));
  return periods.flatMap(({ startMs }) => (skipped.has(startMs) ? [] : [startMs]));
}

async function findKnown(
  { kysely }: Store,
  provider: string,
  days: readonly number[],
): Promise<readonly Row[]> {
  if (days.length === 0) return [];
  return kysely
    .selectFrom('adjustment_proposals')
    .selectAll()
    .where('provider', '=', provider)
    .where('start_at', 'in', days)
    .where('state', 'in', ['open', 'dismissed'])
    .execute();
}

/** Runs set proposals aside in their own name, which is no verdict on them. */
function isOperators({ state, decided_by }: Row): boolean {
  return state === 'dismissed' && decided_by?.startsWith('rec_') !== true;
}

function isSame(row: Row, { provider, model, startMs, tokens, cost }: Proposal): boolean {
  if (row.provider !== provider || row.model !== model || row.start_at !== startMs) return false;
  const counts = writeTokens(tokens);
  return row.cost_nano === cost && tokenColumns.every((column) => row[column] === counts[column]);
}

/** What was proposed before is out of date: accepting both would book it twice. */
function dismissOthers(
  { kysely }: Store,
  run: Run,
  provider: string,
  days: readonly number[],
  kept: readonly string[],
): Compilable {
  const query = kysely
    .updateTable('adjustment_proposals')
    .set({ state: 'dismissed', decided_at: run.createdAtMs, decided_by: run.id })
    .where('state', '=', 'open')
    .where('provider', '=', provider)
    .where('start_at', 'in', days);
  return kept.length === 0 ? query : query.where('id', 'not in', kept);
}

/** They are this run's now. */
function takeOver({ kysely }: Store, run: Run, kept: readonly string[]): Compilable {
  return kysely
    .updateTable('adjustment_proposals')
    .set({ reconciliation_id: run.id })
    .where('state', '=', 'open')
    .where('id', 'in', kept);
}

function insertAll({ kysely }: Store, run: Run, proposals: readonly Proposal[]): readonly Compilable[] {
  const rows = proposals.map((proposal) => proposalRow(run, proposal));
  const queries: Compilable[] = [];
  for (let from = 0; from < rows.length; from += INSERT_ROWS) {
    queries.push(
      kysely
        .insertInto('adjustment_proposals')
        .values(rows.slice(from, from + INSERT_ROWS))
        // Another replica has just proposed the same: one of the two is enough.
        .onConflict((conflict) => conflict.doNothing()),
    );
  }
  return queries;
}

function proposalRow(run: Run, proposal: Proposal) {
  return {
    id: newId('adj'),
    reconciliation_id: run.id,
    created_at: run.createdAtMs,
    provider: proposal.provider,
    model: proposal.model,
    start_at: proposal.startMs,
    ...writeTokens(proposal.tokens),
    cost_nano: proposal.cost,
    reason: proposal.reason,
    state: 'open',
    ...{ decided_at: null, decided_by: null, decision: null, exchange_id: null },
  } as const;
}
