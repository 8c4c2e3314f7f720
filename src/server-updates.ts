/** Live updates of this process: what they read, and which places of health are whose. */
import type { LiveHub } from './admin/deps-live.ts';
import { createLiveHub } from './admin/live-hub.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import type { Live } from './server-live.ts';
import { reachOf } from './server-reach.ts';
import type { Store } from './store/store.ts';
import { hasPlace } from './upstream/credentials.ts';

export interface UpdatesInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Live;
  /** Calls back when events of the audit can be read. */
  onLinked(listener: () => void): () => void;
}

export function openUpdates({ store, clock, log, live, onLinked }: UpdatesInput): LiveHub {
  const hub = createLiveHub({
    ...{ store, clock, log },
    sees(workspaceId, { provider: name, credential }) {
      const { providers } = reachOf(live.declared().reaches, { workspaceId }).configured;
      const provider = providers.get(name);
      // Of the same name another workspace may have one, with credentials of its own.
      return provider !== undefined && hasPlace(provider, credential);
    },
    wait(delayMs, run) {
      const timer = setTimeout(run, delayMs).unref();
      return () => clearTimeout(timer);
    },
  });
  const stopListening = onLinked(hub.stir);
  return {
    ...hub,
    stop() {
      stopListening();
      return hub.stop();
    },
  };
}
