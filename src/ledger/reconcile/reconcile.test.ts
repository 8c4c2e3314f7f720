/** Whole runs on every store: sums of the books, bills kept, proposals accepted once, rollups that follow. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../../test/support/stores.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../book.ts';
import { emptyBatch, type LedgerStore } from '../ledger-store.ts';
import { sumUsage } from '../usage.ts';
import { verifyLedger } from '../verify.ts';
import { sumBooks } from './own-books.ts';
import { acceptProposal, dismissProposal, listProposals } from './proposals.ts';
import { listReconciliations, reconcile } from './reconcile.ts';
import { type Bill, type BillRow, noTokens } from './sides.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAY = Date.parse('2026-11-18');
const NOW = DAY + 3 * DAY_MS + 5 * HOUR_MS;
const WORKSPACE: WorkspaceId = 'ws_1';
const MILLION = 1_000_000;
/** Per million input tokens. */
const PRICE = 3_000_000_000n;
const findRates = () => ({ input: 3_000_000, output: 15_000_000 });

let made = 0;
function entry(change: Partial<Entry> = {}): Entry {
  made += 1;
  return {
    exchange_id: `exc_${made}`,
    ...{ attempt: 1, sequence: 0, workspace_id: WORKSPACE, key_id: 'key_1', member_id: null, agent_id: null },
    ...{
      session_id: null,
      end_user: null,
      provider: 'anthropic',
      model: 'claude-x',
      client_format: 'f',
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
    ...{ price_id: null, price_state: 'reported', input_tokens: MILLION, cache_read_tokens: 0 },
    ...{ cache_write_5m_tokens: 0, cache_write_1h_tokens: 0, output_tokens: 0, reasoning_tokens: 0 },
    ...{ audio_input_tokens: 0, audio_output_tokens: 0, calls: null, cost_nano: PRICE, input_cost_nano: 0n },
    ...{ cache_cost_nano: 0n, output_cost_nano: 0n, other_cost_nano: PRICE, is_estimated: 0, flags: null },
    ...{
      raw_usage: null,
      ttft_ms: 5,
      latency_ms: 9,
      started_at: DAY + HOUR_MS,
      created_at: DAY + HOUR_MS,
      windows: null,
    },
    ...change,
  };
}

function bill(rows: readonly Partial<BillRow>[], days = 4): Bill {
  const covered = Array.from({ length: days }, (_, at) => ({
    startMs: DAY + at * DAY_MS,
    endMs: DAY + (at + 1) * DAY_MS,
  }));
  return {
    provider: 'anthropic',
    rows: rows.map((row) => ({ startMs: DAY, endMs: DAY + DAY_MS, model: 'claude-x', ...row })),
    ...{ tokensCovered: covered, costsCovered: covered, isInputWhole: false, hasToolRows: true, notes: [] },
  };
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    let ledgerStore: LedgerStore;
    beforeEach(async () => {
      ({ store, ledgerStore } = await open());
      await store.change([
        store.kysely.insertInto('workspaces').values({ id: WORKSPACE, name: 'w', created_at: 1 }),
      ]);
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    const post = async (...entries: Entry[]) => {
      const posts = entries.map((row) => ({ entry: row, price: undefined }));
      expect(await ledgerStore.applyBatch({ ...emptyBatch, posts })).toMatchObject({ ok: true });
    };
    const run = (theirs: Bill, width: 'day' | 'hour' = 'day') =>
      reconcile(store, {
        bills: [theirs],
        width,
        startMs: DAY,
        endMs: DAY + 4 * DAY_MS,
        nowMs: NOW,
        findRates,
      });
    const books = (width: 'day' | 'hour') =>
      sumBooks(store, { providers: ['anthropic'], width, startMs: DAY, endMs: DAY + 4 * DAY_MS });
    const decide = (id: string, decision: string) => ({ id, by: 'operator', nowMs: NOW, decision });
    const accept = (id: string, decision = 'd1') => acceptProposal(store, WORKSPACE, decide(id, decision));
    const twiceBilled = bill([{ tokens: { ...noTokens, input: 2 * MILLION }, cost: 2n * PRICE }]);

    it('sums the books by day and by hour, with what is estimated, interrupted, unpriced and fees', async () => {
      const free = { cost_nano: 0n, other_cost_nano: 0n } as const;
      await post(
        entry(),
        entry({ created_at: DAY + 5 * HOUR_MS, is_estimated: 1, input_tokens: 10 }),
        entry({ status: 'interrupted', is_estimated: 1, input_tokens: 7 }),
        entry({ price_state: 'unknown', input_tokens: 3, ...free }),
        entry({
          price_state: 'priced',
          calls: '{"web_search":2}',
          cost_nano: 30n,
          other_cost_nano: 20n,
          input_cost_nano: 10n,
          input_tokens: 1,
        }),
        entry({ provider: 'openai' }),
      );
      const [day, ...more] = await books('day');
      expect(more).toEqual([]);
      expect(day).toEqual({
        ...{ provider: 'anthropic', model: 'claude-x', startMs: DAY, cost: 3n * PRICE + 30n, fees: 20n },
        tokens: { ...noTokens, input: MILLION + 21 },
        estimated: { ...noTokens, input: 10 },
        interrupted: { ...noTokens, input: 7 },
        unpriced: { ...noTokens, input: 3 },
      });
      const hours = await books('hour');
      expect(
        hours.map((hour) => [(hour.startMs - DAY) / HOUR_MS, hour.tokens.input, hour.estimated.input]),
      ).toEqual([
        [1, MILLION + 11, 0],
        [5, 10, 10],
      ]);
    });

    it('takes an interrupted attempt that was settled late for known', async () => {
      const cut = entry({ status: 'interrupted', is_estimated: 1 });
      await post(cut);
      await post(entry({ exchange_id: cut.exchange_id, input_tokens: MILLION + 5 }));
      const [day] = await books('day');
      expect(day).toMatchObject({ tokens: { input: MILLION + 5 }, interrupted: noTokens });
    });

    it('finds no drift in equal books, and keeps the run and the bill', async () => {
      await post(entry());
      const found = await run(bill([{ tokens: { ...noTokens, input: MILLION } }, { cost: PRICE }]));
      expect(found).toMatchObject({ rows: [], judged: 1, drift: 0n, over: 0 });
      expect(found.unjudged).toEqual([
        { provider: 'anthropic', startMs: DAY + 3 * DAY_MS, endMs: DAY + 4 * DAY_MS, reason: 'young' },
      ]);
      expect(await listReconciliations(store, 5)).toEqual([found]);
      const buckets = await store.kysely.selectFrom('provider_cost_buckets').selectAll().execute();
      expect(buckets).toMatchObject([
        { model: 'claude-x', input_tokens: MILLION, cost_nano: PRICE, fetched_at: NOW },
      ]);
    });

    it('proposes, books what is accepted once, and finds no drift then', async () => {
      await post(entry());
      const found = await run(twiceBilled);
      expect(found).toMatchObject({ over: 1, drift: PRICE });
      expect(await verifyLedger(store)).toMatchObject({ entries: 1 });
      const [proposal] = await listProposals(store, { state: 'open', limit: 5 });
      expect(proposal).toMatchObject({
        reconciliationId: found.id,
        cost: PRICE,
        tokens: { input: MILLION },
        startMs: DAY,
      });

      const first = await accept(proposal!.id);
      expect(first).toMatchObject({ state: 'accepted', decidedBy: 'operator', decidedAtMs: NOW });
      expect(await accept(proposal!.id, 'd2')).toEqual(first);
      expect(await dismissProposal(store, decide(proposal!.id, 'd3'))).toEqual(first);

      const report = await verifyLedger(store);
      expect(report).toMatchObject({ isSound: true, entries: 2, cost: 2n * PRICE, problems: [] });
      expect(await run(twiceBilled)).toMatchObject({ rows: [], judged: 1 });
      expect(await listProposals(store, { state: 'open', limit: 5 })).toEqual([]);
      // Spending shows it on the day it was booked.
      const usage = await sumUsage(store, { by: 'day', limit: 9, sinceMs: DAY, untilMs: NOW + DAY_MS });
      expect(usage.map(({ value, cost, entries }) => [value, cost, entries])).toEqual([
        ['2026-11-21', PRICE, 0],
        ['2026-11-18', PRICE, 1],
      ]);
    });

    it('books it once when several accept at the same time', async () => {
      await post(entry());
      await run(twiceBilled);
      const [proposal] = await listProposals(store, { state: 'open', limit: 5 });
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((decision) => accept(proposal!.id, decision)),
      );
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 2, cost: 2n * PRICE });
    });

    it('books negative adjustments and adds them to rollups that are there', async () => {
      await post(
        entry(),
        entry({
          created_at: DAY + DAY_MS + 1,
          input_tokens: 2 * MILLION,
          cost_nano: 2n * PRICE,
          other_cost_nano: 2n * PRICE,
        }),
      );
      await run(bill([]));
      const proposals = await listProposals(store, { state: 'open', limit: 5 });
      expect(proposals.map(({ cost }) => cost).sort()).toEqual([-2n * PRICE, -PRICE].sort());
      for (const { id } of proposals) await accept(id, id);
      expect(await verifyLedger(store)).toMatchObject({ isSound: true, entries: 4, cost: 0n, problems: [] });
      expect(await run(bill([]))).toMatchObject({ rows: [] });
    });

    it('books an adjustment of tool calls, which are of no model', async () => {
      await run(bill([{ model: undefined, cost: PRICE }]));
      const [proposal] = await listProposals(store, { state: 'open', limit: 5 });
      expect(proposal).toMatchObject({ model: '', cost: PRICE });
      await accept(proposal!.id);
      expect(await run(bill([{ model: undefined, cost: PRICE }]))).toMatchObject({ rows: [], judged: 1 });
      expect(await verifyLedger(store)).toMatchObject({ isSound: true });
    });

    it('replaces what was proposed before, but only for days that are judged again', async () => {
      await post(entry(), entry({ created_at: DAY + DAY_MS + 1 }));
      await run(bill([]));
      const before = await listProposals(store, { state: 'open', limit: 5 });
      expect(before).toHaveLength(2);
      const second = await run(bill([{ tokens: { ...noTokens, input: MILLION }, cost: 2n * PRICE }], 1));
      const open = await listProposals(store, { state: 'open', limit: 5 });
      expect(open.map(({ startMs, cost }) => [startMs, cost])).toEqual([
        [DAY, PRICE],
        [DAY + DAY_MS, -PRICE],
      ]);
      const old = before.find(({ startMs }) => startMs === DAY);
      expect(await accept(old!.id)).toMatchObject({ state: 'dismissed', decidedBy: second.id });
      expect(await verifyLedger(store)).toMatchObject({ entries: 2 });
    });

    it('finds the same again under the same id, and does not propose again what was set aside', async () => {
      await post(entry(), entry({ created_at: DAY + DAY_MS + 1 }));
      await run(bill([]));
      const [later, first] = await listProposals(store, { state: 'open', limit: 5 });
      expect([first!.startMs, later!.startMs]).toEqual([DAY, DAY + DAY_MS]);
      await dismissProposal(store, decide(later!.id, 'd1'));
      const again = await run(bill([]));
      expect(await listProposals(store, { state: 'open', limit: 5 })).toEqual([
        { ...first, reconciliationId: again.id },
      ]);
      // Other figures are another proposal.
      await run(twiceBilled);
      const open = await listProposals(store, { state: 'open', limit: 5 });
      expect(open.map(({ startMs, cost }) => [startMs, cost])).toEqual([[DAY, PRICE]]);
    });

    it('compares tokens by the hour without touching proposals', async () => {
      await post(entry());
      await run(bill([]));
      const hour = { startMs: DAY + HOUR_MS, endMs: DAY + 2 * HOUR_MS };
      const found = await run(
        bill([{ ...hour, tokens: { ...noTokens, input: MILLION + 1_000_000 } }]),
        'hour',
      );
      expect(found.rows).toMatchObject([{ ...hour, drift: PRICE, theirs: { cost: undefined } }]);
      expect(await listProposals(store, { state: 'open', limit: 5 })).toHaveLength(1);
    });

    it('knows no proposal of another name', async () => {
      expect(await accept('adj_none')).toBeUndefined();
      expect(await dismissProposal(store, decide('adj_none', 'x'))).toBeUndefined();
    });
  },
);
