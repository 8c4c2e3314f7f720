/**
 * One attempt's reply, from the first byte of the upstream to the last byte for the client.
 *
 * Nothing goes to the client before the commit point (first content): until then an error status, an error
 * event or a cut is a failure that the next attempt may make good. After it, the stream ends with the client
 * format's own error event. What one socket read brought is written in one write, and a slow client pauses
 * the upstream.
 */
import { formatUsd } from '../base/money.ts';
import type { Refusal } from '../base/refusal.ts';
import { outcomeOf } from '../upstream/classify.ts';
import type { Failure } from '../upstream/failure.ts';
import { retryAfterMs } from '../upstream/retry-after.ts';
import type { UpstreamHandler } from '../upstream/transport.ts';
import type { Exchange, Gateway } from './exchange.ts';
import { QUIET_BEATS } from './keep-alive.ts';
import type { Attempt, Lane } from './lane.ts';
import { withoutCredentialInHeaders } from './redact.ts';
import {
  brokenAnswer,
  type Cut,
  cutByError,
  cutByFailure,
  cutByFault,
  cutByRefusal,
  invalidError,
} from './reply-cut.ts';
import { redirectedError } from './reply-error.ts';
import { errorInReply } from './reply-in-error.ts';
import { noteProgress, watchContent, watchOf } from './reply-progress.ts';
import {
  type AttemptOutcome,
  fail,
  finishClient,
  lossy,
  type Mode,
  newReplyState,
  type ReplyState,
  settle,
  settleWith,
  takeQueued,
  writeHead,
  writeOut,
} from './reply-state.ts';
import { isStreamType, streamType } from './stream-type.ts';

/** A whole reply up to this size waits for its end, so that its head can state the cost; a larger one is passed on as it comes. */
const HOLD_WHOLE_BYTES = 256 * 1024;
/** Stream bytes held back before the first content; beyond it the client is committed. */
const HOLD_STREAM_BYTES = 64 * 1024;
/** A whole reply is kept for reading its usage, or for translating it, up to this size. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024;
/** Error bodies are short; the rest of a longer one is not read. */
const MAX_ERROR_BYTES = 1024 * 1024;
/** An abandoned stream whose provider bills on is read to its usage, but not for ever. */
const DRAIN_MS = 30_000;
const DRAIN_BYTES = 8 * 1024 * 1024;

/** Sends the attempt and resolves when it has answered, failed or been abandoned. The attempt is settled by then. */
export function runAttempt(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  lane: Lane,
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    const state = newReplyState(gateway, exchange, attempt, lane, resolve);
    exchange.sentMono = gateway.clock.monotonic();
    exchange.firstByteMono = 0;
    exchange.onClientGone = () => clientGone(state);
    exchange.onBeat = () => beat(state);
    exchange.onStop = (refusal) => stop(state, refusal);
    state.call = attempt.deployment.transport.send(attempt.request, handlerOf(state));
  });
}

function handlerOf(state: ReplyState): UpstreamHandler {
  return {
    onHead: (status, headers) => takeHead(state, status, headers),
    onData: (chunk) => takeData(state, chunk),
    onEnd: () => takeEnd(state),
    onFailure: (failure) => takeFailure(state, failure),
  };
}

function takeHead(state: ReplyState, status: number, headers: Readonly<Record<string, string>>): void {
  state.status = status;
  // Before anything reads them: request ids go to the client and into the ledger.
  state.headers = withoutCredentialInHeaders(headers, state.attempt.deployment.provider.credential);
  state.exchange.firstByteMono = state.gateway.clock.monotonic();
  if (status < 200 || status >= 300) state.mode = 'error';
  else
    state.mode = isStreamType(state.exchange, state.attempt, headers['content-type'] ?? '')
      ? 'stream'
      : 'whole';
  if (state.mode === 'whole') state.hold = state.lane.holdOf?.(headers['content-type'] ?? '') ?? state.hold;
  if (state.mode !== 'stream') return;
  state.watch = watchOf(state);
  watchContent(state, (failure) => takeFailure(state, failure));
  state.exchange.quietBeats = 0;
  const { deployment, upstreamFormat } = state.attempt;
  state.unframer = deployment.provider.kind.createUnframer?.(upstreamFormat.id);
}

function takeData(state: ReplyState, chunk: Buffer): void {
  if (state.mode === 'done') return;
  if (state.mode === 'error' && state.queuedBytes > MAX_ERROR_BYTES) return;
  state.queued.push(chunk);
  state.queuedBytes += chunk.length;
  if (state.mode === 'stream') {
    if (state.isFlushQueued) return;
    state.isFlushQueued = true;
    queueMicrotask(() => flushStream(state));
  } else if (state.mode === 'whole') {
    takeWholeChunk(state);
  }
}

