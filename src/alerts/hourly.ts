/** Work of every hour, done by one of the processes that share a database. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import type { Wait } from './dispatcher.ts';

/** Processes and installations do not all ask at the stroke of the hour. */
const JITTER_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

export interface HourlyOptions {
  readonly store: Store;
  /** By which the processes know that it is the same work. */
  readonly name: string;
  readonly work: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly wait: Wait;
}

/** Starts it; the first time within some minutes. Returns how to end it, which waits for work under way. */
export function keepHourly(options: HourlyOptions): () => Promise<void> {
  const { clock, log, random, wait, name } = options;
  let running: Promise<void> = Promise.resolve();
  let forget = wait(random() * JITTER_MS, run);
  function run(): void {
    const hour = Math.floor(clock.now() / HOUR_MS) * HOUR_MS;
    running = running
      .then(() => workOnce(options, hour))
      .catch((error: unknown) => log.warn({ error: String(error), name }, 'the work of this hour failed'));
    forget = wait(hour + HOUR_MS - clock.now() + random() * JITTER_MS, run);
  }
  return () => {
    forget();
    return running;
  };
}

async function workOnce({ store, name, work }: HourlyOptions, hourMs: number): Promise<void> {
  if (await claimHour(store, name, hourMs)) await work();
}

/** Whether the hour is ours: of all who ask, one is told so. Who dies with it leaves it undone. */
export async function claimHour(store: Store, name: string, hourMs: number): Promise<boolean> {
  // As text of one length the later hour is the greater.
  const value = new Date(hourMs).toISOString();
  const [changed] = await store.write([
    store.kysely
      .insertInto('settings')
      .values({ key: `hour:${name}`, value })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet({ value }).where('settings.value', '<', value),
      ),
  ]);
  return changed === 1;
}
