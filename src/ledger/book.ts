/** Turns a reservation and its end into the one entry of the attempt. Pure: the same in gives the same entry. */
import { type NanoUsd, ZERO_USD } from '../base/money.ts';
import { OPERATOR_SOURCE, type Price, priceTokens, type TokenCounts } from '../catalog/price.ts';
import type { LedgerEntriesTable, ReservationsTable } from '../store/schema.ts';
import { type ChosenPrice, choosePrice, type ResolvePrice } from './choose-price.ts';
import { renderRates, renderWindows } from './claims.ts';
import { estimateCounts, type JudgedUsage, judgeUsage, noCounts, toWhole } from './judge-usage.ts';
import type { ReserveRequest, Settled, SettleRequest, UsageFlag } from './ledger.ts';
import { type PriceSnapshot, snapshotPrice } from './price-snapshot.ts';

/** Whose it is, the store knows. */
export type Reservation = Readonly<
  Omit<ReservationsTable, 'replica_id' | 'replica_epoch' | 'state' | 'amount_nano'>
> & { readonly amount_nano: bigint };
export type Entry = Readonly<Omit<LedgerEntriesTable, 'seq'>>;
export type { ResolvePrice };

export interface Booking {
  readonly entry: Entry;
  readonly settled: Settled;
  /** The price of the entry, where it has one. */
  readonly price: PriceSnapshot | undefined;
}

/** Texts that clients and upstreams choose are cut here; ids and names are far shorter. */
const MAX_TEXT_LENGTH = 256;

export function makeReservation(request: ReserveRequest, price: PriceSnapshot | undefined): Reservation {
  return {
    exchange_id: request.exchangeId,
    attempt: request.attempt,
    workspace_id: request.workspaceId,
    key_id: request.keyId,
    member_id: cut(request.memberId),
    agent_id: cut(request.agentId),
    session_id: cut(request.sessionId),
    end_user: cut(request.endUser),
    provider: request.provider,
    model: request.model,
    client_format: request.clientFormat,
    lane: request.lane,
    price_id: price?.id ?? null,
    input_estimate: toWhole(request.inputEstimate),
    max_output_tokens: request.maxOutputTokens === undefined ? null : toWhole(request.maxOutputTokens),
    observed_output: 0,
    created_at: toWhole(request.createdAtMs),
    deadline_at: toWhole(request.deadlineAtMs),
    // As granted, the store knows.
    amount_nano: request.bound?.amountNano ?? 0n,
    windows: request.claims ? renderWindows(request.claims) : null,
    rates: request.rates ? renderRates(request.rates) : null,
  };
}

export interface BookInput {
  readonly reservation: Reservation;
  /** The price reserved with; undefined = unknown. */
  readonly price: Price | undefined;
  readonly contextWindow?: number;
  readonly resolvePrice?: ResolvePrice;
}

/** The entry of an attempt whose end was seen. */
export function bookSettle(input: BookInput, settle: SettleRequest): Booking {
  const { reservation } = input;
  if (settle.isCached) return makeEntry(reservation, fromCache, freeAnswer, endOf(settle));
  const judged: JudgedUsage = settle.isCharged
    ? judgeUsage(settle.usage, {
        inputEstimate: reservation.input_estimate,
        ...(input.contextWindow !== undefined && { contextWindow: input.contextWindow }),
      })
    : { counts: noCounts, isEstimated: false, flags: [] };
  const serviceTier = settle.usage.reported?.serviceTier;
  const known = settle.price === undefined ? input : { ...input, price: settle.price };
  const priced = settle.isCharged
    ? withOverrun(reservation, priceUsage(judged, choosePrice(known, serviceTier)))
    : free;
  return makeEntry(reservation, judged, priced, endOf(settle));
}

