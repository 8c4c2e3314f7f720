/** The reporting APIs against a fake of them on a socket: pages, money to the last digit, refusals, and limits. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeBills, type FakeRow, startFakeBills } from '../../../test/support/fake-bills.ts';
import { Secret } from '../../base/secret.ts';
import { createTransport } from '../send.ts';
import type { Transport } from '../transport.ts';
import { type BillQuery, type BillSource, type BillVendor, DAY_MS } from './bill.ts';
import { parseExactJson, readCount, readDecimal } from './exact.ts';
import { fetchBill } from './fetch-bill.ts';
import { readRetryAfter } from './get-page.ts';
import { findBillSources } from './sources.ts';

const DAY = Date.parse('2026-11-01');
const NOW = DAY + 20 * DAY_MS;
let fake: FakeBills;
let transport: Transport;
let slept: number[] = [];

beforeAll(async () => {
  transport = createTransport();
});
afterAll(() => transport.close());
beforeEach(async () => {
  fake = await startFakeBills();
  slept = [];
});
afterEach(() => fake.close());

/** Time passes only while we sleep. */
const means = () => ({
  transport,
  clock: { now: () => NOW, monotonic: () => slept.reduce((sum, ms) => sum + ms, 0) },
  sleep: async (ms: number) => void slept.push(ms),
});

function fetchFrom(vendor: BillVendor, query: Partial<BillQuery> = {}, source: Partial<BillSource> = {}) {
  const base = { provider: vendor, vendor, baseUrl: fake.url, key: new Secret(fake.key), scope: undefined };
  return fetchBill(
    means(),
    { ...base, ...source },
    { startMs: DAY, endMs: DAY + 3 * DAY_MS, width: 'day', ...query },
  );
}

describe('Anthropic', () => {
  it('reads every class of tokens, and cents as decimal text', async () => {
    const tokens = {
      uncached_input_tokens: 10,
      cache_read_input_tokens: 20,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 5,
    };
    fake.rows = [
      { day: '2026-11-01', model: 'claude-x', tokens },
      { day: '2026-11-01', model: 'claude-x', amount: '123.456789012345' },
      { day: '2026-11-02', model: null, amount: '0.0000001' },
    ];
    const bill = await fetchFrom('anthropic');
    const day = { startMs: DAY, endMs: DAY + DAY_MS };
    expect(bill.rows).toEqual([
      {
        ...day,
        model: 'claude-x',
        tokens: {
          input: 10,
          cacheRead: 20,
          cacheWrite5m: 3,
          cacheWrite1h: 4,
          output: 5,
          audioInput: 0,
          audioOutput: 0,
        },
      },
      { ...day, model: 'claude-x', cost: 1_234_567_890n },
      { startMs: DAY + DAY_MS, endMs: DAY + 2 * DAY_MS, model: undefined, cost: 1n },
    ]);
    expect(bill.tokensCovered).toHaveLength(3);
  });

  it('follows pages, and knows which buckets are missing', async () => {
    fake.pageSize = 2;
    fake.missingDays = ['2026-11-04'];
    fake.rows = [1, 3, 5].map((day) => ({
      day: `2026-11-0${day}`,
      model: 'claude-x',
      tokens: { output_tokens: day },
      amount: '1',
    }));
    const bill = await fetchFrom('anthropic', { endMs: DAY + 5 * DAY_MS });
    expect(bill.rows.filter((row) => row.tokens).map((row) => row.tokens?.output)).toEqual([1, 3, 5]);
    expect(bill.costsCovered.map(({ startMs }) => (startMs - DAY) / DAY_MS)).toEqual([0, 1, 2, 4]);
    expect(fake.asked).toHaveLength(4);
    expect(fake.asked[1]).toContain('page=2');
  });

  it('marks what no key used and what is billed elsewhere; missing and null fields are nothing', async () => {
    fake.rows = [
      { day: '2026-11-01', model: 'claude-x', tokens: { output_tokens: 1 }, apiKey: null },
      { day: '2026-11-01', model: 'claude-x', tokens: { output_tokens: 2 }, tier: 'priority' },
    ];
    const { rows } = await fetchFrom('anthropic');
    expect(rows).toMatchObject([{ isKeyless: true }, { isBilledElsewhere: true }]);
    expect(rows[0]).not.toHaveProperty('isBilledElsewhere');
    expect(rows[1]).not.toHaveProperty('isKeyless');
  });

  it.each([
    ['default', [1]],
    ['wrkspc_1', [2]],
    [undefined, [1, 2]],
  ])('in the scope %s', async (scope, outputs) => {
    fake.rows = [
      { day: '2026-11-01', model: 'm', tokens: { output_tokens: 1 }, scope: null },
      { day: '2026-11-01', model: 'm', tokens: { output_tokens: 2 }, scope: 'wrkspc_1' },
    ];
    const { rows } = await fetchFrom('anthropic', {}, { scope });
    expect(rows.map((row) => row.tokens?.output)).toEqual(outputs);
  });

  it('reads tokens by the hour, and no money then', async () => {
    fake.rows = [{ day: '2026-11-01', hour: 5, model: 'm', tokens: { output_tokens: 1 }, amount: '5' }];
    const bill = await fetchFrom('anthropic', { width: 'hour', endMs: DAY + DAY_MS });
    expect(bill.rows).toMatchObject([{ startMs: DAY + 5 * 3_600_000, tokens: { output: 1 } }]);
    expect(bill.tokensCovered).toHaveLength(24);
    expect(bill.costsCovered).toEqual([]);
  });
});

