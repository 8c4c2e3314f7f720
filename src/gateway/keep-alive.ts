/** The clock that looks after silent streams: one timer for all of them. */
import type { Gateway } from './exchange.ts';

/** A stream counts its own silence in beats; three make the limit. */
export const QUIET_BEATS = 3;

/** Starts the beats; the answer stops them. */
export function startBeats(gateway: Gateway): () => void {
  const timer = setInterval(() => {
    for (const exchange of gateway.open) exchange.onBeat?.();
  }, gateway.limits.keepAliveMs / QUIET_BEATS);
  timer.unref();
  return () => clearInterval(timer);
}
