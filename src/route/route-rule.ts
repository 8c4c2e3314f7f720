/** What operators declare of routes and of falling back. Plain data, compiled into the snapshot. */
import type { Capability } from '../catalog/model.ts';

export const STRATEGIES = ['ordered', 'weighted', 'cheapest', 'fastest', 'sticky'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What a deployment must have to serve a route at all. What is not known of a model does not pass. */
export interface RouteFilter {
  readonly capabilities: readonly Capability[];
  /** Tokens. */
  readonly contextWindow?: number;
  /** As the provider declares its own. */
  readonly region?: string;
  /** Nano-dollars per million tokens, of the lowest tier. */
  readonly maxInputRate?: number;
  readonly maxOutputRate?: number;
}

export interface RouteTarget {
  /** An alias, another route, `provider/model` or a bare id. */
  readonly ref: string;
  /** Its share of the traffic under `weighted`; 1 = as much as another. 0 = only when the others fail. */
  readonly weight: number;
}

export interface RouteRule {
  readonly strategy: Strategy;
  readonly targets: readonly RouteTarget[];
  readonly filter: RouteFilter | undefined;
  /** Answers may be kept and given again for so long, in milliseconds; absent = none. */
  readonly cacheTtlMs?: number;
  /** Ask a second deployment once the first is late; absent = no. */
  readonly isHedged?: boolean;
}

/** A model and who stands in for it, in order. */
export interface FallbackChain {
  /** A bare id or `provider/model`. */
  readonly model: string;
  readonly refs: readonly string[];
  /** `built-in`, `setting`, or the file that says so. */
  readonly source: string;
}

export interface FallbackRules {
  /** False: no other model than the one that was chosen answers; a route's own list still counts. */
  readonly isEnabled: boolean;
  /**
   * What a prompt's own rule names to be tried after its model counts. True unless falling back was switched off by
   * hand: `isEnabled` alone is false too where nothing is said of it.
   */
  readonly allowsNamed: boolean;
  /** Tried last. */
  readonly default: string | undefined;
  /** By the model they stand in for. */
  readonly chains: ReadonlyMap<string, FallbackChain>;
  /** What a provider's content filter refused may be asked elsewhere. */
  readonly onContentFilter: boolean;
}

/** No other model than the one that was chosen answers. */
export const noFallback: FallbackRules = {
  isEnabled: false,
  allowsNamed: true,
  default: undefined,
  chains: new Map(),
  onContentFilter: false,
};
