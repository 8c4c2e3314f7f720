/** What the road pays: the list's price for who has set none, as planned, and each workspace its own. */
import { expect, it } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { createPriceBook, type PriceOverride } from '../catalog/price-book.ts';
import { pricedFor, priceFor } from './price-for.ts';
import type { Deployment, Snapshot } from './snapshot.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const catalog = createCatalog();
const planned = catalog.priceOf('openai', 'gpt-4o', 'standard', NOW);
const deployment = {
  provider: { name: 'oai', catalogProvider: 'openai' },
  model: 'gpt-4o',
  price: planned,
} as Deployment;
const override = (serviceTier: string): PriceOverride => ({
  workspaceId: 'ws_own',
  createdAtMs: 0,
  price: {
    ...planned!,
    provider: 'oai',
    serviceTier,
    source: 'operator',
    tiers: [{ aboveInputTokens: 0, rates: { input: 1, output: 1 } }],
  },
});
const snapshotWith = (...overrides: PriceOverride[]) =>
  ({ catalog, prices: createPriceBook(catalog, overrides) }) as Snapshot;

it.each([undefined, 'auto', 'default', 'on_demand'])(
  'is the planned price itself for the tier %s',
  (tier) => {
    expect(priceFor(snapshotWith(override('*')), 'ws_other', deployment, tier, NOW)).toBe(planned);
  },
);

it.each<[string, string, string | undefined, string]>([
  ['*', 'ws_own', undefined, 'operator'],
  ['*', 'ws_own', 'flex', 'operator'],
  ['flex', 'ws_own', 'flex', 'operator'],
  ['flex', 'ws_own', 'auto', 'catalog'],
  ['flex', 'ws_other', 'flex', 'catalog'],
])('of a price for the tier %s, %s asking for %s gets the one of the %s', (of, workspace, tier, source) => {
  const snapshot = snapshotWith(override(of));
  expect(priceFor(snapshot, workspace as 'ws_own', deployment, tier, NOW)?.source).toBe(source);
});

it('changes deployments for nobody else', () => {
  const snapshot = snapshotWith(override('*'));
  expect(pricedFor(snapshot, 'ws_other', deployment, NOW)).toBe(deployment);
  expect(pricedFor(snapshot, 'ws_own', deployment, NOW).price?.source).toBe('operator');
  expect(deployment.price).toBe(planned);
});
