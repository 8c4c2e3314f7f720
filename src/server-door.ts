/** What the door of the data plane notes, written down off the road: when keys were last used, and who tried a honeypot. */
import { parseProxy, type TrustedProxies } from './base/client-address.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import type { Door } from './gateway/let-in.ts';
import { touchKeys } from './registry/keys.ts';
import { openHoneypots } from './server-honeypots.ts';
import type { Store } from './store/store.ts';

export interface DoorInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** As the files have them by now: addresses and ranges. */
  trustedProxies(): readonly string[];
}

export interface KeptDoor {
  readonly door: Door;
  /** Writes what is left. Before the store is closed. */
  stop(): Promise<void>;
}

/** How often it is written down when keys were last used: a fact for people, not worth a write per request. */
const KEY_USE_MS = 60_000;

export function openDoor({ store, clock, log, trustedProxies }: DoorInput): KeptDoor {
  const keyUse: Door['keyUse'] = new Map();
  const honeypots = openHoneypots({ store, clock, log, wait: systemWait });
  const write = async (): Promise<void> => {
    const used = new Map(keyUse);
    keyUse.clear();
    try {
      await touchKeys(store, used);
    } catch (error) {
      log.warn({ error: String(error) }, 'when keys were last used could not be written');
    }
  };
  const timer = setInterval(() => void write(), KEY_USE_MS).unref();
  return {
    door: { keyUse, trustedProxies: parseOnce(trustedProxies), noteHoneypot: honeypots.note },
    async stop() {
      clearInterval(timer);
      await Promise.all([write(), honeypots.stop()]);
    },
  };
}

/** Anew only when the files were read anew. */
function parseOnce(current: () => readonly string[]): () => TrustedProxies {
  let parsed: { readonly of: readonly string[]; readonly proxies: TrustedProxies } | undefined;
  return () => {
    const texts = current();
    if (parsed?.of !== texts) {
      parsed = { of: texts, proxies: texts.map(parseProxy).filter((one) => one !== undefined) };
    }
    return parsed.proxies;
  };
}

function systemWait(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
