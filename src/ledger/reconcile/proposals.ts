/** Proposed adjustments in the database: listing them, and booking one when an operator says so. */
import { type CompiledQuery, type RawBuilder, type Selectable, sql } from 'kysely';
import type { ExchangeId, KeyId, WorkspaceId } from '../../base/ids.ts';
import type { AdjustmentProposalsTable } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../book.ts';
import { DAY_MS, HOUR_MS, type Rollup, rollUp } from '../rollup.ts';
import { readTokens } from './own-books.ts';
import type { Tokens } from './sides.ts';

export type ProposalState = AdjustmentProposalsTable['state'];

export interface StoredProposal {
  /** `adj_…` */
  readonly id: string;
  readonly reconciliationId: string;
  readonly createdAtMs: number;
  readonly provider: string;
  /** '' = for no model. */
  readonly model: string;
  /** The day it is about. */
  readonly startMs: number;
  readonly tokens: Tokens;
  /** Nano-dollars to add to what is booked. */
  readonly cost: bigint;
  readonly reason: string;
  readonly state: ProposalState;
  readonly decidedAtMs?: number;
  readonly decidedBy?: string;
  /** Of the entry that was booked. */
  readonly exchangeId?: ExchangeId;
}

export interface ProposalQuery {
  readonly state?: ProposalState;
  readonly reconciliationId?: string;
  readonly limit: number;
}

/** Newest first. */
export async function listProposals(store: Store, query: ProposalQuery): Promise<readonly StoredProposal[]> {
  let select = store.kysely.selectFrom('adjustment_proposals').selectAll();
  if (query.state !== undefined) select = select.where('state', '=', query.state);
  if (query.reconciliationId !== undefined)
    select = select.where('reconciliation_id', '=', query.reconciliationId);
  const rows = await select.orderBy('id', 'desc').limit(query.limit).execute();
  return rows.map(readProposal);
}

export async function findProposal(store: Store, id: string): Promise<StoredProposal | undefined> {
  const row = await selectProposal(store, id);
  return row && readProposal(row);
}

function selectProposal(store: Store, id: string) {
  return store.kysely.selectFrom('adjustment_proposals').selectAll().where('id', '=', id).executeTakeFirst();
}

function readProposal(row: Selectable<AdjustmentProposalsTable>): StoredProposal {
  return {
    id: row.id,
    reconciliationId: row.reconciliation_id,
    createdAtMs: row.created_at,
    provider: row.provider,
    model: row.model,
    startMs: row.start_at,
    tokens: readTokens(row),
    cost: row.cost_nano,
    reason: row.reason,
    state: row.state,
    ...(row.decided_at !== null && { decidedAtMs: row.decided_at }),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.exchange_id !== null && { exchangeId: row.exchange_id }),
  };
}

export interface Deciding {
  readonly id: string;
  /** Who says so, for the record. */
  readonly by: string;
  readonly nowMs: number;
  /** Unique to this call: of two at once, one finds its own in the row. */
  readonly decision: string;
}

/**
 * Books the adjustment and answers the proposal as it is then: accepted, by this call or an earlier one, or dismissed.
 * The entry, both rollups and the proposal change in one transaction; a second acceptance changes nothing.
 * undefined = no such proposal.
 */
export async function acceptProposal(
  store: Store,
  workspaceId: WorkspaceId,
  deciding: Deciding,
): Promise<StoredProposal | undefined> {
  const row = await selectProposal(store, deciding.id);
  if (row?.state !== 'open') return row && readProposal(row);
  const entry = makeAdjustment(row, workspaceId, deciding);
  await store.write([
    decide(store, deciding, { state: 'accepted', exchange_id: entry.exchange_id }),
    insertIfDecided(store, deciding, 'ledger_entries', entry, sql`on conflict do nothing`),
    addToRollup(store, deciding, 'hour', entry),
    addToRollup(store, deciding, 'day', entry),
  ]);
  return findProposal(store, deciding.id);
}

/** As it is then: dismissed, unless it had been accepted. undefined = no such proposal. */
export async function dismissProposal(store: Store, deciding: Deciding): Promise<StoredProposal | undefined> {
  await store.write([decide(store, deciding, { state: 'dismissed' })]);
  return findProposal(store, deciding.id);
}

