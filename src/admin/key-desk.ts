/** The desk for virtual keys on top of the registry: one workspace, ids only. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { createKey, listKeys, revokeKey } from '../registry/keys.ts';
import type { Store } from '../store/store.ts';
import type { KeyDesk } from './deps.ts';

/** `random` gives that many unpredictable bytes. */
export function createKeyDesk(
  store: Store,
  workspaceId: WorkspaceId,
  clock: Clock,
  random: (bytes: number) => Uint8Array,
): KeyDesk {
  return {
    list: () => listKeys(store, workspaceId),
    create: (wanted) => createKey(store, { ...wanted, workspaceId }, clock.now(), random),
    async revoke(id) {
      // The registry also takes names and beginnings; a path of the API means one key exactly.
      const keys = await listKeys(store, workspaceId);
      if (!keys.some((key) => key.id === id)) return undefined;
      const revoked = await revokeKey(store, id, clock.now(), workspaceId);
      return revoked.kind === 'revoked' ? revoked.key : undefined;
    },
  };
}