function endOf(settle: SettleRequest): EndColumns {
  return {
    status: settle.status,
    http_status: settle.httpStatus === undefined ? null : toWhole(settle.httpStatus),
    stop: cut(settle.stop),
    error_class: cut(settle.errorClass),
    upstream_request_id: cut(settle.upstreamRequestId),
    service_tier: cut(settle.usage.reported?.serviceTier),
    ttft_ms: settle.ttftMs === undefined ? null : toWhole(settle.ttftMs),
    latency_ms: toWhole(settle.latencyMs),
    created_at: toWhole(settle.settledAtMs),
  };
}

/** Booked as it is, whatever was reserved: the limit may be passed by it, and that is told. */
function withOverrun({ windows, amount_nano }: Reservation, priced: Priced): Priced {
  if (windows === null || priced.columns.cost_nano <= amount_nano) return priced;
  return { ...priced, flags: [...priced.flags, 'overrun'] };
}

/** How much of its output an interrupted attempt is booked with: what was noted of it, or all it may have had. */
export type InterruptedAs = 'noted' | 'worst_case';

/** The entry of an attempt whose process died or was never heard of again. */
export function bookInterrupted(
  reservation: Reservation,
  price: Price | undefined,
  nowMs: number,
  as: InterruptedAs = 'noted',
): Booking {
  const { input_estimate: input, observed_output: noted, max_output_tokens: most } = reservation;
  const output = as === 'worst_case' ? Math.max(noted, most ?? 0) : noted;
  const judged: JudgedUsage = {
    counts: estimateCounts(input, output),
    isEstimated: true,
    flags: as === 'worst_case' ? ['interrupted', 'worst_case'] : ['interrupted'],
  };
  return makeEntry(reservation, judged, priceUsage(judged, { price, isTierGap: false }), {
    status: 'interrupted',
    http_status: null,
    stop: null,
    error_class: null,
    upstream_request_id: null,
    service_tier: null,
    ttft_ms: null,
    latency_ms: null,
    created_at: nowMs,
  });
}

/** What of an entry adds up. */
const sumColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'cost_nano',
  'input_cost_nano',
  'cache_cost_nano',
  'output_cost_nano',
  'other_cost_nano',
] as const;
export type EntrySums = Pick<Entry, (typeof sumColumns)[number]>;

/** The correction that makes the truth of what had been booked as interrupted: the difference. */
export function bookLateSettle(entry: Entry, booked: EntrySums): Entry {
  const difference = Object.fromEntries(
    sumColumns.map((column) => {
      const [is, was] = [entry[column], booked[column]];
      return [column, typeof is === 'bigint' ? is - BigInt(was) : is - Number(was)];
    }),
  ) as EntrySums;
  const flags = entry.flags === null ? 'late_settle' : `${entry.flags},late_settle`;
  return { ...entry, ...difference, sequence: 1, flags };
}

type CostColumns = Pick<
  Entry,
  'price_state' | 'cost_nano' | 'input_cost_nano' | 'cache_cost_nano' | 'output_cost_nano' | 'other_cost_nano'
>;

interface Priced {
  readonly columns: CostColumns;
  readonly price: PriceSnapshot | undefined;
  readonly flags: readonly UsageFlag[];
}

const nothing = {
  cost_nano: ZERO_USD,
  input_cost_nano: ZERO_USD,
  cache_cost_nano: ZERO_USD,
  output_cost_nano: ZERO_USD,
  other_cost_nano: ZERO_USD,
} as const;
const free: Priced = { columns: { ...nothing, price_state: 'free' }, price: undefined, flags: [] };
const fromCache: JudgedUsage = { counts: noCounts, isEstimated: false, flags: ['cached'] };
/** Not `free`, which gives back to the rate limits what it took of them: it was answered, and counts as a request. */
const freeAnswer: Priced = {
  columns: { ...nothing, price_state: 'reported' },
  price: undefined,
  flags: [],
};
const unknown: Priced = {
  columns: { ...nothing, price_state: 'unknown' },
  price: undefined,
  flags: ['unpriced'],
};

/**
 * What the upstream says it costs wins over what we would compute: it is what will be on the invoice. But an operator
 * who has set a price of his own knows better: what is reported may be a fee beside a bill from elsewhere.
 */
