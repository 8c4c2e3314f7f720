/** Takes away what the books have kept for long enough, and what says nothing: once an hour, by one of the processes of a database. */
import { setTimeout as delay } from 'node:timers/promises';
import { keepHourly } from './alerts/hourly.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Config } from './config.ts';
import { sweepContents } from './ledger/content-retention.ts';
import { forgetIdleRates } from './ledger/forget-rates.ts';
import { sweepOld } from './ledger/retention.ts';
import { shredKeysOfGone } from './registry/content-keys.ts';
import { contentDaysOf } from './registry/privacy.ts';
import { cutOldAudit } from './server-audit.ts';
import type { Store } from './store/store.ts';

export interface RetentionInput {
  /** As the files have them by now. */
  terms(): Pick<Config, 'retention' | 'privacy'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two chunks of 500 rows: requests have the database for most of the time, and a busy day goes in seconds. */
const PAUSE_MS = 50;

/** Starts it. Returns how to end it, which waits for the chunk under way. */
export function keepRetention({ terms, store, clock, log }: RetentionInput): () => Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const end = keepHourly({
    store,
    name: 'retention',
    work: async () => {
      const { entriesDays: entries, hoursDays: hours, decisionsDays: decisions } = terms().retention;
      const days = { entries, hours, decisions };
      // The call to stop ends it early.
      const pause = () => delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      await sweepOld({ store, days, nowMs: clock.now(), pause, signal, log });
      await cutOldAudit({ store, days: terms().retention.auditDays, nowMs: clock.now(), pause, signal, log });
      await shredKeysOfGone(store);
      const daysOf = (id: WorkspaceId) => contentDaysOf(store, id, terms().privacy);
      await sweepContents({ store, daysOf, nowMs: clock.now(), pause, signal, log });
      await forgetIdleRates(store, { nowMs: clock.now(), pause, signal });
    },
    clock,
    log,
    random: Math.random,
    wait(delayMs, run) {
      const timer = setTimeout(run, delayMs).unref();
      return () => clearTimeout(timer);
    },
  });
  return () => {
    stop.abort();
    return end();
  };
}
