/**
 * Proves that the books add up: rollups against entries, entries against their prices, reservations against both,
 * budget windows and streams against what counts in them.
 *
 * It may run beside traffic. Every comparison is one statement, which sees one state of the database, and covers
 * one hour, one day or one page, so that the event loop is never held for long.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { PriceId } from '../base/ids.ts';
import { type NanoUsd, ZERO_USD } from '../base/money.ts';
import type { Price, TokenCounts } from '../catalog/price.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { type Kept, loadKept } from './analytics/spans.ts';
import { costColumns } from './book.ts';
import { isGenuine, restorePrice } from './price-snapshot.ts';
import { type Findings, MAX_PROBLEMS } from './verify-findings.ts';
import { verifyRollups } from './verify-rollups.ts';
import { verifyStreams, verifyWindows } from './verify-windows.ts';

export interface VerifyReport {
  readonly isSound: boolean;
  readonly entries: number;
  /** Of all entries whose price is known. */
  readonly cost: NanoUsd;
  /** Hours and days compared, for all workspaces. */
  readonly periods: number;
  /** What does not add up, in words; cut off at 100. */
  readonly problems: readonly string[];
}

/** Entries priced anew in one turn of the event loop. */
const PAGE = 1_000;

/** What retention has taken away is not missed: sums of that time are believed. */
export async function verifyLedger(store: Store): Promise<VerifyReport> {
  for (;;) {
    const kept = await loadKept(store);
    const report = await verifyKept(store, kept);
    if (report.isSound) return report;
    // Retention went on meanwhile: what is gone now was missed.
    const now = await loadKept(store);
    const isSame = now.entriesFromMs === kept.entriesFromMs && now.hoursFromMs === kept.hoursFromMs;
    if (isSame) return report;
  }
}

async function verifyKept(store: Store, kept: Kept): Promise<VerifyReport> {
  const findings: Findings = { store, kept, problems: [], entries: 0, cost: ZERO_USD, periods: 0 };
  await verifyEntries(findings);
  await verifyReservations(findings);
  await verifyRollups(findings);
  await verifyWindows(findings);
  await verifyStreams(findings);
  return {
    isSound: findings.problems.length === 0,
    entries: findings.entries,
    cost: findings.cost as NanoUsd,
    periods: findings.periods,
    problems: findings.problems.slice(0, MAX_PROBLEMS),
  };
}

type EntryRow = LedgerEntriesTable & { readonly seq: number };

/** Every entry: its lines add up, its counts are counts, and its stored price gives its cost again. */
async function verifyEntries(findings: Findings): Promise<void> {
  const prices = new Map<PriceId, Price | undefined>();
  for (let after = 0; ; ) {
    const rows = (await findings.store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute()) as EntryRow[];
    for (const row of rows) {
      findings.entries += 1;
      findings.cost += row.cost_nano;
      const price = row.price_id === null ? undefined : await findPrice(findings, prices, row.price_id);
      const problem = judgeEntry(row, price);
      if (problem) findings.problems.push(`entry ${row.exchange_id}/${row.attempt}: ${problem}`);
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
    await nextTurn();
  }
}

async function findPrice(
  { store, problems }: Findings,
  prices: Map<PriceId, Price | undefined>,
  id: PriceId,
): Promise<Price | undefined> {
  if (prices.has(id)) return prices.get(id);
  const row = await store.kysely
    .selectFrom('price_snapshots')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  const isSound = row !== undefined && isGenuine(row);
  if (!isSound) problems.push(`price ${id}: ${row ? 'is not what its hash was made of' : 'is missing'}`);
  prices.set(id, isSound ? restorePrice(row) : undefined);
  return prices.get(id);
}

function judgeEntry(row: EntryRow, price: Price | undefined): string | undefined {
  const lines = row.input_cost_nano + row.cache_cost_nano + row.output_cost_nano + row.other_cost_nano;
  if (lines !== row.cost_nano)
    return `its lines add up to ${lines}, its cost is ${row.cost_nano} nano-dollars`;
  // A correction is a difference and may be negative.
  if (row.sequence > 0) return undefined;
  const counts = readCounts(row);
  if (Object.values(counts).some((count) => typeof count === 'number' && count < 0))
    return 'a count is negative';
  if (counts.reasoning > counts.output) return 'it has more reasoning than output';
  if (row.price_state !== 'priced') {
    if (row.price_id !== null) return `it has a price but is ${row.price_state}`;
    if (row.price_state !== 'reported' && row.cost_nano !== 0n)
      return `it costs something but is ${row.price_state}`;
    return undefined;
  }
  if (row.price_id === null) return 'it is priced but has no price';
  if (!price) return undefined;
  const { cost_nano: expected } = costColumns(price, counts).columns;
  return expected === row.cost_nano
    ? undefined
    : `its cost is ${row.cost_nano}, its price gives ${expected} nano-dollars`;
}

function readCounts(row: EntryRow): TokenCounts {
  return {
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite5m: row.cache_write_5m_tokens,
    cacheWrite1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
    reasoning: row.reasoning_tokens,
    audioInput: row.audio_input_tokens,
    audioOutput: row.audio_output_tokens,
    calls: row.calls === null ? {} : (JSON.parse(row.calls) as Record<string, number>),
  };
}

/** An attempt is either open or booked, and what is open can be priced. */
async function verifyReservations({ store, problems }: Findings): Promise<void> {
  const booked = await sql<{ exchange_id: string; attempt: number }>`
    select r.exchange_id, r.attempt from reservations r
    join ledger_entries e on e.exchange_id = r.exchange_id and e.attempt = r.attempt and e.sequence = 0
    limit ${MAX_PROBLEMS}`.execute(store.kysely);
  for (const row of booked.rows) {
    problems.push(
      `reservation ${row.exchange_id}/${row.attempt}: it is still held although it has its entry`,
    );
  }
  const unpriced = await sql<{ exchange_id: string; attempt: number }>`
    select exchange_id, attempt from reservations
    where price_id is not null and price_id not in (select id from price_snapshots)
    limit ${MAX_PROBLEMS}`.execute(store.kysely);
  for (const row of unpriced.rows) {
    problems.push(`reservation ${row.exchange_id}/${row.attempt}: its price is missing`);
  }
}
