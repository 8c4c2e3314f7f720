/** Outcomes of the last seconds, counted by the part of the window they fell in: memory does not grow with traffic. */

export interface OutcomeCounts {
  /** Failures since the last good answer, however long ago. */
  readonly inRow: number;
  readonly failed: number;
  readonly all: number;
}

export interface Outcomes {
  note(isGood: boolean, nowMono: number): void;
  counts(nowMono: number): OutcomeCounts;
  /** What was before says nothing of what comes. */
  clear(): void;
}

/** Parts of the window: it reaches back between 29 and 30 thirtieths of its length. */
const PARTS = 30;

export function createOutcomes(windowMs: number): Outcomes {
  const partMs = windowMs / PARTS;
  const good = new Uint32Array(PARTS);
  const failed = new Uint32Array(PARTS);
  let newest = Number.NEGATIVE_INFINITY;
  let inRow = 0;

  /** Empties the parts that time has passed over since the newest; returns the one of now. */
  const partOf = (nowMono: number): number => {
    const number = Math.floor(nowMono / partMs);
    if (number > newest) {
      const stale = Math.min(PARTS, number - newest);
      for (let past = 0; past < stale; past += 1) {
        const at = placeOf(number - past);
        good[at] = 0;
        failed[at] = 0;
      }
      newest = number;
    }
    return placeOf(number);
  };

  return {
    note(isGood, nowMono) {
      const at = partOf(nowMono);
      const counts = isGood ? good : failed;
      counts[at] = (counts[at] ?? 0) + 1;
      inRow = isGood ? 0 : inRow + 1;
    },
    counts(nowMono) {
      partOf(nowMono);
      let failures = 0;
      let all = 0;
      for (let at = 0; at < PARTS; at += 1) {
        failures += failed[at] ?? 0;
        all += (failed[at] ?? 0) + (good[at] ?? 0);
      }
      return { inRow, failed: failures, all };
    },
    clear() {
      good.fill(0);
      failed.fill(0);
      inRow = 0;
    },
  };
}

function placeOf(number: number): number {
  return ((number % PARTS) + PARTS) % PARTS;
}
