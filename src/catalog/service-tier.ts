/** Service tiers: the many names of the ordinary one, and the names of those that have prices of their own. */

export const STANDARD = 'standard';

/** Spellings of "nothing special" among the vendors. */
const ordinary: ReadonlySet<string> = new Set([
  STANDARD,
  'standard_only',
  'default',
  'auto',
  'on_demand',
  'unspecified',
  'service_tier_unspecified',
  '',
]);

/** The tier by the name it is priced under; undefined = the vendor says nothing, which is the ordinary one. */
export function plainTier(tier: string | undefined): string {
  if (tier === undefined) return STANDARD;
  const name = tier.trim().toLowerCase();
  return ordinary.has(name) ? STANDARD : name;
}