function priceUsage(judged: JudgedUsage, { price, isTierGap }: ChosenPrice): Priced {
  if (judged.reportedCost !== undefined && price?.source !== OPERATOR_SOURCE) {
    const total = judged.reportedCost;
    // Nobody said how it splits into lines.
    const columns = {
      ...nothing,
      price_state: 'reported',
      cost_nano: total,
      other_cost_nano: total,
    } as const;
    return { columns, price: undefined, flags: [] };
  }
  const snapshot = price && snapshotPrice(price);
  if (!snapshot) return unknown;
  const cost = costColumns(price, judged.counts);
  return { columns: cost.columns, price: snapshot, flags: cost.hasGaps || isTierGap ? ['price_gap'] : [] };
}

/** Also what `verify` computes anew from the stored price. */
export function costColumns(
  price: Price,
  counts: TokenCounts,
): { readonly columns: CostColumns; readonly hasGaps: boolean } {
  const cost = priceTokens(price, counts);
  const columns = {
    price_state: 'priced',
    cost_nano: cost.total,
    input_cost_nano: cost.input,
    cache_cost_nano: cost.cache,
    output_cost_nano: cost.output,
    other_cost_nano: cost.other,
  } as const;
  return { columns, hasGaps: cost.gaps.length > 0 };
}

type EndColumns = Pick<
  Entry,
  | 'status'
  | 'http_status'
  | 'stop'
  | 'error_class'
  | 'upstream_request_id'
  | 'service_tier'
  | 'ttft_ms'
  | 'latency_ms'
  | 'created_at'
>;

function makeEntry(owner: Reservation, judged: JudgedUsage, priced: Priced, end: EndColumns): Booking {
  const { counts } = judged;
  const flags = priced.flags.length === 0 ? judged.flags : [...judged.flags, ...priced.flags];
  // Field by field, as everything on the way of a request: spreading builds a new shape each time.
  const entry: Entry = {
    exchange_id: owner.exchange_id,
    attempt: owner.attempt,
    sequence: 0,
    workspace_id: owner.workspace_id,
    key_id: owner.key_id,
    member_id: owner.member_id,
    agent_id: owner.agent_id,
    session_id: owner.session_id,
    end_user: owner.end_user,
    provider: owner.provider,
    model: owner.model,
    client_format: owner.client_format,
    lane: owner.lane,
    price_id: priced.price?.id ?? null,
    input_tokens: counts.input,
    cache_read_tokens: counts.cacheRead,
    cache_write_5m_tokens: counts.cacheWrite5m,
    cache_write_1h_tokens: counts.cacheWrite1h,
    output_tokens: counts.output,
    reasoning_tokens: counts.reasoning,
    audio_input_tokens: counts.audioInput,
    audio_output_tokens: counts.audioOutput,
    calls: Object.keys(counts.calls).length > 0 ? JSON.stringify(counts.calls) : null,
    price_state: priced.columns.price_state,
    cost_nano: priced.columns.cost_nano,
    input_cost_nano: priced.columns.input_cost_nano,
    cache_cost_nano: priced.columns.cache_cost_nano,
    output_cost_nano: priced.columns.output_cost_nano,
    other_cost_nano: priced.columns.other_cost_nano,
    is_estimated: judged.isEstimated ? 1 : 0,
    flags: flags.length > 0 ? flags.join(',') : null,
    raw_usage: judged.rawUsage ?? null,
    started_at: owner.created_at,
    status: end.status,
    http_status: end.http_status,
    stop: end.stop,
    error_class: end.error_class,
    upstream_request_id: end.upstream_request_id,
    service_tier: end.service_tier,
    ttft_ms: end.ttft_ms,
    latency_ms: end.latency_ms,
    created_at: end.created_at,
    windows: owner.windows,
  };
  const isUnknown = entry.price_state === 'unknown';
  const cost = isUnknown ? undefined : (entry.cost_nano as NanoUsd);
  return { entry, settled: { counts, cost, isEstimated: judged.isEstimated, flags }, price: priced.price };
}

function cut(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text;
}
