/**
 * What the sessions of clients cost: session, agent, request. Sessions are in no rollup, and an index on them would
 * make every request a fifth dearer to book; so they are found among the newest entries of a stretch of time.
 */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ExchangeId, WorkspaceId } from '../../base/ids.ts';
import type { NanoUsd } from '../../base/money.ts';
import type { LedgerEntriesTable } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { EntryStatus } from '../ledger.ts';
import type { TimeRange } from './spans.ts';
import { addSums, noSums, readSums, type SumRow, type Sums, sumsOf } from './sums.ts';

export interface SessionSum extends Sums {
  readonly sessionId: string;
  /** Requests, however many attempts each took. */
  readonly exchanges: number;
  /** When its first and its last entry were booked. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface SessionQuery extends TimeRange {
  readonly workspaceId: WorkspaceId;
  readonly order: 'cost' | 'recent';
  readonly limit: number;
}

export interface SessionList {
  readonly sessions: readonly SessionSum[];
  /** What was booked before is not in it: there were too many entries since. Else the start of the range. */
  readonly completeFromMs: number;
}

/** Newest entries of the range that are looked through: some tens of milliseconds. */
const MAX_SCANNED = 10_000;
/** Sessions of one answer, before the most interesting of them are chosen. */
const MAX_SESSIONS = 5_000;

/** Sessions with an entry in the range, each with what it cost in the range. */
export async function listSessions(store: Store, query: SessionQuery): Promise<SessionList> {
  const rows = await selectSums(store, query, sql`session_id`, sql`session_id is not null`);
  const sums = rows.map((row) => ({ sessionId: row.name, ...readPart(row) }));
  const order = query.order === 'cost' ? dearest : newest;
  return {
    sessions: sums.toSorted(order).slice(0, query.limit),
    completeFromMs: await findCompleteFrom(store, query),
  };
}

/** The moment from which on all entries of the range are looked through. */
async function findCompleteFrom({ kysely }: Store, query: Scanned): Promise<number> {
  const { rows } = await sql<{ created_at: number }>`
    select created_at from ledger_entries where ${inRange(query)}
    order by created_at desc limit 1 offset ${sql.lit(MAX_SCANNED)}`.execute(kysely);
  // Of the millisecond of the first one that is left out, others may be missing too.
  return rows[0] ? rows[0].created_at + 1 : query.sinceMs;
}

type Scanned = Pick<SessionQuery, 'workspaceId' | 'sinceMs' | 'untilMs'>;

function inRange({ workspaceId, sinceMs, untilMs }: Scanned): RawBuilder<unknown> {
  return sql`workspace_id = ${workspaceId} and created_at >= ${sinceMs} and created_at < ${untilMs}`;
}

const read = [
  ...[
    'seq',
    'created_at',
    'started_at',
    'session_id',
    'agent_id',
    'exchange_id',
    'attempt',
    'sequence',
    'status',
  ],
  ...['provider', 'model', 'price_state', 'is_estimated', 'input_tokens', 'cache_read_tokens', 'cost_nano'],
  ...['cache_write_5m_tokens', 'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens', 'ttft_ms'],
  ...['audio_input_tokens', 'audio_output_tokens'],
].map((column) => sql.ref(column));

/** By the index on (workspace, time), and no column that is not asked for. */
function scanned(query: Scanned): RawBuilder<unknown> {
  return sql`
    (select ${sql.join(read)} from ledger_entries where ${inRange(query)}
      order by created_at desc limit ${sql.lit(MAX_SCANNED)}) as newest`;
}

function dearest(a: SessionSum, b: SessionSum): number {
  return a.cost === b.cost ? newest(a, b) : a.cost < b.cost ? 1 : -1;
}

function newest(a: SessionSum, b: SessionSum): number {
  return b.lastMs - a.lastMs;
}

interface SessionRow extends SumRow {
  readonly name: string;
  readonly exchanges: number;
  readonly first: number;
  readonly last: number;
}

