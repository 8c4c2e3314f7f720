/** Takes old events away, at a place that is noted, and that an event of the chain itself signs off. */
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { CHECKPOINT_PREFIX, findCheckpoint, HEAD_PREFIX, placeQuery } from './audit-chain.ts';
import { CUT_ACTION, cutDetail } from './audit-verify.ts';

export interface CutOptions {
  /** Events before this are old. */
  readonly beforeMs: number;
  readonly nowMs: number;
  /** Between two chunks: others have the database. */
  pause(): Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Rows removed in one transaction. */
const CHUNK = 500;

/** Of every chain the oldest events, up to the first that is not old. How many were taken away. */
export async function cutAudit(store: Store, options: CutOptions): Promise<number> {
  let removed = 0;
  for (const workspaceId of await findChains(store)) {
    if (options.signal.aborted) break;
    await signOff(store, workspaceId, options);
    removed += await removeCut(store, workspaceId, options);
  }
  return removed;
}

/** Every workspace that ever had an event. */
export async function findChains({ kysely }: Store): Promise<WorkspaceId[]> {
  const rows = await kysely
    .selectFrom('settings')
    .select('key')
    .where('key', '>=', HEAD_PREFIX)
    .where('key', '<', `${HEAD_PREFIX.slice(0, -1)};`)
    .execute();
  return rows.map(({ key }) => key.slice(HEAD_PREFIX.length) as WorkspaceId);
}

/** The checkpoint and the event that names it are one transaction; the rows go after it. */
async function signOff(store: Store, workspaceId: WorkspaceId, options: CutOptions): Promise<void> {
  const cut = await findCut(store, workspaceId, options.beforeMs);
  if (!cut) return;
  await store.write([
    placeQuery(store, CHECKPOINT_PREFIX + workspaceId, cut),
    store.kysely.insertInto('audit_events').values({
      ...{ id: newId('aud'), workspace_id: workspaceId, at: Math.round(options.nowMs) },
      ...{ actor_id: 'turnpike', actor_name: 'retention', actor_role: null, via: 'system', address: null },
      ...{ action: CUT_ACTION, target: null, outcome: 'done', detail: cutDetail(cut) },
      ...{ position: null, prev_hash: null, hash: null },
    }),
  ]);
}

/** The last of the old ones; undefined = there is none that is still there. */
async function findCut(store: Store, workspaceId: WorkspaceId, beforeMs: number) {
  const start = await findCheckpoint(store, workspaceId);
  const linked = store.reader
    .selectFrom('audit_events')
    .select(['position', 'hash'])
    .where('workspace_id', '=', workspaceId)
    .where('position', '>', start.position);
  const young = await linked.where('at', '>=', beforeMs).orderBy('position').limit(1).executeTakeFirst();
  const old = young ? linked.where('position', '<', young.position) : linked;
  const last = await old.orderBy('position', 'desc').limit(1).executeTakeFirst();
  return last?.hash ? { position: last.position!, hash: last.hash } : undefined;
}

async function removeCut(store: Store, workspaceId: WorkspaceId, options: CutOptions): Promise<number> {
  const { kysely } = store;
  const { position } = await findCheckpoint(store, workspaceId);
  for (let removed = 0; ; ) {
    const rows = await kysely
      .selectFrom('audit_events')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('position', '<=', position)
      .orderBy('position')
      .limit(CHUNK)
      .execute();
    if (rows.length === 0 || options.signal.aborted) return removed;
    const ids = rows.map(({ id }) => id);
    await store.write([kysely.deleteFrom('audit_events').where('id', 'in', ids)]);
    removed += ids.length;
    await options.pause();
  }
}
