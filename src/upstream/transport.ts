/** How bytes reach an upstream and come back: callbacks, no streams, backpressure by pause and resume. */
import type { Failure } from './failure.ts';
import type { Timeouts } from './provider.ts';

export interface UpstreamRequest {
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Lower-case names. `host`, `content-length` and `connection` are set by the transport. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in order without being joined. */
  readonly body: readonly Uint8Array[];
  readonly timeouts: Timeouts;
}

/** Each call comes at most once, but for `onData`. After `onEnd` or `onFailure` nothing comes any more. */
export interface UpstreamHandler {
  onHead(status: number, headers: Readonly<Record<string, string>>): void;
  /** The chunk may be kept. */
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: Failure): void;
}

export interface UpstreamCall {
  /** Stop reading; the idle timer stands still meanwhile. */
  pause(): void;
  resume(): void;
  /** Give up: closes the upstream socket. No further callbacks. */
  abort(): void;
}

export interface Transport {
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall;
  close(): Promise<void>;
}
