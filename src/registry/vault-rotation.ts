/**
 * One master key in the place of another, while traffic goes on: first the database says that the new one seals, then
 * the data keys of all rows are sealed anew, some at a time. Whoever is interrupted goes on where he was: what is left
 * to do stands in the rows themselves.
 */
import type { Selectable } from 'kysely';
import type { CredentialsTable } from '../store/schema-credentials.ts';
import type { Store } from '../store/store.ts';
import type { Random } from './seal-bytes.ts';
import { settingQuery } from './settings.ts';
import type { Belonging, Vault } from './vault.ts';
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
  readonly after: string | undefined;
  readonly moved: number;
  /** Rows that no key at hand opens: they stay as they are. */
  readonly stuck: number;
}

/** Seals the data keys of the next `limit` rows with `to`. @param after the last row looked at, or '' */
export function rewrapRows(
  store: Store,
  vault: Vault,
  to: VaultKey,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<RewrappedRows> {
  return inVaultTurn(store, async () => {
    const rows = await rowsOfOthers(store, to, after, limit);
    const rewrapped = rows.map((row) => ({ row, result: vault.rewrap(row.sealed, belongingOf(row), to) }));
    const updates = rewrapped.flatMap(({ row, result }) => {
      if (!result.ok) return [];
      const update = store.kysely.updateTable('credentials').set({ sealed: result.sealed });
      // As it was read: what came in between is newer.
      return [update.where('id', '=', row.id).where('sealed', '=', row.sealed)];
    });
    // No revision: what traffic reads is the same.
    if (updates.length > 0) await store.write(updates);
    return {
      after: rows.length < limit ? undefined : rows.at(-1)!.id,
      moved: updates.length,
      stuck: rows.length - updates.length,
    };
  });
}

/** Nothing opens with the former key any more, but rows that nothing opens. */
export function endRotation(store: Store, to: VaultKey, nowMs: number): Promise<void> {
  return inVaultTurn(store, async () => {
    const { rotation } = await readVaultFacts(store);
    if (rotation?.to !== to.name || rotation.endedAtMs !== undefined) return;
    const recovery = await readRecovery(store);
    await store.write([
      rotationQuery(store, { ...rotation, endedAtMs: nowMs }),
      ...(recovery && isVouchedFor(recovery, to) ? [recoveryQuery(store, keepInRecovery(recovery, to))] : []),
    ]);
  });
}

/** In the order of their ids, those that another key than `to` has sealed, and those of the first version. */
function rowsOfOthers(
  store: Store,
  to: VaultKey,
  after: string,
  limit: number,
): Promise<Selectable<CredentialsTable>[]> {
  return store.kysely
    .selectFrom('credentials')
    .selectAll()
    .where('sealed', 'not like', `v2.${to.name}.%`)
    .where('id', '>', after as CredentialsTable['id'])
    .orderBy('id')
    .limit(limit)
    .execute();
}

function belongingOf(row: Selectable<CredentialsTable>): Belonging {
  return {
    workspaceId: row.workspace_id,
    memberId: row.member_id ?? undefined,
    provider: row.provider,
    credentialId: row.id,
  };
}
