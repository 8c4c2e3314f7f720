/** 26: an answer in another tier takes the price of that tier as of its reservation, whatever has changed since. */
import { expect, it } from 'vitest';
import type { Price } from '../catalog/price.ts';
import { choosePrice } from './choose-price.ts';

const priceOf = (serviceTier: string, input: number): Price => ({
  ...{ provider: 'p', model: 'm', serviceTier, source: 'catalog', effectiveFromMs: 0 },
  tiers: [{ aboveInputTokens: 0, rates: { input, output: input } }],
});
const reservation = { provider: 'p', model: 'm', workspace_id: 'ws_1', created_at: 1_000 } as const;
const standard = priceOf('standard', 5);

it('26 asks for the tier of the answer at the moment it was reserved', () => {
  const asked: unknown[] = [];
  const resolvePrice = (...args: readonly unknown[]) => {
    asked.push(args);
    return priceOf('flex', 2);
  };
  expect(choosePrice({ price: standard, resolvePrice, reservation }, 'FLEX')).toMatchObject({
    price: { serviceTier: 'flex' },
    isTierGap: false,
  });
  expect(asked).toEqual([['p', 'm', 'flex', 1_000, 'ws_1']]);
});

it('26 keeps the price reserved with for its own tier, without asking', () => {
  const resolvePrice = () => {
    throw new Error('asked');
  };
  for (const price of [standard, undefined])
    for (const tier of [undefined, 'standard', 'default', 'auto', 'on_demand'])
      expect(choosePrice({ price, resolvePrice, reservation }, tier).price).toBe(price);
});

it.each<[string, Price | undefined, Price | undefined, Price | undefined, boolean]>([
  ['nobody knows the tier', standard, undefined, standard, true],
  ['the tier is priced as standard', standard, standard, standard, true],
  ['nothing is known at all', undefined, undefined, undefined, false],
  ['only the tier is known', undefined, priceOf('flex', 1), priceOf('flex', 1), false],
])('where %s', (_case, price, found, chosen, isTierGap) => {
  const choice = { price, resolvePrice: () => found, reservation };
  expect(choosePrice(choice, 'flex')).toEqual({ price: chosen, isTierGap });
});
