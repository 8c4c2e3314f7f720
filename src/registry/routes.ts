/** Routes that a workspace declares through the API: several models under one name. */
import type { WorkspaceId } from '../base/ids.ts';
import type { RouteSettings } from '../base/route-settings.ts';
import type { Store } from '../store/store.ts';
import { type Declaration, loadDeclarations } from './declarations.ts';

export type RouteRecord = Declaration<RouteSettings>;

/** By workspace: what traffic goes by. */
export function loadRoutes(store: Store): Promise<ReadonlyMap<WorkspaceId, readonly RouteRecord[]>> {
  return loadDeclarations(store, 'route');
}
