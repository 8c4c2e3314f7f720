/** A route as files and the admin API declare it: several models under one name. */

/** A route as declared; `route/route-rule.ts` has its meaning. */
export interface RouteSettings {
  readonly strategy: 'ordered' | 'weighted' | 'cheapest' | 'fastest' | 'sticky';
  readonly targets: readonly { readonly ref: string; readonly weight: number }[];
  readonly filter: RouteFilterSettings | undefined;
  readonly cacheTtlMs?: number;
  readonly isHedged?: boolean;
}

export interface RouteFilterSettings {
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
