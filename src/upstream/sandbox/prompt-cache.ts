/**
 * Simulated prompt cache: remembers prefixes of requests by hash, so that a repeated prefix is reported as read
 * and a marked new one as written. Marks as Anthropic has them; without marks prefixes are kept unasked and
 * their writing is not reported, as OpenAI does.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { CacheMark } from '../../wire/chat.ts';

/** One stretch of the input in order; a prefix can end after it. */
export interface Segment {
  readonly text: string;
  readonly tokens: number;
  /** A cache breakpoint stands after it. */
  readonly mark?: CacheMark;
}

/** Tokens; they add up to those of the segments. */
export interface CachedInput {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

export interface PromptCache {
  count(segments: readonly Segment[]): CachedInput;
}

const FIVE_MINUTES_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Shorter prefixes are not kept. Vendors start at 1,024; tests and demos are smaller. */
export const MIN_CACHED_TOKENS = 64;
/** Oldest prefixes are forgotten beyond this. */
const MAX_PREFIXES = 10_000;

interface Prefix {
  readonly hash: string;
  /** Tokens from the start to the end of this segment. */
  readonly tokens: number;
  readonly mark: CacheMark | undefined;
}

export function createPromptCache(clock: Clock): PromptCache {
  const expiresAtMs = new Map<string, number>();
  return {
    count(segments) {
      const nowMs = clock.now();
      const prefixes = toPrefixes(segments);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const marks = prefixes.filter((prefix) => prefix.mark && prefix.tokens >= MIN_CACHED_TOKENS);
      const readable = marks.length > 0 ? prefixes.slice(0, prefixes.indexOf(marks.at(-1)!) + 1) : prefixes;
      const hit = readable.findLast((prefix) => (expiresAtMs.get(prefix.hash) ?? 0) > nowMs);
      const cacheRead = hit?.tokens ?? 0;
      if (hit) remember(expiresAtMs, hit, nowMs);
      // Unasked: the whole request is kept, and the client is told of it only when it is read.
      const last = prefixes.at(-1);
      if (marks.length === 0 && last && total >= MIN_CACHED_TOKENS) remember(expiresAtMs, last, nowMs);
      const written = write(expiresAtMs, marks, cacheRead, nowMs);
      const input = total - cacheRead - written.cacheWrite5m - written.cacheWrite1h;
      return { input, cacheRead, ...written };
    },
  };
}

function toPrefixes(segments: readonly Segment[]): Prefix[] {
  const hash = createHash('sha256');
  let tokens = 0;
  return segments.map((segment) => {
    hash.update(segment.text).update('\0');
    tokens += segment.tokens;
    return { hash: hash.copy().digest('base64'), tokens, mark: segment.mark };
  });
}

/** Each token after what was read is written under the next mark that follows it. */
function write(
  expiresAtMs: Map<string, number>,
  marks: readonly Prefix[],
  cacheRead: number,
  nowMs: number,
): { cacheWrite5m: number; cacheWrite1h: number } {
  let from = cacheRead;
  const written = { cacheWrite5m: 0, cacheWrite1h: 0 };
  for (const prefix of marks) {
    remember(expiresAtMs, prefix, nowMs);
    const tokens = Math.max(0, prefix.tokens - from);
    if (isHour(prefix)) written.cacheWrite1h += tokens;
    else written.cacheWrite5m += tokens;
    from += tokens;
  }
  return written;
}

function isHour(prefix: Prefix): boolean {
  return prefix.mark?.ttl === '1h';
}

/** A read prolongs a prefix; the hour given to it once is not taken back by a shorter mark. */
function remember(expiresAtMs: Map<string, number>, prefix: Prefix, nowMs: number): void {
  const until = nowMs + (isHour(prefix) ? HOUR_MS : FIVE_MINUTES_MS);
  const kept = expiresAtMs.get(prefix.hash) ?? 0;
  // Out and in again: the map's order is the order of use.
  expiresAtMs.delete(prefix.hash);
  expiresAtMs.set(prefix.hash, Math.max(until, kept));
  if (expiresAtMs.size > MAX_PREFIXES) expiresAtMs.delete(expiresAtMs.keys().next().value!);
}
