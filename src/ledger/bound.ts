/**
 * The most an attempt can cost, known before it is sent: the dearest class and tier that what it asks for can be
 * billed at, for the most tokens it can take and give. What is reserved, and what a smaller output would make it.
 */
import { MAX_OUTPUT_CAP } from '../base/budget.ts';
import { ceilToNano, type NanoUsd, type PicoUsd } from '../base/money.ts';
import type { Price, Rates } from '../catalog/price.ts';

/** What the body asks for, as far as it decides the price. Structurally the wire's `BodyFacts`. */
export interface BoundFacts {
  /** At least the input tokens of everything in the body: text, media, and what caches hold of it. */
  readonly inputTokens: number;
  /** Some of the input is elsewhere: a stored reply, a file by its id, what a built-in tool will read. */
  readonly isInputOpen: boolean;
  /** The dearest cache write it may cause. */
  readonly cacheWrite: 'none' | '5m' | '1h';
  readonly hasAudioInput: boolean;
  readonly asksAudio: boolean;
  /** Calls of built-in tools, at most. */
  readonly toolCalls: number;
  /** Replies to the same input. */
  readonly choices: number;
}

export interface BoundInput {
  /** Every price it may be settled by (`pricesAt`); empty = unknown. */
  readonly prices: readonly Price[];
  readonly facts: BoundFacts;
  /** Of the model, in tokens; undefined = not known. */
  readonly contextWindow: number | undefined;
  /** Of one reply, reasoning included; 0 where there is none (embeddings). */
  readonly maxOutput: number;
  /** Refuse what only an assumption bounds. */
  readonly isStrict: boolean;
}

export interface Bound {
  readonly inputTokens: number;
  readonly maxOutput: number;
  readonly inputNano: NanoUsd;
  /** Per request and per call of a tool. */
  readonly fixedNano: NanoUsd;
  /** What is paid without any output, exactly. */
  readonly basePico: bigint;
  /** For one more token of `maxOutput`: of all choices together. */
  readonly outputRatePico: bigint;
  /** Rounded once, so it may be a nano-dollar less than its parts. */
  readonly amountNano: NanoUsd;
}

export type BoundResult =
  | { readonly ok: true; readonly bound: Bound }
  | { readonly ok: false; readonly reason: Unbounded };

/** Why no bound can be given: nobody knows the price, or how much will be read. Such a request fits no hard budget. */
export type Unbounded = 'price_unknown' | 'input_unbounded';

export function boundOf(input: BoundInput): BoundResult {
  const { prices, facts, contextWindow, maxOutput, isStrict } = input;
  if (prices.length === 0) return { ok: false, reason: 'price_unknown' };
  const isAssumed = facts.isInputOpen || facts.toolCalls > 0;
  if (isAssumed && (isStrict || contextWindow === undefined)) return { ok: false, reason: 'input_unbounded' };
  const inputTokens = isAssumed ? Math.max(facts.inputTokens, contextWindow!) : facts.inputTokens;
  const rates = dearestRates(prices, inputTokens, facts);
  const inputPico = BigInt(inputTokens) * BigInt(rates.input);
  const fixedPico = BigInt(rates.perRequest) + BigInt(facts.toolCalls) * BigInt(rates.call);
  const outputRatePico = BigInt(facts.choices) * BigInt(rates.output);
  const basePico = inputPico + fixedPico;
  return {
    ok: true,
    bound: {
      inputTokens,
      maxOutput,
      inputNano: ceilToNano(inputPico),
      fixedNano: ceilToNano(fixedPico),
      basePico,
      outputRatePico,
      amountNano: ceilToNano(basePico + BigInt(maxOutput) * outputRatePico),
    },
  };
}

interface Dearest {
  input: PicoUsd;
  output: PicoUsd;
  perRequest: PicoUsd;
  call: PicoUsd;
}

/** Of every tier a request of at most so many input tokens can be in: the highest need not be the dearest. */
function dearestRates(prices: readonly Price[], inputTokens: number, facts: BoundFacts): Dearest {
  const most: Dearest = { input: 0, output: 0, perRequest: 0, call: 0 };
  for (const { tiers } of prices) {
    for (let at = 0; at < tiers.length; at += 1) {
      const { aboveInputTokens, rates } = tiers[at]!;
      if (at > 0 && inputTokens <= aboveInputTokens) continue;
      most.input = Math.max(most.input, inputRate(rates, facts));
      most.output = Math.max(most.output, outputRate(rates, facts));
      most.perRequest = Math.max(most.perRequest, rates.perRequest ?? 0);
      if (facts.toolCalls > 0) most.call = Math.max(most.call, callRate(rates));
    }
  }
  return most;
}

