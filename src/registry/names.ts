/** Declaring and taking away routes and aliases, which share one space of names. */
import type { WorkspaceId } from '../base/ids.ts';
import type { RouteSettings } from '../base/route-settings.ts';
import type { Store } from '../store/store.ts';
import type { AliasTerms } from './aliases.ts';
import {
  addDeclaration,
  changeDeclaration,
  type Declaration,
  type DeclarationContext,
  findDeclaration,
  listDeclarations,
  MAX_DECLARATIONS,
  removalOf,
} from './declarations.ts';

export interface NameTerms {
  readonly alias: AliasTerms;
  readonly route: RouteSettings;
}

export type NameKind = keyof NameTerms;

export type NameOutcome<K extends NameKind> =
  | { readonly kind: 'done'; readonly record: Declaration<NameTerms[K]>; readonly isNew: boolean }
  /** The other kind has one of that name. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'too_many' };

/** By name. */
export function listNames<K extends NameKind>(
  store: Store,
  kind: K,
  workspaceId: WorkspaceId,
): Promise<readonly Declaration<NameTerms[K]>[]> {
  return listDeclarations(store, kind, workspaceId);
}

export function findName<K extends NameKind>(
  store: Store,
  kind: K,
  name: string,
  workspaceId: WorkspaceId,
): Promise<Declaration<NameTerms[K]> | undefined> {
  return findDeclaration(store, kind, name, workspaceId);
}

/** Declares it, or puts it in the place of the one there was. */
export async function setName<K extends NameKind>(
  store: Store,
  kind: K,
  wanted: { readonly name: string; readonly terms: NameTerms[K] },
  context: DeclarationContext,
): Promise<NameOutcome<K>> {
  const { workspaceId } = context;
  const { name } = wanted;
  const other: NameKind = kind === 'alias' ? 'route' : 'alias';
  if (await findDeclaration(store, other, name, workspaceId)) return { kind: 'taken' };
  const isNew = !(await changeDeclaration(store, kind, wanted, context));
  if (isNew) {
    if ((await listNames(store, kind, workspaceId)).length >= MAX_DECLARATIONS) return { kind: 'too_many' };
    // Somebody else may have declared it meanwhile: the last one counts.
    const isAdded = await addDeclaration(store, kind, wanted, context);
    if (!isAdded) await changeDeclaration(store, kind, wanted, context);
  }
  const record = await findName(store, kind, name, workspaceId);
  if (!record) throw new Error(`the ${kind} ${name} is gone as soon as it was declared`);
  return { kind: 'done', record, isNew };
}

/** What it was; undefined = there is none of that name. */
export async function removeName<K extends NameKind>(
  store: Store,
  kind: K,
  name: string,
  workspaceId: WorkspaceId,
): Promise<Declaration<NameTerms[K]> | undefined> {
  const record = await findName(store, kind, name, workspaceId);
  if (!record) return undefined;
  const [rows] = await store.change([removalOf(store, kind, name, workspaceId)]);
  return rows === 1 ? record : undefined;
}
