/**
 * The general transport: undici's dispatch with low-level handlers, one pool of connections per origin, for
 * `https:` and `http:` alike. Nothing is retried, redirected or inflated here: what the upstream did is told.
 *
 * A request on a kept-alive connection that the upstream closes before answering fails as `cut` with `wasSent`:
 * nobody can tell whether it was read, and sending it again on our own could bill it twice.
 */
import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { type Clock, systemClock } from '../base/clock.ts';
import { createDeadlines, type Deadlines, type Watch } from './deadlines.ts';
import type { EgressGuard } from './egress.ts';
import type { Failure, FailureKind } from './failure.ts';
import { sendFailure } from './send-failure.ts';
import type { Transport, UpstreamCall, UpstreamHandler, UpstreamRequest } from './transport.ts';

export interface TransportLimits {
  /** Connections to one origin; requests beyond it wait for one, under their connect timeout. */
  readonly connections: number;
  /** Bytes of one response head, or of one informational head before it. */
  readonly headBytes: number;
  /** Informational (1xx) heads before the real one. */
  readonly informationalHeads: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
  // More than the exchanges one process can carry: the gateway's own limit is the one that is met.
  connections: 4096,
  // Providers send 2 to 4 KiB; a CDN's cookies and reports double that.
  headBytes: 64 * 1024,
  // One or two early hints are in use; a stream of them is a peer that never answers.
  informationalHeads: 8,
};

/** Idle connections are closed by us before common servers (5 s in Node) close them under a request. */
const KEEP_ALIVE_MS = 4_000;
/** A server that announces a longer life is believed up to here; NATs and balancers forget idle connections after minutes. */
const KEEP_ALIVE_MAX_MS = 60_000;
/** How far we stay under the life a server announces. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
/** Parts up to this size together are joined: one write costs less than an iterator's turns. Larger ones go out part by part. */
const JOIN_BYTES = 64 * 1024;

export interface TransportOptions {
  readonly clock?: Clock;
  /** Shared with other transports; left out, the transport has its own. */
  readonly deadlines?: Deadlines;
  readonly limits?: Partial<TransportLimits>;
  /** Judges every connection before it is opened; absent = all addresses are the operator's word. */
  readonly guard?: EgressGuard | undefined;
}

interface TransportState {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: TransportLimits;
  readonly guard: EgressGuard | undefined;
  /** By origin and connect timeout: undici sets the latter per pool. */
  readonly pools: Map<string, Pool>;
  /** Depth of callbacks from inside undici's parser, which must not be entered again from there. */
  callbackDepth: number;
}

type Phase = 'connect' | 'head' | 'first-byte' | 'body' | 'done';

interface Call {
  readonly state: TransportState;
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  readonly watch: Watch;
  readonly startedMono: number;
  controller: Dispatcher.DispatchController | undefined;
  phase: Phase;
  isPaused: boolean;
  informationalHeads: number;
}

export function createTransport(options: TransportOptions = {}): Transport {
  const clock = options.clock ?? systemClock;
  const state: TransportState = {
    clock,
    deadlines: options.deadlines ?? createDeadlines(clock),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    guard: options.guard,
    pools: new Map(),
    callbackDepth: 0,
  };
  return {
    send: (request, handler) => send(state, request, handler),
    async close() {
      const pools = [...state.pools.values()];
      state.pools.clear();
      await Promise.all(pools.map((pool) => pool.destroy()));
      if (!options.deadlines) state.deadlines.close();
    },
  };
}

function send(state: TransportState, request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
  const call: Call = {
    state,
    request,
    handler,
    watch: state.deadlines.watch((nowMono) => timedOut(call, nowMono)),
    startedMono: state.clock.monotonic(),
    controller: undefined,
    phase: 'connect',
    isPaused: false,
    informationalHeads: 0,
  };
  watchPhase(call, 'connect');
  dispatch(call);
  return { pause: () => pause(call), resume: () => resume(call), abort: () => abort(call) };
}

function dispatch(call: Call): void {
  const { request, state } = call;
  const refusal = state.guard?.refusalOf(request.origin);
  if (refusal) return failLater(call, refusal);
  const { body, length } = bodyOf(request.body);
  try {
    poolFor(state, request).dispatch(
      {
        path: request.path,
        method: request.method,
        headers: length === undefined ? request.headers : { ...request.headers, 'content-length': length },
        body,
      },
      handlerOf(call),
    );
  } catch (error) {
    failLater(call, error);
  }
}

/** undici counts the bytes of a buffer itself; of an iterable it must be told. */
function bodyOf(parts: readonly Uint8Array[]): { body: Buffer | Readable | null; length?: string } {
  let bytes = 0;
  for (const part of parts) bytes += part.length;
  if (bytes === 0) return { body: null };
  if (parts.length === 1) return { body: asBuffer(parts[0]!) };
  if (bytes <= JOIN_BYTES) return { body: Buffer.concat(parts, bytes) };
  // Any iterable is accepted, though the published types know only streams.
  return { body: parts as unknown as Readable, length: String(bytes) };
}

