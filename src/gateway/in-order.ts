/** Works through a plan: one attempt after the other, each held in the ledger before it is sent, until one answers. */
import type { Refusal } from '../base/refusal.ts';
import { authorized, type Prepared } from './attempt.ts';
import { unusableCredential } from './credential-refusal.ts';
import { skipDeployment } from './decision.ts';
import { type Exchange, type Gateway, leaveAttempt } from './exchange.ts';
import { giveUp, holdAttempt } from './hold.ts';
import { runAttempt } from './reply.ts';
import { answerError, refusalError } from './reply-error.ts';
import { answerFailure } from './reply-failure.ts';
import type { AttemptFailure } from './reply-state.ts';
import type { Deployment } from './snapshot.ts';

/** @param prepare makes the attempt of a number ready for a deployment */
export async function attemptInOrder(
  gateway: Gateway,
  exchange: Exchange,
  plan: readonly Deployment[],
  prepare: (deployment: Deployment, number: number) => Prepared | Promise<Prepared>,
): Promise<void> {
  let last: AttemptFailure | undefined;
  let unfit: Refusal | undefined;
  for (const [at, deployment] of plan.entries()) {
    const making = prepare(deployment, exchange.attempts + 1);
    // Waiting for what is there already would cost each request a turn.
    const prepared = making instanceof Promise ? await making : making;
    if (!prepared.ok) {
      if (!prepared.mayFitElsewhere) return answerRefusal(exchange, prepared.refusal);
      unfit ??= prepared.refusal;
      skipDeployment(exchange, deployment, prepared.refusal.code);
      continue;
    }
    let { attempt } = prepared;
    if (deployment.authorizer) {
      try {
        attempt = { ...attempt, request: await authorized(attempt) };
      } catch (fault) {
        last = unauthorized(deployment, fault);
        skipDeployment(exchange, deployment, 'credential_unusable');
        continue;
      }
    }
    const held = await holdAttempt(gateway, exchange, attempt, plan.slice(at + 1));
    if (!held.ok) {
      if (exchange.isClientGone) return;
      if (!held.mayFitElsewhere) return answerRefusal(exchange, held.refusal);
      unfit ??= held.refusal;
      skipDeployment(exchange, deployment, held.refusal.code);
      continue;
    }
    attempt = held.attempt;
    exchange.attempts = attempt.number;
    if (exchange.isClientGone) return giveUp(gateway, exchange, attempt);
    const outcome = await runAttempt(gateway, exchange, attempt, prepared.createLane(attempt));
    if (outcome.type !== 'failed') return;
    last = outcome.failure;
    leaveAttempt(exchange, gateway.clock.monotonic());
    if (!last.isRetryable) break;
  }
  if (last) answerFailure(exchange, last);
  else if (unfit) answerRefusal(exchange, unfit);
}

/** Nothing was sent, so nothing is booked. */
function unauthorized(deployment: Deployment, fault: unknown): AttemptFailure {
  const error = refusalError(unusableCredential(deployment, fault));
  return { error, passthrough: undefined, isRetryable: true };
}

function answerRefusal(exchange: Exchange, refusal: Refusal): void {
  answerError(exchange, refusalError(refusal));
}
