/**
 * The layers that may choose a request's model, highest first, and what each of them holds. Plain data: compiled
 * into the snapshot by `server.ts`, read by `precedence.ts`, kept in the decision record, printed by `explain`.
 */
import type { WorkspaceId } from '../base/ids.ts';
import type { PromptId, PromptKind } from '../base/prompt-id.ts';

export const LAYERS = [
  /** `--model`, or the header x-turnpike-model. */
  'explicit',
  /** The step of a pipeline. */
  'step',
  /** What the member prefers whose key it is; else `turnpike models set`, or the console. */
  'setting',
  'project',
  'user',
  /** Of the prompt's own file. */
  'frontmatter',
  /** The model that an agent of the registry prefers, else `default_model` of agents.yaml. */
  'agent',
  /** The model that stands in the request itself: what every client must send, so the least of a prompt's own layers. */
  'request',
  'key',
  'workspace',
  'default',
] as const;
export type Layer = (typeof LAYERS)[number];

/** A model that somebody chose, and where that is written. */
export interface Rule {
  /** An alias, a route, `provider/model` or a bare id. */
  readonly ref: string;
  /** For people: a file and the place in it, `setting`, `key nightly`, … */
  readonly source: string;
  /** Refs to try after it, where the place names some (`model_fallback`). */
  readonly fallback?: readonly string[];
}

/** What one layer says of prompts: the exact id wins over the rule for its whole kind (`*`). */
export interface PromptRules {
  /** By `promptIdText`. */
  readonly exact: ReadonlyMap<string, Rule>;
  readonly wide: ReadonlyMap<PromptKind, Rule>;
}

export interface StepRule {
  /** As `x-turnpike-step` may name it, beside its number from 1: the description or agent of the step. */
  readonly name: string;
  readonly agent: string | undefined;
  readonly rule: Rule | undefined;
}

/** Everything that is declared of models and prompts, of one revision. */
export interface ModelRules {
  /** Made by `turnpike models set` or the console, by workspace. */
  readonly settings: ReadonlyMap<WorkspaceId, PromptRules>;
  /** What members prefer for every chat of their own keys, by member: before what their workspace has set. */
  readonly members: ReadonlyMap<string, Rule>;
  readonly project: PromptRules;
  readonly user: PromptRules;
  readonly frontmatter: PromptRules;
  /** Of agents.yaml. */
  readonly agents: PromptRules;
  /** Agents of the registry, by workspace and `promptIdText`; undefined = it prefers no model. */
  readonly registry: ReadonlyMap<WorkspaceId, ReadonlyMap<string, Rule | undefined>>;
  /** By the pipeline's name. */
  readonly pipelines: ReadonlyMap<string, readonly StepRule[]>;
  readonly workspaces: ReadonlyMap<WorkspaceId, Rule>;
  readonly default: Rule | undefined;
}

export interface ChoiceInput {
  readonly workspaceId: WorkspaceId;
  /** Whose key it is; absent = no member's. */
  readonly memberId?: string | undefined;
  readonly explicit: string | undefined;
  readonly pipeline: string | undefined;
  /** Number from 1, or name. */
  readonly step: string | undefined;
  readonly prompt: PromptId | undefined;
  /** `model` of the request. */
  readonly request: string | undefined;
  readonly key: Rule | undefined;
}

/** One layer's answer. */
export interface Consulted {
  readonly layer: Layer;
  /** undefined = it says nothing of this request. */
  readonly ref: string | undefined;
  readonly source: string | undefined;
}

export type Choice =
  | {
      readonly ok: true;
      readonly ref: string;
      readonly layer: Layer;
      readonly rule: Rule;
      readonly prompt: PromptId | undefined;
    }
  /** No layer names a model. */
  | { readonly ok: false; readonly prompt: PromptId | undefined };

const noPromptRules: PromptRules = { exact: new Map(), wide: new Map() };

/** Nothing is declared. */
export const noModelRules: ModelRules = {
  settings: new Map(),
  members: new Map(),
  project: noPromptRules,
  user: noPromptRules,
  frontmatter: noPromptRules,
  agents: noPromptRules,
  registry: new Map(),
  pipelines: new Map(),
  workspaces: new Map(),
  default: undefined,
};