describe('OpenAI', () => {
  it('takes cached and audio tokens out of the input, and reads the float from its text', async () => {
    const tokens = {
      input_tokens: 5000,
      input_cached_tokens: 4000,
      output_tokens: 1000,
      input_audio_tokens: 300,
      output_audio_tokens: 200,
    };
    fake.rows = [
      { day: '2026-11-01', model: 'gpt-4o-2024-08-06', tokens, amount: '0.123456789499999999999' },
      { day: '2026-11-01', model: null, amount: '1.5e-7' },
    ];
    const { rows } = await fetchFrom('openai');
    expect(rows.map(({ startMs: _startMs, endMs: _endMs, ...row }) => row)).toEqual([
      {
        model: 'gpt-4o-2024-08-06',
        tokens: {
          input: 700,
          cacheRead: 4000,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          output: 800,
          audioInput: 300,
          audioOutput: 200,
        },
      },
      { model: 'gpt-4o-2024-08-06', cost: 123_456_789n },
      { model: undefined, cost: 150n },
    ]);
  });

  it('asks for the project, and believes only rows that show it', async () => {
    const row = (scope: string | null): FakeRow => ({
      day: '2026-11-01',
      model: 'm',
      tokens: { output_tokens: 1 },
      scope,
    });
    fake.rows = [row('proj_1'), row('proj_2'), row(null)];
    const { rows } = await fetchFrom('openai', {}, { scope: 'proj_1' });
    expect(rows).toHaveLength(1);
    expect(fake.asked[0]).toContain('project_ids=proj_1');
  });
});

describe('OpenRouter', () => {
  it('covers whole days up to yesterday, at most 30 back', async () => {
    fake.rows = [
      {
        day: '2026-11-01',
        model: 'openai/gpt-4.1',
        tokens: { prompt_tokens: 50, completion_tokens: 125, reasoning_tokens: 25 },
        amount: '0.015',
      },
      { day: '2026-10-01', model: 'openai/gpt-4.1', amount: '9' },
    ];
    const bill = await fetchFrom('openrouter', { startMs: DAY - 40 * DAY_MS, endMs: NOW + DAY_MS });
    expect(bill.rows).toHaveLength(2);
    expect(bill.rows[0]).toMatchObject({
      model: 'openai/gpt-4.1',
      cost: 15_000_000n,
      tokens: { input: 50, output: 125 },
    });
    expect(bill.tokensCovered).toHaveLength(30);
    expect(bill.isInputWhole).toBe(true);
  });
  it('has nothing by the hour, and says so', async () => {
    const bill = await fetchFrom('openrouter', { width: 'hour' });
    expect(bill).toMatchObject({ rows: [], tokensCovered: [] });
    expect(bill.notes[0]).toContain('whole days');
    expect(fake.asked).toEqual([]);
  });
});

