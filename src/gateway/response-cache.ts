/**
 * Answers kept in the memory of this process, to be given again to the same request. The one that was not asked for
 * longest goes first; every answer has its own end. What may be kept, and for whom it is the same, others decide.
 */
import type { Clock } from '../base/clock.ts';

/** One answer may take an eighth of the memory: a larger one would push out most others. */
const SHARE_OF_ONE = 1 / 8;
/** And no more than this: what is longer costs more to keep than it is likely to save. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Answers that are on their way, and may be kept at their end, may take half as much as all that are kept. */
const SHARE_OF_COMING = 1 / 2;
/** What an answer costs beside its bytes (entries of maps, objects, its key), rounded up. */
const ANSWER_BYTES = 1_024;

export interface KeptAnswer {
  /** As it went to the client. */
  readonly body: Buffer;
  /** It went in pieces, as it came. */
  readonly isStream: boolean;
  readonly contentType: string;
  /** The deployment that gave it. */
  readonly provider: string;
  readonly model: string;
  /** The same as a header may carry it. */
  readonly headerRef: string;
  readonly lane: 'relay' | 'translate';
  /** What the client was told of losses: `lossless`, `lossy;n=2`. */
  readonly translation: string;
}

export interface FoundAnswer {
  readonly answer: KeptAnswer;
  /** Since it was kept, in milliseconds. */
  readonly ageMs: number;
}

export interface CacheStats {
  readonly answers: number;
  readonly bytes: number;
  /** Of answers that are on their way. */
  readonly comingBytes: number;
  /** Since this process began. */
  readonly hits: number;
  readonly misses: number;
  /** Answers that made room for others. */
  readonly evicted: number;
}

export interface ResponseCache {
  /** Bytes one answer may have; 0 = none are kept. */
  readonly maxAnswerBytes: number;
  /** An answer that is no older than `ttlMs`; undefined = there is none, and that is counted as a miss. */
  find(key: string, ttlMs: number): FoundAnswer | undefined;
  /** In place of one of the same key. */
  keep(key: string, answer: KeptAnswer, ttlMs: number): void;
  /**
   * Takes or gives back room for answers that are on their way. False: too many are, and nothing was taken.
   * @param bytes below 0 = given back
   */
  makeRoom(bytes: number): boolean;
  /** Lets go of what has come to its end. */
  sweep(): void;
  stats(): CacheStats;
}

interface Kept {
  readonly answer: KeptAnswer;
  readonly keptAtMs: number;
  readonly endsAtMs: number;
}

interface Memory {
  readonly clock: Clock;
  readonly limitBytes: number;
  /** The one that was not used for longest first. */
  readonly answers: Map<string, Kept>;
  bytes: number;
  comingBytes: number;
  hits: number;
  misses: number;
  evicted: number;
}

/** @param limitBytes all of it together; 0 = nothing is kept */
export function createResponseCache(clock: Clock, limitBytes: number): ResponseCache {
  const memory: Memory = {
    clock,
    limitBytes,
    answers: new Map(),
    bytes: 0,
    comingBytes: 0,
    hits: 0,
    misses: 0,
    evicted: 0,
  };
  const maxAnswerBytes = Math.min(MAX_ANSWER_BYTES, Math.floor(limitBytes * SHARE_OF_ONE));
  return {
    maxAnswerBytes,
    find: (key, ttlMs) => find(memory, key, ttlMs),
    keep(key, answer, ttlMs) {
      if (sizeOf(answer) > maxAnswerBytes) return;
      drop(memory, key);
      const now = clock.monotonic();
      memory.answers.set(key, { answer, keptAtMs: now, endsAtMs: now + ttlMs });
      memory.bytes += sizeOf(answer);
      makeFit(memory);
    },
    makeRoom(bytes) {
      if (bytes > 0 && memory.comingBytes + bytes > limitBytes * SHARE_OF_COMING) return false;
      memory.comingBytes += bytes;
      return true;
    },
    sweep: () => sweep(memory),
    stats: () => ({
      answers: memory.answers.size,
      bytes: memory.bytes,
      comingBytes: memory.comingBytes,
      hits: memory.hits,
      misses: memory.misses,
      evicted: memory.evicted,
    }),
  };
}

/** How often what has ended is let go of, where no traffic does it. */
const SWEEP_MS = 60_000;

/** @returns what ends it */
export function sweepCacheRegularly(cache: ResponseCache): () => void {
  const timer = setInterval(() => cache.sweep(), SWEEP_MS).unref();
  return () => clearInterval(timer);
}

function sizeOf({ body }: KeptAnswer): number {
  return ANSWER_BYTES + body.length;
}

function find(memory: Memory, key: string, ttlMs: number): FoundAnswer | undefined {
  const kept = memory.answers.get(key);
  const now = memory.clock.monotonic();
  if (kept && now >= kept.endsAtMs) drop(memory, key);
  const ageMs = kept ? now - kept.keptAtMs : 0;
  // Who keeps answers for longer may share them with who wants them fresher.
  if (!kept || now >= kept.endsAtMs || ageMs >= ttlMs) {
    memory.misses += 1;
    return undefined;
  }
  memory.hits += 1;
  memory.answers.delete(key);
  memory.answers.set(key, kept);
  return { answer: kept.answer, ageMs };
}

function drop(memory: Memory, key: string): void {
  const kept = memory.answers.get(key);
  if (!kept) return;
  memory.answers.delete(key);
  memory.bytes -= sizeOf(kept.answer);
}

function makeFit(memory: Memory): void {
  for (const key of memory.answers.keys()) {
    if (memory.bytes <= memory.limitBytes) return;
    drop(memory, key);
    memory.evicted += 1;
  }
}

function sweep(memory: Memory): void {
  const now = memory.clock.monotonic();
  for (const [key, { endsAtMs }] of memory.answers) if (now >= endsAtMs) drop(memory, key);
}
