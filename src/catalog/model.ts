/** What is known of a model, whoever serves it. */
import type { Price } from './price.ts';

export const CAPABILITIES = [
  'tools',
  'vision',
  'documents',
  'audio',
  'thinking',
  'structured-output',
  'prompt-cache',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface Model {
  /** Vendor the catalog files it under, e.g. `anthropic`. */
  readonly provider: string;
  /** The vendor's own id, e.g. `claude-sonnet-4-5`. */
  readonly id: string;
  readonly name: string;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  /** Known to be there. What is named neither here nor in `lacks` is not known. */
  readonly capabilities: readonly Capability[];
  /** Known not to be there; absent = none is. */
  readonly lacks?: readonly Capability[];
  readonly prices: readonly Price[];
}

export interface Catalog {
  /** Date of the data, ISO day. */
  readonly asOf: string;
  /** Exact id first, then the vendor's dated or aliased spellings of it. */
  find(provider: string, modelId: string): Model | undefined;
  /** Vendors that have a model of this bare id, best known first. */
  findBare(modelId: string): readonly Model[];
  list(provider?: string): readonly Model[];
  /** The price valid at `atMs` for a service tier (falls back to `standard`); undefined = unknown, which is never 0. */
  priceOf(provider: string, modelId: string, serviceTier: string, atMs: number): Price | undefined;
}
