/** Rate limits within one transaction on SQLite: each row is read once and written back once. */
import type { SqliteDatabase } from '../store/sqlite.ts';
import type { Entry } from './book.ts';
import {
  costUs,
  type HeldRate,
  type RateClaim,
  type RateLeft,
  type RateMetric,
  rateLeft,
  STREAM_RETRY_MS,
  takeRate,
} from './rate.ts';

interface RateRow {
  readonly subject: string;
  readonly metric: RateMetric;
  fullAtUs: number;
  inFlight: number;
  isChanged: boolean;
}

export type RateStatements = ReturnType<typeof prepareRates>;

export function prepareRates(database: SqliteDatabase) {
  return {
    find: database
      .prepare('select full_at_us, in_flight from rate_limits where subject = ? and metric = ?')
      .raw(true),
    write: database.prepare(
      `insert into rate_limits (subject, metric, full_at_us, in_flight) values (?, ?, ?, ?)
       on conflict (subject, metric) do update set full_at_us = excluded.full_at_us, in_flight = excluded.in_flight`,
    ),
  };
}

/** Those that one transaction has looked at. */
export interface Rates {
  readonly statements: RateStatements;
  readonly rows: Map<string, RateRow>;
  readonly changed: RateRow[];
}

export function openRates(statements: RateStatements): Rates {
  return { statements, rows: new Map(), changed: [] };
}

function rowOf({ statements, rows }: Rates, subject: string, metric: RateMetric): RateRow {
  const name = `${metric} ${subject}`;
  const known = rows.get(name);
  if (known) return known;
  const found = statements.find.get(subject, metric) as [fullAtUs: number, inFlight: number] | undefined;
  const row = { subject, metric, fullAtUs: found?.[0] ?? 0, inFlight: found?.[1] ?? 0, isChanged: false };
  rows.set(name, row);
  return row;
}

function changeRow(rates: Rates, row: RateRow): void {
  if (row.isChanged) return;
  row.isChanged = true;
  rates.changed.push(row);
}

export type RatesVerdict =
  | { readonly ok: true; readonly fullAts: readonly number[] }
  | { readonly ok: false; readonly rate: RateClaim; readonly retryMs: number };

/** Whether all of them have room. Nothing is taken yet. */
export function judgeRates(rates: Rates, claims: readonly RateClaim[], nowMs: number): RatesVerdict {
  const fullAts: number[] = [];
  for (const claim of claims) {
    const row = rowOf(rates, claim.subject, claim.metric);
    if (claim.metric === 'streams') {
      if (row.inFlight >= claim.limit) return { ok: false, rate: claim, retryMs: STREAM_RETRY_MS };
      fullAts.push(row.fullAtUs);
      continue;
    }
    const taken = takeRate(row.fullAtUs, nowMs * 1_000, claim);
    if (!taken.ok) return { ok: false, rate: claim, retryMs: taken.retryMs };
    fullAts.push(taken.fullAtUs);
  }
  return { ok: true, fullAts };
}

/** Takes what `judgeRates` found room for. */
export function takeRates(
  rates: Rates,
  claims: readonly RateClaim[],
  fullAts: readonly number[],
  nowMs: number,
): readonly RateLeft[] {
  return claims.map((claim, at) => {
    const row = rowOf(rates, claim.subject, claim.metric);
    changeRow(rates, row);
    if (claim.metric !== 'streams') {
      row.fullAtUs = fullAts[at]!;
      return rateLeft(claim, row.fullAtUs, nowMs * 1_000);
    }
    row.inFlight += 1;
    const { subject, metric, limit } = claim;
    return { subject, metric, limit, remaining: limit - row.inFlight, resetMs: 0 };
  });
}

/** @param entry what became of the attempt; undefined = it was never sent */
export function giveRatesBack(rates: Rates, held: readonly HeldRate[], entry: Entry | undefined): void {
  for (const [subject, metric, amount, limit] of held) {
    const row = rowOf(rates, subject, metric);
    changeRow(rates, row);
    if (metric === 'streams') row.inFlight = Math.max(0, row.inFlight - 1);
    else row.fullAtUs += costUs(usedOf(metric, amount, entry), limit) - costUs(amount, limit);
  }
}

/** In the unit of the metric. */
function usedOf(metric: Exclude<RateMetric, 'streams'>, amount: number, entry: Entry | undefined): number {
  if (!entry) return 0;
  switch (metric) {
    case 'requests':
      return entry.price_state === 'free' || entry.status === 'not_sent' ? 0 : amount;
    case 'input-tokens':
      return (
        entry.input_tokens +
        entry.cache_read_tokens +
        entry.cache_write_5m_tokens +
        entry.cache_write_1h_tokens +
        entry.audio_input_tokens
      );
    case 'output-tokens':
      return entry.output_tokens + entry.audio_output_tokens;
    default:
      return metric satisfies never;
  }
}

/** @returns how many rows */
export function writeRates({ statements, changed }: Rates): number {
  for (const { subject, metric, fullAtUs, inFlight } of changed)
    statements.write.run(subject, metric, fullAtUs, inFlight);
  return changed.length;
}
