/** One run: the books of some providers against their bills, kept with what it found and proposes. */
import type { Compilable } from 'kysely';
import { newId } from '../../base/ids.ts';
import type { ProviderCostBucketsTable } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { compareBooks, type DriftRow, type Unjudged } from './compare.ts';
import { keepProposals } from './keep-proposals.ts';
import { sumBooks, tokenColumns, type Width, widthMs, writeTokens } from './own-books.ts';
import { type Bill, type FindRates, noTokens, type Stretch } from './sides.ts';

export interface ReconcileInput extends Stretch {
  readonly bills: readonly Bill[];
  /** Start and end are of this width. */
  readonly width: Width;
  readonly nowMs: number;
  readonly findRates: FindRates;
}

export interface Reconciliation extends Stretch {
  /** `rec_…` */
  readonly id: string;
  readonly createdAtMs: number;
  readonly width: Width;
  readonly providers: readonly string[];
  /** Rows that differ, by provider, earliest first. */
  readonly rows: readonly DriftRow[];
  /** Rows compared, equal ones included. */
  readonly judged: number;
  readonly unjudged: readonly Unjudged[];
  readonly notes: readonly string[];
  /** Sum of the rows, nano-dollars: what the providers bill, less what is booked. */
  readonly drift: bigint;
  /** Rows over the line. */
  readonly over: number;
}

/** Compares, and keeps the run, the bills and the proposals in one transaction. */
export async function reconcile(store: Store, input: ReconcileInput): Promise<Reconciliation> {
  const { bills, width, startMs, endMs, nowMs } = input;
  const periods = splitPeriods(input, widthMs[width]);
  const providers = bills.map(({ provider }) => provider);
  const ours = await sumBooks(store, { providers, width, startMs, endMs });
  const found = bills.map((bill) =>
    compareBooks({ ours, bill, periods, hasCosts: width === 'day', nowMs, findRates: input.findRates }),
  );
  const rows = found.flatMap((comparison) => comparison.rows);
  const run: Reconciliation = {
    id: newId('rec'),
    createdAtMs: nowMs,
    ...{ width, startMs, endMs, providers, rows },
    judged: found.reduce((sum, { judged }) => sum + judged, 0),
    unjudged: found.flatMap(({ unjudged }) => unjudged),
    notes: bills.flatMap(({ notes }) => notes),
    drift: rows.reduce((sum, { drift }) => sum + drift, 0n),
    over: rows.filter(({ isOver }) => isOver).length,
  };
  await keep(store, run, bills, periods);
  return run;
}

function splitPeriods({ startMs, endMs }: Stretch, lengthMs: number): Stretch[] {
  const periods: Stretch[] = [];
  for (let atMs = startMs; atMs < endMs; atMs += lengthMs)
    periods.push({ startMs: atMs, endMs: atMs + lengthMs });
  return periods;
}

/** Runs that are remembered: six weeks by the hour. */
const MAX_RUNS = 1_000;
/** Rows of one insert; databases take some thirty thousand values in one statement. */
const INSERT_ROWS = 500;

async function keep(
  store: Store,
  run: Reconciliation,
  bills: readonly Bill[],
  periods: readonly Stretch[],
): Promise<void> {
  const queries: Compilable[] = [...bills.flatMap((bill) => keepBill(store, run, bill))];
  // Bills by the hour have no money: they propose nothing, and take nothing back.
  if (run.width === 'day') queries.push(...(await keepProposals(store, run, periods)));
  queries.push(
    store.kysely.insertInto('reconciliations').values({
      id: run.id,
      created_at: run.createdAtMs,
      width: run.width,
      since_at: run.startMs,
      until_at: run.endMs,
      drift_nano: run.drift,
      over_rows: run.over,
      report: writeReport(run),
    }),
    store.kysely
      .deleteFrom('reconciliations')
      .where('id', 'in', (select) =>
        select
          .selectFrom('reconciliations')
          .select('id')
          .orderBy('id', 'desc')
          .limit(MAX_RUNS)
          .offset(MAX_RUNS),
      ),
  );
  await store.write(queries);
}

/** The newest bill is the bill: providers correct theirs for days. */
function keepBill(store: Store, run: Reconciliation, bill: Bill): Compilable[] {
  const buckets = new Map<string, ProviderCostBucketsTable>();
  for (const row of bill.rows) {
    const key = `${row.startMs}\n${row.model ?? ''}`;
    const was = buckets.get(key) ?? emptyBucket(run, bill.provider, row.startMs, row.model ?? '');
    const tokens = writeTokens(row.tokens ?? noTokens);
    const bucket = { ...was };
    for (const column of tokenColumns) bucket[column] += tokens[column];
    if (row.cost !== undefined) bucket.cost_nano = (was.cost_nano ?? 0n) + row.cost;
    buckets.set(key, bucket);
  }
  const all = [...buckets.values()];
  const forget = store.kysely
    .deleteFrom('provider_cost_buckets')
    .where('provider', '=', bill.provider)
    .where('width', '=', run.width)
    .where('start_at', '>=', run.startMs)
    .where('start_at', '<', run.endMs);
  const inserts: Compilable[] = [];
  for (let from = 0; from < all.length; from += INSERT_ROWS) {
    inserts.push(
      store.kysely.insertInto('provider_cost_buckets').values(all.slice(from, from + INSERT_ROWS)),
    );
  }
  return [forget, ...inserts];
}

function emptyBucket(
  run: Reconciliation,
  provider: string,
  startMs: number,
  model: string,
): ProviderCostBucketsTable {
  const { width, createdAtMs } = run;
  return {
    provider,
    width,
    start_at: startMs,
    model,
    ...writeTokens(noTokens),
    cost_nano: null,
    fetched_at: createdAtMs,
  };
}

/** Money as text: JSON has no whole numbers of its size. */
function writeReport(run: Reconciliation): string {
  return JSON.stringify(run, (_name, value: unknown) =>
    typeof value === 'bigint' ? { nano: String(value) } : value,
  );
}

function readReport(text: string): Reconciliation {
  const revive = (_name: string, value: unknown): unknown => {
    const nano = (value as { nano?: unknown } | null)?.nano;
    return typeof nano === 'string' ? BigInt(nano) : value;
  };
  return JSON.parse(text, revive) as Reconciliation;
}

/** Newest first. */
export async function listReconciliations(store: Store, limit: number): Promise<readonly Reconciliation[]> {
  const rows = await store.kysely
    .selectFrom('reconciliations')
    .select('report')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ report }) => readReport(report));
}
