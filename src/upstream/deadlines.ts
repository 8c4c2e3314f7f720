/**
 * Deadlines of many calls on one coarse tick: moving one is an assignment, where a timer per chunk would be
 * an insertion and a removal. Precision is the tick; timeouts are seconds.
 */
import type { Clock } from '../base/clock.ts';

export interface Watch {
  /** Monotonic milliseconds; replaces the earlier deadline. */
  set(dueMono: number): void;
  clear(): void;
}

export interface Deadlines {
  /** `onDue` is called once when a set deadline has passed. */
  watch(onDue: (nowMono: number) => void): Watch;
  close(): void;
}

const TICK_MS = 50;

interface Entry {
  due: number;
  readonly onDue: (nowMono: number) => void;
}

export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    const now = clock.monotonic();
    for (const entry of entries) {
      if (now < entry.due) continue;
      entries.delete(entry);
      entry.onDue(now);
    }
    if (entries.size === 0) stop();
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch(onDue) {
      const entry: Entry = { due: Number.POSITIVE_INFINITY, onDue };
      return {
        set(dueMono) {
          entry.due = dueMono;
          entries.add(entry);
          timer ??= setInterval(tick, TICK_MS);
        },
        clear: () => void entries.delete(entry),
      };
    },
    close: stop,
  };
}
