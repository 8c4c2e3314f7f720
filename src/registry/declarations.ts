/**
 * What workspaces declare through the API beside the files, by name: the rows that providers, routes and aliases share.
 * Each change is one transaction and moves the revision.
 */
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { Tables } from '../store/schema.ts';
import type { DeclarationsTable } from '../store/schema-declarations.ts';
import type { Store } from '../store/store.ts';

export interface Declaration<T> {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly terms: T;
  /** Who declared it first. */
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

export interface DeclarationContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
  readonly by: string;
}

type Kind = DeclarationsTable['kind'];

/** Of one workspace and kind: all are compiled with each revision, at some microseconds each. */
export const MAX_DECLARATIONS = 1_000;

export type Condition = (where: ExpressionBuilder<Tables, 'declarations'>) => Expression<SqlBool>;

/** By workspace and name, of every workspace: what traffic goes by. */
export async function loadDeclarations<T>(
  store: Store,
  kind: Kind,
): Promise<ReadonlyMap<WorkspaceId, readonly Declaration<T>[]>> {
  const byWorkspace = new Map<WorkspaceId, Declaration<T>[]>();
  for (const row of await rowsOf(store, kind).execute()) {
    const known = byWorkspace.get(row.workspace_id);
    if (known) known.push(readRow<T>(row));
    else byWorkspace.set(row.workspace_id, [readRow<T>(row)]);
  }
  return byWorkspace;
}

/** By name. */
export async function listDeclarations<T>(
  store: Store,
  kind: Kind,
  workspaceId: WorkspaceId,
): Promise<readonly Declaration<T>[]> {
  const rows = await rowsOf(store, kind).where('workspace_id', '=', workspaceId).execute();
  return rows.map(readRow<T>);
}

export async function findDeclaration<T>(
  store: Store,
  kind: Kind,
  name: string,
  workspaceId: WorkspaceId,
): Promise<Declaration<T> | undefined> {
  const row = await rowsOf(store, kind)
    .where('workspace_id', '=', workspaceId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && readRow<T>(row);
}

/** False = there is one of that name. */
export async function addDeclaration(
  store: Store,
  kind: Kind,
  { name, terms }: { readonly name: string; readonly terms: object },
  { workspaceId, nowMs, by }: DeclarationContext,
): Promise<boolean> {
  const [rows] = await store.change([
    store.kysely
      .insertInto('declarations')
      .values({
        workspace_id: workspaceId,
        kind,
        name,
        terms: JSON.stringify(terms),
        created_by: by,
        created_at: nowMs,
        changed_at: nowMs,
      })
      .onConflict((conflict) => conflict.doNothing()),
  ]);
  return rows === 1;
}

/** False = there is none of that name, or the condition does not hold. */
export async function changeDeclaration(
  store: Store,
  kind: Kind,
  { name, terms }: { readonly name: string; readonly terms: object },
  { workspaceId, nowMs }: Omit<DeclarationContext, 'by'>,
  condition?: Condition,
): Promise<boolean> {
  const query = store.kysely
    .updateTable('declarations')
    .set({ terms: JSON.stringify(terms), changed_at: nowMs })
    .where('workspace_id', '=', workspaceId)
    .where('kind', '=', kind)
    .where('name', '=', name);
  const [rows] = await store.change([condition ? query.where(condition) : query]);
  return rows === 1;
}

/** Of use to whoever removes more with it. */
export function removalOf(store: Store, kind: Kind, name: string, workspaceId: WorkspaceId) {
  return store.kysely
    .deleteFrom('declarations')
    .where('workspace_id', '=', workspaceId)
    .where('kind', '=', kind)
    .where('name', '=', name);
}

function rowsOf(store: Store, kind: Kind) {
  return store.kysely
    .selectFrom('declarations')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('workspace_id')
    .orderBy('name');
}

function readRow<T>(row: Selectable<DeclarationsTable>): Declaration<T> {
  return {
    workspaceId: row.workspace_id,
    name: row.name,
    terms: JSON.parse(row.terms) as T,
    createdBy: row.created_by,
    createdAtMs: row.created_at,
    changedAtMs: row.changed_at,
  };
}
