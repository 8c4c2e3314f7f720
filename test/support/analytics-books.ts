/** Books for tests of analytics: some hundred attempts over days in which clocks change, spread over every dimension. */
import type { ExchangeId, KeyId, WorkspaceId } from '../../src/base/ids.ts';
import { bookSettle, makeReservation } from '../../src/ledger/book.ts';
import type { EntryStatus } from '../../src/ledger/ledger.ts';
import { emptyBatch, type LedgerStore, type Post } from '../../src/ledger/ledger-store.ts';
import { snapshotPrice } from '../../src/ledger/price-snapshot.ts';
import type { Store } from '../../src/store/store.ts';

export interface BookedAttempt {
  readonly atMs: number;
  readonly exchangeId?: string;
  readonly attempt?: number;
  readonly workspaceId?: string;
  readonly keyId?: string;
  readonly memberId?: string;
  readonly agentId?: string;
  readonly sessionId?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly status?: EntryStatus;
  /** Cents: one for each token of output. */
  readonly cents?: number;
  readonly input?: number;
  readonly latencyMs?: number;
  readonly ttftMs?: number;
  readonly isUnpriced?: boolean;
}

/** A token of output costs a cent, all else nothing. */
const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 10_000_000_000 } }],
};
export const CENT = 10_000_000n;

export async function openBooks(store: Store): Promise<void> {
  const { kysely } = store;
  await store.write([
    kysely.insertInto('workspaces').values([
      { id: 'ws_1', name: 'one', created_at: 0 },
      { id: 'ws_2', name: 'two', created_at: 0 },
    ]),
    kysely.insertInto('keys').values({
      id: 'key_1',
      workspace_id: 'ws_1',
      name: 'laptop',
      token_hash: 'h',
      preview: 'tp-…',
      created_at: 0,
    }),
  ]);
}

/** Throws where the ledger does not take them. */
export async function bookAttempts(
  ledgerStore: LedgerStore,
  attempts: readonly BookedAttempt[],
): Promise<void> {
  const posts = attempts.map(postOf);
  const result = await ledgerStore.applyBatch({ ...emptyBatch, posts });
  if (!result.ok || result.duplicates.length > 0) throw new Error(`not booked: ${JSON.stringify(result)}`);
}

function postOf(booked: BookedAttempt, n: number): Post {
  const known = booked.isUnpriced ? undefined : price;
  const { memberId, agentId, sessionId } = booked;
  const reservation = makeReservation(
    {
      exchangeId: (booked.exchangeId ?? `exc_${booked.atMs}_${n}`) as ExchangeId,
      attempt: booked.attempt ?? 1,
      workspaceId: (booked.workspaceId ?? 'ws_1') as WorkspaceId,
      keyId: (booked.keyId ?? 'key_1') as KeyId,
      provider: booked.provider ?? 'p',
      model: booked.model ?? 'm',
      clientFormat: 'openai-chat',
      lane: 'relay',
      price: known,
      inputEstimate: 0,
      createdAtMs: booked.atMs - 100,
      deadlineAtMs: booked.atMs,
      ...(memberId !== undefined && { memberId }),
      ...(agentId !== undefined && { agentId }),
      ...(sessionId !== undefined && { sessionId }),
    },
    known && snapshotPrice(known),
  );
  const { latencyMs = 100, ttftMs, input = 0, cents = 0 } = booked;
  const booking = bookSettle(
    { reservation, price: known },
    {
      exchangeId: reservation.exchange_id,
      attempt: reservation.attempt,
      status: booked.status ?? 'ok',
      isCharged: true,
      usage: { reported: { input, output: cents, raw: 0 }, outputEstimate: 0, hasContent: true },
      latencyMs,
      ...(ttftMs !== undefined && { ttftMs }),
      settledAtMs: booked.atMs,
    },
  );
  return { entry: booking.entry, price: booking.price };
}
