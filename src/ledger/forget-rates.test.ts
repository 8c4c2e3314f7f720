/** Rows of rates that nobody needs are taken away, and no others. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { RateLimitsTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { forgetIdleRates } from './forget-rates.ts';

const NOW_MS = Date.UTC(2030, 0, 10);
const HOUR_US = 3_600_000_000;
const NOW_US = NOW_MS * 1_000;

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  let store: Store;
  beforeEach(async () => {
    store = (await under.open()).store;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  const row = (subject: string, hours: number, in_flight = 0): RateLimitsTable => ({
    subject,
    metric: in_flight > 0 || hours === 0 ? 'streams' : 'requests',
    full_at_us: hours === 0 ? 0 : NOW_US + hours * HOUR_US,
    in_flight,
  });
  const put = (rows: readonly RateLimitsTable[]) =>
    store.write(rows.map((one) => store.kysely.insertInto('rate_limits').values(one)));
  const left = async () =>
    (await store.kysely.selectFrom('rate_limits').select('subject').orderBy('subject').execute()).map(
      ({ subject }) => subject,
    );
  const options = (more: { chunk?: number } = {}) => ({
    nowMs: NOW_MS,
    pause: async () => {},
    signal: new AbortController().signal,
    ...more,
  });

  it('keeps what is in use, what is under way, and what was in use within a day', async () => {
    await put([
      row("key:'in use", 1),
      row('key:just now', -1),
      row('key:a day ago', -23.9),
      row('key:two days ago', -48),
      row('key:under way', 0, 1),
      row('key:ended', 0),
    ]);
    expect(await forgetIdleRates(store, options())).toBe(2);
    expect(await left()).toEqual(["key:'in use", 'key:a day ago', 'key:just now', 'key:under way']);
    expect(await forgetIdleRates(store, options())).toBe(0);
  });

  it('keeps what is used while it looks', async () => {
    await put([row('key:idle', -48), row('key:used', -48), row('key:begun', 0)]);
    const change = (subject: string, set: Partial<RateLimitsTable>) =>
      store.kysely.updateTable('rate_limits').set(set).where('subject', '=', subject);
    const late: Store = {
      ...store,
      async write(queries) {
        await store.write([
          change('key:used', { full_at_us: NOW_US }),
          change('key:begun', { in_flight: 1 }),
        ]);
        return store.write(queries);
      },
    };
    expect(await forgetIdleRates(late, options())).toBe(1);
    expect(await left()).toEqual(['key:begun', 'key:used']);
  });

  it('takes them in chunks, and stops when it is told', async () => {
    await put(Array.from({ length: 25 }, (_, at) => row(`agent:ws_1:${at}`, -48)));
    const stop = new AbortController();
    const pause = async () => stop.abort();
    expect(await forgetIdleRates(store, { ...options({ chunk: 10 }), pause, signal: stop.signal })).toBe(10);
    expect(await forgetIdleRates(store, options({ chunk: 10 }))).toBe(15);
    expect(await left()).toEqual([]);
  });
});
