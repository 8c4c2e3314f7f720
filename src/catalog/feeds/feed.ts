/** A price list of somebody else, read into our own terms. */
import { isRate, type Rates, type TokenRate } from '../../base/rates.ts';
import { CAPABILITIES, type Capability } from '../model.ts';
import type { PriceTier } from '../price.ts';

export interface FeedPrice {
  readonly serviceTier: string;
  readonly tiers: readonly PriceTier[];
  /** Epoch milliseconds; absent = the list does not say since when. */
  readonly fromMs?: number;
}

export interface FeedModel {
  /** The catalog's name of the vendor. */
  readonly provider: string;
  readonly id: string;
  readonly name?: string;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  readonly aliases?: readonly string[];
  /** What the list says that it does or does not. */
  readonly can?: Readonly<Partial<Record<Capability, boolean>>>;
  /** Empty = only its limits and capabilities are known. */
  readonly prices: readonly FeedPrice[];
}

export interface Feed {
  readonly kind: 'turnpike' | 'litellm' | 'models.dev';
  /** ISO day; absent = the list does not say. */
  readonly asOf?: string;
  readonly models: readonly FeedModel[];
  /** Entries of vendors we know that could not be read. */
  readonly skipped: number;
}

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** No model reads or writes more. */
const MAX_TOKENS = 100_000_000;

/** undefined = no number of tokens. */
export function tokensOf(value: unknown): number | undefined {
  const isCount = Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= MAX_TOKENS;
  return isCount ? (value as number) : undefined;
}

/** Digits that a float may be off in: what such a list was computed with. */
const NOISE_DIGITS = 3;

/**
 * A number's shortest decimal text moved by so many places, as a whole number; what is left beyond is rounded up,
 * but for the noise of a float. undefined = no rate.
 */
export function rateOf(value: unknown, places: number): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent) + places;
  if (point > 16) return undefined;
  const kept = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const rest = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  const isMore = /[1-9]/.test(point >= 0 ? rest.slice(0, NOISE_DIGITS) : rest);
  const rate = Number(BigInt(kept) + (isMore ? 1n : 0n));
  return isRate(rate) ? rate : undefined;
}

/** undefined = it has no input price, or one of them is no rate. */
export function ratesOf(
  named: Readonly<Partial<Record<TokenRate, unknown>>>,
  places: number,
): Rates | undefined {
  const rates: Partial<Record<TokenRate, number>> = {};
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined || value === null) continue;
    const rate = rateOf(value, places);
    if (rate === undefined) return undefined;
    rates[name as TokenRate] = rate;
  }
  const { input, output = 0 } = rates;
  return input === undefined ? undefined : { ...rates, input, output };
}

export function withTokens(
  contextWindow: unknown,
  maxOutputTokens: unknown,
): Pick<FeedModel, 'contextWindow' | 'maxOutputTokens'> {
  const window = tokensOf(contextWindow);
  const output = tokensOf(maxOutputTokens);
  return {
    ...(window !== undefined && { contextWindow: window }),
    ...(output !== undefined && { maxOutputTokens: output }),
  };
}

/** Only what is said outright. */
export function withCapabilities(
  named: Readonly<Partial<Record<Capability, unknown>>>,
): Pick<FeedModel, 'can'> {
  const said = CAPABILITIES.filter((capability) => typeof named[capability] === 'boolean');
  if (said.length === 0) return {};
  return { can: Object.fromEntries(said.map((capability) => [capability, named[capability]])) };
}
