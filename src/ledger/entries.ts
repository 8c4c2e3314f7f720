/** Reading entries: of one exchange, of the newest exchanges, and page by page. */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ExchangeId, KeyId, WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { EntryStatus, UsageFlag } from './ledger.ts';
import type { TimeRange } from './usage.ts';

/** One immutable line of the ledger. */
export interface LedgerEntry {
  /** `ent_` and the exchange's own characters, the attempt, and for corrections their number. */
  readonly id: string;
  /** Order of commit. */
  readonly seq: number;
  readonly exchangeId: ExchangeId;
  readonly attempt: number;
  /** `void` = nothing was charged; `adjustment` = a provider's bill was accepted. */
  readonly kind: 'settle' | 'void' | 'interrupted' | 'late_settle' | 'adjustment' | 'correction';
  readonly status: EntryStatus;
  /** When it was booked, and when the attempt began. */
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  readonly memberId?: string;
  readonly agentId?: string;
  readonly sessionId?: string;
  readonly endUser?: string;
  readonly provider: string;
  readonly model: string;
  readonly clientFormat: string;
  readonly lane: string;
  readonly serviceTier?: string;
  readonly priceId?: string;
  readonly priceState: LedgerEntriesTable['price_state'];
  readonly input: number;
  readonly cacheRead: number;
  /** Of both lifetimes. */
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly calls?: Readonly<Record<string, number>>;
  /** undefined = the price is unknown, which is not 0. */
  readonly cost: NanoUsd | undefined;
  /** They add up to `cost`; all of it is `other` where the upstream stated its price. */
  readonly costLines: {
    readonly input: bigint;
    readonly cache: bigint;
    readonly output: bigint;
    readonly other: bigint;
  };
  readonly isEstimated: boolean;
  readonly flags: readonly UsageFlag[];
  readonly httpStatus?: number;
  readonly stop?: string;
  readonly errorClass?: string;
  readonly upstreamRequestId?: string;
  readonly ttftMs?: number;
  readonly latencyMs?: number;
}

/** Attempts in order. Empty = the exchange is open, or was refused, or never was. */
export async function entriesOf(store: Store, exchangeId: ExchangeId): Promise<readonly LedgerEntry[]> {
  return loadEntries(store, [exchangeId]);
}

export interface EntryQuery extends Partial<TimeRange> {
  readonly workspaceId?: WorkspaceId;
  readonly keyId?: string;
  readonly memberId?: string;
  readonly agentId?: string;
  readonly sessionId?: string;
  readonly endUser?: string;
  readonly provider?: string;
  /** The upstream's own name of it. */
  readonly model?: string;
  readonly status?: EntryStatus;
  /** Only entries committed before this one: the last `seq` of the page before. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** Newest first. */
export async function listEntries(store: Store, query: EntryQuery): Promise<readonly LedgerEntry[]> {
  const rows = await selectEntries(store, query).selectAll().execute();
  return rows.map(readEntry);
}

/** Where a page ended: the newest entry of its last exchange. */
export interface Place {
  readonly createdAtMs: number;
  readonly seq: number;
}

export interface ExchangePage {
  /** All entries of the page's exchanges: the newest exchange first, its attempts in order. */
  readonly entries: readonly LedgerEntry[];
  /** Where the next page begins; undefined = this is the last. */
  readonly next: Place | undefined;
}

/**
 * Exchanges by when they were booked last, newest first. One with several entries stands where the newest of those that
 * fit the query stands, and on one page only.
 * @param after the `next` of the page before
 */
export async function listRecentExchanges(
  store: Store,
  query: EntryQuery,
  after?: Place,
): Promise<ExchangePage> {
  const rows = await selectNewest(store, query, after);
  const shown = rows.slice(0, query.limit);
  const order = new Map(shown.map(({ exchange_id: id }, at) => [id, at]));
  const entries = await loadEntries(store, [...order.keys()]);
  const last = shown.at(-1);
  return {
    entries: entries.toSorted((a, b) => order.get(a.exchangeId)! - order.get(b.exchangeId)!),
    next: rows.length > query.limit && last ? { createdAtMs: last.created_at, seq: last.seq } : undefined,
  };
}

/**
 * One row more than the page has. In the order of the indexes on (workspace, time) and (key, time): by `seq`, all
 * entries would have to be sorted.
 */
function selectNewest(store: Store, query: EntryQuery, after: Place | undefined) {
  let select = filterEntries(store, query).select(['seq', 'created_at', 'exchange_id']);
  select = select.where(sql<boolean>`not exists (
    select 1 from ledger_entries newer where newer.exchange_id = ledger_entries.exchange_id
      and (newer.created_at > ledger_entries.created_at
        or (newer.created_at = ledger_entries.created_at and newer.seq > ledger_entries.seq))
      and ${fitsOf(query, 'newer')})`);
  if (after) {
    const { createdAtMs, seq } = after;
    select = select
      .where('created_at', '<=', createdAtMs)
      .where((or) => or.or([or('created_at', '<', createdAtMs), or('seq', '<', seq)]));
  }
  return select
    .orderBy('created_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(query.limit + 1)
    .execute();
}

function selectEntries(store: Store, query: EntryQuery) {
  return filterEntries(store, query).orderBy('seq', 'desc').limit(query.limit);
}

function filterEntries(store: Store, query: EntryQuery) {
  return store.kysely.selectFrom('ledger_entries').where(fitsOf(query, 'ledger_entries'));
}

/** What of a query is one column's value. */
const EQUAL = {
  workspaceId: 'workspace_id',
  keyId: 'key_id',
  memberId: 'member_id',
  agentId: 'agent_id',
  sessionId: 'session_id',
  endUser: 'end_user',
  provider: 'provider',
  model: 'model',
  status: 'status',
} as const satisfies Partial<Record<keyof EntryQuery, keyof LedgerEntriesTable>>;

/** @param table its name in the statement */
function fitsOf(query: EntryQuery, table: 'ledger_entries' | 'newer'): RawBuilder<boolean> {
  const column = (name: keyof LedgerEntriesTable) => sql.ref(`${table}.${name}`);
  const terms = [sql<boolean>`1 = 1`];
  for (const name of Object.keys(EQUAL) as (keyof typeof EQUAL)[])
    if (query[name] !== undefined) terms.push(sql<boolean>`${column(EQUAL[name])} = ${query[name]}`);
  const { sinceMs, untilMs, beforeSeq } = query;
  if (sinceMs !== undefined) terms.push(sql<boolean>`${column('created_at')} >= ${sinceMs}`);
  if (untilMs !== undefined) terms.push(sql<boolean>`${column('created_at')} < ${untilMs}`);
  if (beforeSeq !== undefined) terms.push(sql<boolean>`${column('seq')} < ${beforeSeq}`);
  return sql<boolean>`(${sql.join(terms, sql` and `)})`;
}

/** SQLite takes this many values in one statement without complaint. */
const MAX_IDS = 500;

async function loadEntries(store: Store, ids: readonly ExchangeId[]): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const rows = await store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .where('exchange_id', 'in', ids.slice(from, from + MAX_IDS))
      .orderBy('exchange_id')
      .orderBy('attempt')
      .orderBy('sequence')
      .execute();
    for (const row of rows) entries.push(readEntry(row));
  }
  return entries;
}