function flushStream(state: ReplyState): void {
  state.isFlushQueued = false;
  if (state.mode !== 'stream' || state.queued.length === 0) return;
  let bytes = takeQueued(state);
  if (state.exchange.isClientGone) {
    state.drainedBytes += bytes.length;
    if (state.drainedBytes > DRAIN_BYTES) return abandon(state);
  }
  let out: Uint8Array | string;
  try {
    if (state.unframer) bytes = state.unframer.push(bytes);
    out = state.lane.take(bytes);
  } catch (fault) {
    return cutShort(state, cutByFault(state, fault));
  }
  const { exchange } = state;
  if (exchange.isCommitted) {
    writeOut(state, out);
  } else {
    exchange.firstByteMono = state.gateway.clock.monotonic();
    holdOut(state, out);
  }
  if (state.mode !== 'stream') return;
  if (state.lane.error()) return endStream(state);
  noteProgress(state);
}

function holdOut(state: ReplyState, out: Uint8Array | string): void {
  if (out.length > 0) {
    state.held.push(out);
    state.heldBytes += out.length;
  }
  const error = state.lane.error();
  if (error && !state.lane.hasContent()) return cutShort(state, cutByError(state, error));
  if (state.lane.hasContent() || state.heldBytes > HOLD_STREAM_BYTES) commitStream(state);
}

function commitStream(state: ReplyState): void {
  const { exchange, attempt } = state;
  if (exchange.isClientGone || exchange.isCommitted) return;
  exchange.isCommitted = true;
  const isOurs = attempt.lane === 'translate' || state.unframer !== undefined;
  writeHead(state, isOurs ? { 'content-type': streamType(exchange), 'cache-control': 'no-cache' } : {});
  const held = state.held;
  state.held = [];
  for (const part of held) writeOut(state, part);
}

function takeWholeChunk(state: ReplyState): void {
  const { exchange } = state;
  if (state.hold === 'all') {
    if (state.queuedBytes <= MAX_WHOLE_BYTES) return;
    const error = invalidError(`the provider's answer is larger than ${MAX_WHOLE_BYTES} bytes`);
    return cutShort(state, { ...brokenAnswer, error, errorClass: 'too_large' });
  }
  if (exchange.isCommitted) {
    writeOut(state, state.queued.at(-1)!);
    const isKept = state.hold !== 'nothing' && state.queuedBytes <= MAX_WHOLE_BYTES;
    if (!isKept) state.queued.splice(0, state.queued.length, Buffer.alloc(0));
  } else if (isOverdue(state) && !exchange.isClientGone) {
    exchange.isCommitted = true;
    writeHead(state, {});
    for (const chunk of state.queued) writeOut(state, chunk);
  }
}

function isOverdue({ hold, queuedBytes }: ReplyState): boolean {
  return hold === 'nothing' || queuedBytes > HOLD_WHOLE_BYTES;
}

function takeEnd(state: ReplyState): void {
  if (state.mode === 'done') return;
  if (state.mode === 'stream') {
    flushStream(state);
    if ((state.mode as Mode) !== 'done') endStream(state);
  } else if (state.mode === 'whole') {
    endWhole(state);
  } else {
    endError(state);
  }
}

/**
 * A stream that is silent for long: what was held back goes out, so that the client sees a head at all, and then
 * comments that its parser passes over. Never an event: that would hide a stall from the client's own watchdog.
 */
function beat(state: ReplyState): void {
  const { exchange, lane } = state;
  exchange.quietBeats += 1;
  if (exchange.quietBeats < QUIET_BEATS || state.mode !== 'stream' || state.isPaused) return;
  exchange.quietBeats = 0;
  if (!exchange.isCommitted) return commitStream(state);
  const { keepAlive } = exchange.format;
  if (keepAlive === undefined || exchange.streamShape === 'array' || !lane.isBetweenFrames()) return;
  writeOut(state, keepAlive);
}

function endStream(state: ReplyState): void {
  const { exchange } = state;
  const { rest, error } = state.lane.end();
  const cut = error && cutByError(state, error);
  if (!exchange.isCommitted && !exchange.isClientGone) {
    if (cut) return cutShort(state, cut);
    commitStream(state);
  }
  writeOut(state, rest);
  if (cut) noteCut(state, cut);
  else settle(state, 'ok', true, undefined);
  // After an error event nothing more is of use, and an upstream may keep its socket open.
  if (error) state.call?.abort();
  finishClient(state, error ? (error.code ?? 'truncated') : 'ok');
}