function asBuffer(part: Uint8Array): Buffer {
  return Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

function poolFor(state: TransportState, { origin, timeouts }: UpstreamRequest): Pool {
  const { guard } = state;
  const key = `${origin} ${timeouts.connectMs}`;
  let pool = state.pools.get(key);
  if (!pool) {
    pool = new Pool(origin, {
      connections: state.limits.connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      maxHeaderSize: state.limits.headBytes,
      // Ours are per request and know of pauses.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: timeouts.connectMs, ...(guard && { lookup: guard.lookupFor(origin) }) },
    });
    state.pools.set(key, pool);
  }
  return pool;
}

function handlerOf(call: Call): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => takeStart(call, controller),
    onResponseStart: (_controller, status, headers) =>
      inCallback(call, () => takeHead(call, status, headers)),
    onResponseData: (_controller, chunk) => inCallback(call, () => takeData(call, chunk)),
    onResponseEnd: () => inCallback(call, () => takeEnd(call)),
    onResponseError(_controller, error) {
      // Without a connection the error may come while `send` still runs, and the caller has no call yet.
      if (call.controller) fail(call, sendFailure(error, true));
      else failLater(call, error);
    },
  };
}

function inCallback(call: Call, take: () => void): void {
  call.state.callbackDepth += 1;
  try {
    take();
  } finally {
    call.state.callbackDepth -= 1;
  }
}

/** A connection is ready. Throwing is how undici is told to leave it unused: the caller has given up meanwhile. */
function takeStart(call: Call, controller: Dispatcher.DispatchController): void {
  if (call.phase === 'done') throw new Error('given up before a connection was ready');
  call.controller = controller;
  call.phase = 'head';
  if (call.isPaused) controller.pause();
  else watchPhase(call, 'head');
}

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

function takeHead(call: Call, status: number, headers: ResponseHeaders): void {
  if (call.phase === 'done') return;
  if (status < 200) return takeInformational(call);
  const joined = joinHeaders(headers);
  const encoding = joined['content-encoding'] ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    const shown = encoding.slice(0, 40);
    return breakOff(
      call,
      'protocol',
      'ENCODING',
      `the answer came compressed (${shown}) though plain was asked for`,
    );
  }
  // A stream still has to show its first byte within the same time.
  call.phase = 'first-byte';
  call.handler.onHead(status, joined);
}

function takeInformational(call: Call): void {
  call.informationalHeads += 1;
  if (call.informationalHeads <= call.state.limits.informationalHeads) return;
  breakOff(call, 'protocol', 'INFORMATIONAL', 'too many informational answers before the real one');
}

/** Repeated headers as one, as HTTP has it; no header that is read here or handed on means something else by repeating. */
function joinHeaders(headers: ResponseHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return joined;
}

function takeData(call: Call, chunk: Buffer): void {
  if (call.phase === 'done') return;
  call.phase = 'body';
  if (!call.isPaused) watchPhase(call, 'body');
  call.handler.onData(chunk);
}

/** Starts the phase's own time anew, under the total. */
function watchPhase(call: Call, phase: Exclude<Phase, 'done'>): void {
  const { timeouts } = call.request;
  const now = call.state.clock.monotonic();
  call.watch.set(Math.min(now + timeouts[phaseLimits[phase].limit], call.startedMono + timeouts.totalMs));
}

function takeEnd(call: Call): void {
  if (finish(call)) call.handler.onEnd();
}

/** False = it was over already. */
function finish(call: Call): boolean {
  if (call.phase === 'done') return false;
  call.phase = 'done';
  call.watch.clear();
  return true;
}

function fail(call: Call, failure: Failure): void {
  if (finish(call)) call.handler.onFailure(failure);
}

function failLater(call: Call, error: unknown): void {
  queueMicrotask(() => fail(call, sendFailure(error, false)));
}

/** Ends the call from our side and says why. */
function breakOff(call: Call, kind: FailureKind, code: string, message: string): void {
  const wasSent = call.phase !== 'connect';
  if (!finish(call)) return;
  closeSocket(call);
  call.handler.onFailure({ kind, code, message, wasSent });
}

function closeSocket(call: Call): void {
  call.controller?.abort(new Error('given up'));
}

function timedOut(call: Call, nowMono: number): void {
  const { phase, request } = call;
  if (phase === 'done') return;
  const { timeouts } = request;
  if (nowMono - call.startedMono >= timeouts.totalMs) {
    return breakOff(call, 'total-timeout', 'TIMEOUT', `the whole took longer than ${timeouts.totalMs} ms`);
  }
  const { kind, limit, what } = phaseLimits[phase];
  breakOff(call, kind, 'TIMEOUT', `${what} within ${timeouts[limit]} ms`);
}

const phaseLimits = {
  connect: { kind: 'connect', limit: 'connectMs', what: 'no connection' },
  head: { kind: 'first-byte-timeout', limit: 'firstByteMs', what: 'no answer' },
  'first-byte': { kind: 'first-byte-timeout', limit: 'firstByteMs', what: 'no first byte' },
  body: { kind: 'idle-timeout', limit: 'idleMs', what: 'nothing more' },
} as const;

/** One chunk already on its way from the parser may still come. */
function pause(call: Call): void {
  if (call.phase === 'done' || call.isPaused) return;
  call.isPaused = true;
  call.controller?.pause();
  // The client is slow, not the upstream: only the total time runs on.
  call.watch.set(call.startedMono + call.request.timeouts.totalMs);
}

function resume(call: Call): void {
  if (call.phase === 'done' || !call.isPaused) return;
  call.isPaused = false;
  watchPhase(call, call.phase);
  // Resuming reads at once, and the parser is one for all connections: wait until it has returned.
  if (call.state.callbackDepth > 0) queueMicrotask(() => resumeReading(call));
  else resumeReading(call);
}

function resumeReading(call: Call): void {
  if (call.phase !== 'done' && !call.isPaused) call.controller?.resume();
}

function abort(call: Call): void {
  if (finish(call)) closeSocket(call);
}
