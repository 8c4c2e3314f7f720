/** From a model ref to the deployments that may answer it: where it leads, and who stands in for that. */
import type { WorkspaceId } from '../base/ids.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import { knowledgeOf } from '../catalog/capability.ts';
import type { Catalog } from '../catalog/model.ts';
import { nanoPerMillion, type Price } from '../catalog/price.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { STANDARD } from '../catalog/service-tier.ts';
import type { Place } from '../health/health.ts';
import { chainFor } from '../route/chains.ts';
import { MAX_PLANNED, makePlan } from '../route/plan.ts';
import { type Candidates, type Group, type RoutingTable, resolveRef, type Target } from '../route/ref.ts';
import { type CandidateFacts, type CompiledOrder, compileOrder } from '../route/strategies.ts';
import { placeOf, withCredential } from '../upstream/credentials.ts';
import type { Authorizer, Provider } from '../upstream/provider.ts';
import type { Transport } from '../upstream/transport.ts';
import type { FormatId } from '../wire/chat.ts';
import { type Format, formatOf } from '../wire/formats.ts';

/** What plans are made from: of one revision. */
export interface PlanInput {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly routing: RoutingTable;
  readonly catalog: Catalog;
  /** The prices that operators have set, before the catalog's. */
  readonly prices: PriceBook;
  transportOf(provider: Provider): Transport;
  authorizerOf(provider: Provider): Authorizer | undefined;
}

/** One model served by one provider: what an attempt is sent to. */
export interface Deployment {
  /** Canonical `provider/model`. */
  readonly ref: string;
  /** `ref` as a header may carry it: other characters than printable ASCII percent-encoded. */
  readonly headerRef: string;
  /** With the credential that this deployment is asked with. */
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
  /** What has its health. */
  readonly place: Place;
  /** The same with each credential of the provider, this one among them. */
  readonly siblings: readonly Deployment[];
}

/** Why a deployment is in a plan though its ref was not asked for. */
export interface StandIn {
  readonly by: 'model_fallback' | 'chain' | 'default';
  /** Where that is written. */
  readonly source: string;
}

