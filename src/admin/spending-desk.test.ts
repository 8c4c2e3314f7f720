/** What an exchange cost, from its hold to the answers of the admin API, in a real database. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId, type WorkspaceId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import type { Price } from '../catalog/price.ts';
import { createLedger, type RunningLedger } from '../ledger/create-ledger.ts';
import type { ReserveRequest, SettleRequest } from '../ledger/ledger.ts';
import { createSqliteLedgerStore } from '../ledger/sqlite-ledger-store.ts';
import { createWorkspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { createSpendingDesk } from './spending-desk.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const clock = { now: () => NOW, monotonic: () => 0 };
const price: Price = {
  provider: 'openai',
  model: 'gpt-4o',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 2_500_000, output: 10_000_000 } }],
};

let store: SqliteStore;
let ledger: RunningLedger;
let mine: WorkspaceId;
let theirs: WorkspaceId;

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  mine = (await createWorkspace(store, 'mine', 1)).id;
  theirs = (await createWorkspace(store, 'theirs', 1)).id;
  ledger = createLedger({ store: createSqliteLedgerStore(store, clock), clock, log: silentLog });
});
afterEach(() => {
  ledger.stop();
  store.close();
});

/** One attempt from hold to entry. */
async function spend(
  workspaceId: WorkspaceId,
  more: Partial<ReserveRequest & SettleRequest> = {},
): Promise<string> {
  const exchangeId = more.exchangeId ?? newId('exc');
  const attempt = more.attempt ?? 1;
  await ledger.reserve({
    ...{ exchangeId, attempt, workspaceId, keyId: 'key_1', provider: 'openai', model: 'gpt-4o' },
    ...{ clientFormat: 'openai-chat', lane: 'relay', price, inputEstimate: 10 },
    ...{ createdAtMs: NOW, deadlineAtMs: NOW + 1000 },
    ...more,
  });
  ledger.settle({
    ...{ exchangeId, attempt, status: 'ok', isCharged: true, latencyMs: 5, settledAtMs: NOW },
    usage: { reported: { input: 100, output: 20, raw: null }, outputEstimate: 0, hasContent: true },
    ...more,
  });
  expect(await ledger.drain(1000)).toBe(true);
  return exchangeId;
}

it('sums, lists and verifies what one workspace spent', async () => {
  const failed = await spend(mine, { status: 'upstream_error', isCharged: false });
  await spend(mine, { exchangeId: failed as never, attempt: 2 });
  const unpriced = await spend(mine, { price: undefined, agentId: 'bot' });
  await spend(theirs);
  const desk = createSpendingDesk(store, mine);
  const range = { sinceMs: 0, untilMs: NOW + 1 };

  expect(await desk.usage('model', range, 10)).toMatchObject([
    { value: 'openai/gpt-4o', entries: 3, errors: 1, unpriced: 1, input: 200, output: 40, cost: 450_000n },
  ]);
  expect((await desk.usage('agent', range, 10)).map(({ value }) => value).sort()).toEqual(['', 'bot']);
  expect(await desk.usage('model', { sinceMs: NOW + 1, untilMs: NOW + 2 }, 10)).toEqual([]);

  const { entries: recent } = await desk.recent({ ...range, limit: 10 });
  expect(recent.map(({ exchangeId, attempt }) => [exchangeId, attempt])).toEqual([
    [unpriced, 1],
    [failed, 1],
    [failed, 2],
  ]);
  const { entries: newest, next } = await desk.recent({ ...range, limit: 1 });
  expect(newest.map(({ exchangeId }) => exchangeId)).toEqual([unpriced]);
  expect((await desk.recent({ ...range, limit: 1 }, next)).entries).toHaveLength(2);
  expect(await desk.recent({ ...range, limit: 10, keyId: 'key_2' })).toEqual({ entries: [] });
  expect((await desk.entriesOf(unpriced as never))[0]).toMatchObject({ cost: undefined, agentId: 'bot' });
  expect(await desk.verify()).toMatchObject({ isSound: true, entries: 4, cost: 900_000n });
});

it('shows what was decided beside what was spent', async () => {
  const facts = { asked: 'fast', revision: 1, upstreamFormat: 'anthropic-messages', overheadMs: 2 };
  const decision = { ...facts, skipped: [], requestLosses: [], replyLosses: [] };
  const id = await spend(mine, { lane: 'translate', decision });
  const found = await createSpendingDesk(store, mine).decisionsOf(id as never);
  expect(found.get(1)).toMatchObject(facts);
});

it('does not show an exchange of another workspace', async () => {
  const id = await spend(theirs);
  expect(await createSpendingDesk(store, mine).entriesOf(id as never)).toEqual([]);
});

it('finds an entry that was tampered with', async () => {
  await spend(mine);
  store.database.exec('UPDATE ledger_entries SET cost_nano = cost_nano + 1');
  const report = await createSpendingDesk(store, mine).verify();
  expect(report.isSound).toBe(false);
  expect(report.problems.length).toBeGreaterThan(0);
});
