/** Limits on tries, so that nobody guesses at leisure: so many from one place or at one name in a while. */

export interface TryLimits {
  /** Tries in one `windowMs`. */
  readonly most: number;
  readonly windowMs: number;
}

export interface Tries {
  /** Counts one before its outcome is known, so that those at the same time count too; ms to wait where it is too many. */
  begin(name: string, nowMs: number): number | undefined;
  /** It was a good one: it counts no more. */
  forgive(name: string): void;
  /** As if there had been none. */
  forget(name: string): void;
}

interface Count {
  made: number;
  endsAtMs: number;
}

/** Some 100 bytes each. Beyond, the oldest window is forgotten: who has as many addresses is not held by limits of them. */
const MAX_NAMES = 100_000;

/** Of this process: several replicas allow as many times more. */
export function createTries({ most, windowMs }: TryLimits): Tries {
  const counts = new Map<string, Count>();
  return {
    begin(name, nowMs) {
      const known = counts.get(name);
      if (known && known.endsAtMs > nowMs) {
        if (known.made >= most) return known.endsAtMs - nowMs;
        known.made += 1;
        return undefined;
      }
      counts.delete(name);
      counts.set(name, { made: 1, endsAtMs: nowMs + windowMs });
      for (const [oldest, { endsAtMs }] of counts) {
        if (counts.size <= MAX_NAMES && endsAtMs > nowMs) break;
        counts.delete(oldest);
      }
      return undefined;
    },
    forgive(name) {
      const known = counts.get(name);
      if (known) known.made = Math.max(0, known.made - 1);
    },
    forget(name) {
      counts.delete(name);
    },
  };
}
