/**
 * Prices entries anew: those whose price was unknown, and those whose price was wrong. What differs is booked as a
 * correction beside the entry, which is never touched; a second run finds nothing more to book.
 *
 * Budget windows stay as they are: what was let in was let in by the prices of then.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import { OPERATOR_SOURCE, type Price, priceTokens, type TokenCounts } from '../catalog/price.ts';
import { plainTier } from '../catalog/service-tier.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Entry, ResolvePrice } from './book.ts';
import { costColumns } from './book.ts';
import { type PriceSnapshot, snapshotPrice } from './price-snapshot.ts';
import { bookCorrections } from './rerate-book.ts';
import type { TimeRange } from './usage.ts';

export interface RerateQuery extends TimeRange {
  readonly provider?: string;
  readonly model?: string;
  /** Only entries whose price was unknown. */
  readonly isUnpricedOnly: boolean;
  /** False = nothing is booked; the sums say what would be. */
  readonly apply: boolean;
  /** Who says so and why, for the record. */
  readonly by: string;
  readonly reason: string;
}

export interface RerateSum {
  readonly provider: string;
  readonly model: string;
  /** Attempts whose cost changes. */
  entries: number;
  /** Of those, the ones that had no price. */
  unpriced: number;
  /** Nano-dollars booked for them so far, and by the prices of now. */
  was: bigint;
  is: bigint;
}

export interface ReratePlan {
  /** `rer_…`: noted in each correction. */
  readonly id: string;
  /** By provider and model. */
  readonly sums: readonly RerateSum[];
  /** Attempts that were looked at. */
  readonly entries: number;
  /** Attempts whose price is still unknown. */
  readonly unknown: number;
  /** Nano-dollars: what is, or would be, added to the books. */
  readonly difference: bigint;
  readonly isApplied: boolean;
}

export interface RerateMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  /** By the prices of now, as of a moment. */
  readonly priceOf: ResolvePrice;
  readonly nowMs: number;
}

type Row = Selectable<LedgerEntriesTable>;

/** Attempts priced in one turn of the event loop, and corrected in one transaction. */
const PAGE = 200;
/**
 * Corrections begin here: the truth about an attempt that was booked as interrupted may still come, and its number
 * is 1.
 */
const FIRST_SEQUENCE = 2;

export async function rerate(means: RerateMeans, query: RerateQuery): Promise<ReratePlan> {
  const sums = new Map<string, RerateSum>();
  const id = newId('rer');
  let entries = 0;
  let unknown = 0;
  for (let after = 0; ; ) {
    const page = await selectPage(means, query, after);
    const attempts = await gather(means.store, page);
    const corrections = [];
    for (const attempt of attempts) {
      const verdict = judge(means, attempt);
      if (verdict.kind === 'unknown') unknown += 1;
      if (verdict.kind !== 'differs') continue;
      addTo(sums, attempt, verdict.is);
      corrections.push(correct(attempt, verdict, { id, by: query.by, reason: query.reason }, means.nowMs));
    }
    entries += page.length;
    if (query.apply) await bookCorrections(means.store, corrections);
    if (page.length < PAGE) break;
    after = page.at(-1)!.seq;
    await nextTurn();
  }
  const all = [...sums.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const difference = all.reduce((sum, { was, is }) => sum + is - was, 0n);
  return { id, sums: all, entries, unknown, difference, isApplied: query.apply };
}

function selectPage({ store, workspaceId }: RerateMeans, query: RerateQuery, after: number): Promise<Row[]> {
  let select = store.kysely
    .selectFrom('ledger_entries')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('created_at', '>=', query.sinceMs)
    .where('created_at', '<', query.untilMs)
    .where('sequence', '=', 0)
    // Whatever a request costs, nothing was sent for an answer from the cache.
    .where((where) => where.or([where('flags', 'is', null), where('flags', '!=', 'cached')]))
    .where('seq', '>', after);
  select = query.isUnpricedOnly
    ? select.where('price_state', '=', 'unknown')
    : select.where('price_state', '!=', 'free');
  if (query.provider !== undefined) select = select.where('provider', '=', query.provider);
  if (query.model !== undefined) select = select.where('model', '=', query.model);
  return select.orderBy('seq').limit(PAGE).execute();
}

/** An attempt with everything that was booked of it. */
interface BookedAttempt {
  readonly first: Row;
  /** The last word on how it went: the entry, or the truth that came after it. */
  readonly last: Row;
  readonly counts: TokenCounts;
  readonly costs: CostLines;
  readonly sequence: number;
}

const costLines = [
  'cost_nano',
  'input_cost_nano',
  'cache_cost_nano',
  'output_cost_nano',
  'other_cost_nano',
] as const;
type CostLines = Record<(typeof costLines)[number], bigint>;

async function gather(store: Store, page: readonly Row[]): Promise<BookedAttempt[]> {
  if (page.length === 0) return [];
  const rows = await store.kysely
    .selectFrom('ledger_entries')
    .selectAll()
    .where(
      'exchange_id',
      'in',
      page.map((row) => row.exchange_id),
    )
    .where('sequence', '>', 0)
    .orderBy('sequence')
    .execute();
  const corrections = new Map<string, Row[]>();
  for (const row of rows) {
    const known = corrections.get(attemptOf(row));
    if (known) known.push(row);
    else corrections.set(attemptOf(row), [row]);
  }
  return page.map((first) => {
    const all = [first, ...(corrections.get(attemptOf(first)) ?? [])];
    const last = all.findLast(({ flags }) => flags?.endsWith('late_settle')) ?? first;
    const costs = Object.fromEntries(costLines.map((line) => [line, sumOf(all, (row) => row[line])]));
    return {
      first,
      last,
      counts: countsOf(all, last),
      costs: costs as CostLines,
      sequence: all.at(-1)!.sequence,
    };
  });
}

function attemptOf({ exchange_id, attempt }: Row): string {
  return `${exchange_id}/${attempt}`;
}

function sumOf(rows: readonly Row[], read: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + BigInt(read(row)), 0n);
}

