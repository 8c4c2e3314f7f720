/**
 * Works through a plan until one deployment answers: each is asked only where the health board lets it, and held in
 * the ledger before anything is sent.
 *
 * What is out of use is passed over. Where everything is, the least recently failed is asked all the same: a client
 * that is told "no" by us is worse off than one whose request is tried.
 */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Standing, Trial } from '../health/health.ts';
import { MAX_ATTEMPTS } from '../route/plan.ts';
import { unreachable, unusableKey } from '../upstream/classify.ts';
import { authorized, type Prepared } from './attempt.ts';
import { attend, concludeTrial, isWell } from './attend.ts';
import { unusableCredential } from './credential-refusal.ts';
import { skipDeployment } from './decision.ts';
import { type Exchange, type Gateway, leaveAttempt } from './exchange.ts';
import { nothingObserved } from './finish.ts';
import { type Ready, runHedged, type Sent, UNKNOWN_HEDGE_MS } from './hedge.ts';
import { giveUp, holdAttempt } from './hold.ts';
import type { Attempt } from './lane.ts';
import { withPatience } from './patience.ts';
import { runAttempt } from './reply.ts';
import { answerError, refusalError } from './reply-error.ts';
import { answerFailure } from './reply-failure.ts';
import { type AttemptFailure, isFallback } from './reply-state.ts';
import type { Deployment } from './snapshot.ts';

/** Each sends at most this often: three models, and two more for credentials that are refused at once. */
const MAX_SENDS = MAX_ATTEMPTS + 2;

/** @param prepare makes the attempt of a number ready for a deployment */
export type Prepare = (deployment: Deployment, number: number) => Prepared | Promise<Prepared>;

/** How far a plan has come. */
interface Walk {
  readonly gateway: Gateway;
  readonly exchange: Exchange;
  readonly prepare: Prepare;
  /** Yet to be asked. */
  queue: readonly Deployment[];
  /** Passed over for their health. */
  readonly waiting: { readonly deployment: Deployment; readonly standing: Standing }[];
  sends: number;
  /** Refs that were sent to. */
  readonly asked: Set<string>;
  /** Asked, and told to wait. */
  readonly limited: Deployment[];
  /** Refs that were asked twice because they wanted it. */
  readonly repeated: Set<string>;
  last: AttemptFailure | undefined;
  unfit: Refusal | undefined;
  /** Nothing more is to be tried. */
  isOver: boolean;
}

export async function attemptInOrder(
  gateway: Gateway,
  exchange: Exchange,
  plan: readonly Deployment[],
  prepare: Prepare,
): Promise<void> {
  gateway.health.noteRequest();
  if (plan.length > 1) exchange.order ??= plan.map(({ ref }) => ref);
  const walk: Walk = {
    gateway,
    exchange,
    prepare,
    queue: plan,
    waiting: [],
    sends: 0,
    asked: new Set(),
    limited: [],
    repeated: new Set(),
    last: undefined,
    unfit: undefined,
    isOver: false,
  };
  await askInTurn(walk);
  if (!walk.isOver && walk.sends === 0 && walk.waiting.length > 0) await askInPanic(walk);
  if (walk.isOver || exchange.isClientGone) return;
  if (walk.last) answerFailure(exchange, withSoonest(walk, walk.last));
  else if (walk.unfit) answerRefusal(exchange, walk.unfit);
  else if (walk.waiting.length > 0) answerRefusal(exchange, unavailable(walk));
}

async function askInTurn(walk: Walk): Promise<void> {
  for (let candidate = nextOf(walk); candidate; candidate = nextOf(walk)) {
    const attended = attend(walk.gateway, candidate);
    if (attended.ok) await askOne(walk, candidate, attended.deployment, attended.trial);
    else passOver(walk, candidate, attended.standing);
  }
}

