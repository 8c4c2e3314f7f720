/** What is asked of the books against sums made by hand, on every store. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BookedAttempt, bookAttempts, CENT, openBooks } from '../../../test/support/analytics-books.ts';
import { storesUnderTest } from '../../../test/support/stores.ts';
import type { Store } from '../../store/store.ts';
import { sumUsage } from '../usage.ts';
import { sumDays, sumHours } from './days.ts';
import { loadOverview, sumServices, sumTotal } from './overview.ts';
import { loadProjections } from './projections.ts';
import { listSessions, loadSession } from './sessions.ts';
import { loadSummary } from './summary.ts';
import { comparePeriod, compareRange, loadTotalTrend, loadTrends, percentChange } from './trends.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string) => Date.parse(`${text}Z`);

/** Clocks go forward in Berlin on 31 March 2030, and back on 27 October. */
const booked: readonly BookedAttempt[] = [
  // Saturday the 30th in Berlin begins at 23:00 UTC of the 29th.
  { atMs: at('2030-03-29T22:59:59.999'), cents: 1 },
  { atMs: at('2030-03-29T23:00'), cents: 2, agentId: 'a', memberId: 'mem_1', sessionId: 's1' },
  { atMs: at('2030-03-30T12:00'), cents: 4, provider: 'q', model: 'x', keyId: 'key_2' },
  // Sunday the 31st has 23 hours: from 23:00 to 22:00 UTC.
  { atMs: at('2030-03-30T23:00'), cents: 8 },
  { atMs: at('2030-03-31T21:59:59.999'), cents: 16, status: 'timeout' },
  { atMs: at('2030-03-31T22:00'), cents: 32, isUnpriced: true },
  // Sunday 27 October has 25 hours: from 22:00 to 23:00 UTC.
  { atMs: at('2030-10-26T21:59:59.999'), cents: 64 },
  { atMs: at('2030-10-26T22:00'), cents: 128 },
  { atMs: at('2030-10-27T22:59:59.999'), cents: 256, model: 'y' },
  { atMs: at('2030-10-27T23:00'), cents: 512, latencyMs: 4_000, ttftMs: 300 },
  { atMs: at('2030-10-28T18:29:59.999'), cents: 1_024, input: 7, ttftMs: 100 },
  // Kolkata's day begins at half past an hour of UTC.
  { atMs: at('2030-10-28T18:30'), cents: 2_048, exchangeId: 'exc_a', agentId: 'a', sessionId: 's1' },
  {
    atMs: at('2030-10-28T18:40'),
    cents: 4_096,
    exchangeId: 'exc_a',
    attempt: 2,
    agentId: 'a',
    sessionId: 's1',
    model: 'y',
  },
  { atMs: at('2030-10-28T19:10'), cents: 8_192, exchangeId: 'exc_b', sessionId: 's1', agentId: 'b' },
  { atMs: at('2030-10-28T19:20'), cents: 16_384, sessionId: 's2' },
  { atMs: at('2030-10-28T19:30'), cents: 3, workspaceId: 'ws_2', keyId: 'key_9', sessionId: 's1' },
];
const NOW = at('2030-10-28T20:00');
const own = { workspaceId: 'ws_1' } as const;
const everything = { ...own, sinceMs: 0, untilMs: NOW };
const cents = (sums: { readonly cost: bigint }) => Number(sums.cost / CENT);

