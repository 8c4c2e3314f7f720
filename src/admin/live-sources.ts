/** What live updates are made of: rows that came since, each read for one workspace alone. */
import type { Selectable } from 'kysely';
import { readAlert } from '../alerts/alert.ts';
import { fieldsOfAlert } from '../alerts/fields.ts';
import { titleOf } from '../alerts/wording.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { formatUsd, nanoUsd } from '../base/money.ts';
import { findHead } from '../registry/audit-chain.ts';
import { readEvent } from '../registry/audit-events.ts';
import type { LedgerEntriesTable } from '../store/schema.ts';
import type { HealthEventsTable } from '../store/schema-health.ts';
import type { Store } from '../store/store.ts';
import { renderEvent } from './audit.ts';
import type { LiveEvent } from './deps-live.ts';
import { iso } from './fields.ts';
import type { LiveCursor } from './live-cursor.ts';

/** Of one kind, in one turn; where more have come the oldest are left out, and that is said. */
export const MAX_ROWS = 500;
/** What another process writes with an earlier time, or an earlier number, may be seen after what is later. */
const LATE_MS = 10_000;
const LATE_ENTRIES = 200;

export interface LiveSource {
  readonly store: Store;
  /** Whether a place where requests are sent to is one of the workspace's. */
  sees(workspaceId: WorkspaceId, place: { readonly provider: string; readonly credential: string }): boolean;
}

/** An event with its own id, by which a repeat is known, and how far who has heard it has heard. */
export interface Heard extends LiveEvent {
  readonly id: string;
  readonly at: Partial<LiveCursor>;
  /** Another of the same place comes after it: who has heard this one alone has not heard that. */
  readonly isFollowed?: true;
}

export interface News {
  readonly events: readonly Heard[];
  /** Kinds of which there were more than are told. */
  readonly left: readonly string[];
}

/** The end of everything, as of now. */
export async function findPresent(
  { store }: LiveSource,
  workspaceId: WorkspaceId,
  nowMs: number,
): Promise<LiveCursor> {
  const [newest, head] = await Promise.all([
    store.reader
      .selectFrom('ledger_entries')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst(),
    findHead(store, workspaceId),
  ]);
  return {
    entries: newest?.seq ?? 0,
    audit: head.position,
    alertsMs: nowMs,
    healthMs: nowMs,
    tasksMs: nowMs,
  };
}

/** What came after the cursor, and a little before it; each kind in its order. What was told already is known by its id. */
export async function readNews(
  source: LiveSource,
  workspaceId: WorkspaceId,
  cursor: LiveCursor,
): Promise<News> {
  const kinds = await Promise.all([
    readEntries(source, workspaceId, cursor),
    readAlerts(source, workspaceId, cursor),
    readHealth(source, workspaceId, cursor),
    readTasks(source, workspaceId, cursor),
    readAudit(source, workspaceId, cursor),
  ]);
  return {
    events: kinds.flatMap(({ events }) => events),
    left: kinds.flatMap(({ kind, isCut }) => (isCut ? [kind] : [])),
  };
}

interface Kind {
  readonly kind: string;
  readonly events: readonly Heard[];
  readonly isCut: boolean;
}

async function readEntries(
  { store }: LiveSource,
  workspaceId: WorkspaceId,
  { entries }: LiveCursor,
): Promise<Kind> {
  // With one process numbers are given in the order of commits.
  const late = store.dialect === 'postgres' ? LATE_ENTRIES : 0;
  const rows = await store.reader
    .selectFrom('ledger_entries')
    .selectAll()
    .where('seq', '>', Math.max(0, entries - late))
    .where('workspace_id', '=', workspaceId)
    .orderBy('seq', 'desc')
    .limit(MAX_ROWS + 1)
    .execute();
  return { kind: 'exchange', ...inOrder(rows, entryEvent) };
}

/** The newest of them, oldest first. */
function inOrder<R>(newestFirst: readonly R[], render: (row: R) => Heard | readonly Heard[]) {
  const kept = newestFirst.slice(0, MAX_ROWS).reverse();
  return { events: kept.flatMap(render), isCut: newestFirst.length > MAX_ROWS };
}

