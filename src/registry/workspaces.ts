/** Workspaces: the owners of everything else. A new installation gets one, which cannot be taken away. */
import type { Compilable, Selectable } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { WorkspacesTable } from '../store/schema-members.ts';
import type { Store } from '../store/store.ts';
import { endKeysOf } from './key-version.ts';

export interface Workspace {
  readonly id: WorkspaceId;
  readonly name: string;
  readonly createdAtMs: number;
  /** Nobody of it gets in, and none of its keys is good. Absent = it is in use. */
  readonly suspendedAtMs?: number;
}

export type WorkspaceOutcome =
  | { readonly kind: 'done'; readonly workspace: Workspace }
  | { readonly kind: 'unknown' }
  /** Another one is called so, in whatever case. */
  | { readonly kind: 'name_taken' }
  /** The first workspace is the installation's own: it can be neither suspended nor deleted. */
  | { readonly kind: 'first' };

const FIRST_NAME = 'default';

/** Oldest first; deleted ones are not among them. */
export async function listWorkspaces(store: Store): Promise<readonly Workspace[]> {
  const rows = await store.kysely
    .selectFrom('workspaces')
    .selectAll()
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(readWorkspace);
}

/** undefined = there is none, or it is deleted. */
export async function findWorkspace(store: Store, id: string): Promise<Workspace | undefined> {
  const row = await store.kysely
    .selectFrom('workspaces')
    .selectAll()
    .where('id', '=', id as WorkspaceId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row && readWorkspace(row);
}

/** Names are written in any case. */
export function findByIdOrName<T extends Pick<Workspace, 'id' | 'name'>>(
  workspaces: readonly T[],
  which: string,
): T | undefined {
  const name = which.toLowerCase();
  return (
    workspaces.find(({ id }) => id === which) ?? workspaces.find((one) => one.name.toLowerCase() === name)
  );
}

/** Rejects where the name is taken. */
export async function createWorkspace(store: Store, name: string, nowMs: number): Promise<Workspace> {
  const made = await addWorkspace(store, name, nowMs);
  if (made.kind !== 'done') throw new Error(`another workspace is called ${name}`);
  return made.workspace;
}

/** @param beside what else belongs to making it, given its id: its owner, say */
export function addWorkspace(
  store: Store,
  name: string,
  nowMs: number,
  beside: (id: WorkspaceId) => readonly Compilable[] = () => [],
): Promise<WorkspaceOutcome> {
  const workspace: Workspace = { id: newId('ws'), name, createdAtMs: nowMs };
  return unlessTaken(async () => {
    await store.change([
      store.kysely.insertInto('workspaces').values({ id: workspace.id, name, created_at: nowMs }),
      ...beside(workspace.id),
    ]);
    return { kind: 'done', workspace };
  });
}

/** The oldest workspace, made now if there is none. */
export async function ensureFirstWorkspace(store: Store, nowMs: number): Promise<Workspace> {
  const [first] = await listWorkspaces(store);
  return first ?? createWorkspace(store, FIRST_NAME, nowMs);
}

export function renameWorkspace(store: Store, id: string, name: string): Promise<WorkspaceOutcome> {
  return unlessTaken(() => change(store, id, { name }));
}

/** Twice changes nothing. From then on its members are refused, and its keys. */
export function suspendWorkspace(store: Store, id: string, nowMs: number): Promise<WorkspaceOutcome> {
  return unlessFirst(store, id, async (workspace) =>
    workspace.suspendedAtMs === undefined
      ? change(store, id, { suspended_at: nowMs })
      : { kind: 'done', workspace },
  );
}

export function resumeWorkspace(store: Store, id: string): Promise<WorkspaceOutcome> {
  return change(store, id, { suspended_at: null });
}

/** Answers what it was. Nobody finds it any more and its name is free again; its books stay, for who keeps them. */
export function deleteWorkspace(store: Store, id: string, nowMs: number): Promise<WorkspaceOutcome> {
  return unlessFirst(store, id, async (workspace) => {
    const [deleted] = await store.change([
      store.kysely
        .updateTable('workspaces')
        .set({ deleted_at: nowMs })
        .where('id', '=', workspace.id)
        .where('deleted_at', 'is', null),
    ]);
    if (deleted !== 1) return { kind: 'unknown' };
    // The keys are good no more anyway; this is so that no list of them ever says otherwise. Secrets go for good.
    await store.change([
      ...endKeysOf(store, { workspaceId: workspace.id }, nowMs),
      store.kysely.deleteFrom('credentials').where('workspace_id', '=', workspace.id),
    ]);
    return { kind: 'done', workspace };
  });
}

async function unlessFirst(
  store: Store,
  id: string,
  work: (workspace: Workspace) => Promise<WorkspaceOutcome>,
): Promise<WorkspaceOutcome> {
  const workspaces = await listWorkspaces(store);
  const workspace = workspaces.find((one) => one.id === id);
  if (!workspace) return { kind: 'unknown' };
  return workspace === workspaces[0] ? { kind: 'first' } : work(workspace);
}

async function change(
  store: Store,
  id: string,
  set: { readonly name?: string; readonly suspended_at?: number | null },
): Promise<WorkspaceOutcome> {
  await store.change([
    store.kysely
      .updateTable('workspaces')
      .set(set)
      .where('id', '=', id as WorkspaceId)
      .where('deleted_at', 'is', null),
  ]);
  const workspace = await findWorkspace(store, id);
  return workspace ? { kind: 'done', workspace } : { kind: 'unknown' };
}

export function readWorkspace(
  row: Pick<Selectable<WorkspacesTable>, 'id' | 'name' | 'created_at' | 'suspended_at'>,
): Workspace {
  return {
    id: row.id,
    name: row.name,
    createdAtMs: row.created_at,
    ...(row.suspended_at !== null && { suspendedAtMs: row.suspended_at }),
  };
}

/** The unique index on names is the judge: asking first would leave a gap. */
async function unlessTaken(work: () => Promise<WorkspaceOutcome>): Promise<WorkspaceOutcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.message.includes('workspaces_live_name'))
      return { kind: 'name_taken' };
    throw error;
  }
}
