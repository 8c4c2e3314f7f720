/** Time comes in as an argument, so that a test owns it. */
export interface Clock {
  /** Wall clock, epoch milliseconds. For records and periods, never for durations. */
  now(): number;
  /** Monotonic milliseconds with fractions. For durations and deadlines. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
