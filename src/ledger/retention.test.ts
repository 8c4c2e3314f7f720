/** What is old goes, sums stay, the books add up at every moment, and who dies in between changes nothing. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { loadKept } from './analytics/spans.ts';
import { bookSettle, makeReservation } from './book.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';
import { type RetentionDays, sweepOld } from './retention.ts';
import { DAY_MS, HOUR_MS } from './rollup.ts';
import { sumUsage, type UsageDimension } from './usage.ts';
import { verifyLedger } from './verify.ts';

const NOW = Date.UTC(2030, 5, 20, 13, 17);
const DAYS = 12;
const PER_DAY = 40;
/** Several of them in everything that goes. */
const CHUNK = 30;
const keep: RetentionDays = { entries: 5, hours: 8, decisions: 3 };

const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 5_000_000 } }],
};

/** Every attempt of the last twelve days, in two workspaces, each with a decision. */
async function fill(ledgerStore: LedgerStore): Promise<void> {
  const posts = Array.from({ length: DAYS * PER_DAY }, (_, n) => {
    const day = n % DAYS;
    const reservation = makeReservation(
      {
        exchangeId: `exc_${n}`,
        attempt: 1,
        workspaceId: n % 7 ? 'ws_1' : 'ws_2',
        keyId: `key_${n % 3}`,
        provider: 'p',
        model: `m${n % 2}`,
        clientFormat: 'openai-chat',
        lane: 'relay',
        price: undefined,
        inputEstimate: 1,
        createdAtMs: 0,
        deadlineAtMs: 1,
      },
      undefined,
    );
    const booking = bookSettle(
      { reservation, price },
      {
        exchangeId: reservation.exchange_id,
        attempt: 1,
        status: n % 10 ? 'ok' : 'timeout',
        isCharged: true,
        usage: { reported: { input: n, output: 2, raw: 0 }, outputEstimate: 0, hasContent: true },
        latencyMs: n,
        settledAtMs: NOW - day * DAY_MS - (n % 11) * HOUR_MS,
      },
    );
    return { entry: booking.entry, price: booking.price, decision: '{}' };
  });
  expect(await ledgerStore.applyBatch({ ...emptyBatch, posts })).toMatchObject({ ok: true });
}

async function countRows({ kysely }: Store): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; rows: number }>`
    select 'entries' as name, count(*) as rows from ledger_entries
    union all select 'decisions', count(*) from decisions
    union all select 'hours', count(distinct hour) from usage_hours
    union all select 'days', count(distinct day) from usage_days
    union all select 'old entries', count(*) from ledger_entries where created_at < ${boundary(5)}
    union all select 'old hours', count(*) from usage_hours where hour < ${boundary(8)}
    union all select 'old decisions', count(*) from decisions d
      join ledger_entries e on e.exchange_id = d.exchange_id and e.attempt = d.attempt
      where e.created_at < ${boundary(3)}
    union all select 'lone decisions', count(*) from decisions
      where exchange_id not in (select exchange_id from ledger_entries)`.execute(kysely);
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}

