/** Whoever touches the books is found out. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import { bookSettle, type Entry, makeReservation } from './book.ts';
import { emptyBatch, type LedgerStore, plainReserve } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { verifyLedger } from './verify.ts';

const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 5_000_000 } }],
};
const snapshot = snapshotPrice(price);

/** Three entries and a reservation. */
async function fill(ledgerStore: LedgerStore): Promise<void> {
  const attempts = [1, 2, 3, 4].map((n) =>
    makeReservation(
      {
        exchangeId: `exc_${n}`,
        attempt: 1,
        workspaceId: 'ws_1',
        keyId: 'key_1',
        provider: 'p',
        model: n === 3 ? 'unknown' : 'm',
        clientFormat: 'openai-chat',
        lane: 'relay',
        price: n === 3 ? undefined : price,
        inputEstimate: 10,
        createdAtMs: 0,
        deadlineAtMs: 1,
      },
      n === 3 ? undefined : snapshot,
    ),
  );
  const posts = attempts.slice(0, 3).map((reservation, n) => {
    const end = {
      exchangeId: reservation.exchange_id,
      attempt: 1,
      status: 'ok',
      isCharged: true,
      usage: {
        reported: { input: 10, output: 20, reasoning: 3, raw: 0 },
        outputEstimate: 0,
        hasContent: true,
      },
      latencyMs: 100,
      settledAtMs: Date.UTC(2030, 0, 1, n, 30),
    } as const;
    const booking = bookSettle({ reservation, price: n === 2 ? undefined : price }, end);
    return { entry: booking.entry, price: booking.price };
  });
  const reserves = [plainReserve(attempts[3]!, snapshot)];
  expect(await ledgerStore.applyBatch({ ...emptyBatch, posts, reserves })).toMatchObject({
    ok: true,
  });
}

describe.each(storesUnderTest())('verification on $name', ({ open, remove }) => {
  let store: Store;
  beforeEach(async () => {
    const opened = await open();
    store = opened.store;
    await fill(opened.ledgerStore);
  });
  afterEach(() => store.close());
  afterAll(remove);

  it('finds sound books sound', async () => {
    expect(await verifyLedger(store)).toEqual({
      isSound: true,
      entries: 3,
      cost: 220_000n,
      periods: 4,
      problems: [],
    });
  });

  it.each([
    ['a cost raised alone', `update ledger_entries set cost_nano = cost_nano + 1 where seq = 1`, /add up to/],
    [
      'a cost raised with its line',
      `update ledger_entries set cost_nano = cost_nano + 1, input_cost_nano = input_cost_nano + 1 where seq = 1`,
      /its price gives 110000 nano/,
    ],
    ['a count changed', `update ledger_entries set input_tokens = 9 where seq = 2`, /its price gives/],
    ['a negative count', `update ledger_entries set cache_read_tokens = -1 where seq = 2`, /negative/],
    ['reasoning beyond output', `update ledger_entries set reasoning_tokens = 21 where seq = 2`, /reasoning/],
    [
      'an unknown price that costs',
      `update ledger_entries set cost_nano = 5, other_cost_nano = 5 where seq = 3`,
      /but is unknown/,
    ],
    [
      'a priced entry without a price',
      `update ledger_entries set price_id = null where seq = 1`,
      /has no price/,
    ],
    ['a state that is not so', `update ledger_entries set price_state = 'free' where seq = 1`, /but is free/],
    [
      'an entry removed',
      `delete from ledger_entries where seq = 2`,
      /rollup of hour 2030-01-01T01.*entries by -1/,
    ],
    [
      'an entry moved in time',
      `update ledger_entries set created_at = created_at - 3600000 where seq = 2`,
      /rollup of hour/,
    ],
    [
      'an entry given to another',
      `update ledger_entries set workspace_id = 'ws_0' where seq = 2`,
      /rollup of hour/,
    ],
    [
      'a rollup changed',
      `update usage_hours set cost_nano = cost_nano - 1 where model = 'unknown'`,
      /cost_nano by 1/,
    ],
    [
      'a rollup of nothing',
      `insert into usage_days select workspace_id, day + 86400000, key_id, member_id, agent_id, provider, model, entries, errors, estimated, unpriced, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano, latency_ms, ttft_ms, ttft_entries, latency_histogram from usage_days`,
      /rollup of day 2030-01-02/,
    ],
    ['a rollup removed', `delete from usage_days where model = 'm'`, /rollup of day 2030-01-01/],
    [
      'a histogram changed',
      `update usage_hours set latency_histogram = '[2]' where hour % 7200000 = 0`,
      /latencies by -1/,
    ],
    ['an unpriced count changed', `update usage_hours set unpriced = 0`, /unpriced by 1/],
    [
      'a price changed',
      `update price_snapshots set tiers = replace(tiers, '1000000', '1000001')`,
      /not what its hash/,
    ],
    ['a price removed', `delete from price_snapshots`, /is missing/],
    [
      'a reservation beside its entry',
      `update reservations set exchange_id = 'exc_1'`,
      /still held although/,
    ],
  ])('finds %s', async (_, tamper, problem) => {
    await sql.raw(tamper).execute(store.kysely);
    const report = await verifyLedger(store);
    expect(report.isSound).toBe(false);
    expect(report.problems.join('\n')).toMatch(problem);
  });

  it('is not confused by corrections', async () => {
    const before = await verifyLedger(store);
    const { kysely } = store;
    const first = kysely.selectFrom('ledger_entries').selectAll().where('seq', '=', 1);
    const { seq: _, ...entry } = await first.executeTakeFirstOrThrow();
    const correction: Entry = {
      ...entry,
      sequence: 1,
      input_tokens: 0,
      output_tokens: -20,
      reasoning_tokens: -3,
      cost_nano: -100_000n,
      input_cost_nano: 0n,
      output_cost_nano: -100_000n,
      latency_ms: null,
    };
    await kysely.insertInto('ledger_entries').values(correction).execute();
    const less = sql.raw(`output_tokens = output_tokens - 20, reasoning_tokens = reasoning_tokens - 3,
      cost_nano = cost_nano - 100000`);
    await sql`update usage_hours set ${less} where hour % 7200000 = 0 and model = 'm'`.execute(kysely);
    await sql`update usage_days set ${less} where model = 'm'`.execute(kysely);
    expect(await verifyLedger(store)).toEqual({ ...before, entries: 4, cost: 120_000n });
  });
});
