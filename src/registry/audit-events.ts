/** Who did what: events as they are made, written and read. They are added, linked into a chain, and never changed. */
import type { Compilable, Selectable } from 'kysely';
import { type Id, newId, type WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';
import type { AuditEventsTable } from '../store/schema-audit.ts';
import type { Store } from '../store/store.ts';
import { detailText } from './audit-scrub.ts';

export type AuditOutcome = AuditEventsTable['outcome'];
export type AuditId = Id<'aud'>;

/** How an actor came: with what, or from where. */
export const VIAS = ['operator-token', 'session', 'service', 'file', 'start', 'system', 'nobody'] as const;
export type Via = (typeof VIAS)[number];

export interface AuditActor {
  /** `operator`, `mem_…`, `per_…`, `service:…`, `file:…`, `turnpike`; empty = it is not known. */
  readonly id: string;
  readonly name: string;
  readonly role?: Role | undefined;
  readonly via: Via;
  /** Of the client. */
  readonly address?: string | undefined;
}

export interface NewAuditEvent {
  /** Default: a new one. */
  readonly id?: AuditId | undefined;
  /** What concerns the installation is told in its first workspace. */
  readonly workspaceId: WorkspaceId;
  readonly actor: AuditActor;
  /** `<noun>.<verb>`, lower case. */
  readonly action: string;
  /** Id of what it was done to. */
  readonly target?: string | undefined;
  readonly outcome: AuditOutcome;
  /** Anything that JSON can say; what is secret in it is left out. */
  readonly detail?: object | undefined;
}

export interface AuditEvent extends NewAuditEvent {
  readonly id: AuditId;
  readonly atMs: number;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Absent = not linked yet, which takes less than a second. */
  readonly link?: { readonly position: number; readonly prevHash: string; readonly hash: string };
}

/** Names and addresses come from outside. */
const MAX_NAME = 200;

/** The statement that adds an event: for transactions of its caller's own. */
export function auditQuery({ kysely }: Store, event: NewAuditEvent, nowMs: number): Compilable {
  return kysely.insertInto('audit_events').values(rowOf(event, nowMs));
}

/** An event that is no part of another change, such as a sign-in. */
export async function recordAudit(store: Store, event: NewAuditEvent, nowMs: number): Promise<void> {
  await store.write([auditQuery(store, event, nowMs)]);
}

function rowOf(event: NewAuditEvent, nowMs: number): Selectable<AuditEventsTable> {
  const { actor, target } = event;
  return {
    id: event.id ?? newId('aud'),
    workspace_id: event.workspaceId,
    at: Math.round(nowMs),
    actor_id: actor.id.slice(0, MAX_NAME),
    actor_name: actor.name.slice(0, MAX_NAME).toWellFormed(),
    actor_role: actor.role ?? null,
    via: actor.via,
    address: actor.address?.slice(0, MAX_NAME) ?? null,
    action: event.action,
    target: target?.slice(0, MAX_NAME).toWellFormed() ?? null,
    outcome: event.outcome,
    detail: detailText(event.detail ?? {}),
    position: null,
    prev_hash: null,
    hash: null,
  };
}

export function readEvent(row: Selectable<AuditEventsTable>): AuditEvent {
  const { position, prev_hash: prevHash, hash } = row;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    atMs: row.at,
    actor: {
      id: row.actor_id,
      name: row.actor_name,
      ...(row.actor_role !== null && { role: row.actor_role }),
      via: row.via as Via,
      ...(row.address !== null && { address: row.address }),
    },
    action: row.action,
    ...(row.target !== null && { target: row.target }),
    outcome: row.outcome,
    detail: parseDetail(row.detail),
    ...(position !== null && prevHash !== null && hash !== null && { link: { position, prevHash, hash } }),
  };
}

/** Somebody may have written into the table. */
function parseDetail(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : { unreadable: true };
  } catch {
    return { unreadable: true };
  }
}

export interface AuditQuery {
  readonly workspaceId: WorkspaceId;
  readonly limit: number;
  /** Goes on after this one. */
  readonly after?: string | undefined;
  /** Id of the actor. */
  readonly actor?: string | undefined;
  /** One action, or all of a noun: `budgets.*`. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** Half-open, epoch milliseconds. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** Newest first; `order` turns that round. Does not hold up traffic. */
export async function listAudit(
  { reader }: Store,
  query: AuditQuery,
  order: 'desc' | 'asc' = 'desc',
): Promise<readonly AuditEvent[]> {
  const { after, actor, action, target, outcome, sinceMs, untilMs } = query;
  let select = reader.selectFrom('audit_events').selectAll().where('workspace_id', '=', query.workspaceId);
  if (after !== undefined) select = select.where('id', order === 'desc' ? '<' : '>', after as AuditId);
  if (actor !== undefined) select = select.where('actor_id', '=', actor);
  if (target !== undefined) select = select.where('target', '=', target);
  if (outcome !== undefined) select = select.where('outcome', '=', outcome);
  if (sinceMs !== undefined) select = select.where('at', '>=', sinceMs);
  if (untilMs !== undefined) select = select.where('at', '<', untilMs);
  if (action?.endsWith('.*')) {
    // `/` is what comes after `.`: a range needs no wildcards to be taken care of.
    const noun = action.slice(0, -2);
    select = select.where('action', '>=', `${noun}.`).where('action', '<', `${noun}/`);
  } else if (action !== undefined) select = select.where('action', '=', action);
  const rows = await select.orderBy('id', order).limit(query.limit).execute();
  return rows.map(readEvent);
}
