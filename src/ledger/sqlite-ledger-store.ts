/** The ledger's statements on SQLite: prepared once, one immediate transaction per batch. */
import type { Clock } from '../base/clock.ts';
import type { PriceId } from '../base/ids.ts';
import type { SqliteDatabase, SqliteStore } from '../store/sqlite.ts';
import { bookLateSettle, type Entry, type EntrySums, type Reservation } from './book.ts';
import type { AttemptKey } from './ledger.ts';
import type { Batch, BatchResult, Fault, LedgerStore, Post, Reserve } from './ledger-store.ts';
import type { PriceSnapshot } from './price-snapshot.ts';
import { listOwn, reservationColumns } from './reservations.ts';
import { DAY_MS, HOUR_MS, mergeHistograms, type Rollup, rollUp } from './rollup.ts';

/**
 * There is one process, held by the lock of the database: its name need not tell it from others. It is what the
 * column of reservations holds by itself.
 */
const REPLICA = 'local';

/** @param clock decides of rates and dates alerts: there is no other clock to ask. */
export function createSqliteLedgerStore(store: SqliteStore, clock: Pick<Clock, 'now'>): LedgerStore {
  const { database, kysely } = store;
  registerHistogram(database);
  const statements = prepare(database);
  const known: Known = { prices: new Set(), epoch: 0 };
  const runBatch = database.transaction((batch: Batch) => apply(statements, known, batch));
  return {
    beatMs: undefined,
    async join() {
      const { epoch } = statements.beginLife.get(REPLICA, clock.now()) as { epoch: number };
      known.epoch = epoch;
    },
    async leave() {
      statements.endLife.run(REPLICA, known.epoch);
    },
    async applyBatch(batch) {
      try {
        const { duplicates, late, newPrices, rows } = runBatch.immediate(batch);
        for (const id of newPrices) known.prices.add(id);
        store.noteWrites(rows);
        return {
          ok: true,
          duplicates,
          late,
          grants: batch.reserves.map(() => granted),
          holds: [],
          skewMs: 0,
        };
      } catch (error) {
        return judgeError(error);
      }
    },
    makeDurable: async () => {
      if (store.durability === 'power') await store.syncWal();
    },
    listAbandoned: (limit) => listOwn(kysely, REPLICA, known.epoch, limit),
    sweep: async () => [],
    findPrice: (id) =>
      kysely.selectFrom('price_snapshots').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}

const granted = { ok: true } as const;

/** What this process knows of the database. */
interface Known {
  readonly prices: Set<PriceId>;
  /** Of this life; 0 before the first. */
  epoch: number;
}

/** In the order of the columns above. Written out: a loop over names is ten times slower than fields the engine knows. */
function reservationValues(row: Reservation, epoch: number): unknown[] {
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
    row.max_output_tokens,
    row.observed_output,
    row.created_at,
    row.deadline_at,
    row.amount_nano,
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
function entryValues(row: Entry): unknown[] {
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

type Statements = ReturnType<typeof prepare>;

function prepare(database: SqliteDatabase) {
  return {
    insertReservation: database.prepare(
      // The defaults of the other columns are this replica's name and state.
      insertInto('reservations', [...reservationColumns, 'replica_epoch']),
    ),
    deleteReservation: database.prepare('delete from reservations where exchange_id = ? and attempt = ?'),
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
  };
}

function registerHistogram(database: SqliteDatabase): void {
  const merge = (a: unknown, b: unknown) => mergeHistograms(String(a), String(b));
  database.function('merge_histograms', { deterministic: true }, merge);
}

interface Applied {
  readonly duplicates: AttemptKey[];
  readonly late: AttemptKey[];
  readonly newPrices: PriceId[];
  rows: number;
}

function apply(statements: Statements, known: Known, batch: Batch): Applied {
  const applied: Applied = { duplicates: [], late: [], newPrices: [], rows: 0 };
  insertPrices(statements, known.prices, batch, applied);
  for (const { exchangeId, attempt } of batch.releases) statements.deleteReservation.run(exchangeId, attempt);
  insertEntries(statements, batch.posts, applied);
  for (const { reservation } of batch.reserves) {
    statements.insertReservation.run(reservationValues(reservation, known.epoch));
  }
  for (const { exchangeId, attempt, outputEstimate } of batch.progress) {
    statements.noteProgress.run(outputEstimate, exchangeId, attempt, outputEstimate);
  }
  if (batch.isProbe) statements.probe.run();
  applied.rows += batch.releases.length + batch.reserves.length + batch.progress.length;
  return applied;
}

function insertPrices(
  statements: Statements,
  knownPrices: ReadonlySet<PriceId>,
  batch: Batch,
  applied: Applied,
): void {
  const insert = ({ price }: Reserve | Post) => {
    if (!price || knownPrices.has(price.id) || applied.newPrices.includes(price.id)) return;
    statements.insertPrice.run(pick(price, priceColumns));
    applied.newPrices.push(price.id);
  };
  batch.posts.forEach(insert);
  batch.reserves.forEach(insert);
}

/** Only entries that were not there yet are added to the rollups. */
function insertEntries(statements: Statements, posts: readonly Post[], applied: Applied): void {
  const added: Entry[] = [];
  for (const { entry, decision } of posts) {
    const { exchange_id: exchangeId, attempt } = entry;
    statements.deleteReservation.run(exchangeId, attempt);
    const { changes } = statements.insertEntry.run(entryValues(entry));
    if (changes === 0) {
      applied.duplicates.push({ exchangeId, attempt });
      const correction = insertLateSettle(statements, entry);
      if (!correction) continue;
      applied.late.push({ exchangeId, attempt });
      added.push(correction);
    } else added.push(entry);
    if (decision === undefined) continue;
    statements.insertDecision.run(exchangeId, attempt, decision);
    applied.rows += 1;
  }
  if (added.length === 0) return;
  for (const rollup of rollUp(added, HOUR_MS)) statements.upsertHour.run(rollupValues(rollup));
  for (const rollup of rollUp(added, DAY_MS)) statements.upsertDay.run(rollupValues(rollup));
  applied.rows += 2 * posts.length;
}

/** undefined = it is not one, or it has been booked. */
function insertLateSettle(statements: Statements, entry: Entry): Entry | undefined {
  if (entry.sequence !== 0 || entry.status === 'interrupted') return undefined;
  const booked = statements.findInterrupted.get(entry.exchange_id, entry.attempt) as EntrySums | undefined;
  if (!booked) return undefined;
  const correction = bookLateSettle(entry, booked);
  return statements.insertEntry.run(entryValues(correction)).changes === 0 ? undefined : correction;
}

function pick<K extends string>(row: Readonly<Record<K, unknown>>, columns: readonly K[]): unknown[] {
  const values = new Array<unknown>(columns.length);
  for (let at = 0; at < columns.length; at += 1) values[at] = row[columns[at]!];
  return values;
}

function rollupValues(rollup: Rollup): unknown[] {
  return [...pick(rollup, rollupKey), ...pick(rollup, rollupSums), JSON.stringify(rollup.histogram)];
}

/** SQLite's own codes for trouble that is not the fault of what was to be written. */
const unavailableCodes =
  /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|AUTH|PROTOCOL|INTERRUPT)/;

function judgeError(error: unknown): BatchResult {
  const code = String((error as { code?: unknown })?.code ?? '');
  const message = error instanceof Error ? `${code} ${error.message}`.trim() : String(error);
  let fault: Fault = 'rejected';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) fault = 'busy';
  else if (unavailableCodes.test(code) || /database connection is not open/.test(message))
    fault = 'unavailable';
  return { ok: false, fault, message };
}
