/** What a workspace pays for a deployment: the one place where the road asks for a price. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Price } from '../catalog/price.ts';
import { plainTier, STANDARD } from '../catalog/service-tier.ts';
import type { Deployment, Snapshot } from './snapshot.ts';

/**
 * The operator's price for the workspace, or else the catalog's. undefined = unknown. Of a tier that has no price of
 * its own the standard one. Workspaces without prices of their own take the deployment's as it was planned.
 *
 * @param serviceTier as it was asked for or answered; undefined = the standard one
 */
export function priceFor(
  { prices, catalog }: Snapshot,
  workspaceId: WorkspaceId,
  deployment: Deployment,
  serviceTier: string | undefined,
  atMs: number,
): Price | undefined {
  const tier = plainTier(serviceTier);
  const { provider, model } = deployment;
  if (prices.hasOwn(workspaceId)) {
    return prices.priceOf(
      workspaceId,
      { provider: provider.name, catalogProvider: provider.catalogProvider, model },
      tier,
      atMs,
    );
  }
  return tier === STANDARD ? deployment.price : catalog.priceOf(provider.catalogProvider, model, tier, atMs);
}

/** The same deployment at what the workspace pays; itself where the workspace has no prices of its own. */
export function pricedFor(
  snapshot: Snapshot,
  workspaceId: WorkspaceId,
  deployment: Deployment,
  atMs: number,
): Deployment {
  if (!snapshot.prices.hasOwn(workspaceId)) return deployment;
  return { ...deployment, price: priceFor(snapshot, workspaceId, deployment, STANDARD, atMs) };
}