/** All are unwell. The first is free; each further one draws on what retries may cost. */
async function askInPanic(walk: Walk): Promise<void> {
  const failedAt = ({ standing }: Walk['waiting'][number]) =>
    standing.lastFailedMono ?? Number.NEGATIVE_INFINITY;
  const byRest = walk.waiting.toSorted((a, b) => failedAt(a) - failedAt(b));
  walk.queue = byRest.map(({ deployment }) => deployment);
  for (let candidate = nextOf(walk); candidate; candidate = nextOf(walk)) {
    const { ref } = candidate;
    const attended = attend(walk.gateway, candidate, true);
    if (!attended.ok) continue;
    if (walk.sends > 0 && !walk.gateway.health.drawRetry()) return attended.trial.end();
    walk.exchange.skipped = walk.exchange.skipped.filter((skipped) => skipped.ref !== ref);
    await askOne(walk, candidate, attended.deployment, attended.trial);
  }
}

/** Taken from the queue; undefined = no more are to be asked. */
function nextOf(walk: Walk): Deployment | undefined {
  const { isOver, exchange, sends, asked, queue } = walk;
  const [next, ...rest] = queue;
  if (!next || isOver || exchange.isClientGone || sends >= MAX_SENDS) return undefined;
  // Once more, or with another credential, is no further model.
  if (asked.size >= MAX_ATTEMPTS && !asked.has(next.ref)) return undefined;
  walk.queue = rest;
  return next;
}

function passOver(walk: Walk, candidate: Deployment, standing: Standing): void {
  walk.waiting.push({ deployment: candidate, standing });
  skip(walk, candidate, `deployment_${standing.state.replace('-', '_')}`, standing.reason);
}

function skip({ exchange }: Walk, deployment: Deployment, reason: string, note?: string): void {
  skipDeployment(exchange, deployment, reason, note);
  exchange.notFirst ??= reason;
}

/** @param candidate of the plan; `deployment` is the same with the credential that was picked */
async function askOne(
  walk: Walk,
  candidate: Deployment,
  deployment: Deployment,
  trial: Trial,
): Promise<void> {
  const { gateway, exchange } = walk;
  try {
    if (mayHedge(walk)) return takeSent(walk, candidate, await sendHedged(walk, deployment, trial));
    const ready = await makeReady(walk, exchange, deployment, trial);
    if (!ready) return;
    const outcome = await runAttempt(gateway, exchange, ready.attempt, ready.lane);
    takeSent(walk, candidate, [{ outcome, attempt: ready.attempt }]);
  } finally {
    // Whatever happened: a trial that is not given back keeps others out.
    trial.end();
  }
}

/** What was sent at once has answered, or failed. */
function takeSent(walk: Walk, candidate: Deployment, sent: readonly Sent[]): void {
  const { gateway, exchange } = walk;
  for (const { outcome, attempt } of sent) {
    if (outcome.type === 'failed') {
      const isFirst = attempt.deployment.ref === candidate.ref;
      takeFailure(walk, isFirst ? candidate : attempt.deployment, outcome.failure);
    } else {
      walk.isOver = true;
      if (exchange.isCommitted && isFallback(exchange, attempt))
        tellFallback(gateway, exchange, attempt.deployment);
    }
  }
  if (sent.length > 0 && !walk.isOver) leaveAttempt(exchange, gateway.clock.monotonic());
}

/**
 * The first of a route that asks for it, as long as there is a second. Not where the client says what the exchange may
 * cost: each of two at once could come to all of that.
 */
function mayHedge({ exchange: { plan, labels }, queue, sends }: Walk): boolean {
  return plan?.isHedged === true && sends === 0 && queue.length > 0 && labels.maxCostUsd === undefined;
}

async function sendHedged(walk: Walk, deployment: Deployment, trial: Trial): Promise<readonly Sent[]> {
  const { gateway, exchange } = walk;
  const trials: Trial[] = [];
  try {
    return await runHedged(gateway, exchange, (view) => makeReady(walk, view, deployment, trial), {
      afterMs: gateway.health.standing(deployment.place).p95FirstByteMs ?? UNKNOWN_HEDGE_MS,
      async startSecond(view) {
        const [candidate, ...rest] = walk.queue;
        const attended = candidate && attend(gateway, candidate);
        if (!attended?.ok) return undefined;
        trials.push(attended.trial);
        // A slow provider must not become the reason for twice the traffic.
        if (!gateway.health.drawRetry()) return undefined;
        walk.queue = rest;
        exchange.notFirst ??= 'slow';
        return makeReady(walk, view, attended.deployment, attended.trial);
      },
    });
  } finally {
    for (const second of trials) second.end();
  }
}

