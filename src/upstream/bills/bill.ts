/** What a provider says it bills: tokens and money by model and stretch of time, whatever its reporting API looks like. */
import type { Secret } from '../../base/secret.ts';

/** Reporting APIs that are known. */
export type BillVendor = 'anthropic' | 'openai' | 'openrouter';

/** Whose bill to fetch, and with what. */
export interface BillSource {
  /** Name of the configured provider, as entries of the ledger have it. */
  readonly provider: string;
  readonly vendor: BillVendor;
  /** Of the reporting API, without a trailing slash. Never the provider's own `base_url`: that may be anybody's. */
  readonly baseUrl: string;
  /** The admin key: it may read the bills of the whole organization. */
  readonly key: Secret;
  /** Workspace (Anthropic) or project (OpenAI) of the gateway's key; undefined = the whole organization. */
  readonly scope: string | undefined;
}

/** Half-open, epoch milliseconds, UTC. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Disjoint whole counts. */
export interface BilledTokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly audioInput: number;
  readonly audioOutput: number;
}

/** One row of a bill; what it does not speak of is undefined. */
export interface BillRow extends Stretch {
  /** As the provider spells it; undefined = for no model (tool calls, sessions). */
  readonly model: string | undefined;
  readonly tokens?: BilledTokens;
  /** Nano-dollars. */
  readonly cost?: bigint;
  /** These tokens are billed elsewhere: their money is in no report. */
  readonly isBilledElsewhere?: boolean;
  /** Used without an API key, from the provider's own web pages. */
  readonly isKeyless?: boolean;
}

export interface Bill {
  readonly provider: string;
  readonly rows: readonly BillRow[];
  /** Stretches the provider has reported on; elsewhere the absence of rows says nothing. */
  readonly tokensCovered: readonly Stretch[];
  readonly costsCovered: readonly Stretch[];
  /** Input tokens of every class come as plain input. */
  readonly isInputWhole: boolean;
  /** Calls of built-in tools are rows of their own, without a model; else they are in the money of the model. */
  readonly hasToolRows: boolean;
  /** What the reader should know, in sentences. */
  readonly notes: readonly string[];
}

export type BillWidth = 'hour' | 'day';

export interface BillQuery extends Stretch {
  readonly width: BillWidth;
}

export type BillErrorKind =
  /** The key was not accepted, or may not read bills. */
  | 'denied'
  /** Too many questions, beyond what we wait for. */
  | 'limited'
  /** No connection, or the provider has trouble. */
  | 'unavailable'
  /** More than any bill should have. */
  | 'too_large'
  /** Not what the API is documented to answer. */
  | 'unreadable';

/** A bill that could not be had. The message is for the operator and holds no secret. */
export class BillError extends Error {
  override readonly name = 'BillError';
  readonly kind: BillErrorKind;
  constructor(kind: BillErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
