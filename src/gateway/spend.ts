/**
 * What an attempt may cost at most, and which budgets have to have room for that. Read from the body that is
 * forwarded, and only where a budget or the client's own limit asks for it.
 */
import { readLimit } from '../base/budget.ts';
import { formatUsd, type NanoUsd, nanoUsd } from '../base/money.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Price } from '../catalog/price.ts';
import {
  affordableOutput,
  type Bound,
  boundOf,
  DEFAULT_MAX_OUTPUT,
  dearestBound,
  MIN_CLAMPED_OUTPUT,
  outputLimitOf,
  pricesAt,
  withOutput,
} from '../ledger/bound.ts';
import { type Claim, matchBudgets, type Owner, outputCapOf } from '../ledger/budget.ts';
import type { RateClaim } from '../ledger/rate.ts';
import { matchRates, type RateNeed } from '../ledger/rate-limits.ts';
import { type BodyFacts, factFields, readBodyFacts } from '../wire/body-facts.ts';
import { thinkingFloor } from '../wire/output-limit.ts';
import { walkTopLevel } from '../wire/walk.ts';
import type { Exchange, Gateway } from './exchange.ts';
import type { Attempt } from './lane.ts';
import { joined } from './limited-body.ts';
import { priceFor } from './price-for.ts';
import type { Deployment } from './snapshot.ts';
import { INCREMENT_TOKENS, type Spending } from './spending.ts';

export type SpendingResult =
  | { readonly ok: true; readonly spending: Spending }
  | { readonly ok: false; readonly refusal: Refusal; readonly mayFitElsewhere: boolean };

/** @param rest deployments of the plan after this one: what is held must do for the dearest of them too */
export function spendingOf(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  rest: readonly Deployment[],
): SpendingResult {
  const { snapshot, labels } = exchange;
  const owner = ownerOf(exchange, attempt.deployment);
  if (isUnlimited(exchange)) return { ok: true, spending: { ...unlimited, owner } };
  const claimsAt = (atMs: number) => matchBudgets(snapshot.budgets, owner, atMs);
  const claims = snapshot.budgets.size === 0 ? NO_CLAIMS : claimsAt(gateway.ledger.now());
  const rates = matchRates(snapshot.rateLimits, owner, needOf(exchange, attempt));
  const plain = { owner, claims, claimsAt, rates, ...nothingLimited };
  if (claims.length === 0 && labels.maxCostUsd === undefined) return { ok: true, spending: plain };
  const ownLimit = labels.maxCostUsd === undefined ? undefined : readLimit(labels.maxCostUsd);
  if (labels.maxCostUsd !== undefined && ownLimit === undefined) return unreadable;
  const isHard = ownLimit !== undefined || claims.some((claim) => claim.isHard);
  const output = wantedOutput(exchange, attempt, claims);
  const body = attempt.facts?.body ?? joined(attempt.request.body);
  const facts = factsOf(exchange, attempt, body);
  const measured = measure(gateway, exchange, attempt, facts, output);
  if (!measured.ok) {
    if (!isHard) return { ok: true, spending: plain };
    return { ok: false, refusal: unboundedRefusal(measured.reason, attempt, claims), mayFitElsewhere: true };
  }
  const canLimit = mayLimit(exchange);
  const floor = canLimit ? thinkingFloor(attempt.upstreamFormat.places, body) : output;
  const minOutput = Math.max(MIN_CLAMPED_OUTPUT, floor);
  const own = limitedTo(exchange, measured.bound, ownLimit, minOutput);
  if (!own.ok) return own;
  const plan = rest.flatMap((deployment) =>
    boundAt(gateway, exchange, deployment, facts, own.bound.maxOutput),
  );
  const bound = dearestBound([own.bound, ...plan])!;
  const isIncremental = mayGrow(attempt, claims) && bound.maxOutput > INCREMENT_TOKENS;
  return {
    ok: true,
    spending: {
      ...plain,
      rates: ratesOf(exchange, owner, rates, own.bound),
      bound: isIncremental ? withOutput(bound, INCREMENT_TOKENS) : bound,
      prices: measured.prices,
      minOutput,
      isLimited: canLimit && (isHard || outputCapOf(claims) !== undefined),
      incrementalOutput: isIncremental ? bound.maxOutput : undefined,
    },
  };
}

