/** How many retries a process may make: a share of its recent requests, so that a storm is not made worse by us. */

export interface RetryBudget {
  noteRequest(): void;
  /** Takes one if there is one. */
  draw(): boolean;
  /** Retries that could be drawn now. */
  left(): number;
}

export interface RetryLimits {
  /** Retries per request. */
  readonly share: number;
  /** Retries in a window, however few requests there were. */
  readonly floor: number;
  readonly windowMs: number;
}

/** Parts that the window is counted in. */
const PARTS = 10;

export function createRetryBudget(monotonic: () => number, limits: RetryLimits): RetryBudget {
  const partMs = limits.windowMs / PARTS;
  const requests = new Float64Array(PARTS);
  const drawn = new Float64Array(PARTS);
  let newest = Number.NEGATIVE_INFINITY;
  let requestsInWindow = 0;
  let drawnInWindow = 0;

  const partOf = (): number => {
    const number = Math.floor(monotonic() / partMs);
    if (number > newest) {
      const stale = Math.min(PARTS, number - newest);
      for (let past = 0; past < stale; past += 1) {
        const at = placeOf(number - past);
        requestsInWindow -= requests[at] ?? 0;
        drawnInWindow -= drawn[at] ?? 0;
        requests[at] = 0;
        drawn[at] = 0;
      }
      newest = number;
    }
    return placeOf(number);
  };
  const left = (): number =>
    Math.max(0, Math.floor(limits.floor + requestsInWindow * limits.share - drawnInWindow));

  return {
    noteRequest() {
      const at = partOf();
      requests[at] = (requests[at] ?? 0) + 1;
      requestsInWindow += 1;
    },
    draw() {
      const at = partOf();
      if (left() < 1) return false;
      drawn[at] = (drawn[at] ?? 0) + 1;
      drawnInWindow += 1;
      return true;
    },
    left() {
      partOf();
      return left();
    },
  };
}

function placeOf(number: number): number {
  return ((number % PARTS) + PARTS) % PARTS;
}
