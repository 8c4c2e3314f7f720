/** A batch as the values of one call of `turnpike_apply_batch`, and its answer as grants. */
import { type NanoUsd, nanoUsd } from '../base/money.ts';
import { thresholdAt } from './alert.ts';
import { modestBound, withOutput } from './bound.ts';
import type { Claim } from './budget.ts';
import type { AttemptKey, Grant } from './ledger.ts';
import type { Batch, Reserve } from './ledger-store.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { type RateClaim, type RateLeft, rateLeft, STREAM_RETRY_MS } from './rate.ts';
import { rowsToJson } from './rows-to-json.ts';

/** Who asks, and when by its own clock. */
export interface Caller {
  readonly replicaId: string;
  readonly epoch: number | undefined;
  readonly nowMs: number;
}

export interface BatchValues {
  readonly values: readonly unknown[];
  /** Windows and rates that are there from now on. */
  readonly touched: readonly string[];
}

const VALUES = 22;
export const callBatch = `select turnpike_apply_batch(${Array.from({ length: VALUES }, (_, n) => `$${n + 1}`).join(', ')}) as applied`;

/**
 * In the order of the parameters.
 *
 * @param prices that the database may not have yet
 * @param known windows and rates that it has
 */
export function batchValues(
  caller: Caller,
  batch: Batch,
  prices: readonly PriceSnapshot[],
  known: ReadonlySet<string>,
): BatchValues {
  const asks = batch.reserves.filter(isAsk);
  const plain = asks.length === 0 ? batch.reserves : batch.reserves.filter((reserve) => !isAsk(reserve));
  const uses = useClaims(batch, asks);
  const rates = useRates(asks);
  const touched = [...uses.windows, ...rates.names].filter((name) => !known.has(name));
  const values = [
    caller.replicaId,
    caller.epoch,
    caller.nowMs,
    rowsToJson(prices),
    rowsToJson(batch.releases.map(keyColumns)),
    rowsToJson(batch.posts.map(({ entry }) => entry)),
    rowsToJson(decisionsOf(batch)),
    rowsToJson(plain.map(({ reservation }) => reservation)),
    rowsToJson(batch.progress.map((one) => ({ ...keyColumns(one), observed_output: one.outputEstimate }))),
    batch.isProbe === true,
    windowsOf(batch),
    rowsToJson(uses.claims),
    rowsToJson(batch.holds.map((hold) => ({ ...keyColumns(hold), amount_nano: hold.amount }))),
    arrayOf(uses.refusals),
    rowsToJson(asks.map(askColumns)),
    rowsToJson(asks.map(({ reservation }) => reservation)),
    arrayOf(uses.at),
    arrayOf(uses.claim),
    rowsToJson(rates.rows),
    arrayOf(rates.uses),
    uses.purses.length === 0 ? null : uses.purses,
    touched.length > 0,
  ];
  return { values, touched };
}

/** The others count against nothing, and are granted. */
function isAsk({ claims, rates }: Reserve): boolean {
  return claims.length > 0 || rates.length > 0;
}

function keyColumns({ exchangeId, attempt }: AttemptKey): object {
  return { exchange_id: exchangeId, attempt };
}

function decisionsOf({ posts }: Batch): readonly object[] {
  return posts.flatMap(({ entry: { exchange_id, attempt }, decision }) =>
    decision === undefined ? [] : [{ exchange_id, attempt, facts: decision }],
  );
}

/** Mostly few: what one owner sends counts against the same. */
function windowsOf({ posts }: Batch): readonly string[] | null {
  const texts = new Set<string>();
  for (const { entry } of posts) if (entry.windows !== null) texts.add(entry.windows);
  return texts.size === 0 ? null : [...texts];
}

/** As a literal of PostgreSQL: the driver would quote each number. */
function arrayOf(numbers: readonly (number | string)[]): string | null {
  return numbers.length === 0 ? null : `{${numbers.join(',')}}`;
}

interface ClaimUses {
  /** Each once; from now on they go by number, from 1. */
  readonly claims: readonly object[];
  readonly windows: ReadonlySet<string>;
  /** Of rolling periods: see turnpike_lock_windows. */
  readonly purses: readonly string[];
  readonly refusals: readonly number[];
  /** Holds, then asks, counted through from 1, and the claim that each uses: pairs. */
  readonly at: readonly number[];
  readonly claim: readonly number[];
}

function useClaims({ holds, refusals }: Batch, asks: readonly Reserve[]): ClaimUses {
  const claims: object[] = [];
  const windows = new Set<string>();
  const purses = new Set<string>();
  const numbers = new Map<string, number>();
  const numberOf = (claim: Claim) => {
    const name = nameOf(claim);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, claims.push(claimColumns(claim)));
    windows.add(`${claim.budgetId} ${claim.windowStart} ${claim.subject}`);
    if (claim.countedFrom < claim.windowStart) purses.add(`${claim.budgetId} ${claim.subject}`);
    return claims.length;
  };
  const at: number[] = [];
  const used: number[] = [];
  for (const [index, { claims: wanted }] of [...holds, ...asks].entries()) {
    for (const claim of wanted) {
      at.push(index + 1);
      used.push(numberOf(claim));
    }
  }
  return { claims, refusals: refusals.map(numberOf), at, claim: used, windows, purses: [...purses] };
}

/** Claims that replicas with the same view of a budget have made are one. */
function nameOf(claim: Claim): string {
  const { budgetId, subject, windowStart, countedFrom, version, limit, isHard, queueMs } = claim;
  return `${budgetId} ${windowStart} ${countedFrom} ${version} ${limit} ${isHard} ${queueMs} ${subject}`;
}