/** The usual case: nothing is to be looked up, and nothing to be held but the entry. */
function isUnlimited(exchange: Exchange): boolean {
  const { key, snapshot } = exchange;
  return !mayBeLimited(exchange) && !snapshot.rateLimits.byWorkspace.has(key!.workspaceId);
}

/** Whether it is worth to find in the first walk over the body what decides its price. */
export function mayBeLimited({ snapshot, key, labels }: Exchange): boolean {
  return labels.maxCostUsd !== undefined || snapshot.budgets.byWorkspace.has(key!.workspaceId);
}

const NO_CLAIMS: readonly Claim[] = [];
const nothingLimited = {
  bound: undefined,
  prices: [],
  minOutput: 0,
  isLimited: false,
  incrementalOutput: undefined,
} as const;

const unlimited = { ...nothingLimited, claims: NO_CLAIMS, claimsAt: () => NO_CLAIMS, rates: [] } as const;

/** Whose spend it is, and of what. */
export function ownerOf(
  { key, labels }: Exchange,
  { provider, model }: { readonly provider: { readonly name: string }; readonly model: string },
): Owner {
  return {
    workspaceId: key!.workspaceId,
    keyId: key!.id,
    memberId: key!.memberId,
    agentId: labels.agent ?? key!.agentId,
    endUser: labels.endUser,
    sessionId: labels.session,
    pipelineId: labels.pipeline,
    provider: provider.name,
    model,
  };
}

/** What rates reserve where no budget made us look closer. */
function needOf(exchange: Exchange, attempt: Attempt): RateNeed {
  const hasOutput = exchange.endpoint.operation !== 'embeddings';
  const outputTokens = hasOutput ? (attempt.maxOutputTokens ?? DEFAULT_MAX_OUTPUT) : 0;
  return { inputTokens: attempt.inputEstimate, outputTokens };
}

/** Where it is known better. */
function ratesOf(
  { snapshot }: Exchange,
  owner: Owner,
  rates: readonly RateClaim[],
  { inputTokens, maxOutput }: Bound,
): readonly RateClaim[] {
  if (rates.length === 0) return rates;
  return matchRates(snapshot.rateLimits, owner, { inputTokens, outputTokens: maxOutput });
}

/** What a completion without a limit of its own comes to: its makers' default, which is not a chat's. */
const COMPLETION_OUTPUT = 16;

/** Where the reply has no tokens of its own, as of vectors, nothing is asked for. */
function wantedOutput(exchange: Exchange, attempt: Attempt, claims: readonly Claim[]): number {
  if (exchange.endpoint.operation === 'embeddings') return 0;
  const isCompletion = exchange.callName === COMPLETIONS;
  const { provider, model } = attempt.deployment;
  const modelMax = exchange.snapshot.catalog.find(provider.catalogProvider, model)?.maxOutputTokens;
  const asked = attempt.maxOutputTokens ?? (isCompletion ? COMPLETION_OUTPUT : undefined);
  return outputLimitOf({ asked, cap: outputCapOf(claims), modelMax }).tokens;
}

const COMPLETIONS = 'openai-completions';

/** Whether the body has a place for a limit: of other calls the price is held, and all of it has to fit. */
function mayLimit({ endpoint, callName }: Exchange): boolean {
  return endpoint.operation === 'chat' || callName === COMPLETIONS;
}

/** An estimate of plain text may be this much too low. */
const TEXT_MARGIN = 1.15;
const TEXT_SPARE_TOKENS = 16;

/** Calls that are no chats have one text, or several, and nothing else that is paid. */
function factsOf({ endpoint }: Exchange, attempt: Attempt, body: Buffer): BodyFacts {
  const format = attempt.upstreamFormat.id;
  if (attempt.facts) return readBodyFacts(format, attempt.facts, false);
  if (endpoint.operation === 'chat') {
    const walk = walkTopLevel(body, factFields(format));
    if (walk.ok) return readBodyFacts(format, { body, fields: walk.fields, media: walk.media }, false);
  }
  const inputTokens = Math.ceil(attempt.inputEstimate * TEXT_MARGIN) + TEXT_SPARE_TOKENS;
  return { ...plainText, inputTokens };
}

