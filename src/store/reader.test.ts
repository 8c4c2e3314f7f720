/** Reads beside the road: exact, fresh, without a hold on the event loop, and bounded in every way. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../base/log.ts';
import { createReader, type Reader, type ReaderLimits } from './reader.ts';
import { openSqlite, type SqliteStore } from './sqlite.ts';

async function openFile(): Promise<{ store: SqliteStore; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-reader-'));
  const path = join(folder, 'turnpike.db');
  const store = await openSqlite(path, { durability: 'process', log: silentLog });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, path };
}

async function openReader(limits: Partial<ReaderLimits>): Promise<Reader> {
  const { path } = await openFile();
  const reader = createReader(path, { waiting: 10, timeoutMs: 20_000, rows: 10, ...limits });
  onTestFinished(() => reader.close());
  return reader;
}

/** Counts up to `steps` row by row: about three million a second. */
const counting = (steps: number) => sql<{ n: number }>`
  with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${steps})
  select max(n) as n from counted`;

const addSetting = (store: SqliteStore, key: string) =>
  store.write([store.kysely.insertInto('settings').values({ key, value: 'x' })]);

describe('the reader', () => {
  it('reads money exactly, other numbers as numbers, and what was committed just before', async () => {
    const { store } = await openFile();
    await addSetting(store, 'fresh');
    const rows = await store.reader
      .selectFrom('settings')
      .select(['key', sql<bigint>`9007199254740993`.as('cost_nano'), sql<number>`7`.as('count')])
      .where('key', '=', 'fresh')
      .execute();
    expect(rows).toEqual([{ key: 'fresh', cost_nano: 9007199254740993n, count: 7 }]);
  });

  it('lets the event loop turn and the database be written while it answers', async () => {
    const { store } = await openFile();
    let isAnswered = false;
    const answer = counting(4_000_000)
      .execute(store.reader)
      .finally(() => {
        isAnswered = true;
      });
    let writes = 0;
    for (; !isAnswered; writes += 1) {
      await addSetting(store, `while it reads ${writes}`);
      await nextTurn();
    }
    expect((await answer).rows).toEqual([{ n: 4_000_000 }]);
    // On this thread it would have been one, after the answer.
    expect(writes).toBeGreaterThan(20);
  });

  it('cannot write, and says what is wrong with a statement', async () => {
    const { store } = await openFile();
    const { reader } = store;
    const insert = reader.insertInto('settings').values({ key: 'a', value: 'b' });
    await expect(insert.returning('key').execute()).rejects.toThrow('readonly');
    await expect(sql`select * from nowhere`.execute(reader)).rejects.toThrow('no such table: nowhere');
    await expect(reader.transaction().execute(async () => 1)).rejects.toThrow('may not span turns');
    expect((await sql`select 1 as one`.execute(reader)).rows).toEqual([{ one: 1 }]);
  });

  it('gives up on what takes too long, and answers the next question', async () => {
    const reader = await openReader({ timeoutMs: 500 });
    await expect(counting(6_000_000).execute(reader.kysely)).rejects.toMatchObject({
      code: 'read_limit',
      message: expect.stringContaining('longer than 0.5 s'),
    });
    // The thread ends with its statement; until then whoever asks waits, and gives up in time.
    const one = () => sql<{ one: number }>`select 1 as one`.execute(reader.kysely).catch(() => undefined);
    let answer = await one();
    for (let tries = 1; !answer && tries < 20; tries += 1) answer = await one();
    expect(answer?.rows).toEqual([{ one: 1 }]);
  });

  it('refuses more rows than anybody reads', async () => {
    const reader = await openReader({});
    const rows = (count: number) => sql`select value from json_each(${JSON.stringify(Array(count).fill(1))})`;
    expect((await rows(10).execute(reader.kysely)).rows).toHaveLength(10);
    await expect(rows(11).execute(reader.kysely)).rejects.toThrow('more than 10 rows');
    expect((await rows(1).execute(reader.kysely)).rows).toHaveLength(1);
  });

  it('keeps few questions waiting, and refuses those that wait when it is closed', async () => {
    const reader = await openReader({ waiting: 2 });
    const asked = [1, 2, 3, 4].map(() => counting(200_000).execute(reader.kysely));
    const outcomes = Promise.allSettled(asked);
    await expect(asked[3]).rejects.toThrow('2 other questions wait');
    await reader.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    await expect(counting(1).execute(reader.kysely)).rejects.toThrow('closed');
  });

  it('is the serving connection where the database is in memory', async () => {
    const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
    onTestFinished(() => store.close());
    await addSetting(store, 'here');
    expect(await store.reader.selectFrom('settings').select('key').execute()).toEqual([{ key: 'here' }]);
  });
});
