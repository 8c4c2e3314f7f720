/** The ledger's statements on SQLite, prepared once, and the order of their values. */
import type { SqliteDatabase } from '../store/sqlite.ts';
import type { Entry, Reservation } from './book.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { reservationColumns } from './reservations.ts';
import { mergeHistograms, type Rollup } from './rollup.ts';
import { prepareAlerts } from './sqlite-alerts.ts';
import { prepareRates } from './sqlite-rates.ts';
import { prepareWindows } from './sqlite-windows.ts';

/** What a reserve was granted. */
export interface Held {
  readonly amount: bigint;
  readonly maxOutput: number | null;
}

/** In the order of the columns below. Written out: a loop over names is ten times slower than fields the engine knows. */
export function reservationValues(row: Reservation, held: Held, epoch: number): unknown[] {
  return [
    row.exchange_id,
    row.attempt,
    row.workspace_id,
    row.key_id,
    row.member_id,
    row.agent_id,
    row.session_id,
    row.end_user,
    row.provider,
    row.model,
    row.client_format,
    row.lane,
    row.price_id,
    row.input_estimate,
    held.maxOutput,
    row.observed_output,
    row.created_at,
    row.deadline_at,
    held.amount,
    row.windows,
    row.rates,
    epoch,
  ];
}

const entryColumns = [
  'exchange_id',
  'attempt',
  'sequence',
  'workspace_id',
  'key_id',
  'member_id',
  'agent_id',
  'session_id',
  'end_user',
  'provider',
  'model',
  'client_format',
  'lane',
  'status',
  'http_status',
  'stop',
  'error_class',
  'upstream_request_id',
  'service_tier',
  'price_id',
  'price_state',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'calls',
  'cost_nano',
  'input_cost_nano',
  'cache_cost_nano',
  'output_cost_nano',
  'other_cost_nano',
  'is_estimated',
  'flags',
  'raw_usage',
  'ttft_ms',
  'latency_ms',
  'started_at',
  'created_at',
  'windows',
] as const satisfies readonly (keyof Entry)[];

/** In the order of the columns above; written out as those of a reservation. */
export function entryValues(row: Entry): unknown[] {
  return [
    row.exchange_id,
    row.attempt,
    row.sequence,
    row.workspace_id,
    row.key_id,
    row.member_id,
    row.agent_id,
    row.session_id,
    row.end_user,
    row.provider,
    row.model,
    row.client_format,
    row.lane,
    row.status,
    row.http_status,
    row.stop,
    row.error_class,
    row.upstream_request_id,
    row.service_tier,
    row.price_id,
    row.price_state,
    row.input_tokens,
    row.cache_read_tokens,
    row.cache_write_5m_tokens,
    row.cache_write_1h_tokens,
    row.output_tokens,
    row.reasoning_tokens,
    row.audio_input_tokens,
    row.audio_output_tokens,
    row.calls,
    row.cost_nano,
    row.input_cost_nano,
    row.cache_cost_nano,
    row.output_cost_nano,
    row.other_cost_nano,
    row.is_estimated,
    row.flags,
    row.raw_usage,
    row.ttft_ms,
    row.latency_ms,
    row.started_at,
    row.created_at,
    row.windows,
  ];
}

const priceColumns = [
  'id',
  'content_hash',
  'provider',
  'model',
  'service_tier',
  'source',
  'effective_from',
  'tiers',
] as const satisfies readonly (keyof PriceSnapshot)[];

const rollupKey = ['workspace_id', 'period', 'key_id', 'member_id', 'agent_id', 'provider', 'model'] as const;
const rollupSums = [
  'entries',
  'errors',
  'estimated',
  'unpriced',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'cost_nano',
  'latency_ms',
  'ttft_ms',
  'ttft_entries',
] as const satisfies readonly (keyof Rollup)[];

/** Positional: binding by name costs twice as much. */
function insertInto(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

function upsertRollup(table: string, period: string): string {
  const key = rollupKey.map((column) => (column === 'period' ? period : column));
  const sums = rollupSums.map((column) => `${column} = ${column} + excluded.${column}`);
  return `${insertInto(table, [...key, ...rollupSums, 'latency_histogram'])}
    on conflict (${key.join(', ')}) do update set ${sums.join(', ')},
    latency_histogram = merge_histograms(latency_histogram, excluded.latency_histogram)`;
}

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(database: SqliteDatabase) {
  registerHistogram(database);
  return {
    insertReservation: database.prepare(
      // The defaults of the other columns are this replica's name and state.
      insertInto('reservations', [...reservationColumns, 'replica_epoch']),
    ),
    // Half the price of the next one, and all that most installations need.
    takePlainReservation: database.prepare(
      'delete from reservations where exchange_id = ? and attempt = ? and windows is null and rates is null',
    ),
    takeReservation: database
      .prepare(
        'delete from reservations where exchange_id = ? and attempt = ? returning amount_nano, windows, rates',
      )
      .raw(true)
      .safeIntegers(true),
    findHeld: database
      .prepare('select amount_nano, windows from reservations where exchange_id = ? and attempt = ?')
      .raw(true)
      .safeIntegers(true),
    changeHeld: database.prepare(
      'update reservations set amount_nano = ? where exchange_id = ? and attempt = ?',
    ),
    noteProgress: database.prepare(
      'update reservations set observed_output = ? where exchange_id = ? and attempt = ? and observed_output < ?',
    ),
    insertEntry: database.prepare(`${insertInto('ledger_entries', entryColumns)} on conflict do nothing`),
    findInterrupted: database
      .prepare(
        `select * from ledger_entries
         where exchange_id = ? and attempt = ? and sequence = 0 and status = 'interrupted'`,
      )
      .safeIntegers(true),
    insertDecision: database.prepare(
      'insert into decisions (exchange_id, attempt, facts) values (?, ?, ?) on conflict do nothing',
    ),
    insertPrice: database.prepare(`${insertInto('price_snapshots', priceColumns)} on conflict do nothing`),
    upsertHour: database.prepare(upsertRollup('usage_hours', 'hour')),
    upsertDay: database.prepare(upsertRollup('usage_days', 'day')),
    beginLife: database.prepare(
      `insert into replicas (id, epoch, state, heartbeat_at, seq, version) values (?, 1, 'live', ?, 0, '')
       on conflict (id) do update set epoch = epoch + 1, state = 'live', heartbeat_at = excluded.heartbeat_at
       returning epoch`,
    ),
    endLife: database.prepare(`update replicas set state = 'stopped' where id = ? and epoch = ?`),
    probe: database.prepare(
      `insert into settings (key, value) values ('ledger.probe', '1')
       on conflict (key) do update set value = cast(value as integer) + 1`,
    ),
    windows: prepareWindows(database),
    rates: prepareRates(database),
    alerts: prepareAlerts(database),
  };
}

function registerHistogram(database: SqliteDatabase): void {
  const merge = (a: unknown, b: unknown) => mergeHistograms(String(a), String(b));
  database.function('merge_histograms', { deterministic: true }, merge);
}

function pick<K extends string>(row: Readonly<Record<K, unknown>>, columns: readonly K[]): unknown[] {
  const values = new Array<unknown>(columns.length);
  for (let at = 0; at < columns.length; at += 1) values[at] = row[columns[at]!];
  return values;
}

export function rollupValues(rollup: Rollup): unknown[] {
  return [...pick(rollup, rollupKey), ...pick(rollup, rollupSums), JSON.stringify(rollup.histogram)];
}

export function priceValues(price: PriceSnapshot): unknown[] {
  return pick(price, priceColumns);
}