const MAX_MONEY = 2n ** 63n - 1n;

function claimColumns(claim: Claim): object {
  const { windowStart, countedFrom, limit, thresholds } = claim;
  // Of a rolling period no single row can tell.
  const alerts = countedFrom < windowStart ? [] : thresholds.map((percent) => thresholdAt(limit, percent));
  return {
    budget_id: claim.budgetId,
    subject: claim.subject,
    start_at: windowStart,
    end_at: claim.windowEnd,
    counted_from: countedFrom,
    limit_nano: limit,
    limit_version: claim.version,
    is_hard: claim.isHard,
    may_wait: claim.queueMs > 0,
    thresholds: JSON.stringify(thresholds),
    alert_nano: alerts.find((spend) => spend > 0n && spend <= MAX_MONEY) ?? null,
  };
}

/** What it wants and the least it takes, in nano-dollars; the parts of its bound in pico-dollars. */
function askColumns({ bound, minOutput }: Reserve): object {
  if (!bound) return { need: 0, smallest: 0, base: 0, rate: 0, most: null, modest: null, modest_need: 0 };
  const modest = modestBound(bound, minOutput);
  return {
    need: bound.amountNano,
    smallest: withOutput(bound, Math.min(minOutput, bound.maxOutput)).amountNano,
    base: bound.basePico,
    rate: bound.outputRatePico,
    most: bound.maxOutput,
    modest: modest.maxOutput,
    modest_need: modest.amountNano,
  };
}

interface RateUses {
  /** Each once, by number from 1. */
  readonly rows: readonly object[];
  readonly names: Iterable<string>;
  /** Of each use: ask, rate, limit, burst and amount, as an array of PostgreSQL. */
  readonly uses: readonly string[];
}

function useRates(asks: readonly Reserve[]): RateUses {
  const rows: object[] = [];
  const numbers = new Map<string, number>();
  const uses: string[] = [];
  for (const [index, { rates }] of asks.entries()) {
    for (const { subject, metric, limit, burstMs, amount } of rates) {
      const name = `${metric} ${subject}`;
      if (!numbers.has(name)) numbers.set(name, rows.push({ subject, metric }));
      uses.push(`{${[index + 1, numbers.get(name)!, limit, burstMs, amount].join(',')}}`);
    }
  }
  return { rows, uses, names: numbers.keys() };
}

/** What the function answers. */
export interface Applied {
  readonly duplicates: readonly AttemptKey[];
  readonly late: readonly AttemptKey[];
  readonly skewMs: number;
  /** null = nothing was judged. */
  readonly judged: Judged | null;
}

interface Judged {
  readonly holds: readonly boolean[] | null;
  /** Of each ask, in nano-dollars; null = refused. */
  readonly amounts: readonly (string | null)[] | null;
  readonly outputs: readonly (number | null)[] | null;
  readonly refusals: readonly Refused[] | null;
  /** Of each use of a rate: in flight, or when all of it is there again, in microseconds; null = refused. */
  readonly rates: readonly (number | null)[] | null;
  readonly nowUs: number;
}

/** `at` counts asks from 1, `claim` and `rate` those of the reserve from 0. */
type Refused =
  | { readonly at: number; readonly rate: number; readonly retryMs: number }
  | {
      readonly at: number;
      readonly claim: number;
      readonly limit: string;
      readonly settled: string;
      readonly reserved: string;
      readonly needed: string;
    };

const granted: Grant = { ok: true };

export function readGrants({ reserves }: Batch, judged: Judged | null): readonly Grant[] {
  if (!judged) return reserves.map(() => granted);
  const refusals = new Map(judged.refusals?.map((refused) => [refused.at, refused]));
  let at = 0;
  let rate = 0;
  return reserves.map((reserve) => {
    if (!isAsk(reserve)) return granted;
    at += 1;
    const from = rate;
    rate += reserve.rates.length;
    const refused = refusals.get(at);
    return refused ? refusalOf(reserve, refused) : grantOf(reserve, judged, at - 1, from);
  });
}

function refusalOf({ claims, rates }: Reserve, refused: Refused): Grant {
  if ('rate' in refused) {
    const rate = rates[refused.rate]!;
    const retryMs = rate.metric === 'streams' ? STREAM_RETRY_MS : refused.retryMs;
    return { ok: false, reason: 'rate_limited', rate, retryMs };
  }
  const shortfall = {
    claim: claims[refused.claim]!,
    limit: money(refused.limit),
    settled: money(refused.settled),
    reserved: money(refused.reserved),
    needed: money(refused.needed),
  };
  return { ok: false, reason: 'over_budget', shortfall };
}

function grantOf({ rates }: Reserve, judged: Judged, at: number, fromRate: number): Grant {
  const maxOutput = judged.outputs?.[at] ?? undefined;
  const left = rates.map((claim, index) => leftOf(claim, judged.rates![fromRate + index]!, judged.nowUs));
  return {
    ok: true,
    amount: money(judged.amounts![at]!),
    ...(maxOutput !== undefined && { maxOutput }),
    ...(left.length > 0 && { rates: left }),
  };
}

function leftOf(claim: RateClaim, moved: number, nowUs: number): RateLeft {
  if (claim.metric !== 'streams') return rateLeft(claim, moved, nowUs);
  const { subject, metric, limit } = claim;
  return { subject, metric, limit, remaining: Math.max(0, limit - moved), resetMs: 0 };
}

function money(text: string): NanoUsd {
  return nanoUsd(BigInt(text));
}