function entryEvent(row: Selectable<LedgerEntriesTable>): Heard {
  return {
    ...{ id: `ent:${row.seq}`, type: 'exchange', needs: 'viewer', at: { entries: row.seq } },
    data: {
      seq: row.seq,
      exchange: row.exchange_id,
      attempt: row.attempt,
      kind: row.sequence === 0 ? 'settle' : 'adjust',
      status: row.status,
      at: iso(row.created_at),
      key: row.key_id,
      member: row.member_id,
      agent: row.agent_id,
      session: row.session_id,
      model: `${row.provider}/${row.model}`,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      costUsd: row.price_state === 'unknown' ? null : formatUsd(nanoUsd(row.cost_nano)),
      latencyMs: row.latency_ms,
      errorClass: row.error_class,
    },
  };
}

async function readAlerts(
  { store }: LiveSource,
  workspaceId: WorkspaceId,
  { alertsMs }: LiveCursor,
): Promise<Kind> {
  const rows = await store.reader
    .selectFrom('outbox')
    .select(['id', 'topic', 'payload', 'next_at'])
    .where('workspace_id', '=', workspaceId)
    .where('topic', 'in', ['budget.threshold', 'budget.blocked'])
    .where('next_at', '>', alertsMs - LATE_MS)
    .orderBy('next_at', 'desc')
    .orderBy('id')
    .limit(MAX_ROWS + 1)
    .execute();
  const told = inOrder(rows, ({ id, topic, payload, next_at: atMs }) => {
    const alert = readAlert(topic, payload);
    if (!alert) return [];
    const data = { id, topic, at: iso(atMs), title: titleOf(alert), ...fieldsOfAlert(alert) };
    return [{ id: `alert:${id}`, type: 'budget', needs: 'viewer', data, at: { alertsMs: atMs } } as const];
  });
  return { kind: 'budget', ...told };
}

async function readHealth(
  { store, sees }: LiveSource,
  workspaceId: WorkspaceId,
  { healthMs }: LiveCursor,
): Promise<Kind> {
  const rows = await store.reader
    .selectFrom('health_events')
    .selectAll()
    .where('at', '>', healthMs - LATE_MS)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_ROWS + 1)
    .execute();
  return { kind: 'health', ...inOrder(rows, (row) => (sees(workspaceId, row) ? healthEvent(row) : [])) };
}

/** Without the reason: it may quote what a provider said to somebody else's request. */
function healthEvent(row: Selectable<HealthEventsTable>): Heard {
  const { id, ref, provider, credential, from_state: from, to_state: to, at, until_at: until } = row;
  const data = {
    id,
    ref,
    provider,
    credential,
    from,
    to,
    at: iso(at),
    until: until === null ? null : iso(until),
  };
  return { id: `health:${id}`, type: 'health', needs: 'viewer', data, at: { healthMs: at } };
}

/** What agents report of themselves and of their tasks. */
async function readTasks(
  { store }: LiveSource,
  workspaceId: WorkspaceId,
  { tasksMs }: LiveCursor,
): Promise<Kind> {
  const rows = await store.reader
    .selectFrom('agent_events')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('at', '>', tasksMs - LATE_MS)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_ROWS + 1)
    .execute();
  const told = inOrder(rows, ({ id, agent_id: agent, task_id: task, kind, message, at }): Heard => {
    const data = { id, agent, task, kind, message, at: iso(at) };
    return { id: `task:${id}`, type: 'task', needs: 'viewer', data, at: { tasksMs: at } };
  });
  return { kind: 'task', ...told };
}

/** Each is two: to all that something of its kind was changed, to admins who did what. */
async function readAudit(
  { store }: LiveSource,
  workspaceId: WorkspaceId,
  { audit }: LiveCursor,
): Promise<Kind> {
  const rows = await store.reader
    .selectFrom('audit_events')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('position', '>', audit)
    .orderBy('position', 'desc')
    .limit(MAX_ROWS + 1)
    .execute();
  const told = inOrder(rows, (row): Heard[] => {
    const event = readEvent(row);
    const at = { audit: row.position! };
    const whole: Heard = {
      id: `audit:${row.id}`,
      type: 'audit',
      needs: 'admin',
      data: renderEvent(event),
      at,
    };
    if (event.outcome !== 'done' || !('writes' in event.detail)) return [whole];
    const data = { kind: event.action.split('.')[0], revision: store.revision.current(), at: iso(row.at) };
    return [
      { id: `registry:${row.id}`, type: 'registry', needs: 'viewer', data, at, isFollowed: true },
      whole,
    ];
  });
  return { kind: 'registry', ...told };
}