async function selectSums(
  { kysely }: Store,
  query: Scanned,
  name: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): Promise<readonly SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select ${name} as name, count(distinct exchange_id) as exchanges, min(created_at) as first,
      max(created_at) as last, ${sumsOf('entries')}
    from ${scanned(query)} where ${condition}
    group by 1 order by cost_nano desc, 1 limit ${sql.lit(MAX_SESSIONS)}`.execute(kysely);
  return rows;
}

function readPart(row: SessionRow) {
  return { exchanges: row.exchanges, firstMs: row.first, lastMs: row.last, ...readSums(row) };
}

export interface SessionExchange {
  readonly exchangeId: ExchangeId;
  /** When its first attempt began, or the oldest that is shown. */
  readonly startedAtMs: number;
  readonly attempts: number;
  /** Of its last attempt. */
  readonly model: string;
  readonly status: EntryStatus;
  /** Of all its attempts and their corrections. */
  readonly cost: NanoUsd;
  /** Some of it went to a model without a known price; that is not in `cost`. */
  readonly hasUnknownCost: boolean;
}

export interface SessionAgent extends Omit<SessionSum, 'sessionId'> {
  /** Empty = the client named none. */
  readonly agentId: string;
  /** Newest first. */
  readonly requests: readonly SessionExchange[];
}

export interface SessionTree extends SessionSum {
  /** Dearest first. */
  readonly agents: readonly SessionAgent[];
  /** Older requests are in the sums, but not listed. */
  readonly isTruncated: boolean;
  /** As of a list. */
  readonly completeFromMs: number;
}

/** Entries that are listed as requests: the newest of the session. */
const MAX_LISTED = 2_000;

/** undefined = nothing was booked under this session in the range. */
export async function loadSession(
  store: Store,
  query: Scanned & { readonly sessionId: string },
): Promise<SessionTree | undefined> {
  const { sessionId } = query;
  const own = sql`session_id = ${sessionId}`;
  const parts = await selectSums(store, query, sql`coalesce(agent_id, '')`, own);
  if (parts.length === 0) return undefined;
  const listed = await loadListed(store, query, own);
  const agents = parts.map((row) => ({
    agentId: row.name,
    ...readPart(row),
    requests: requestsOf(listed.filter((entry) => (entry.agent_id ?? '') === row.name)),
  }));
  return {
    ...parts.reduce<Sums>((all, row) => addSums(all, readSums(row)), noSums),
    sessionId,
    exchanges: agents.reduce((sum, agent) => sum + agent.exchanges, 0),
    firstMs: Math.min(...agents.map((agent) => agent.firstMs)),
    lastMs: Math.max(...agents.map((agent) => agent.lastMs)),
    agents,
    isTruncated: listed.length === MAX_LISTED,
    completeFromMs: await findCompleteFrom(store, query),
  };
}

type Listed = Pick<
  Selectable<LedgerEntriesTable>,
  | 'exchange_id'
  | 'attempt'
  | 'sequence'
  | 'agent_id'
  | 'provider'
  | 'model'
  | 'status'
  | 'cost_nano'
  | 'price_state'
  | 'started_at'
>;

async function loadListed(
  { kysely }: Store,
  query: Scanned,
  own: RawBuilder<unknown>,
): Promise<readonly Listed[]> {
  const { rows } = await sql<Listed>`
    select exchange_id, attempt, sequence, agent_id, provider, model, status, cost_nano, price_state, started_at
    from ${scanned(query)} where ${own} order by seq desc limit ${sql.lit(MAX_LISTED)}`.execute(kysely);
  return rows;
}

function requestsOf(entries: readonly Listed[]): readonly SessionExchange[] {
  const byExchange = new Map<ExchangeId, Listed[]>();
  for (const entry of entries) {
    const own = byExchange.get(entry.exchange_id);
    if (own) own.push(entry);
    else byExchange.set(entry.exchange_id, [entry]);
  }
  return [...byExchange].map(([exchangeId, own]) => {
    const attempts = own.filter((entry) => entry.sequence === 0);
    const last = (attempts.length > 0 ? attempts : own).reduce((a, b) => (b.attempt > a.attempt ? b : a));
    return {
      exchangeId,
      startedAtMs: Math.min(...own.map((entry) => entry.started_at)),
      attempts: attempts.length,
      model: `${last.provider}/${last.model}`,
      status: last.status as EntryStatus,
      cost: own.reduce((sum, entry) => sum + entry.cost_nano, 0n) as NanoUsd,
      hasUnknownCost: own.some((entry) => entry.price_state === 'unknown'),
    };
  });
}
