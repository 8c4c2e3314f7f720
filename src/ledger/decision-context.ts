/** What an exchange was priced by, and which budgets it counted against: for people who ask why it cost what it did. */
import type { BudgetId } from '../base/budget.ts';
import type { ExchangeId } from '../base/ids.ts';
import type { Price } from '../catalog/price.ts';
import type { Store } from '../store/store.ts';
import { readWindows } from './claims.ts';
import { restorePrice } from './price-snapshot.ts';

export interface CountedBudget {
  readonly id: BudgetId;
  /** As it is called today. */
  readonly name: string;
  /** What its window is counted for. */
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly windowStartMs: number;
}

export interface DecisionContext {
  /** By attempt; none for those whose price is unknown, reported by the upstream, or not needed. */
  readonly prices: ReadonlyMap<number, Price>;
  /** Each once. */
  readonly budgets: readonly CountedBudget[];
}

export async function decisionContextOf(store: Store, exchangeId: ExchangeId): Promise<DecisionContext> {
  const rows = await store.kysely
    .selectFrom('ledger_entries')
    .select(['attempt', 'sequence', 'price_id', 'windows'])
    .where('exchange_id', '=', exchangeId)
    .orderBy('attempt')
    .orderBy('sequence')
    .execute();
  const priceIds = [...new Set(rows.flatMap((row) => row.price_id ?? []))];
  const snapshots =
    priceIds.length === 0
      ? []
      : await store.kysely.selectFrom('price_snapshots').selectAll().where('id', 'in', priceIds).execute();
  const byId = new Map(snapshots.map((row) => [row.id, restorePrice(row)]));
  const prices = new Map<number, Price>();
  for (const { attempt, price_id: id } of rows) {
    const price = id === null ? undefined : byId.get(id);
    // The last one is what it is priced by: a correction may have brought another.
    if (price) prices.set(attempt, price);
  }
  return {
    prices,
    budgets: await budgetsOf(
      store,
      rows.map(({ windows }) => windows),
    ),
  };
}

async function budgetsOf(store: Store, texts: readonly (string | null)[]): Promise<readonly CountedBudget[]> {
  const windows = new Map(
    texts.flatMap((text) => readWindows(text)).map((key) => [key.join(' '), key] as const),
  );
  if (windows.size === 0) return [];
  const ids = [...new Set([...windows.values()].map(([id]) => id))];
  const rows = await store.kysely
    .selectFrom('budgets')
    .select(['id', 'name'])
    .where('id', 'in', ids)
    .execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return [...windows.values()].map(([id, subject, windowStartMs]) => ({
    id,
    name: names.get(id) ?? id,
    subject,
    windowStartMs,
  }));
}
