/** Facts about models as they lie in a file: what ships with a release, and what a refresh has brought. */
import type { Capability } from './model.ts';
import type { PriceTier } from './price.ts';

export interface PriceRow {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly tiers: readonly PriceTier[];
  /** Absent = `standard`. */
  readonly serviceTier?: string;
  /** Absent = `catalog`. */
  readonly source?: string;
}

export interface ModelRow {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  /** What it is known to do or not, before what its name tells. */
  readonly can?: Readonly<Partial<Record<Capability, boolean>>>;
  /** Other exact spellings. */
  readonly aliases?: readonly string[];
  /** Of each service tier in ascending order of time. */
  readonly prices: readonly PriceRow[];
}

export interface CatalogData {
  /** Where it comes from, for people. */
  readonly source: string;
  /** Date of the facts, ISO day. */
  readonly asOf: string;
  readonly models: readonly ModelRow[];
}

/** All of `base` but the models that `newer` has too. */
export function overlay(base: CatalogData, newer: CatalogData): CatalogData {
  const nameOf = ({ provider, id }: ModelRow) => `${provider}/${id}`;
  const replaced = new Set(newer.models.map(nameOf));
  const kept = base.models.filter((row) => !replaced.has(nameOf(row)));
  // What a release says of other spellings still leads to the model.
  const aliases = new Map(base.models.map((row) => [nameOf(row), row.aliases]));
  const models = newer.models.map((row) => {
    const known = row.aliases ?? aliases.get(nameOf(row));
    return known ? { ...row, aliases: known } : row;
  });
  return { ...newer, models: [...kept, ...models] };
}
