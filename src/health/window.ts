/** The last first bytes of one place: their 95th percentile, always at hand, and their smoothed mean. */

export interface FirstByteWindow {
  add(firstByteMs: number, nowMono: number): void;
  /** undefined = fewer than asked for, or none of late. */
  p95(nowMono: number): number | undefined;
  /** Exponentially smoothed; undefined = none of late. */
  smoothed(nowMono: number): number | undefined;
}

export interface FirstByteLimits {
  /** Samples remembered. */
  readonly most: number;
  /** Samples that a percentile needs. */
  readonly least: number;
  readonly ageMs: number;
}

/** Weight of the newest: after ten samples the old level is down to a third. */
const NEWEST_SHARE = 0.1;

/** The samples twice, by age and by size: putting one in its order costs less than sorting when somebody asks. */
export function createFirstByteWindow({ most, least, ageMs }: FirstByteLimits): FirstByteWindow {
  const byAge: { readonly ms: number; readonly atMono: number }[] = [];
  const bySize: number[] = [];
  let oldest = 0;
  let newestMono = Number.NEGATIVE_INFINITY;
  let mean: number | undefined;

  const dropOldest = (): void => {
    const sample = byAge[oldest];
    if (!sample) return;
    bySize.splice(firstNotBelow(bySize, sample.ms), 1);
    oldest += 1;
    // The array is cut only when half of it is dead: each sample is moved at most once.
    if (oldest * 2 >= byAge.length) {
      byAge.splice(0, oldest);
      oldest = 0;
    }
  };
  const isFresh = (nowMono: number): boolean => nowMono - newestMono <= ageMs;

  return {
    add(firstByteMs, nowMono) {
      const ms = Number.isFinite(firstByteMs) ? Math.max(0, firstByteMs) : 0;
      if (!isFresh(nowMono)) mean = undefined;
      mean = mean === undefined ? ms : mean + NEWEST_SHARE * (ms - mean);
      while (bySize.length > 0 && nowMono - (byAge[oldest]?.atMono ?? nowMono) > ageMs) dropOldest();
      if (bySize.length >= most) dropOldest();
      byAge.push({ ms, atMono: nowMono });
      bySize.splice(firstNotBelow(bySize, ms), 0, ms);
      newestMono = nowMono;
    },
    p95(nowMono) {
      if (bySize.length < least || !isFresh(nowMono)) return undefined;
      return bySize[Math.ceil(bySize.length * 0.95) - 1];
    },
    smoothed: (nowMono) => (isFresh(nowMono) ? mean : undefined),
  };
}

/** Index of the first of ascending numbers that is not below the value. */
function firstNotBelow(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
