/** Pricing anew books the difference once, beside the entry, and leaves the books sound. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { ExchangeId } from '../base/ids.ts';
import type { Price } from '../catalog/price.ts';
import type { Store } from '../store/store.ts';
import { bookInterrupted, bookLateSettle, bookSettle, makeReservation } from './book.ts';
import { entriesOf } from './entries.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { type RerateQuery, rerate } from './rerate.ts';
import { verifyLedger } from './verify.ts';

const HOUR = 3_600_000;
const priceOf = (input: number, more: Partial<Price> = {}): Price => ({
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input, output: 5_000_000 } }],
  ...more,
});
const dollar = priceOf(1_000_000);
const operator = priceOf(2_000_000, { source: 'operator' });

interface Booked {
  readonly price?: Price;
  readonly model?: string;
  readonly serviceTier?: string;
  readonly reportedCostUsd?: string;
  readonly calls?: Readonly<Record<string, number>>;
  readonly input?: number;
  readonly startedAtMs?: number;
  readonly clientFormat?: string;
  readonly isCached?: boolean;
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'pricing anew on $name',
  (under) => {
    let store: Store;
    let ledgerStore: LedgerStore;
    beforeEach(async () => {
      ({ store, ledgerStore } = await under.open());
    });
    afterEach(async () => {
      expect((await verifyLedger(store)).problems).toEqual([]);
      await store.close();
    });
    afterAll(under.remove);

    const reserve = (n: number, booked: Booked) =>
      makeReservation(
        {
          exchangeId: `exc_${n}`,
          attempt: 1,
          workspaceId: 'ws_1',
          keyId: 'key_1',
          provider: 'p',
          model: booked.model ?? 'm',
          clientFormat: booked.clientFormat ?? 'openai-chat',
          lane: 'relay',
          price: booked.price,
          inputEstimate: 10,
          createdAtMs: booked.startedAtMs ?? HOUR,
          deadlineAtMs: HOUR,
        },
        booked.price && snapshotPrice(booked.price),
      );
    /** 10 input tokens and 20 of output, unless it says otherwise. */
    const settle = (n: number, booked: Booked) => {
      const { serviceTier, reportedCostUsd, calls, input = 10 } = booked;
      return bookSettle(
        { reservation: reserve(n, booked), price: booked.price },
        {
          exchangeId: `exc_${n}`,
          attempt: 1,
          status: 'ok',
          isCharged: booked.isCached !== true,
          isCached: booked.isCached,
          usage: {
            reported: { input, output: 2 * input, serviceTier, reportedCostUsd, calls, raw: 0 },
            outputEstimate: 0,
            hasContent: false,
          },
          latencyMs: 100,
          settledAtMs: (booked.startedAtMs ?? HOUR) + 5,
        },
      );
    };
    const book = async (...all: readonly Booked[]) => {
      const posts = all.map((booked, n) => {
        const { entry, price } = settle(n, booked);
        return { entry, price };
      });
      expect(await ledgerStore.applyBatch({ ...emptyBatch, posts })).toMatchObject({ ok: true });
    };
    const run = (price: Price | undefined, query: Partial<RerateQuery> = {}) =>
      rerate(
        { store, workspaceId: 'ws_1', nowMs: 50 * HOUR, priceOf: () => price },
        {
          ...{ sinceMs: 0, untilMs: 100 * HOUR, isUnpricedOnly: false, apply: true },
          ...{ by: 'operator', reason: 'a test' },
          ...query,
        },
      );
    const costOf = async (n = 0) =>
      (await entriesOf(store, `exc_${n}` as ExchangeId)).reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
    const rollupCost = async () => {
      const rows = await store.kysely.selectFrom('usage_days').select('cost_nano').execute();
      return rows.reduce((sum, row) => sum + row.cost_nano, 0n);
    };

    it('leaves at nothing what was answered from the cache, whatever a request costs', async () => {
      await book({ isCached: true }, {});
      const fee = priceOf(0, {
        source: 'operator',
        tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 0, perRequest: 7_000_000 } }],
      });
      const { entries } = await run(fee);
      expect(entries).toBe(1);
      expect(await costOf(0)).toBe(0n);
      expect(await costOf(1)).not.toBe(0n);
    });

    it('books what had no price, once', async () => {
      await book({}, {});
      const plan = await run(dollar);
      expect(plan).toMatchObject({ entries: 2, unknown: 0, difference: 220_000n, isApplied: true });
      expect(plan.sums).toEqual([
        { provider: 'p', model: 'm', entries: 2, unpriced: 2, was: 0n, is: 220_000n },
      ]);
      expect(await costOf()).toBe(110_000n);
      expect(await rollupCost()).toBe(220_000n);
      expect(await run(dollar)).toMatchObject({ sums: [], difference: 0n });
      expect(await costOf()).toBe(110_000n);
    });

    it('books nothing unless it is told to, and says what it would', async () => {
      await book({});
      const plan = await run(dollar, { apply: false });
      expect(plan).toMatchObject({ difference: 110_000n, isApplied: false });
      expect(await entriesOf(store, 'exc_0')).toHaveLength(1);
    });

    it('books the difference to a price that was wrong, up, down and up again', async () => {
      await book({ price: dollar });
      for (const [input, cost] of [
        [3_000_000, 130_000n],
        [500_000, 105_000n],
        [2_000_000, 120_000n],
      ] as const) {
        await run(priceOf(input));
        expect(await costOf()).toBe(cost);
      }
      const [first, ...corrections] = await entriesOf(store, 'exc_0');
      expect(first).toMatchObject({ cost: 110_000n, kind: 'settle', flags: [] });
      expect(corrections.map(({ kind, cost, input }) => [kind, cost, input])).toEqual([
        ['adjustment', 20_000n, 0],
        ['adjustment', -25_000n, 0],
        ['adjustment', 15_000n, 0],
      ]);
      expect(corrections[0]!.id).toMatch(/\.1\.2$/);
    });

    it('notes who, why and what was before', async () => {
      await book({ price: dollar });
      const { id } = await run(priceOf(3_000_000));
      const row = await store.kysely
        .selectFrom('ledger_entries')
        .select(['raw_usage', 'created_at', 'started_at', 'price_id', 'windows'])
        .where('sequence', '>', 0)
        .executeTakeFirstOrThrow();
      expect(JSON.parse(row.raw_usage!)).toEqual({
        rerate: id,
        by: 'operator',
        reason: 'a test',
        priceBefore: snapshotPrice(dollar)!.id,
      });
      expect(row).toMatchObject({
        created_at: 50 * HOUR,
        started_at: HOUR,
        price_id: snapshotPrice(priceOf(3_000_000))!.id,
        windows: null,
      });
    });

    it.each<[string, Booked, Price | undefined, bigint]>([
      ['the price is still unknown', {}, undefined, 0n],
      ['the upstream has said what it costs', { reportedCostUsd: '0.5' }, dollar, 500_000_000n],
      ['nothing was counted', { input: 0 }, dollar, 0n],
      ['it was a picture', { clientFormat: 'openai-images-generations' }, dollar, 0n],
      ['its calls have no rate', { calls: { second: 3 } }, dollar, 0n],
    ])('leaves an entry alone where %s', async (_why, booked, price, cost) => {
      await book(booked);
      expect((await run(price)).sums).toEqual([]);
      expect(await costOf()).toBe(cost);
    });

    it('prefers the price of an operator to what the upstream has said', async () => {
      await book({ reportedCostUsd: '0.5' });
      expect(await run(operator)).toMatchObject({ difference: 120_000n - 500_000_000n });
      expect(await costOf()).toBe(120_000n);
    });

    it('takes the price of the time and tier of the entry', async () => {
      await book({ startedAtMs: 3 * HOUR, serviceTier: 'flex' });
      const asked: unknown[] = [];
      await rerate(
        {
          store,
          workspaceId: 'ws_1',
          nowMs: 50 * HOUR,
          priceOf: (...args) => {
            asked.push(args);
            return dollar;
          },
        },
        { sinceMs: 0, untilMs: 9 * HOUR, isUnpricedOnly: true, apply: true, by: 'o', reason: '' },
      );
      expect(asked).toEqual([['p', 'm', 'flex', 3 * HOUR, 'ws_1']]);
    });

    it.each<[string, Partial<RerateQuery>, number]>([
      ['unpriced ones', { isUnpricedOnly: true }, 1],
      ['one model', { model: 'other' }, 1],
      ['one provider', { provider: 'q' }, 0],
      ['those since', { sinceMs: 2 * HOUR }, 1],
      ['those until', { untilMs: 2 * HOUR }, 2],
    ])('looks only at %s', async (_name, query, entries) => {
      await book({}, { price: dollar, model: 'other' }, { price: dollar, startedAtMs: 5 * HOUR });
      expect((await run(undefined, { apply: false, ...query })).entries).toBe(entries);
    });

    it('goes on over pages, of which each is a transaction', async () => {
      await book(...Array.from({ length: 210 }, () => ({})));
      expect(await run(dollar)).toMatchObject({ entries: 210, difference: 210n * 110_000n });
      expect(await run(dollar)).toMatchObject({ entries: 210, sums: [] });
    });

    it('counts the truth that came after an interruption, and leaves room for one that may still come', async () => {
      const interrupted = bookInterrupted(reserve(0, { price: dollar }), dollar, HOUR + 5);
      const { entry, price } = interrupted;
      await ledgerStore.applyBatch({ ...emptyBatch, posts: [{ entry, price }] });
      await run(priceOf(3_000_000));
      expect(await costOf()).toBe(30_000n);
      const truth = settle(0, { price: dollar, serviceTier: 'default' });
      const late = bookLateSettle(truth.entry, entry);
      await store.write([store.kysely.insertInto('ledger_entries').values(late)]);
      await rebuildRollups(store);
      await run(priceOf(3_000_000));
      expect(await costOf()).toBe(130_000n);
      expect((await run(priceOf(3_000_000))).sums).toEqual([]);
    });
  },
);

/** The late entry was put in by hand, without its sums. */
async function rebuildRollups(store: Store): Promise<void> {
  const { rollUp, HOUR_MS, DAY_MS } = await import('./rollup.ts');
  const rows = await store.kysely.selectFrom('ledger_entries').selectAll().execute();
  const entries = rows.map(({ seq: _seq, ...entry }) => entry);
  const hours = rollUp(entries, HOUR_MS).map(({ period, histogram, ...row }) => ({
    ...row,
    hour: period,
    latency_histogram: JSON.stringify(histogram),
  }));
  const days = rollUp(entries, DAY_MS).map(({ period, histogram, ...row }) => ({
    ...row,
    day: period,
    latency_histogram: JSON.stringify(histogram),
  }));
  await store.write([
    store.kysely.deleteFrom('usage_hours'),
    store.kysely.deleteFrom('usage_days'),
    store.kysely.insertInto('usage_hours').values(hours),
    store.kysely.insertInto('usage_days').values(days),
  ]);
}
