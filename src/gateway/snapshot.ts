/** The immutable view of one revision that traffic reads: keys by hash, providers, and where a model ref leads. */
import type { Clock } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';
import type { Catalog } from '../catalog/model.ts';
import type { Price } from '../catalog/price.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import type { CompiledBudgets } from '../ledger/budget.ts';
import type { CompiledRateLimits } from '../ledger/rate-limits.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { ModelRules } from '../route/layers.ts';
import { makePlan } from '../route/plan.ts';
import { MAX_REF_LENGTH, type RoutingTable, resolveRef, type Target } from '../route/ref.ts';
import type { Authorizer, Provider } from '../upstream/provider.ts';
import type { Transport } from '../upstream/transport.ts';
import type { FormatId } from '../wire/chat.ts';
import { type Format, formatOf } from '../wire/formats.ts';

/** One model served by one provider: what an attempt is sent to. */
export interface Deployment {
  /** Canonical `provider/model`. */
  readonly ref: string;
  /** `ref` as a header may carry it: other characters than printable ASCII percent-encoded. */
  readonly headerRef: string;
  readonly provider: Provider;
  /** The upstream's own name of the model. */
  readonly model: string;
  /** By the catalog; what a workspace pays is `priceFor`'s to say. undefined = unknown, which is recorded as such. */
  readonly price: Price | undefined;
  /** Tokens; undefined = not known. */
  readonly contextWindow: number | undefined;
  readonly transport: Transport;
  /** The provider's base URL, split once: origin, and the path that operations are appended to. */
  readonly address: { readonly origin: string; readonly path: string };
  /** Formats it speaks, preferred one first. */
  readonly formats: readonly FormatId[];
  /** The format this deployment is spoken to in, when the client's is not among its own. */
  readonly nativeFormat: Format;
  /** Of providers whose credential is no fixed header. */
  readonly authorizer: Authorizer | undefined;
}

export type Plan =
  | { readonly ok: true; readonly attempts: readonly Deployment[] }
  | { readonly ok: false; readonly refusal: Refusal };

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
  readonly catalog: Catalog;
  /** The prices that operators have set, before the catalog's. */
  readonly prices: PriceBook;
  /** The ordered attempts for a model ref. */
  plan(ref: string): Plan;
  /** One provider's own model, or what else is asked of it, by name; undefined = there is no such provider. */
  deploymentOf(provider: string, model: string): Deployment | undefined;
}

export interface SnapshotInput {
  readonly revision: number;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly budgets: CompiledBudgets;
  readonly rateLimits: CompiledRateLimits;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly routing: RoutingTable;
  readonly rules: ModelRules;
  readonly catalog: Catalog;
  readonly prices: PriceBook;
  readonly clock: Clock;
  transportOf(provider: Provider): Transport;
  authorizerOf(provider: Provider): Authorizer | undefined;
}

/** Refs planned and remembered; clients choose the text, so the memory is bounded. */
const MAX_PLANS = 5_000;
/** Prices change by date, so a remembered plan is made anew after this. */
const PLAN_LIFE_MS = 10 * 60_000;

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
    catalog: input.catalog,
    prices: input.prices,
    plan(ref) {
      const nowMs = input.clock.now();
      const known = plans.get(ref);
      if (known && nowMs - known.madeAtMs < PLAN_LIFE_MS) return known.plan;
      const plan = planFor(input, ref, nowMs);
      if (plans.size >= MAX_PLANS) plans.clear();
      if (ref.length <= MAX_REF_LENGTH) plans.set(ref, { plan, madeAtMs: nowMs });
      return plan;
    },
    deploymentOf: (provider, model) => deploymentFor(input, { provider, model }, input.clock.now()),
  };
}

function planFor(input: SnapshotInput, ref: string, nowMs: number): Plan {
  const resolved = resolveRef(ref, input.routing, input.catalog);
  if (!resolved.ok)
    return { ok: false, refusal: refuse(resolved.code, resolved.message, { param: 'model' }) };
  const attempts: Deployment[] = [];
  for (const target of makePlan(resolved.targets).attempts) {
    const deployment = deploymentFor(input, target, nowMs);
    if (deployment) attempts.push(deployment);
  }
  if (attempts.length === 0) {
    return {
      ok: false,
      refusal: refuse('model_unknown', `no configured provider serves "${ref}"`, { param: 'model' }),
    };
  }
  return { ok: true, attempts };
}

function deploymentFor(
  input: SnapshotInput,
  { provider: name, model }: Target,
  nowMs: number,
): Deployment | undefined {
  const provider = input.providers.get(name);
  const formats = provider && (provider.formats ?? provider.kind.formatsOf?.(model) ?? provider.kind.formats);
  const nativeFormat = formats && formatOf(formats[0] as FormatId);
  if (!provider || !nativeFormat) return undefined;
  return {
    ref: `${name}/${model}`,
    headerRef: headerText(`${name}/${model}`),
    provider,
    model,
    price: input.catalog.priceOf(provider.catalogProvider, model, 'standard', nowMs),
    contextWindow: input.catalog.find(provider.catalogProvider, model)?.contextWindow,
    transport: input.transportOf(provider),
    address: splitBaseUrl(provider.baseUrl),
    formats,
    nativeFormat,
    authorizer: input.authorizerOf(provider),
  };
}

function splitBaseUrl(baseUrl: string): Deployment['address'] {
  const afterScheme = baseUrl.indexOf('://') === -1 ? 0 : baseUrl.indexOf('://') + 3;
  const slash = baseUrl.indexOf('/', afterScheme);
  return slash === -1
    ? { origin: baseUrl, path: '' }
    : { origin: baseUrl.slice(0, slash), path: baseUrl.slice(slash).replace(/\/+$/, '') };
}

function headerText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]+/gu, encodeURIComponent);
}
