/** What OpenAI's two APIs, and the servers that follow them, have in common in their usage reports. */
import type { JsonObject, JsonValue } from './chat.ts';
import { isObject } from './json.ts';
import { count } from './usage-numbers.ts';

/** A report's totals, under whatever names. */
export interface InclusiveTotals {
  readonly input: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly all: JsonValue | undefined;
}

/**
 * The output without audio, reasoning in it. xAI has counted reasoning beside the output, which only the total
 * gives away.
 */
export function outputOf(
  { input, output, all }: InclusiveTotals,
  reasoning: number | undefined,
  audio: number | undefined,
): number | undefined {
  const counted = count(output);
  if (counted === undefined) return undefined;
  const isBeside =
    reasoning !== undefined &&
    reasoning > 0 &&
    typeof input === 'number' &&
    all === input + counted + reasoning;
  return counted + (isBeside ? reasoning : 0) - (audio ?? 0);
}

/** xAI's unit of cost: ten-billionths of a dollar. */
const TICKS_PER_USD = 10_000_000_000n;

/** OpenRouter gives dollars, Perplexity an object with the total, xAI ticks. */
export function readCost(raw: JsonObject): string | undefined {
  const cost = isObject(raw.cost) ? raw.cost.total_cost : raw.cost;
  if (raw.is_byok === true) return withUpstreamBill(raw, cost);
  if (typeof cost === 'string') return /^\d+(\.\d+)?$/.test(cost) ? cost : undefined;
  if (typeof cost === 'number') return decimalText(cost);
  const ticks = raw.cost_in_usd_ticks;
  if (typeof ticks !== 'number' || !Number.isSafeInteger(ticks) || ticks < 0) return undefined;
  const rest = String(BigInt(ticks) % TICKS_PER_USD)
    .padStart(10, '0')
    .replace(/0+$/, '');
  return `${BigInt(ticks) / TICKS_PER_USD}${rest === '' ? '' : `.${rest}`}`;
}

/**
 * With a key of one's own at OpenRouter its `cost` is a fee alone; the maker of the model bills the rest. Where that
 * is not told, nobody knows the sum.
 */
function withUpstreamBill(
  { cost_details: details }: JsonObject,
  fee: JsonValue | undefined,
): string | undefined {
  const bill = isObject(details) ? details.upstream_inference_cost : undefined;
  const parts = [fee, bill].map((value) => (typeof value === 'number' ? decimalText(value) : undefined));
  return parts.every((part) => part !== undefined) ? addDecimals(parts[0]!, parts[1]!) : undefined;
}

/** Exactly: both are decimals without a sign or an exponent. */
function addDecimals(a: string, b: string): string {
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0));
  const whole = ([first = '', fraction = '']: string[]) => BigInt(first + fraction.padEnd(places, '0'));
  const sum = (whole(a.split('.')) + whole(b.split('.'))).toString().padStart(places + 1, '0');
  return places === 0 ? sum : `${sum.slice(0, -places)}.${sum.slice(-places)}`;
}

/** The shortest decimal that is this number, never in exponent form. Undefined for what is no amount. */
function decimalText(value: number): string | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const [whole = '', fraction = ''] = digits.split('.');
  const shift = Number(exponent);
  return shift < 0
    ? `0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
    : `${whole}${fraction.padEnd(shift, '0')}`;
}
