/** The immutable view of one revision that traffic reads: keys by hash, providers, and where a model ref leads. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Catalog } from '../catalog/model.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import type { CompiledBudgets } from '../ledger/budget.ts';
import type { CompiledRateLimits } from '../ledger/rate-limits.ts';
import type { KeyLookup } from '../registry/key-book.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { KeptMode } from '../registry/privacy.ts';
import type { ModelRules } from '../route/layers.ts';
import { MAX_REF_LENGTH, type RoutingTable } from '../route/ref.ts';
import type { Provider } from '../upstream/provider.ts';
import type { PromptFinder } from './find-prompt.ts';
import { type Deployment, deploymentFor, type Plan, type PlanInput, planFor } from './plan.ts';

export type { Deployment, Plan, StandIn } from './plan.ts';

/** What of a snapshot depends on whose credentials count. */
export interface SnapshotView {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly routing: RoutingTable;
  /** Which model prompts and requests get. */
  readonly rules: ModelRules;
}

/** Who asks: somebody of a workspace, maybe a member of it. */
export type Asker = Pick<KeyRecord, 'workspaceId' | 'memberId' | 'isOwnToken'>;

export interface Snapshot extends SnapshotView {
  readonly revision: number;
  /** The installation's own workspace: accounts of the environment and the files are its. Absent = there is but one. */
  readonly homeId?: WorkspaceId | undefined;
  /** By token hash. Live, and so newer than the rest: a key that is revoked is out of it at once. */
  readonly keys: KeyLookup;
  /** Workspaces that have kept what their exchanges say, and how much of it. */
  readonly contents: ReadonlyMap<WorkspaceId, KeptMode>;
  /** Of every workspace, compiled for matching. */
  readonly budgets: CompiledBudgets;
  readonly rateLimits: CompiledRateLimits;
  /** Knows prompts by their text. */
  readonly prompts: PromptFinder;
  readonly catalog: Catalog;
  /** The prices that operators have set, before the catalog's. */
  readonly prices: PriceBook;
  /** As it is for the asker: with the providers, credentials and routes of its workspace and its own, and nobody else's. */
  of(asker: Asker): Snapshot;
  /**
   * Where a model ref leads. `fallback`: refs that the rule which chose it names to be tried after it. `workspaceId`:
   * whose own prices the order goes by, where there are any; absent = the catalog's.
   */
  plan(ref: string, fallback?: readonly string[], workspaceId?: WorkspaceId): Plan;
  /** One provider's own model, or what else is asked of it, by name; undefined = there is no such provider. */
  deploymentOf(provider: string, model: string): Deployment | undefined;
}

export interface SnapshotInput extends Omit<PlanInput, 'providers' | 'routing'> {
  readonly revision: number;
  readonly homeId?: WorkspaceId | undefined;
  readonly keys: KeyLookup;
  readonly contents: ReadonlyMap<WorkspaceId, KeptMode>;
  readonly budgets: CompiledBudgets;
  readonly rateLimits: CompiledRateLimits;
  /** Of everybody who has nothing of their own. */
  readonly common: SnapshotView;
  /** What the asker has of its own, compiled when it is first needed; `of` tells one such from another. undefined = nothing. */
  reachOf?(asker: Asker): { readonly of: object; compile(): SnapshotView } | undefined;
  readonly prompts: PromptFinder;
  readonly clock: Clock;
}

/** Refs planned and remembered: 10,000 models and what leads to them. Clients choose the text; at 2.5 KB each it stays below 60 MB. */
const MAX_PLANS = 20_000;
/** Prices change by date, so a remembered plan is made anew after this. */
const PLAN_LIFE_MS = 10 * 60_000;
const NONE: readonly string[] = [];

/** What was planned of all views, for counting them together. */
interface Planned {
  count: number;
  readonly maps: Map<string, KnownPlan>[];
}

interface KnownPlan {
  readonly plan: Plan;
  readonly madeAtMs: number;
}

export function compileSnapshot(input: SnapshotInput): Snapshot {
  const planned: Planned = { count: 0, maps: [] };
  const views = new Map<object, Snapshot>();
  const of = (asker: Asker): Snapshot => {
    const reach = input.reachOf?.(asker);
    if (!reach) return common;
    let view = views.get(reach.of);
    if (!view) {
      view = compileView(input, reach.compile(), planned, of);
      views.set(reach.of, view);
    }
    return view;
  };
  const common = compileView(input, input.common, planned, of);
  return common;
}

function compileView(
  input: SnapshotInput,
  view: SnapshotView,
  planned: Planned,
  of: Snapshot['of'],
): Snapshot {
  const planInput: PlanInput = { ...input, ...view };
  // Clients choose the text of a ref: what is asked for with more than a ref is kept apart from it.
  const byRef = new Map<string, KnownPlan>();
  const byWish = new Map<string, KnownPlan>();
  planned.maps.push(byRef, byWish);
  return {
    ...view,
    revision: input.revision,
    homeId: input.homeId,
    keys: input.keys,
    contents: input.contents,
    budgets: input.budgets,
    rateLimits: input.rateLimits,
    prompts: input.prompts,
    catalog: input.catalog,
    prices: input.prices,
    of,
    plan(ref, fallback = NONE, workspaceId = undefined) {
      const nowMs = input.clock.now();
      const payer = workspaceId !== undefined && input.prices.hasOwn(workspaceId) ? workspaceId : undefined;
      const isPlain = fallback.length === 0 && payer === undefined;
      const name = isPlain ? ref : JSON.stringify([payer, ref, fallback]);
      const plans = isPlain ? byRef : byWish;
      const known = plans.get(name);
      if (known && nowMs - known.madeAtMs < PLAN_LIFE_MS) return known.plan;
      const plan = planFor(planInput, { ref, fallback, payer }, nowMs);
      if (ref.length <= MAX_REF_LENGTH) remember(planned, plans, name, { plan, madeAtMs: nowMs });
      return plan;
    },
    deploymentOf: (provider, model) => deploymentFor(planInput, { provider, model }, input.clock.now()),
  };
}

function remember(planned: Planned, plans: Map<string, KnownPlan>, name: string, plan: KnownPlan): void {
  if (planned.count >= MAX_PLANS) {
    for (const map of planned.maps) map.clear();
    planned.count = 0;
  }
  if (!plans.has(name)) planned.count += 1;
  plans.set(name, plan);
}
