/** One attempt, one entry: what it cost, by which price, and what is said of it. */
import { describe, expect, it } from 'vitest';
import type { Price, Rates } from '../catalog/price.ts';
import { bookInterrupted, bookSettle, makeReservation } from './book.ts';
import type { ReserveRequest, SettleRequest } from './ledger.ts';
import type { ReportedUsage } from './normalise.ts';
import { isGenuine, restorePrice, snapshotPrice } from './price-snapshot.ts';

const rates: Rates = { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite5m: 3_750_000 };
const price: Price = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [
    { aboveInputTokens: 0, rates },
    { aboveInputTokens: 200_000, rates: { ...rates, input: 6_000_000, output: 22_500_000 } },
  ],
};
const request: ReserveRequest = {
  exchangeId: 'exc_1',
  attempt: 2,
  workspaceId: 'ws_1',
  keyId: 'key_1',
  agentId: 'coder',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  clientFormat: 'anthropic-messages',
  lane: 'relay',
  price,
  inputEstimate: 100,
  createdAtMs: 1_000,
  deadlineAtMs: 2_000,
};
const settle: SettleRequest = {
  exchangeId: 'exc_1',
  attempt: 2,
  status: 'ok',
  isCharged: true,
  usage: { reported: { input: 10, cacheRead: 5, output: 20, raw: {} }, outputEstimate: 20, hasContent: true },
  httpStatus: 200,
  latencyMs: 130.4,
  ttftMs: 20,
  settledAtMs: 1_500,
};
const reservation = makeReservation(request, snapshotPrice(price));
const book = (more: Partial<SettleRequest> = {}, input: object = {}) =>
  bookSettle({ reservation, price, ...input }, { ...settle, ...more });
const reporting = (reported: Partial<ReportedUsage>) => ({
  usage: { reported: { input: 10, output: 20, raw: {}, ...reported }, outputEstimate: 20, hasContent: true },
});

describe('the entry of an attempt', () => {
  it('carries who, what, when and the cost by line', () => {
    const { entry, settled } = book();
    expect(entry).toMatchObject({
      exchange_id: 'exc_1',
      attempt: 2,
      sequence: 0,
      workspace_id: 'ws_1',
      agent_id: 'coder',
      session_id: null,
      price_state: 'priced',
      price_id: snapshotPrice(price)!.id,
      cost_nano: 331_500n,
      input_cost_nano: 30_000n,
      cache_cost_nano: 1_500n,
      output_cost_nano: 300_000n,
      other_cost_nano: 0n,
      latency_ms: 131,
      started_at: 1_000,
      created_at: 1_500,
    });
    expect(settled).toMatchObject({ cost: 331_500n, isEstimated: false, flags: [] });
  });

  it('is priced whole by the tier its actual input reaches', () => {
    const { entry } = book(reporting({ input: 150_000, cacheRead: 50_001, output: 1 }));
    expect(entry.input_cost_nano).toBe(900_000_000n);
    expect(book(reporting({ input: 150_000, cacheRead: 50_000, output: 1 })).entry.input_cost_nano).toBe(
      450_000_000n,
    );
  });

  it('says which classes had no rate of their own', () => {
    const { entry, settled } = book(reporting({ cacheWrite1h: 7 }));
    expect(settled.flags).toEqual(['price_gap']);
    expect(entry.flags).toBe('price_gap');
  });

  it('cuts texts that clients choose', () => {
    const long = makeReservation({ ...request, sessionId: 's'.repeat(10_000) }, undefined);
    expect(long.session_id).toHaveLength(256);
  });
});

describe('an answer from the cache', () => {
  const usage = { reported: undefined, outputEstimate: 0, hasContent: false };
  it.each([
    ['a known price', {}],
    ['an unknown one', { price: undefined }],
  ])('costs nothing at %s, and is not taken for a request that was not served', (_, input) => {
    const { entry, settled } = book({ isCharged: false, isCached: true, usage }, input);
    expect(entry).toMatchObject({
      ...{ status: 'ok', flags: 'cached', price_state: 'reported', price_id: null, is_estimated: 0 },
      ...{ cost_nano: 0n, other_cost_nano: 0n, input_tokens: 0, output_tokens: 0, latency_ms: 131 },
    });
    expect(settled).toMatchObject({ cost: 0n, flags: ['cached'], isEstimated: false });
  });
});

