/** A price of an operator's own: what it is for, how long it holds, and how that is written. */
import type { Id } from './ids.ts';
import type { PriceTier } from './rates.ts';

export type PriceOverrideId = Id<'ovr'>;

/** As a model: every model of the provider. As a service tier: whatever tier an answer comes in. */
export const EVERY = '*';

export interface PriceTerms {
  /** The configured provider: what stands before the slash in a model ref. */
  readonly provider: string;
  /** The upstream's own name of the model, or `*`. */
  readonly model: string;
  /** `standard`, `batch`, `flex`, `priority` or another that providers report; or `*`. */
  readonly serviceTier: string;
  /** Ascending thresholds from 0, at least one. */
  readonly tiers: readonly PriceTier[];
  /** Epoch milliseconds; undefined = from the moment it is declared. */
  readonly effectiveFromMs?: number | undefined;
}

export const MAX_PROVIDER_LENGTH = 64;
export const MAX_MODEL_LENGTH = 300;
/** Thresholds of one price. */
export const MAX_PRICE_TIERS = 8;
/** Built-in tools of one price. */
export const MAX_CALL_RATES = 32;
/** Prices of one workspace that hold: more are a price list, which can be refreshed from a file. */
export const MAX_OVERRIDES = 5_000;

export const serviceTierHelp =
  'standard, batch, flex, priority or another name a provider reports; * for all';

export function isServiceTier(text: string): boolean {
  return text === EVERY || /^[a-z][a-z0-9_-]{0,39}$/.test(text);
}
