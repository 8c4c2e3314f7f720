/** Entries as text for other programs: CSV for spreadsheets, JSON lines for everything else. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import { formatUsd } from '../base/money.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export const exportFormats = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Half-open, epoch milliseconds, by when entries were booked. */
export interface ExportQuery {
  readonly format: ExportFormat;
  readonly sinceMs: number;
  readonly untilMs: number;
}

type Row = Selectable<LedgerEntriesTable>;
type Cell = string | number | boolean | null | readonly string[] | Readonly<Record<string, number>>;

const iso = (atMs: number): string => new Date(atMs).toISOString();
/** Nothing is known of an unknown price, least of all that it is 0. */
const usd = (row: Row, amount: bigint): string | null =>
  row.price_state === 'unknown' ? null : formatUsd(amount);

/** Columns in their order. docs/guide/reconciliation.md says what each means, held equal by a test. */
export const exportColumns: Readonly<Record<string, (row: Row) => Cell>> = {
  seq: (row) => row.seq,
  exchange_id: (row) => row.exchange_id,
  attempt: (row) => row.attempt,
  correction: (row) => row.sequence,
  booked_at: (row) => iso(row.created_at),
  started_at: (row) => iso(row.started_at),
  workspace_id: (row) => row.workspace_id,
  key_id: (row) => row.key_id,
  member_id: (row) => row.member_id,
  agent_id: (row) => row.agent_id,
  session_id: (row) => row.session_id,
  end_user: (row) => row.end_user,
  provider: (row) => row.provider,
  model: (row) => row.model,
  client_format: (row) => row.client_format,
  lane: (row) => row.lane,
  status: (row) => row.status,
  http_status: (row) => row.http_status,
  stop: (row) => row.stop,
  error_class: (row) => row.error_class,
  upstream_request_id: (row) => row.upstream_request_id,
  service_tier: (row) => row.service_tier,
  input_tokens: (row) => row.input_tokens,
  cache_read_tokens: (row) => row.cache_read_tokens,
  cache_write_5m_tokens: (row) => row.cache_write_5m_tokens,
  cache_write_1h_tokens: (row) => row.cache_write_1h_tokens,
  output_tokens: (row) => row.output_tokens,
  reasoning_tokens: (row) => row.reasoning_tokens,
  audio_input_tokens: (row) => row.audio_input_tokens,
  audio_output_tokens: (row) => row.audio_output_tokens,
  calls: (row) => (row.calls === null ? null : (JSON.parse(row.calls) as Record<string, number>)),
  price_id: (row) => row.price_id,
  price_state: (row) => row.price_state,
  cost_usd: (row) => usd(row, row.cost_nano),
  input_cost_usd: (row) => usd(row, row.input_cost_nano),
  cache_cost_usd: (row) => usd(row, row.cache_cost_nano),
  output_cost_usd: (row) => usd(row, row.output_cost_nano),
  other_cost_usd: (row) => usd(row, row.other_cost_nano),
  is_estimated: (row) => row.is_estimated === 1,
  flags: (row) => (row.flags === null ? [] : row.flags.split(',')),
  ttft_ms: (row) => row.ttft_ms,
  latency_ms: (row) => row.latency_ms,
};

/** Entries read in one go. */
const PAGE = 1_000;

/** In the order they were booked; the head line of CSV first, then some lines at a time. */
export async function* exportEntries(
  store: Store,
  workspaceId: WorkspaceId,
  query: ExportQuery,
): AsyncIterable<string> {
  if (query.format === 'csv') yield `${Object.keys(exportColumns).join(',')}\r\n`;
  let after: Row | undefined;
  for (;;) {
    const rows = await selectPage(store, workspaceId, query, after);
    if (rows.length > 0) yield rows.map(query.format === 'csv' ? csvLine : jsonLine).join('');
    if (rows.length < PAGE) return;
    after = rows.at(-1);
    // Traffic goes first.
    await nextTurn();
  }
}

/** Of one member, as JSON lines in the order they were booked, some at a time. */
export async function* entriesOfMember(
  store: Store,
  workspaceId: WorkspaceId,
  memberId: string,
): AsyncIterable<string> {
  for (let after = -1; ; ) {
    const rows = await store.reader
      .selectFrom('ledger_entries')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('member_id', '=', memberId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    yield* rows.map((row) => `{"kind":"entry",${jsonLine(row).slice(1)}`);
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
    await nextTurn();
  }
}

/** By the index on (workspace, time): an export of the last day does not read the years before. */
function selectPage(
  { kysely }: Store,
  workspaceId: WorkspaceId,
  { sinceMs, untilMs }: ExportQuery,
  after: Row | undefined,
): Promise<Row[]> {
  let select = kysely
    .selectFrom('ledger_entries')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('created_at', '>=', after?.created_at ?? sinceMs)
    .where('created_at', '<', untilMs);
  if (after) {
    const { created_at: atMs, seq } = after;
    select = select.where((or) => or.or([or('created_at', '>', atMs), or('seq', '>', seq)]));
  }
  return select.orderBy('created_at').orderBy('seq').limit(PAGE).execute();
}

export function jsonLine(row: Row): string {
  const cells = Object.entries(exportColumns).map(([name, read]) => [name, read(row)]);
  return `${JSON.stringify(Object.fromEntries(cells))}\n`;
}

export function csvLine(row: Row): string {
  return `${Object.values(exportColumns)
    .map((read) => csvCell(read(row)))
    .join(',')}\r\n`;
}

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

/** Text that clients or providers chose never becomes a formula; numbers stay numbers. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  const text =
    typeof value !== 'object' ? String(value) : isList(value) ? value.join(' ') : JSON.stringify(value);
  const isHarmless = !FORMULA.test(text) || PLAIN_NUMBER.test(text);
  const safe = isHarmless ? text : `'${text}`;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