describe('money in another currency', () => {
  it.each(['anthropic', 'openai'] as const)('%s: left out with a note', async (vendor) => {
    fake.rows = [{ day: '2026-11-01', model: 'm', amount: '5', currency: 'EUR' }];
    const bill = await fetchFrom(vendor);
    expect(bill.rows).toEqual([]);
    expect(bill.notes).toEqual(['Costs in EUR are not compared: the ledger is in US dollars.']);
  });
});

describe('refusals and trouble', () => {
  const vendors = ['anthropic', 'openai', 'openrouter'] as const;
  it.each(vendors)(
    '%s: a key that is not let in is not tried again, and is not in the message',
    async (vendor) => {
      fake.key = 'another';
      const failed = fetchFrom(vendor, {}, { key: new Secret('sk-secret-admin') });
      await expect(failed).rejects.toMatchObject({ name: 'BillError', kind: 'denied' });
      await expect(failed).rejects.toThrow(/admin_key/);
      await expect(failed).rejects.not.toThrow(/sk-secret/);
      expect(fake.asked).toHaveLength(1);
    },
  );
  it('waits as long as 429 asks, then goes on', async () => {
    fake.next = [{ status: 429, headers: { 'retry-after': '7' } }, { status: 429 }];
    await fetchFrom('anthropic');
    expect(slept).toEqual([7000, 1000]);
  });
  it('does not wait for longer than a minute', async () => {
    fake.next = [{ status: 429, headers: { 'retry-after': '61' } }];
    await expect(fetchFrom('openai')).rejects.toMatchObject({ kind: 'limited' });
    expect(slept).toEqual([]);
  });
  it('gives a bill four minutes, whatever its pages ask for', async () => {
    fake.pageSize = 1;
    const slow = { status: 429, headers: { 'retry-after': '60' } };
    const page = (n: number) => ({
      status: 200,
      body: `{"data": [], "has_more": true, "next_page": "${n}"}`,
    });
    fake.next = [slow, page(1), slow, page(2), slow, page(3), slow, page(4), slow, page(5)];
    await expect(fetchFrom('openai')).rejects.toMatchObject({ kind: 'limited' });
    expect(slept).toEqual([60_000, 60_000, 60_000, 60_000]);
  });
  it('tries a 500 four times, each after a longer pause', async () => {
    fake.next = Array.from({ length: 4 }, () => ({ status: 500 }));
    await expect(fetchFrom('openai')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(slept).toEqual([500, 1000, 2000]);
  });
  it('is told of nobody listening', async () => {
    await expect(fetchFrom('openai', {}, { baseUrl: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
  it.each([
    ['no JSON', 'gone fishing'],
    ['no object', '[]'],
    ['no list', '{"data": 5}'],
    ['a list of numbers', '{"data": [5]}'],
    ['a bucket without a time', '{"data": [{"results": []}], "has_more": false}'],
    [
      'a negative count',
      '{"data": [{"start_time": 1761955200, "end_time": 1762041600, "results": [{"output_tokens": -1}]}]}',
    ],
    [
      'a fraction of a token',
      '{"data": [{"start_time": 1761955200, "end_time": 1762041600, "results": [{"output_tokens": 1.5}]}]}',
    ],
    ['more pages without a name', '{"data": [], "has_more": true, "next_page": null}'],
  ])('%s', async (_name, body) => {
    fake.next = [{ status: 200, body }];
    await expect(fetchFrom('openai')).rejects.toMatchObject({ name: 'BillError', kind: 'unreadable' });
  });
  it('a page that names itself as the next', async () => {
    const body = '{"data": [], "has_more": true, "next_page": "again"}';
    fake.next = [
      { status: 200, body },
      { status: 200, body },
    ];
    await expect(fetchFrom('openai')).rejects.toMatchObject({ kind: 'unreadable' });
  });
  it('a page without end', async () => {
    fake.next = [{ status: 200, body: ' '.repeat(33 * 1024 * 1024) }];
    await expect(fetchFrom('openai')).rejects.toMatchObject({ kind: 'too_large' });
  });
});

describe('exact numbers', () => {
  const json = (text: string) => parseExactJson(`{"value": ${text}}`) as { value: never };
  it.each([
    ['0.06', 60_000_000n],
    ['"0.06"', 60_000_000n],
    ['0.1000000005', 100_000_001n],
    ['0.1000000004', 100_000_000n],
    ['-0.5', -500_000_000n],
    ['1E2', 100_000_000_000n],
    ['12345678.123456789', 12_345_678_123_456_789n],
    ['null', undefined],
    ['"five"', undefined],
    ['1e99', 10n ** 108n],
    ['1e999', undefined],
    ['{"a": 1}', undefined],
  ])('%s dollars', (text, nano) => expect(readDecimal(json(text).value, 9)).toBe(nano));
  it('leaves digits in strings alone', () => {
    expect(parseExactJson('{"a\\"1": "2 \\\\", "b": [1, true, null]}')).toEqual({
      'a"1': '2 \\',
      b: [{ numeral: '1' }, true, null],
    });
  });
  it.each(['{"a": 01}', '{"a": 1 2}', '{"a"', '"'])('refuses %s', (text) =>
    expect(() => parseExactJson(text)).toThrow(SyntaxError),
  );
  it('refuses counts beyond what a number holds', () => {
    expect(() => readCount(json('9007199254740993'), 'value')).toThrow(/no count/);
  });
  it.each([
    ['3', 3000],
    ['0', 0],
    ['Sat, 21 Nov 2026 00:00:05 GMT', 5000],
    ['soon', undefined],
    [undefined, undefined],
  ])('retry-after %s', (text, ms) => expect(readRetryAfter(text, Date.parse('2026-11-21'))).toBe(ms));
});

describe('sources', () => {
  const key = new Secret('sk-admin');
  it('takes the admin key of the environment for the provider of the kind, never the normal key', () => {
    const { sources } = findBillSources(
      [
        { name: 'anthropic', adminKey: key },
        { name: 'mine', kind: 'openai', adminKey: key },
      ],
      { ANTHROPIC_ADMIN_KEY: 'env-key', OPENAI_API_KEY: 'normal', OPENROUTER_PROVISIONING_KEY: 'or' },
    );
    expect(sources.map(({ provider, vendor, baseUrl }) => [provider, vendor, baseUrl])).toEqual([
      ['anthropic', 'anthropic', 'https://api.anthropic.com'],
      ['mine', 'openai', 'https://api.openai.com/v1'],
      ['openrouter', 'openrouter', 'https://openrouter.ai/api/v1'],
    ]);
    expect(sources.map((source) => source.key.reveal())).toEqual(['env-key', 'sk-admin', 'or']);
  });
  it.each([
    [{ name: 'gemini', adminKey: key }, 'admin_key has no use'],
    [{ name: 'openai', adminKey: key, billUrl: 'http://bills.example' }, 'must be https'],
    [{ name: 'openai', adminKey: key, billUrl: 'ftp://bills.example' }, 'https URL'],
    [{ name: 'openai', adminKey: key, billUrl: 'https://a:b@bills.example' }, 'nothing more'],
    [{ name: 'openrouter', adminKey: key, billScope: 'x' }, 'bill_scope has no use'],
  ])('problem %#', (row, problem) => {
    expect(findBillSources([row], {})).toEqual({ sources: [], problems: [expect.stringContaining(problem)] });
  });
});