/** Prepared, authorized and held; undefined = it is not to be sent, and why is noted. */
async function makeReady(
  walk: Walk,
  exchange: Exchange,
  deployment: Deployment,
  trial: Trial,
): Promise<Ready | undefined> {
  const { gateway } = walk;
  const making = walk.prepare(deployment, exchange.attempts + 1);
  // Waiting for what is there already would cost each request a turn.
  const prepared = making instanceof Promise ? await making : making;
  if (!prepared.ok) return takeRefusal(walk, deployment, prepared);
  let attempt: Attempt = withPatience(gateway, { ...prepared.attempt, trial }, walk.queue.length > 0);
  if (deployment.authorizer) {
    try {
      attempt = { ...attempt, request: await authorized(attempt) };
    } catch (fault) {
      const ending = { status: 'not_sent', isCharged: false, observed: nothingObserved } as const;
      concludeTrial(trial, { ...ending, errorClass: 'credential_unusable', verdict: unreachable });
      walk.last = unauthorized(deployment, fault);
      skip(walk, deployment, 'credential_unusable');
      return undefined;
    }
  }
  const askedMono = gateway.clock.monotonic();
  const held = await holdAttempt(gateway, exchange, attempt, walk.queue.slice(0, MAX_ATTEMPTS - 1));
  exchange.heldMs = gateway.clock.monotonic() - askedMono;
  if (!held.ok) return exchange.isClientGone ? undefined : takeRefusal(walk, deployment, held);
  attempt = held.attempt;
  exchange.attempts = attempt.number;
  if (exchange.isClientGone) {
    giveUp(gateway, exchange, attempt);
    return undefined;
  }
  walk.sends += 1;
  walk.asked.add(deployment.ref);
  return { attempt, lane: prepared.createLane(attempt) };
}

/** The client is told in a header; this is for who looks after the installation. */
function tellFallback(
  { log, metrics }: Gateway,
  { id, order, notFirst }: Exchange,
  { ref }: Deployment,
): void {
  const first = order![0]!;
  metrics.fallback(first, ref);
  log.info(
    { exchange: id, first, reason: notFirst, answeredBy: ref },
    'another model than the first answered',
  );
}

function takeRefusal(
  walk: Walk,
  deployment: Deployment,
  { refusal, mayFitElsewhere }: { readonly refusal: Refusal; readonly mayFitElsewhere?: boolean },
): undefined {
  if (!mayFitElsewhere && !(walk.sends > 0 && walk.exchange.plan?.isHedged)) {
    walk.isOver = true;
    answerRefusal(walk.exchange, refusal);
    return undefined;
  }
  walk.unfit ??= refusal;
  skip(walk, deployment, refusal.code);
}

/** What a failure leaves to be tried. */
function takeFailure(walk: Walk, candidate: Deployment, failure: AttemptFailure): void {
  const { exchange, gateway } = walk;
  const { verdict } = failure;
  walk.last = failure;
  exchange.notFirst ??= failure.reason;
  if (verdict.outcome === 'limited') walk.limited.push(candidate);
  if (verdict.isWorthRepeating && !walk.repeated.has(candidate.ref)) {
    walk.repeated.add(candidate.ref);
    walk.queue = [candidate, ...walk.queue];
  } else if (isCredentialSpent(verdict) && candidate.siblings.length > 1 && isWell(gateway, candidate)) {
    // Another credential of the same provider.
    walk.queue = [candidate, ...walk.queue];
  } else if (verdict.isWindowExceeded) {
    walk.queue = withLongerWindow(walk, candidate);
  } else if (verdict.isContentFilter && !exchange.snapshot.routing.fallback.onContentFilter) {
    walk.queue = [];
  } else if (!verdict.isRetryable && !verdict.isContentFilter) {
    walk.queue = [];
  }
}

