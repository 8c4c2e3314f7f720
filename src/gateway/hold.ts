/** Holds an attempt in the ledger before anything is sent: its entry to be, its budgets, its rates. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Grant, ReserveRequest } from '../ledger/ledger.ts';
import { authorized } from './attempt.ts';
import { budgetRefusal } from './budget-refusal.ts';
import { unusableCredential } from './credential-refusal.ts';
import type { Exchange, Gateway } from './exchange.ts';
import { nothingObserved, settleAttempt } from './finish.ts';
import type { Attempt } from './lane.ts';
import { limitedBody } from './limited-body.ts';
import { priceFor } from './price-for.ts';
import { rateRefusal } from './rate-headers.ts';
import type { Deployment } from './snapshot.ts';
import { spendingOf } from './spend.ts';
import type { Spending } from './spending.ts';

export type Held =
  | { readonly ok: true; readonly attempt: Attempt }
  | { readonly ok: false; readonly refusal: Refusal; readonly mayFitElsewhere: boolean };

/**
 * Nothing may be sent before this resolves to `ok`; what is sent then is the attempt it gives, whose output may be
 * limited to what its budgets have room for.
 * @param rest deployments of the plan after this one
 */
export async function holdAttempt(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  rest: readonly Deployment[],
): Promise<Held> {
  if (!exchange.isMetered) return { ok: true, attempt };
  const found = spendingOf(gateway, exchange, attempt, rest);
  if (!found.ok) return found;
  const { spending } = found;
  // A request may wait for room in its budgets for long; a client that leaves meanwhile gives up its place.
  const mayWait = spending.claims.length > 0;
  if (mayWait) exchange.onClientGone = () => giveUp(gateway, exchange, attempt);
  const grant = await gateway.ledger.reserve(reserveRequest(gateway, exchange, attempt, spending));
  if (mayWait) exchange.onClientGone = undefined;
  if (!grant.ok) {
    const refusal = refusalOf(gateway, grant, spending);
    return { ok: false, refusal, mayFitElsewhere: isOfDeployment(grant) };
  }
  const held = limited(gateway, exchange, attempt, spending, grant);
  // A signature is over the bytes that are sent.
  const isUnsigned = held.ok && held.attempt.request.body !== attempt.request.body;
  if (!isUnsigned || !attempt.deployment.authorizer) return held;
  return signed(gateway, exchange, held.attempt);
}

/** Signed anew. What cannot be is not sent, and gives back what was held for it. */
async function signed(gateway: Gateway, exchange: Exchange, attempt: Attempt): Promise<Held> {
  try {
    return { ok: true, attempt: { ...attempt, request: await authorized(attempt) } };
  } catch (fault) {
    settleUnsent(gateway, exchange, attempt);
    const refusal = unusableCredential(attempt.deployment, fault);
    return { ok: false, refusal, mayFitElsewhere: true };
  }
}

function reserveRequest(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  spending: Spending,
): ReserveRequest {
  const { labels } = exchange;
  const { owner, bound } = spending;
  const nowMs = gateway.clock.now();
  return {
    exchangeId: exchange.id,
    attempt: attempt.number,
    workspaceId: owner.workspaceId,
    keyId: exchange.key!.id,
    provider: owner.provider,
    model: owner.model,
    clientFormat: exchange.callName,
    lane: attempt.lane,
    price: attempt.isPricedByReport
      ? undefined
      : priceFor(exchange.snapshot, owner.workspaceId, attempt.deployment, undefined, nowMs),
    // Beside chats, one request may hold many inputs, each of which may fill the window.
    contextWindow: exchange.endpoint.operation === 'chat' ? attempt.deployment.contextWindow : undefined,
    inputEstimate: attempt.inputEstimate,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + attempt.request.timeouts.totalMs,
    memberId: owner.memberId,
    agentId: owner.agentId,
    sessionId: labels.session,
    endUser: labels.endUser,
    maxOutputTokens: bound && spending.isLimited ? bound.maxOutput : attempt.maxOutputTokens,
    claims: spending.claims,
    claimsAt: spending.claimsAt,
    rates: spending.rates,
    bound,
    minOutput: spending.incrementalOutput === undefined ? spending.minOutput : bound?.maxOutput,
  };
}

/** What one provider or model may cost says nothing of the others. */
function isOfDeployment(grant: Grant & { ok: false }): boolean {
  if (grant.reason === 'rate_limited') return grant.rate.subject.startsWith('deployment:');
  if (grant.reason !== 'over_budget') return false;
  const { scope } = grant.shortfall.claim;
  return scope === 'provider' || scope === 'model';
}

/** The client left before anything was sent. */
export function giveUp(gateway: Gateway, exchange: Exchange, attempt: Attempt): void {
  exchange.outcome = 'client_abort';
  settleUnsent(gateway, exchange, attempt);
}

/** Granted, and then not sent: it costs nothing, and that is booked. */
function settleUnsent(gateway: Gateway, exchange: Exchange, attempt: Attempt): void {
  // Its number is taken: another attempt of the exchange gets the next.
  exchange.attempts = attempt.number;
  settleAttempt(gateway, exchange, attempt, {
    status: 'not_sent',
    isCharged: false,
    observed: nothingObserved,
  });
}

/** The attempt with the output limit that was granted, in the bytes that are forwarded. */
function limited(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  spending: Spending,
  grant: Grant & { ok: true },
): Held {
  const { bound, isLimited, incrementalOutput } = spending;
  const asked = attempt.maxOutputTokens;
  const maxOutput = incrementalOutput ?? grant.maxOutput ?? bound?.maxOutput;
  if (!bound && !grant.rates) return { ok: true, attempt };
  const held = { spending, maxOutput: maxOutput ?? 0, asked, amount: grant.amount, rates: grant.rates ?? [] };
  // Also where the client asked for no more: a body may hold a second limit, and which one its server heeds is its own affair.
  if (!isLimited || !maxOutput) return { ok: true, attempt: { ...attempt, held } };
  const { request } = attempt;
  const body = limitedBody(attempt, maxOutput, limitOptions(exchange, attempt));
  if (!body) {
    settleUnsent(gateway, exchange, attempt);
    const message = `the output of this request cannot be limited to the ${maxOutput} tokens its budgets have room for`;
    return { ok: false, refusal: refuse('cost_unbounded', message), mayFitElsewhere: true };
  }
  const bounded: Attempt = { ...attempt, held, maxOutputTokens: maxOutput, request: { ...request, body } };
  return { ok: true, attempt: bounded };
}

/** The older call knows one name only. */
function limitOptions({ endpoint }: Exchange, { deployment }: Attempt) {
  const { model } = deployment;
  return endpoint.operation === 'chat' ? { model } : { model, field: 'max_tokens' };
}

function refusalOf(gateway: Gateway, grant: Grant & { ok: false }, spending: Spending): Refusal {
  switch (grant.reason) {
    case 'draining':
      return refuse('shutting_down', 'this process is shutting down', { retryAfterS: 1 });
    case 'store_failed':
    case 'store_full':
      return refuse('ledger_unavailable', 'the request could not be recorded, so it was not sent', {
        retryAfterS: 1,
      });
    case 'over_budget':
      return budgetRefusal(grant.shortfall, spending, gateway.ledger.now());
    case 'rate_limited':
      return rateRefusal(grant.rate, grant.retryMs);
    default:
      return grant satisfies never;
  }
}