const plainText = {
  isInputOpen: false,
  cacheWrite: 'none',
  hasAudioInput: false,
  asksAudio: false,
  toolCalls: 0,
  choices: 1,
  serviceTier: undefined,
} as const;

type Measured =
  | { readonly ok: true; readonly bound: Bound; readonly prices: readonly Price[] }
  | { readonly ok: false; readonly reason: 'price_unknown' | 'input_unbounded' };

function measure(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  facts: BodyFacts,
  maxOutput: number,
): Measured {
  // Images, sound, seconds: what they come to, only the answer says.
  if (attempt.isPricedByReport) return { ok: false, reason: 'input_unbounded' };
  return boundFor(gateway, exchange, attempt.deployment, facts, maxOutput);
}

function boundFor(
  gateway: Gateway,
  exchange: Exchange,
  deployment: Deployment,
  facts: BodyFacts,
  maxOutput: number,
): Measured {
  const atMs = gateway.clock.now();
  const { workspaceId } = exchange.key!;
  const priceOf = (tier: string) => priceFor(exchange.snapshot, workspaceId, deployment, tier, atMs);
  const prices = pricesAt(priceOf, facts.serviceTier);
  const { contextWindow } = deployment;
  const result = boundOf({ prices, facts, contextWindow, maxOutput, isStrict: false });
  return result.ok ? { ...result, prices } : result;
}

/** None where it cannot be said: when its turn comes, it is passed over. */
function boundAt(
  gateway: Gateway,
  exchange: Exchange,
  deployment: Deployment,
  facts: BodyFacts,
  maxOutput: number,
): readonly Bound[] {
  const result = boundFor(gateway, exchange, deployment, facts, maxOutput);
  return result.ok ? [result.bound] : [];
}

type Limited = { readonly ok: true; readonly bound: Bound } | (SpendingResult & { ok: false });

/** The client's own limit holds for all attempts of the exchange together. */
function limitedTo(exchange: Exchange, bound: Bound, limit: NanoUsd | undefined, minOutput: number): Limited {
  if (limit === undefined) return { ok: true, bound };
  const left = nanoUsd(limit - exchange.spent);
  if (bound.amountNano <= left) return { ok: true, bound };
  const output = affordableOutput(left, bound, minOutput);
  if (output !== undefined) return { ok: true, bound: withOutput(bound, output) };
  const spent = exchange.spent > 0n ? `, of which ${formatUsd(exchange.spent)} is spent` : '';
  const message = `the request may cost up to $${formatUsd(bound.amountNano)}, its input alone $${formatUsd(bound.inputNano)}, and x-turnpike-max-cost-usd allows $${formatUsd(limit)}${spent}`;
  const refusal = refuse('cost_above_limit', message, { param: 'x-turnpike-max-cost-usd' });
  return { ok: false, refusal, mayFitElsewhere: true };
}

/** Cutting the stream must end what is billed, and every budget that could refuse must allow it. */
function mayGrow({ isStream, deployment }: Attempt, claims: readonly Claim[]): boolean {
  if (!isStream || !deployment.provider.kind.cancelStopsBilling) return false;
  const hard = claims.filter(({ isHard }) => isHard);
  return hard.length > 0 && hard.every(({ mode }) => mode === 'incremental');
}

const unreadable: SpendingResult = {
  ok: false,
  refusal: refuse(
    'body_invalid',
    'the header x-turnpike-max-cost-usd must be dollars as a plain decimal, such as 0.50',
    {
      param: 'x-turnpike-max-cost-usd',
    },
  ),
  mayFitElsewhere: false,
};

function unboundedRefusal(
  reason: 'price_unknown' | 'input_unbounded',
  { deployment }: Attempt,
  claims: readonly Claim[],
): Refusal {
  const hard = claims.find(({ isHard }) => isHard);
  const who = hard ? `the budget "${hard.name}"` : 'x-turnpike-max-cost-usd';
  if (reason === 'price_unknown')
    return refuse('price_unknown', `nobody knows what ${deployment.ref} costs, so ${who} cannot hold it`);
  const message = `what this request may cost on ${deployment.ref} cannot be said before it is answered, so ${who} cannot hold it`;
  return refuse('cost_unbounded', message);
}