function endWhole(state: ReplyState): void {
  const { exchange } = state;
  const { deployment, upstreamFormat } = state.attempt;
  const body = takeQueued(state);
  const told = state.lane.isText === false ? undefined : errorInReply(upstreamFormat, body);
  if (told && (!exchange.isCommitted || exchange.isClientGone))
    return cutShort(state, { ...cutByError(state, told), errorClass: 'error_body' });
  const whole = state.lane.whole(body);
  if (!whole) {
    const error = invalidError(
      `the provider of ${deployment.ref} answered with something that is not ${upstreamFormat.id}`,
    );
    return cutShort(state, { ...brokenAnswer, error, errorClass: 'invalid' });
  }
  const settled = settleWith(state, 'ok', true, whole, undefined);
  if (!exchange.isCommitted && !exchange.isClientGone) {
    exchange.isCommitted = true;
    writeHead(state, {
      'content-length': String(whole.body.length),
      ...(whole.contentType !== undefined && { 'content-type': whole.contentType }),
      ...(settled?.cost !== undefined && { 'x-turnpike-cost-usd': formatUsd(settled.cost) }),
      ...(whole.warnings.length > 0 && {
        'x-turnpike-translation': lossy(state.attempt.warnings.length + whole.warnings.length),
      }),
    });
    return finishClient(state, 'ok', whole.body);
  }
  finishClient(state, 'ok');
}

/** The upstream answered with an error status. Nothing was billed, as far as any provider documents. */
function endError(state: ReplyState): void {
  const body = takeQueued(state);
  const { upstreamFormat, deployment, lane } = state.attempt;
  const error =
    state.status < 400
      ? redirectedError(state.status)
      : upstreamFormat.parseError(state.status, parsedOrText(body));
  const verdict = outcomeOf(state.status, error);
  const reason = `status_${state.status}`;
  const waitMs = retryAfterMs(state.headers, error, state.gateway.clock.now());
  state.verdict = verdict;
  state.retryAfterMs = waitMs;
  settle(state, 'upstream_error', verdict.isCharged, reason);
  const isForeign = deployment.provider.kind.hasOwnErrors?.(upstreamFormat.id) ?? false;
  const passthrough =
    lane === 'relay' && !isForeign ? { status: state.status, headers: state.headers, body } : undefined;
  fail(state, {
    error: waitMs === undefined ? error : { ...error, retryAfterS: Math.ceil(waitMs / 1000) },
    passthrough,
    verdict,
    reason,
    retryAfterMs: waitMs,
  });
}

function parsedOrText(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function takeFailure(state: ReplyState, failure: Failure): void {
  if (state.mode === 'done') return;
  if (state.mode === 'stream' && state.queued.length > 0) flushStream(state);
  if ((state.mode as Mode) === 'done') return;
  cutShort(state, cutByFailure(state, failure));
}

/**
 * The reply ends before its end. Before the commit point: a failure. After it: the client is told inside its
 * stream; a whole reply already under way can only be broken off, which is what an honest cut looks like.
 */
function cutShort(state: ReplyState, cut: Cut): void {
  const { error, errorClass } = cut;
  const { exchange } = state;
  const isStream = state.mode === 'stream';
  noteCut(state, cut);
  state.call?.abort();
  // Who is gone is told nothing; and what another attempt says to the client is not this one's to break off.
  if (!exchange.isCommitted || exchange.isClientGone) {
    const { verdict, retryAfterMs: waitMs } = cut;
    return fail(state, {
      error,
      passthrough: undefined,
      verdict,
      reason: errorClass,
      retryAfterMs: waitMs,
    });
  }
  if (!isStream) {
    exchange.response.destroy();
    return finishClient(state, errorClass);
  }
  writeOut(state, state.lane.breakOff(error));
  finishClient(state, errorClass);
}

function stop(state: ReplyState, refusal: Refusal): void {
  if (state.mode === 'done') return;
  if (state.mode === 'stream' && state.queued.length > 0) flushStream(state);
  if ((state.mode as Mode) !== 'done') cutShort(state, cutByRefusal(refusal));
}

function noteCut(state: ReplyState, cut: Cut): void {
  state.verdict = cut.verdict;
  state.retryAfterMs = cut.retryAfterMs;
  settle(state, cut.status, cut.isCharged, cut.errorClass);
}

function clientGone(state: ReplyState): void {
  if (state.mode === 'done') return;
  state.exchange.outcome = 'client_abort';
  const hasReply = state.mode === 'stream' || state.mode === 'whole';
  if (state.attempt.deployment.provider.kind.cancelStopsBilling || !hasReply) return abandon(state);
  // This provider bills the whole answer anyway: read on to its usage report, within limits.
  if (state.isPaused) state.call?.resume();
  state.drainTimer = setTimeout(() => abandon(state), DRAIN_MS);
}

function abandon(state: ReplyState): void {
  if (state.mode === 'done') return;
  if (state.mode === 'stream' && state.queued.length > 0) flushStream(state);
  if ((state.mode as Mode) === 'done') return;
  // An error status is billed by nobody, whatever its body would have said.
  settle(state, 'client_abort', state.mode !== 'error', 'client_abort');
  state.call?.abort();
  finishClient(state, 'client_abort');
}