describe.each(storesUnderTest())('on $name', ({ open, remove, runs }) => {
  let store: Store;
  beforeAll(async () => {
    const opened = await open();
    store = opened.store;
    await openBooks(store);
    await bookAttempts(opened.ledgerStore, booked);
  });
  afterAll(async () => {
    await store.close();
    await remove();
  });

  it.each([
    [
      'UTC',
      [
        ['03-29', 3],
        ['03-30', 12],
        ['03-31', 16],
        ['10-26', 192],
        ['10-27', 768],
        ['10-28', 31_744],
      ],
    ],
    [
      'Europe/Berlin',
      [
        ['03-29', 1],
        ['03-30', 6],
        ['03-31', 24],
        ['10-26', 64],
        ['10-27', 384],
        ['10-28', 31_744 + 512],
      ],
    ],
    [
      'America/New_York',
      [
        ['03-29', 3],
        ['03-30', 12],
        ['03-31', 16],
        ['10-26', 192],
        ['10-27', 768],
        ['10-28', 31_744],
      ],
    ],
    [
      'Asia/Kolkata',
      [
        ['03-30', 7],
        ['03-31', 8],
        ['04-01', 16],
        ['10-27', 192],
        ['10-28', 256 + 512 + 1_024],
        ['10-29', 30_720],
      ],
    ],
    [
      'Pacific/Kiritimati',
      [
        ['03-30', 3],
        ['03-31', 12],
        ['04-01', 16],
        ['10-27', 192],
        ['10-28', 256 + 512],
        ['10-29', 31_744],
      ],
    ],
  ])('days of %s begin where they do', async (timeZone, expected) => {
    const days = await sumDays(store, { ...everything, timeZone });
    const found = days.filter((day) => day.cost > 0n).map((day) => [day.value.slice(5), cents(day)]);
    expect(found).toEqual(expected);
  });

  it('days on which clocks change have 23 and 25 hours', async () => {
    const days = await sumDays(store, { ...everything, timeZone: 'Europe/Berlin' });
    const hoursOf = (date: string) => {
      const day = days.find(({ value }) => value === date);
      return day && (day.untilMs - day.sinceMs) / HOUR_MS;
    };
    expect([hoursOf('2030-03-30'), hoursOf('2030-03-31'), hoursOf('2030-10-27')]).toEqual([24, 23, 25]);
  });

  it('adds up to the same, whatever the range and zone, by day, hour, dimension and in total', async () => {
    const times = booked.map(({ atMs }) => atMs);
    const moment = fc.oneof(
      fc.constantFrom(...times, ...times.map((ms) => ms + 1)),
      fc
        .tuple(fc.integer({ min: 0, max: 220 * 24 }), fc.constantFrom(0, 1, 30 * 60_000))
        .map(([hour, more]) => at('2030-03-29T00:00') + hour * HOUR_MS + more),
    );
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia');
    await fc.assert(
      fc.asyncProperty(moment, moment, zone, async (one, other, timeZone) => {
        const range = { ...own, sinceMs: Math.min(one, other), untilMs: Math.max(one, other) };
        const expected = booked
          .filter(({ atMs, workspaceId }) => !workspaceId && atMs >= range.sinceMs && atMs < range.untilMs)
          .reduce((sum, { cents = 0, isUnpriced }) => sum + (isUnpriced ? 0 : cents), 0);
        const days = await sumDays(store, { ...range, timeZone });
        const agents = await sumUsage(store, { ...range, by: 'agent', limit: 99 });
        const sumOf = (rows: readonly { readonly cost: bigint }[]) =>
          rows.reduce((sum, row) => sum + cents(row), 0);
        expect([sumOf(days), sumOf(agents), cents(await sumTotal(store, range))]).toEqual([
          expected,
          expected,
          expected,
        ]);
        for (const day of days) expect(day.entries).toBeGreaterThan(0);
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });

  it.each([
    [{ provider: 'q' }, 4],
    [{ model: 'q/x' }, 4],
    [{ model: 'x' }, 4],
    [{ model: 'p/x' }, 0],
    [{ keyId: 'key_2' }, 4],
    [{ agentId: 'a' }, 2 + 2_048 + 4_096],
    [{ agentId: 'a', model: 'y' }, 4_096],
    [{ memberId: 'mem_1' }, 2],
    [{ memberId: '', agentId: 'a' }, 2_048 + 4_096],
    [{ workspaceId: 'ws_2' }, 3],
  ] as const)('of %j', async (scope, expected) => {
    expect(cents(await sumTotal(store, { ...everything, ...scope }))).toBe(expected);
    const days = await sumDays(store, { ...everything, ...scope, timeZone: 'Europe/Berlin' });
    expect(days.reduce((sum, day) => sum + cents(day), 0)).toBe(expected);
  });

  it('by the hour', async () => {
    const hours = await sumHours(store, {
      ...own,
      sinceMs: at('2030-10-28T18:35'),
      untilMs: at('2030-10-28T19:15'),
    });
    expect(hours).toMatchObject([
      {
        value: '2030-10-28T18:00Z',
        entries: 1,
        sinceMs: at('2030-10-28T18:35'),
        untilMs: at('2030-10-28T19:00'),
      },
      {
        value: '2030-10-28T19:00Z',
        entries: 1,
        sinceMs: at('2030-10-28T19:00'),
        untilMs: at('2030-10-28T19:15'),
      },
    ]);
    expect(hours.map(cents)).toEqual([4_096, 8_192]);
  });

  it('at a glance', async () => {
    const range = { ...own, sinceMs: at('2030-10-27T12:00'), untilMs: NOW };
    expect(await loadOverview(store, range)).toMatchObject({
      entries: 7,
      errors: 0,
      unpriced: 0,
      input: 7,
      ttftMs: 400,
      ttftEntries: 2,
      cost: BigInt(256 + 512 + 31_744) * CENT,
    });
    expect(await sumServices(store, { ...everything, by: 'provider', limit: 9 })).toMatchObject([
      { value: 'p', entries: 14, errors: 1, unpriced: 1 },
      { value: 'q', entries: 1, errors: 0 },
    ]);
    const [y] = await sumServices(store, { ...range, by: 'model', limit: 9, model: 'y' });
    // Both took 100 ms, which is between 64 and 127.
    expect(y).toMatchObject({ p50Ms: 80, p99Ms: 111 });
  });

  it('beside the stretch before', async () => {
    const compared = compareRange({ sinceMs: at('2030-10-27T00:00'), untilMs: at('2030-10-28T00:00') });
    expect(compared.previous).toEqual({ sinceMs: at('2030-10-26T00:00'), untilMs: at('2030-10-27T00:00') });
    const total = await loadTotalTrend(store, { ...own, ...compared });
    expect([cents(total.current), cents(total.previous)]).toEqual([768, 192]);
    const trends = await loadTrends(store, { ...own, ...compared, by: 'model', limit: 9 });
    expect(trends.map(({ value, current, previous }) => [value, cents(current), cents(previous)])).toEqual([
      ['p/m', 512, 192],
      ['p/y', 256, 0],
    ]);
    const gone = await loadTrends(store, {
      ...own,
      ...compareRange({ sinceMs: at('2030-03-31T00:00'), untilMs: at('2030-04-01T00:00') }),
      by: 'key',
      limit: 9,
    });
    expect(
      gone.map(({ value, label, current, previous }) => [value, label, cents(current), cents(previous)]),
    ).toEqual([
      ['key_1', 'laptop', 16, 8],
      ['key_2', undefined, 0, 4],
    ]);
  });

  it('of today, the week and the month', async () => {
    const [day, week, month] = await loadSummary(store, own, 'Europe/Berlin', NOW);
    // The 28th is a Monday: of the week there is only today, beside a Sunday with an hour more.
    expect(day).toMatchObject({ period: 'day', topModel: { value: 'p/m' }, topProvider: { value: 'p' } });
    expect([cents(day!.sums), cents(day!.before)]).toEqual([31_744 + 512, 128]);
    expect([cents(week!.sums), cents(week!.before)]).toEqual([31_744 + 512, 0]);
    expect([cents(month!.sums), cents(month!.before)]).toEqual([192 + 768 + 31_744, 0]);
    expect(month!.current.sinceMs).toBe(at('2030-09-30T22:00'));
    expect((await loadSummary(store, { workspaceId: 'ws_3' as never }, 'UTC', NOW))[0]).toMatchObject({
      sums: { entries: 0 },
      topModel: undefined,
    });
  });

  it('goes on as it went', async () => {
    const [day, , month] = await loadProjections(store, own, 'UTC', NOW);
    const spent = BigInt(192 + 768 + 31_744) * CENT;
    const paceMs = BigInt(NOW - at('2030-10-21T00:00'));
    expect(month).toMatchObject({ spent, pace: (spent * BigInt(DAY_MS)) / paceMs, previous: 0n });
    expect(month!.projected).toBe(spent + (spent * BigInt(at('2030-11-01T00:00') - NOW)) / paceMs);
    expect([cents({ cost: day!.spent }), cents({ cost: day!.previous })]).toEqual([31_744, 768]);
  });

  it('by session, agent and request', async () => {
    const query = { ...own, sinceMs: 0, untilMs: NOW };
    const { sessions, completeFromMs } = await listSessions(store, { ...query, order: 'cost', limit: 9 });
    expect(sessions.map((session) => [session.sessionId, session.exchanges, cents(session)])).toEqual([
      ['s2', 1, 16_384],
      ['s1', 3, 2 + 2_048 + 4_096 + 8_192],
    ]);
    expect(completeFromMs).toBe(0);
    const recent = await listSessions(store, {
      ...query,
      untilMs: at('2030-10-28T19:15'),
      order: 'recent',
      limit: 1,
    });
    expect(recent.sessions).toMatchObject([{ sessionId: 's1', lastMs: at('2030-10-28T19:10') }]);
    const tree = await loadSession(store, { ...query, sessionId: 's1' });
    expect(tree).toMatchObject({ sessionId: 's1', exchanges: 3, entries: 4, isTruncated: false });
    expect(
      tree!.agents.map(({ agentId, exchanges, requests }) => [agentId, exchanges, requests]),
    ).toMatchObject([
      ['b', 1, [{ exchangeId: 'exc_b', attempts: 1, cost: 8_192n * CENT }]],
      ['a', 2, [{ exchangeId: 'exc_a', attempts: 2, model: 'p/y', cost: 6_144n * CENT }, { attempts: 1 }]],
    ]);
    expect(await loadSession(store, { ...query, sessionId: 's3' })).toBeUndefined();
  });
});

describe('a period and the one before', () => {
  it.each([
    // On the 31st of March all of February, which is shorter.
    ['month', 'UTC', '2030-03-31T12:00', ['2030-03-01T00:00', '2030-02-01T00:00', '2030-03-01T00:00']],
    ['month', 'UTC', '2030-03-11T12:00', ['2030-03-01T00:00', '2030-02-01T00:00', '2030-02-11T12:00']],
    ['week', 'UTC', '2030-10-30T01:00', ['2030-10-28T00:00', '2030-10-21T00:00', '2030-10-23T01:00']],
    [
      'day',
      'Europe/Berlin',
      '2030-10-28T22:30',
      ['2030-10-27T23:00', '2030-10-26T22:00', '2030-10-27T21:30'],
    ],
    // A moment that ends a period belongs to it.
    ['day', 'UTC', '2030-10-28T00:00', ['2030-10-27T00:00', '2030-10-26T00:00', '2030-10-27T00:00']],
  ] as const)('%s in %s at %s', (period, timeZone, until, [since, beforeSince, beforeUntil]) => {
    expect(comparePeriod(period, timeZone, at(until))).toEqual({
      current: { sinceMs: at(since), untilMs: at(until) },
      previous: { sinceMs: at(beforeSince), untilMs: at(beforeUntil) },
    });
  });

  it.each([
    [150n, 100n, 50],
    [100n, 150n, -33.3],
    [0n, 5n, -100],
    [5n, 0n, undefined],
    [1n, -1n, 200],
    [1_000_000_000_000_000_003n, 1_000_000_000_000_000_000n, 0],
  ])('%d after %d is a change of %d per cent', (current, previous, change) => {
    expect(percentChange(current, previous)).toBe(change);
  });
});
