/** The tables of what operators set of models. As in schema.ts. */
import type { WorkspaceId } from '../base/ids.ts';

/** The model that a workspace gives a prompt, or all of a kind, or whatever names none. */
export interface ModelRulesTable {
  workspace_id: WorkspaceId;
  /** `agent:oss:code-reviewer`; `agent:*` = every agent without one of its own; `default` = the workspace's default. */
  prompt_id: string;
  ref: string;
  /** JSON array of refs to try after it; null = it names none. */
  fallback: string | null;
  /** Who set it. */
  created_by: string;
  created_at: number;
}

/** Who stands in for a model, in the whole installation. */
export interface FallbackChainsTable {
  /** `vendor/model`, as the catalog files it. */
  model: string;
  /** JSON array of refs, in order; an empty one = nobody. */
  refs: string;
  created_by: string;
  created_at: number;
}
