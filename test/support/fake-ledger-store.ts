/** A ledger store that fails on command, and what to ask of it: for tests of the running ledger. */
import type { Price } from '../../src/catalog/price.ts';
import type { Grant, ReserveRequest, SettleRequest } from '../../src/ledger/ledger.ts';
import type { Batch, BatchResult, Fault, LedgerStore, Reserve } from '../../src/ledger/ledger-store.ts';

const price: Price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 2_000_000 } }],
};

/** Attempt 1 of exchange `exc_<n>`. */
export const request = (n: number): ReserveRequest => ({
  exchangeId: `exc_${n}`,
  attempt: 1,
  workspaceId: 'ws_1',
  keyId: 'key_1',
  provider: 'p',
  model: 'm',
  clientFormat: 'openai-chat',
  lane: 'relay',
  price,
  inputEstimate: 100,
  createdAtMs: 0,
  deadlineAtMs: 1_000,
});
/** Its good end: 10 tokens in, 5 out, 20,000 nano-dollars. */
export const settled = (n: number): SettleRequest => ({
  exchangeId: `exc_${n}`,
  attempt: 1,
  status: 'ok',
  isCharged: true,
  usage: { reported: { input: 10, output: 5, raw: {} }, outputEstimate: 5, hasContent: true },
  latencyMs: 5,
  settledAtMs: 10,
});

/** Remembers what was applied; fails batches as long as `fault` says so, and flushes while `flushError` does. */
export function createFakeStore() {
  const fake = {
    batches: [] as Batch[],
    fault: undefined as Fault | undefined,
    flushError: undefined as Error | undefined,
    /** Entries the store would never take. */
    poison: new Set<string>(),
    flushes: 0,
    tries: 0,
    /** How each reserve is answered. */
    judge: (_: Reserve): Grant => ({ ok: true }),
    isHeld: true,
    skewMs: 0,
    /** Set: flushes wait for it. */
    gate: undefined as Promise<void> | undefined,
  };
  const store: LedgerStore = {
    async applyBatch(batch): Promise<BatchResult> {
      fake.tries += 1;
      if (fake.fault) return { ok: false, fault: fake.fault, message: fake.fault };
      const isPoisoned = [
        ...batch.posts.map(({ entry }) => entry.exchange_id),
        ...batch.reserves.map(({ reservation }) => reservation.exchange_id),
      ].some((id) => fake.poison.has(id));
      if (isPoisoned) return { ok: false, fault: 'rejected', message: 'poison' };
      fake.batches.push(batch);
      return {
        ok: true,
        duplicates: [],
        late: [],
        grants: batch.reserves.map((reserve) => fake.judge(reserve)),
        holds: batch.holds.map(() => fake.isHeld),
        skewMs: fake.skewMs,
      };
    },
    async makeDurable() {
      fake.flushes += 1;
      await fake.gate;
      if (fake.flushError) throw fake.flushError;
    },
    beatMs: undefined,
    join: async () => undefined,
    leave: async () => undefined,
    listAbandoned: async () => [],
    sweep: async () => [],
    findPrice: async () => undefined,
  };
  return { fake, store };
}