function countsOf(rows: readonly Row[], last: Row): TokenCounts {
  const add = (read: (row: Row) => number) => rows.reduce((sum, row) => sum + read(row), 0);
  return {
    input: add((row) => row.input_tokens),
    cacheRead: add((row) => row.cache_read_tokens),
    cacheWrite5m: add((row) => row.cache_write_5m_tokens),
    cacheWrite1h: add((row) => row.cache_write_1h_tokens),
    output: add((row) => row.output_tokens),
    reasoning: add((row) => row.reasoning_tokens),
    audioInput: add((row) => row.audio_input_tokens),
    audioOutput: add((row) => row.audio_output_tokens),
    calls: last.calls === null ? {} : (JSON.parse(last.calls) as Record<string, number>),
  };
}

type Verdict =
  | { readonly kind: 'same' | 'unknown' }
  | { readonly kind: 'differs'; readonly price: PriceSnapshot; readonly is: CostLines };

function judge({ priceOf }: RerateMeans, attempt: BookedAttempt): Verdict {
  const { first, last, counts, costs } = attempt;
  // What nothing was counted of cannot be priced: it was sold in units that nobody has told us.
  if (first.price_state === 'unknown' && (isNothing(counts) || isPicture(first))) return { kind: 'unknown' };
  const tier = plainTier(last.service_tier ?? undefined);
  const price = priceOf(first.provider, first.model, tier, first.started_at, first.workspace_id);
  const snapshot = price && snapshotPrice(price);
  if (!snapshot || (first.price_state === 'unknown' && !knowsCalls(price, counts)))
    return { kind: 'unknown' };
  // What the upstream has said it costs stands, unless the operator knows better.
  if (last.price_state === 'reported' && price.source !== OPERATOR_SOURCE) return { kind: 'same' };
  const { price_state: _state, ...is } = costColumns(price, counts).columns;
  const isSame = costLines.every((line) => is[line] === costs[line]);
  return isSame ? { kind: 'same' } : { kind: 'differs', price: snapshot, is };
}

function isNothing({ calls, ...tokens }: TokenCounts): boolean {
  return Object.keys(calls).length === 0 && Object.values(tokens).every((count) => count === 0);
}

/** Tokens of pictures are dearer than those of text, and entries have one number for both. */
function isPicture({ client_format }: Row): boolean {
  return /image|video/.test(client_format);
}

/** Seconds and searches that have no rate would be given away. */
function knowsCalls(price: Price, counts: TokenCounts): boolean {
  return !priceTokens(price, counts).gaps.some((gap) => gap.startsWith('calls.'));
}

function nameOf({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return `${provider}/${model}`;
}

function addTo(sums: Map<string, RerateSum>, { first, costs }: BookedAttempt, is: CostLines): void {
  const { provider, model } = first;
  const empty = { provider, model, entries: 0, unpriced: 0, was: 0n, is: 0n };
  const sum = sums.get(nameOf(first)) ?? empty;
  sums.set(nameOf(first), sum);
  sum.entries += 1;
  if (first.price_state === 'unknown') sum.unpriced += 1;
  sum.was += costs.cost_nano;
  sum.is += is.cost_nano;
}

export interface Correction {
  readonly entry: Entry;
  readonly price: PriceSnapshot;
}

/** The difference, at the price that was meant: no tokens, for those are booked. */
function correct(
  { first, last, costs, sequence }: BookedAttempt,
  { price, is }: Extract<Verdict, { kind: 'differs' }>,
  link: { readonly id: string; readonly by: string; readonly reason: string },
  nowMs: number,
): Correction {
  const { seq: _seq, ...entry } = first;
  const differences = Object.fromEntries(costLines.map((line) => [line, is[line] - BigInt(costs[line])]));
  const { id: rerated, by, reason } = link;
  return {
    price,
    entry: {
      ...entry,
      ...(differences as CostLines),
      ...noTokens,
      sequence: Math.max(sequence + 1, FIRST_SEQUENCE),
      service_tier: last.service_tier,
      price_id: price.id,
      price_state: 'priced',
      is_estimated: 0,
      flags: 'adjustment',
      raw_usage: JSON.stringify({ rerate: rerated, by, reason, priceBefore: last.price_id }),
      ttft_ms: null,
      latency_ms: null,
      created_at: nowMs,
      windows: null,
    },
  };
}

const noTokens = {
  input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_5m_tokens: 0,
  cache_write_1h_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  audio_input_tokens: 0,
  audio_output_tokens: 0,
  calls: null,
} as const;
