/** Drift that somebody should look at, put into the outbox: once for each provider, model and day. */
import type { Reconciliation } from '../ledger/reconcile/reconcile.ts';
import { DAY_MS } from '../ledger/rollup.ts';
import type { Store } from '../store/store.ts';
import type { DriftAlert } from './alert.ts';

type Row = Reconciliation['rows'][number];

/** Rows over the line only; a day that was told of already changes nothing. How many are new. */
export async function putDriftAlerts(store: Store, run: Reconciliation): Promise<number> {
  const rows = new Map(
    run.rows
      .filter(({ isOver }) => isOver)
      .map((row) => outboxRow(row, run))
      .map((row) => [row.id, row] as const),
  );
  if (rows.size === 0) return 0;
  const [put] = await store.write([
    store.kysely
      .insertInto('outbox')
      .values([...rows.values()])
      .onConflict((conflict) => conflict.doNothing()),
  ]);
  return put ?? 0;
}

function outboxRow(row: Row, { id: reconciliation, createdAtMs }: Reconciliation) {
  const dayStart = Math.floor(row.startMs / DAY_MS) * DAY_MS;
  const alert: DriftAlert = {
    topic: 'reconciliation.drift',
    provider: row.provider,
    model: row.model ?? null,
    dayStart,
    bookedNano: String(row.ours.cost),
    driftNano: String(row.drift),
    causes: row.causes.map(({ cause, amount }) => ({ cause, nano: String(amount) })),
    reconciliation,
    at: createdAtMs,
  };
  const day = new Date(dayStart).toISOString().slice(0, 10);
  const id = `${alert.topic}/${row.provider}/${row.model ?? ''}/${day}`;
  return {
    id,
    topic: alert.topic,
    dedupe_key: id,
    payload: JSON.stringify(alert),
    next_at: createdAtMs,
    done_at: null,
  };
}
