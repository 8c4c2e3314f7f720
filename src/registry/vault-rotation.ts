/**
 * One master key in the place of another, while traffic goes on: first the database says that the new one seals, then
 * the data keys of all rows are sealed anew, some at a time. Whoever is interrupted goes on where he was: what is left
 * to do stands in the rows themselves.
 */
import type { Store } from '../store/store.ts';
import type { Random } from './seal-bytes.ts';
import { type SealedRow, sealedTables } from './sealed-rows.ts';
import { settingQuery } from './settings.ts';
import type { Vault } from './vault.ts';
import type { VaultKey } from './vault-key.ts';
import {
  addToRecovery,
  isVouchedFor,
  keepInRecovery,
  type RecoveryRecord,
  readRecovery,
  recoveryQuery,
} from './vault-recovery.ts';
import { CHECK_SETTING, judgeFacts, readVaultFacts, rotationQuery } from './vault-state.ts';
import { inVaultTurn } from './vault-turn.ts';

export type BegunRotation =
  | {
      readonly kind: 'done';
      /** False = what the database said of the recovery key was changed; it does not open with the new key. */
      readonly isRecoveryKept: boolean;
    }
  /** The key seals already. */
  | { readonly kind: 'same' }
  /** What the database holds does not open with the keys at hand. */
  | { readonly kind: 'closed' };

/** From here on `to` seals. Rows stay as they are; all keys are needed until `rewrapRows` is through. */
export function beginRotation(
  store: Store,
  vault: Vault,
  to: VaultKey,
  { nowMs, random }: { readonly nowMs: number; readonly random: Random },
): Promise<BegunRotation> {
  return inVaultTurn(store, async () => {
    const standing = judgeFacts(await readVaultFacts(store), vault);
    if (standing.kind === 'missing' || standing.kind === 'other' || standing.kind === 'partly')
      return { kind: 'closed' };
    const from = standing.kind === 'fits' ? standing.key : undefined;
    if (from?.name === to.name) return { kind: 'same' };
    const recovery = await readRecovery(store);
    const isRecoveryKept = recovery !== undefined && from !== undefined && isVouchedFor(recovery, from);
    await store.write([
      settingQuery(store, CHECK_SETTING, to.check),
      rotationQuery(store, { from: from?.name ?? '', to: to.name, startedAtMs: nowMs }),
      ...(isRecoveryKept ? [recoveryQuery(store, addToRecovery(recovery, to, random))] : []),
    ]);
    return { kind: 'done', isRecoveryKept: recovery === undefined || isRecoveryKept };
  });
}

/**
 * As `beginRotation`, where the key that seals by now is lost.
 * @param from name of the key that was recovered
 */
export function beginRecovery(
  store: Store,
  { from, to, record }: { readonly from: string; readonly to: VaultKey; readonly record: RecoveryRecord },
  { nowMs, random }: { readonly nowMs: number; readonly random: Random },
): Promise<void> {
  return inVaultTurn(store, async () => {
    await store.write([
      settingQuery(store, CHECK_SETTING, to.check),
      rotationQuery(store, { from, to: to.name, startedAtMs: nowMs }),
      recoveryQuery(store, addToRecovery(record, to, random)),
    ]);
  });
}

/** What some rows came to. */
export interface RewrappedRows {
  /** Where to go on; undefined = there are no more. */
  readonly after: Place | undefined;
  readonly moved: number;
  /** Rows that no key at hand opens: they stay as they are. */
  readonly stuck: number;
}

/** How far it was looked through. */
export interface Place {
  /** Of the tables with something sealed. */
  readonly table: number;
  /** The last row that was looked at. */
  readonly id: string;
}

export const FIRST_PLACE: Place = { table: 0, id: '' };

/** Seals the data keys of the next `limit` rows with `to`. */
export function rewrapRows(
  store: Store,
  vault: Vault,
  to: VaultKey,
  { after, limit }: { readonly after: Place; readonly limit: number },
): Promise<RewrappedRows> {
  return inVaultTurn(store, async () => {
    const table = sealedTables[after.table];
    if (!table) return { after: undefined, moved: 0, stuck: 0 };
    const rows = await table.othersThan(store, to, after.id, limit);
    const updates = rows.flatMap((row) => {
      const result = vault.rewrap(row.sealed, row.belonging, to);
      return result.ok ? [table.replace(store, row, result.sealed)] : [];
    });
    // No revision: what traffic reads is the same.
    if (updates.length > 0) await store.write(updates);
    return {
      after: placeAfter(after, rows.length < limit ? undefined : rows.at(-1)),
      moved: updates.length,
      stuck: rows.length - updates.length,
    };
  });
}

function placeAfter({ table }: Place, last: SealedRow | undefined): Place | undefined {
  if (last) return { table, id: last.id };
  return table + 1 < sealedTables.length ? { table: table + 1, id: '' } : undefined;
}

/**
 * Takes out what none of the keys at hand opens, as the key that sealed it is lost; how many rows. Cannot be undone.
 * The vault is as if it had never held them: where nothing is left, any key will do.
 */
export function forgetUnreadable(store: Store, vault: Vault | undefined): Promise<number> {
  return inVaultTurn(store, async () => {
    const all = await Promise.all(
      sealedTables.map(async (table) => {
        const rows = await table.othersThan(store, NO_KEY, '', Number.MAX_SAFE_INTEGER);
        return rows
          .filter((row) => !vault?.open(row.sealed, row.belonging).ok)
          .map((row) => table.remove(store, row));
      }),
    );
    const removals = all.flat();
    if (removals.length > 0) await store.change(removals);
    return removals.length;
  });
}

/** No row says that it has sealed it. */
const NO_KEY = { name: 'none' } as VaultKey;

/** Nothing opens with the former key any more, but rows that nothing opens. */
export function endRotation(store: Store, to: VaultKey, nowMs: number): Promise<void> {
  return inVaultTurn(store, async () => {
    const { rotation, check } = await readVaultFacts(store);
    // Another key may have begun meanwhile; or all was removed meanwhile, and this one was begun with anew.
    if (!rotation || rotation.endedAtMs !== undefined || check !== to.check) return;
    const recovery = await readRecovery(store);
    await store.write([
      rotationQuery(store, { ...rotation, to: to.name, endedAtMs: nowMs }),
      ...(recovery && isVouchedFor(recovery, to) ? [recoveryQuery(store, keepInRecovery(recovery, to))] : []),
    ]);
  });
}
