/** Time that only moves when a test says so: a clock and the one timer of a scheduler. */
import type { Clock } from '../../src/base/clock.ts';

export interface ManualTime {
  readonly clock: Clock;
  /** As a scheduler's `wait`. */
  wait(delayMs: number, run: () => void): () => void;
  /** Moves on, running what falls due on the way in its order, with the microtasks in between. */
  advance(byMs: number): Promise<void>;
  /** Timers set and not yet run. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** @param epochMs what the wall clock shows at the start. */
export function createManualTime(epochMs = Date.parse('2026-01-15T12:00:00Z')): ManualTime {
  let now = 0;
  let timers: Timer[] = [];
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return {
    clock: { now: () => epochMs + now, monotonic: () => now },
    wait(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(byMs) {
      const until = now + byMs;
      await settle();
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) break;
        now = Math.max(now, next.at);
        timers = timers.filter((other) => other !== next);
        next.run();
        await settle();
      }
      now = until;
    },
    pending: () => timers.length,
  };
}
