// Models as the fake house has them: one that costs, and a name that leads to it.
import type { ModelListing } from '../../src/admin/deps.ts';

export const fakePrice = {
  provider: 'openai',
  model: 'gpt-4o',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [
    {
      aboveInputTokens: 0,
      rates: {
        input: 2_500_000,
        output: 10_000_000,
        cacheRead: 37_500,
        calls: { web_search: 10_000_000_000 },
      },
    },
  ],
};

export const fakeModels: ModelListing = {
  models: [
    { ref: 'openai/gpt-4o', kind: 'model', leadsTo: [], provider: 'openai', price: fakePrice },
    { ref: 'fast', kind: 'alias', leadsTo: ['openai/gpt-4o'] },
  ],
  lists: [],
};
