/** Writes corrections and their rollups in one transaction. */
import { type CompiledQuery, sql } from 'kysely';
import type { Store } from '../store/store.ts';
import type { Entry } from './book.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { DAY_MS, HOUR_MS, type Rollup, rollUp } from './rollup.ts';

interface Query {
  compile(): CompiledQuery;
}

const rollupKey = ['workspace_id', 'key_id', 'member_id', 'agent_id', 'provider', 'model'] as const;

/** All or none; rejects where one of them is booked already. For callers that are alone (`store.alone`). */
export async function bookCorrections(
  store: Store,
  corrections: readonly { readonly entry: Entry; readonly price: PriceSnapshot }[],
): Promise<void> {
  if (corrections.length === 0) return;
  const entries = corrections.map(({ entry }) => entry);
  const prices = new Map(corrections.map(({ price }) => [price.id, price]));
  await store.write([
    ...[...prices.values()].map((price) =>
      store.kysely
        .insertInto('price_snapshots')
        .values(price)
        .onConflict((conflict) => conflict.doNothing()),
    ),
    ...entries.map((entry) => store.kysely.insertInto('ledger_entries').values(entry)),
    ...rollUp(entries, HOUR_MS).map((rollup) => addRollup(store, 'hour', rollup)),
    ...rollUp(entries, DAY_MS).map((rollup) => addRollup(store, 'day', rollup)),
  ]);
}

function addRollup(store: Store, period: 'hour' | 'day', rollup: Rollup): Query {
  const table = period === 'hour' ? 'usage_hours' : 'usage_days';
  const { period: startMs, histogram: _histogram, ...columns } = rollup;
  const isKey = (name: string) => (rollupKey as readonly string[]).includes(name);
  // A correction has no latency: the histogram stays as it is.
  const row = { ...columns, [period]: startMs, latency_histogram: '[]' };
  const names = sql.join(Object.keys(row).map((name) => sql.ref(name)));
  const added = Object.keys(columns)
    .filter((name) => !isKey(name))
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`);
  const key = sql.join([...rollupKey, period].map((name) => sql.ref(name)));
  const insert = sql`insert into ${sql.table(table)} (${names}) values (${sql.join(Object.values(row))})
    on conflict (${key}) do update set ${sql.join(added)}`;
  return { compile: () => insert.compile(store.kysely) };
}
