/** One request, stage by stage. Each stage is a file of this room; this one only says in which order. */

import type { Refusal } from '../base/refusal.ts';
import { readAsk, readLabels } from './ask.ts';
import { prepareAttempt } from './attempt.ts';
import { readBody } from './body.ts';
import { chooseModel, chosenRefusal } from './choose.ts';
import { noteContent } from './content-log.ts';
import { answerCount, canRelayCount } from './count.ts';
import { keepFit } from './decision.ts';
import { handleEmbeddings } from './embed.ts';
import type { Exchange, Gateway } from './exchange.ts';
import { attemptInOrder } from './in-order.ts';
import { letIn } from './let-in.ts';
import { answerLoaded } from './load.ts';
import { notedFields } from './noted-fields.ts';
import { isAllowed, nothingAllowed, orderFor } from './order.ts';
import { handleRelayOnly } from './relay-only.ts';
import { answerError, refusalError } from './reply-error.ts';
import { requestNeeds } from './request-needs.ts';
import { answerFromCache } from './response-cache-answer.ts';
import { askWithStored } from './stored-rebuild.ts';
import { withRealWindow } from './window.ts';

export async function handle(gateway: Gateway, exchange: Exchange): Promise<void> {
  const { snapshot, request, endpoint } = exchange;
  const admission = letIn(gateway, snapshot, exchange, exchange.startedAtMs);
  if (!admission.ok) return answerRefusal(exchange, admission.refusal);
  exchange.key = admission.key;
  exchange.tokenHash = admission.tokenHash;
  exchange.snapshot = snapshot.of(admission.key);

  const read = await readBody(request, gateway.limits.bodyBytes);
  if (!read.ok) return read.refusal ? answerRefusal(exchange, read.refusal) : undefined;
  exchange.bodyMono = gateway.clock.monotonic();
  exchange.labels = readLabels(request.headers);
  const kept = snapshot.contents.get(admission.key.workspaceId);
  if (kept && exchange.isMetered) noteContent(gateway.contents, exchange, kept, read.body);
  const refusal =
    endpoint.operation === 'embeddings'
      ? await handleEmbeddings(gateway, exchange, endpoint, read.body)
      : endpoint.operation === 'relay-only'
        ? await handleRelayOnly(gateway, exchange, endpoint, read.body)
        : await handleChat(gateway, exchange, read.body);
  if (refusal) answerRefusal(exchange, refusal);
}

async function handleChat(gateway: Gateway, exchange: Exchange, body: Buffer): Promise<Refusal | undefined> {
  const { snapshot, endpoint } = exchange;
  const key = exchange.key!;
  const { places } = exchange.format;
  const source = { places, target: endpoint.target, facts: notedFields(exchange) };
  const asked = askWithStored(gateway, exchange, body, (bytes) =>
    readAsk(bytes, source, (requested, { fields }) => chooseModel(exchange, bytes, requested, fields)),
  );
  if (!asked.ok) return asked.refusal;
  const { ask } = asked;
  exchange.asked = ask.model;

  const plan = snapshot.plan(ask.model, exchange.chosen?.rule.fallback, key.workspaceId);
  if (!plan.ok) return chosenRefusal(exchange, plan.refusal);
  const kept = answerFromCache(gateway, exchange, ask, plan);
  if (kept) return kept;
  exchange.plan = plan;
  const ordered = orderFor(gateway, exchange, plan, () => requestNeeds(exchange, ask, plan.order.lacking));
  if (!ordered.ok) return ordered.refusal;
  const attempts = keepFit(exchange, ordered.plan, 'model_not_allowed', ({ ref }) =>
    isAllowed(plan, { asked: ask.model, key }, ref),
  );
  // Who may not be asked is no first that another stands in for.
  if (exchange.order && attempts.length < ordered.plan.length)
    exchange.order = attempts.map(({ ref }) => ref);
  if (attempts.length === 0) return nothingAllowed(ask.model);
  if (endpoint.operation === 'count-tokens' && !canRelayCount(exchange, attempts[0]!)) {
    answerCount(exchange, ask);
    return undefined;
  }
  if (answerLoaded(exchange, ask, attempts[0]!)) return undefined;
  await attemptInOrder(gateway, exchange, attempts, (deployment, number) => {
    const prepared = prepareAttempt(gateway, exchange, ask, deployment, number);
    return deployment.provider.kind.id === 'ollama' ? withRealWindow(gateway.windows, prepared) : prepared;
  });
  return undefined;
}

function answerRefusal(exchange: Exchange, refusal: Refusal): void {
  answerError(exchange, refusalError(refusal));
}
