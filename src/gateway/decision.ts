/** What is told of an attempt beyond its entry: how its model was chosen, what was passed over and lost, where the time went. */
import { promptIdText } from '../base/prompt-id.ts';
import type { RefusalCode } from '../base/refusal.ts';
import type { Candidate, ChoiceFacts, DecisionFacts, Loss, Phases, Said } from '../ledger/decision.ts';
import { consult } from '../route/precedence.ts';
import type { Warning } from '../wire/chat.ts';
import { type Chosen, type Exchange, overheadMs } from './exchange.ts';
import type { Attempt } from './lane.ts';
import type { Deployment, Snapshot } from './snapshot.ts';

/**
 * undefined = the entry says it all: the request itself named its provider's model, no layer above spoke, that model
 * was asked first and in the client's own format, and nothing was lost. `admin/decision.ts` tells it so.
 */
export function decisionOf(
  exchange: Exchange,
  attempt: Attempt,
  replyLosses: readonly Warning[],
  nowMono: number,
): DecisionFacts | undefined {
  const { chosen, order } = exchange;
  const limited = limitedOutput(attempt);
  const isOrdinary =
    isPlainChoice(exchange, attempt) &&
    limited === undefined &&
    attempt.lane === 'relay' &&
    attempt.number === 1 &&
    attempt.warnings.length === 0 &&
    replyLosses.length === 0 &&
    exchange.skipped.length === 0;
  if (isOrdinary) return undefined;
  return {
    asked: exchange.asked,
    revision: exchange.snapshot.revision,
    upstreamFormat: attempt.upstreamFormat.id,
    overheadMs: overheadOf(exchange, nowMono),
    skipped: exchange.skipped,
    requestLosses: limited ? [...attempt.warnings, limited] : attempt.warnings,
    replyLosses,
    ...(chosen && { choice: choiceOf(exchange.snapshot, chosen), phases: phasesOf(exchange, nowMono) }),
    ...(order && { order: order.map((ref) => candidateOf(exchange, ref)) }),
  };
}

/** Calls without layers have nothing to tell of them. */
function isPlainChoice({ chosen, order, asked }: Exchange, { deployment }: Attempt): boolean {
  if (!chosen) return true;
  return (
    chosen.layer === 'request' &&
    chosen.prompt === undefined &&
    order === undefined &&
    asked === deployment.ref
  );
}

/** The same walk over the layers as the one that chose. */
export function choiceOf({ rules }: Snapshot, { layer, input, prompt, promptBy }: Chosen): ChoiceFacts {
  const said: Said[] = [];
  for (const { layer: name, ref, source } of consult(rules, input))
    if (ref !== undefined) said.push({ layer: name, ref, source: source ?? '' });
  return {
    layer,
    ...(prompt && { prompt: promptIdText(prompt) }),
    ...(promptBy && prompt && { promptBy }),
    said,
  };
}

function phasesOf(exchange: Exchange, nowMono: number): Phases {
  const { startedMono, bodyMono, sentMono, firstByteMono, heldMs } = exchange;
  return {
    bodyMs: Math.max(0, bodyMono - startedMono),
    heldMs,
    ...(firstByteMono > 0 && sentMono > 0 && { firstByteMs: firstByteMono - sentMono }),
    totalMs: nowMono - startedMono,
  };
}

function candidateOf({ plan }: Exchange, ref: string): Candidate {
  const standIn = plan?.standIns.get(ref);
  return standIn ? { ref, standIn: standIn.by } : { ref };
}

/** Less output than was asked for is a loss of the request, though no translation's. */
function limitedOutput({ held }: Attempt): Loss | undefined {
  if (!held?.spending.isLimited || held.asked === undefined || held.asked <= held.maxOutput) return undefined;
  const note = `budgets had room for ${held.maxOutput} of ${held.asked} tokens`;
  return { kind: 'approximated', path: 'maxOutputTokens', note };
}

/** As the client's head says it; without a head, what was added until the attempt was sent. */
function overheadOf(exchange: Exchange, nowMono: number): number {
  if (exchange.toldOverheadMs !== undefined) return exchange.toldOverheadMs;
  const isWaiting = exchange.sentMono > 0 && exchange.firstByteMono === 0;
  return overheadMs(exchange, isWaiting ? exchange.sentMono : nowMono);
}

/** Nothing is sent to this deployment. */
export function skipDeployment(exchange: Exchange, { ref }: Deployment, reason: string, note?: string): void {
  exchange.skipped = [...exchange.skipped, { ref, reason, ...(note !== undefined && { note }) }];
}

/** The deployments that can be used; the others are skipped. */
export function keepFit(
  exchange: Exchange,
  plan: readonly Deployment[],
  reason: RefusalCode,
  isFit: (deployment: Deployment) => boolean,
): readonly Deployment[] {
  return plan.filter((deployment) => {
    const isKept = isFit(deployment);
    if (!isKept) skipDeployment(exchange, deployment, reason);
    return isKept;
  });
}
