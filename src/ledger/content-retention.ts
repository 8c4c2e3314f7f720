/** Contents that were kept for long enough are taken away, each workspace's by its own time. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { removeContents, workspacesWithContents } from './contents.ts';
import { DAY_MS } from './rollup.ts';

export interface ContentRetentionOptions {
  readonly store: Store;
  /** For how long a workspace has them kept; 0 = no longer at all. */
  daysOf(workspaceId: WorkspaceId): Promise<number>;
  readonly nowMs: number;
  /** Waits between two chunks. */
  readonly pause: () => Promise<void>;
  /** It ends after the chunk under way. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Rows of one transaction: up to some megabytes. */
const CHUNK = 100;

/** How many are gone. What a clock that went backwards calls new stays. */
export async function sweepContents(options: ContentRetentionOptions): Promise<number> {
  const { store, nowMs, pause, signal, log } = options;
  let removed = 0;
  for (const workspaceId of await workspacesWithContents(store)) {
    const beforeMs = nowMs - (await options.daysOf(workspaceId)) * DAY_MS;
    for (let count = CHUNK; count === CHUNK && !signal.aborted; removed += count) {
      count = await removeContents(store, { workspaceId, beforeMs }, CHUNK);
      if (count === CHUNK) await pause();
    }
  }
  if (removed > 0) log.info({ exchanges: removed }, 'contents that were kept for long enough are removed');
  return removed;
}
