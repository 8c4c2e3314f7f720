/** What one attempt's reply has come to so far, and the few ways it touches the client and the ledger. */
import type { ServerResponse } from 'node:http';
import type { EntryStatus, Settled } from '../ledger/ledger.ts';
import type { Classification } from '../upstream/classify.ts';
import { replyHeaders } from '../upstream/headers.ts';
import type { Unframer } from '../upstream/provider.ts';
import type { UpstreamCall } from '../upstream/transport.ts';
import type { ChatError } from '../wire/chat.ts';
import { type Exchange, type Gateway, overheadMs } from './exchange.ts';
import { type AttemptEnd, nothingObserved, settleAttempt } from './finish.ts';
import type { Attempt, Hold, Lane, Observed } from './lane.ts';
import { estimateOfText } from './output-estimate.ts';
import { headerText } from './plan.ts';
import { rateHeaders } from './rate-headers.ts';
import { withoutCredential, withoutCredentialInError } from './redact.ts';
import type { SpendWatch } from './spend-watch.ts';
import type { HeldSpend } from './spending.ts';

/** Why an attempt did not answer, and what the client gets if no other attempt does. */
export interface AttemptFailure {
  readonly error: ChatError;
  /** The upstream's own answer, which the relay lane passes on as it came. */
  readonly passthrough:
    | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }
    | undefined;
  /** What it means for the rest of the plan. */
  readonly verdict: Classification;
  /** One word for the records: `status_529`, `connect`, `truncated`. */
  readonly reason: string;
  /** As the provider asks; undefined = it does not say. */
  readonly retryAfterMs: number | undefined;
}

export type AttemptOutcome =
  /** The client has its reply, whole or with an error event at its end. */
  | { readonly type: 'answered' }
  /** The client went away; there is nobody to answer. */
  | { readonly type: 'abandoned' }
  | { readonly type: 'failed'; readonly failure: AttemptFailure };

export type Mode = 'head' | 'error' | 'stream' | 'whole' | 'done';

export interface ReplyState {
  readonly gateway: Gateway;
  readonly exchange: Exchange;
  readonly attempt: Attempt;
  readonly lane: Lane;
  readonly resolve: (outcome: AttemptOutcome) => void;
  call: UpstreamCall | undefined;
  /** Of streams in a framing of the vendor's own. */
  unframer: Unframer | undefined;
  mode: Mode;
  /** Of a whole reply, once its head is there. */
  hold: Hold;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Came from the upstream, not yet looked at (streams) or kept until the end (whole replies, errors). */
  queued: Buffer[];
  queuedBytes: number;
  /** Stream output held back until the commit point. */
  held: (Uint8Array | string)[];
  heldBytes: number;
  isFlushQueued: boolean;
  /** The client is slow. */
  isPaused: boolean;
  /** Nothing more may be read before its budgets give more room. */
  isOutOfRoom: boolean;
  watch: SpendWatch | undefined;
  checkpointMono: number;
  contentTimer: NodeJS.Timeout | undefined;
  drainTimer: NodeJS.Timeout | undefined;
  drainedBytes: number;
  /** What its failure means, once it failed. */
  verdict: Classification | undefined;
  retryAfterMs: number | undefined;
}

export function newReplyState(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
  lane: Lane,
  resolve: (outcome: AttemptOutcome) => void,
): ReplyState {
  return {
    gateway,
    exchange,
    attempt,
    lane,
    resolve,
    call: undefined,
    unframer: undefined,
    mode: 'head',
    hold: attempt.lane === 'relay' ? 'short' : 'all',
    status: 0,
    headers: {},
    queued: [],
    queuedBytes: 0,
    held: [],
    heldBytes: 0,
    isFlushQueued: false,
    isPaused: false,
    isOutOfRoom: false,
    watch: undefined,
    checkpointMono: 0,
    contentTimer: undefined,
    drainTimer: undefined,
    drainedBytes: 0,
    verdict: undefined,
    retryAfterMs: undefined,
  };
}

export function takeQueued(state: ReplyState): Buffer {
  const bytes = state.queued.length === 1 ? state.queued[0]! : Buffer.concat(state.queued, state.queuedBytes);
  state.queued = [];
  state.queuedBytes = 0;
  return bytes;
}

export function writeOut(state: ReplyState, out: Uint8Array | string): void {
  const { exchange } = state;
  if (out.length === 0 || exchange.isClientGone) return;
  exchange.quietBeats = 0;
  exchange.keeping?.take(out);
  if (exchange.response.write(out) || state.isPaused || state.mode === 'done') return;
  state.isPaused = true;
  state.call?.pause();
  exchange.response.once('drain', () => {
    state.isPaused = false;
    if (state.mode !== 'done' && !state.isOutOfRoom) state.call?.resume();
  });
}

export function settle(
  state: ReplyState,
  status: EntryStatus,
  isCharged: boolean,
  errorClass: string | undefined,
): void {
  const warnings = state.mode === 'stream' ? state.lane.streamWarnings?.() : undefined;
  settleWith(state, status, isCharged, { observed: observedSoFar(state), warnings }, errorClass);
}

function observedSoFar(state: ReplyState): Observed {
  if (state.mode === 'stream') return state.lane.observed();
  if (state.mode !== 'whole' || state.lane.isText === false) return nothingObserved;
  const outputEstimate = estimateOfText(state.queuedBytes);
  return { ...nothingObserved, outputEstimate, hasContent: state.queuedBytes > 0 };
}

