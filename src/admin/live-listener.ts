/** One who listens: the stream of events to it, which is cut where it is too slow for them. */
import type { ListenOptions, LiveEvent, LiveNeed } from './deps-live.ts';
import { furthest, type LiveCursor, writeCursor } from './live-cursor.ts';
import type { Heard } from './live-sources.ts';

/** What waits for a client that does not read: some hundred events. Who is that far behind reads the lists anew. */
export const MAX_WAITING_BYTES = 256 * 1024;
/** When clients that lost the connection are to come back. */
const RETRY_MS = 3_000;

export interface Listener {
  readonly stream: ReadableStream<Uint8Array>;
  readonly check: ListenOptions['check'];
  /** What it may hear. */
  need: LiveNeed;
  cursor: LiveCursor;
  /** On the monotonic clock: when something was last sent, and when it was last asked who it is. */
  sentMono: number;
  checkedMono: number;
  /** Asks in a row that could not be answered. */
  failedChecks: number;
  /** While it is told what came before: what comes meanwhile. */
  waiting: LiveEvent[] | undefined;
  readonly isEnded: () => boolean;
  /** Where it may hear it. A heard one moves its cursor. */
  tell(event: LiveEvent | Heard): void;
  /** A line that clients do not see: it keeps the connection open. */
  beat(): void;
  /** With a last word. */
  end(type: 'end' | 'reset', reason: string): void;
}

export interface ListenerOptions {
  readonly cursor: LiveCursor;
  readonly need: LiveNeed;
  readonly check: ListenOptions['check'];
  monotonic(): number;
  onEnd(): void;
}

export function createListener(options: ListenerOptions): Listener {
  const { monotonic } = options;
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isEnded = false;
  const finish = (): void => {
    if (isEnded) return;
    isEnded = true;
    options.onEnd();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
  );
  const send = (text: string): void => {
    listener.sentMono = monotonic();
    controller.enqueue(encoder.encode(text));
  };
  const listener: Listener = {
    ...{ stream, check: options.check, need: options.need, cursor: options.cursor },
    ...{ sentMono: monotonic(), checkedMono: monotonic(), failedChecks: 0, waiting: undefined },
    isEnded: () => isEnded,
    tell(event) {
      if ('at' in event && !event.isFollowed) listener.cursor = furthest(listener.cursor, event.at);
      if (isEnded || (event.needs === 'admin' && listener.need !== 'admin')) return;
      if ((controller.desiredSize ?? 0) <= 0) return listener.end('reset', 'slow');
      const { type, data } = event;
      send(`id: ${writeCursor(listener.cursor)}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    beat() {
      // Who does not read needs no sign of life, and must not gather them.
      if (!isEnded && (controller.desiredSize ?? 0) > 0) send(': beat\n\n');
      else listener.sentMono = monotonic();
    },
    end(type, reason) {
      if (isEnded) return;
      finish();
      send(`event: ${type}\ndata: ${JSON.stringify({ reason })}\n\n`);
      controller.close();
    },
  };
  send(`retry: ${RETRY_MS}\n\n`);
  return listener;
}
