/**
 * Events of changes, in the transaction of the change: who asks opens a scope, and the store that `audited` makes puts
 * the event of the scope into the first transaction that is made in it. The places that write know nothing of it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Compilable } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { type AuditId, auditQuery, type NewAuditEvent } from './audit-events.ts';
import { describeWrites, insertsInto, isAllIn, type Written } from './audit-writes.ts';

/** What is known of a change before it is made. */
export interface AuditDraft extends Omit<NewAuditEvent, 'id' | 'workspaceId' | 'outcome'> {
  /** undefined = as the rows say that are added, else the oldest workspace: while the first one is being made. */
  readonly workspaceId: WorkspaceId | undefined;
}

export interface AuditScope {
  readonly draft: AuditDraft;
  /** Of the one event of a scope that carries the first. */
  readonly id: AuditId;
  /** `first`: one event for all that is changed in it. `each`: one for every transaction. */
  readonly carries: 'first' | 'each';
  /** Further statements for the first transaction. */
  readonly along: Compilable[];
  /** Of the event: not written, being written, written. */
  state: 'open' | 'busy' | 'written';
  /** What is written by what outlives it (timers, queues) is none of its. */
  isClosed: boolean;
}

const scopes = new AsyncLocalStorage<AuditScope>();

export function createScope(draft: AuditDraft, carries: AuditScope['carries'] = 'first'): AuditScope {
  return { draft, id: newId('aud'), carries, along: [], state: 'open', isClosed: false };
}

/** Runs `work` with the scope; after it nothing is put into it any more. */
export async function inScope<T>(scope: AuditScope, work: () => Promise<T>): Promise<T> {
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.isClosed = true;
  }
}

/** Of the work that is going on; undefined = nobody has to tell of it. */
export function currentScope(): AuditScope | undefined {
  const scope = scopes.getStore();
  return scope?.isClosed ? undefined : scope;
}

/** Work that nobody asked for tells of each change that it makes, and of nothing else. */
export function auditedWork<T>(draft: AuditDraft, work: () => Promise<T>): Promise<T> {
  return inScope(createScope(draft, 'each'), work);
}

export interface AuditedOptions {
  now(): number;
  /** An event was committed. */
  onEvent(): void;
}

/** What requests leave behind of themselves is no change that anybody asked for. */
const UNTOLD: ReadonlySet<string> = new Set(['idempotency_keys']);

/** The same store; what is written in a scope carries the event of the scope. Outside of one statements are only looked at. */
export function audited<S extends Store>(store: S, options: AuditedOptions): S {
  const carry = async (method: 'write' | 'change', queries: readonly Compilable[]) => {
    const scope = currentScope();
    const hasEvent = insertsInto(queries, 'audit_events');
    const isFree = scope !== undefined && (scope.carries === 'each' || scope.state === 'open');
    if (!isFree || hasEvent || isAllIn(queries, UNTOLD)) {
      const counts = await store[method](queries);
      if (hasEvent) options.onEvent();
      return counts;
    }
    return writeInScope(store, { ...options, scope, method, queries });
  };
  return {
    ...store,
    write: (queries) => carry('write', queries),
    change: (queries) => carry('change', queries),
  };
}

interface ScopedWrite extends AuditedOptions {
  readonly scope: AuditScope;
  readonly method: 'write' | 'change';
  readonly queries: readonly Compilable[];
}

async function writeInScope(store: Store, { scope, method, queries, now, onEvent }: ScopedWrite) {
  // Of two at once in one scope the first carries it.
  scope.state = 'busy';
  try {
    const { writes, isIdle } = await describeWrites(store, queries);
    // As if it had been carried out at that moment: what nothing was done by is not told as done.
    if (isIdle) return queries.map(() => 0);
    const event = await eventOf(store, scope, writes, queries.length - writes.length);
    const more = event ? [auditQuery(store, event, now())] : [];
    const counts = await store[method]([...queries, ...scope.along, ...more]);
    scope.state = 'written';
    onEvent();
    return counts.slice(0, queries.length);
  } finally {
    if (scope.state === 'busy') scope.state = 'open';
  }
}

/** undefined = there is no workspace that it could be told in. */
async function eventOf(
  store: Store,
  { draft, id, carries }: AuditScope,
  writes: readonly Written[],
  left: number,
): Promise<NewAuditEvent | undefined> {
  const workspaceId = draft.workspaceId ?? workspaceIn(writes) ?? (await findOldest(store));
  if (workspaceId === undefined) return undefined;
  return {
    ...draft,
    ...(carries === 'first' && { id }),
    workspaceId,
    target: draft.target ?? targetIn(writes),
    outcome: 'done',
    detail: { ...draft.detail, writes, ...(left > 0 && { furtherWrites: left }) },
  };
}

/** The id of what was made. */
function targetIn(writes: readonly Written[]): string | undefined {
  const made = writes.find(({ kind, after }) => kind === 'insert' && typeof after?.id === 'string');
  return made?.after?.id as string | undefined;
}

function workspaceIn(writes: readonly Written[]): WorkspaceId | undefined {
  for (const { kind, table, after } of writes) {
    const id = table === 'workspaces' ? after?.id : after?.workspace_id;
    if (kind === 'insert' && typeof id === 'string') return id as WorkspaceId;
  }
  return undefined;
}

async function findOldest({ kysely }: Store): Promise<WorkspaceId | undefined> {
  const oldest = kysely.selectFrom('workspaces').select('id').orderBy('created_at').orderBy('id').limit(1);
  return (await oldest.executeTakeFirst())?.id;
}
