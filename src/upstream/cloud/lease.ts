/** A value that expires, such as a token: kept, fetched anew ahead of its end, and by one fetch at a time. */
import type { Clock } from '../../base/clock.ts';

export interface Lent<T> {
  readonly value: T;
  /** Epoch milliseconds; undefined = its giver does not say. */
  readonly expiresAtMs: number | undefined;
}

export interface Lease<T> {
  /**
   * At once while the kept value is good. A promise where one must be awaited; it rejects with the giver's error,
   * or with one that says that the giver was silent for too long.
   */
  current(): T | Promise<T>;
}

/** Fetched anew so long before the end, in the background: longer than any fetch, shorter than givers hold back a new one (5 minutes at AWS and Google). */
const AHEAD_MS = 4 * 60_000;
/** So shortly before the end a value may expire on its way: it is not handed out any more. */
const LAST_MOMENT_MS = 30_000;
/** For values without an end; the shortest life that clouds give a token. */
const UNKNOWN_LIFE_MS = 5 * 60_000;
/** A giver that is silent for longer will not answer; a request that waits for it has other deployments to try. */
const FETCH_MS = 15_000;
/** After a failure the giver is left alone, so that traffic is no storm at a login server that refuses us. */
const PAUSE_MS = 2_000;

interface State<T> {
  value: T | undefined;
  /** 0 = nothing is kept. */
  expiresAtMs: number;
  refreshAtMs: number;
  inFlight: Promise<T> | undefined;
  failure: unknown;
  pausedUntilMs: number;
}

/** @param fetchValue is called when needed, never twice at once. */
export function createLease<T>(fetchValue: () => Promise<Lent<T>>, clock: Clock): Lease<T> {
  const state: State<T> = {
    value: undefined,
    expiresAtMs: 0,
    refreshAtMs: 0,
    inFlight: undefined,
    failure: undefined,
    pausedUntilMs: 0,
  };
  return {
    current() {
      const nowMs = clock.now();
      if (nowMs < state.refreshAtMs) return state.value as T;
      const isPaused = nowMs < state.pausedUntilMs;
      if (nowMs < state.expiresAtMs - LAST_MOMENT_MS) {
        // Its failure shows when the kept value has ended, if it has not passed by then.
        if (!isPaused) start(state, fetchValue, clock).catch(() => {});
        return state.value as T;
      }
      if (isPaused && !state.inFlight) return Promise.reject(state.failure);
      return start(state, fetchValue, clock);
    },
  };
}

function start<T>(state: State<T>, fetchValue: () => Promise<Lent<T>>, clock: Clock): Promise<T> {
  state.inFlight ??= fetchInto(state, fetchValue, clock).finally(() => {
    state.inFlight = undefined;
  });
  return state.inFlight;
}

async function fetchInto<T>(state: State<T>, fetchValue: () => Promise<Lent<T>>, clock: Clock): Promise<T> {
  try {
    const { value, expiresAtMs } = await inTime(fetchValue());
    const nowMs = clock.now();
    state.value = value;
    state.expiresAtMs = expiresAtMs ?? nowMs + UNKNOWN_LIFE_MS;
    // A short life is refreshed at its half: else every request would fetch.
    state.refreshAtMs = state.expiresAtMs - Math.min(AHEAD_MS, (state.expiresAtMs - nowMs) / 2);
    return value;
  } catch (failure) {
    state.failure = failure;
    state.pausedUntilMs = clock.now() + PAUSE_MS;
    throw failure;
  }
}

async function inTime<T>(fetched: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${FETCH_MS} ms`);
    timer = setTimeout(() => reject(error), FETCH_MS).unref();
  });
  try {
    return await Promise.race([fetched, late]);
  } finally {
    clearTimeout(timer);
  }
}
