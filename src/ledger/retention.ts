/**
 * What has been kept for long enough is taken away: decisions, then entries, then hours; days stay for ever.
 *
 * Small chunks with pauses, so that requests never wait for it. How far it goes is written down before the first
 * row goes: from then on readers tell that time by its hours (analytics/spans.ts), and `verify` compares only what
 * must still be whole. Being killed and run again changes nothing but the time it takes.
 */
import { type Compilable, type RawBuilder, sql } from 'kysely';
import type { Log } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { floorTo, retentionKeys } from './analytics/spans.ts';
import { DAY_MS } from './rollup.ts';

/** Days each is kept; 0 = for ever. */
export interface RetentionDays {
  readonly entries: number;
  readonly hours: number;
  readonly decisions: number;
}

export interface RetentionOptions {
  readonly store: Store;
  readonly days: RetentionDays;
  readonly nowMs: number;
  /** Rows of one transaction; 500 take some milliseconds. */
  readonly chunk?: number;
  /** Waits between two chunks. */
  readonly pause: () => Promise<void>;
  /** It ends after the chunk under way. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface Removed {
  readonly entries: number;
  readonly hours: number;
  readonly decisions: number;
}

const CHUNK = 500;

/** Rejects when the store cannot be written; what is gone by then is gone, and the next run goes on. */
export async function sweepOld(options: RetentionOptions): Promise<Removed> {
  const { days } = options;
  const removed = { entries: 0, hours: 0, decisions: 0 };
  const entriesMs = await writeDown(options, retentionKeys.entries, days.entries);
  const hoursMs = await writeDown(options, retentionKeys.hours, days.hours);
  const fromMs = Math.max(await readMark(options.store, retentionKeys.decisions), entriesMs);
  const decisionsMs = boundaryOf(options, days.decisions);
  for (const workspace of await listWorkspaces(options.store)) {
    const of = { store: options.store, workspace, removed };
    if (fromMs < decisionsMs) await removeDecisions(options, of, { fromMs, untilMs: decisionsMs });
    await inChunks(options, (chunk) => removeEntries(of, entriesMs, chunk));
    await inChunks(options, (chunk) => removeHours(of, hoursMs, chunk));
  }
  if (fromMs < decisionsMs && !options.signal.aborted)
    await options.store.write([setMark(options.store, retentionKeys.decisions, decisionsMs)]);
  const isAny = removed.entries + removed.hours + removed.decisions > 0;
  if (isAny) options.log.info({ ...removed }, 'rows that were kept for long enough are removed');
  return removed;
}

/** Repeats until a chunk is not full. */
async function inChunks(
  { pause, signal, chunk = CHUNK }: RetentionOptions,
  removeChunk: (chunk: number) => Promise<number>,
): Promise<void> {
  while (!signal.aborted && (await removeChunk(chunk)) >= chunk) await pause();
}

/** Start of the first UTC day that is kept, never earlier than it once was; 0 = nothing has to go. */
async function writeDown(options: RetentionOptions, key: string, days: number): Promise<number> {
  const { store } = options;
  const before = await readMark(store, key);
  const wanted = boundaryOf(options, days);
  if (wanted <= before) return before;
  await store.write([setMark(store, key, wanted)]);
  return wanted;
}

function boundaryOf({ nowMs }: RetentionOptions, days: number): number {
  return days === 0 ? 0 : floorTo(nowMs - days * DAY_MS, DAY_MS);
}

async function readMark({ kysely }: Store, key: string): Promise<number> {
  const row = await kysely.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return Number(row?.value ?? 0);
}

function setMark({ kysely }: Store, key: string, atMs: number): Compilable {
  const value = String(atMs);
  return kysely
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }));
}

interface OldEntry {
  readonly seq: number;
  readonly exchange_id: string;
  readonly attempt: number;
  readonly created_at: number;
}

/** Each workspace by itself, so that the index on (workspace, time) leads to the next rows. */
async function listWorkspaces({ kysely }: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const after = found.at(-1) ?? '';
    const { rows } = await sql<{ id: string | null }>`
      select min(id) as id from (
        select min(workspace_id) as id from ledger_entries where workspace_id > ${after}
        union all select min(workspace_id) from usage_hours where workspace_id > ${after}) as next`.execute(
      kysely,
    );
    const id = rows[0]?.id;
    if (!id) return found;
    found.push(id);
  }
}

type Counts = { -readonly [K in keyof Removed]: number };

/** What is swept of, and what of it is gone. */
interface Swept {
  readonly store: Store;
  readonly workspace: string;
  readonly removed: Counts;
}

/** With what was decided about them, should any of it be left. */
async function removeEntries(
  { store, workspace, removed }: Swept,
  beforeMs: number,
  chunk: number,
): Promise<number> {
  const { rows: old } = await sql<OldEntry>`
    select seq, exchange_id, attempt, created_at from ledger_entries
    where workspace_id = ${workspace} and created_at < ${beforeMs} limit ${sql.lit(chunk)}`.execute(
    store.kysely,
  );
  if (old.length === 0) return 0;
  const gone = sql`delete from ledger_entries where seq in (${sql.join(old.map(({ seq }) => seq))})`;
  const [decisions, entries] = await store.write([deleteDecisions(store, old), compilable(store, gone)]);
  removed.decisions += decisions ?? 0;
  removed.entries += entries ?? 0;
  return old.length;
}

function deleteDecisions(store: Store, entries: readonly OldEntry[]): Compilable {
  const keys = entries.map(({ exchange_id: id, attempt }) => sql`(${id}, ${sql.lit(attempt)})`);
  const gone = sql`
    delete from decisions where (exchange_id, attempt) in (values ${sql.join(keys)})`;
  return compilable(store, gone);
}

function compilable({ kysely }: Store, query: RawBuilder<unknown>): Compilable {
  return { compile: () => query.compile(kysely) };
}

/**
 * Of entries that stay. They are found by their entries, from where the last run ended: what is booked later for
 * an earlier time goes with its entry.
 */
async function removeDecisions(
  options: RetentionOptions,
  { store, workspace, removed }: Swept,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<void> {
  let after = { created_at: fromMs, seq: -1 };
  await inChunks(options, async (chunk) => {
    const { rows: old } = await sql<OldEntry>`
      select seq, exchange_id, attempt, created_at from ledger_entries
      where workspace_id = ${workspace} and created_at >= ${after.created_at} and created_at < ${untilMs}
        and (created_at > ${after.created_at} or seq > ${after.seq})
      order by created_at, seq limit ${sql.lit(chunk)}`.execute(store.kysely);
    if (old.length === 0) return 0;
    const [count] = await store.write([deleteDecisions(store, old)]);
    removed.decisions += count ?? 0;
    after = old.at(-1)!;
    return old.length;
  });
}

const hourKey = sql`workspace_id, hour, key_id, member_id, agent_id, provider, model`;

async function removeHours(
  { store, workspace, removed }: Swept,
  beforeMs: number,
  chunk: number,
): Promise<number> {
  const gone = sql`
    delete from usage_hours where (${hourKey}) in (
      select ${hourKey} from usage_hours where workspace_id = ${workspace} and hour < ${beforeMs}
      limit ${sql.lit(chunk)})`;
  const [count] = await store.write([compilable(store, gone)]);
  removed.hours += count ?? 0;
  return count ?? 0;
}
