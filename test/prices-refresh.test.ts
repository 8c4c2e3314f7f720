/** Lists of prices over starts and failures: when they are read, what is kept, and that nothing is fetched unasked. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Log, silentLog } from '../src/base/log.ts';
import type { Model } from '../src/catalog/model.ts';
import { loadConfig } from '../src/config.ts';
import { openPrices, type Prices } from '../src/server-prices.ts';
import { openSqlite, type SqliteStore } from '../src/store/sqlite.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { newHome, removeHome } from './support/turnpike-process.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-21T00:00:00Z');
const sandbox: Model = { provider: 'sandbox', id: 'x', name: 'X', capabilities: [], prices: [] };

let home: string;
let store: SqliteStore;
let upstream: FakeUpstream;
let nowMs: number;
let warned: string[];
let open: Prices[];

beforeEach(async () => {
  home = newHome();
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  upstream = await startFakeUpstream();
  nowMs = START;
  warned = [];
  open = [];
});
afterEach(async () => {
  for (const prices of open) prices.stop();
  await store.close();
  await upstream.close();
  removeHome(home);
});

function start(file: string): Prices {
  writeFileSync(join(home, 'config.yaml'), file);
  const config = loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: home });
  const log: Log = { ...silentLog, warn: (fields) => void warned.push(JSON.stringify(fields)) };
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const prices = openPrices({ config, store, clock, log, extra: [sandbox], isServing: false });
  open.push(prices);
  return prices;
}

const listOf = (inputUsd: number) =>
  JSON.stringify(
    Object.fromEntries(
      ['gpt-4o', 'a', 'b', 'c', 'd'].map((id) => [
        id,
        { litellm_provider: 'openai', input_cost_per_token: inputUsd / 1e6, output_cost_per_token: 1e-5 },
      ]),
    ),
  );
const renamed = (list: string) => list.replaceAll('"a"', '"z"');
const inputOf = (prices: Prices, atMs = nowMs) =>
  prices.catalog().priceOf('openai', 'gpt-4o', 'standard', atMs)?.tiers[0]?.rates.input;
const fromUrl = (query = '') =>
  `prices: { refresh: { url: "${upstream.url}/list.json${query}", every_hours: 1 } }`;

it('is not read unless a configuration asks for it', async () => {
  const prices = start('');
  expect(await prices.refresh()).toEqual({ kind: 'not_set' });
  expect(prices.describe()).toMatchObject({ isRefreshed: false, asOf: '2026-09-23' });
  expect(inputOf(prices)).toBe(2_500_000);
});

it('is read, kept for the owner alone, and there at the next start', async () => {
  upstream.answerWith({ chunks: [listOf(2)] });
  const prices = start(fromUrl('?key=secret'));
  const before = store.revision.current();
  expect(await prices.refresh()).toMatchObject({ kind: 'done', models: 5, changed: 1 });
  expect(store.revision.current()).toBe(before + 1);
  expect(inputOf(prices)).toBe(2_000_000);
  expect(inputOf(prices, START - 1)).toBe(2_500_000);
  expect(prices.catalog().find('sandbox', 'x')).toBeDefined();
  expect(statSync(join(home, 'prices.json')).mode & 0o777).toBe(0o600);
  const facts = prices.describe();
  expect(facts).toMatchObject({ isRefreshed: true, asOf: '2026-11-21', fetchedAtMs: START });
  expect(JSON.stringify(facts)).not.toContain('secret');
  expect(inputOf(start(fromUrl('?key=secret')))).toBe(2_000_000);
  // What another address brought is no word of this one.
  expect(inputOf(start(fromUrl('?key=other')))).toBe(2_500_000);
  expect(inputOf(start(''))).toBe(2_500_000);
});

it('keeps the history of prices over refreshes and starts', async () => {
  upstream.answerWith({ chunks: [listOf(2)] });
  await start(fromUrl()).refresh();
  nowMs += HOUR;
  upstream.answerWith({ chunks: [renamed(listOf(3))] });
  await start(fromUrl()).refresh();
  const prices = start(fromUrl());
  for (const [model, input] of [
    ['a', 2_000_000],
    ['z', 3_000_000],
  ] as const)
    expect(prices.catalog().priceOf('openai', model, 'standard', nowMs)?.tiers[0]?.rates).toMatchObject({
      input,
    });
  expect([START - 1, START, nowMs - 1, nowMs].map((atMs) => inputOf(prices, atMs))).toEqual([
    2_500_000, 2_000_000, 2_000_000, 3_000_000,
  ]);
});

it.each<[string, object, RegExp]>([
  ['is not there', { status: 404 }, /answered with 404/],
  ['is cut off', { chunks: [listOf(3).slice(0, -5)] }, /no price list/],
  ['is in cents', { chunks: [listOf(200)] }, /more than tenfold/],
])('stays as it was when the next one %s', async (_how, answer, problem) => {
  const enough = (inputUsd: number) => ({ chunks: [listOf(inputUsd)] });
  upstream.answerWith(enough(2));
  const prices = start(fromUrl());
  await prices.refresh();
  upstream.answerWith(answer);
  expect(await prices.refresh()).toMatchObject({ kind: 'failed', message: expect.stringMatching(problem) });
  expect(prices.describe().problem).toMatch(problem);
  expect(warned.join()).toMatch(problem);
  expect(inputOf(prices)).toBe(2_000_000);
  upstream.answerWith(enough(2.1));
  await prices.refresh();
  expect(prices.describe().problem).toBeUndefined();
});

it('asks once, however often it is asked for at a time', async () => {
  upstream.answerWith({ chunks: [listOf(2)] });
  const prices = start(fromUrl());
  const answers = await Promise.all([prices.refresh(), prices.refresh(), prices.refresh()]);
  expect(answers.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
  expect(upstream.requests).toHaveLength(1);
});

it.each(['not JSON', '{"models": 5}', '{}'])(
  'starts with what is shipped where the kept list is %s',
  (text) => {
    writeFileSync(join(home, 'prices.json'), text);
    expect(inputOf(start(fromUrl()))).toBe(2_500_000);
    expect(warned.join()).toContain('prices.json');
    expect(existsSync(join(home, 'prices.json'))).toBe(true);
  },
);

it('gives way to a release that is newer', async () => {
  upstream.answerWith({ chunks: [listOf(2)] });
  await start(fromUrl()).refresh();
  const path = join(home, 'prices.json');
  const kept = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...kept, fetchedAtMs: Date.parse('2026-09-22') }));
  expect(inputOf(start(fromUrl()))).toBe(2_500_000);
});