function decide(
  store: Store,
  { id, by, nowMs, decision }: Deciding,
  change: { readonly state: ProposalState; readonly exchange_id?: ExchangeId },
) {
  return store.kysely
    .updateTable('adjustment_proposals')
    .set({ ...change, decided_at: nowMs, decided_by: by, decision })
    .where('id', '=', id)
    .where('state', '=', 'open');
}

/** Marks an entry as an adjustment, in its flags. */
export const ADJUSTMENT_FLAG = 'adjustment';

/** A correction of no attempt: only sums of tokens and money, at the provider's own word. */
function makeAdjustment(
  row: Selectable<AdjustmentProposalsTable>,
  workspaceId: WorkspaceId,
  { by, nowMs }: Deciding,
): Entry {
  const { input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens } = row;
  const { output_tokens, audio_input_tokens, audio_output_tokens, reason } = row;
  const link = { proposal: row.id, reconciliation: row.reconciliation_id, by, reason };
  return {
    exchange_id: `exc_${row.id.slice('adj_'.length)}`,
    attempt: 1,
    // Above 0 it is no attempt: it counts in no number of requests.
    sequence: 1,
    workspace_id: workspaceId,
    key_id: '' as KeyId,
    ...{ member_id: null, agent_id: null, session_id: null, end_user: null },
    provider: row.provider,
    model: row.model,
    ...{ client_format: '', lane: '', status: 'ok', price_id: null, price_state: 'reported' },
    ...{ http_status: null, stop: null, error_class: null, upstream_request_id: null, service_tier: null },
    ...{ input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens },
    ...{ output_tokens, reasoning_tokens: 0, audio_input_tokens, audio_output_tokens, calls: null },
    ...{ cost_nano: row.cost_nano, input_cost_nano: 0n, cache_cost_nano: 0n, output_cost_nano: 0n },
    other_cost_nano: row.cost_nano,
    is_estimated: 0,
    flags: ADJUSTMENT_FLAG,
    raw_usage: JSON.stringify(link),
    ...{ ttft_ms: null, latency_ms: null },
    // The day it is about, and when it was booked.
    started_at: row.start_at,
    created_at: nowMs,
    windows: null,
  };
}

interface Query {
  compile(): CompiledQuery;
}

/** Inserts the row if this call is the one that decided, in the same transaction. Columns that are null are left out. */
function insertIfDecided(
  store: Store,
  { id, decision }: Deciding,
  table: string,
  row: object,
  tail: RawBuilder<unknown>,
): Query {
  const filled = Object.entries(row).filter(([, value]) => value !== null);
  const columns = sql.join(filled.map(([name]) => sql.ref(name)));
  // A database that cannot guess the type of a parameter takes it for text.
  const values = filled.map(([, value]) =>
    typeof value === 'string' ? sql`cast(${value} as text)` : sql`cast(${value} as bigint)`,
  );
  const insert = sql`insert into ${sql.table(table)} (${columns})
    select ${sql.join(values)} from adjustment_proposals where id = ${id} and decision = ${decision} ${tail}`;
  return { compile: () => insert.compile(store.kysely) };
}

const rollupKey = ['workspace_id', 'key_id', 'member_id', 'agent_id', 'provider', 'model'] as const;

function addToRollup(store: Store, deciding: Deciding, period: 'hour' | 'day', entry: Entry): Query {
  const table = period === 'hour' ? 'usage_hours' : 'usage_days';
  const [rollup] = rollUp([entry], period === 'hour' ? HOUR_MS : DAY_MS) as [Rollup];
  const { period: startMs, histogram: _histogram, ...columns } = rollup;
  const isKey = (name: string) => (rollupKey as readonly string[]).includes(name);
  const sums = Object.keys(columns).filter((name) => !isKey(name));
  const added = sums.map(
    (name) => sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`,
  );
  const key = sql.join([...rollupKey, period].map((name) => sql.ref(name)));
  // It has no latency: the histogram stays as it is.
  const row = { ...columns, [period]: startMs, latency_histogram: '[]' };
  const tail = sql`on conflict (${key}) do update set ${sql.join(added)}`;
  return insertIfDecided(store, deciding, table, row, tail);
}
