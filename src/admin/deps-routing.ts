/** What the resources of routing stand on. */
import type { PromptId } from '../base/prompt-id.ts';
import type { Catalog } from '../catalog/model.ts';
import type { ModelRuleRecord } from '../registry/model-rules.ts';
import type { Consulted, Layer, ModelRules, Rule } from '../route/layers.ts';
import type { RoutingTable } from '../route/ref.ts';

/** What serves now. */
export interface RoutingState {
  readonly rules: ModelRules;
  readonly routing: RoutingTable;
  readonly catalog: Catalog;
}

/** A ref that leads nowhere here, where it is written, and what is missing. */
export interface RefProblem {
  readonly source: string;
  readonly ref: string;
  readonly problem: string;
}

/** A prompt, every prompt of a kind, or the workspace's default. */
export type RuleSubject = { readonly kind: 'prompt'; readonly id: PromptId } | { readonly kind: 'default' };

export interface RuleFacts {
  /** `agent:oss:x`, `agent:*` or `default`. */
  readonly id: string;
  /** What a request gets that names no model itself; undefined = no layer names one. */
  readonly effective: { readonly layer: Layer; readonly rule: Rule } | undefined;
  /** Those that say something of it, highest first. */
  readonly layers: readonly Consulted[];
  /** What was set through the API. */
  readonly setting: ModelRuleRecord | undefined;
  /** Why what is effective leads nowhere; undefined = it leads somewhere. */
  readonly problem: string | undefined;
}

export interface StepFacts {
  readonly pipeline: string;
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly agent: string | undefined;
  readonly rule: Rule | undefined;
}

/** A name that leads on. */
export interface NameFacts {
  readonly name: string;
  readonly kind: 'alias' | 'route';
  readonly refs: readonly string[];
  /** Of a route. */
  readonly strategy: string | undefined;
  /** The file that declares it. */
  readonly source: string | undefined;
}

export interface StandIn {
  readonly ref: string;
  /** undefined = it leads somewhere here. */
  readonly problem: string | undefined;
}

export interface ChainFacts {
  /** `vendor/model`. */
  readonly model: string;
  /** None = nobody stands in for it. */
  readonly standIns: readonly StandIn[];
  readonly source: string;
}

export interface FallbackFacts {
  readonly isEnabled: boolean;
  /** What a prompt's own rule names to be tried after its model counts. */
  readonly allowsNamed: boolean;
  readonly onContentFilter: boolean;
  readonly default: StandIn | undefined;
}

/** Who would be tried for a model, in order: where the ref itself leads, its chain, and the default. */
export type WhoAnswers =
  | {
      readonly ok: true;
      readonly canonical: string;
      readonly tried: readonly (StandIn & {
        readonly by: 'ref' | 'chain' | 'default';
        readonly source: string;
      })[];
    }
  | { readonly ok: false; readonly message: string };

export interface SetRule {
  readonly ref: string;
  readonly fallback?: readonly string[];
}

export type Checked<T> =
  | { readonly kind: 'done'; readonly facts: T }
  /** A ref leads nowhere here. */
  | { readonly kind: 'unreachable'; readonly message: string };

export interface RoutingDesk {
  /** Every prompt that any layer speaks of, by kind and name, then the default. */
  rules(): Promise<readonly RuleFacts[]>;
  rule(subject: RuleSubject): Promise<RuleFacts>;
  /** @param force set it though it leads nowhere now */
  setRule(subject: RuleSubject, rule: SetRule, force: boolean): Promise<Checked<RuleFacts>>;
  /** As it is now, and what it was; undefined = nothing was set. */
  unsetRule(
    subject: RuleSubject,
  ): Promise<{ readonly was: ModelRuleRecord; readonly facts: RuleFacts } | undefined>;
  steps(): readonly StepFacts[];
  names(): readonly NameFacts[];
  problems(): readonly RefProblem[];
  fallback(): FallbackFacts;
  chains(): readonly ChainFacts[];
  /** undefined = there is none for it. */
  chain(model: string): ChainFacts | undefined;
  setChain(model: string, refs: readonly string[], force: boolean): Promise<Checked<ChainFacts>>;
  /** What holds without it, where anything does; undefined = nothing was set. */
  unsetChain(model: string): Promise<
    | {
        readonly model: string;
        readonly was: readonly string[];
        readonly now: ChainFacts | undefined;
      }
    | undefined
  >;
  whoAnswers(ref: string): WhoAnswers;
}
