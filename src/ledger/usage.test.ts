/** Sums over any range and dimension equal what one gets by adding the entries up by hand. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { ExchangeId, KeyId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { sumLatencies } from './analytics/latency.ts';
import { bookSettle, makeReservation } from './book.ts';
import { entriesOf, type LedgerEntry, listEntries, listRecentExchanges } from './entries.ts';
import type { EntryStatus } from './ledger.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';
import { snapshotPrice } from './price-snapshot.ts';
import { sumUsage, type UsageDimension } from './usage.ts';
import { verifyLedger } from './verify.ts';

const FIRST_MS = Date.UTC(2030, 1, 27, 13, 0);
const SPAN_MS = 75 * 3_600_000;
const statuses: readonly EntryStatus[] = ['ok', 'ok', 'ok', 'timeout', 'client_abort', 'upstream_error'];
const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 123, output: 4_567, cacheRead: 1 } }],
};

async function fill(store: Store, ledgerStore: LedgerStore): Promise<void> {
  const { kysely } = store;
  await store.write([
    kysely.insertInto('workspaces').values([
      { id: 'ws_1', name: 'one', created_at: 0 },
      { id: 'ws_2', name: 'two', created_at: 0 },
    ]),
    kysely.insertInto('keys').values({
      id: 'key_1',
      workspace_id: 'ws_1',
      name: 'laptop',
      token_hash: 'h',
      preview: 'tp-…',
      created_at: 0,
    }),
  ]);
  const posts = Array.from({ length: 300 }, (_, n) => makePost(n));
  const result = await ledgerStore.applyBatch({ ...emptyBatch, posts });
  expect(result).toMatchObject({ ok: true, duplicates: [], late: [], grants: [] });
}

/** Spread over three days by a stride that hits odd times, whole hours and whole days. */
function makePost(n: number) {
  const known = n % 11 === 0 ? undefined : price;
  const reservation = makeReservation(
    {
      exchangeId: `exc_${String(n >> 1).padStart(3, '0')}`,
      attempt: (n & 1) + 1,
      workspaceId: n % 5 === 0 ? 'ws_2' : 'ws_1',
      keyId: `key_${n % 3}`,
      provider: n % 2 ? 'p' : 'q',
      model: `m${n % 4}`,
      clientFormat: 'openai-chat',
      lane: 'relay',
      price: known,
      inputEstimate: n,
      createdAtMs: 0,
      deadlineAtMs: 1,
      ...(n % 4 && { agentId: `a${n % 4}` }),
      ...(n % 3 && { sessionId: `s${n % 7}` }),
    },
    known && snapshotPrice(known),
  );
  const booking = bookSettle(
    { reservation, price: known },
    {
      exchangeId: reservation.exchange_id,
      attempt: reservation.attempt,
      status: statuses[n % statuses.length]!,
      isCharged: n % 6 !== 3,
      usage: {
        reported: n % 13 ? { input: n, cacheRead: n * 2, output: n * 3, reasoning: n, raw: 0 } : undefined,
        outputEstimate: 1,
        hasContent: n > 0,
      },
      latencyMs: n * 10,
      settledAtMs: FIRST_MS + Math.floor(n / 10) * 9_000_000 + (n % 10 < 5 ? 0 : n * 977),
    },
  );
  return { entry: booking.entry, price: booking.price };
}

const isError = (entry: LedgerEntry) => !['ok', 'client_abort'].includes(entry.status);
const valueBy: Record<UsageDimension, (entry: LedgerEntry) => string> = {
  model: (entry) => `${entry.provider}/${entry.model}`,
  provider: (entry) => entry.provider,
  key: (entry) => entry.keyId,
  agent: (entry) => entry.agentId ?? '',
  member: (entry) => entry.memberId ?? '',
  session: (entry) => entry.sessionId ?? '',
  day: (entry) => new Date(entry.createdAtMs).toISOString().slice(0, 10),
};

function sumByHand(by: UsageDimension, entries: readonly LedgerEntry[]) {
  const sums = new Map<
    string,
    { entries: number; errors: number; unpriced: number; input: number; cost: bigint }
  >();
  for (const entry of entries) {
    const value = valueBy[by](entry);
    const sum = sums.get(value) ?? { entries: 0, errors: 0, unpriced: 0, input: 0, cost: 0n };
    sum.entries += 1;
    sum.errors += isError(entry) ? 1 : 0;
    sum.unpriced += entry.cost === undefined ? 1 : 0;
    sum.input += entry.input;
    sum.cost += entry.cost ?? 0n;
    sums.set(value, sum);
  }
  return sums;
}

/** Times at which it matters: anything, and whole hours and days. */
const moment = fc
  .tuple(fc.integer({ min: -3_600_000, max: SPAN_MS }), fc.constantFrom(1, 3_600_000, 86_400_000))
  .map(([at, step]) => Math.floor((FIRST_MS + at) / step) * step);

