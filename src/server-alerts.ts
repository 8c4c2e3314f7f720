/** Alerts of this installation: their sinks, the dispatcher that serves them, and the hourly look at bills. */
import { randomUUID } from 'node:crypto';
import type { ReconciliationDesk } from './admin/deps.ts';
import { composeMessage } from './alerts/compose.ts';
import { type AlertDesk, createAlertDesk } from './alerts/desk.ts';
import { createDispatcher, type Wait } from './alerts/dispatcher.ts';
import { putDriftAlerts } from './alerts/drift.ts';
import { keepHourly } from './alerts/hourly.ts';
import { openSinks } from './alerts/open-sinks.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Config } from './config.ts';
import type { Store } from './store/store.ts';
import { findBillSources } from './upstream/bills/sources.ts';

export interface AlertsInput {
  readonly config: Config;
  /** As the files have them by now; default: as at the start. */
  readonly providers?: () => Config['providers'];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: the system's timers, none of which keeps the process alive. */
  readonly wait?: Wait;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

export interface Alerts {
  /** @param isFirst it also lists what is of no workspace, to operators */
  deskOf(workspaceId: WorkspaceId, isFirst: boolean): AlertDesk;
  /** From now on alerts are sent, and bills compared in every hour in which there are admin keys. */
  start(reconciliation: ReconciliationDesk): void;
  /** Before the store is closed. What was not sent in time is sent after the next start. */
  stop(): Promise<void>;
}

/** How long deliveries may go on after the call to stop: the rest of the drain is for the ledger. */
const DRAIN_MS = 3_000;
/** Days that are looked at each hour: providers correct their bills for some days. */
const LOOK_BACK_MS = 7 * 86_400_000;

const systemWait: Wait = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

export function openAlerts(input: AlertsInput): Alerts {
  const { config, store, clock, log, wait = systemWait, random = Math.random } = input;
  const { providers = () => config.providers } = input;
  const sinks = openSinks(config.alerts, { log, clock });
  const dispatcher = createDispatcher({
    store,
    sinks,
    compose: (due) => composeMessage(store, due, clock.now()),
    ...{ clock, log, random, wait },
  });
  let stopLooking: () => Promise<void> = async () => undefined;
  return {
    deskOf: (workspaceId, isFirst) =>
      createAlertDesk({ store, sinks, workspaceId, isFirst, clock, wait, newTestId: randomUUID }),
    start(reconciliation) {
      dispatcher.start();
      stopLooking = lookHourly({ ...input, providers, wait, random }, reconciliation);
    },
    async stop() {
      // A bill that is being fetched may take its time: the next hour has it too.
      await Promise.race([stopLooking(), new Promise<void>((done) => wait(DRAIN_MS, done))]);
      await dispatcher.stop(DRAIN_MS);
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}

function lookHourly(input: Required<AlertsInput>, reconciliation: ReconciliationDesk) {
  const { config, providers, store, clock, log, wait, random } = input;
  const work = async (): Promise<void> => {
    if (findBillSources(providers(), config.env).sources.length === 0) return;
    const nowMs = clock.now();
    const answer = await reconciliation.run({ width: 'day', sinceMs: nowMs - LOOK_BACK_MS, untilMs: nowMs });
    // Somebody is comparing them by hand.
    if (answer.kind !== 'done')
      return log.debug({ reason: answer.message }, 'bills are not compared this hour');
    for (const { provider, message } of answer.failures)
      log.warn({ provider, message }, 'a bill could not be had');
    const alerts = await putDriftAlerts(store, answer.run);
    log.debug({ over: answer.run.over, alerts }, 'bills were compared');
  };
  return keepHourly({ store, name: 'reconciliation', work, clock, log, random, wait });
}
