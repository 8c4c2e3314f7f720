/** The immutable view of one revision that traffic reads: keys by hash, providers, and where a model ref leads. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Catalog } from '../catalog/model.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import type { CompiledBudgets } from '../ledger/budget.ts';
import type { CompiledRateLimits } from '../ledger/rate-limits.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { ModelRules } from '../route/layers.ts';
import { MAX_REF_LENGTH, type RoutingTable } from '../route/ref.ts';
import type { Provider } from '../upstream/provider.ts';
import type { PromptFinder } from './find-prompt.ts';
import { type Deployment, deploymentFor, type Plan, type PlanInput, planFor } from './plan.ts';

export type { Deployment, Plan, StandIn } from './plan.ts';

export interface Snapshot {
  readonly revision: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  /** Of every workspace, compiled for matching. */
  readonly budgets: CompiledBudgets;
  readonly rateLimits: CompiledRateLimits;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly routing: RoutingTable;
  /** Which model prompts and requests get. */
  readonly rules: ModelRules;
  /** Knows prompts by their text. */
  readonly prompts: PromptFinder;
  readonly catalog: Catalog;
  /** The prices that operators have set, before the catalog's. */
  readonly prices: PriceBook;
  /**
   * Where a model ref leads. `fallback`: refs that the rule which chose it names to be tried after it. `workspaceId`:
   * whose own prices the order goes by, where there are any; absent = the catalog's.
   */
  plan(ref: string, fallback?: readonly string[], workspaceId?: WorkspaceId): Plan;
  /** One provider's own model, or what else is asked of it, by name; undefined = there is no such provider. */
  deploymentOf(provider: string, model: string): Deployment | undefined;
}

export interface SnapshotInput extends PlanInput {
  readonly revision: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly budgets: CompiledBudgets;
  readonly rateLimits: CompiledRateLimits;
  readonly rules: ModelRules;
  readonly prompts: PromptFinder;
  readonly clock: Clock;
}

/** Refs planned and remembered: 10,000 models and what leads to them. Clients choose the text; at 2.5 KB each it stays below 60 MB. */
const MAX_PLANS = 20_000;
/** Prices change by date, so a remembered plan is made anew after this. */
const PLAN_LIFE_MS = 10 * 60_000;
const NONE: readonly string[] = [];

export function compileSnapshot(input: SnapshotInput): Snapshot {
  const plans = new Map<string, { plan: Plan; madeAtMs: number }>();
  return {
    revision: input.revision,
    keys: input.keys,
    budgets: input.budgets,
    rateLimits: input.rateLimits,
    providers: input.providers,
    routing: input.routing,
    rules: input.rules,
    prompts: input.prompts,
    catalog: input.catalog,
    prices: input.prices,
    plan(ref, fallback = NONE, workspaceId = undefined) {
      const nowMs = input.clock.now();
      const payer = workspaceId !== undefined && input.prices.hasOwn(workspaceId) ? workspaceId : undefined;
      const isPlain = fallback.length === 0 && payer === undefined;
      // What clients write never begins so.
      const name = isPlain ? ref : `\n${payer ?? ''}\n${ref}\n${fallback.join('\n')}`;
      const known = plans.get(name);
      if (known && nowMs - known.madeAtMs < PLAN_LIFE_MS) return known.plan;
      const plan = planFor(input, { ref, fallback, payer }, nowMs);
      if (plans.size >= MAX_PLANS) plans.clear();
      if (ref.length <= MAX_REF_LENGTH) plans.set(name, { plan, madeAtMs: nowMs });
      return plan;
    },
    deploymentOf: (provider, model) => deploymentFor(input, { provider, model }, input.clock.now()),
  };
}