/** A class without a rate of its own is priced as `priceTokens` does it. */
function inputRate(rates: Rates, { cacheWrite, hasAudioInput }: BoundFacts): PicoUsd {
  const written5m = rates.cacheWrite5m ?? rates.input;
  return Math.max(
    rates.input,
    rates.cacheRead ?? 0,
    cacheWrite === 'none' ? 0 : written5m,
    cacheWrite === '1h' ? (rates.cacheWrite1h ?? written5m) : 0,
    hasAudioInput ? (rates.audioInput ?? 0) : 0,
  );
}

function outputRate(rates: Rates, { asksAudio }: BoundFacts): PicoUsd {
  return Math.max(rates.output, rates.reasoning ?? 0, asksAudio ? (rates.audioOutput ?? 0) : 0);
}

function callRate({ calls }: Rates): PicoUsd {
  return Math.max(0, ...Object.values(calls ?? {}));
}

const STANDARD_TIER = 'standard';

/**
 * The prices an answer may be settled by: it may come in the tier that was asked for, or in the standard one where
 * that had no room. Empty = unknown.
 */
export function pricesAt(
  priceOf: (serviceTier: string) => Price | undefined,
  askedTier: string | undefined,
): readonly Price[] {
  const standard = priceOf(STANDARD_TIER);
  const asked = askedTier === undefined ? undefined : priceOf(askedTier);
  return [...new Set([standard, asked])].filter((price) => price !== undefined);
}

/** Attempts of a plan hold their reservations one after the other: the plan needs as much as the dearest of them. */
export function dearestBound(bounds: readonly Bound[]): Bound | undefined {
  return bounds.reduce<Bound | undefined>(
    (most, bound) => (most && most.amountNano >= bound.amountNano ? most : bound),
    undefined,
  );
}

/** Output to ask for where neither client nor budget says: enough for nearly every reply that is no document. */
export const DEFAULT_MAX_OUTPUT = 8_192;

export interface OutputWishes {
  /** By the client. */
  readonly asked: number | undefined;
  /** By its budgets. */
  readonly cap: number | undefined;
  /** The most the model writes, where it is known. */
  readonly modelMax: number | undefined;
}

export interface OutputLimit {
  readonly tokens: number;
  /** False: it must be written into the forwarded body, or the provider does not hold it. */
  readonly isAsked: boolean;
}

/** The first of: what the client says, what its budgets say, the default; never more than the model writes. */
export function outputLimitOf({ asked, cap, modelMax }: OutputWishes): OutputLimit {
  // A number that no model reaches is the provider's to refuse; here it only must not overflow.
  if (asked !== undefined) return { tokens: Math.min(asked, MAX_OUTPUT_CAP), isAsked: true };
  return { tokens: Math.min(cap ?? DEFAULT_MAX_OUTPUT, modelMax ?? MAX_OUTPUT_CAP), isAsked: false };
}

/**
 * A budget is crowded when what runs holds more than this part of what is not spent (a quarter). Whoever comes then
 * gets no more output than nearly every reply needs: the first ones would otherwise hold all of it for replies that
 * mostly stay short, and the others would wait or be refused with next to nothing spent.
 */
export const CROWDED_PART = 4n;
export const MODEST_OUTPUT = 6_144;

/** What it asks for where its budgets are crowded. */
export function modestBound(bound: Bound, minOutput: number): Bound {
  const output = Math.min(bound.maxOutput, Math.max(MODEST_OUTPUT, minOutput));
  return output === bound.maxOutput ? bound : withOutput(bound, output);
}

/** A reply cut shorter than this is of little use: better to wait, or to be refused. */
export const MIN_CLAMPED_OUTPUT = 1_024;

/**
 * The most output that fits into what is left; undefined = not even the floor does. Replies that were to be
 * shorter than the floor fit whole or not at all.
 */
export function affordableOutput(
  headroom: NanoUsd,
  { basePico, outputRatePico, maxOutput }: Bound,
  floor: number = MIN_CLAMPED_OUTPUT,
): number | undefined {
  const leftPico = headroom * 1000n - basePico;
  if (leftPico < 0n) return undefined;
  const fits = outputRatePico === 0n ? BigInt(maxOutput) : leftPico / outputRatePico;
  const tokens = fits < BigInt(maxOutput) ? Number(fits) : maxOutput;
  return tokens >= Math.min(floor, maxOutput) ? tokens : undefined;
}

/** The same attempt with less output. */
export function withOutput(bound: Bound, maxOutput: number): Bound {
  const amountNano = ceilToNano(bound.basePico + BigInt(maxOutput) * bound.outputRatePico);
  return { ...bound, maxOutput, amountNano };
}
