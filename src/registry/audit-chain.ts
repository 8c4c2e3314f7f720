/**
 * The chain of a workspace's events: each has a position and the hash of the one before, and where the chain ends is kept
 * apart from it. Linking is done soon after the events are committed, by whichever process is first.
 */
import { createHash } from 'node:crypto';
import type { Compilable, Selectable } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { AuditEventsTable } from '../store/schema-audit.ts';
import type { Store } from '../store/store.ts';
import { readSetting } from './settings.ts';

export type AuditRow = Selectable<AuditEventsTable>;

/** A place in the chain: the event there, and all before it, have this hash. Position 0 is before the first. */
export interface ChainPlace {
  readonly position: number;
  readonly hash: string;
}

const FORM = 'turnpike audit 1';
/** Names of the settings: where a chain ends, and where what is kept of it begins. */
export const HEAD_PREFIX = 'audit_head:';
export const CHECKPOINT_PREFIX = 'audit_checkpoint:';
/** Events linked in one transaction: some ten milliseconds on SQLite. */
const BATCH = 200;

/** Before the first event. Of one workspace: a chain cannot be passed off as another's. */
export function genesis(workspaceId: WorkspaceId): ChainPlace {
  return { position: 0, hash: sha256(JSON.stringify([FORM, workspaceId])) };
}

/** The hash of an event at a place: over all that its row says, in one form. */
export function hashOf(row: Omit<AuditRow, 'hash' | 'position' | 'prev_hash'>, place: ChainPlace): string {
  const { actor_id, actor_name, actor_role, via, address, action, target, outcome, detail } = row;
  return sha256(
    JSON.stringify([
      ...[FORM, row.workspace_id, place.position + 1, place.hash],
      ...[row.id, row.at, actor_id, actor_name, actor_role, via, address],
      ...[action, target, outcome, detail],
    ]),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Links all events that are not linked yet, of every workspace, in the order of their ids. How many there were. */
export function linkAudit(store: Store): Promise<number> {
  return store.alone(async () => {
    for (let linked = 0; ; ) {
      // Before the rows: what another process links meanwhile is then refused or the same, and never leaves a gap.
      const ends = await findEnds(store);
      if (ends.size === 0) return linked;
      const rows = await store.kysely
        .selectFrom('audit_events')
        .selectAll()
        .where('position', 'is', null)
        .where('workspace_id', 'in', [...ends.keys()])
        .orderBy('id')
        .limit(BATCH)
        .execute();
      await linkRows(store, rows, ends);
      linked += rows.length;
    }
  });
}

/** Of the workspaces that have events to be linked. */
async function findEnds(store: Store): Promise<Map<WorkspaceId, ChainPlace>> {
  const rows = await store.kysely
    .selectFrom('audit_events')
    .select('workspace_id')
    .distinct()
    .where('position', 'is', null)
    .limit(BATCH)
    .execute();
  const ends = new Map<WorkspaceId, ChainPlace>();
  for (const { workspace_id: id } of rows) ends.set(id, await findHead(store, id));
  return ends;
}

/** One transaction: the unique index on positions refuses it where another process has put others there. */
async function linkRows(
  store: Store,
  rows: readonly AuditRow[],
  ends: Map<WorkspaceId, ChainPlace>,
): Promise<void> {
  const queries: Compilable[] = [];
  for (const row of rows) {
    const end = ends.get(row.workspace_id)!;
    const next = { position: end.position + 1, hash: hashOf(row, end) };
    ends.set(row.workspace_id, next);
    queries.push(
      store.kysely
        .updateTable('audit_events')
        .set({ position: next.position, prev_hash: end.hash, hash: next.hash })
        .where('id', '=', row.id)
        .where('position', 'is', null),
    );
  }
  for (const id of new Set(rows.map((row) => row.workspace_id)))
    queries.push(placeQuery(store, HEAD_PREFIX + id, ends.get(id)!));
  await store.write(queries);
}

/** Where the chain ends, as it is kept apart from it. */
export async function findHead(store: Store, workspaceId: WorkspaceId): Promise<ChainPlace> {
  return readPlace(await readSetting(store, HEAD_PREFIX + workspaceId)) ?? genesis(workspaceId);
}

/** Where what is kept of the chain begins: after this place. */
export async function findCheckpoint(store: Store, workspaceId: WorkspaceId): Promise<ChainPlace> {
  return readPlace(await readSetting(store, CHECKPOINT_PREFIX + workspaceId)) ?? genesis(workspaceId);
}

/** As text of one length the later place is the greater. */
const PLACE = /^(\d{15}):([0-9a-f]{64})$/;

export function writePlace({ position, hash }: ChainPlace): string {
  return `${String(position).padStart(15, '0')}:${hash}`;
}

/** undefined = it is none; somebody may have written into the table. */
export function readPlace(text: string | undefined): ChainPlace | undefined {
  const [, position, hash] = PLACE.exec(text ?? '') ?? [];
  return position !== undefined && hash !== undefined ? { position: Number(position), hash } : undefined;
}

/** Never back: who was slower than another process takes nothing from it. */
export function placeQuery({ kysely }: Store, key: string, place: ChainPlace): Compilable {
  const value = writePlace(place);
  return kysely
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ value }).where('settings.value', '<', value),
    );
}
