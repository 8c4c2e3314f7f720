/** Routes that a workspace declares through the API: several models under one name. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { type Declaration, loadDeclarations } from './declarations.ts';

/** A route as files have it, after reading; `route/route-rule.ts` has its meaning. */
export interface RouteTerms {
  readonly strategy: 'ordered' | 'weighted' | 'cheapest' | 'fastest' | 'sticky';
  readonly targets: readonly { readonly ref: string; readonly weight: number }[];
  readonly filter: RouteFilterTerms | undefined;
  readonly cacheTtlMs?: number;
  readonly isHedged?: boolean;
}

export interface RouteFilterTerms {
  readonly capabilities: readonly (
    | 'tools'
    | 'vision'
    | 'thinking'
    | 'documents'
    | 'audio'
    | 'structured-output'
  )[];
  readonly contextWindow?: number;
  readonly region?: string;
  /** Nano-dollars per million tokens. */
  readonly maxInputRate?: number;
  readonly maxOutputRate?: number;
}

export type RouteRecord = Declaration<RouteTerms>;

/** By workspace: what traffic goes by. */
export function loadRoutes(store: Store): Promise<ReadonlyMap<WorkspaceId, readonly RouteRecord[]>> {
  return loadDeclarations(store, 'route');
}
