/** Prices as immutable facts, and the one function that turns token counts into money. */
import { ceilToNano, type NanoUsd } from '../base/money.ts';
import type { PriceTier, Rates } from '../base/rates.ts';

export type { PriceTier, Rates };

export interface Price {
  readonly provider: string;
  readonly model: string;
  readonly serviceTier: string;
  /** Who says so: `catalog`, `refreshed`, `operator`, `sandbox`, `local` (an explicit zero). */
  readonly source: string;
  readonly effectiveFromMs: number;
  /** Ascending thresholds, at least one. */
  readonly tiers: readonly PriceTier[];
}

/** `Price.source` of a price that an operator has set. */
export const OPERATOR_SOURCE = 'operator';

/** Whole, disjoint, non-negative counts. Made from reported usage by the ledger's normaliser. */
export interface TokenCounts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  /** Includes `reasoning`, excludes audio. */
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  readonly calls: Readonly<Record<string, number>>;
}

/** Cost by line; the lines sum to `total` exactly. `gaps` names classes that had usage but no rate of their own. */
export interface Cost {
  readonly input: NanoUsd;
  readonly cache: NanoUsd;
  readonly output: NanoUsd;
  readonly other: NanoUsd;
  readonly total: NanoUsd;
  readonly gaps: readonly string[];
}

/** A rate, which is pico-dollars per token, as nano-dollars per million tokens: what filters and limits go by. */
export function nanoPerMillion(rate: number): number {
  return rate * 1_000;
}

export function totalInput(counts: TokenCounts): number {
  return counts.input + counts.cacheRead + counts.cacheWrite5m + counts.cacheWrite1h + counts.audioInput;
}

export function ratesFor(price: Price, inputTokens: number): Rates {
  let rates = price.tiers[0]!.rates;
  for (const tier of price.tiers) if (inputTokens > tier.aboveInputTokens) rates = tier.rates;
  return rates;
}

export function priceTokens(price: Price, counts: TokenCounts): Cost {
  const rates = ratesFor(price, totalInput(counts));
  const gaps: string[] = [];
  const line = (name: string, count: number, rate: number | undefined, fallback: number): bigint => {
    if (count === 0) return 0n;
    if (rate === undefined) gaps.push(name);
    return BigInt(count) * BigInt(rate ?? fallback);
  };
  const input = line('input', counts.input, rates.input, 0);
  const cache =
    line('cacheRead', counts.cacheRead, rates.cacheRead, rates.input) +
    line('cacheWrite5m', counts.cacheWrite5m, rates.cacheWrite5m, rates.input) +
    line('cacheWrite1h', counts.cacheWrite1h, rates.cacheWrite1h, rates.cacheWrite5m ?? rates.input);
  const output =
    line('output', counts.output - counts.reasoning, rates.output, 0) +
    line('reasoning', counts.reasoning, rates.reasoning ?? rates.output, rates.output);
  let other =
    line('audioInput', counts.audioInput, rates.audioInput, rates.input) +
    line('audioOutput', counts.audioOutput, rates.audioOutput, rates.output) +
    BigInt(rates.perRequest ?? 0);
  for (const [tool, count] of Object.entries(counts.calls)) {
    other += line(`calls.${tool}`, count, rates.calls?.[tool], 0);
  }
  return { ...splitCeil(input, cache, output, other), gaps };
}

/** Rounds once, at the total: each line is the difference of two rounded running sums, so the lines add up. */
function splitCeil(input: bigint, cache: bigint, output: bigint, other: bigint): Omit<Cost, 'gaps'> {
  const a = ceilToNano(input);
  const b = ceilToNano(input + cache);
  const c = ceilToNano(input + cache + output);
  const total = ceilToNano(input + cache + output + other);
  return {
    input: a,
    cache: (b - a) as NanoUsd,
    output: (c - b) as NanoUsd,
    other: (total - c) as NanoUsd,
    total,
  };
}
