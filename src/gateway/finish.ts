/** How an attempt is booked: always, once, whatever happened to it. */
import { nanoUsd } from '../base/money.ts';
import type { Price } from '../catalog/price.ts';
import type { EntryStatus, Settled } from '../ledger/ledger.ts';
import type { Classification } from '../upstream/classify.ts';
import type { Usage, Warning } from '../wire/chat.ts';
import { concludeTrial } from './attend.ts';
import { decisionOf } from './decision.ts';
import type { Exchange, Gateway } from './exchange.ts';
import type { Attempt, Observed } from './lane.ts';
import { priceFor } from './price-for.ts';

export interface AttemptEnd {
  readonly status: EntryStatus;
  /** False when nothing reached the upstream, or it refused before doing any work. */
  readonly isCharged: boolean;
  readonly observed: Observed;
  /** Losses found while translating the reply. */
  readonly warnings?: readonly Warning[] | undefined;
  readonly httpStatus?: number | undefined;
  readonly errorClass?: string | undefined;
  readonly upstreamRequestId?: string | undefined;
  /** What its failure means for the deployment; absent = its status says that. */
  readonly verdict?: Classification | undefined;
  /** As the provider asks. */
  readonly retryAfterMs?: number | undefined;
}

const noWarnings: readonly Warning[] = [];

export const nothingObserved: Observed = {
  usage: undefined,
  outputEstimate: 0,
  hasContent: false,
  stop: undefined,
};

/** undefined for operations that vendors do not bill and the ledger does not hold (token counting). */
export function settleAttempt(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  end: AttemptEnd,
): Settled | undefined {
  gateway.metrics.attempt(attempt.deployment.ref, end.status);
  if (attempt.trial) concludeTrial(attempt.trial, end);
  if (!exchange.isMetered) return undefined;
  const nowMono = gateway.clock.monotonic();
  const { outputEstimate, hasContent, stop } = end.observed;
  const settled = gateway.ledger.settle({
    exchangeId: exchange.id,
    attempt: attempt.number,
    status: end.status,
    isCharged: end.isCharged,
    usage: { reported: withoutEarlyOutput(end), outputEstimate, hasContent },
    price: attempt.isPricedByReport
      ? priceOfReport(exchange, attempt, end.observed, exchange.startedAtMs)
      : undefined,
    latencyMs: exchange.sentMono > 0 ? Math.round(nowMono - exchange.sentMono) : 0,
    settledAtMs: gateway.clock.now(),
    ttftMs:
      exchange.firstByteMono > 0 && exchange.firstByteMono >= exchange.sentMono
        ? Math.round(exchange.firstByteMono - exchange.sentMono)
        : undefined,
    httpStatus: end.httpStatus,
    stop,
    errorClass: end.errorClass,
    upstreamRequestId: end.upstreamRequestId,
    decision: decisionOf(exchange, attempt, end.warnings ?? noWarnings, nowMono),
  });
  gateway.metrics.settled(settled);
  if (settled.cost !== undefined) exchange.spent = nanoUsd(exchange.spent + settled.cost);
  return settled;
}

/** Without a report in units that have a price, nobody knows what it costs. */
function priceOfReport(
  exchange: Exchange,
  attempt: Attempt,
  { usage, isPriceable }: Observed,
  atMs: number,
): Price | undefined {
  return usage && isPriceable !== false
    ? priceFor(exchange.snapshot, exchange.key!.workspaceId, attempt.deployment, undefined, atMs)
    : undefined;
}

/**
 * Some streams report their output at the beginning and at the end (Anthropic: 1, then all of it). Where the end
 * never came, the report says nothing of what was written after it, and our own count stands.
 */
function withoutEarlyOutput({ status, errorClass, observed }: AttemptEnd): Usage | undefined {
  const { usage, outputEstimate, stop } = observed;
  // A stream that we ended is `ok`, and its upstream had not come to its report.
  const isFinal = (status === 'ok' && errorClass === undefined) || stop !== undefined;
  if (isFinal || usage?.output === undefined || !(usage.output < outputEstimate)) return usage;
  const { output: _output, reasoning: _reasoning, ...rest } = usage;
  return rest;
}