/** This credential is of no use now; another of the same provider may be. */
function isCredentialSpent({ isCredentialAtFault, outcome }: AttemptFailure['verdict']): boolean {
  return isCredentialAtFault || outcome === 'limited';
}

/** Those known to hold more come first; those known to hold no more are of no use. */
function withLongerWindow(walk: Walk, { contextWindow }: Deployment): readonly Deployment[] {
  if (contextWindow === undefined) return walk.queue;
  const longer = walk.queue.filter((next) => (next.contextWindow ?? 0) > contextWindow);
  const unknown = walk.queue.filter((next) => next.contextWindow === undefined);
  for (const next of walk.queue)
    if (!longer.includes(next) && !unknown.includes(next)) skip(walk, next, 'context_too_long');
  return [...longer, ...unknown];
}

/** Nothing was sent, so nothing is booked. */
function unauthorized(deployment: Deployment, fault: unknown): AttemptFailure {
  const error = refusalError(unusableCredential(deployment, fault));
  return {
    error,
    passthrough: undefined,
    verdict: unusableKey,
    reason: 'credential_unusable',
    retryAfterMs: undefined,
  };
}

/** Where all are limited, the client is told of the one that is free first. */
function withSoonest(walk: Walk, failure: AttemptFailure): AttemptFailure {
  if (failure.verdict.outcome !== 'limited') return failure;
  const soonestMs = Math.min(waitOf(walk), failure.retryAfterMs ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(soonestMs)) return failure;
  const retryAfterS = Math.max(1, Math.ceil(soonestMs / 1000));
  const { error, passthrough } = failure;
  return {
    ...failure,
    error: { ...error, retryAfterS },
    passthrough: passthrough && { ...passthrough, headers: withRetryAfter(passthrough.headers, retryAfterS) },
  };
}

/** Clients believe the milliseconds before the seconds, and those are of one deployment alone. */
function withRetryAfter(
  { 'retry-after-ms': _, ...headers }: Readonly<Record<string, string>>,
  retryAfterS: number,
): Record<string, string> {
  return { ...headers, 'retry-after': String(retryAfterS) };
}

/** Milliseconds until the first of those that cannot be asked now may be asked; Infinity = nobody knows. */
function waitOf({ gateway: { clock, health }, waiting, limited }: Walk): number {
  const nowMono = clock.monotonic();
  const places = limited.flatMap(({ siblings }) => siblings.map(({ place }) => health.standing(place)));
  const standings = [...waiting.map(({ standing }) => standing), ...places];
  return Math.min(
    ...standings.map(({ untilMono = Number.POSITIVE_INFINITY }) => Math.max(0, untilMono - nowMono)),
  );
}

/** Every candidate is out of use, and none could be asked even so. */
function unavailable(walk: Walk): Refusal {
  const { waiting } = walk;
  const waitMs = waitOf(walk);
  const retryAfterS = Number.isFinite(waitMs) ? Math.max(1, Math.ceil(waitMs / 1000)) : undefined;
  const told = waiting
    .map(
      ({ deployment, standing }) =>
        `${deployment.ref} is ${standing.state}${standing.reason ? ` (${standing.reason})` : ''}`,
    )
    .join('; ');
  const later = retryAfterS === undefined ? {} : { retryAfterS };
  if (waiting.every(({ standing }) => standing.state === 'limited'))
    return refuse('upstream_limited', `every provider that may answer asks to wait: ${told}`, later);
  if (waiting.every(({ standing }) => standing.state === 'disabled'))
    return refuse('credential_unusable', `no credential that may answer is of use: ${told}`);
  return refuse('deployment_unavailable', `nothing that may answer can be asked now: ${told}`, {
    retryAfterS: retryAfterS ?? 1,
  });
}

function answerRefusal(exchange: Exchange, refusal: Refusal): void {
  answerError(exchange, refusalError(refusal));
}
