/** What explaining a request that is not sent stands on. */
import type { PromptId } from '../base/prompt-id.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Capability } from '../catalog/model.ts';
import type { Price } from '../catalog/price.ts';
import type { Standing } from '../health/health.ts';
import type { ChoiceFacts, Skipped } from '../ledger/decision.ts';

export interface DryQuery {
  /** As a header says it. */
  readonly model?: string | undefined;
  /** As the request itself says it. */
  readonly requestModel?: string | undefined;
  readonly prompt?: PromptId | undefined;
  readonly pipeline?: string | undefined;
  readonly step?: string | undefined;
  readonly session?: string | undefined;
  /** Id, name, or beginning of either id or preview; absent = a key without limits. */
  readonly key?: string | undefined;
  /** Whose keys alone are looked among; absent = all of the workspace's. */
  readonly keysOf?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly capabilities?: readonly Capability[] | undefined;
}

export interface DryCandidateFacts {
  readonly ref: string;
  readonly standIn: string | undefined;
  readonly formats: readonly string[];
  /** undefined = unknown. */
  readonly price: Price | undefined;
  readonly standing: Standing;
  readonly isAsked: boolean;
}

export interface DryRunFacts {
  readonly asked: string | undefined;
  readonly choice: ChoiceFacts | undefined;
  readonly revision: number;
  /** In the order they would be tried. */
  readonly candidates: readonly DryCandidateFacts[];
  readonly skipped: readonly Skipped[];
  /** undefined = it would be sent. */
  readonly refusal: Refusal | undefined;
}

/** Nothing is sent, held, or taken from the health board. */
export type ExplainChoice = (query: DryQuery) => Promise<DryRunFacts | 'key_unknown'>;