export type Plan =
  | {
      readonly ok: true;
      /** Where the ref itself leads, as written; at least one. */
      readonly attempts: readonly Deployment[];
      /** The same and who stands in, ready to be put in order. */
      readonly order: CompiledOrder;
      /** By ref, every one of them. */
      readonly deployments: ReadonlyMap<string, Deployment>;
      readonly standIns: ReadonlyMap<string, StandIn>;
      /** Answers may be kept for so long, in milliseconds; undefined = not by this plan. */
      readonly cacheTtlMs: number | undefined;
      readonly isHedged: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

interface Branch {
  readonly candidates: Candidates;
  readonly standIn: StandIn | undefined;
}

export interface PlanWish {
  readonly ref: string;
  /** Refs that the rule which chose this one names to be tried after it. */
  readonly fallback: readonly string[];
  /** Whose own prices count; undefined = the catalog's alone. */
  readonly payer: WorkspaceId | undefined;
}

export function planFor(input: PlanInput, wish: PlanWish, nowMs: number): Plan {
  const { ref, fallback } = wish;
  const resolved = resolveRef(ref, input.routing, input.catalog);
  if (!resolved.ok)
    return { ok: false, refusal: refuse(resolved.code, resolved.message, { param: 'model' }) };
  const branches: Branch[] = [
    { candidates: resolved.candidates, standIn: undefined },
    ...standInsOf(input, resolved.candidates, fallback),
  ];
  const deployments = new Map<string, Deployment>();
  const standIns = new Map<string, StandIn>();
  const asked: Deployment[] = [];
  for (const { candidates, standIn } of branches) {
    for (const target of makePlan(targetsOf(candidates)).attempts) {
      const made = deployments.get(refOf(target)) ?? deploymentFor(input, target, nowMs);
      if (!made || deployments.size >= MAX_PLANNED) continue;
      if (!standIn) asked.push(made);
      else if (!deployments.has(made.ref)) standIns.set(made.ref, standIn);
      deployments.set(made.ref, made);
    }
  }
  if (asked.length === 0) {
    const message = `no configured provider serves "${ref}"`;
    return { ok: false, refusal: refuse('model_unknown', message, { param: 'model' }) };
  }
  const route = resolved.candidates.kind === 'route' ? resolved.candidates.rule : undefined;
  return {
    ok: true,
    attempts: asked,
    order: compileOrder(joined(branches), (target) => {
      const deployment = deployments.get(refOf(target));
      return deployment && factsFor(input, deployment, paidPrice(input, deployment, wish.payer, nowMs));
    }),
    deployments,
    standIns,
    cacheTtlMs: route?.cacheTtlMs,
    isHedged: route?.isHedged ?? false,
  };
}

function refOf({ provider, model }: Target): string {
  return `${provider}/${model}`;
}

function targetsOf(candidates: Candidates): Target[] {
  return candidates.kind === 'target' ? [candidates.target] : candidates.members.flatMap(targetsOf);
}

/** One after the other, as if a route had been written so. */
function joined([first, ...rest]: readonly Branch[]): Candidates {
  if (rest.length === 0) return first!.candidates;
  const members = [first!, ...rest].map(({ candidates }) => candidates);
  return { kind: 'route', name: '', rule: AS_WRITTEN, members, weight: 1 };
}

const AS_WRITTEN: Group['rule'] = { strategy: 'ordered', targets: [], filter: undefined };

/** What leads nowhere here (no key for that vendor, say) is passed over: it was named for whoever has it. */
function standInsOf(input: PlanInput, asked: Candidates, named: readonly string[]): readonly Branch[] {
  const { routing, catalog } = input;
  const { fallback } = routing;
  const wanted: { refs: readonly string[]; standIn: StandIn }[] = [];
  if (fallback.allowsNamed)
    wanted.push({ refs: named, standIn: { by: 'model_fallback', source: 'the rule that chose the model' } });
  if (fallback.isEnabled) {
    const chain = asked.kind === 'target' ? chainOf(input, asked.target) : undefined;
    if (chain) wanted.push({ refs: chain.refs, standIn: { by: 'chain', source: chain.source } });
    if (fallback.default !== undefined)
      wanted.push({ refs: [fallback.default], standIn: { by: 'default', source: 'fallback.default' } });
  }
  return wanted.flatMap(({ refs, standIn }) =>
    refs.flatMap((ref) => {
      const resolved = resolveRef(ref, routing, catalog);
      return resolved.ok ? [{ candidates: resolved.candidates, standIn }] : [];
    }),
  );
}

function chainOf({ routing, providers, catalog }: PlanInput, { provider, model }: Target) {
  const vendor = providers.get(provider)?.catalogProvider;
  return vendor && chainFor(routing.fallback.chains, vendor, model, catalog);
}

function paidPrice(
  { prices }: PlanInput,
  { provider, model, price }: Deployment,
  payer: WorkspaceId | undefined,
  atMs: number,
): Price | undefined {
  if (payer === undefined) return price;
  const served = { provider: provider.name, catalogProvider: provider.catalogProvider, model };
  return prices.priceOf(payer, served, STANDARD, atMs);
}

function factsFor(
  { catalog }: PlanInput,
  { provider, model, ref, contextWindow }: Deployment,
  price: Price | undefined,
): CandidateFacts {
  const known = catalog.find(provider.catalogProvider, model);
  const rates = price?.tiers[0]?.rates;
  return {
    target: { provider: provider.name, model },
    ref,
    inputRate: rates && nanoPerMillion(rates.input),
    outputRate: rates && nanoPerMillion(rates.output),
    contextWindow,
    maxOutputTokens: known?.maxOutputTokens,
    region: provider.region,
    can: knowledgeOf(catalog, provider.catalogProvider, model),
  };
}

export function deploymentFor(
  input: PlanInput,
  { provider: name, model }: Target,
  nowMs: number,
): Deployment | undefined {
  const provider = input.providers.get(name);
  const formats = provider && (provider.formats ?? provider.kind.formatsOf?.(model) ?? provider.kind.formats);
  const nativeFormat = formats && formatOf(formats[0] as FormatId);
  if (!provider || !nativeFormat) return undefined;
  const ref = `${name}/${model}`;
  const siblings: Deployment[] = [];
  const shared = {
    ref,
    headerRef: headerText(ref),
    model,
    price: input.catalog.priceOf(provider.catalogProvider, model, 'standard', nowMs),
    contextWindow: input.catalog.find(provider.catalogProvider, model)?.contextWindow,
    formats,
    nativeFormat,
    siblings,
  };
  for (const { asked, credential } of withEachCredential(provider)) {
    siblings.push({
      ...shared,
      provider: asked,
      transport: input.transportOf(asked),
      address: splitBaseUrl(asked.baseUrl),
      authorizer: input.authorizerOf(asked),
      place: { ref, provider: name, credential },
    });
  }
  return siblings[0];
}

function withEachCredential(provider: Provider): { asked: Provider; credential: string }[] {
  const { credentials } = provider;
  if (credentials.length < 2) return [{ asked: provider, credential: placeOf(provider) }];
  return credentials.map((credential) => ({
    asked: withCredential(provider, credential),
    credential: placeOf(provider, credential),
  }));
}

function splitBaseUrl(baseUrl: string): Deployment['address'] {
  const afterScheme = baseUrl.indexOf('://') === -1 ? 0 : baseUrl.indexOf('://') + 3;
  const slash = baseUrl.indexOf('/', afterScheme);
  return slash === -1
    ? { origin: baseUrl, path: '' }
    : { origin: baseUrl.slice(0, slash), path: baseUrl.slice(slash).replace(/\/+$/, '') };
}

export function headerText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]+/gu, encodeURIComponent);
}
