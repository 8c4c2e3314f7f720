/** The sandbox as a transport: the same callbacks as over a socket, without one. */
import type { Failure } from '../failure.ts';
import type { Transport, UpstreamCall, UpstreamHandler, UpstreamRequest } from '../transport.ts';
import { createSandboxEngine, type SandboxEngine, type SandboxOptions } from './engine.ts';
import { type Listener, type Playback, play, type TimeoutKind } from './player.ts';
import { createScheduler, type Scheduler, type Wait } from './scheduler.ts';

export interface SandboxTransportOptions extends SandboxOptions {
  /** Default: a timer of the event loop. */
  readonly wait?: Wait;
}

interface Open {
  readonly playback: Playback;
  readonly handler: UpstreamHandler;
}

/** Answers whatever the request's origin is: who calls it has decided that it is for the sandbox. */
export function createSandboxTransport(options: SandboxTransportOptions): Transport {
  const engine = createSandboxEngine(options);
  const scheduler = createScheduler(options.clock, options.wait);
  const open = new Set<Open>();
  return {
    send: (request, handler) => send(engine, scheduler, open, request, handler),
    close() {
      for (const { playback, handler } of open) {
        playback.abort();
        handler.onFailure(cutFailure('CLOSED', 'the sandbox was closed'));
      }
      open.clear();
      return Promise.resolve();
    },
  };
}

function send(
  engine: SandboxEngine,
  scheduler: Scheduler,
  open: Set<Open>,
  request: UpstreamRequest,
  handler: UpstreamHandler,
): UpstreamCall {
  const script = engine.answer({
    method: request.method,
    path: request.path,
    headers: request.headers,
    body: joined(request.body),
  });
  if (script.type === 'refused') return refuse(handler);
  const done = <A extends unknown[]>(call: (...args: A) => void) => {
    return (...args: A): void => {
      open.delete(entry);
      call(...args);
    };
  };
  const listener: Listener = {
    onHead: (status, headers) => handler.onHead(status, headers),
    onData: (chunk) => handler.onData(chunk),
    onEnd: done(() => handler.onEnd()),
    onCut: done(() => handler.onFailure(cutFailure('ECONNRESET', 'the upstream reset the connection'))),
    onTimeout: done((kind) => handler.onFailure(timeoutFailure(kind, request))),
  };
  const playback = play(script, listener, scheduler, request.timeouts);
  const entry: Open = { playback, handler };
  open.add(entry);
  return { ...playback, abort: done(() => playback.abort()) };
}

function joined(body: readonly Uint8Array[]): Buffer {
  const first = body[0];
  if (first && body.length === 1) return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  return Buffer.concat(body);
}

function refuse(handler: UpstreamHandler): UpstreamCall {
  let isAborted = false;
  queueMicrotask(() => {
    if (!isAborted) handler.onFailure(refusedFailure);
  });
  return {
    pause() {},
    resume() {},
    abort() {
      isAborted = true;
    },
  };
}

const refusedFailure: Failure = {
  kind: 'connect',
  code: 'ECONNREFUSED',
  message: 'the upstream refused the connection',
  wasSent: false,
};

function cutFailure(code: string, message: string): Failure {
  return { kind: 'cut', code, message, wasSent: true };
}

function timeoutFailure(kind: TimeoutKind, { timeouts }: UpstreamRequest): Failure {
  const waited: Record<TimeoutKind, string> = {
    'first-byte-timeout': `no first byte within ${timeouts.firstByteMs} ms`,
    'idle-timeout': `nothing more within ${timeouts.idleMs} ms`,
    'total-timeout': `the whole took longer than ${timeouts.totalMs} ms`,
  };
  return { kind, code: 'TIMEOUT', message: waited[kind], wasSent: true };
}
