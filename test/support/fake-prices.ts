/** Prices that hold still: two set by operators, a list of some age, and entries that a re-rating finds. */
import type { PriceDesk } from '../../src/admin/deps-prices.ts';
import type { Price } from '../../src/catalog/price.ts';
import type { PriceOverrideRecord } from '../../src/registry/prices.ts';

const rates = { input: 2_500_000, output: 10_000_000, calls: { web_search: 10_000_000_000 } };

export function overrideOf(
  id: `ovr_${string}`,
  more: Partial<PriceOverrideRecord> = {},
): PriceOverrideRecord {
  return {
    id,
    workspaceId: 'ws_1',
    provider: 'openai',
    model: 'gpt-4o',
    serviceTier: '*',
    tiers: [
      { aboveInputTokens: 0, rates },
      { aboveInputTokens: 200_000, rates: { input: 5_000_000, output: 20_000_000 } },
    ],
    effectiveFromMs: Date.UTC(2026, 10, 1),
    source: 'api',
    createdAtMs: Date.UTC(2026, 10, 2),
    ...more,
  };
}

const listed: Price = {
  provider: 'openai',
  model: 'gpt-4o',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 3_000_000, output: 12_000_000 } }],
};

/** What is asked goes into `asked`. A price of `ovr_file` is declared in a file; rating `busy` anew goes on already. */
export function fakePriceDesk(asked: unknown[]): PriceDesk {
  const known = [overrideOf('ovr_1'), overrideOf('ovr_file', { model: 'o3', source: 'file' })];
  return {
    async list(withArchived) {
      asked.push({ withArchived });
      return known;
    },
    async show(ref) {
      if (!ref.startsWith('openai/')) return undefined;
      const { tiers, effectiveFromMs } = known[0]!;
      const own: Price = { ...listed, tiers, effectiveFromMs, source: 'operator' };
      return {
        ref,
        effective: [
          { serviceTier: 'standard', price: own },
          { serviceTier: 'flex', price: undefined },
        ],
        overrides: [known[0]!],
        listed: [listed],
      };
    },
    async create(terms) {
      asked.push(terms);
      if (terms.model === 'taken') return { kind: 'taken' };
      return {
        kind: 'done',
        price: overrideOf('ovr_new', { ...terms, effectiveFromMs: terms.effectiveFromMs ?? 0 }),
      };
    },
    async archive(id, neverHeld) {
      asked.push({ id, neverHeld });
      if (id === 'ovr_file') return { kind: 'declared' };
      if (id !== 'ovr_1') return { kind: 'unknown' };
      return { kind: 'done', price: { ...known[0]!, untilMs: 1, archivedAtMs: 1 } };
    },
    describeList: () => ({ source: 'a list', asOf: '2026-09-01', isRefreshed: false }),
    async refresh() {
      return { kind: 'done', models: 10, added: 1, changed: 2, skipped: 3 };
    },
    async rerate(query) {
      asked.push(query);
      if (query.model === 'busy') return 'running';
      return {
        id: 'rer_1',
        isApplied: query.apply,
        entries: 7,
        unknown: 1,
        difference: 1_500_000_000n,
        sums: [
          {
            provider: 'openai',
            model: 'gpt-4o',
            entries: 5,
            unpriced: 2,
            was: 500_000_000n,
            is: 2_000_000_000n,
          },
        ],
      };
    },
  };
}
