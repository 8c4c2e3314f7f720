/** Which of many changes of state are worth telling people who did not ask. */
import type { HealthEvent } from './health.ts';

export interface Tiding {
  readonly topic: 'credential.disabled' | 'deployment.down' | 'deployment.recovered';
  readonly event: HealthEvent;
  /** When it began, epoch milliseconds. */
  readonly sinceMs: number;
}

/** Places that are down at one time, of which more is remembered than that: those beyond it recover in silence. */
const MAX_DOWN = 1_000;

/**
 * Takes events in their order. A breaker that opens is no news: it opens for half a minute, and traffic goes
 * elsewhere. That its trial failed as well is, and then that it recovered.
 */
export function createTidings(): (event: HealthEvent) => Tiding | undefined {
  const opened = new Map<string, { readonly sinceMs: number; isTold: boolean }>();
  return (event) => {
    const { place, from, to, atMs } = event;
    const key = `${place.ref}\n${place.credential}`;
    const known = opened.get(key);
    if (to === 'disabled') return { topic: 'credential.disabled', event, sinceMs: atMs };
    if (to === 'open' && !known) {
      if (opened.size < MAX_DOWN) opened.set(key, { sinceMs: atMs, isTold: false });
      return undefined;
    }
    if (to === 'open' && known && from === 'half-open' && !known.isTold) {
      known.isTold = true;
      return { topic: 'deployment.down', event, sinceMs: known.sinceMs };
    }
    if (known && (to === 'healthy' || to === 'degraded')) {
      opened.delete(key);
      if (known.isTold) return { topic: 'deployment.recovered', event, sinceMs: known.sinceMs };
    }
    return undefined;
  };
}
