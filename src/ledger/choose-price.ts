/** Which price an answer is settled by: the one it was reserved with, unless it came in another service tier. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Price } from '../catalog/price.ts';
import { plainTier, STANDARD } from '../catalog/service-tier.ts';

/** A price for the service tier an upstream says it used; undefined = no other than the one reserved with. */
export type ResolvePrice = (
  provider: string,
  model: string,
  serviceTier: string,
  atMs: number,
  workspaceId: WorkspaceId,
) => Price | undefined;

export interface PriceChoice {
  /** The price reserved with; undefined = unknown. */
  readonly price: Price | undefined;
  readonly resolvePrice?: ResolvePrice | undefined;
  readonly reservation: {
    readonly provider: string;
    readonly model: string;
    readonly workspace_id: WorkspaceId;
    readonly created_at: number;
  };
}

export interface ChosenPrice {
  readonly price: Price | undefined;
  /** The answer came in a tier whose price nobody knows: it is priced as another. */
  readonly isTierGap: boolean;
}

/**
 * A price that changes while a request runs is not the request's: another tier is looked up as of its reservation.
 *
 * @param serviceTier as the upstream spells it
 */
export function choosePrice(choice: PriceChoice, serviceTier: string | undefined): ChosenPrice {
  const { price, resolvePrice, reservation } = choice;
  if (serviceTier === undefined) return { price, isTierGap: false };
  const tier = plainTier(serviceTier);
  // It was reserved for the standard one: also where that has no price, or none that fits what was reported.
  if (tier === STANDARD || tier === price?.serviceTier) return { price, isTierGap: false };
  const { provider, model, workspace_id, created_at } = reservation;
  const found = resolvePrice?.(provider, model, tier, created_at, workspace_id) ?? price;
  return { price: found, isTierGap: found !== undefined && found.serviceTier !== tier };
}
