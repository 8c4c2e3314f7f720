/** Entries as text: every column, every page, and nothing that a spreadsheet would run. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from './book.ts';
import { csvCell, exportColumns, exportEntries } from './export.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';

const AT = Date.parse('2026-11-20T10:00:00Z');

function entry(n: number, change: Partial<Entry> = {}): Entry {
  return {
    exchange_id: `exc_${String(n).padStart(5, '0')}`,
    ...{ attempt: 1, sequence: 0, workspace_id: 'ws_1', key_id: 'key_1', member_id: null, agent_id: null },
    ...{
      session_id: null,
      end_user: null,
      provider: 'p',
      model: 'm',
      client_format: 'openai-chat',
      lane: 'relay',
    },
    ...{
      status: 'ok',
      http_status: 200,
      stop: null,
      error_class: null,
      upstream_request_id: null,
      service_tier: null,
    },
    ...{ price_id: null, price_state: 'reported', input_tokens: 10, cache_read_tokens: 1 },
    ...{ cache_write_5m_tokens: 2, cache_write_1h_tokens: 3, output_tokens: 4, reasoning_tokens: 0 },
    ...{
      audio_input_tokens: 0,
      audio_output_tokens: 0,
      calls: null,
      cost_nano: 1_234_567n,
      input_cost_nano: 0n,
    },
    ...{
      cache_cost_nano: 0n,
      output_cost_nano: 0n,
      other_cost_nano: 1_234_567n,
      is_estimated: 0,
      flags: null,
    },
    ...{ raw_usage: null, ttft_ms: 5, latency_ms: 9, started_at: AT - 9, created_at: AT, windows: null },
    ...change,
  };
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    let ledgerStore: LedgerStore;
    beforeEach(async () => {
      ({ store, ledgerStore } = await open());
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    const post = async (entries: readonly Entry[]) => {
      const posts = entries.map((row) => ({ entry: row, price: undefined }));
      expect(await ledgerStore.applyBatch({ ...emptyBatch, posts })).toMatchObject({ ok: true });
    };
    const pieces = async (format: 'csv' | 'jsonl', sinceMs = 0, untilMs = AT + 1e9) => {
      const found: string[] = [];
      for await (const text of exportEntries(store, 'ws_1', { format, sinceMs, untilMs })) found.push(text);
      return found;
    };

    it('writes every column in its order', async () => {
      await post([entry(1, { calls: '{"web_search":2}', flags: 'missing,suspect_zero', is_estimated: 1 })]);
      const [head, line] = (await pieces('csv')).join('').split('\r\n');
      expect(head?.split(',')).toEqual(Object.keys(exportColumns));
      expect(line).toContain('"{""web_search"":2}"');
      const found = JSON.parse((await pieces('jsonl')).join('')) as Record<string, unknown>;
      expect(Object.keys(found)).toEqual(Object.keys(exportColumns));
      expect(found).toMatchObject({
        ...{
          exchange_id: 'exc_00001',
          correction: 0,
          booked_at: '2026-11-20T10:00:00.000Z',
          member_id: null,
        },
        ...{ calls: { web_search: 2 }, cost_usd: '0.001234567', input_cost_usd: '0.00', is_estimated: true },
        flags: ['missing', 'suspect_zero'],
      });
    });

    it('leaves the cost of an unknown price empty', async () => {
      await post([entry(1, { price_state: 'unknown', cost_nano: 0n, other_cost_nano: 0n })]);
      expect(JSON.parse((await pieces('jsonl')).join(''))).toMatchObject({
        cost_usd: null,
        other_cost_usd: null,
      });
    });

    it("reads page by page, each entry once, also of one moment, and nobody else's", async () => {
      const all = Array.from({ length: 2_345 }, (_, n) => entry(n, { created_at: AT + Math.floor(n / 900) }));
      await post([...all, entry(9_999, { workspace_id: 'ws_2' })]);
      const found = await pieces('jsonl');
      expect(found).toHaveLength(3);
      const ids = found
        .join('')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { exchange_id: string }).exchange_id);
      expect(ids).toEqual(all.map((row) => row.exchange_id));
      expect((await pieces('csv', AT + 1, AT + 2)).join('').trim().split('\r\n')).toHaveLength(901);
    });

    it('writes the head alone where there is nothing', async () => {
      expect((await pieces('csv')).join('')).toMatch(/^seq,.*latency_ms\r\n$/);
      expect(await pieces('jsonl')).toEqual([]);
    });
  },
);

describe('cells', () => {
  it.each([
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['+1+1', "'+1+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1', "'＝1"],
    ['-0.001', '-0.001'],
    [-5, '-5'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    [null, ''],
    [true, 'true'],
    [['-x', 'y'], "'-x y"],
  ])('%j', (value, cell) => expect(csvCell(value)).toBe(cell));
});
