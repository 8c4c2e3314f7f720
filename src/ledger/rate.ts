/**
 * Rate limits by GCRA: of each limit one moment is kept, when all of it will be there again. What is taken moves it
 * forward; what is given back at the settle moves it back. Both stores calculate as `takeRate` does.
 */

/** `requests`, `input-tokens` and `output-tokens` are per minute; `streams` are how many run at once. */
export const rateMetrics = ['requests', 'input-tokens', 'output-tokens', 'streams'] as const;
export type RateMetric = (typeof rateMetrics)[number];

/** One limit that an attempt must fit into. */
export interface RateClaim {
  /** Whose: `key:key_…`, `member:…`, `agent:…`, `workspace:ws_…`, `deployment:provider/model`. */
  readonly subject: string;
  readonly metric: RateMetric;
  /** Per minute, or at once; at least 1. */
  readonly limit: number;
  /** How much of the limit may come at once, in milliseconds of it: 60,000 = a full minute's worth. */
  readonly burstMs: number;
  /** What the attempt takes: 1 of requests and streams, of tokens the most it may use. */
  readonly amount: number;
}

/** As a reservation remembers it: subject, metric, amount and limit. */
export type HeldRate = readonly [subject: string, metric: RateMetric, amount: number, limit: number];

/** What is left after a grant, for the headers of the reply. */
export interface RateLeft {
  readonly subject: string;
  readonly metric: RateMetric;
  readonly limit: number;
  /** At least 0. */
  readonly remaining: number;
  /** Until all of it is there again. */
  readonly resetMs: number;
}

/** `retryMs` where as many streams run as may: nobody knows when one of them ends. */
export const STREAM_RETRY_MS = 1_000;

export const MINUTE_US = 60_000_000;

/** What `amount` of a limit takes to come back, in microseconds. */
export function costUs(amount: number, limit: number): number {
  return Math.ceil((amount * MINUTE_US) / limit);
}

export type RateVerdict =
  | { readonly ok: true; readonly fullAtUs: number }
  /** `retryMs`: when it would fit, if nothing else came. */
  | { readonly ok: false; readonly retryMs: number };

/**
 * Whether a claim on a rate (not on `streams`) fits at `nowUs`. One larger than the burst fits when nothing of it is
 * in use: it could never pass otherwise, and pays by the wait of those after it.
 */
export function takeRate(fullAtUs: number, nowUs: number, claim: RateClaim): RateVerdict {
  const startUs = Math.max(fullAtUs, nowUs);
  const nextUs = startUs + costUs(claim.amount, claim.limit);
  const overUs = nextUs - nowUs - claim.burstMs * 1_000;
  if (overUs <= 0 || startUs === nowUs) return { ok: true, fullAtUs: nextUs };
  return { ok: false, retryMs: Math.ceil(Math.min(overUs, startUs - nowUs) / 1_000) };
}

/** What is left once the moment is `fullAtUs`. */
export function rateLeft(
  { subject, metric, limit, burstMs }: RateClaim,
  fullAtUs: number,
  nowUs: number,
): RateLeft {
  const usedUs = Math.max(0, fullAtUs - nowUs);
  const leftUs = Math.max(0, burstMs * 1_000 - usedUs);
  return {
    subject,
    metric,
    limit,
    remaining: Math.min(limit, Math.floor((leftUs * limit) / MINUTE_US)),
    resetMs: Math.ceil(usedUs / 1_000),
  };
}

/** The order in which rows are locked: as `inLockOrder`, after the windows. */
export function inRateOrder(
  a: Pick<RateClaim, 'subject' | 'metric'>,
  b: Pick<RateClaim, 'subject' | 'metric'>,
): number {
  if (a.subject !== b.subject) return a.subject < b.subject ? -1 : 1;
  return a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0;
}
