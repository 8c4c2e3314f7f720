/** Prices of operators in the registry: made, ended, and held equal to a file. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { EVERY, type PriceTerms } from '../base/price-terms.ts';
import type { Store } from '../store/store.ts';
import {
  archivePriceOverride,
  createPriceOverride,
  listPriceOverrides,
  loadPriceOverrides,
  type PriceContext,
  type PriceOutcome,
  type PriceOverrideRecord,
  reconcilePrices,
} from './prices.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const terms = (input: number, more: Partial<PriceTerms> = {}): PriceTerms => ({
  provider: 'openai',
  model: 'gpt-4o',
  serviceTier: EVERY,
  tiers: [{ aboveInputTokens: 0, rates: { input, output: 15_000_000, calls: { web_search: 10 } } }],
  ...more,
});

function done(outcome: PriceOutcome): PriceOverrideRecord {
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome.price;
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'prices of operators on $name',
  (under) => {
    let store: Store;
    let context: PriceContext;
    beforeEach(async () => {
      store = (await under.open()).store;
      const { id } = await ensureFirstWorkspace(store, 1);
      context = { workspaceId: id, nowMs: 10 };
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const at = (nowMs: number): PriceContext => ({ ...context, nowMs });
    const live = () => listPriceOverrides(store, context.workspaceId);
    const inputs = async () => (await live()).map(({ tiers }) => tiers[0]!.rates.input);

    it('are kept as they were made, and move the revision', async () => {
      const before = store.revision.current();
      const made = done(await createPriceOverride(store, terms(3_000_000), context));
      expect(made).toMatchObject({
        ...terms(3_000_000),
        effectiveFromMs: 10,
        source: 'api',
        createdAtMs: 10,
      });
      expect(await live()).toEqual([made]);
      expect(store.revision.current()).toBe(before + 1);
    });

    it('begin when the operator says so, and one holds for a moment', async () => {
      const dated = terms(1, { effectiveFromMs: 5 });
      expect(done(await createPriceOverride(store, dated, context)).effectiveFromMs).toBe(5);
      expect(await createPriceOverride(store, dated, at(20))).toEqual({ kind: 'taken' });
      done(await createPriceOverride(store, { ...dated, serviceTier: 'flex' }, at(20)));
      const other = await createWorkspace(store, 'other', 1);
      done(await createPriceOverride(store, dated, { workspaceId: other.id, nowMs: 20 }));
      expect(await live()).toHaveLength(2);
    });

    it('end now, or have never held, and stay to be seen', async () => {
      const ended = done(await createPriceOverride(store, terms(1), context));
      const wrong = done(await createPriceOverride(store, terms(2), at(20)));
      const archive = (id: string, neverHeld: boolean, nowMs: number) =>
        archivePriceOverride(store, id, { ...at(nowMs), neverHeld });
      expect(done(await archive(ended.id, false, 30))).toMatchObject({ untilMs: 30, archivedAtMs: 30 });
      expect(done(await archive(ended.id, true, 40))).toMatchObject({ untilMs: 30 });
      expect(done(await archive(wrong.id, true, 30))).toMatchObject({ untilMs: 20, archivedAtMs: 30 });
      expect(await archive('ovr_none', false, 30)).toEqual({ kind: 'unknown' });
      expect(await live()).toEqual([]);
      expect(await listPriceOverrides(store, context.workspaceId, true)).toHaveLength(2);
      expect((await loadPriceOverrides(store)).map(({ id }) => id)).toEqual([ended.id]);
    });

    it('of the file are made, ended and left alone as it says', async () => {
      const reconcile = (nowMs: number, ...declared: PriceTerms[]) =>
        reconcilePrices(store, declared, at(nowMs));
      const dated = terms(7, { model: 'o3', effectiveFromMs: 1 });
      expect(await reconcile(10, terms(1), dated)).toMatchObject({
        created: [terms(1), dated],
        archived: [],
      });
      const revision = store.revision.current();
      expect(await reconcile(20, dated, terms(1))).toEqual({ created: [], archived: [], taken: [] });
      expect(store.revision.current()).toBe(revision);
      expect(await reconcile(30, terms(2), dated)).toMatchObject({ created: [terms(2)] });
      expect(await inputs()).toEqual([2, 7]);
      expect((await live())[0]).toMatchObject({ effectiveFromMs: 30, source: 'file' });
      const { id } = (await live())[0]!;
      expect(await archivePriceOverride(store, id, { ...at(40), neverHeld: false })).toEqual({
        kind: 'declared',
      });
      await reconcile(40);
      expect(await live()).toEqual([]);
    });

    it('of the file change nothing where one of the API holds for the same', async () => {
      const dated = terms(1, { effectiveFromMs: 5 });
      done(await createPriceOverride(store, dated, context));
      const other = terms(2, { effectiveFromMs: 5 });
      expect(await reconcilePrices(store, [other, terms(3, { model: 'o3' })], at(20))).toMatchObject({
        taken: [other],
        created: [],
      });
      expect(await inputs()).toEqual([1]);
    });
  },
);
