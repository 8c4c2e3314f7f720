/** What agents spent and when they were last booked: of the names that are asked for, of one workspace, on every store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../../test/support/stores.ts';
import type { Store } from '../../store/store.ts';
import { bookSettle, makeReservation } from '../book.ts';
import { emptyBatch, type LedgerStore } from '../ledger-store.ts';
import { snapshotPrice } from '../price-snapshot.ts';
import { lastBooked, sumAgents } from './agents.ts';

const NOW = Date.UTC(2030, 2, 15, 12, 30);
const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000, output: 0 } }],
};

let made = 0;

/** One entry of so many input tokens, each of which costs one nano-dollar. */
function post(
  agentId: string | undefined,
  atMs: number,
  input: number,
  workspaceId: 'ws_1' | 'ws_2' = 'ws_1',
) {
  made += 1;
  const reservation = makeReservation(
    {
      exchangeId: `exc_${made}`,
      attempt: 1,
      workspaceId,
      keyId: 'key_1',
      provider: 'p',
      model: 'm',
      clientFormat: 'openai-chat',
      lane: 'relay',
      price,
      inputEstimate: 1,
      createdAtMs: atMs,
      deadlineAtMs: atMs + 1,
      ...(agentId !== undefined && { agentId }),
    },
    snapshotPrice(price),
  );
  const booking = bookSettle(
    { reservation, price },
    {
      exchangeId: reservation.exchange_id,
      attempt: 1,
      status: 'ok',
      isCharged: true,
      usage: { reported: { input, raw: 0 }, outputEstimate: 0, hasContent: true },
      latencyMs: 10,
      settledAtMs: atMs,
    },
  );
  return { entry: booking.entry, price: booking.price };
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

async function fill(store: Store, ledgerStore: LedgerStore): Promise<void> {
  await store.write([
    store.kysely.insertInto('workspaces').values([
      { id: 'ws_1', name: 'one', created_at: 0 },
      { id: 'ws_2', name: 'two', created_at: 0 },
    ]),
  ]);
  const posts = [
    post('busy', NOW - 1_000, 7),
    post('busy', NOW - 3 * DAY, 10),
    post('busy', NOW - 20 * DAY, 100),
    post('hours', NOW - 5 * HOUR, 1),
    post('days', NOW - 60 * DAY, 2),
    post('other', NOW - 1, 3),
    post(undefined, NOW - 1, 5),
    post('busy', NOW, 1_000, 'ws_2'),
  ];
  const result = await ledgerStore.applyBatch({ ...emptyBatch, posts });
  expect(result).toMatchObject({ ok: true });
}

describe.each(storesUnderTest())('agents on $name', ({ open, remove }) => {
  let store: Store;
  beforeAll(async () => {
    const opened = await open();
    store = opened.store;
    await fill(store, opened.ledgerStore);
  });
  afterAll(async () => {
    await store.close();
    await remove();
  });

  const asked = ['busy', 'hours', 'days', 'idle'];

  it.each(['ws_1', 'ws_2'] as const)('spent this month and in all, in %s', async (workspaceId) => {
    const spend = await sumAgents(store, { workspaceId, names: asked }, NOW);
    const costs = [...spend].map(([name, { month, total }]) => [
      name,
      [month.entries, month.cost],
      [total.entries, total.cost],
    ]);
    const none = [0, 0n];
    expect(costs).toEqual(
      workspaceId === 'ws_1'
        ? [
            ['busy', [2, 17n], [3, 117n]],
            ['hours', [1, 1n], [1, 1n]],
            ['days', none, [1, 2n]],
            ['idle', none, none],
          ]
        : [
            ['busy', [1, 1_000n], [1, 1_000n]],
            ['hours', none, none],
            ['days', none, none],
            ['idle', none, none],
          ],
    );
  });

  it('were last booked: exactly, or as exactly as rollups tell', async () => {
    const of = (workspaceId: 'ws_1' | 'ws_2', names = asked) =>
      lastBooked(store, { workspaceId, names }, NOW);
    expect(await of('ws_1')).toEqual(
      new Map([
        ['busy', NOW - 1_000],
        ['hours', Date.UTC(2030, 2, 15, 7)],
        ['days', Date.UTC(2030, 0, 14)],
      ]),
    );
    expect(await of('ws_2')).toEqual(new Map([['busy', NOW]]));
    expect(await of('ws_1', [])).toEqual(new Map());
    expect(await sumAgents(store, { workspaceId: 'ws_1', names: [] }, NOW)).toEqual(new Map());
  });
});
