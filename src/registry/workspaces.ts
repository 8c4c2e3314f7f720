/** Workspaces: the owners of keys. A new installation gets one. */
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';

export interface Workspace {
  readonly id: WorkspaceId;
  readonly name: string;
  readonly createdAtMs: number;
}

const FIRST_NAME = 'default';

/** Oldest first. */
export async function listWorkspaces(store: Store): Promise<readonly Workspace[]> {
  const rows = await store.kysely
    .selectFrom('workspaces')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, name: row.name, createdAtMs: row.created_at }));
}

export async function createWorkspace(store: Store, name: string, nowMs: number): Promise<Workspace> {
  const workspace: Workspace = { id: newId('ws'), name, createdAtMs: nowMs };
  await store.change([
    store.kysely.insertInto('workspaces').values({ id: workspace.id, name, created_at: nowMs }),
  ]);
  return workspace;
}

/** The oldest workspace, made now if there is none. */
export async function ensureFirstWorkspace(store: Store, nowMs: number): Promise<Workspace> {
  const [first] = await listWorkspaces(store);
  return first ?? createWorkspace(store, FIRST_NAME, nowMs);
}