describe('the cost', () => {
  it('of an unknown price is unknown, and never a silent zero', () => {
    const { entry, settled } = book({}, { price: undefined });
    expect(settled).toMatchObject({ cost: undefined, flags: ['unpriced'] });
    expect(entry).toMatchObject({ price_state: 'unknown', price_id: null, cost_nano: 0n, input_tokens: 10 });
  });

  it('is by the price that only the answer brought, where it was held without one', () => {
    const held = {
      reservation: makeReservation({ ...request, price: undefined }, undefined),
      price: undefined,
    };
    expect(book({}, held).settled.cost).toBeUndefined();
    const { entry, settled, price: used } = book({ price }, held);
    expect(settled.cost).toBe(book().settled.cost);
    expect([entry.price_state, entry.price_id]).toEqual(['priced', used?.id]);
    expect(book({ price, isCharged: false }, held).entry).toMatchObject({
      price_state: 'free',
      cost_nano: 0n,
    });
  });
  it('is what the upstream states, where it does', () => {
    const { entry, settled, price: used } = book(reporting({ reportedCostUsd: '0.000123' }));
    expect(settled.cost).toBe(123_000n);
    expect(entry).toMatchObject({ price_state: 'reported', price_id: null, other_cost_nano: 123_000n });
    expect(used).toBeUndefined();
    expect(book(reporting({ reportedCostUsd: '0.1' }), { price: undefined }).settled.flags).toEqual([]);
  });

  it('of an attempt that is not charged is nothing, whatever was reported', () => {
    const { entry, settled } = book({ isCharged: false, status: 'upstream_error' }, { price: undefined });
    expect(entry).toMatchObject({ price_state: 'free', cost_nano: 0n, input_tokens: 0, flags: null });
    expect(settled).toMatchObject({ cost: 0n, isEstimated: false });
  });

  it('of an explicit zero price is zero, and known', () => {
    const local: Price = {
      ...price,
      source: 'local',
      tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 0 } }],
    };
    expect(book(reporting({}), { price: local })).toMatchObject({ settled: { cost: 0n, flags: [] } });
  });
});

describe('the service tier of the reply', () => {
  const flex: Price = {
    ...price,
    serviceTier: 'flex',
    tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 2_000_000 } }],
  };
  const resolvePrice = (_provider: string, _model: string, tier: string) =>
    tier === 'flex' ? flex : undefined;

  it.each([
    ['flex', 50_000n],
    ['default', 330_000n],
    ['standard', 330_000n],
    ['auto', 330_000n],
    ['unheard-of', 330_000n],
    [undefined, 330_000n],
  ])('%s is priced as such, or as reserved', (serviceTier, cost) => {
    const usage = reporting(serviceTier === undefined ? {} : { serviceTier });
    expect(book(usage, { resolvePrice }).settled.cost).toBe(cost);
  });

  it.each([
    ['flex', null],
    ['default', null],
    ['on_demand', null],
    ['unheard-of', 'price_gap'],
    [undefined, null],
  ])('%s is flagged where nobody knows its price', (serviceTier, flags) => {
    const usage = reporting(serviceTier === undefined ? {} : { serviceTier });
    expect(book(usage, { resolvePrice }).entry.flags).toBe(flags);
  });

  it('is not asked about when nobody can tell', () => {
    expect(book(reporting({ serviceTier: 'flex' })).settled.cost).toBe(330_000n);
    expect(book(reporting({ serviceTier: 'flex' })).entry.service_tier).toBe('flex');
  });
});

describe('an interrupted attempt', () => {
  it('costs its estimated input and the output that was noted', () => {
    const { entry, settled } = bookInterrupted({ ...reservation, observed_output: 40 }, price, 9_000);
    expect(settled).toMatchObject({ cost: 900_000n, isEstimated: true, flags: ['interrupted'] });
    expect(entry).toMatchObject({
      status: 'interrupted',
      input_tokens: 100,
      output_tokens: 40,
      latency_ms: null,
      created_at: 9_000,
    });
  });
});

describe('a price snapshot', () => {
  it('has one id for one content, in whatever order it is written', () => {
    const [first, second] = price.tiers;
    const shuffled: Price = {
      tiers: [
        {
          rates: { output: 15_000_000, cacheWrite5m: 3_750_000, cacheRead: 300_000, input: 3_000_000 },
          aboveInputTokens: 0,
        },
        second!,
      ],
      effectiveFromMs: 0,
      source: 'catalog',
      serviceTier: 'standard',
      model: 'claude-sonnet-4-5',
      provider: 'anthropic',
    };
    expect(snapshotPrice(shuffled)).toEqual(snapshotPrice(price));
    expect(snapshotPrice({ ...price, tiers: [first!] })?.id).not.toBe(snapshotPrice(price)?.id);
  });

  it('gives the price back, and shows when it was tampered with', () => {
    const row = snapshotPrice(price)!;
    expect(restorePrice(row)).toEqual(price);
    expect(isGenuine(row)).toBe(true);
    expect(isGenuine({ ...row, tiers: row.tiers.replace('3000000', '3000001') })).toBe(false);
    expect(isGenuine({ ...row, tiers: 'no json' })).toBe(false);
  });

  it.each([-1, 0.5, Number.NaN, 2e12])(
    'with a rate of %d is unusable: the price counts as unknown',
    (rate) => {
      const broken: Price = {
        ...price,
        tiers: [{ aboveInputTokens: 0, rates: { ...rates, cacheRead: rate } }],
      };
      expect(snapshotPrice(broken)).toBeUndefined();
      expect(book({}, { price: broken }).settled).toMatchObject({ cost: undefined, flags: ['unpriced'] });
    },
  );
});