function readEntry(row: Selectable<LedgerEntriesTable>): LedgerEntry {
  const correction = row.sequence > 0 ? `.${row.sequence}` : '';
  return {
    id: `ent_${row.exchange_id.replace(/^exc_/, '')}.${row.attempt}${correction}`,
    seq: row.seq,
    exchangeId: row.exchange_id,
    attempt: row.attempt,
    kind: kindOf(row),
    status: row.status as EntryStatus,
    createdAtMs: row.created_at,
    startedAtMs: row.started_at,
    workspaceId: row.workspace_id,
    keyId: row.key_id,
    provider: row.provider,
    model: row.model,
    clientFormat: row.client_format,
    lane: row.lane,
    priceState: row.price_state,
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite: row.cache_write_5m_tokens + row.cache_write_1h_tokens,
    cacheWrite1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
    reasoning: row.reasoning_tokens,
    audioInput: row.audio_input_tokens,
    audioOutput: row.audio_output_tokens,
    cost: row.price_state === 'unknown' ? undefined : (row.cost_nano as NanoUsd),
    costLines: {
      input: row.input_cost_nano,
      cache: row.cache_cost_nano,
      output: row.output_cost_nano,
      other: row.other_cost_nano,
    },
    isEstimated: row.is_estimated === 1,
    flags: row.flags === null ? [] : (row.flags.split(',') as UsageFlag[]),
    ...readOptional(row),
  };
}

function readOptional(row: Selectable<LedgerEntriesTable>) {
  return {
    ...(row.member_id !== null && { memberId: row.member_id }),
    ...(row.agent_id !== null && { agentId: row.agent_id }),
    ...(row.session_id !== null && { sessionId: row.session_id }),
    ...(row.end_user !== null && { endUser: row.end_user }),
    ...(row.service_tier !== null && { serviceTier: row.service_tier }),
    ...(row.price_id !== null && { priceId: row.price_id }),
    ...(row.calls !== null && { calls: JSON.parse(row.calls) as Record<string, number> }),
    ...(row.http_status !== null && { httpStatus: row.http_status }),
    ...(row.stop !== null && { stop: row.stop }),
    ...(row.error_class !== null && { errorClass: row.error_class }),
    ...(row.upstream_request_id !== null && { upstreamRequestId: row.upstream_request_id }),
    ...(row.ttft_ms !== null && { ttftMs: row.ttft_ms }),
    ...(row.latency_ms !== null && { latencyMs: row.latency_ms }),
  };
}

/** By the last of their flags. */
const correctionKinds = ['late_settle', 'adjustment'] as const;

function kindOf(row: Selectable<LedgerEntriesTable>): LedgerEntry['kind'] {
  if (row.sequence > 0) return correctionKinds.find((kind) => row.flags?.endsWith(kind)) ?? 'correction';
  if (row.status === 'interrupted') return 'interrupted';
  return row.price_state === 'free' ? 'void' : 'settle';
}
