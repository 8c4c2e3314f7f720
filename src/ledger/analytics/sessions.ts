/**
 * What the sessions of clients cost: session, agent, request. Sessions are in no rollup, so every read is bounded:
 * the newest entries tell which sessions there were lately, and the index on sessions leads to the rest of each.
 */
import { type RawBuilder, sql } from 'kysely';
import type { ExchangeId, WorkspaceId } from '../../base/ids.ts';
import type { NanoUsd } from '../../base/money.ts';
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
  /** Sessions of the range whose last entry is older are not in it: there were too many entries since. */
  readonly completeFromMs: number;
}

/** Newest entries that are looked through for sessions: some tens of milliseconds. */
const MAX_SCANNED = 20_000;
/** Sessions that are added up: the latest ones. */
const MAX_SUMMED = 200;

/** Sessions with an entry in the range, each with all it ever cost. */
export async function listSessions(store: Store, query: SessionQuery): Promise<SessionList> {
  const { workspaceId, sinceMs, untilMs } = query;
  const { rows } = await sql<{ session: string | null; last: number; first: number; count: number }>`
    select session_id as session, max(created_at) as last, min(created_at) as first, count(*) as count from (
      select session_id, created_at from ledger_entries
      where workspace_id = ${workspaceId} and created_at >= ${sinceMs} and created_at < ${untilMs}
      order by created_at desc limit ${MAX_SCANNED}) as newest
    group by session_id order by max(created_at) desc`.execute(store.kysely);
  const found = rows.flatMap(({ session, last }) => (session === null ? [] : [{ session, last }]));
  const latest = found.slice(0, MAX_SUMMED);
  const scanned = rows.reduce((sum, row) => sum + row.count, 0);
  const oldest = Math.min(...rows.map((row) => row.first));
  const sums = await sumSessions(
    store,
    workspaceId,
    latest.map(({ session }) => session),
  );
  const order = query.order === 'cost' ? dearest : newest;
  return {
    sessions: sums.toSorted(order).slice(0, query.limit),
    completeFromMs:
      found.length > MAX_SUMMED ? latest.at(-1)!.last : scanned < MAX_SCANNED ? sinceMs : oldest,
  };
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

async function sumSessions(
  store: Store,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly SessionSum[]> {
  if (ids.length === 0) return [];
  const rows = await selectSums(store, workspaceId, ids, sql`session_id`);
  return rows.map((row) => ({ sessionId: row.name, ...readPart(row) }));
}

async function selectSums(
  { kysely }: Store,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  name: RawBuilder<unknown>,
): Promise<readonly SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select ${name} as name, count(distinct exchange_id) as exchanges, min(created_at) as first,
      max(created_at) as last, ${sumsOf('entries')}
    from ledger_entries where workspace_id = ${workspaceId} and session_id in (${sql.join(ids)})
    group by 1 order by cost_nano desc, 1`.execute(kysely);
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
}

/** Entries that are listed as requests: the newest of the session. */
const MAX_LISTED = 2_000;

/** undefined = nothing was booked under this session, or retention has taken it. */
export async function loadSession(
  store: Store,
  workspaceId: WorkspaceId,
  sessionId: string,
): Promise<SessionTree | undefined> {
  const parts = await selectSums(store, workspaceId, [sessionId], sql`coalesce(agent_id, '')`);
  if (parts.length === 0) return undefined;
  const listed = await loadListed(store, workspaceId, sessionId);
  const agents = parts.map((row) => ({
    agentId: row.name,
    ...readPart(row),
    requests: requestsOf(listed.filter((entry) => (entry.agent_id ?? '') === row.name)),
  }));
  const sum = (count: (agent: SessionAgent) => number) =>
    agents.reduce((all, agent) => all + count(agent), 0);
  return {
    ...parts.reduce<Sums>((all, row) => addSums(all, readSums(row)), noSums),
    sessionId,
    exchanges: sum((agent) => agent.exchanges),
    firstMs: Math.min(...agents.map((agent) => agent.firstMs)),
    lastMs: Math.max(...agents.map((agent) => agent.lastMs)),
    agents,
    isTruncated: listed.length === MAX_LISTED,
  };
}

type Listed = Awaited<ReturnType<typeof loadListed>>[number];

function loadListed({ kysely }: Store, workspaceId: WorkspaceId, sessionId: string) {
  return kysely
    .selectFrom('ledger_entries')
    .select(['exchange_id', 'attempt', 'sequence', 'agent_id', 'provider', 'model', 'status'])
    .select(['cost_nano', 'price_state', 'started_at'])
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', sessionId)
    .orderBy('created_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(MAX_LISTED)
    .execute();
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