describe.each(storesUnderTest())('on $name', ({ open, remove, runs }) => {
  let store: Store;
  let all: readonly LedgerEntry[];
  beforeAll(async () => {
    const opened = await open();
    store = opened.store;
    await fill(store, opened.ledgerStore);
    all = await listEntries(store, { limit: 1_000 });
  });
  afterAll(async () => {
    await store.close();
    await remove();
  });

  describe('usage', () => {
    it('equals the sum of the entries, over any range, by any dimension', async () => {
      await fc.assert(
        fc.asyncProperty(
          moment,
          moment,
          fc.constantFrom<UsageDimension>('model', 'provider', 'key', 'agent', 'day', 'session'),
          fc.constantFrom('ws_1', 'ws_2', undefined),
          async (one, other, by, workspaceId) => {
            const range = { sinceMs: Math.min(one, other), untilMs: Math.max(one, other) };
            const inRange = all.filter(
              (entry) =>
                entry.createdAtMs >= range.sinceMs &&
                entry.createdAtMs < range.untilMs &&
                (workspaceId === undefined || entry.workspaceId === workspaceId),
            );
            const owner = workspaceId === undefined ? {} : ({ workspaceId } as const);
            const sums = await sumUsage(store, { by, ...range, limit: 1_000, ...owner });
            const found = sums.map(({ value, entries, errors, unpriced, input, cost }) => [
              value,
              { entries, errors, unpriced, input, cost },
            ]);
            expect(new Map(found as [string, object][])).toEqual(sumByHand(by, inRange));
            expect(found).toHaveLength(new Set(found.map(([value]) => value)).size);
          },
        ),
        { numRuns: runs * 8 },
      );
    });

    it('shows the dearest first, days newest first, keys by name, and only so many', async () => {
      const everything = { sinceMs: 0, untilMs: FIRST_MS + 2 * SPAN_MS, limit: 10 };
      const models = await sumUsage(store, { by: 'model', ...everything });
      expect(models.map(({ cost }) => cost)).toEqual(
        models.map(({ cost }) => cost).toSorted((a, b) => Number(b - a)),
      );
      const days = (await sumUsage(store, { by: 'day', ...everything })).map(({ value }) => value);
      expect(days).toEqual(days.toSorted().reverse());
      expect(days.length).toBeGreaterThan(2);
      const keys = await sumUsage(store, { by: 'key', ...everything });
      expect(keys.find(({ value }) => value === 'key_1')?.label).toBe('laptop');
      expect(await sumUsage(store, { by: 'model', ...everything, limit: 2 })).toEqual(models.slice(0, 2));
    });

    it('is empty for a range that ends before it begins', async () => {
      expect(await sumUsage(store, { by: 'model', sinceMs: 10, untilMs: 10, limit: 5 })).toEqual([]);
      expect(await sumUsage(store, { by: 'model', sinceMs: 20, untilMs: 10, limit: 5 })).toEqual([]);
    });

    it('counts every latency once', async () => {
      const histograms = await sumLatencies(store, { sinceMs: 0, untilMs: FIRST_MS + 2 * SPAN_MS });
      expect([...histograms.keys()]).toEqual(['']);
      expect(histograms.get('')?.reduce((sum, count) => sum + count, 0)).toBe(all.length);
    });

    it('comes from books that add up', async () => {
      expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 300, problems: [] });
    });
  });

  describe('reading entries', () => {
    it('pages from the newest to the oldest without gap or repeat', async () => {
      const seen: LedgerEntry[] = [];
      for (let beforeSeq: number | undefined; ; beforeSeq = seen.at(-1)?.seq) {
        const page = await listEntries(store, { limit: 7, ...(beforeSeq !== undefined && { beforeSeq }) });
        seen.push(...page);
        if (page.length < 7) break;
      }
      expect(seen).toEqual(all);
    });

    it('filters', async () => {
      const filter = { keyId: 'key_1' as KeyId, sinceMs: FIRST_MS + 1, untilMs: FIRST_MS + 80_000_000 };
      const expected = all.filter(
        (entry) =>
          entry.keyId === 'key_1' &&
          entry.createdAtMs >= filter.sinceMs &&
          entry.createdAtMs < filter.untilMs,
      );
      expect(await listEntries(store, { ...filter, limit: 1_000 })).toEqual(expected);
      expect(expected.length).toBeGreaterThan(5);
    });

    it('gives an exchange its attempts in order', async () => {
      const entries = await entriesOf(store, 'exc_007');
      expect(entries.map(({ id, attempt }) => [id, attempt])).toEqual([
        ['ent_007.1', 1],
        ['ent_007.2', 2],
      ]);
      expect(await entriesOf(store, 'exc_nobody' as ExchangeId)).toEqual([]);
    });

    it('gives the newest exchanges whole', async () => {
      const { entries: recent } = await listRecentExchanges(store, { limit: 3 });
      expect(recent.map(({ exchangeId, attempt }) => `${exchangeId}/${attempt}`)).toEqual([
        'exc_149/1',
        'exc_149/2',
        'exc_148/1',
        'exc_148/2',
        'exc_147/1',
        'exc_147/2',
      ]);
    });

    it.each<[string, Partial<Parameters<typeof listRecentExchanges>[1]>]>([
      ['all', {}],
      ['of a provider that was not always the last', { provider: 'openai' }],
      ['of a model', { model: 'gpt-4o' }],
      ['that failed once', { status: 'upstream_error' }],
    ])('gives every exchange on one page, and on one only: %s', async (_name, filter) => {
      const whole = await listRecentExchanges(store, { ...filter, limit: 1_000 });
      const ids = [...new Set(whole.entries.map(({ exchangeId }) => exchangeId))];
      const paged: string[] = [];
      let after: Parameters<typeof listRecentExchanges>[2];
      do {
        const page = await listRecentExchanges(store, { ...filter, limit: 7 }, after);
        paged.push(...new Set(page.entries.map(({ exchangeId }) => exchangeId)));
        after = page.next;
      } while (after);
      expect(paged).toEqual(ids);
      expect(whole.next).toBeUndefined();
    });
  });
});
