/** What the admin API stands on for prices. As in deps.ts. */
import type { PriceTerms } from '../base/price-terms.ts';
import type { Price } from '../catalog/price.ts';
import type { ReratePlan, RerateQuery } from '../ledger/rerate.ts';
import type { PriceOutcome, PriceOverrideRecord } from '../registry/prices.ts';

/** The list that prices come from where the operator has set none. */
export interface PriceListFacts {
  readonly source: string;
  /** ISO day of the facts. */
  readonly asOf: string;
  /** It was read since this version was made. */
  readonly isRefreshed: boolean;
  /** Address or file that it is read from; absent = it is never refreshed. */
  readonly place?: string;
  readonly fetchedAtMs?: number;
  /** Why the last reading failed; absent = it did not. */
  readonly problem?: string;
}

export type PriceListAnswer =
  | {
      readonly kind: 'done';
      readonly models: number;
      /** Models that were not known before, and those whose price is another now. */
      readonly added: number;
      readonly changed: number;
      /** Entries that could not be read. */
      readonly skipped: number;
    }
  /** The last good list stays. */
  | { readonly kind: 'failed'; readonly message: string }
  /** No configuration names a list. */
  | { readonly kind: 'not_set' };

/** A price of a model by service tier, as the road would use it now. */
export interface EffectivePrice {
  readonly serviceTier: string;
  /** undefined = unknown. */
  readonly price: Price | undefined;
}

export interface PricedModel {
  /** `provider/model`. */
  readonly ref: string;
  readonly effective: readonly EffectivePrice[];
  /** The operator's own for it, ended ones too, the latest to begin first. */
  readonly overrides: readonly PriceOverrideRecord[];
  /** Of the list, ascending. */
  readonly listed: readonly Price[];
}

export interface PriceDesk {
  list(withArchived: boolean): Promise<readonly PriceOverrideRecord[]>;
  /** undefined = there is no such provider. */
  show(ref: string): Promise<PricedModel | undefined>;
  create(terms: PriceTerms): Promise<PriceOutcome>;
  archive(id: string, neverHeld: boolean): Promise<PriceOutcome>;
  describeList(): PriceListFacts;
  refresh(): Promise<PriceListAnswer>;
  /** What re-rating would book, and books where the query says so. */
  rerate(query: RerateQuery): Promise<ReratePlan | 'running'>;
}
