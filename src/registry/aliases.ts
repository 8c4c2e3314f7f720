/** Aliases that a workspace declares through the API: other names for model refs. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { type Declaration, loadDeclarations } from './declarations.ts';

export interface AliasTerms {
  readonly ref: string;
}

export type AliasRecord = Declaration<AliasTerms>;

/** By workspace: what traffic goes by. */
export function loadAliases(store: Store): Promise<ReadonlyMap<WorkspaceId, readonly AliasRecord[]>> {
  return loadDeclarations(store, 'alias');
}
