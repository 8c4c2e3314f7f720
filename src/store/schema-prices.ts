/** The table of prices that operators set. As in schema.ts. */
import type { WorkspaceId } from '../base/ids.ts';
import type { PriceOverrideId } from '../base/price-terms.ts';

/** What an operator says a model costs in a workspace. Never edited but to end it. */
export interface PriceOverridesTable {
  id: PriceOverrideId;
  workspace_id: WorkspaceId;
  /** The configured provider's name. */
  provider: string;
  /** `*` = every model of the provider. */
  model: string;
  /** `*` = whatever tier an answer comes in. */
  service_tier: string;
  /** JSON of `Price.tiers`. */
  tiers: string;
  effective_from: number;
  /** From then on it holds no more; null = it holds on. */
  until_at: number | null;
  /** `file`: declared in a configuration file, which alone may end it. */
  source: 'file' | 'api';
  created_at: number;
  archived_at: number | null;
}