/** Start of the first day that is kept. */
const boundary = (days: number) => Math.floor((NOW - days * DAY_MS) / DAY_MS) * DAY_MS;

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  beforeEach(async () => {
    const opened = await open();
    store = opened.store;
    await store.write([
      store.kysely.insertInto('workspaces').values([
        { id: 'ws_1', name: 'one', created_at: 0 },
        { id: 'ws_2', name: 'two', created_at: 0 },
      ]),
    ]);
    await fill(opened.ledgerStore);
  });
  afterEach(() => store.close());
  afterAll(remove);

  const sweep = (
    days: RetentionDays,
    pause: () => Promise<void> = async () => undefined,
    signal?: AbortSignal,
  ) =>
    sweepOld({
      store,
      days,
      chunk: CHUNK,
      nowMs: NOW,
      pause,
      signal: signal ?? new AbortController().signal,
      log: silentLog,
    });
  const sums = (by: UsageDimension) => sumUsage(store, { by, sinceMs: 0, untilMs: NOW + DAY_MS, limit: 100 });

  it('takes away what is old, and no sum of it', async () => {
    const before = await Promise.all((['model', 'key', 'day'] as const).map(sums));
    const removed = await sweep(keep);
    const left = await countRows(store);
    expect(left).toMatchObject({
      days: DAYS,
      entries: 6 * PER_DAY,
      decisions: 4 * PER_DAY,
      'old entries': 0,
      'old hours': 0,
      'old decisions': 0,
      'lone decisions': 0,
    });
    expect(removed).toMatchObject({ entries: 6 * PER_DAY, decisions: 8 * PER_DAY });
    expect(removed.hours).toBeGreaterThan(CHUNK);
    expect(await Promise.all((['model', 'key', 'day'] as const).map(sums))).toEqual(before);
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, problems: [], entries: left.entries });
    expect(await sweep(keep)).toEqual({ entries: 0, hours: 0, decisions: 0 });
  });

  it('leaves books that add up after every chunk, and goes on where it was killed', async () => {
    let chunks = 0;
    const died = sweep(keep, async () => {
      chunks += 1;
      expect(await verifyLedger(store)).toMatchObject({ isSound: true, problems: [] });
      if (chunks === 2) throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    expect((await countRows(store))['old entries']).toBeGreaterThan(0);
    await sweep(keep);
    expect(await countRows(store)).toMatchObject({ 'old entries': 0, 'old hours': 0, 'old decisions': 0 });
    expect(await verifyLedger(store)).toMatchObject({ isSound: true, problems: [] });
  });

  it('stops between chunks when it is told to', async () => {
    const stop = new AbortController();
    await sweep(keep, async () => stop.abort(), stop.signal);
    const left = await countRows(store);
    expect(left['old entries']! + left['old decisions']!).toBeGreaterThan(0);
    await sweep(keep);
    expect(await countRows(store)).toMatchObject({ 'old entries': 0, 'old decisions': 0 });
  });

  it('tells the time whose entries are gone by its hours, and then by its days', async () => {
    await sweep(keep);
    expect(await loadKept(store)).toMatchObject({ entriesFromMs: boundary(5), hoursFromMs: boundary(8) });
    const entriesOf = async (sinceMs: number) => {
      const rows = await sumUsage(store, { by: 'provider', sinceMs, untilMs: NOW + 1, limit: 1 });
      return rows[0]?.entries;
    };
    const hour = boundary(7) + 5 * HOUR_MS;
    expect(await entriesOf(hour + 20 * 60_000)).toBe(await entriesOf(hour));
    expect(await entriesOf(hour + 40 * 60_000)).toBe(await entriesOf(hour + HOUR_MS));
    const day = boundary(10);
    expect(await entriesOf(day + 11 * HOUR_MS)).toBe(await entriesOf(day));
    expect(await entriesOf(day + 13 * HOUR_MS)).toBe(await entriesOf(day + DAY_MS));
  });

  it('keeps everything where it is told to, and what it gave up once stays given up', async () => {
    const before = await countRows(store);
    expect(await sweep({ entries: 0, hours: 0, decisions: 0 })).toEqual({
      entries: 0,
      hours: 0,
      decisions: 0,
    });
    expect(await countRows(store)).toEqual(before);
    await sweep(keep);
    await sweep({ entries: 11, hours: 11, decisions: 11 });
    expect(await loadKept(store)).toMatchObject({ entriesFromMs: boundary(5), hoursFromMs: boundary(8) });
  });

  it('keeps decisions as long as entries where only entries have a term', async () => {
    await sweep({ entries: 5, hours: 0, decisions: 0 });
    const left = await countRows(store);
    expect(left).toMatchObject({ 'old entries': 0, 'lone decisions': 0, decisions: left.entries });
  });
});
