/** Puts a model of budgets beside a store: its answers, and what its tables hold after each batch. */
import { expect } from 'vitest';
import type { Budget } from '../../src/ledger/budget.ts';
import type { Grant } from '../../src/ledger/ledger.ts';
import type { BatchResult, LedgerStore } from '../../src/ledger/ledger-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type BudgetModel, windowName } from './budget-model.ts';
import { applyToModel, type Expected, nameOf } from './budget-oracle.ts';
import { bring } from './budget-oracle-alerts.ts';
import { rateName } from './budget-oracle-rates.ts';

export interface Watched {
  readonly store: Store;
  readonly model: BudgetModel;
  now(): number;
  /** Every version of every budget there has been, by `id/version`. */
  readonly versions: ReadonlyMap<string, Budget>;
}

/** The store, with every batch of it judged. */
export function watchBatches(ledgerStore: LedgerStore, watched: Watched): LedgerStore {
  return {
    ...ledgerStore,
    async applyBatch(batch) {
      const expected = applyToModel(watched.model, batch, watched.now());
      const result = await ledgerStore.applyBatch(batch);
      expectResult(result, expected);
      await compareTables(watched);
      return result;
    },
  };
}

function expectResult(result: BatchResult, expected: Expected): void {
  if (!result.ok) throw new Error(`the store refused a batch: ${result.fault}, ${result.message}`);
  expect(result.grants.map(plainGrant)).toEqual(expected.grants.map(plainGrant));
  expect(result.holds).toEqual(expected.holds);
  expect(result.duplicates.map(nameOf).toSorted()).toEqual(expected.duplicates.map(nameOf).toSorted());
  expect(result.late.map(nameOf).toSorted()).toEqual(expected.late.map(nameOf).toSorted());
}

/** What a grant may leave out is filled in; when a stream ends, nobody can say. */
function plainGrant(grant: Grant): unknown {
  if (grant.ok) return { ...grant, amount: grant.amount ?? 0n, rates: grant.rates ?? [] };
  if (grant.reason === 'rate_limited' && grant.rate.metric === 'streams') return { ...grant, retryMs: 0 };
  return grant;
}

export async function compareTables(watched: Watched): Promise<void> {
  await compareWindows(watched);
  await compareHolds(watched);
  await compareRates(watched);
  await compareAlerts(watched);
}

/** Rows in which nothing was ever counted may be there or not. */
async function compareWindows({ store, model, versions }: Watched): Promise<void> {
  const rows = await store.kysely.selectFrom('budget_windows').selectAll().execute();
  const found = new Map(rows.map((row) => [windowName(row.budget_id, row.subject, row.start_at), row]));
  for (const [key, window] of model.windows) {
    const row = found.get(key);
    const newer = row && versions.get(`${row.budget_id}/${row.limit_version}`);
    // A store may learn of a newer version before it has to.
    if (newer && newer.version > window.version) bring(window, newer, newer.period.startsWith('rolling'));
  }
  const used = [...model.windows].filter(([, w]) => w.requests + w.refusals > 0 || w.settled !== 0n);
  const expected = used.map(([key, window]) => {
    const { isExcused: _, alertAt: __, budgetId: ___, subject: ____, start: _____, ...kept } = window;
    return [key, kept] as const;
  });
  const actual = used.map(([key]) => {
    const row = found.get(key);
    if (!row) return [key, undefined];
    return [
      key,
      {
        end: row.end_at,
        limit: row.limit_nano,
        version: row.limit_version,
        settled: row.settled_nano,
        reserved: row.reserved_nano,
        requests: row.requests,
        refusals: row.refusals,
        overruns: row.overruns,
        blockedAt: row.blocked_at,
      },
    ];
  });
  expect(actual).toEqual(expected);
  for (const [key, row] of found) {
    const isUsed = row.requests + row.refusals > 0 || row.settled_nano !== 0n || row.reserved_nano !== 0n;
    expect(isUsed && !model.windows.has(key) ? key : undefined).toBeUndefined();
    const window = model.windows.get(key);
    // The promise itself, said without the model's sums.
    if (window && !window.isExcused && row.overruns === 0)
      expect(row.settled_nano + row.reserved_nano <= row.limit_nano).toBe(true);
  }
}

async function compareHolds({ store, model }: Watched): Promise<void> {
  const rows = await store.kysely
    .selectFrom('reservations')
    .select(['exchange_id', 'attempt', 'amount_nano', 'max_output_tokens', 'windows', 'rates'])
    .execute();
  const actual = rows.map((row) => [
    `${row.exchange_id}/${row.attempt}`,
    {
      amount: row.amount_nano,
      maxOutput: row.max_output_tokens,
      windows: (JSON.parse(row.windows ?? '[]') as [string, string, number][]).map((key) =>
        windowName(...key),
      ),
      rates: JSON.parse(row.rates ?? '[]'),
    },
  ]);
  expect(new Map(actual as [string, unknown][])).toEqual(model.holds);
}

async function compareRates({ store, model }: Watched): Promise<void> {
  const rows = await store.kysely.selectFrom('rate_limits').selectAll().execute();
  const found = new Map(rows.map((row) => [rateName(row.subject, row.metric), row]));
  for (const [name, { fullAt, inFlight }] of model.rates) {
    const row = found.get(name);
    const isStream = row?.metric === 'streams';
    const actual = { fullAt: isStream ? 0n : BigInt(row?.full_at_us ?? -1), inFlight: row?.in_flight };
    expect([name, actual]).toEqual([name, { fullAt, inFlight }]);
  }
  for (const [name, row] of found)
    if (!model.rates.has(name)) expect([name, row.in_flight, row.full_at_us]).toEqual([name, 0, 0]);
}

async function compareAlerts({ store, model }: Watched): Promise<void> {
  const alerts = await store.kysely.selectFrom('budget_alerts').selectAll().execute();
  const kept = alerts.map((row) => [
    JSON.stringify([row.budget_id, row.subject, row.start_at, row.threshold, row.limit_version]),
    { settled: row.settled_nano, at: row.created_at },
  ]);
  expect(new Map(kept as [string, never][])).toEqual(model.alerts);
  const outbox = await store.kysely.selectFrom('outbox').selectAll().execute();
  for (const row of outbox) {
    const payload = JSON.parse(row.payload) as { readonly topic: string; readonly at: number };
    expect(row).toMatchObject({ id: row.dedupe_key, topic: payload.topic, attempts: 0, next_at: payload.at });
  }
  const told = outbox.map((row) => [row.dedupe_key, JSON.parse(row.payload)] as [string, never]);
  expect(new Map(told)).toEqual(model.told);
}
