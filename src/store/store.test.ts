/** What every store must do, whatever database is behind it. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Opened } from '../../test/support/ledger-lives.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from './store.ts';

describe.each(storesUnderTest())('a store on $name', ({ open, remove }) => {
  let opened: Opened;
  let store: Store;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => store.close());
  afterAll(remove);

  const row = (key: string, value = '1') => store.kysely.insertInto('settings').values({ key, value });
  const keysOf = async (of: Store) =>
    (await of.kysely.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key);

  it('keeps what was written, and the revision', async () => {
    await store.change([row('a')]);
    store = (await opened.die()).store;
    expect(store.revision.current()).toBe(1);
    expect(await keysOf(store)).toEqual(['a', 'revision']);
  });

  it('writes all or nothing, and says how many rows', async () => {
    await expect(store.change([row('a'), row('a')])).rejects.toThrow(/unique/i);
    expect(await keysOf(store)).toEqual([]);
    expect(store.revision.current()).toBe(0);
    expect(await store.write([row('a'), row('b')])).toEqual([1, 1]);
    const update = store.kysely.updateTable('settings').set({ value: '2' });
    expect(await store.write([update, update.where('key', '=', 'nobody')])).toEqual([2, 0]);
  });

  it('counts changes that come together one by one', async () => {
    const heard: number[] = [];
    store.revision.onChange((revision) => heard.push(revision));
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.change([row(key)])));
    expect(store.revision.current()).toBe(4);
    expect(heard.at(-1)).toBe(4);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  });

  it('gives money exactly and other integers as numbers', async () => {
    const huge = 9_007_199_254_740_993n;
    const { rows } = await sql`
      select cast(${huge} as bigint) as cost_nano, cast(7 as bigint) as entries, 'x' as name, null as none`.execute(
      store.kysely,
    );
    expect(rows).toEqual([{ cost_nano: huge, entries: 7, name: 'x', none: null }]);
  });

  it('refuses to round what is no money', async () => {
    const query = sql`select cast(${9_007_199_254_740_993n} as bigint) as entries`;
    await expect(query.execute(store.kysely)).rejects.toThrow(/entries is 9007199254740993/);
  });

  it('sums money exactly', async () => {
    const { rows } = await sql`
      select sum(cost_nano) as cost_nano, count(*) as entries
      from (select 9007199254740993 as cost_nano union all select 2) as costs`.execute(store.kysely);
    expect(rows).toEqual([{ cost_nano: 9_007_199_254_740_995n, entries: 2 }]);
  });

  it('orders text by its bytes', async () => {
    await store.write(['b', 'B', 'a_', 'a-', 'ä'].map((key) => row(key)));
    expect(await keysOf(store)).toEqual(['B', 'a-', 'a_', 'b', 'ä']);
  });

  it('cannot hold a transaction over turns of the event loop', async () => {
    const { kysely } = store;
    await expect(kysely.transaction().execute(async () => 1)).rejects.toThrow(/may not span turns/);
    await expect(async () => {
      for await (const _ of kysely.selectFrom('settings').selectAll().stream()) break;
    }).rejects.toThrow(/read in pages/);
  });

  it('runs work alone, and lets go of the door when it fails', async () => {
    await expect(store.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.alone(async () => 7)).toBe(7);
  });
});
