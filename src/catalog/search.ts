/** Finding models by words and by what they can do, cheapest or best match first. Pure. */
import { knowsCapability } from './capability.ts';
import type { Capability, Model } from './model.ts';
import { nanoPerMillion, type Price, type PriceTier } from './price.ts';

/** One model as it can be asked for. */
export interface Searchable {
  /** `provider/model`. */
  readonly ref: string;
  readonly model?: Model | undefined;
  readonly price?: Price | undefined;
}

export interface SearchFilter {
  /** Costs nothing, as far as is known. */
  readonly free?: boolean;
  readonly capabilities?: readonly Capability[];
  /** Nano-dollars per million tokens that neither input nor output may cost more than. */
  readonly maxRate?: number;
  /** Name of the configured provider. */
  readonly provider?: string;
}

/** Every token and every request costs nothing; calls of built-in tools may still. */
export function isFree(price: Price | undefined): boolean {
  return price?.tiers.every(isFreeTier) ?? false;
}

function isFreeTier({ rates: { calls: _, ...rates } }: PriceTier): boolean {
  return Object.values(rates).every((rate) => rate === 0);
}

/** What does not say that it passes is left out: an unknown price is not free, an unknown capability is none. */
export function passes({ ref, model, price }: Searchable, filter: SearchFilter): boolean {
  if (filter.provider !== undefined && !ref.startsWith(`${filter.provider}/`)) return false;
  if (filter.free && !isFree(price)) return false;
  if (filter.maxRate !== undefined && !(dearestRate(price) <= filter.maxRate)) return false;
  const wanted = filter.capabilities ?? [];
  return wanted.every((capability) => model !== undefined && knowsCapability(model, capability) === true);
}

/** Of the lowest tier; NaN = not known. */
function dearestRate(price: Price | undefined): number {
  const rates = price?.tiers[0]?.rates;
  return rates ? nanoPerMillion(Math.max(rates.input, rates.output)) : Number.NaN;
}

/** Those that pass and have every word of the query, the best match first; equal ones as they came. */
export function search<Row extends Searchable>(
  rows: readonly Row[],
  query: string,
  filter: SearchFilter = {},
): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).map(spelled);
  const ranked: { row: Row; rank: number }[] = [];
  for (const row of rows) {
    if (!passes(row, filter)) continue;
    const rank = rankOf(row, words);
    if (rank !== undefined) ranked.push({ row, rank });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row);
}

/** Versions are written `4.5` and `4-5`, names with spaces, underscores or dashes. */
function spelled(text: string): string {
  return text.toLowerCase().replace(/[\s._]+/g, '-');
}

/** Lower is better; undefined = a word is missing. */
function rankOf({ ref, model }: Searchable, words: readonly string[]): number | undefined {
  const id = spelled(ref.slice(ref.indexOf('/') + 1));
  const all = `${spelled(ref)} ${spelled(model?.name ?? '')}`;
  let rank = 0;
  for (const word of words) {
    if (!all.includes(word)) return undefined;
    rank += placeRank(id, all, word);
  }
  return rank;
}

const EXACT = 0;
const AT_START = 1;
const AT_WORD = 2;
const INSIDE = 3;

function placeRank(id: string, all: string, word: string): number {
  if (id === word) return EXACT;
  if (id.startsWith(word)) return AT_START;
  const at = all.indexOf(word);
  return /[^a-z0-9]/.test(all[at - 1] ?? '-') ? AT_WORD : INSIDE;
}
