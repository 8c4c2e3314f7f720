/** One request, stage by stage. Each stage is a file of this room; this one only says in which order. */
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';
import { admit } from './admit.ts';
import { readAsk, readLabels } from './ask.ts';
import { authorized, prepareAttempt, reserveAttempt } from './attempt.ts';
import { readBody } from './body.ts';
import { answerCount, canRelayCount } from './count.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { nothingObserved, settleAttempt } from './finish.ts';
import { withoutCredentialInError } from './redact.ts';
import { runAttempt } from './reply.ts';
import { answerError, refusalError } from './reply-error.ts';
import { answerFailure } from './reply-failure.ts';
import type { AttemptFailure } from './reply-state.ts';
import type { Deployment } from './snapshot.ts';

export async function handle(gateway: Gateway, exchange: Exchange): Promise<void> {
  const { snapshot, request } = exchange;
  const admission = admit(snapshot.keys, request.headers, exchange.query, exchange.startedAtMs);
  if (!admission.ok) return answerRefusal(exchange, admission.refusal);
  exchange.key = admission.key;
  gateway.keyUse.set(admission.key.id, exchange.startedAtMs);

  const read = await readBody(request, gateway.limits.bodyBytes);
  if (!read.ok) return read.refusal ? answerRefusal(exchange, read.refusal) : undefined;
  exchange.labels = readLabels(request.headers);
  const asked = readAsk(
    read.body,
    { places: exchange.format.places, target: exchange.target },
    exchange.labels,
    admission.key.defaultModel ?? snapshot.routing.defaultRef,
  );
  if (!asked.ok) return answerRefusal(exchange, asked.refusal);

  const plan = snapshot.plan(asked.ask.model);
  if (!plan.ok) return answerRefusal(exchange, plan.refusal);
  const attempts = plan.attempts.filter((deployment) =>
    mayUse(admission.key.allowedModels, asked.ask.model, deployment.ref),
  );
  if (attempts.length === 0) {
    return answerRefusal(
      exchange,
      refuse('model_not_allowed', `this key may not use "${asked.ask.model}"`, { param: 'model' }),
    );
  }
  if (exchange.operation === 'count-tokens' && !canRelayCount(exchange, attempts[0]!)) {
    return answerCount(exchange, asked.ask);
  }
  await attemptInOrder(gateway, exchange, asked.ask, attempts);
}

async function attemptInOrder(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  plan: readonly Deployment[],
): Promise<void> {
  let last: AttemptFailure | undefined;
  for (const deployment of plan) {
    const prepared = prepareAttempt(exchange, ask, deployment, exchange.attempts + 1);
    if (!prepared.ok) return answerRefusal(exchange, prepared.refusal);
    const { lane } = prepared;
    let { attempt } = prepared;
    if (deployment.authorizer) {
      try {
        attempt = { ...attempt, request: await authorized(attempt) };
      } catch (fault) {
        last = unauthorized(deployment, fault);
        continue;
      }
    }
    const refusal = await reserveAttempt(gateway, exchange, attempt);
    if (refusal) return answerRefusal(exchange, refusal);
    exchange.attempts = attempt.number;
    if (exchange.isClientGone) {
      exchange.outcome = 'client_abort';
      settleAttempt(gateway, exchange, attempt, {
        status: 'not_sent',
        isCharged: false,
        observed: nothingObserved,
      });
      return;
    }
    const outcome = await runAttempt(gateway, exchange, attempt, lane);
    if (outcome.type !== 'failed') return;
    last = outcome.failure;
    if (!last.isRetryable) break;
  }
  if (last) answerFailure(exchange, last);
}

/** Nothing was sent, so nothing is booked. */
function unauthorized({ ref, provider }: Deployment, fault: unknown): AttemptFailure {
  const message = `no credential for ${ref}: ${fault instanceof Error ? fault.message : String(fault)}`;
  const error = refusalError(refuse('credential_unusable', message));
  return {
    error: withoutCredentialInError(error, provider.credential),
    passthrough: undefined,
    isRetryable: true,
  };
}

function answerRefusal(exchange: Exchange, refusal: Refusal): void {
  answerError(exchange, refusalError(refusal));
}

/** An allow-list names refs as clients write them (aliases too) or canonical ones; `provider/*` allows a whole provider. */
function mayUse(allowed: readonly string[] | undefined, asked: string, ref: string): boolean {
  if (!allowed) return true;
  return allowed.some(
    (entry) =>
      entry === asked || entry === ref || (entry.endsWith('/*') && ref.startsWith(entry.slice(0, -1))),
  );
}
