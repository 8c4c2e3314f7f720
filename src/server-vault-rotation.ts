/** Brings a change of master keys to its end, a few rows at a time, so that saves and traffic go on between. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import type { Vault } from './registry/vault.ts';
import type { VaultKey } from './registry/vault-key.ts';
import { endRotation, FIRST_PLACE, type Place, rewrapRows } from './registry/vault-rotation.ts';
import type { Store } from './store/store.ts';

export interface RotationInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Some milliseconds of work for one transaction, so that nobody waits long for his turn. */
const ROWS_AT_ONCE = 20;
/** Between two transactions: what else wants to write gets its turn. */
const PAUSE_MS = 10;

/** @returns false = it was stopped, and goes on at the next start */
export async function finishRotation(
  { store, clock, log }: RotationInput,
  vault: Vault,
  to: VaultKey,
  isStopped: () => boolean,
): Promise<boolean> {
  let moved = 0;
  let stuck = 0;
  for (let after: Place | undefined = FIRST_PLACE; after; ) {
    if (isStopped()) return false;
    const done = await rewrapRows(store, vault, to, { after, limit: ROWS_AT_ONCE });
    moved += done.moved;
    stuck += done.stuck;
    after = done.after;
    if (after) await pause(PAUSE_MS);
  }
  await endRotation(store, to, clock.now());
  if (stuck > 0)
    log.error(
      { event: 'vault_integrity', credentials: stuck },
      'credentials could not be taken over: no key opens them',
    );
  log.info({ key: to.name, credentials: moved }, 'the master key of the vault has taken over');
  return true;
}
