/** What a price is made of, how people write it, and which of it can be money. */
import { formatUsd, type PicoUsd } from './money.ts';

/** Rates in pico-dollars per token; `calls` per call of a built-in tool; `perRequest` once per request. */
export interface Rates {
  readonly input: PicoUsd;
  readonly output: PicoUsd;
  /** Absent = the vendor has no such class or nobody knows its price; usage of it is then priced as `input`, and flagged. */
  readonly cacheRead?: PicoUsd;
  readonly cacheWrite5m?: PicoUsd;
  readonly cacheWrite1h?: PicoUsd;
  /** Absent = reasoning is billed as output. */
  readonly reasoning?: PicoUsd;
  readonly audioInput?: PicoUsd;
  readonly audioOutput?: PicoUsd;
  readonly calls?: Readonly<Record<string, PicoUsd>>;
  readonly perRequest?: PicoUsd;
}

/** The whole request is priced by the last tier whose threshold its total input exceeds. */
export interface PriceTier {
  /** Total input tokens, cached ones included, above which this tier applies; the first tier has 0. */
  readonly aboveInputTokens: number;
  readonly rates: Rates;
}

/** Rates per token, each by its own name. */
export const tokenRates = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
] as const;
export type TokenRate = (typeof tokenRates)[number];

/** $1 per token or call. Above, a price is a mistake, and its products would leave the 64 bits of a column. */
export const MAX_RATE: PicoUsd = 1_000_000_000_000;

/** Every token of a model that costs nothing. */
export const FREE_RATES: Rates = Object.freeze({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  audioInput: 0,
  audioOutput: 0,
});

export function isRate(rate: unknown): rate is PicoUsd {
  return Number.isInteger(rate) && (rate as number) >= 0 && (rate as number) <= MAX_RATE;
}

/** Each rate can be money, and thresholds rise from 0. */
export function areTiers(tiers: readonly PriceTier[]): boolean {
  return (
    tiers[0]?.aboveInputTokens === 0 &&
    tiers.every(
      ({ aboveInputTokens, rates }, index) =>
        Number.isSafeInteger(aboveInputTokens) &&
        (index === 0 || aboveInputTokens > tiers[index - 1]!.aboveInputTokens) &&
        isRate(rates.input) &&
        isRate(rates.output) &&
        allRates(rates).every(isRate),
    )
  );
}

/** Those that are there, of tokens, calls and requests. */
export function allRates({ calls, ...rates }: Rates): readonly unknown[] {
  return [...Object.values(rates), ...Object.values(calls ?? {})].filter((rate) => rate !== undefined);
}

/** Decimal places between dollars per million tokens and pico-dollars per token. */
const PER_MILLION_PLACES = 6;
/** And between dollars and pico-dollars. */
const EACH_PLACES = 12;

export const perMillionHelp =
  'US dollars per million tokens as a plain decimal of at most 6 places, such as 3 or 0.075';
export const eachHelp = 'US dollars as a plain decimal of at most 12 places, up to 1, such as 0.01';

/** Exactly as written: never through a float, never rounded. undefined = not such an amount. */
export function readPerMillion(text: string): PicoUsd | undefined {
  return shift(text, PER_MILLION_PLACES);
}

/** As `readPerMillion`, of one call or request. */
export function readEach(text: string): PicoUsd | undefined {
  return shift(text, EACH_PLACES);
}

function shift(text: string, places: number): PicoUsd | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,30}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  const rate = BigInt(match[1]! + fraction.padEnd(places, '0'));
  return rate <= BigInt(MAX_RATE) ? Number(rate) : undefined;
}

/** A pico-dollar per token is a micro-dollar, or a thousand nano-dollars, per million. */
export function writePerMillion(rate: PicoUsd): string {
  return formatUsd(BigInt(rate) * 1000n);
}

/** Exact also below a nano-dollar. */
export function writeEach(rate: PicoUsd): string {
  const digits = String(rate).padStart(EACH_PLACES + 1, '0');
  const fraction = digits.slice(-EACH_PLACES).replace(/0+$/, '');
  return `${digits.slice(0, -EACH_PLACES)}.${fraction.padEnd(2, '0')}`;
}