export function settleWith(
  state: ReplyState,
  status: EntryStatus,
  isCharged: boolean,
  { observed, warnings }: Pick<AttemptEnd, 'observed' | 'warnings'>,
  errorClass: string | undefined,
): Settled | undefined {
  const { exchange, headers } = state;
  const upstreamRequestId = headers['request-id'] ?? headers['x-request-id'];
  return settleAttempt(state.gateway, exchange, state.attempt, {
    status: exchange.isClientGone && status !== 'not_sent' ? 'client_abort' : status,
    isCharged,
    observed,
    warnings,
    httpStatus: state.status > 0 ? state.status : undefined,
    errorClass,
    upstreamRequestId,
    verdict: state.verdict,
    retryAfterMs: state.retryAfterMs,
  });
}

interface Ending {
  readonly response: ServerResponse;
  readonly last: Uint8Array | undefined;
}

/** Replies that are done in this turn of the event loop. */
let endings: Ending[] = [];

/**
 * Ends the replies of one turn together. Each write may wake a sleeping client, which costs more than the write
 * itself; in a row, most find it awake.
 */
function endSoon(response: ServerResponse, last: Uint8Array | undefined): void {
  if (endings.push({ response, last }) === 1) setImmediate(endAll);
}

function endAll(): void {
  const due = endings;
  endings = [];
  for (const { response, last } of due) response.end(last);
}

export function finishClient(state: ReplyState, outcome: string, last?: Uint8Array): void {
  const { exchange } = state;
  close(state);
  if (!exchange.isClientGone) {
    exchange.outcome = outcome;
    exchange.keeping?.end(outcome, last);
    endSoon(exchange.response, last);
  }
  state.resolve({ type: exchange.isClientGone ? 'abandoned' : 'answered' });
}

export function fail(state: ReplyState, failure: AttemptFailure): void {
  close(state);
  state.resolve(
    state.exchange.isClientGone
      ? { type: 'abandoned' }
      : { type: 'failed', failure: withoutOurKey(state, failure) },
  );
}

function withoutOurKey(state: ReplyState, failure: AttemptFailure): AttemptFailure {
  const { error, passthrough } = failure;
  const { credential } = state.attempt.deployment.provider;
  return {
    ...failure,
    error: withoutCredentialInError(error, credential),
    passthrough: passthrough && { ...passthrough, body: withoutCredential(passthrough.body, credential) },
  };
}

function close(state: ReplyState): void {
  state.mode = 'done';
  state.held = [];
  state.queued = [];
  state.exchange.onClientGone = undefined;
  state.exchange.onBeat = undefined;
  state.exchange.onStop = undefined;
  clearTimeout(state.contentTimer);
  clearTimeout(state.drainTimer);
}

export function lossy(count: number): string {
  return count === 0 ? 'lossless' : `lossy;n=${count}`;
}

/** `64000->12034`: asked for, and given; one number where nothing was asked for. */
function pushOutputLimit(head: string[], { maxOutput, asked, spending }: HeldSpend): void {
  if (!spending.isLimited || maxOutput === 0 || (asked !== undefined && asked <= maxOutput)) return;
  head.push('x-turnpike-max-tokens', asked === undefined ? String(maxOutput) : `${asked}->${maxOutput}`);
}

/** Another model than the first of the plan answers. */
export function isFallback({ order }: Exchange, { deployment }: Attempt): boolean {
  return order !== undefined && order[0] !== deployment.ref;
}

/** Status and headers of a reply: what the upstream said, then what we say. */
export function writeHead(state: ReplyState, more: Readonly<Record<string, string>>): void {
  const { exchange, attempt, gateway } = state;
  exchange.toldOverheadMs = overheadMs(exchange, gateway.clock.monotonic());
  attempt.trial?.observe({ kind: 'first-byte', firstByteMs: exchange.firstByteMono - exchange.sentMono });
  // A flat list of names and values is what Node writes fastest.
  const head: string[] = [];
  const told = replyHeaders(state.headers);
  const rates = rateHeaders(exchange.format.id, attempt.held?.rates ?? [], gateway.clock.now());
  // Of what is limited here the client is told by this limit, not by the upstream's under the same name.
  for (const name in told) if (!(name in more || name in rates)) head.push(name, told[name]!);
  for (const name in rates) head.push(name, rates[name]!);
  head.push(
    'x-turnpike-exchange-id',
    exchange.id,
    'x-turnpike-model',
    attempt.deployment.headerRef,
    'x-turnpike-attempts',
    String(attempt.number),
    'x-turnpike-fallback',
    isFallback(exchange, attempt) ? 'true' : 'false',
    'x-turnpike-lane',
    attempt.lane,
    'x-turnpike-overhead-ms',
    exchange.toldOverheadMs.toFixed(2),
  );
  if (!('x-turnpike-translation' in more))
    head.push('x-turnpike-translation', lossy(attempt.warnings.length));
  if (attempt.held) pushOutputLimit(head, attempt.held);
  if (exchange.notFirst !== undefined && isFallback(exchange, attempt)) {
    head.push('x-turnpike-fallback-from', `${headerText(exchange.order![0]!)}; ${exchange.notFirst}`);
  }
  for (const name in more) head.push(name, more[name]!);
  exchange.keeping?.takeHead(state.status, head, attempt);
  exchange.response.writeHead(state.status, head);
}
