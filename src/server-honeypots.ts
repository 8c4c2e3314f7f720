/** Uses of honeypots, told off the road: one line in the log and one alert of a key in each minute, with a count. */
import { putSecurityAlert } from './alerts/security-alert.ts';
import type { Clock } from './base/clock.ts';
import type { KeyId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { HoneypotUse } from './gateway/let-in.ts';
import type { Store } from './store/store.ts';

export interface Honeypots {
  /** Takes no time, and never fails. */
  note(use: HoneypotUse): void;
  /** Tells what is left. Before the store is closed. */
  stop(): Promise<void>;
}

export interface HoneypotInput {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Runs it once after so many milliseconds, unless it is forgotten before. */
  wait(delayMs: number, run: () => void): () => void;
}

/** What comes at once is told at once: well within the five seconds that are promised. */
const GATHER_MS = 500;
/** What comes after it is counted for so long, and told together. */
const QUIET_MS = 60_000;
/** The database is in trouble: it is not helped by being asked at once. */
const RETRY_MS = 1_000;
/** Programs may name themselves by pages of text. */
const MAX_USER_AGENT = 200;

/** Of one honeypot: what is not told yet, and when it will be. */
interface Watch {
  first: HoneypotUse | undefined;
  uses: number;
  forget: () => void;
}

export function openHoneypots(input: HoneypotInput): Honeypots {
  const { wait, log } = input;
  const watches = new Map<KeyId, Watch>();
  const telling = new Set<Promise<void>>();
  let isStopped = false;
  const tell = async (watch: Watch): Promise<void> => {
    const { first, uses } = watch;
    if (!first) return;
    watch.first = undefined;
    watch.uses = 0;
    await tellUses(input, first, uses).catch((error: unknown) => {
      log.warn(
        { error: String(error) },
        'the use of a honeypot could not be written down; it is tried again',
      );
      // What came meanwhile is counted with it.
      watch.first = first;
      watch.uses += uses;
    });
  };
  const later = (id: KeyId, watch: Watch, delayMs: number): void => {
    watch.forget = wait(delayMs, () => {
      // A whole quiet spell.
      if (!watch.first) return void watches.delete(id);
      const told: Promise<void> = tell(watch).then(() => {
        telling.delete(told);
        if (!isStopped) later(id, watch, watch.first && watch.uses > 0 ? RETRY_MS : QUIET_MS);
      });
      telling.add(told);
    });
  };
  return {
    note(use) {
      const known = watches.get(use.key.id);
      if (known) {
        known.first ??= use;
        known.uses += 1;
        return;
      }
      const watch: Watch = { first: use, uses: 1, forget: () => undefined };
      watches.set(use.key.id, watch);
      later(use.key.id, watch, GATHER_MS);
    },
    async stop() {
      isStopped = true;
      for (const watch of watches.values()) watch.forget();
      await Promise.all(telling);
      await Promise.all([...watches.values()].map(tell));
    },
  };
}

async function tellUses({ store, clock, log }: HoneypotInput, first: HoneypotUse, uses: number) {
  const { id: keyId, name: keyName, workspaceId, preview } = first.key;
  const address = first.address ?? '';
  const userAgent = (first.userAgent ?? '').slice(0, MAX_USER_AGENT);
  const alert = { workspaceId, keyId, keyName, preview, address, userAgent, uses } as const;
  await store.write([putSecurityAlert(store, { topic: 'security.honeypot', ...alert, at: clock.now() })]);
  log.warn({ ...alert, firstAt: new Date(first.atMs).toISOString() }, 'a honeypot key was used');
}
