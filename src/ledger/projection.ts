/**
 * Where the spend of a window is going at the pace of late: pure arithmetic, in whole nano-dollars. A guess for
 * people; nothing is refused because of it.
 */
import { type Period, rollingHours } from '../base/budget.ts';
import { type NanoUsd, nanoUsd } from '../base/money.ts';
import { FOREVER_MS } from './period.ts';

/** Spend in a stretch of time that ends now. */
export interface Pace {
  readonly sinceMs: number;
  readonly spent: NanoUsd;
}

export interface ProjectionInput {
  readonly period: Period;
  /** From when on spend counts, and when the window ends. */
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
  readonly spent: NanoUsd;
  readonly limit: NanoUsd;
  /** Of the same subject; undefined = it cannot be had, and the window's own pace is taken. */
  readonly recent: Pace | undefined;
}

export interface Projection {
  /** Spent when the window ends; of a rolling period what its hours come to; undefined = the window has no end. */
  readonly projected: NanoUsd | undefined;
  /** When the limit is reached at this pace; undefined = it is reached already, or not in this window. */
  readonly crossesAtMs: number | undefined;
  /** What the pace was taken from. */
  readonly basis: 'recent' | 'window';
}

/** Of less, a single request would be a trend. */
const MIN_STRETCH_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

/** undefined = there is too little to go by. */
export function projectSpend(input: ProjectionInput): Projection | undefined {
  const pace = paceOf(input);
  if (!pace) return undefined;
  const hours = rollingHours(input.period);
  return hours === undefined ? projectWindow(input, pace) : projectRolling(input, pace, hours * HOUR_MS);
}

interface KnownPace extends Pace {
  readonly stretchMs: number;
  readonly basis: Projection['basis'];
}

function paceOf({ startMs, nowMs, spent, recent, period }: ProjectionInput): KnownPace | undefined {
  if (recent && nowMs - recent.sinceMs >= MIN_STRETCH_MS)
    return { ...recent, stretchMs: nowMs - recent.sinceMs, basis: 'recent' };
  // A total counts from 1970, and a rolling window before its first spend: no pace comes of that.
  if (period === 'total' || rollingHours(period) !== undefined) return undefined;
  const stretchMs = nowMs - startMs;
  if (stretchMs < MIN_STRETCH_MS || spent <= 0n) return undefined;
  return { sinceMs: startMs, spent, stretchMs, basis: 'window' };
}

function projectWindow({ endMs, nowMs, spent, limit }: ProjectionInput, pace: KnownPace): Projection {
  const stretch = BigInt(pace.stretchMs);
  const hasEnd = endMs < FOREVER_MS;
  const more = hasEnd ? (pace.spent * BigInt(Math.max(0, endMs - nowMs))) / stretch : 0n;
  const crossesAtMs = reachedAt(nowMs, limit - spent, pace.spent, stretch);
  return {
    projected: hasEnd ? nanoUsd(spent + more) : undefined,
    crossesAtMs: crossesAtMs !== undefined && crossesAtMs < endMs ? crossesAtMs : undefined,
    basis: pace.basis,
  };
}

/** Each hour that comes in takes the place of one that drops out; those in it are taken to be alike. */
function projectRolling(
  { nowMs, spent, limit }: ProjectionInput,
  pace: KnownPace,
  lengthMs: number,
): Projection {
  const stretch = BigInt(pace.stretchMs);
  const length = BigInt(lengthMs);
  const projected = (pace.spent * length) / stretch;
  const crossesAtMs =
    projected > limit ? reachedAt(nowMs, limit - spent, projected - spent, length) : undefined;
  return { projected: nanoUsd(projected), crossesAtMs, basis: pace.basis };
}

/** When `left` more is spent at `spent` per `stretch`; undefined = it is spent already, or will never be. */
function reachedAt(nowMs: number, left: bigint, spent: bigint, stretch: bigint): number | undefined {
  if (left <= 0n || spent <= 0n) return undefined;
  const atMs = nowMs + Number((left * stretch + spent - 1n) / spent);
  return atMs < FOREVER_MS ? atMs : undefined;
}
