/** What was noted waits here, within limits, and is written in batches beside the road; what there is no room for is dropped and counted. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ContentLog, NotedContent } from './content-noted.ts';

export interface ContentStats {
  readonly kept: number;
  /** There was no room, or no time was left. */
  readonly dropped: number;
  /** The database or the vault could not be had. */
  readonly failed: number;
  readonly waiting: number;
  readonly waitingBytes: number;
}

/** How many of a batch were kept, and how many could not be. */
export interface Written {
  readonly kept: number;
  readonly failed: number;
}

export interface RunningContentLog extends ContentLog {
  stats(): ContentStats;
  /** Writes what waits. */
  stop(): Promise<void>;
}

export interface ContentQueueInput {
  /** Keeps them, as far as their workspaces still want that. */
  readonly write: (batch: readonly NotedContent[]) => Promise<Written>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of what waits; absent = {@link MAX_WAITING_BYTES}. */
  readonly maxBytes?: number;
}

/** Some seconds of a busy installation, should the database be slow. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Replies under way: 64 of the longest, thousands of the usual. */
const MAX_COMING_BYTES = 64 * 1024 * 1024;
/** One transaction of this many is some milliseconds. */
const BATCH = 16;
const BATCH_BYTES = 4 * 1024 * 1024;
/** So that exchanges that end together are written together. */
const PAUSE_MS = 100;
const TELL_EVERY_MS = 60_000;
/** How long the end of the process waits for what has not been written. */
const STOP_MS = 5_000;

export function createContentLog(input: ContentQueueInput): RunningContentLog {
  const { log, write, maxBytes = MAX_WAITING_BYTES } = input;
  const waiting: NotedContent[] = [];
  let waitingBytes = 0;
  let comingBytes = 0;
  let counts = { kept: 0, dropped: 0, failed: 0 };
  let running: Promise<void> | undefined;
  const stopping = new AbortController();
  const tell = tellLosses(input, () => counts.dropped + counts.failed);
  const count = (name: keyof typeof counts, by: number): void => {
    counts = { ...counts, [name]: counts[name] + by };
  };
  const writeBatch = async (): Promise<void> => {
    const batch = takeBatch(waiting);
    const { kept, failed } = await write(batch).catch((error: unknown) => {
      log.error({ error: String(error) }, 'content could not be written');
      return { kept: 0, failed: batch.length };
    });
    for (const one of batch) waitingBytes -= sizeOf(one);
    count('kept', kept);
    count('failed', failed);
    if (failed > 0) tell('the database or the vault could not be had');
  };
  const run = async (): Promise<void> => {
    // The call to stop ends it early.
    await delay(PAUSE_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    while (waiting.length > 0) await writeBatch();
    running = undefined;
  };
  return {
    take(content) {
      const bytes = sizeOf(content);
      if (stopping.signal.aborted || waitingBytes + bytes > maxBytes) {
        count('dropped', 1);
        return tell('too much waits to be written');
      }
      waitingBytes += bytes;
      waiting.push(content);
      running ??= run();
    },
    makeRoom(bytes) {
      if (bytes > 0 && comingBytes + bytes > MAX_COMING_BYTES) {
        count('dropped', 1);
        tell('too many replies are under way');
        return false;
      }
      comingBytes += bytes;
      return true;
    },
    stats: () => ({ ...counts, waiting: waiting.length, waitingBytes }),
    async stop() {
      stopping.abort();
      const limit = delay(STOP_MS, undefined, { ref: false });
      while (running || waiting.length > 0) {
        running ??= run();
        const isLate = await Promise.race([running.then(() => false), limit.then(() => true)]);
        if (!isLate) continue;
        count('dropped', waiting.length);
        return log.warn({ exchanges: waiting.length }, 'content that waited is not kept: the process ends');
      }
    },
  };
}

/** At most once a minute, with how many were lost since. */
function tellLosses({ clock, log }: ContentQueueInput, lostSoFar: () => number): (reason: string) => void {
  let toldMono = Number.NEGATIVE_INFINITY;
  let toldOf = 0;
  return (reason) => {
    const nowMono = clock.monotonic();
    if (nowMono - toldMono < TELL_EVERY_MS) return;
    const lost = lostSoFar();
    log.warn({ reason, exchanges: lost - toldOf }, 'content that was to be kept is not');
    toldMono = nowMono;
    toldOf = lost;
  };
}

function takeBatch(waiting: NotedContent[]): readonly NotedContent[] {
  let bytes = 0;
  let count = 0;
  while (count < waiting.length && count < BATCH && bytes < BATCH_BYTES) bytes += sizeOf(waiting[count++]!);
  return waiting.splice(0, count);
}

/** With what the record itself takes. */
function sizeOf({ request, reply }: NotedContent): number {
  return request.bytes.length + reply.bytes.length + 1_024;
}
